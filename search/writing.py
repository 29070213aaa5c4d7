"""Keeping the archive in step: called inside the transaction that changed a story, for one id or for thousands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from django.db import connection, transaction
from django.db.models import Model
from wagtail.models import Page

from column.inserting import insert_values
from column.stories.models import Story
from column.text.tokens import Analysis, analyse
from search import admin_index
from search.models import ArchiveChange, ArchiveCriterion, ArchiveEntry, ArchiveUnit
from search.outbox.bumping import bump
from search.reading import Description, describe, public
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
        _drop(ArchiveChange, pk__lte=change.pk - ArchiveChange.KEPT)


def _drop(model: type[Model], **where: object) -> None:
    """Delete rows without reading them first, as Django would for Wagtail, which listens to all deletions."""
    model._default_manager.filter(**where)._raw_delete(connection.alias)


def _forget(ids: Collection[int]) -> None:
    _drop(ArchiveUnit, entry__in=ids)
    _drop(ArchiveCriterion, entry__in=ids)
    _drop(ArchiveEntry, pk__in=ids)


def _store(
    described: list[Description], analysed: Mapping[int, tuple[Analysis, Analysis]], held: Collection[int]
) -> None:
    """Write the entries; *held* have one already."""
    ArchiveEntry.objects.bulk_create(
        [
            ArchiveEntry(
                story_id=d.story_id,
                kind=d.kind,
                day=d.day,
                title=d.title,
                text=d.text,
                digest=d.digest,
                photos=d.photos,
            )
            for d in described
        ],
        update_conflicts=True,
        unique_fields=["story"],
        update_fields=["kind", "day", "title", "text", "digest", "photos"],
    )
    archive_words().replace([Row(d.story_id, *analysed[d.story_id]) for d in described])
    if ids := [d.story_id for d in described if d.story_id in held]:
        _drop(ArchiveUnit, entry__in=ids)
        _drop(ArchiveCriterion, entry__in=ids)
    insert_values(ArchiveUnit, ("entry_id", "department_id"), ((d.story_id, one) for d in described for one in d.units))
    insert_values(
        ArchiveCriterion, ("entry_id", "criterion_id"), ((d.story_id, one) for d in described for one in d.criteria)
    )


class _Analysed(dict[int, tuple[Analysis, Analysis]]):
    """Title and text of each story, analysed when first asked for: archive and admin share it."""

    def __init__(self, described: list[Description]) -> None:
        self._described = {d.story_id: d for d in described}

    def __missing__(self, story_id: int) -> tuple[Analysis, Analysis]:
        story = self._described[story_id]
        found = self[story_id] = (analyse(story.title), analyse(story.text))
        return found


def write(ids: Iterable[int], *, anyway: bool = False, tell: bool = True) -> int:
    """Make archive and admin search say of these stories what is so now; return how many archive entries changed.

    Reads their state afresh: who is live and public has an entry in the archive that says what it says, nobody else
    has one; who exists can be found by editors. An entry that is right already is not written, unless *anyway*; and
    Elasticsearch is not told of it, unless *tell*. The transaction is the caller's, if there is one.
    """
    changed = 0
    with transaction.atomic():
        for batch in _batches(ids):
            described = describe(batch)
            analysed = _Analysed(described)
            shown = {d.story_id: d for d in described if d.public}
            held = dict(ArchiveEntry.objects.filter(pk__in=batch).values_list("pk", "digest"))
            gone = held.keys() - shown.keys()
            new = [d for d in shown.values() if anyway or held.get(d.story_id) != d.digest]
            if gone:
                _forget(gone)
            if new:
                _store(new, analysed, held)
            changed += len(gone) + len(new)
            bump((*gone, *(d.story_id for d in new if tell or held.get(d.story_id) != d.digest)))
            admin_index.write_stories(described, analysed, anyway=anyway)
        if changed:
            mark_changed()
    return changed


def write_below(page: Page) -> int:
    """Put right which stories at and below *page* have an entry: after a move, a restriction, its lifting.

    Only those whose right to one has changed are read.
    """
    below = Story.objects.filter(path__startswith=page.path)
    visible = public(below)
    held = set(ArchiveEntry.objects.filter(story__path__startswith=page.path).values_list("pk", flat=True))
    return write(sorted(visible ^ held))
