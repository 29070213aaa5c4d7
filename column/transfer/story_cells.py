"""A story as a row of the archive: what the import reads back to the same story."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from html import escape
from typing import Any

from wagtail.contrib.redirects.models import Redirect

from column.coverage.models import Coverage, StoryDocument
from column.enums import CoverageRole, CreditRole, DocumentRelation, Kind, Tone
from column.photos.models import Picture
from column.stories.models import BylineCredit, Correction, Story, StoryPhoto
from column.text.dates import format_day, local
from column.transfer.body import Block, PhotoRef, settled
from column.transfer.bylines import format_byline
from column.transfer.columns import COLUMNS, join_list
from column.transfer.photo_files import suffix_of
from column.transfer.writing import EXPORTED

_PAGE_LINK = re.compile(r'<a\b[^>]*\blinktype="page"[^>]*>')
_PAGE_ID = re.compile(r'\bid="(\d+)"')


def export_name(picture: Picture) -> str:
    """The name of a photo's file in an archive: from its bytes and what is said of it, so the same everywhere.

    Empty when the file is lost.
    """
    try:
        with picture.open_file() as file:
            suffix = suffix_of(file.read(16))
        content = picture.get_file_hash()
    except OSError:
        return ""
    said = "\0".join([
        content, picture.credit, picture.alt_text, picture.rights, picture.place, picture.people,
        picture.taken_at.isoformat() if picture.taken_at else "",
    ])  # fmt: skip
    return f"{hashlib.sha256(said.encode()).hexdigest()[:16]}{suffix}"


@dataclass
class Archivist:
    """Turns stories into rows, a batch at a time with a constant number of queries."""

    hosts: Sequence[str]
    default_time: time
    #: Photos met so far, by the name that they have in the archive.
    photos: dict[str, int] = field(default_factory=dict)
    #: Titles of stories that show a photo whose file is lost.
    lost: list[str] = field(default_factory=list)
    _names: dict[int, str] = field(default_factory=dict)

    def rows(self, stories: Sequence[Story]) -> Iterator[dict[str, str]]:
        """The cells of these stories, empty ones left out. Each with its whole body."""
        beside = _Beside(stories)
        for story in stories:
            yield _Row(self, beside, story).cells()

    def name_of(self, picture: Picture) -> str:
        if picture.pk not in self._names:
            self._names[picture.pk] = export_name(picture)
            if self._names[picture.pk]:
                self.photos.setdefault(self._names[picture.pk], picture.pk)
        return self._names[picture.pk]


def external_name(story: Story) -> str:
    """The id of a story in an archive: the old system's, else its own number."""
    return story.external_id or f"{EXPORTED}{story.public_id}"


class _Beside:
    """What stands beside the stories of one batch, read at once."""

    def __init__(self, stories: Sequence[Story]) -> None:
        keys = [story.pk for story in stories]
        self.credits = _grouped(
            BylineCredit.objects.filter(story__in=keys).select_related("byline").order_by("sort_order", "pk")
        )
        self.coverage = _grouped(
            Coverage.objects.filter(story__in=keys).select_related("department", "criterion").order_by("pk")
        )
        self.documents = _grouped(
            StoryDocument.objects.filter(story__in=keys).select_related("document").order_by("pk")
        )
        self.corrections = _grouped(Correction.objects.filter(story__in=keys).order_by("made_at", "pk"))
        self.own_photos = _grouped(
            StoryPhoto.objects.filter(story__in=keys).select_related("image").order_by("sort_order", "pk")
        )
        self.old_paths: dict[int, list[str]] = defaultdict(list)
        redirects = Redirect.objects.filter(redirect_page__in=keys, automatically_created=False, site=None)
        for page, path in redirects.order_by("old_path").values_list("redirect_page", "old_path"):
            self.old_paths[page].append(path)
        shown = {key for story in stories for key in _photo_keys(story.body.raw_data)}
        shown.update(story.lead_photo_id for story in stories if story.lead_photo_id)
        self.pictures = Picture.objects.in_bulk(shown)
        named = {key for story in stories for key in _story_keys(story.body.raw_data)}
        self.stories = {
            story.pk: external_name(story)
            for story in Story.objects.filter(pk__in=named).only("pk", "external_id", "public_id")
        }


class _Row:
    def __init__(self, archivist: Archivist, beside: _Beside, story: Story) -> None:
        self.archivist, self.beside, self.story = archivist, beside, story
        #: The photos of the body: name, picture, and how the body first shows it.
        self.placed: dict[str, tuple[Picture, str]] = {}

    def cells(self) -> dict[str, str]:
        story = self.story
        body = self._body()
        coverage = sorted(self.beside.coverage[story.pk], key=lambda row: row.department_id is None)
        cells = {
            "external_id": external_name(story), "kind": str(story.kind), "title": story.title,
            "standfirst": story.standfirst, "body": body,
            "byline": format_byline(
                (credit.byline.name, CreditRole(credit.role)) for credit in self.beside.credits[story.pk]
            ),
            "published_at": self._published_at(), "source_url": self._addresses(),
            "issue_date": format_day(story.issue_date) if story.issue_date else "",
            "departments": join_list(_covered(row) for row in coverage if row.department),
            "criteria": join_list(_covered(row) for row in coverage if not row.department),
            "evidence": join_list(row.evidence for row in coverage),
            "number": str(story.public_id), "kicker": story.kicker, "kicker_printed": story.kicker_printed,
            "source_name": story.source_name, "print_issue": story.print_issue, "print_page": story.print_page,
            "documents": join_list(_linked(link) for link in self.beside.documents[story.pk]),
            "corrections": join_list(
                f"{note.kind} @ {local(note.made_at).isoformat()} = {note.text}"
                for note in self.beside.corrections[story.pk]
            ),
            **self._photo_cells(),
        }  # fmt: skip
        return {name: cells[name] for name in COLUMNS if cells[name]}

    def _published_at(self) -> str:
        story = self.story
        shown = story.shown_at
        if shown is None:
            return ""
        there = local(shown)
        if story.printed_at is None and story.from_archive and there.time() == self.archivist.default_time:
            # Only the day was ever known.
            return format_day(there.date())
        return there.isoformat()

    def _addresses(self) -> str:
        own = [f"https://{self.archivist.hosts[0]}{path}" for path in self.beside.old_paths[self.story.pk]]
        return join_list([*own, *filter(None, [self.story.source_url])])

    # Photos -----------------------------------------------------------------------------------------------------------

    def _photo_cells(self) -> dict[str, str]:
        shown: list[tuple[str, Picture | None, str]] = []
        own: Iterable[tuple[Picture, str]] = []
        if self.story.kind == Kind.PHOTO:
            own = [(row.image, row.caption) for row in self.beside.own_photos[self.story.pk]]
        elif self.story.lead_photo_id in self.beside.pictures:
            own = [(self.beside.pictures[self.story.lead_photo_id], self.story.lead_caption)]
        for picture, caption in own:
            if name := self._named(picture):
                shown.append((name, picture, caption or picture.caption))
        if self.placed:
            shown.append(("", None, ""))
            shown += [(name, picture, caption) for name, (picture, caption) in self.placed.items()]
        pictures = [picture for _name, picture, _caption in shown]
        return {
            "photos": join_list(name for name, _picture, _caption in shown),
            "captions": join_list(caption for _name, _picture, caption in shown),
            "credits": join_list(picture.credit if picture else "" for picture in pictures),
            "alts": join_list(picture.alt_text if picture else "" for picture in pictures),
            "rights": join_list(str(picture.rights) if picture else "" for picture in pictures),
            "taken_at": join_list(_moment(picture.taken_at) if picture else "" for picture in pictures),
            "places": join_list(picture.place if picture else "" for picture in pictures),
            "people": join_list(picture.people if picture else "" for picture in pictures),
        }

    def _named(self, picture: Picture) -> str:
        name = self.archivist.name_of(picture)
        if not name:
            self.archivist.lost.append(self.story.title)
        return name

    def _photo(self, value: dict[str, Any]) -> PhotoRef | None:
        picture = self.beside.pictures.get(value.get("image") or 0)
        if picture is None or not (name := self._named(picture)):
            return None
        caption = " ".join((value.get("caption") or picture.caption).split())
        listed = self.placed.setdefault(name, (picture, caption))[1]
        return PhotoRef(name, "" if caption == listed else caption, value.get("credit") or "")

    # The body ---------------------------------------------------------------------------------------------------------

    def _body(self) -> str:
        blocks = [block for raw in self.story.body.raw_data if (block := self._block(raw)) is not None]
        return settled(blocks)

    def _block(self, raw: dict[str, Any]) -> Block | None:
        kind, value = raw["type"], raw["value"]
        if kind == "paragraph":
            return Block(kind, _PAGE_LINK.sub(self._link, value))
        if kind == "photo":
            ref = self._photo(value)
            return Block(kind, ref) if ref else None
        if kind == "gallery":
            refs = [ref for one in _items(value.get("photos")) if (ref := self._photo(one)) is not None]
            return Block(kind, refs) if refs else None
        if kind == "related":
            return Block(
                kind, [self.beside.stories[pk] for pk in _items(value.get("stories")) if pk in self.beside.stories]
            )
        return Block(kind, value)

    def _link(self, match: re.Match[str]) -> str:
        found = _PAGE_ID.search(match[0])
        name = self.beside.stories.get(int(found[1])) if found else None
        return f'<a data-story="{escape(name)}">' if name else "<a>"


def _grouped(rows: Any) -> dict[int, list[Any]]:
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.story_id].append(row)
    return groups


def _covered(row: Coverage) -> str:
    """``unit>criterion [role; tone]``, as the import reads it."""
    names = [*([row.department.code] if row.department else []), *([row.criterion.slug] if row.criterion else [])]
    marks = [str(CoverageRole.MENTIONED.label)] if row.role == CoverageRole.MENTIONED else []
    marks += [str(Tone(row.tone).label)] if row.tone else []
    return ">".join(names) + (f" [{'; '.join(marks)}]" if marks else "")


def _linked(link: StoryDocument) -> str:
    document = link.document
    day = f" ({format_day(document.issued_on)})" if document.issued_on else ""
    return f"{DocumentRelation(link.relation).label}: {document.number or document.title}{day}"


def _moment(moment: datetime | None) -> str:
    return local(moment).isoformat() if moment else ""


def _items(values: Iterable[Any] | None) -> list[Any]:
    """The values of a list block, in either stored form."""
    return [one["value"] if isinstance(one, dict) and "value" in one else one for one in values or []]


def _photo_keys(data: Iterable[dict[str, Any]]) -> Iterator[int]:
    for raw in data:
        if raw["type"] == "photo":
            yield raw["value"].get("image") or 0
        elif raw["type"] == "gallery":
            yield from (one.get("image") or 0 for one in _items(raw["value"].get("photos")))


def _story_keys(data: Iterable[dict[str, Any]]) -> Iterator[int]:
    for raw in data:
        if raw["type"] == "related":
            yield from (pk for pk in _items(raw["value"].get("stories")) if pk)
        elif raw["type"] == "paragraph" and 'linktype="page"' in raw["value"]:
            for match in _PAGE_LINK.finditer(raw["value"]):
                if found := _PAGE_ID.search(match[0]):
                    yield int(found[1])
