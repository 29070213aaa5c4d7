"""What a file says, as plain values: every format writes this and nothing else, so that no two of them differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from column.tallies.charts.picture import Picture
from column.tallies.stories import StoryLine


class Column(NamedTuple):
    """``key`` is what programs know it by (a slug, a code, a period); empty for what has none."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. ``part`` names the inner division, empty on a row's own line; totals have no ordinal."""

    ordinal: int
    name: str
    part: str
    numbers: tuple[int, ...]
    total: int
    note: str = ""
    key: str = ""
    part_key: str = ""


def no_stories() -> Iterator[StoryLine]:
    return iter(())


@dataclass(frozen=True)
class Report:
    """A counted table with what must be printed beside it.

    ``method`` holds (heading, words) in full, ``notes`` the few that a printed page carries. ``stories`` yields
    exactly the stories of the total, oldest first; it may be called once for each sheet that needs it.
    """

    title: str
    sentence: str
    address: str
    measure: str
    measure_label: str
    row_title: str
    split_title: str
    columns: Sequence[Column]
    total_label: str
    lines: Sequence[Line]
    totals: Sequence[Line]
    kinds: Sequence[tuple[str, int]]
    method: Sequence[tuple[str, str]]
    notes: Sequence[tuple[str, str]]
    made_at: datetime
    #: Subtotals of groups of rows, which overlap as the rows do.
    groups: Sequence[Line] = ()
    footnotes: Sequence[str] = ()
    #: The short code of the certificate that froze these figures; empty for figures of now.
    code: str = ""
    is_draft: bool = False
    #: “quý I/2017”, “từ ngày … đến hết ngày …”; empty without a bound. What else is asked, without the time.
    period: str = ""
    conditions: str = ""
    #: The list of monitored units and, of it, those with nothing.
    monitored: str = ""
    uncovered: Sequence[str] = ()
    pictures: Sequence[Picture] = ()
    stories: Callable[[], Iterator[StoryLine]] = no_stories
    story_count: int = 0
    #: The layout as addresses and programs write it: rows, columns, split.
    layout: dict[str, str] = field(default_factory=dict)

    def but(self, **changes: Any) -> Report:
        return replace(self, **changes)

    @property
    def total(self) -> int:
        """The distinct total of everything."""
        return self.totals[0].total if self.totals else 0

    def headings(self) -> list[str]:
        """Of the table, in every format; *TT* … *Ghi chú* (36-HD/VPTW)."""
        split = [self.split_title] if self.split_title else []
        return [_("TT"), self.row_title, *split, *(one.label for one in self.columns), self.total_label, _("Ghi chú")]

    def cells(self, line: Line) -> list[str | int]:
        """A line under :meth:`headings`; a number is an ``int``."""
        split = [line.part or _("Cả kỳ")] if self.split_title else []
        return [line.ordinal or "", line.name, *split, *line.numbers, line.total, line.note]

    def all_lines(self) -> Iterator[Line]:
        """The rows, the subtotals of their groups, the totals."""
        yield from self.lines
        yield from self.groups
        yield from self.totals
