"""The counts of a tally, from one SQL statement: so all its figures show one state of the database."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import CharField, Count, F, IntegerField, QuerySet, Value
from django.db.models.functions import Cast, Concat, Substr

from column.coverage.models import Coverage
from column.coverage.selection import Selection

#: In place of a quarter: the whole span.
WHOLE = ""


class Number(NamedTuple):
    """Both measures of one figure: distinct stories, and coverage rows (*lượt*)."""

    stories: int = 0
    mentions: int = 0

    def __add__(self, other: object) -> Number:
        assert isinstance(other, Number)
        return Number(self.stories + other.stories, self.mentions + other.mentions)


NOTHING = Number()


@dataclass
class Counts:
    """Figures by (unit, criterion, quarter), None for rows that have none; the quarter ``WHOLE`` is the whole span.

    Distinct totals are counted by the database, not summed: a story about two criteria is one story. Only
    over time figures add up, because a story has one issue date.
    """

    cells: dict[tuple[int | None, int | None, str], Number] = field(default_factory=dict)
    units: dict[tuple[int | None, str], Number] = field(default_factory=dict)
    criteria: dict[tuple[int | None, str], Number] = field(default_factory=dict)
    total: dict[str, Number] = field(default_factory=dict)
    kinds: dict[str, Number] = field(default_factory=dict)

    @property
    def quarters(self) -> set[str]:
        """The quarters that count something; empty when they were not told apart."""
        return self.total.keys() - {WHOLE}


_CELL, _UNIT, _CRITERION, _TOTAL, _KIND = range(5)
_COLUMNS = ("level", "unit", "criterion_key", "part")


def count(chosen: Selection, *, by_quarter: bool = False) -> Counts:
    """Count what a selection matches: published stories by issue date, the unit as it was coded.

    One statement of five grouped selects, whatever the size of the table; figures of quarters only where
    they are asked for.
    """
    if chosen.problems:
        return Counts()
    rows = chosen.rows()
    quarter = _quarter() if by_quarter else Value(WHOLE)
    nobody: Any = Value(None, output_field=IntegerField())
    selects = [
        _select(rows, _CELL, F("department"), F("criterion"), quarter),
        _select(rows, _UNIT, F("department"), nobody, quarter),
        _select(rows, _CRITERION, nobody, F("criterion"), quarter),
        _select(rows, _TOTAL, nobody, nobody, quarter),
        _select(rows, _KIND, nobody, nobody, F("story__kind")),
    ]
    cells: dict[Any, Number] = defaultdict(Number)
    units: dict[Any, Number] = defaultdict(Number)
    criteria: dict[Any, Number] = defaultdict(Number)
    total: dict[str, Number] = defaultdict(Number)
    kinds: dict[str, Number] = {}
    for level, unit, criterion, part, stories, mentions in selects[0].union(*selects[1:], all=True):
        number = Number(stories, mentions)
        if level == _KIND:
            kinds[part] = number
            continue
        for when in {part, WHOLE}:
            if level == _CELL:
                cells[unit, criterion, when] += number
            elif level == _UNIT:
                units[unit, when] += number
            elif level == _CRITERION:
                criteria[criterion, when] += number
            else:
                total[when] += number
    return Counts(dict(cells), dict(units), dict(criteria), dict(total), kinds)


def _quarter() -> Any:
    """2017-Q1, by text alone: the date functions of SQLite run in Python, a call a row."""
    day = Cast("story__issue_date", CharField(max_length=10))
    number = (Cast(Substr(day, 6, 2), IntegerField()) + 2) / 3
    return Concat(Substr(day, 1, 4), Value("-Q"), Cast(number, CharField(max_length=1)))


def _select(rows: QuerySet[Coverage], level: int, unit: Any, criterion: Any, part: Any) -> Any:
    return (
        rows.annotate(level=Value(level), unit=unit, criterion_key=criterion, part=part)
        .values(*_COLUMNS)
        .annotate(stories=Count("story", distinct=True), mentions=Count("pk"))
        .values_list(*_COLUMNS, "stories", "mentions")
        .order_by()
    )
