"""*Bảng tổng hợp*: the counts laid out as unit × criterion × quarter, in report order, with an address per figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils.translation import gettext as _

from column.coverage.filter import FAMILIES, KINDS, NONE, CoverageFilter
from column.coverage.models import Criterion
from column.coverage.periods import Period
from column.coverage.selection import Selection
from column.departments.models import CITYWIDE, Department
from column.enums import Kind
from column.tallies.asked import MENTIONS, Asked
from column.tallies.counting import NOTHING, WHOLE, Counts, Number, count
from column.tallies.rules import QUARTERS_IN_FULL, heat, narrowed, quarters_shown

LIST_PATH = "/tong-hop/danh-sach/"


@dataclass(frozen=True)
class Figure:
    """One number and the list of exactly what it counts; no address for zero. ``heat`` is 1 to 6, 0 for none."""

    number: int
    url: str = ""
    heat: int = 0


@dataclass(frozen=True)
class Row:
    """A line of the table. A unit's first line is the whole span, the following ones its quarters."""

    unit: Department | None
    label: str
    period: Period | None
    figures: list[Figure]
    total: Figure
    ordinal: int = 0


@dataclass(frozen=True)
class KindFigure:
    label: str
    figure: Figure


@dataclass
class Tally:
    """A counted table. ``units`` holds every unit that has a line, None for rows coded without a unit."""

    asked: Asked
    chosen: Selection
    counts: Counts
    units: list[Department | None]
    columns: list[Criterion | None]
    quarters: list[Period]
    made_at: datetime
    zero_units: int = 0

    @classmethod
    def make(cls, asked: Asked, problems: Sequence[str], *, today: date, at: datetime) -> Tally:
        """Count and lay out (a constant number of queries)."""
        chosen = Selection.of(asked.filter, problems)
        counts = count(chosen, by_quarter=asked.by_quarter)
        counted = {unit for unit, quarter in counts.units if quarter == WHOLE}
        units = _units(chosen, counted, asked.zeros and not chosen.problems)
        columns: list[Criterion | None] = list(_columns(chosen, counts))
        return cls(
            asked=asked,
            chosen=chosen,
            counts=counts,
            units=units,
            columns=columns,
            quarters=quarters_shown(asked.filter, counts.quarters, today) if asked.by_quarter else [],
            made_at=at,
            zero_units=sum(1 for unit in units if unit and unit.pk not in counted),
        )

    # --- numbers alone (exports) -------------------------------------------------------------------------------

    def measured(self, number: Number) -> int:
        return number.mentions if self.asked.measure == MENTIONS else number.stories

    def numbers(self, unit: Department | None, quarter: str = WHOLE) -> tuple[list[int], int]:
        """A unit's line: a number for each column, and the distinct total."""
        key = unit.pk if unit else None
        cells = self.counts.cells
        line = [cells.get((key, one.pk if one else None, quarter), NOTHING) for one in self.columns]
        return [self.measured(n) for n in line], self.measured(self.counts.units.get((key, quarter), NOTHING))

    def total_numbers(self, quarter: str = WHOLE) -> tuple[list[int], int]:
        """The bottom line: distinct over all units."""
        criteria = self.counts.criteria
        line = [criteria.get((one.pk if one else None, quarter), NOTHING) for one in self.columns]
        return [self.measured(n) for n in line], self.measured(self.counts.total.get(quarter, NOTHING))

    def quarters_of(self, unit: Department | None) -> list[Period]:
        """The quarters in a unit's lines: all of them when they are few, else those that count something."""
        if len(self.quarters) <= QUARTERS_IN_FULL:
            return self.quarters
        key = unit.pk if unit else None
        return [quarter for quarter in self.quarters if (key, quarter.code) in self.counts.units]

    # --- numbers with their addresses (the screen) ----------------------------------------------------------------

    def rows(self, units: Sequence[Department | None], first: int = 1) -> Iterator[Row]:
        """The lines of some units; ``first`` is the ordinal of the first of them."""
        for ordinal, unit in enumerate(units, start=first):
            label = _on_screen(unit)
            code = unit.code if unit else NONE
            about = self.counted_filter.but(departments=(code,), branch=False, lineage=False)
            yield self._row(unit, label, None, about, *self.numbers(unit), ordinal=ordinal)
            for quarter in self.quarters_of(unit):
                yield self._row(unit, label, quarter, narrowed(about, quarter), *self.numbers(unit, quarter.code))

    def total_rows(self) -> Iterator[Row]:
        label = _("Tổng số (không trùng)") if self.asked.measure != MENTIONS else _("Tổng số lượt")
        about = self.counted_filter
        yield self._row(None, label, None, about, *self.total_numbers(), shaded=False)
        for quarter in self.quarters:
            numbers = self.total_numbers(quarter.code)
            yield self._row(None, label, quarter, narrowed(about, quarter), *numbers, shaded=False)

    def kind_figures(self) -> list[KindFigure]:
        """Bài, tin and ảnh apart (contract, rule 3)."""
        return [
            KindFigure(
                str(Kind(kind).label),
                self._figure(
                    self.measured(self.counts.kinds.get(kind, NOTHING)), self.counted_filter.but(kinds=(word,))
                ),
            )
            for word, kind in KINDS.items()
            if kind in self.counts.kinds or kind != Kind.POOLED
        ]

    @property
    def total(self) -> Figure:
        return self._figure(self.total_numbers()[1], self.counted_filter)

    @cached_property
    def counted_filter(self) -> CoverageFilter:
        # A story without any coverage is in no tally; said outright, since no other condition may say it.
        return self.asked.filter.but(role=self.asked.filter.role or "doi-tuong")

    @cached_property
    def _highest(self) -> dict[bool, int]:
        """The highest cell of whole-span lines and of quarter lines."""
        found = {True: 0, False: 0}
        for (_unit, _criterion, quarter), number in self.counts.cells.items():
            whole = quarter == WHOLE
            found[whole] = max(found[whole], self.measured(number))
        return found

    def _row(
        self,
        unit: Department | None,
        label: str,
        period: Period | None,
        about: CoverageFilter,
        numbers: list[int],
        total: int,
        *,
        ordinal: int = 0,
        shaded: bool = True,
    ) -> Row:
        highest = self._highest[period is None] if shaded else 0
        figures = [
            self._figure(number, about.but(criteria=(one.slug if one else NONE,), family=""), highest)
            for one, number in zip(self.columns, numbers, strict=True)
        ]
        return Row(unit, label, period, figures, self._figure(total, about), ordinal)

    def _figure(self, number: int, about: CoverageFilter, highest: int = 0) -> Figure:
        if not number:
            return Figure(0)
        more = [("dem", MENTIONS)] if self.asked.measure == MENTIONS else []
        return Figure(number, about.url(LIST_PATH, *more), heat(number, highest))

    # --- in words ------------------------------------------------------------------------------------------------

    @property
    def column_labels(self) -> list[str]:
        return [one.label if one else _("Chưa nêu tiêu chí") for one in self.columns]

    @property
    def measure_label(self) -> str:
        return _("Lượt") if self.asked.measure == MENTIONS else _("Tin, bài (không trùng)")

    @property
    def total_label(self) -> str:
        return _("Tổng số lượt") if self.asked.measure == MENTIONS else _("Tổng số (không trùng)")

    def list_note(self) -> str:
        """Which units the zeros are about; a report prints it."""
        if not self.asked.zeros:
            return _("Chỉ gồm đơn vị có tin, bài trong phạm vi lọc.")
        return _("Gồm mọi đơn vị có trong danh mục ở khoảng thời gian này: %(all)d đơn vị, %(zero)d đơn vị bằng 0.") % {
            "all": sum(1 for unit in self.units if unit), "zero": self.zero_units,
        }  # fmt: skip


def _on_screen(unit: Department | None) -> str:
    """With what tells bodies of one name apart; a printed table never has it."""
    if unit is None:
        return _("Không nêu đơn vị")
    return unit.display_name if unit.code == CITYWIDE else str(unit)


def _units(chosen: Selection, counted: set[int | None], zeros: bool) -> list[Department | None]:
    """The units with a line, in report order; the rows without a unit come last."""
    wanted = Department.objects.in_report_order()
    first, last = chosen.filter.span
    found: list[Department | None] = [
        unit
        for unit in wanted
        if unit.pk in counted
        or (
            zeros
            and (not chosen.filter.departments or unit.pk in chosen.units)
            and (last is None or unit.earliest_from is None or unit.earliest_from <= last)
            and (first is None or unit.latest_to is None or unit.latest_to >= first)
        )
    ]
    return [*found, None] if None in counted else found


def _columns(chosen: Selection, counts: Counts) -> Iterator[Criterion | None]:
    """The criteria in their documents' order: those in use in the span or counted; last, rows without one."""
    counted = {criterion for criterion, _quarter in counts.criteria}
    asked = chosen.filter
    first, last = asked.span
    for one in Criterion.objects.in_order().select_related("group__codebook"):
        book = one.group.codebook
        in_use = (last is None or book.in_use_from is None or book.in_use_from <= last) and (
            first is None or book.in_use_to is None or book.in_use_to >= first
        )
        wanted = (not asked.criteria or one.slug in asked.criteria) and (
            not asked.family or one.family == FAMILIES[asked.family]
        )
        if one.pk in counted or (in_use and wanted):
            yield one
    if None in counted:
        yield None
