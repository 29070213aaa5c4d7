"""Pure decisions about units over time."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

_BOUND = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class DateBound:
    """A bound of year, month or day precision: its first and last possible day, inclusive."""

    first: date
    last: date


def parse_bound(text: str) -> DateBound:
    """Read ``2014``, ``2014-05`` or ``2014-05-20``; ValueError (Vietnamese) for anything else."""
    match = _BOUND.fullmatch(text.strip())
    if not match:
        raise ValueError(f"“{text}” không phải năm (2014), tháng (2014-05) hay ngày (2014-05-20).")
    year, month, day = int(match[1]), match[2], match[3]
    try:
        if day:
            exact = date(year, int(month), int(day))
            return DateBound(exact, exact)
        if month:
            last = calendar.monthrange(year, int(month))[1]
            return DateBound(date(year, int(month), 1), date(year, int(month), last))
        return DateBound(date(year, 1, 1), date(year, 12, 31))
    except ValueError:
        raise ValueError(f"“{text}” không phải một ngày có thật.") from None
