"""What a comparison is asked to be: one layout, two filters; read from an address and written as one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.coverage.periods import OF_DAY, Period
from column.tallies import dimensions as by
from column.tallies.asked import SLOTS, Asked
from column.text.dates import FIRST_YEAR

PATH: Final = "/tong-hop/so-sanh/"
#: Before every parameter of the second side; alone it says that this side has no condition.
SECOND: Final = "voi-"
_EVERYTHING: Final = ("voi", "tat-ca")
_WEEK: Final = 7


@dataclass(frozen=True)
class Compared:
    """The first side is a whole tally of one column (``first``), the second differs by its filter alone."""

    first: Asked
    second: CoverageFilter

    @classmethod
    def parse(cls, params: QueryDict) -> tuple[Compared, list[str]]:
        """Read an address; without a second side it is the period before the first one's.

        Problems in Vietnamese, those of the second side after those of the first.
        """
        mine, theirs = QueryDict(mutable=True), QueryDict(mutable=True)
        for key, values in params.lists():
            side, name = (theirs, key.removeprefix(SECOND)) if key.startswith(SECOND) else (mine, key)
            side.setlist(name, values)
        slots = mine.get("dem") == SLOTS
        mine["cot"] = by.TOTAL.slug
        if slots:
            mine["hang"] = by.SLOT_STATE.slug
        mine.pop("theo", None)
        first, problems = Asked.parse(mine)
        if any(one.is_time for one in first.dimensions):
            problems.append(
                _("Hai kỳ không có chung dòng thời gian; hãy chia hàng theo đơn vị, tiêu chí hay cách khác.")
            )
        second, others = CoverageFilter.parse(theirs, staff=True)
        problems += [_("Bên thứ hai: %(problem)s") % {"problem": problem} for problem in others]
        if not theirs and params.get(_EVERYTHING[0]) != _EVERYTHING[1]:
            second = period_before(first.filter)
        return cls(first, second), problems

    @property
    def second_asked(self) -> Asked:
        return replace(self.first, filter=self.second)

    def pairs(self) -> list[tuple[str, str]]:
        layout = [(key, value) for key, value in self.first.pairs() if key != "cot"]
        if self.first.measure == SLOTS:
            layout = [(key, value) for key, value in layout if key != "hang"]
        theirs = [(f"{SECOND}{key}", value) for key, value in self.second.pairs()]
        return [*self.first.filter.pairs(), *layout, *(theirs or [_EVERYTHING])]

    def url(self, path: str = PATH) -> str:
        """The canonical address under ``path``; parsing it gives this comparison back."""
        return f"{path}?{urlencode(self.pairs())}"

    def swapped(self) -> Compared:
        return Compared(self.first.but(filter=self.second), self.first.filter)

    def but(self, *, rows: str | None = None, **changes: Any) -> Compared:
        """Both sides with these conditions."""
        first = self.first.but(filter=self.first.filter.but(**changes))
        return Compared(first.but(rows=rows) if rows else first, self.second.but(**changes))


def period_before(asked: CoverageFilter) -> CoverageFilter:
    """The same filter over the period just before: quarter I/2017 after quarter IV/2016; as many days for bare days.

    A filter without a beginning has nothing before it and stays as it is.
    """
    named = asked.named_period
    if named is not None and not (asked.since or asked.until):
        before = _before(named)
        return asked.but(period=before.code) if before.first.year >= FIRST_YEAR else asked
    first, last = asked.span
    if first is None or last is None or first > last:
        return asked
    end = first - timedelta(days=1)
    begin = end - (last - first)
    return asked.but(period="", since=begin, until=end) if begin.year >= FIRST_YEAR else asked


def year_before(asked: CoverageFilter) -> CoverageFilter:
    """The same filter over the same part of the year before (*cùng kỳ năm trước*); unbounded ones stay as they are."""
    named, (first, last) = asked.named_period, asked.span
    if min((day.year for day in (first, last) if day), default=FIRST_YEAR) <= FIRST_YEAR:
        return asked
    if named is not None and not (asked.since or asked.until):
        code = named.code
        if "W" in code:
            return asked.but(period=OF_DAY["tuan"](named.first - timedelta(days=52 * _WEEK)).code)
        return asked.but(period=f"{int(code[:4]) - 1}{code[4:]}")
    return asked.but(
        period="",
        since=_a_year_earlier(first) if first else None,
        until=_a_year_earlier(last) if last else None,
    )


def _before(period: Period) -> Period:
    size = next(word for word, period_of in OF_DAY.items() if period_of(period.first).code == period.code)
    return OF_DAY[size](period.first - timedelta(days=1))


def _a_year_earlier(day: date) -> date:
    """29 February has none; the 28th ends the same month."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
