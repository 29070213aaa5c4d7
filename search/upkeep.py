"""Rebuilding the embedded index, and checking it against the stories. Both serve searches all the while."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from wagtail.models import Page
from wagtail.search.index import get_indexed_models

from column.coverage.models import StoryDocument
from column.stories.models import BylineCredit, Story
from column.text.tokens import analyse
from search import admin_index, writing
from search.models import AdminEntry, ArchiveCriterion, ArchiveEntry, ArchiveUnit
from search.reading import describe, digest, public
from search.words import Row, archive_words

BATCH = 200


@dataclass(frozen=True)
class Step:
    """*done* of *total* objects are dealt with."""

    done: int
    total: int


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _other_models() -> list[Any]:
    """Searchable models that stories are not."""
    return [model for model in get_indexed_models() if not issubclass(model, Story)]


def rebuild() -> Iterator[Step]:
    """Write every entry anew, a batch at a time; yield after each. Stopped half-way, nothing is worse than before."""
    stories = list(Story.objects.order_by("pk").values_list("pk", flat=True))
    others = [
        (model, list(model.get_indexed_objects().order_by("pk").values_list("pk", flat=True)))
        for model in _other_models()
    ]
    total, done = len(stories) + sum(len(pks) for _model, pks in others), 0
    with transaction.atomic():
        archive_words().forget(archive_words().strays())
        for entry_ids in _batches(sorted(_admin_extra())):
            AdminEntry.objects.filter(pk__in=entry_ids).delete()
        # Nobody whose story is gone or hidden waits for his batch.
        writing.write(sorted(_held() - _visible()))
    for batch in _batches(stories):
        writing.write(batch, anyway=True, tell=False)
        done += len(batch)
        yield Step(done, total)
    for model, pks in others:
        for batch in _batches(pks):
            with transaction.atomic():
                found = list(model.get_indexed_objects().filter(pk__in=batch))
                admin_index.write_objects(model, found, anyway=True)
            done += len(batch)
            yield Step(done, total)
    with transaction.atomic():
        archive_words().tidy()
        writing.mark_changed()


def _visible() -> set[int]:
    return public(Story.objects.all())


def _held() -> set[int]:
    return set(ArchiveEntry.objects.values_list("pk", flat=True))


@dataclass
class Findings:
    """Ids of stories: *missing* have no archive entry, *extra* must not have one, *stale* have one that says
    something else or whose words are lost. *admin_missing* and *admin_extra* count objects of the admin's search."""

    missing: set[int] = field(default_factory=set)
    extra: set[int] = field(default_factory=set)
    stale: set[int] = field(default_factory=set)
    admin_missing: int = 0
    admin_extra: int = 0

    @property
    def clean(self) -> bool:
        return not (self.missing or self.extra or self.stale or self.admin_missing or self.admin_extra)


def check(findings: Findings) -> Iterator[Step]:
    """Compare index and stories, text by text, into *findings*; yield after each batch. Writes nothing."""
    visible, held = _visible(), _held()
    findings.missing |= visible - held
    findings.extra |= (held - visible) | set(archive_words().strays())
    both = sorted(visible & held)
    done = 0
    for batch in _batches(both):
        described = [story for story in describe(batch) if story.public]
        stored = _stored(batch)
        findings.stale |= {s.story_id for s in described if stored.get(s.story_id) != (s.digest, s.digest)}
        findings.stale |= archive_words().differing(
            [Row(story.story_id, analyse(story.title), analyse(story.text)) for story in described]
        )
        done += len(batch)
        yield Step(done, len(both))
    findings.admin_missing = len(_admin_missing())
    findings.admin_extra = len(_admin_extra())


def _stored(ids: list[int]) -> dict[int, tuple[str, str]]:
    """The digest that each entry carries, and the one that what stands in the tables has."""
    units: dict[int, list[int]] = defaultdict(list)
    criteria: dict[int, list[int]] = defaultdict(list)
    # Not kept a second time: filters read them where the story has them.
    documents: dict[int, list[int]] = defaultdict(list)
    bylines: dict[int, list[int]] = defaultdict(list)
    linked, credited = StoryDocument.objects.filter(story__in=ids), BylineCredit.objects.filter(story__in=ids)
    for pairs, found in (
        (linked.order_by().values_list("story_id", "document_id"), documents),
        (credited.order_by().values_list("story_id", "byline_id").distinct(), bylines),
        (ArchiveUnit.objects.filter(entry__in=ids).values_list("entry_id", "department_id"), units),
        (ArchiveCriterion.objects.filter(entry__in=ids).values_list("entry_id", "criterion_id"), criteria),
    ):
        for entry_id, value in pairs:
            found[entry_id].append(value)
    groups = (units, criteria, documents, bylines)
    return {
        pk: (carried, digest((pk, kind, day, title, text, *(tuple(sorted(found[pk])) for found in groups), photos)))
        for pk, kind, day, title, text, photos, carried in ArchiveEntry.objects.filter(pk__in=ids).values_list(
            "pk", "kind", "day", "title", "text", "photos", "digest"
        )
    }


def repair(findings: Findings) -> None:
    """Mend what :func:`check` found."""
    with transaction.atomic():
        strays = archive_words().strays()
        archive_words().forget(strays)
        writing.write(sorted(findings.missing | findings.extra))
        writing.write(sorted(findings.stale), anyway=True)
        for entry_ids in _batches(sorted(_admin_extra())):
            AdminEntry.objects.filter(pk__in=entry_ids).delete()
        for model, pk in _admin_missing():
            if issubclass(model, Story):
                writing.write([pk])
            else:
                admin_index.write_objects(model, list(model.get_indexed_objects().filter(pk=pk)))


def _admin_keys() -> dict[tuple[int, str], tuple[Any, int]]:
    """What the admin's search may know: content type and stored id → model and key."""
    wanted = {}
    for model in get_indexed_models():
        content_type = ContentType.objects.get_for_model(model).pk
        prepared = model._meta.pk.get_db_prep_value
        for pk in model.get_indexed_objects().values_list("pk", flat=True):
            wanted[content_type, str(prepared(pk, connection))] = (model, pk)
    return wanted


def _admin_missing() -> list[tuple[Any, int]]:
    held = set(AdminEntry.objects.values_list("content_type_id", "object_id"))
    # Wagtail's migration makes the tree's root unheard; no screen lists it.
    roots = set(Page.objects.filter(depth=1).values_list("pk", flat=True))
    return [
        (model, pk)
        for key, (model, pk) in _admin_keys().items()
        if key not in held and not (model is Page and pk in roots)
    ]


def _admin_extra() -> set[int]:
    wanted = _admin_keys()
    held = AdminEntry.objects.values_list("pk", "content_type_id", "object_id")
    return {pk for pk, content_type, object_id in held if (content_type, object_id) not in wanted}
