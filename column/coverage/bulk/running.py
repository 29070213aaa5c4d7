"""Coding many stories in one act, done by the worker in small steps; what is done is kept when a worker dies."""

from __future__ import annotations

import time
from datetime import datetime

from django.db import transaction

from column.coverage.bulk.models import BatchState, BatchWork, CodingBatch
from column.coverage.recording import Key, Row, record_bulk, set_bulk, take_back

#: Stories in one transaction.
A_STEP = 200
#: Seconds of work before the worker looks at its other jobs (publishing, above all).
SLICE = 1.0


def run_batches(now: datetime) -> bool:
    """The worker's job: about a second's work on the oldest waiting batch; whether there was one."""
    until = time.monotonic() + SLICE
    found = False
    while _step(now):
        found = True
        if time.monotonic() >= until:
            break
    return found


@transaction.atomic
def _step(now: datetime) -> bool:
    """One step of the oldest waiting batch, which no other worker can take at the same time."""
    batch = CodingBatch.objects.waiting().select_for_update().first()
    if batch is None:
        return False
    if batch.state == BatchState.RUNNING:
        _work(batch, now)
    else:
        _undo(batch, now)
    batch.touched_at = now
    batch.save()
    return True


def _work(batch: CodingBatch, now: datetime) -> None:
    stories = batch.stories[batch.done : batch.done + A_STEP]
    pairs: list[Key] = [(unit, criterion) for unit, criterion in batch.rows]
    if batch.work == BatchWork.ADD:
        rows = (
            (story, Row(unit, criterion, "", batch.role, batch.tone)) for story in stories for unit, criterion in pairs
        )
        batch.added += record_bulk(rows, user=batch.created_by, at=now, via="bulk", batch=batch.pk)
    else:
        batch.changed += set_bulk(
            stories, pairs, role=batch.role or None, tone=batch.tone if batch.sets_tone else None,
            user=batch.created_by, at=now, batch=batch.pk,
        )  # fmt: skip
    batch.done += len(stories)
    if batch.done >= len(batch.stories):
        batch.state = BatchState.DONE


def _undo(batch: CodingBatch, now: datetime) -> None:
    stories = batch.stories[batch.undone : min(batch.undone + A_STEP, batch.done)]
    restored, kept = take_back(stories, batch.pk, user=batch.undone_by, at=now)
    batch.restored += restored
    batch.kept += kept
    batch.undone += len(stories)
    if batch.undone >= batch.done:
        batch.state = BatchState.UNDONE
