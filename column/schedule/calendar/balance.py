"""What a column has not written about for long: units and criteria by weeks, while a Thursday is being chosen.

Counted as everywhere: published stories by issue date, rows whose unit is the subject. Every number carries the
address that lists exactly its stories.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from column.coverage.filter import CoverageFilter
from column.coverage.listing import Counted, filter_for_department
from column.coverage.models import Coverage, Criterion
from column.coverage.selection import Selection
from column.departments.lineage import Lineage
from column.departments.models import Department
from column.enums import DepartmentKind, Family
from column.schedule.models import Slot
from column.stories.models import ColumnPage
from column.text.dates import format_day, format_day_long

#: Windows of the ratio and of the recent numbers, in weeks; the second is a quarter of a year.
WEEKS = (4, 13, 26, 52)
USUAL_WEEKS = 13

#: Lines of the compact panel.
FEW = 6

#: Nobody asks whether these were covered: the city as a whole, and the press itself.
NOT_MONITORED = (DepartmentKind.CITY, DepartmentKind.PRESS)


@dataclass(frozen=True)
class Line:
    """A unit or a criterion. ``weeks`` since it was last covered are whole ones; None is never."""

    about: Any
    label: str
    weeks: int | None
    last_url: str
    recent: Counted
    #: “đã có trong kế hoạch 03/12”; empty when it is not.
    plan: str = ""
    #: Of the longest in its list, in per cent.
    bar: int = 100

    @property
    def since(self) -> str:
        if self.weeks is None:
            return _("chưa từng")
        if self.weeks == 0:
            return _("dưới 1 tuần")
        return ngettext("%(n)d tuần", "%(n)d tuần", self.weeks) % {"n": self.weeks}


@dataclass(frozen=True)
class Side:
    """*Xây* or *chống*: its stories in the window, its share in per cent, and what the plan has of it."""

    recent: Counted
    share: int
    plan: str = ""


@dataclass(frozen=True)
class Balance:
    """Seen from *day*, looking *weeks* back; lists begin with what has waited longest."""

    day: date
    weeks: int
    units: Sequence[Line]
    never: Sequence[Line]
    criteria: Sequence[Line]
    build: Side
    fight: Side

    @property
    def heading(self) -> str:
        return format_day_long(self.day)

    @property
    def few_units(self) -> Sequence[Line]:
        return self.units[:FEW]

    @cached_property
    def never_groups(self) -> list[tuple[str, list[Line]]]:
        """Under the headings of the reports."""
        return [(name, list(lines)) for name, lines in groupby(self.never, key=lambda line: line.about.group_name)]


def balance(column: ColumnPage, day: date, *, weeks: int = USUAL_WEEKS, today: date | None = None) -> Balance:
    """What the column's desk should know when it chooses the story of *day*; a dozen queries, whatever there is.

    Units are those that exist on that day; one that was renamed or merged counts what it was before.
    """
    first = day - timedelta(weeks=weeks) + timedelta(days=1)
    window = CoverageFilter(since=first, until=day)
    graph = Lineage.load()
    units = {unit: graph.with_predecessors([unit.pk]) for unit in monitored_units(day, graph)}
    criteria = list(Criterion.objects.in_use(day).in_order())
    past = _Past(day, window, units.values(), [one.pk for one in criteria])
    plans = _Plans(column, today or timezone.localdate(), day.year)
    lines = [
        past.line(unit, str(unit), members, "unit", filter_for_department(unit, graph), plans)
        for unit, members in units.items()
    ]
    by_criterion = [
        past.line(one, one.label, {one.pk}, "criterion", CoverageFilter(criteria=(one.slug,)), plans)
        for one in criteria
    ]
    numbers = {family: len(past.families.get(family, ())) for family in (Family.BUILD, Family.FIGHT)}
    both = sum(numbers.values())

    def side(family: Family, word: str) -> Side:
        number = numbers[family]
        recent = Counted(str(family.label), number, window.but(family=word).url() if number else "")
        return Side(recent, round(100 * number / both) if both else 0, plans.of("family", [family]))

    return Balance(
        day=day,
        weeks=weeks,
        units=_longest_first(line for line in lines if line.weeks is not None),
        never=[line for line in lines if line.weeks is None],
        criteria=_longest_first(by_criterion),
        build=side(Family.BUILD, "xay"),
        fight=side(Family.FIGHT, "chong"),
    )


def monitored_units(day: date, graph: Lineage) -> list[Department]:
    """The units that the column may be asked about, in report order; bodies that only speak are none of them."""
    units = Department.objects.existing_on(day).exclude(kind__in=NOT_MONITORED).filter(speaks_only=False)
    # One whose end nobody noted is over all the same when others follow it.
    return [unit for unit in units.in_report_order() if unit.latest_to is not None or not graph.successors.get(unit.pk)]


class _Past:
    """What was published until a day: last days of all units and criteria, and the stories of the window."""

    def __init__(self, day: date, window: CoverageFilter, units: Iterable[set[int]], criteria: Iterable[int]) -> None:
        self._day, self._window = day, window
        self._last: dict[tuple[str, int], date] = {}
        # Most of them within a year; the whole archive is asked for the rest alone.
        self._find(CoverageFilter(since=day - timedelta(weeks=52), until=day), Q())
        waiting = {key for keys in units if not any(("unit", key) in self._last for key in keys) for key in keys}
        unseen = {key for key in criteria if ("criterion", key) not in self._last}
        if waiting or unseen:
            self._find(CoverageFilter(until=day), Q(department__in=waiting) | Q(criterion__in=unseen))
        self._recent: dict[tuple[str, int], set[int]] = {}
        self.families: dict[str, set[int]] = {}
        recent = Selection.of(window).rows()
        for unit, criterion, family, story in recent.values_list(
            "department", "criterion", "criterion__group__family", "story"
        ):
            self._recent.setdefault(("unit", unit), set()).add(story)
            self._recent.setdefault(("criterion", criterion), set()).add(story)
            self.families.setdefault(family, set()).add(story)

    def _find(self, asked: CoverageFilter, which: Q) -> None:
        rows = Selection.of(asked).rows().filter(which).values_list("department", "criterion")
        for unit, criterion, last in rows.annotate(Max("story__issue_date")):
            for key in (("unit", unit), ("criterion", criterion)):
                self._last[key] = max(last, self._last.get(key, last))

    def line(self, about: Any, label: str, members: set[int], what: str, asked: CoverageFilter, plans: _Plans) -> Line:
        last = max((self._last[what, key] for key in members if (what, key) in self._last), default=None)
        stories = set[int]().union(*(self._recent.get((what, key), ()) for key in members))
        url = asked.but(since=self._window.since, until=self._window.until).url() if stories else ""
        return Line(
            about=about,
            label=label,
            weeks=(self._day - last).days // 7 if last else None,
            last_url=asked.but(since=last, until=last).url() if last else "",
            recent=Counted(label, len(stories), url, about),
            plan=plans.of(what, members),
        )


class _Plans:
    """The drafts on the column's coming Thursdays, by what they are coded with."""

    def __init__(self, column: ColumnPage, today: date, year: int) -> None:
        self._year = year
        slots = Slot.objects.filter(
            column=column, issue_day__gte=today, published_at=None, story__isnull=False, story__live=False
        )
        days: Mapping[int | None, date] = dict(slots.values_list("story_id", "issue_day"))
        self._days: dict[tuple[str, Any], set[date]] = {}
        rows = Coverage.objects.subjects().filter(story__in=days)
        for story, unit, criterion, family in rows.values_list(
            "story", "department", "criterion", "criterion__group__family"
        ):
            for key in (("unit", unit), ("criterion", criterion), ("family", family)):
                self._days.setdefault(key, set()).add(days[story])

    def of(self, what: str, keys: Iterable[Any]) -> str:
        """“đã có trong kế hoạch 03/12, 07/01/2027”: other years are named."""
        days = sorted(set[date]().union(*(self._days.get((what, key), ()) for key in keys)))
        if not days:
            return ""
        named = [f"{day:%d/%m}" if day.year == self._year else format_day(day) for day in days]
        return _("đã có trong kế hoạch %(days)s") % {"days": ", ".join(named)}


def _longest_first(lines: Iterable[Line]) -> list[Line]:
    """What was never covered first, then by weeks; equals stay in their order."""
    listed = sorted(lines, key=lambda line: (line.weeks is not None, -(line.weeks or 0)))
    longest = max((line.weeks or 0 for line in listed), default=0)
    return [
        line if line.weeks is None or not longest else replace(line, bar=round(100 * line.weeks / longest))
        for line in listed
    ]
