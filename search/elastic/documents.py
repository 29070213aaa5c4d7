"""From entries of the embedded index to documents: Elasticsearch is told what the embedded index knows, no more."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from functools import lru_cache
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
from search.words import Row, archive_words, texts

Document = dict[str, Any]

_KINDS: dict[str, str] = {kind.value: word for word, kind in KINDS.items()}
_FAMILIES: dict[str, str] = {family.value: word for word, family in FAMILIES.items()}


@lru_cache(maxsize=100_000, typed=True)
def term(name: str, value: object) -> str:
    """A filter's value as the field ``values`` has it."""
    return f"{name}:{value}"


@lru_cache(maxsize=20_000)
def _periods(day: date) -> tuple[str, ...]:
    found = []
    for code in (
        f"{day.year}", f"{day.year}-H{1 if day.month < 7 else 2}", f"{day.year}-Q{quarter_of(day)}", f"{day:%Y-%m}",
    ):  # fmt: skip
        try:
            found.append(term(PERIOD, parse_period(code).code))
        except ValueError:  # a day that nobody can ask for
            break
    return tuple(found)


def _among(field: str, ids: Collection[int]) -> dict[str, Any]:
    """A condition for these ids; of neighbours one that costs nothing to write, though it lets some others pass."""
    first, last = min(ids, default=0), max(ids, default=0)
    dense = last - first < 4 * len(ids)
    return {f"{field}__gte": first, f"{field}__lte": last} if dense else {f"{field}__in": ids}


def _linked(ids: Collection[int]) -> dict[int, set[str]]:
    """What the stories are filtered by that stands in tables beside them: four queries."""
    found: dict[int, set[str]] = defaultdict(set)
    pairs: Iterable[tuple[int, Any]]
    for name, pairs in (
        (UNIT, ArchiveUnit.objects.filter(**_among("entry", ids)).values_list("entry_id", "department__code")),
        (
            DOCUMENT,
            StoryDocument.objects.filter(**_among("story", ids)).order_by().values_list("story_id", "document_id"),
        ),
        (
            BYLINE,
            BylineCredit.objects.filter(**_among("story", ids)).order_by().values_list("story_id", "byline__name"),
        ),
    ):
        for story_id, value in pairs:
            found[story_id].add(term(name, value))
    coded = ArchiveCriterion.objects.filter(**_among("entry", ids))
    for story_id, slug, family in coded.values_list("entry_id", "criterion__slug", "criterion__group__family"):
        found[story_id] |= {term(CRITERION, slug), term(FAMILY, _FAMILIES[family])}
    return found


#: What an entry's hash is made of, and where it stands in a row.
_SAID = ("pk", "kind", "day", "photos", "digest")


def _described(ids: Collection[int]) -> Iterator[tuple[tuple[Any, ...], str, list[str]]]:
    """Of each entry its row (``_SAID``), its document's ``hash`` and its ``values``. Five queries."""
    rows = list(ArchiveEntry.objects.filter(**_among("pk", ids)).order_by().values_list(*_SAID))
    linked, wanted = _linked(ids), set(ids)
    for row in rows:
        if row[0] not in wanted:
            continue
        pk, kind, day, photos, digested = row
        values = {term(KIND, _KINDS[kind]), term(PHOTOS, int(photos)), *linked.get(pk, ())}
        if day:
            values.update(_periods(day))
        ordered = sorted(values)
        yield row, digest((digested, ordered)), ordered


def hashes(ids: Collection[int]) -> dict[int, str]:
    """What each document's ``hash`` should be, without making the document."""
    return {row[0]: hashed for row, hashed, _values in _described(ids)}


def documents(ids: Collection[int]) -> dict[int, Document]:
    """The documents of those of the stories that readers may see: the others must not have one. Six queries.

    Their words are those that the embedded index holds: analysing a story takes thirty times as long as reading them.
    """
    described = list(_described(ids))
    # After the entries: a word of a later state comes with a later version, which is written once more.
    said = archive_words().stored(ids)
    lost = [row[0] for row, _hashed, _values in described if row[0] not in said]
    said |= {pk: Row(pk, analyse(title), analyse(text)) for pk, (title, text) in texts(lost).items()}
    found = {}
    for row, hashed, values in described:
        pk, day = row[0], row[2]
        if pk not in said:
            continue  # deleted since
        title, text = said[pk].title, said[pk].text
        found[pk] = {
            "id": pk, "day": day.isoformat() if day else None, "values": values, "hash": hashed,
            "title_exact": title.exact, "title_folded": title.folded,
            "text_exact": text.exact, "text_folded": text.folded,
        }  # fmt: skip
    return found
