"""Time cut into periods without a gap: calendar ones, a series of custom cut-offs, the years of a document."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, timedelta

from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.coverage.periods import LAST_YEAR, Period, parse_period
from column.text.dates import FIRST_YEAR, format_day

DAY = timedelta(days=1)


def add_months(start: date, months: int) -> date:
    """The same day so many months later; where that month has none, the first day of the next (29/02 → 01/03).

    So a year from 29/02/2016 ends with 28/02/2017.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    if start.day > calendar.monthrange(year, month)[1]:
        return date(year, month, calendar.monthrange(year, month)[1]) + DAY
    return date(year, month, start.day)


def recurring(start: date, months: int, first: date, last: date) -> list[Period]:
    """Every so many months from *start*, before and after: the periods that the days from *first* to *last* touch."""
    step = (first.year * 12 + first.month - start.year * 12 - start.month) // months - 1
    found = []
    while (begin := add_months(start, step * months)) <= last:
        step += 1
        end = add_months(start, step * months) - DAY
        if end >= first:
            found.append(_named(begin, end))
    return found


def _named(first: date, last: date, label: str = "") -> Period:
    days = f"{format_day(first)}–{format_day(last)}"
    return Period(first.isoformat(), first, last, f"{label} ({days})" if label else days)


def with_gaps(periods: Iterable[Period]) -> list[Period]:
    """Periods in order, and between, before and after them what is in none; open ends are ``date.min``, ``date.max``.

    Of periods that overlap, the later one begins where the earlier one ends.
    """
    found: list[Period] = []
    begin = date.min
    for period in sorted(periods, key=lambda one: (one.first, one.last)):
        if period.last < begin:
            continue
        if period.first > begin:
            found.append(_gap(begin, period.first - DAY))
        first = max(begin, period.first)
        found.append(Period(period.code, first, period.last, period.label))
        begin = period.last + DAY if period.last < date.max else date.max
    if begin < date.max:
        found.append(_gap(begin, date.max))
    return found


def _gap(first: date, last: date) -> Period:
    if first == date.min and last == date.max:
        label = _("ngoài các kỳ")
    elif first == date.min:
        label = _("trước ngày %(day)s") % {"day": format_day(last + DAY)}
    elif last == date.max:
        label = _("từ ngày %(day)s") % {"day": format_day(first)}
    else:
        label = _("ngoài các kỳ: %(first)s–%(last)s") % {"first": format_day(first), "last": format_day(last)}
    return Period(f"ngoai-{first.isoformat() if first != date.min else 'truoc'}", first, last, label)


def years_of(issued: date, first: date, last: date) -> list[Period]:
    """The years since a document: *năm thứ nhất* from its own day, and what is before it."""
    found = []
    number = 0
    while (begin := add_months(issued, number * 12)) <= max(last, issued):
        number += 1
        end = add_months(issued, number * 12) - DAY
        found.append(_named(begin, end, _("năm thứ %(number)d") % {"number": number}))
    return with_gaps(found)


def narrowed(asked: CoverageFilter, period: Period, today: date) -> CoverageFilter:
    """The filter within a period: by its name where a name says it all, else by days."""
    if period.code[:4].isdecimal() and period.first == _first_of(period.code):
        named = asked.named_period
        if named is None or (named.first <= period.first and period.last <= named.last):
            return asked.but(period=period.code)
        if period.first <= named.first and named.last <= period.last:
            return asked
    since = max([day for day in (asked.since, period.first) if day])
    until = min([day for day in (asked.until, period.last) if day])
    # No address says a day that nobody could have typed; no story has one either.
    return asked.but(
        since=since if since.year >= FIRST_YEAR else asked.since,
        until=until if until.year <= min(today.year + 1, LAST_YEAR) else asked.until,
    )


def _first_of(code: str) -> date | None:
    """Of a calendar period; None for a code that names none."""
    try:
        return parse_period(code).first
    except ValueError:
        return None
