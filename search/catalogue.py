"""The archive's filters in memory: which story is of which kind, year, unit and criterion.

A set of stories is one integer with a bit for each; the bits stand in order of date. Every count beside a filter is
then an ``&`` and a ``bit_count`` (a microsecond at 20,000 stories), and the newest hits are the highest bits. The
catalogue is kept by each process and made anew when the archive has changed since (one query tells).
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice

from django.db import connection
from django.utils.translation import gettext as _

from column.coverage.filter import FAMILIES, KINDS
from column.coverage.models import Criterion, Document, StoryDocument
from column.coverage.periods import Period, parse_period
from column.departments.lineage import Lineage
from column.departments.models import CITYWIDE, Department
from column.people.models import Byline, byline_key
from column.stories.models import BylineCredit
from search import synonyms
from search.models import ArchiveChange, ArchiveCriterion, ArchiveEntry, ArchiveUnit, Synonym
from search.port import (
    BYLINE,
    CRITERION,
    DOCUMENT,
    FAMILY,
    FILTERS,
    KIND,
    PERIOD,
    PHOTOS,
    UNIT,
    SearchQuery,
)

Marks = tuple[str, ...]
#: Kinds, families and criteria are few and always listed; of the others those that a story has.
_ALWAYS = frozenset({KIND, FAMILY, CRITERION, PHOTOS})


@dataclass(frozen=True)
class Value:
    """One value of a filter: how it is called and the stories that have it."""

    label: str
    stories: int


class Catalogue:
    """Immutable once made."""

    def __init__(self) -> None:
        rows = list(ArchiveEntry.objects.values_list("pk", "kind", "day", "photos"))
        rows.sort(key=lambda row: (row[2] or date.min, row[0]))
        self.ids = [row[0] for row in rows]
        self.days = [row[2] or date.min for row in rows]
        self._place = {story_id: place for place, story_id in enumerate(self.ids)}
        self.everything = (1 << len(self.ids)) - 1
        kinds: dict[str, list[int]] = defaultdict(list)
        for place, row in enumerate(rows):
            kinds[row[1]].append(place)
        with_photos = self._bits(place for place, row in enumerate(rows) if row[3])
        criteria = self._gathered(ArchiveCriterion.objects.values_list("criterion_id", "entry_id"))
        by_family: dict[str, list[int]] = defaultdict(list)
        by_criterion = {}
        for criterion in Criterion.objects.in_order():
            by_criterion[criterion.slug] = Value(criterion.label, self._bits(criteria[criterion.pk]))
            by_family[criterion.group.family] += criteria[criterion.pk]
        self._read_units()
        self._byline_names = dict(Byline.objects.values_list("match_key", "name"))
        years = sorted({day.year for day in self.days if day != date.min}, reverse=True)
        self.filters: Mapping[str, Mapping[str, Value]] = {
            KIND: {word: Value(str(kind.label), self._bits(kinds[kind])) for word, kind in KINDS.items()},
            FAMILY: {
                word: Value(str(family.label), self._bits(by_family[family])) for word, family in FAMILIES.items()
            },
            CRITERION: by_criterion,
            UNIT: self.units(SearchQuery()),
            DOCUMENT: self._linked(
                Document.objects.all(), StoryDocument.objects.order_by().values_list("document_id", "story_id")
            ),
            PERIOD: {str(year): Value(str(year), self.period(parse_period(str(year)))) for year in years},
            BYLINE: {
                value.label: value
                for value in self._linked(
                    Byline.objects.all(), BylineCredit.objects.order_by().values_list("byline_id", "story_id")
                ).values()
            },
            PHOTOS: dict(
                zip(
                    ("1", "0"),
                    map(Value, (_("Có ảnh"), _("Không có ảnh")), (with_photos, self.everything & ~with_photos)),
                    strict=True,
                )
            ),
        }

    def _linked(
        self, things: Iterable[Document] | Iterable[Byline], pairs: Iterable[tuple[int, int]]
    ) -> dict[str, Value]:
        """The things that stories of the archive are linked to, by primary key."""
        found = self._gathered(pairs)
        return {str(one.pk): Value(str(one), self._bits(found[one.pk])) for one in things if one.pk in found}

    # --- units -------------------------------------------------------------------------------------------------------

    def _read_units(self) -> None:
        units = list(Department.objects.in_report_order())
        self._unit_codes = {unit.pk: unit.code for unit in units}
        self._unit_keys = {unit.code: unit.pk for unit in units}
        self._unit_labels = {unit.code: unit.display_name if unit.code == CITYWIDE else str(unit) for unit in units}
        found = self._gathered(ArchiveUnit.objects.values_list("department_id", "entry_id"))
        self._unit_stories = {unit.code: self._bits(found[unit.pk]) for unit in units}
        self._lineage = Lineage.load()
        self._units: dict[tuple[bool, bool], dict[str, Value]] = {}

    def members_of(self, code: str, *, branch: bool, lineage: bool) -> set[str]:
        """The codes of a unit, of those that wholly became it (*lineage*) and of those below them (*branch*)."""
        if code not in self._unit_keys:
            return set()
        keys = {self._unit_keys[code]}
        if lineage:
            keys = self._lineage.with_predecessors(keys)
        if branch:
            keys = self._lineage.with_branch(keys)
        return {self._unit_codes[key] for key in keys if key in self._unit_codes}

    def units(self, query: SearchQuery) -> Mapping[str, Value]:
        """Every unit with its stories, as the query widens units."""
        asked = (query.branch, query.lineage)
        if asked not in self._units:
            found = {}
            for code, label in self._unit_labels.items():
                stories = 0
                for one in self.members_of(code, branch=query.branch, lineage=query.lineage):
                    stories |= self._unit_stories[one]
                found[code] = Value(label, stories)
            self._units[asked] = found
        return self._units[asked]

    # --- time --------------------------------------------------------------------------------------------------------

    def between(self, first: date | None, last: date | None) -> int:
        """The stories of these days, both included. A story without a day has none that could be asked for."""
        low = bisect_left(self.days, first) if first else 0
        high = bisect_right(self.days, last) if last else len(self.days)
        if first or last:
            low = max(low, bisect_right(self.days, date.min))
        return ((1 << max(high - low, 0)) - 1) << low

    def period(self, period: Period) -> int:
        return self.between(period.first, period.last)

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

    # --- what is chosen ----------------------------------------------------------------------------------------------

    def spelled(self, name: str, value: str) -> str:
        """*value* as the filter's own list writes it: bylines and periods are read in any case."""
        if name == BYLINE:
            return self._byline_names.get(byline_key(value), value)
        return value.upper() if name == PERIOD else value

    def values(self, name: str, query: SearchQuery) -> Mapping[str, Value]:
        return self.units(query) if name == UNIT else self.filters[name]

    def either(self, name: str, query: SearchQuery) -> int:
        """The stories that have any of the values chosen for one filter. An unknown value has none."""
        chosen = query.chosen.get(name, ())
        stories = 0
        if name == PERIOD:
            for period in narrowest(chosen):
                stories |= self.period(period)
            return stories
        known = self.values(name, query)
        for value in chosen:
            if one := known.get(self.spelled(name, value)):
                stories |= one.stories
        return stories

    def allowed(self, query: SearchQuery, but: str = "") -> int:
        """The stories that every filter lets through, the filter *but* left aside."""
        stories = self.between(query.since, query.until)
        for name in FILTERS:
            if name != but and query.chosen.get(name):
                stories &= self.either(name, query)
        return stories


def periods_of(codes: Iterable[str]) -> list[Period]:
    """The periods of an address, in order of time; what is none is left out."""
    found = []
    for code in codes:
        try:
            found.append(parse_period(code))
        except ValueError:
            continue
    return sorted(found, key=lambda period: (period.first, period.last))


def narrowest(codes: Iterable[str]) -> list[Period]:
    """The periods that count: a period with a part of it beside it stands for that part."""
    periods = periods_of(codes)
    return [
        one
        for one in periods
        if not any(other != one and one.first <= other.first and other.last <= one.last for other in periods)
    ]


_lock = threading.Lock()
_kept: dict[str, tuple[Marks, Catalogue]] = {}


def _marks() -> Marks:
    """The newest changes. Every search asks this first: an ORM query would take ten times what the database does."""
    newest = f"SELECT mark FROM {ArchiveChange._meta.db_table} ORDER BY id DESC LIMIT {ArchiveChange.COMPARED}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(newest)
        return tuple(row[0] for row in cursor.fetchall())


def current() -> Catalogue:
    """The catalogue of the archive as this transaction sees it. One query when nothing has changed."""
    marks = _marks()
    database = str(connection.settings_dict["NAME"])
    kept = _kept.get(database)
    if kept is None or kept[0] != marks:
        # Marks were read first: a change between the two readings only costs one more making.
        synonyms.use([one.as_row() for one in Synonym.objects.order_by("pk")])
        kept = (marks, Catalogue())
        with _lock:
            _kept[database] = kept
    return kept[1]
