"""Keeping the archive in step: called inside the transaction that changed a story, for one id or for thousands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from django.db import transaction
from wagtail.models import Page

from column.stories.models import Story
from search.models import ArchiveChange, ArchiveCriterion, ArchiveEntry, ArchiveUnit
from search.reading import Description, describe
from search.words import Row, archive_words

BATCH = 400


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    unique = list(dict.fromkeys(ids))
    for start in range(0, len(unique), BATCH):
        yield unique[start : start + BATCH]


def mark_changed() -> None:
    """Tell every process that what it keeps of the archive is old. Inside the transaction of the change."""
    change = ArchiveChange.objects.create()
    if change.pk % (ArchiveChange.KEPT // 2) == 0:
        ArchiveChange.objects.filter(pk__lte=change.pk - ArchiveChange.KEPT).delete()


def _forget(ids: Collection[int]) -> None:
    ArchiveUnit.objects.filter(entry__in=ids).delete()
    ArchiveCriterion.objects.filter(entry__in=ids).delete()
    ArchiveEntry.objects.filter(pk__in=ids).delete()


def _store(described: list[Description], known: set[int]) -> None:
    ArchiveEntry.objects.bulk_create(
        [
            ArchiveEntry(story_id=d.story_id, kind=d.kind, day=d.day, title=d.title, text=d.text, digest=d.digest)
            for d in described
        ],
        update_conflicts=True,
        unique_fields=["story"],
        update_fields=["kind", "day", "title", "text", "digest"],
    )
    archive_words().replace([Row(d.story_id, d.title, d.text) for d in described], known=known)
    if known:
        ArchiveUnit.objects.filter(entry__in=known).delete()
        ArchiveCriterion.objects.filter(entry__in=known).delete()
    ArchiveUnit.objects.bulk_create(
        ArchiveUnit(entry_id=d.story_id, department_id=unit) for d in described for unit in d.units
    )
    ArchiveCriterion.objects.bulk_create(
        ArchiveCriterion(entry_id=d.story_id, criterion_id=criterion) for d in described for criterion in d.criteria
    )


def write(ids: Iterable[int]) -> int:
    """Make the archive say of these stories what is so now; return how many entries changed.

    Reads their state afresh: whoever is live and public has an entry that says what it says, nobody else has one.
    An entry that is right already is not written. Its transaction is the caller's, if there is one.
    """
    changed = 0
    with transaction.atomic():
        for batch in _batches(ids):
            described = describe(batch)
            held = dict(ArchiveEntry.objects.filter(pk__in=batch).values_list("pk", "digest"))
            gone = held.keys() - {d.story_id for d in described}
            new = [d for d in described if held.get(d.story_id) != d.digest]
            if gone:
                _forget(gone)
            if new:
                _store(new, held.keys() & {d.story_id for d in new})
            changed += len(gone) + len(new)
        if changed:
            mark_changed()
    return changed


def write_below(page: Page) -> int:
    """Put right which stories at and below *page* have an entry: after a move, a restriction, its lifting.

    Only those whose right to one has changed are read.
    """
    below = Story.objects.filter(path__startswith=page.path)
    visible = set(below.published().values_list("pk", flat=True))
    held = set(ArchiveEntry.objects.filter(story__path__startswith=page.path).values_list("pk", flat=True))
    return write(sorted(visible ^ held))
