"""The axes of a tally, bound to the database: a constant number of queries, whatever the layout."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from column.coverage.models import Criterion, Document
from column.coverage.periods import OF_DAY, Period, calendar_periods
from column.coverage.selection import Selection
from column.stories.models import Story
from column.tallies import axes as of
from column.tallies import dimensions as by
from column.tallies.asked import SLOTS, Asked
from column.tallies.axes import Axis
from column.tallies.dimensions import dimension_of
from column.tallies.models import MonitoredList, ReportingSeries
from column.tallies.slots import slot_span, state_axis
from column.tallies.times import recurring, with_gaps, years_of
from column.tallies.units import Unit, Units

Span = tuple[date, date]


@dataclass
class Binder:
    """Makes the axes that a definition asks for; ``problems`` are in Vietnamese."""

    asked: Asked
    chosen: Selection
    today: date
    problems: list[str] = field(default_factory=list)
    monitored: MonitoredList | None = None
    watched: frozenset[str] = frozenset()
    _units: Units | None = None
    _criteria: list[Criterion] | None = None
    _span: Span | None = None

    def bind(self) -> list[Axis | None]:
        """The axes of rows, inner lines and columns."""
        if self.asked.monitored:
            self.monitored = MonitoredList.objects.filter(slug=self.asked.monitored).first()
            if self.monitored is None:
                self.problems.append(
                    _("Không có danh sách đơn vị theo dõi “%(value)s”.") % {"value": self.asked.monitored[:60]}
                )
            else:
                self.watched = frozenset(self.monitored.units.order_by().values_list("code", flat=True))
        return [self._axis(word) for word in (self.asked.rows, self.asked.split, self.asked.columns)]

    def groups(self) -> Axis | None:
        """The report groups, where subtotals of units are asked for."""
        wanted = self.asked.subtotals and self.asked.rows == by.UNITS.slug
        return of.unit_groups_axis(self.units) if wanted else None

    @property
    def units(self) -> Units:
        if self._units is None:
            self._units = Units(self.chosen, self.today)
        return self._units

    @property
    def criteria(self) -> list[Criterion]:
        if self._criteria is None:
            self._criteria = list(Criterion.objects.in_order().select_related("group__codebook"))
        return self._criteria

    def _axis(self, word: str) -> Axis | None:
        dimension = dimension_of(word) if word else None
        if dimension is None or dimension == by.TOTAL:
            return None
        asked = self.chosen.filter
        if dimension.is_time:
            return self._time(word)
        made = {
            by.UNITS: lambda: of.units_axis(self.units, self._always()),
            by.UNIT_KINDS: lambda: of.unit_kinds_axis(self.units),
            by.UNIT_GROUPS: lambda: of.unit_groups_axis(self.units),
            by.BRANCHES: lambda: of.branches_axis(self.units, asked),
            by.CRITERIA: lambda: of.criteria_axis(self.criteria, asked),
            by.FAMILY: lambda: of.family_axis(self.criteria),
            by.SOLUTIONS: lambda: of.solutions_axis(self.criteria, asked),
            by.DOCUMENTS: lambda: of.documents_axis(asked),
            by.BYLINES: lambda: of.bylines_axis(self.chosen),
            by.KIND: of.kinds_axis,
            by.ROLE: of.roles_axis,
            by.TONE: of.tones_axis,
            by.SLOT_STATE: state_axis,
        }
        return made[dimension]()

    # --- units with a line of zeros ------------------------------------------------------------------------------

    def _always(self) -> set[str]:
        found = set()
        if self.watched:
            codes = {unit.code: unit for unit in self.units.all}
            found = {self.units.of[self.units.image(codes[code].pk)].code for code in self.watched}
        if self.asked.zeros:
            found |= {unit.code for unit in self.units.all if self._existed(unit)}
        return found

    def _existed(self, unit: Unit) -> bool:
        first, last = self.asked.filter.span
        chosen = self.chosen
        return (
            self.units.image(unit.pk) == unit.pk
            and (not self.asked.filter.departments or unit.pk in chosen.units)
            and (chosen.also_units is None or unit.pk in chosen.also_units)
            and (last is None or unit.earliest_from is None or unit.earliest_from <= last)
            and (first is None or unit.latest_to is None or unit.latest_to >= first)
        )

    # --- time ----------------------------------------------------------------------------------------------------

    def _time(self, word: str) -> Axis | None:
        dimension = dimension_of(word)
        assert dimension is not None
        span, whole = self._days()
        periods = self._periods(word, span)
        if not periods:
            return None
        return of.times_axis(dimension, periods, self.today, None if whole else span)

    def _days(self) -> tuple[Span, bool]:
        """The days to cut, and whether the filter itself gives them; else the data does, and bounds the counts."""
        first, last = self.asked.filter.span
        if first and last:
            return (first, max(first, last)), True
        if self._span is None:
            if self.asked.measure == SLOTS:
                self._span = slot_span() or (self.today, self.today)
            else:
                known = Story.objects.order_by().aggregate(first=Min("issue_date"), last=Max("issue_date"))
                self._span = (known["first"] or self.today, known["last"] or self.today)
        first = first or min(self._span[0], last or self._span[0])
        last = last or max(self._span[1], first)
        return (first, last), False

    def _periods(self, word: str, span: Span) -> list[Period]:
        slug, _colon, argument = word.partition(":")
        if slug in OF_DAY:
            return calendar_periods(slug, *span)
        if slug == by.ANNIVERSARIES.slug:
            key = int(argument) if argument.isdecimal() and len(argument) < 10 else 0
            document = Document.objects.filter(pk=key).first()
            if document is None:
                self.problems.append(_("Không có văn bản “%(value)s”.") % {"value": argument[:60]})
            elif document.issued_on is None:
                self.problems.append(_("%(document)s chưa có ngày ban hành.") % {"document": document})
            else:
                return _touching(years_of(document.issued_on, *span), span)
            return []
        series = ReportingSeries.objects.filter(slug=argument).first()
        if series is None:
            self.problems.append(_("Không có cách chia kỳ báo cáo “%(value)s”.") % {"value": argument[:60]})
            return []
        if series.starts_on and series.months:
            return recurring(series.starts_on, series.months, *span)
        written = series.periods.all()
        own = [Period(one.first_day.isoformat(), one.first_day, one.last_day, one.name) for one in written]
        return _touching(with_gaps(own), span)


def _touching(periods: list[Period], span: Span) -> list[Period]:
    return [period for period in periods if period.last >= span[0] and period.first <= span[1]]
