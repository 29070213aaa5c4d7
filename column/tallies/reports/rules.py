"""Which report of a schedule is due. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, timedelta

from column.coverage.periods import OF_DAY, Period
from column.tallies.reports.models import Rhythm

_OF_DAY: dict[str, Callable[[date], Period]] = {
    Rhythm.MONTHLY: OF_DAY["thang"], Rhythm.QUARTERLY: OF_DAY["quy"], Rhythm.YEARLY: OF_DAY["nam"],
}  # fmt: skip


def ended(rhythm: str, today: date, days_after: int) -> Period:
    """The newest period whose report may be made: it ended, and *days_after* whole days have passed since.

    With 0 that is the first day after it.
    """
    period_of = _OF_DAY[rhythm]
    # The last day on which a period can have ended.
    limit = today - timedelta(days=days_after + 1)
    current = period_of(limit)
    return current if current.last <= limit else period_of(current.first - timedelta(days=1))


def due(rhythm: str, *, since: date, today: date, days_after: int, made: Collection[str]) -> list[Period]:
    """The periods whose report is still to be made, oldest first; none that ended before *since*."""
    period_of, found = _OF_DAY[rhythm], []
    period = ended(rhythm, today, days_after)
    while period.last >= since:
        if period.code not in made:
            found.append(period)
        period = period_of(period.first - timedelta(days=1))
    return found[::-1]


def next_day(rhythm: str, today: date, days_after: int) -> date:
    """When the next report comes."""
    after = _OF_DAY[rhythm](ended(rhythm, today, days_after).last + timedelta(days=1))
    return after.last + timedelta(days=days_after + 1)
