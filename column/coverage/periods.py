"""Calendar periods in addresses and in words: a year, a half, a quarter, a month, a week."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from column.text.dates import FIRST_YEAR, format_month, quarter_label, quarter_of

_CODE = re.compile(r"(\d{4})(?:-(?:Q([1-4])|H([12])|(\d{2})|W(\d{2})))?")
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
    """Read ``2017``, ``2017-H1``, ``2017-Q1``, ``2017-02`` or ``2017-W07``; ValueError (Vietnamese) for the rest.

    Weeks are ISO 8601's: from Monday, of the year in which their Thursday lies.
    """
    match = _CODE.fullmatch(code.strip().upper())
    if match and FIRST_YEAR <= (year := int(match[1])) <= LAST_YEAR:
        if match[2]:
            return quarter(year, int(match[2]))
        if match[3]:
            return half(year, int(match[3]))
        if match[4] and 1 <= int(match[4]) <= 12:
            return month(year, int(match[4]))
        if match[5] and 1 <= int(match[5]) <= date(year, 12, 28).isocalendar().week:
            return week(date.fromisocalendar(year, int(match[5]), 1))
        if not match[4] and not match[5]:
            return whole_year(year)
    raise ValueError(
        _("Kỳ “%(code)s” không đọc được; hãy viết năm (2017), quý (2017-Q1) hoặc tháng (2017-02).")
        % {"code": code[:20]}
    )


def whole_year(year: int) -> Period:
    return Period(str(year), *_span(year, 1, 12), _("năm %(year)d") % {"year": year})


def half(year: int, number: int) -> Period:
    """*6 tháng đầu năm* (1) or *cuối năm* (2)."""
    words = _("6 tháng đầu năm %(year)d") if number == 1 else _("6 tháng cuối năm %(year)d")
    return Period(f"{year}-H{number}", *_span(year, number * 6 - 5, number * 6), words % {"year": year})


def quarter(year: int, number: int) -> Period:
    """A quarter; ``number`` is 1 to 4."""
    return Period(f"{year}-Q{number}", *_span(year, number * 3 - 2, number * 3), quarter_label(year, number))


def month(year: int, number: int) -> Period:
    return Period(f"{year}-{number:02d}", *_span(year, number, number), format_month(year, number))


def week(day: date) -> Period:
    """The week of a day, Monday to Sunday."""
    year, number, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    sunday = monday + timedelta(days=6)
    words = {"number": number, "year": year, "first": f"{monday:%d/%m}", "last": f"{sunday:%d/%m}"}
    label = _("tuần %(number)d/%(year)d (%(first)s–%(last)s)") % words
    return Period(f"{year}-W{number:02d}", monday, sunday, label)


#: The calendar period of each size that a day lies in.
OF_DAY: dict[str, Callable[[date], Period]] = {
    "tuan": week,
    "thang": lambda day: month(day.year, day.month),
    "quy": lambda day: quarter(day.year, quarter_of(day)),
    "nua-nam": lambda day: half(day.year, 1 if day.month <= 6 else 2),
    "nam": lambda day: whole_year(day.year),
}


def calendar_periods(size: str, first: date, last: date) -> list[Period]:
    """The periods of a size (a key of ``OF_DAY``) that a span of days touches, in order; none when it is empty."""
    found = []
    day = first
    while day <= last:
        found.append(OF_DAY[size](day))
        day = found[-1].last + timedelta(days=1)
    return found


def quarters(first: date, last: date) -> list[Period]:
    """The quarters that a span of days touches, in order; none when it is empty."""
    return calendar_periods("quy", first, last)
