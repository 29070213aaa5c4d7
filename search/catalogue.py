"""The archive's filters in memory: which story is of which kind, year, unit and criterion.

A set of stories is one integer with a bit for each; the bits stand in order of date. Every count beside a filter is
then an ``&`` and a ``bit_count`` (a microsecond at 20,000 stories), and the newest hits are the highest bits. The
catalogue is kept by each process and made anew when the archive has changed since (one query tells).
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db import connection

from column.coverage.filter import KINDS
from column.coverage.models import Criterion
from column.departments.models import CITYWIDE, Department
from search.models import ArchiveChange, ArchiveCriterion, ArchiveEntry, ArchiveUnit
from search.port import CRITERION, FILTERS, KIND, UNIT, YEAR

Marks = tuple[str, ...]


@dataclass(frozen=True)
class Value:
    """One value of a filter: how it is called and the stories that have it."""

    label: str
    stories: int


class Catalogue:
    """Immutable once made."""

    def __init__(self) -> None:
        rows = list(ArchiveEntry.objects.values_list("pk", "kind", "day"))
        rows.sort(key=lambda row: (row[2] or date.min, row[0]))
        self.ids = [row[0] for row in rows]
        self._place = {story_id: place for place, story_id in enumerate(self.ids)}
        self.everything = (1 << len(self.ids)) - 1
        kinds: dict[str, list[int]] = defaultdict(list)
        years: dict[int, list[int]] = defaultdict(list)
        for place, (_pk, kind, day) in enumerate(rows):
            kinds[kind].append(place)
            if day:
                years[day.year].append(place)
        units = self._gathered(ArchiveUnit.objects.values_list("department_id", "entry_id"))
        criteria = self._gathered(ArchiveCriterion.objects.values_list("criterion_id", "entry_id"))
        self.filters: Mapping[str, Mapping[str, Value]] = {
            KIND: {word: Value(str(kind.label), self._bits(kinds[kind])) for word, kind in KINDS.items()},
            CRITERION: {
                one.slug: Value(one.label, self._bits(criteria[one.pk])) for one in Criterion.objects.in_order()
            },
            UNIT: {
                one.code: Value(one.display_name if one.code == CITYWIDE else str(one), self._bits(units[one.pk]))
                for one in Department.objects.in_report_order()
            },
            YEAR: {str(year): Value(str(year), self._bits(years[year])) for year in sorted(years, reverse=True)},
        }

    def _gathered(self, pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
        found: dict[int, list[int]] = defaultdict(list)
        for value, story_id in pairs:
            if (place := self._place.get(story_id)) is not None:
                found[value].append(place)
        return found

    def _bits(self, places: Iterable[int]) -> int:
        flags = bytearray(b"0") * (len(self.ids) + 1)
        last = len(self.ids)
        for place in places:
            flags[last - place] = 49
        return int(flags, 2)

    def stories(self, ids: Iterable[int]) -> int:
        """The set of these stories; ids that the catalogue does not know (another transaction's) are left out."""
        # They fall on the flag beyond the last story, which is cut off.
        nowhere = len(self.ids)
        place = self._place.get
        return self._bits([place(story_id, nowhere) for story_id in ids]) & self.everything

    def members(self, stories: int) -> set[int]:
        """The ids of *stories*."""
        return set(self._ordered(stories, newest_first=False))

    def _ordered(self, stories: int, *, newest_first: bool) -> Iterable[int]:
        flags = f"{stories:b}"
        if newest_first:
            top = len(flags) - 1
            return (self.ids[top - place] for place, flag in enumerate(flags) if flag == "1")
        return (self.ids[place] for place, flag in enumerate(reversed(flags)) if flag == "1")

    def by_date(self, stories: int, start: int, count: int, *, newest_first: bool) -> list[int]:
        """*count* ids of *stories* from *start* on, in order of date."""
        return list(islice(self._ordered(stories, newest_first=newest_first), start, start + count))

    def allowed(self, chosen: Mapping[str, Iterable[str]], but: str = "") -> int:
        """The stories that every filter lets through, the filter *but* left aside. An unknown value lets none."""
        stories = self.everything
        for name in FILTERS:
            values = chosen.get(name)
            if not values or name == but:
                continue
            either = 0
            for value in values:
                if known := self.filters[name].get(value):
                    either |= known.stories
            stories &= either
        return stories


_lock = threading.Lock()
_kept: dict[str, tuple[Marks, Catalogue]] = {}


def current() -> Catalogue:
    """The catalogue of the archive as this transaction sees it. One query when nothing has changed."""
    marks = tuple(ArchiveChange.objects.order_by("-pk").values_list("mark", flat=True)[: ArchiveChange.COMPARED])
    database = str(connection.settings_dict["NAME"])
    kept = _kept.get(database)
    if kept is None or kept[0] != marks:
        # Marks were read first: a change between the two readings only costs one more making.
        kept = (marks, Catalogue())
        with _lock:
            _kept[database] = kept
    return kept[1]
