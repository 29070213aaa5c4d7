"""From stories to what the archive keeps of them: a constant number of queries for a batch."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any, NamedTuple

from wagtail.models import Page, PageViewRestriction

from column.coverage.models import Coverage, StoryDocument
from column.photos.models import Picture
from column.stories.models import BylineCredit, Story, StoryPhoto, StoryQuerySet
from column.text.dates import local
from column.text.normalize import nfc
from search.declarations import body_paragraphs, body_pictures

#: Longer stories are found by their first characters only; a novel is not news, and PostgreSQL's tsvector ends at 1 MB.
LONGEST = 200_000


class Description(NamedTuple):
    """What a story says, its live texts. *units*, *criteria*, *documents* and *bylines* are ids in ascending order.

    *public*: readers may see it. *draft_title* is the headline that editors see, *content_type* its concrete model's.
    """

    story_id: int
    kind: str
    day: date | None
    title: str
    text: str
    units: tuple[int, ...]
    criteria: tuple[int, ...]
    documents: tuple[int, ...]
    bylines: tuple[int, ...]
    photos: bool
    public: bool
    draft_title: str
    content_type: int

    @property
    def digest(self) -> str:
        """Of what the archive keeps."""
        return digest(self[:10])

    @property
    def admin_digest(self) -> str:
        """Of what the admin's search keeps."""
        return digest((self.title, self.text, self.draft_title))


def digest(values: tuple[object, ...]) -> str:
    """Thirty-two hex digits over *values*."""
    return hashlib.blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _pairs(rows: Iterable[tuple[int, Any]]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for story_id, value in rows:
        found[story_id].append(value)
    return found


def _captions(lead: dict[int, tuple[int, str]], bodies: dict[int, list[dict[str, Any]]]) -> dict[int, list[str]]:
    """Captions and credits of each story that shows photos; a story's own caption stands before the photo's."""
    shown: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for story_id, photo in lead.items():
        shown[story_id].append(photo)
    for story_id, blocks in bodies.items():
        shown[story_id].extend((picture, "") for picture, _caption in body_pictures(blocks))
    singles = StoryPhoto.objects.filter(story__in=bodies).order_by("story", "sort_order", "pk")
    for story_id, picture_id, caption in singles.values_list("story_id", "image_id", "caption"):
        shown[story_id].append((picture_id, caption))
    if not shown:
        return {}
    ids = {picture for photos in shown.values() for picture, _caption in photos}
    pictures = {
        pk: [caption, f"Ảnh: {credit}" if credit else ""]
        for pk, caption, credit in Picture.objects.filter(pk__in=ids).values_list("pk", "caption", "credit")
    }
    return {
        story_id: [line for pk, own in photos for line in (own, *pictures.get(pk, ()))]
        for story_id, photos in shown.items()
    }


def _hidden(paths: Iterable[str]) -> tuple[str, ...]:
    """Paths at and below which nothing is public: restricted pages, and, above *paths*, those that are not live."""
    step = Page.steplen
    above = {path[:-step] for path in paths}
    above |= {path[:end] for path in above for end in range(step, len(path), step)}
    # By key, not joined: where no restriction was ever made, SQLite would read every page to look for one.
    restricted = Page.objects.filter(pk__in=PageViewRestriction.objects.order_by().values("page"))
    unpublished = Page.objects.filter(path__in=above, live=False).order_by().values_list("path")
    return tuple(path for (path,) in restricted.order_by().values_list("path").union(unpublished, all=True))


def public(stories: StoryQuerySet) -> set[int]:
    """Of *stories* those that the archive has: live, and no page above is restricted or off the site. Two queries."""
    rows = list(stories.live().order_by().values_list("pk", "path"))
    hidden = _hidden(path for _pk, path in rows)
    return {pk for pk, path in rows if not path.startswith(hidden)}


def describe(ids: Collection[int]) -> list[Description]:
    """Describe those of the stories that exist. Eight queries whatever their number (at most 500)."""
    rows = list(
        Story.objects.filter(pk__in=ids).order_by().values_list(
            "pk", "kind", "issue_date", "first_published_at", "title", "kicker", "kicker_printed", "standfirst",
            "body", "lead_photo_id", "lead_caption", "live", "path", "draft_title", "content_type_id",
        )
    )  # fmt: skip
    hidden = _hidden(row[12] for row in rows)
    bodies = {row[0]: list(row[8].raw_data) for row in rows}
    credited = BylineCredit.objects.filter(story__in=bodies).order_by("story", "sort_order", "pk")
    bylines = _pairs(
        (story, (byline, name)) for story, byline, name in credited.values_list("story_id", "byline_id", "byline__name")
    )
    documents = _pairs(StoryDocument.objects.filter(story__in=bodies).order_by().values_list("story_id", "document_id"))
    captions = _captions({row[0]: (row[9], row[10]) for row in rows if row[9]}, bodies)
    units: dict[int, set[int]] = defaultdict(set)
    criteria: dict[int, set[int]] = defaultdict(set)
    covered = Coverage.objects.subjects().filter(story__in=bodies).order_by()
    for story_id, unit, criterion in covered.values_list("story_id", "department_id", "criterion_id"):
        if unit is not None:
            units[story_id].add(unit)
        if criterion is not None:
            criteria[story_id].add(criterion)
    described = []
    for pk, kind, day, first_published, title, kicker, printed, standfirst, *rest in rows:
        live, path, draft_title, of_type = rest[-4:]
        lines = [standfirst, *body_paragraphs(bodies[pk]), *captions.get(pk, ()), kicker, printed]
        lines.extend(name for _byline, name in bylines.get(pk, ()))
        text = "\n".join(line for raw in lines for part in raw.splitlines() if (line := part.strip()))
        described.append(
            Description(
                story_id=pk,
                kind=kind,
                day=day or (local(first_published).date() if first_published else None),
                title=nfc(title),
                text=nfc(text[:LONGEST]),
                units=tuple(sorted(units[pk])),
                criteria=tuple(sorted(criteria[pk])),
                documents=tuple(sorted(documents.get(pk, ()))),
                bylines=tuple(sorted({byline for byline, _name in bylines.get(pk, ())})),
                photos=bool(captions.get(pk)),
                public=live and not path.startswith(hidden),
                draft_title=nfc(draft_title),
                content_type=of_type,
            )
        )
    return described
