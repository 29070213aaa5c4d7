"""What versions of stories hold, read from the stored revisions: a constant number of queries for a whole list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.html import strip_tags
from wagtail.models import Revision

from column.coverage.models import Coverage
from column.photos.models import Picture
from column.schedule.models import Approval
from column.schedule.rules import Gaps, PhotoFacts, StoryFacts, missing_for_scheduling
from column.stories.models import Story

#: One use of a photo: its key, and the caption and credit written for this use.
Use = tuple[int, str, str]


def gaps_of(revisions: Sequence[Revision], *, approved: Iterable[int] | None = None) -> dict[int, Gaps]:
    """What each version lacks, by the revision's key. Five queries whatever their number.

    *approved* are the keys of revisions to take for approved; without it the approvals are looked up.
    """
    facts = facts_of(revisions, approved=approved)
    return {key: missing_for_scheduling(one) for key, one in facts.items()}


def facts_of(revisions: Sequence[Revision], *, approved: Iterable[int] | None = None) -> dict[int, StoryFacts]:
    """The facts of each version, by the revision's key.

    What belongs to the story (its kind, whether it came from the archive) is read from the story: a copy of an
    archive story carries the old words in its version, but is a new story.
    """
    uses = {revision.pk: list(_uses(revision.content)) for revision in revisions}
    pictures = Picture.objects.in_bulk({key for used in uses.values() for key, _caption, _credit in used})
    stories = Story.objects.only("kind", "from_archive").in_bulk({int(revision.object_id) for revision in revisions})
    covered = set(Coverage.objects.filter(story__in=stories).values_list("story_id", flat=True).distinct())
    if approved is None:
        approved = approved_revisions(revisions)
    return {
        revision.pk: _facts(
            stories[int(revision.object_id)],
            revision.content,
            [_photo(pictures[key], caption, credit) for key, caption, credit in uses[revision.pk] if key in pictures],
            approved=revision.pk in approved,
            covered=int(revision.object_id) in covered,
        )
        for revision in revisions
    }


def approved_revisions(revisions: Iterable[Revision]) -> set[int]:
    """The keys of those that were approved as they stand now.

    Wagtail's autosave overwrites the newest revision in place and renews its time: that is an edit after approval.
    """
    created = {revision.pk: revision.created_at for revision in revisions}
    rows = Approval.objects.filter(revision__in=created).values_list("revision_id", "approved_at")
    return {key for key, approved_at in rows if created[key] <= approved_at}


def _facts(
    story: Story, content: dict[str, Any], photos: list[PhotoFacts], *, approved: bool, covered: bool
) -> StoryFacts:
    return StoryFacts(
        kind=story.kind,
        has_headline=bool((content.get("title") or "").strip()),
        has_body=any(_has_text(block) for block in _blocks(content)),
        has_byline=bool(content.get("byline_credits")),
        approved=approved,
        from_archive=story.from_archive,
        photos=tuple(photos),
        has_lead_photo=bool(content.get("lead_photo")),
        has_coverage=covered,
    )


def _photo(picture: Picture, caption: str, credit: str) -> PhotoFacts:
    return PhotoFacts(
        title=picture.title,
        has_credit=bool(credit.strip() or picture.credit),
        has_rights=bool(picture.rights),
        has_caption=bool(caption.strip() or picture.caption),
        has_alt=bool(picture.alt_text or picture.is_decorative),
        from_archive=picture.from_archive,
    )


def _blocks(content: dict[str, Any]) -> list[dict[str, Any]]:
    """The body's blocks as stored; a revision keeps a stream as JSON within JSON."""
    body = content.get("body") or []
    return json.loads(body) if isinstance(body, str) else body


def _has_text(block: dict[str, Any]) -> bool:
    value = block.get("value")
    match block.get("type"):
        case "paragraph" | "subhead":
            return bool(strip_tags(str(value)).replace("\xa0", " ").strip())
        case "quote" | "number" if isinstance(value, dict):
            return bool(str(value.get("text") or "").strip())
        case "table" if isinstance(value, dict):
            return any(cell for row in value.get("data") or [] for cell in row)
    return False


def _uses(content: dict[str, Any]) -> Iterator[Use]:
    """Every photo that the version shows, in the order in which readers meet them."""
    if content.get("lead_photo"):
        yield content["lead_photo"], content.get("lead_caption") or "", ""
    for row in content.get("photos") or []:
        if row.get("image"):
            yield row["image"], row.get("caption") or "", ""
    for block in _blocks(content):
        value = block.get("value") or {}
        if block.get("type") == "photo":
            yield from _block_use(value)
        elif block.get("type") == "gallery":
            for item in value.get("photos") or []:
                # A list block's items carry their value inside, in the form stored since Wagtail 2.16.
                yield from _block_use(item.get("value", item) if isinstance(item, dict) else {})


def _block_use(value: dict[str, Any]) -> Iterator[Use]:
    if value.get("image"):
        yield value["image"], value.get("caption") or "", value.get("credit") or ""
