"""*Bảng tổng hợp*: the counts laid out by any two dimensions and a third within, with an address per figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from django.utils.translation import gettext as _

from column.coverage.filter import KINDS, CoverageFilter
from column.coverage.periods import Period
from column.coverage.selection import Selection
from column.enums import Kind
from column.tallies import dimensions as by
from column.tallies.asked import MENTIONS, SLOTS, Asked
from column.tallies.axes import Axis, Value
from column.tallies.binding import Binder
from column.tallies.counting import WHOLE, Cell, count
from column.tallies.models import MonitoredList
from column.tallies.rules import PARTS_IN_FULL, heat, periods_shown
from column.tallies.slots import STATE, count_slots, slot_lines
from column.text.dates import format_day

LIST_PATH = "/tong-hop/danh-sach/"
SLOTS_PATH = "/tong-hop/ky-dang/"


@dataclass(frozen=True)
class Figure:
    """One number and the list of exactly what it counts; no address for zero. ``heat`` is 1 to 6, 0 for none."""

    number: int
    url: str = ""
    heat: int = 0


@dataclass(frozen=True)
class Row:
    """A line of the table. A row's first line is the whole of it, the following ones its inner lines (``period``)."""

    unit: Value | None
    label: str
    period: Value | None
    figures: list[Figure]
    total: Figure
    ordinal: int = 0


@dataclass(frozen=True)
class KindFigure:
    label: str
    figure: Figure


@dataclass
class Tally:
    """A counted table: ``units`` are the values that have a row, ``quarters`` those of the inner lines.

    ``counts`` holds every figure that is not zero by (row, inner line, column); ``WHOLE`` stands for all of them.
    Every total is a distinct count of its own, never a sum of what overlaps.
    """

    asked: Asked
    chosen: Selection
    #: The stories that every figure is about.
    counted: Selection
    counts: Mapping[Cell, int]
    kinds: Mapping[str, int]
    groups: Mapping[Cell, int]
    binder: Binder
    axes: tuple[Axis | None, Axis | None, Axis | None]
    units: list[Value]
    quarters: list[Value]
    columns: list[Value]
    made_at: datetime
    group_values: list[Value] = field(default_factory=list)
    group_axis: Axis | None = None
    monitored: MonitoredList | None = None

    @classmethod
    def make(cls, asked: Asked, problems: Sequence[str], *, today: date, at: datetime) -> Tally:
        """Count and lay out (a constant number of queries)."""
        chosen = Selection.of(asked.filter, problems, today=today)
        # Shares its list of problems with *chosen*: what the binder finds stands in both.
        wanted = replace(chosen, filter=asked.counted)
        binder = Binder(asked, wanted, today)
        axes = binder.bind()
        group_axis = binder.groups()
        chosen.problems += binder.problems
        figures: Mapping[Cell, int]
        kinds: Mapping[str, int] = {}
        groups: Mapping[Cell, int] = {}
        if asked.measure == SLOTS:
            figures = count_slots([] if chosen.problems else slot_lines(asked.filter, at), axes)
        else:
            counts = count(wanted, axes, asked.measure, groups=group_axis)
            figures, kinds, groups = counts.figures, counts.kinds, counts.groups
        rows, parts, columns = (
            _shown(axis, {cell[place] for cell in figures}, asked, today) if not chosen.problems else []
            for place, axis in enumerate(axes)
        )
        return cls(
            asked=asked, chosen=chosen, counted=wanted, counts=figures, kinds=kinds, groups=groups,
            binder=binder, axes=(axes[0], axes[1], axes[2]), units=rows, quarters=parts, columns=columns, made_at=at,
            group_values=group_axis.shown({cell[0] for cell in groups}) if group_axis else [],
            group_axis=group_axis, monitored=binder.monitored,
        )  # fmt: skip

    # --- numbers alone (exports) -------------------------------------------------------------------------------

    def numbers(self, unit: Value | None, part: str = WHOLE) -> tuple[list[int], int]:
        """A row's line: a number for each column, and the distinct total. ``part`` is the slug of an inner line."""
        return self._numbers(self.counts, unit.slug if unit else WHOLE, part)

    def total_numbers(self, part: str = WHOLE) -> tuple[list[int], int]:
        """The bottom line: distinct over all rows."""
        return self._numbers(self.counts, WHOLE, part)

    def _numbers(self, counts: Mapping[Cell, int], row: str, part: str) -> tuple[list[int], int]:
        return [counts.get((row, part, one.slug), 0) for one in self.columns], counts.get((row, part, WHOLE), 0)

    def quarters_of(self, unit: Value | None) -> list[Value]:
        """The inner lines of a row: all of them when they are few, else those that count something."""
        if len(self.quarters) <= PARTS_IN_FULL:
            return self.quarters
        row = unit.slug if unit else WHOLE
        return [part for part in self.quarters if (row, part.slug, WHOLE) in self.counts]

    # --- numbers with their addresses (the screen) ----------------------------------------------------------------

    def rows(self, units: Sequence[Value], first: int = 1, columns: slice | None = None) -> Iterator[Row]:
        """The lines of some rows; ``first`` is the ordinal of the first of them, ``columns`` a page of columns."""
        for ordinal, unit in enumerate(units, start=first):
            for part in (None, *self.quarters_of(unit)):
                yield self._row(self.counts, self.axes[0], unit, part, unit.label, columns, ordinal=ordinal)

    def group_rows(self, columns: slice | None = None) -> Iterator[Row]:
        """Subtotals by report group: each counts a story once, so they overlap like the units do."""
        for group in self.group_values:
            label = _("Cộng nhóm: %(group)s") % {"group": group.label}
            yield self._row(self.groups, self.group_axis, group, None, label, columns, shaded=False)

    def total_rows(self, columns: slice | None = None) -> Iterator[Row]:
        for part in (None, *self.quarters):
            yield self._row(self.counts, None, None, part, self.total_label, columns, shaded=False)

    def kind_figures(self) -> list[KindFigure]:
        """Bài, tin and ảnh apart (contract, rule 3)."""
        return [
            KindFigure(
                str(Kind(kind).label),
                self._figure(self.kinds.get(word, 0), self.counted_filter.but(kinds=(word,)), ()),
            )
            for word, kind in KINDS.items()
            if self.asked.measure != SLOTS and (word in self.kinds or kind != Kind.POOLED)
        ]

    @property
    def total(self) -> Figure:
        return self._figure(self.total_numbers()[1], self.counted_filter, ())

    @property
    def counted_filter(self) -> CoverageFilter:
        """What every figure is about."""
        return self.asked.counted

    @cached_property
    def _highest(self) -> dict[bool, int]:
        """The highest cell of whole lines and of inner lines."""
        found = {True: 0, False: 0}
        for (row, part, column), number in self.counts.items():
            if WHOLE not in {row, column}:
                found[part == WHOLE] = max(found[part == WHOLE], number)
        return found

    def _row(
        self, counts: Mapping[Cell, int], axis: Axis | None, unit: Value | None, part: Value | None, label: str,
        columns: slice | None, *, ordinal: int = 0, shaded: bool = True,
    ) -> Row:  # fmt: skip
        highest = self._highest[part is None] if shaded else 0
        places = [(axis, unit), (self.axes[1], part)]
        about = self._about(places)
        row, inner = unit.slug if unit else WHOLE, part.slug if part else WHOLE
        figures = []
        for column in self.columns[columns] if columns else self.columns:
            number = counts.get((row, inner, column.slug), 0)
            if not number:
                figures.append(_ZERO)
                continue
            cell = [*places, (self.axes[2], column)]
            figures.append(self._figure(number, self._narrowed(about, [cell[2]]), cell, highest))
        total = self._figure(counts.get((row, inner, WHOLE), 0), about, places)
        return Row(unit, label, part, figures, total, ordinal)

    def _about(self, places: Sequence[tuple[Axis | None, Value | None]]) -> CoverageFilter:
        return self._narrowed(self.counted_filter, places)

    def _narrowed(self, asked: CoverageFilter, places: Sequence[tuple[Axis | None, Value | None]]) -> CoverageFilter:
        for axis, value in places:
            if axis is not None and value is not None:
                asked = axis.narrow(asked, value)
        return asked

    def _figure(
        self, number: int, about: CoverageFilter, places: Sequence[tuple[Axis | None, Value | None]], highest: int = 0
    ) -> Figure:
        if not number:
            return _ZERO
        if self.asked.measure == SLOTS:
            state = [
                (STATE, value.slug) for axis, value in places if axis and value and axis.dimension == by.SLOT_STATE
            ]
            return Figure(number, about.url(SLOTS_PATH, *state), heat(number, highest))
        more = [("dem", MENTIONS)] if self.asked.measure == MENTIONS else []
        return Figure(number, about.url(LIST_PATH, *more), heat(number, highest))

    # --- in words ------------------------------------------------------------------------------------------------

    @property
    def column_labels(self) -> list[str]:
        return [one.label for one in self.columns]

    @property
    def measure_label(self) -> str:
        words = {MENTIONS: _("Lượt"), SLOTS: _("Kỳ đăng")}
        return words.get(self.asked.measure, _("Tin, bài (không trùng)"))

    @property
    def total_label(self) -> str:
        words = {MENTIONS: _("Tổng số lượt"), SLOTS: _("Tổng số kỳ đăng")}
        return words.get(self.asked.measure, _("Tổng số (không trùng)"))

    @cached_property
    def zero_rows(self) -> list[Value]:
        """Of the units that are watched or shown for their zeros: those with nothing in them."""
        return [unit for unit in self.units if unit.about and (unit.slug, WHOLE, WHOLE) not in self.counts]

    @property
    def zero_units(self) -> int:
        return len(self.zero_rows)

    def list_note(self) -> str:
        """Which units the zeros are about; a report prints it."""
        if by.UNITS.slug != self.asked.rows:
            return ""
        numbers = {"all": sum(1 for unit in self.units if unit.about), "zero": self.zero_units}
        if self.monitored is not None:
            return _("Số 0 theo danh sách “%(name)s”, lập theo ngày %(day)s: %(zero)d đơn vị bằng 0.") % {
                "name": self.monitored.name, "day": format_day(self.monitored.as_of), **numbers,
            }  # fmt: skip
        if not self.asked.zeros:
            return _("Chỉ gồm đơn vị có tin, bài trong phạm vi lọc.")
        return (
            _("Gồm mọi đơn vị có trong danh mục ở khoảng thời gian này: %(all)d đơn vị, %(zero)d đơn vị bằng 0.")
            % numbers
        )

    def groups_note(self) -> str:
        """That the subtotals overlap; empty without any."""
        if not self.group_values:
            return ""
        return _(
            "Mỗi dòng cộng nhóm đếm một tin, bài một lần; một tin, bài có thể thuộc nhiều nhóm, nên không cộng lại."
        )

    def taken_down_note(self) -> str:
        """Of the stories that left the count because they were taken down; empty without any. One query."""
        if self.chosen.problems or self.asked.measure == SLOTS:
            return ""
        days = self.counted.taken_down()
        if not days:
            return ""
        return _("%(number)d tin, bài của phạm vi này đã gỡ, không còn được đếm (gỡ gần nhất ngày %(day)s).") % {
            "number": len(days), "day": format_day(days[-1]),
        }  # fmt: skip

    @property
    def periods(self) -> dict[str, list[tuple[str, date, date]]]:
        """What the custom periods of this tally were, by the dimension's word: (key, first day, last day)."""
        words = (self.asked.rows, self.asked.split, self.asked.columns)
        return {
            word: [(value.slug, value.period.first, value.period.last) for value in axis.values if value.period]
            for word, axis in zip(words, self.axes, strict=True)
            if axis is not None and axis.dimension.argument
        }


_ZERO = Figure(0)


def _shown(axis: Axis | None, counted: set[str], asked: Asked, today: date) -> list[Value]:
    if axis is None:
        return []
    if not axis.dimension.is_time:
        return axis.shown(counted)
    periods: list[Period] = [value.period for value in axis.values if value.period]
    wanted = {period.code for period in periods_shown(asked.filter, periods, counted, today)}
    return [value for value in axis.values if value.slug in wanted]
