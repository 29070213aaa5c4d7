"""Calendar periods in addresses and in words: a year, a half, a quarter, a month."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from column.text.dates import FIRST_YEAR, format_month, quarter_label, quarter_of

_CODE = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(\d{2})))?")
LAST_YEAR = 2199


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days from ``first`` to ``last``, both included. ``code`` is what an address says (2017-Q1)."""

    code: str
    first: date
    last: date
    label: str

    def __str__(self) -> str:
        return self.label


def _span(year: int, first_month: int, last_month: int) -> tuple[date, date]:
    return date(year, first_month, 1), date(year, last_month, calendar.monthrange(year, last_month)[1])


def parse_period(code: str) -> Period:
    """Read ``2017``, ``2017-H1``, ``2017-Q1`` or ``2017-02``; ValueError (Vietnamese) for anything else."""
    match = _CODE.fullmatch(code.strip().upper())
    if match and FIRST_YEAR <= (year := int(match[1])) <= LAST_YEAR:
        if match[2]:
            return quarter(year, int(match[2]))
        if match[3]:
            half = int(match[3])
            words = _("6 tháng đầu năm %(year)d") if half == 1 else _("6 tháng cuối năm %(year)d")
            return Period(f"{year}-H{half}", *_span(year, half * 6 - 5, half * 6), words % {"year": year})
        if match[4] and 1 <= (month := int(match[4])) <= 12:
            return Period(f"{year}-{month:02d}", *_span(year, month, month), format_month(year, month))
        if not match[4]:
            return Period(str(year), *_span(year, 1, 12), _("năm %(year)d") % {"year": year})
    raise ValueError(
        _("Kỳ “%(code)s” không đọc được; hãy viết năm (2017), quý (2017-Q1) hoặc tháng (2017-02).")
        % {"code": code[:20]}
    )


def quarter(year: int, number: int) -> Period:
    """A quarter; ``number`` is 1 to 4."""
    return Period(f"{year}-Q{number}", *_span(year, number * 3 - 2, number * 3), quarter_label(year, number))


def quarters(first: date, last: date) -> list[Period]:
    """The quarters that a span of days touches, in order; none when it is empty."""
    found = []
    year, number = first.year, quarter_of(first)
    while (year, number) <= (last.year, quarter_of(last)):
        found.append(quarter(year, number))
        year, number = (year, number + 1) if number < 4 else (year + 1, 1)
    return found
