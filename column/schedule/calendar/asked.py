"""What an address of the calendar asks for: which column, which quarter or year, which drafts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from column.stories.models import ColumnPage
from column.text.dates import quarter_of
from column.text.normalize import nfc

BOARD, LIST, YEAR = "schedule_slots", "schedule_list", "schedule_year"
_QUARTER = re.compile(r"([0-9]{4})-([1-4])")
_YEAR = re.compile(r"[0-9]{4}")
_FIRST, _LAST = 1900, 9000
#: Nobody types more into the tray's search box.
_LONGEST = 100


@dataclass(frozen=True)
class Asked:
    """*year* and *quarter* (1 to 4) are today's where none, or an impossible one, was asked for."""

    column: ColumnPage
    columns: Sequence[ColumnPage]
    year: int
    quarter: int
    words: str = ""

    @classmethod
    def read(cls, query: QueryDict, today: date) -> Self | None:
        """None: there is no column yet. One query."""
        columns = list(ColumnPage.objects.order_by("path"))
        if not columns:
            return None
        named = query.get("chuyen-muc", "")
        column = next((one for one in columns if str(one.pk) == named), columns[0])
        year, quarter = today.year, quarter_of(today)
        if match := _QUARTER.fullmatch(query.get("quy", "")):
            year, quarter = int(match[1]), int(match[2])
        elif match := _YEAR.fullmatch(query.get("nam", "")):
            year = int(match[0])
        if not _FIRST <= year <= _LAST:
            year, quarter = today.year, quarter_of(today)
        words = " ".join(nfc(query.get("tim", "")).split())[:_LONGEST]
        return cls(column, columns, year, quarter, words)

    @property
    def first(self) -> date:
        """The quarter's first day."""
        return date(self.year, self.quarter * 3 - 2, 1)

    @property
    def last(self) -> date:
        return (self.first + timedelta(days=95)).replace(day=1) - timedelta(days=1)

    def url(self, view: str, day: date | None = None, **more: Any) -> str:
        """The address of a view of this column: at that day, else where one stands now."""
        year, quarter = (day.year, quarter_of(day)) if day else (self.year, self.quarter)
        query = {"nam": year} if view == YEAR else {"quy": f"{year}-{quarter}"}
        if self.column != self.columns[0]:
            query["chuyen-muc"] = self.column.pk
        return f"{reverse(view)}?{urlencode(query | {key: value for key, value in more.items() if value})}"

    def of(self, column: ColumnPage) -> Asked:
        """The same days of another column."""
        return Asked(column, self.columns, self.year, self.quarter)
