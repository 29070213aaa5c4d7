"""How the table is laid out: which periods have a line, how dark a number is. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from column.coverage.filter import CoverageFilter
from column.coverage.periods import Period

#: How the code of a gap between the periods of a series begins.
GAP = "ngoai"
#: Up to so many inner lines every row shows all of them, zeros too; above, those in which it has stories.
PARTS_IN_FULL = 8


def periods_shown(
    asked: CoverageFilter, periods: Sequence[Period], counted: Collection[str], today: date
) -> list[Period]:
    """The periods of the table: those asked for, as far as there are days or stories in them.

    ``counted`` are the codes of those with stories. A gap between periods of a series shows only with stories.
    """
    places = [place for place, period in enumerate(periods) if period.code in counted]
    first, last = asked.span
    if first is None:
        first = periods[places[0]].first if places else None
    latest = max([today, *(periods[place].last for place in places[-1:])])
    last = min(last, latest) if last else (periods[places[-1]].last if places else None)
    if first is None or last is None:
        return []
    return [
        period
        for period in periods
        if period.code in counted or (period.first <= last and period.last >= first and not period.code.startswith(GAP))
    ]


def heat(number: int, highest: int) -> int:
    """The step of the scale, 1 to 6, of a number above zero; where all are small a step is one story."""
    return -(-6 * number // max(highest, 6)) if number and highest else 0
