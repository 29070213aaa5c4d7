"""A unit turns out to be another one's duplicate: its rows become the other's, each with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from column.coverage.models import Coverage, CoverageChange, DismissedSuggestion
from column.coverage.recording.log import tell_log
from column.coverage.recording.rows import A_BATCH, Names, Row, as_row
from column.enums import ChangeAction, CoverageRole
from column.people.models import User
from column.signals import announce
from column.stories.models import Story

VIA_MERGE = "merge"


@dataclass(frozen=True, slots=True)
class Move:
    """What would move: rows, of which ``joined`` meet a row of the other unit in the same story; and stories."""

    rows: int
    joined: int
    stories: int


def moves_of(old: int, new: int) -> Move:
    """What :func:`move_unit` would do (three queries)."""
    mine = Coverage.objects.filter(department=old)
    theirs = Coverage.objects.filter(department=new)
    taken = set(
        theirs.filter(story__in=mine.order_by().values("story")).order_by().values_list("story_id", "criterion_id")
    )
    pairs = list(mine.order_by().values_list("story_id", "criterion_id"))
    return Move(len(pairs), sum(1 for pair in pairs if pair in taken), len({story for story, _criterion in pairs}))


@transaction.atomic
def move_unit(old: int, new: int, *, user: User | None, at: datetime) -> Move:
    """Put every row of ``old`` under ``new``; keys of units. Queries grow with batches of 2,000 stories.

    A row stays the same row, with its passage, its person and its time. Where the story has that row of ``new``
    already, that one stays and the other goes: it takes over the passage where it had none, and it is about the unit
    when either was. The dismissed suggestions follow.
    """
    names = Names()
    stories = list(Coverage.objects.filter(department=old).order_by("story").values_list("story", flat=True).distinct())
    rows = joined = 0
    for start in range(0, len(stories), A_BATCH):
        chunk = stories[start : start + A_BATCH]
        list(Story.objects.select_for_update().filter(pk__in=chunk).order_by("pk").values_list("pk"))
        some, met = _move(chunk, old, new, names, user, at)
        rows, joined = rows + some, joined + met
        announce(chunk)
    for one in DismissedSuggestion.objects.filter(department=old):
        DismissedSuggestion.objects.get_or_create(
            story_id=one.story_id, department_id=new,
            defaults={"dismissed_by": one.dismissed_by, "dismissed_at": one.dismissed_at},
        )  # fmt: skip
    return Move(rows, joined, len(stories))


def _move(stories: list[int], old: int, new: int, names: Names, user: User | None, at: datetime) -> tuple[int, int]:
    theirs = {
        (row.story_id, row.criterion_id): row
        for row in Coverage.objects.filter(department=new, story__in=stories)
    }  # fmt: skip
    lines: list[CoverageChange] = []

    def tell(story: int, action: ChangeAction, before: Row | None, after: Row | None) -> None:
        lines.append(
            CoverageChange(
                story_id=story, action=action, before=dict(names.snapshot(before)) if before else {},
                after=dict(names.snapshot(after)) if after else {}, changed_by=user, changed_at=at, via=VIA_MERGE,
            )
        )  # fmt: skip

    moved, gone, changed = [], [], []
    for row in Coverage.objects.filter(department=old, story__in=stories).order_by("story", "pk"):
        before = as_row(row)
        tell(row.story_id, ChangeAction.REMOVED, before, None)
        other = theirs.get((row.story_id, row.criterion_id))
        if other is None:
            moved.append(row.pk)
            after = Row(new, row.criterion_id, row.evidence, row.role, row.tone)
            tell(row.story_id, ChangeAction.ADDED, None, after)
            continue
        gone.append(row.pk)
        was = as_row(other)
        if CoverageRole.SUBJECT in {row.role, other.role}:
            other.role = CoverageRole.SUBJECT
        other.evidence, other.tone = other.evidence or row.evidence, other.tone or row.tone
        if as_row(other) != was:
            changed.append(other)
            tell(row.story_id, ChangeAction.CHANGED, was, as_row(other))
    Coverage.objects.filter(pk__in=gone).delete()
    Coverage.objects.filter(pk__in=moved).update(department=new)
    if changed:
        Coverage.objects.bulk_update(changed, ["evidence", "role", "tone"])
    CoverageChange.objects.bulk_create(lines, batch_size=A_BATCH)
    tell_log(lines, names)
    return len(moved) + len(gone), len(gone)
