"""From entries of the embedded index to documents: Elasticsearch is told what the embedded index knows, no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from column.coverage.filter import FAMILIES, KINDS
from column.coverage.models import StoryDocument
from column.coverage.periods import parse_period
from column.stories.models import BylineCredit
from column.text.dates import quarter_of
from column.text.tokens import analyse
from search.models import ArchiveCriterion, ArchiveEntry, ArchiveUnit
from search.port import BYLINE, CRITERION, DOCUMENT, FAMILY, KIND, PERIOD, PHOTOS, UNIT
from search.reading import digest

Document = dict[str, Any]

_KINDS: dict[str, str] = {kind.value: word for word, kind in KINDS.items()}
_FAMILIES: dict[str, str] = {family.value: word for word, family in FAMILIES.items()}


def term(name: str, value: object) -> str:
    """A filter's value as the field ``values`` has it."""
    return f"{name}:{value}"


def _periods(day: date) -> Iterator[str]:
    for code in (
        f"{day.year}", f"{day.year}-H{1 if day.month < 7 else 2}", f"{day.year}-Q{quarter_of(day)}", f"{day:%Y-%m}",
    ):  # fmt: skip
        try:
            yield term(PERIOD, parse_period(code).code)
        except ValueError:  # a day that nobody can ask for
            return


def _linked(ids: Collection[int]) -> dict[int, set[str]]:
    """What the stories are filtered by that stands in tables beside them: four queries."""
    found: dict[int, set[str]] = defaultdict(set)
    pairs: Iterable[tuple[int, Any]]
    for name, pairs in (
        (UNIT, ArchiveUnit.objects.filter(entry__in=ids).values_list("entry_id", "department__code")),
        (DOCUMENT, StoryDocument.objects.filter(story__in=ids).order_by().values_list("story_id", "document_id")),
        (BYLINE, BylineCredit.objects.filter(story__in=ids).order_by().values_list("story_id", "byline__name")),
    ):
        for story_id, value in pairs:
            found[story_id].add(term(name, value))
    coded = ArchiveCriterion.objects.filter(entry__in=ids)
    for story_id, slug, family in coded.values_list("entry_id", "criterion__slug", "criterion__group__family"):
        found[story_id] |= {term(CRITERION, slug), term(FAMILY, _FAMILIES[family])}
    return found


def hashes(ids: Collection[int]) -> dict[int, str]:
    """What each document's ``hash`` should be, without making the document."""
    return {pk: hashed for pk, (hashed, _entry, _values) in _described(ids, "digest").items()}


def _described(ids: Collection[int], *fields: str) -> dict[int, tuple[str, ArchiveEntry, list[str]]]:
    entries = ArchiveEntry.objects.filter(pk__in=ids)
    if fields:
        entries = entries.only("kind", "day", "photos", *fields)
    rows = list(entries)
    linked = _linked(ids)
    found = {}
    for entry in rows:
        values = {term(KIND, _KINDS[entry.kind]), term(PHOTOS, int(entry.photos)), *linked.get(entry.pk, ())}
        if entry.day:
            values.update(_periods(entry.day))
        ordered = sorted(values)
        found[entry.pk] = (digest((entry.digest, ordered)), entry, ordered)
    return found


def documents(ids: Collection[int]) -> dict[int, Document]:
    """The documents of those of the stories that readers may see: the others must not have one. Five queries."""
    found = {}
    for pk, (hashed, entry, values) in _described(ids).items():
        title, text = analyse(entry.title), analyse(entry.text)
        found[pk] = {
            "id": pk, "day": entry.day.isoformat() if entry.day else None, "values": values, "hash": hashed,
            "title_exact": title.exact, "title_folded": title.folded,
            "text_exact": text.exact, "text_folded": text.folded,
        }  # fmt: skip
    return found
