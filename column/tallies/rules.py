"""What a tally is asked to be: the coverage filter, and how the table is laid out. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.coverage.periods import Period, parse_period, quarters

STORIES, MENTIONS = "tin-bai", "luot"
MEASURES = (STORIES, MENTIONS)
#: Up to so many quarters every unit shows all of them, zeros too; above, those in which it has stories.
QUARTERS_IN_FULL = 8


@dataclass(frozen=True)
class Asked:
    """A filter, the measure, whether quarters are told apart, and whether units without a story are shown."""

    filter: CoverageFilter = field(default_factory=CoverageFilter)
    measure: str = STORIES
    by_quarter: bool = False
    zeros: bool = False

    @classmethod
    def parse(cls, params: QueryDict) -> tuple[Asked, list[str]]:
        """Read an address of a tally; problems in Vietnamese as ``CoverageFilter.parse`` gives them."""
        wanted, problems = CoverageFilter.parse(params, staff=True)
        measure = params.get("dem", STORIES)
        if measure not in MEASURES:
            problems.append(
                _("“%(value)s” không dùng được cho “dem”; các giá trị có thể là: %(known)s.")
                % {"value": measure[:60], "known": ", ".join(MEASURES)}
            )
            measure = STORIES
        return cls(wanted, measure, params.get("theo") == "quy", params.get("bang-0") == "1"), problems

    @classmethod
    def opening(cls, today: date) -> Asked:
        """What a committee member sees first: this year, quarter by quarter."""
        return cls(CoverageFilter(period=str(today.year)), by_quarter=True)

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the layout; what is not asked is not written."""
        found = []
        if self.measure != STORIES:
            found.append(("dem", self.measure))
        if self.by_quarter:
            found.append(("theo", "quy"))
        if self.zeros:
            found.append(("bang-0", "1"))
        return found

    def url(self, path: str = "/tong-hop/", **changes: Any) -> str:
        asked = replace(self, **changes)
        # Without any parameter the address means the opening tally.
        return asked.filter.url(path, *(asked.pairs() or ([("dem", STORIES)] if asked.filter.is_empty() else [])))


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
