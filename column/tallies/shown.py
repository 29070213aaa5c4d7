"""A tally as the screen and the API show it: lines of labels and figures with their addresses, and what is said beside.

Both show what this gives and nothing else, so their figures are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from column.coverage.filter import NONE
from column.coverage.listing import structure_in_words
from column.coverage.models import Criterion
from column.tallies.asked import MENTIONS, SLOTS
from column.tallies.axes import Value
from column.tallies.dimensions import TOTAL, dimension_of
from column.tallies.rules import PARTS_IN_FULL
from column.tallies.table import Figure, Row, Tally


@dataclass(frozen=True)
class Heading:
    """A column. ``criterion`` where it is one: it is shown with its verb and its shape."""

    key: str
    label: str
    criterion: Criterion | None = None


@dataclass(frozen=True)
class Line:
    """A row's own line, or (``part``) one of its inner lines. Totals have neither key nor ordinal."""

    key: str
    label: str
    figures: list[Figure]
    total: Figure
    part_key: str = ""
    part: str = ""
    ordinal: int = 0
    criterion: Criterion | None = None


@dataclass(frozen=True)
class BigNumber:
    figure: Figure
    label: str


class Shown:
    """``columns_page`` is the part of very many columns that is shown, all of them without it."""

    def __init__(self, tally: Tally, columns_page: slice | None = None) -> None:
        self.tally = tally
        self.asked = tally.asked
        self.columns_page = columns_page

    # --- lines -------------------------------------------------------------------------------------------------

    @property
    def count(self) -> int:
        """Rows of the whole table, inner lines not counted."""
        return len(self.tally.units)

    @property
    def lines_a_row(self) -> int:
        """At most: a row's own line and its inner ones."""
        return 1 + min(len(self.tally.quarters), PARTS_IN_FULL)

    @cached_property
    def columns(self) -> list[Heading]:
        shown = self.tally.columns[self.columns_page] if self.columns_page else self.tally.columns
        return [Heading(one.slug, one.label, _criterion(one)) for one in shown]

    def lines(self, first: int, last: int) -> list[Line]:
        """The rows from *first* (0 for the first of all) up to *last*, each followed by its inner lines."""
        rows = self.tally.rows(self.tally.units[first:last], first + 1, self.columns_page)
        return [_line(row) for row in rows]

    def unit_lines(self) -> list[Line]:
        """Rows that are something: not the line of what names none."""
        return [one for one in self.lines(0, self.count) if not one.part_key and one.key != NONE]

    @cached_property
    def totals(self) -> list[Line]:
        """The distinct totals: of everything, then of each inner line."""
        return [_line(row) for row in self.tally.total_rows(self.columns_page)]

    @cached_property
    def subtotals(self) -> list[Line]:
        """Of groups of units, where they are asked for."""
        return [_line(row) for row in self.tally.group_rows(self.columns_page)]

    # --- in words ----------------------------------------------------------------------------------------------

    @property
    def bignums(self) -> list[BigNumber]:
        total = BigNumber(self.tally.total, self.unit_of_count)
        kinds = [BigNumber(one.figure, one.label.lower()) for one in self.tally.kind_figures()]
        # Of one kind alone the total says it.
        return [total, *kinds] if len(kinds) > 1 else [total]

    @property
    def caption(self) -> str:
        """What a figure is, and of which structure of units."""
        return f"{self.tally.measure_label} · {structure_in_words(self.asked.structure)}"

    @property
    def unit_of_count(self) -> str:
        words = {MENTIONS: _("lượt"), SLOTS: _("kỳ đăng")}
        return words.get(self.asked.measure, _("tin, bài"))

    @property
    def row_heading(self) -> str:
        return _title(self.asked.rows)

    @property
    def column_heading(self) -> str:
        return _title(self.asked.columns)

    @property
    def sentence(self) -> str:
        """The filter in words."""
        return self.tally.chosen.sentence()

    @property
    def split_heading(self) -> str:
        return _title(self.asked.split)

    @property
    def whole_label(self) -> str:
        """What an own line of a row is called where it has inner ones."""
        return _("Cả kỳ")

    @property
    def layout(self) -> str:
        """“Đếm tin, bài (không trùng); hàng: …”."""
        parts = [
            _("Đếm %(what)s") % {"what": self.tally.measure_label.lower()},
            _("hàng: %(title)s") % {"title": _title(self.asked.rows).lower()},
        ]
        if self.asked.columns != TOTAL.slug:
            parts.append(_("cột: %(title)s") % {"title": _title(self.asked.columns).lower()})
        if self.asked.split:
            parts.append(_("tách theo %(title)s") % {"title": _title(self.asked.split).lower()})
        return "; ".join(parts) + "."

    @property
    def notes(self) -> list[str]:
        """What must be said beside the figures: sums that overlap, the list of the zeros, stories taken down."""
        tally = self.tally
        said = [*self._overlaps(), tally.groups_note(), tally.list_note(), tally.taken_down_note()]
        return [words for words in said if words]

    def _overlaps(self) -> Iterator[str]:
        for word, what in (
            (self.asked.rows, _("hàng")),
            (self.asked.columns, _("cột")),
            (self.asked.split, _("dòng con")),
        ):
            one = dimension_of(word) if word else None
            if one is None or not (one.repeats if self.asked.measure == MENTIONS else one.overlaps):
                continue
            yield _(
                "Các %(what)s (%(title)s) chồng nhau: một tin, bài có thể nằm ở nhiều %(what)s, nên không cộng lại;"
                " tổng số được đếm riêng."
            ) % {"what": what, "title": str(one.title).lower()}


def _line(row: Row) -> Line:
    return Line(
        key=row.unit.slug if row.unit else "", label=row.label, figures=row.figures, total=row.total,
        part_key=row.period.slug if row.period else "", part=row.period.label if row.period else "",
        ordinal=row.ordinal, criterion=_criterion(row.unit),
    )  # fmt: skip


def _criterion(value: Value | None) -> Criterion | None:
    return value.about if value is not None and isinstance(value.about, Criterion) else None


def _title(word: str) -> str:
    one = dimension_of(word) if word else None
    return str(one.title) if one else ""
