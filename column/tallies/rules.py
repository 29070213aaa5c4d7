"""How the table is laid out: which quarters it has, how dark a number is. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from column.coverage.filter import CoverageFilter
from column.coverage.periods import Period, parse_period, quarters

#: Up to so many quarters every unit shows all of them, zeros too; above, those in which it has stories.
QUARTERS_IN_FULL = 8


def narrowed(asked: CoverageFilter, quarter: Period) -> CoverageFilter:
    """The filter within a quarter; calendar periods are nested, so the smaller one says it all."""
    named = asked.named_period
    if named is None or (named.first <= quarter.first and quarter.last <= named.last):
        return asked.but(period=quarter.code)
    return asked


def quarters_shown(asked: CoverageFilter, counted: Iterable[str], today: date) -> list[Period]:
    """The quarters of the table: those asked for, as far as there are days or stories in them.

    ``counted`` (``2017-Q1``) are those with stories.
    """
    known = sorted(counted)
    first, last = asked.span
    first = first or (parse_period(known[0]).first if known else None)
    latest = max([today, *(parse_period(code).last for code in known[-1:])])
    last = min(last, latest) if last else (parse_period(known[-1]).last if known else None)
    return quarters(first, last) if first and last else []


def heat(number: int, highest: int) -> int:
    """The step of the scale, 1 to 6, of a number above zero; where all are small a step is one story."""
    return -(-6 * number // max(highest, 6)) if number and highest else 0
