"""The coverage of many stories: imported, coded in one act, and that act taken back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from column.coverage.models import Coverage, CoverageChange, Document, StoryDocument
from column.coverage.recording.log import tell_log
from column.coverage.recording.rows import A_BATCH, Key, Names, Row, as_row, batches, clean_row
from column.enums import ChangeAction
from column.inserting import insert_values
from column.people.models import User
from column.signals import announce
from column.stories.models import Story

VIA_UNDO = "bulk-undo"


@transaction.atomic
def record_bulk(
    rows: Iterable[tuple[int, Row]], *, user: User | None, at: datetime, via: str, announced: bool = False,
    batch: int | None = None,
) -> int:  # fmt: skip
    """Add rows to many stories (``(story key, row)`` pairs); return how many were new.

    A pair of unit and criterion that a story already has is left as it is: what staff coded is never
    overwritten from a file. Queries grow with the batches of 2,000 rows, not with the rows. With
    ``announced`` the caller tells the listeners of the same stories in the same transaction. ``batch`` is the key of
    the ``CodingBatch`` that asks.
    """
    names = Names()
    written = 0
    for some in batches(rows):
        wanted: dict[tuple[int, Key], Row] = {}
        for story, row in some:
            clean = clean_row(row, names)
            wanted.setdefault((story, clean.key), clean)
        stories = list(dict.fromkeys(story for story, _key in wanted))
        # Whoever codes one of them by hand waits, or is waited for: never a broken unique index.
        list(Story.objects.select_for_update().filter(pk__in=stories).order_by("pk").values_list("pk"))
        present = {
            (story, (department, criterion))
            for story, department, criterion in Coverage.objects.filter(story__in=stories)
            .order_by()
            .values_list("story", "department", "criterion")
        }
        fresh = [(story, row) for (story, key), row in wanted.items() if (story, key) not in present]
        coder = user.pk if user else None
        insert_values(
            Coverage,
            ("story_id", "department_id", "criterion_id", "evidence", "role", "tone"),
            ((story, row.department, row.criterion, row.evidence, row.role, row.tone) for story, row in fresh),
            coded_by_id=coder, coded_at=at,
        )  # fmt: skip
        after = [(story, names.snapshot(row)) for story, row in fresh]
        told: dict[str, Any] = {
            "action": ChangeAction.ADDED, "before": {}, "changed_by_id": coder, "changed_at": at, "via": via,
        }  # fmt: skip
        insert_values(CoverageChange, ("story_id", "after"), after, batch_id=batch, **told)
        tell_log([CoverageChange(story_id=story, after=row, **told) for story, row in after], names)
        written += len(fresh)
        if not announced:
            announce(story for story, _row in fresh)
    return written


@transaction.atomic
def relate_bulk(links: Iterable[tuple[int, Mapping[int, str]]], *, user: User | None, at: datetime, via: str) -> int:
    """Link many stories to documents (story key; document key → relation), with the history; return how many.

    For stories that have no link yet; the caller tells the listeners in the same transaction.
    """
    known = {document.pk: str(document) for document in Document.objects.all()}
    fresh = [
        (story, pk, documents[pk])
        for story, documents in links
        for pk in sorted(documents, key=lambda pk: known[pk])
    ]  # fmt: skip
    StoryDocument.objects.bulk_create(
        [StoryDocument(story_id=story, document_id=pk, relation=relation) for story, pk, relation in fresh],
        batch_size=A_BATCH,
    )
    CoverageChange.objects.bulk_create(
        [
            CoverageChange(
                story_id=story, action=ChangeAction.ADDED, before={},
                after={"document": known[pk], "relation": relation}, changed_by=user, changed_at=at, via=via,
            )
            for story, pk, relation in fresh
        ],
        batch_size=A_BATCH,
    )  # fmt: skip
    return len(fresh)


@transaction.atomic
def set_bulk(
    stories: Collection[int], pairs: Iterable[Key], *, role: str | None, tone: str | None, user: User | None,
    at: datetime, batch: int,
) -> int:  # fmt: skip
    """Give the rows of these stories another role or tone (None: leave it); return how many changed.

    ``pairs`` are units and criteria; None in a pair means any. A constant number of queries.
    """
    names = Names()
    list(Story.objects.select_for_update().filter(pk__in=stories).order_by("pk").values_list("pk"))
    where = Q(pk__in=[])
    for unit, criterion in pairs:
        one = Q(department=unit) if unit else Q()
        where |= one & (Q(criterion=criterion) if criterion else Q(pk__isnull=False))
    changed, lines = [], []
    for row in Coverage.objects.filter(where, story__in=stories).order_by("story", "pk"):
        was = as_row(row)
        row.role = row.role if role is None else role
        row.tone = row.tone if tone is None else tone
        now = clean_row(as_row(row), names)
        if now != was:
            row.coded_by, row.coded_at = user, at
            changed.append(row)
            lines.append(_line(row.story_id, names, was, now, user, at, "bulk", batch))
    _rewrite(changed, lines, names)
    return len(changed)


@transaction.atomic
def take_back(stories: Collection[int], batch: int, *, user: User | None, at: datetime) -> tuple[int, int]:
    """Undo what a batch did to these stories; return how many rows, and how many stay since they were changed later.

    A row is taken back where it is still as the batch left it. A constant number of queries.
    """
    names = Names()
    list(Story.objects.select_for_update().filter(pk__in=stories).order_by("pk").values_list("pk"))
    present = {}
    for row in Coverage.objects.filter(story__in=stories).order_by("pk"):
        state = names.snapshot(as_row(row))
        present[row.story_id, state["department"], state["criterion"]] = (row, state)
    units = {code: pk for pk, code in names.departments.items()}
    criteria = {slug: pk for pk, slug in names.criteria.items()}
    gone, changed, lines, kept = [], [], [], 0
    for told in CoverageChange.objects.filter(batch=batch, story__in=stories).order_by("pk"):
        after = told.after
        found = present.get((told.story_id, after["department"], after["criterion"]))
        if found is None or found[1] != after:
            kept += 1
            continue
        row = found[0]
        was = as_row(row)
        if not told.before:
            gone.append(row.pk)
            lines.append(_line(told.story_id, names, was, None, user, at, VIA_UNDO))
            continue
        before = dict(told.before)
        now = Row(
            units.get(before.pop("department")), criteria.get(before.pop("criterion")), **before
        )  # fmt: skip
        row.evidence, row.role, row.tone = now.evidence, now.role, now.tone
        row.coded_by, row.coded_at = user, at
        changed.append(row)
        lines.append(_line(told.story_id, names, was, now, user, at, VIA_UNDO))
    Coverage.objects.filter(pk__in=gone).delete()
    _rewrite(changed, lines, names)
    return len(gone) + len(changed), kept


def _line(
    story: int, names: Names, before: Row, after: Row | None, user: User | None, at: datetime, via: str,
    batch: int | None = None,
) -> CoverageChange:  # fmt: skip
    return CoverageChange(
        story_id=story, action=ChangeAction.CHANGED if after else ChangeAction.REMOVED,
        before=dict(names.snapshot(before)), after=dict(names.snapshot(after)) if after else {}, changed_by=user,
        changed_at=at, via=via, batch_id=batch,
    )  # fmt: skip


def _rewrite(changed: list[Coverage], lines: list[CoverageChange], names: Names) -> None:
    if changed:
        Coverage.objects.bulk_update(
            changed, ["evidence", "role", "tone", "coded_by", "coded_at"], batch_size=500
        )  # fmt: skip
    CoverageChange.objects.bulk_create(lines, batch_size=A_BATCH)
    tell_log(lines, names)
    announce(line.story_id for line in lines)
