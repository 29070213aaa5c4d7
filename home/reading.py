"""Everything that a story's page shows, gathered in a constant number of queries."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from wagtail.rich_text import RichText, expand_db_html

from column.coverage.models import Coverage, Criterion, Document
from column.departments.models import Department
from column.enums import CreditRole, Kind
from column.figures.models import ReportedFigure
from column.photos.models import Picture
from column.photos.shapes import fetch_renditions, renditions
from column.stories.listing import listed
from column.stories.models import Correction, Photo, Story
from home.models import Masthead

RELATED = 4
#: Never part of stored rich text: the editor and the importer both drop comments.
_SEAM = "<!--seam-->"


@dataclass(frozen=True)
class Credit:
    """What was done, in print (“Bài và ảnh”; empty for plain text), and the names that did it."""

    role: str
    names: str


@dataclass(frozen=True)
class ShownPhoto:
    picture: Picture
    caption: str
    credit: str


@dataclass
class Reading:
    story: Story
    credits: list[Credit]
    corrections: list[Correction]
    departments: list[Department]
    criteria: list[Criterion]
    documents: list[Document]
    figures: list[ReportedFigure]
    lead: ShownPhoto | None
    photos: list[ShownPhoto]
    related: list[Story]
    linked: dict[int, Story]
    share_picture: str
    paragraphs: dict[str, SafeString] = field(default_factory=dict)

    @property
    def signature(self) -> str:
        """The byline as it stands under the text: “ĐOÀN LƯƠNG”, “Bài và ảnh: KIM LIÊN”."""
        return ". ".join(f"{credit.role}: {credit.names}" if credit.role else credit.names for credit in self.credits)


def reading(story: Story, request: HttpRequest | None = None) -> Reading:
    """Gather the page of one story (an Article, a NewsItem or a Photo, live or in preview)."""
    blocks = list(story.body)
    pictures = [value["image"] for value in _photo_values(blocks) if value["image"]]
    photos = _photos(story)
    pictures += [shown.picture for shown in photos]
    lead_picture = story.lead_photo or (photos[0].picture if photos else None)
    if lead_picture is not None:
        pictures.append(lead_picture)
    unique = list({id(picture): picture for picture in pictures}.values())
    fetch_renditions(unique, "story", "card", "share")

    rows = list(
        Coverage.objects.subjects()
        .filter(story=story.pk)
        .select_related("department", "criterion__group")
        .order_by("department__report_group", "department__sort_key", "criterion__group__order", "criterion__order")
    )
    departments = list({row.department_id: row.department for row in rows if row.department}.values())
    criteria = sorted(
        {row.criterion_id: row.criterion for row in rows if row.criterion}.values(),
        key=lambda criterion: (criterion.group.codebook_id, criterion.group.order, criterion.order),
    )
    chosen = [page.pk for block in blocks if block.block_type == "related" for page in block.value["stories"] if page]
    linked = {one.pk: one for one in listed(Story.objects.published().filter(pk__in=chosen), "thumb")} if chosen else {}
    return Reading(
        story=story,
        credits=_credits(story),
        corrections=list(story.corrections.all()),
        departments=departments,
        criteria=criteria,
        documents=list(Document.objects.filter(story_links__story=story.pk).order_by("story_links__pk")),
        figures=list(story.reported_figures.select_related("indicator")),
        lead=_lead(story),
        photos=photos,
        related=_related(story, departments, criteria),
        linked=linked,
        share_picture=_address(lead_picture, request),
        paragraphs=_paragraphs(blocks),
    )


def _photo_values(blocks: Iterable[Any]) -> Iterable[Any]:
    for block in blocks:
        if block.block_type == "photo":
            yield block.value
        elif block.block_type == "gallery":
            yield from block.value["photos"]


def _photos(story: Story) -> list[ShownPhoto]:
    if not isinstance(story, Photo):
        return []
    rows = story.photos.select_related("image")
    return [ShownPhoto(row.image, row.caption or row.image.caption, row.image.credit_line) for row in rows]


def _lead(story: Story) -> ShownPhoto | None:
    picture = story.lead_photo
    if picture is None:
        return None
    return ShownPhoto(picture, story.lead_caption or picture.caption, picture.credit_line)


def _credits(story: Story) -> list[Credit]:
    named: dict[str, list[str]] = {}
    for credit in story.byline_credits.select_related("byline"):
        named.setdefault(credit.role, []).append(credit.byline_name)
    return [
        Credit("" if role == CreditRole.TEXT else str(CreditRole(role).label), " – ".join(names))
        for role, names in named.items()
    ]


def _related(story: Story, departments: list[Department], criteria: list[Criterion]) -> list[Story]:
    """The newest other stories about the same units, else on the same criteria."""
    about: dict[str, Any] = {}
    if departments:
        about = {"department__in": [department.pk for department in departments]}
    elif criteria:
        about = {"criterion__in": [criterion.pk for criterion in criteria]}
    others = Story.objects.published().exclude(pk=story.pk).newest_first()
    if about:
        others = others.filter(pk__in=Coverage.objects.subjects().filter(**about).values("story"))
    else:
        others = others.filter(kind=Kind.ARTICLE)
    return listed(others[:RELATED], "card")


def _address(picture: Picture | None, request: HttpRequest | None) -> str:
    """The absolute address of what a shared link shows; empty without a request."""
    if request is None:
        return ""
    made = renditions(picture, "share") if picture is not None else []
    return request.build_absolute_uri(made[0].url if made else static("site/icons/share.png"))


def _paragraphs(blocks: Iterable[Any]) -> dict[str, SafeString]:
    """Stored rich text to HTML: all paragraphs at once, so that their links cost one query and not one each."""
    sources = [block.value.source for block in blocks if isinstance(block.value, RichText)]
    if not sources:
        return {}
    expanded = expand_db_html(_SEAM.join(sources)).split(_SEAM)
    return {source: mark_safe(html) for source, html in zip(sources, expanded, strict=True)}


def structured_data(shown: Reading, masthead: Masthead, address: str, logo: str) -> SafeString:
    """The story as schema.org NewsArticle, safe to stand inside a script element."""
    story = shown.story
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.headline[:110],
        "description": strip_tags(story.standfirst)[:300],
        "inLanguage": "vi",
        "mainEntityOfPage": address,
        "datePublished": story.shown_at.isoformat() if story.shown_at else None,
        "dateModified": story.last_published_at.isoformat() if story.last_published_at else None,
        "author": [{"@type": "Person", "name": name} for credit in shown.credits for name in credit.names.split(" – ")],
        "publisher": {"@type": "NewsMediaOrganization", "name": masthead.newspaper, "logo": logo},
        "image": [shown.share_picture] if shown.share_picture else [],
        "articleSection": "5 xây, 3 chống",
    }
    text = json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False)
    return mark_safe(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
