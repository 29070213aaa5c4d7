"""What the reader's templates say: dates and numbers as the newspaper prints them, photos, stories in lists."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail.rich_text import expand_db_html

from column.coverage.models import Criterion
from column.coverage.selection import Selection
from column.enums import Family
from column.figures.models import ReportedFigure
from column.photos.models import Picture
from column.photos.shapes import SHAPES, renditions
from column.stories.models import ColumnPage, Story
from column.tallies.published.rules import signed as change_words
from column.text import dates
from home import front
from home.models import Masthead
from home.reading import Reading, reading, structured_data

register = template.Library()

_NUMERIC = re.compile(r"[-−+]?\d[\d.,/]*(\s?%)?")


@register.filter
def day(value: date | None) -> str:
    """16/02/2017."""
    return dates.format_day(value) if value else ""


@register.filter
def day_long(value: date | None) -> str:
    """Thứ Năm, 16/02/2017."""
    return dates.format_day_long(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """14:12, 16/02/2017 (GMT+7)."""
    return dates.format_moment(value) if value else ""


@register.filter
def number(value: float | Decimal | None) -> str:
    """1.234; empty for None."""
    return "" if value is None else dates.format_number(value)


@register.filter
def signed(value: int | None) -> str:
    """+3; −1 (a real minus sign); 0."""
    return "" if value is None else change_words(value)


@register.filter
def month_name(value: int) -> str:
    """tháng 2."""
    return f"tháng {value}"


@register.simple_tag
def today() -> date:
    """Đà Nẵng's date; a cached page lives no longer than its day (home/pagecache.py)."""
    return timezone.localdate()


@register.simple_tag
def figures_of(chosen: Selection) -> dict[str, Any]:
    """How many figures the chosen stories report, and where they stand (one query)."""
    stories = chosen.stories().order_by().values("pk")
    return {
        "number": ReportedFigure.objects.filter(story__in=stories).count(),
        "url": chosen.filter.url(reverse("figures")),
    }


@register.simple_tag
def front_page() -> front.Front:
    return front.front_page()


@register.simple_tag
def column_archive(column: ColumnPage, year: int | None, month: int | None, page: str | None) -> front.Archive:
    return front.archive(column, year, month, page)


@register.simple_tag
def numeric_columns(rows: list[list[str | None]]) -> set[int]:
    """The columns of a table whose filled cells are all numbers as Vietnamese prints them (“1.234”, “6,5 %”, “−3”)."""
    width = max((len(row) for row in rows), default=0)
    columns = [[cell.strip() for row in rows if (cell := (row[at : at + 1] or [None])[0])] for at in range(width)]
    return {at for at, cells in enumerate(columns) if cells and all(_NUMERIC.fullmatch(cell) for cell in cells)}


@register.simple_tag(takes_context=True)
def reading_of(context: template.Context, story: Story) -> Reading:
    """What the story's page shows; gathered once, though the head and the body of the page both ask."""
    if not hasattr(story, "shown"):
        story.shown = reading(story, context.get("request"))
    shown: Reading = story.shown
    return shown


@register.simple_tag(takes_context=True)
def news_article_data(context: template.Context, shown: Reading, masthead: Masthead) -> SafeString:
    """JSON-LD for the story's head."""
    request: HttpRequest = context["request"]
    address = shown.story.get_full_url(request) or request.build_absolute_uri(request.path)
    return structured_data(shown, masthead, address, request.build_absolute_uri(static("site/icons/share.png")))


@register.simple_tag
def photo(picture: Picture | None, shape: str = "story", *, eager: bool = False, alt: str | None = None) -> str:
    """An ``img`` with its dimensions, its widths and its alternative text; nothing when there is no readable photo.

    ``eager`` is for the one photo that a page opens with; ``alt`` replaces the photo's own (pass "" where the photo
    only accompanies a link whose words already say it).
    """
    made = renditions(picture, shape) if picture is not None else []
    if picture is None or not made:
        return ""
    tall = SafeString(' class="is-tall"') if made[-1].height > made[-1].width else ""
    default = next((one for one in made if one.width >= 720), made[-1])
    srcset = ", ".join(f"{one.url} {one.width}w" for one in made)
    loading = 'fetchpriority="high" decoding="async"' if eager else 'loading="lazy" decoding="async"'
    return format_html(
        '<img src="{}" srcset="{}" sizes="{}" width="{}" height="{}" alt="{}"{} {}>',
        default.url, srcset, SHAPES[shape].sizes, default.width, default.height,
        picture.default_alt_text if alt is None else alt, tall, SafeString(loading),
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def paragraph(context: template.Context, value: Any) -> SafeString:
    """A rich-text paragraph; its links were looked up together with all the story's."""
    shown = context.get("shown")
    if isinstance(shown, Reading) and value.source in shown.paragraphs:
        return shown.paragraphs[value.source]
    return SafeString(expand_db_html(value.source))


@register.simple_tag(takes_context=True)
def linked_stories(context: template.Context, pages: Any) -> list[Story]:
    """Of the stories that a block chose, those that the reader may see, in the block's order."""
    shown = context.get("shown")
    if not isinstance(shown, Reading):
        return []
    return [shown.linked[page.pk] for page in pages if page and page.pk in shown.linked]


@register.simple_tag
def criterion_name(criterion: Criterion) -> str:
    """The criterion with its verb and its shape: filled square for xây, open diamond for chống."""
    shape = {Family.BUILD: "criterion--build", Family.FIGHT: "criterion--fight"}.get(Family(criterion.family), "")
    return format_html('<span class="criterion {}">{}</span>', shape, criterion.label)


@register.inclusion_tag("site/story_item.html", takes_context=True)
def story_item(
    context: template.Context,
    story: Story,
    *,
    heading: str = "h3",
    text: str | None = None,
    photo: bool = True,
    kind: bool = True,
    date: bool = True,
) -> dict[str, Any]:
    """One story as a row of a list. ``text`` (escaped or safe) replaces the standfirst, e.g. a highlighted snippet."""
    return {
        "story": story, "heading": heading, "text": opening(story.standfirst) if text is None else text,
        "picture": getattr(story, "shown_photo", None) if photo else None, "kind": kind, "date": date,
        "request": context.get("request"),
    }  # fmt: skip


@register.inclusion_tag("site/story_card.html", takes_context=True)
def story_card(
    context: template.Context, story: Story, *, heading: str = "h3", with_kind: bool = True
) -> dict[str, Any]:
    """One story as a card of a grid."""
    return {
        "story": story, "heading": heading, "picture": getattr(story, "shown_photo", None), "with_kind": with_kind,
        "request": context.get("request"),
    }  # fmt: skip


@register.filter
def opening(text: str, limit: int = 220) -> str:
    """The first sentence, or as many whole words as fit into *limit* characters, with an ellipsis."""
    text = " ".join(text.split())
    end = min((at + 1 for mark in (". ", "! ", "? ") if (at := text.find(mark, 40)) >= 0), default=len(text))
    if end <= limit:
        return text[:end]
    return text[:limit].rsplit(" ", 1)[0].rstrip(",;:") + " …"


#: Address, words, and a class for those that a phone does without.
SECTIONS = (
    ("/", _("Trang nhất"), "is-home"),
    ("/5-xay-3-chong/", _("Chuyên mục"), ""),
    ("/don-vi/", _("Cơ quan, đơn vị"), ""),
    ("/tieu-chi/", _("Tiêu chí"), ""),
    ("/tim-kiem/", _("Tìm kiếm"), "is-search"),
)


@register.inclusion_tag("site/nav.html", takes_context=True)
def site_nav(context: template.Context) -> dict[str, Any]:
    """The site's sections; the one that the reader is in is marked."""
    request = context.get("request")
    path = request.path if request else ""
    links = []
    for address, words, hint in SECTIONS:
        inside = path == address if address == "/" else path.startswith(address)
        current = ("page" if path == address else "true") if inside else ""
        links.append({"url": address, "words": words, "hint": hint, "current": current})
    return {"links": links}


@register.inclusion_tag("site/pagination.html", takes_context=True)
def pagination(context: template.Context, leaf: Any, key: str = "trang") -> dict[str, Any]:
    """Links to the pages of a list (a Django paginator's page), keeping the rest of the address."""
    request: HttpRequest | None = context.get("request")
    query = request.GET.copy() if request else None
    links: list[dict[str, Any]] = []

    def address(page: int) -> str:
        if query is None:
            return f"?{key}={page}"
        if page == 1:
            query.pop(key, None)
        else:
            query[key] = str(page)
        return f"?{query.urlencode()}" if query else "./"

    for page in leaf.paginator.get_elided_page_range(leaf.number, on_each_side=1, on_ends=1):
        is_number = isinstance(page, int)
        links.append({"page": page, "url": address(page) if is_number else "", "current": page == leaf.number})
    return {
        "leaf": leaf,
        "links": links if leaf.paginator.num_pages > 1 else [],
        "previous": address(leaf.number - 1) if leaf.has_previous() else "",
        "next": address(leaf.number + 1) if leaf.has_next() else "",
    }
