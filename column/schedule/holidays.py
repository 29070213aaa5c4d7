"""Which days are holidays: Vietnam's public ones by the library, and over them what the newsroom declared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self

from holidays import country_holidays

from column.enums import HolidayKind
from column.schedule.models import Holiday

_TET = ("Tết Nguyên Đán", "29 Tết")
_SATURDAY = 5


@dataclass(frozen=True)
class DayOff:
    name: str
    kind: HolidayKind


class HolidayCalendar:
    """The holidays of some years, read once: one query."""

    def __init__(self, declared: Iterable[Holiday]) -> None:
        self._declared = {one.day: DayOff(one.name, HolidayKind(one.kind)) for one in declared}
        # Years are worked out as they are asked for; lunar dates included.
        self._public = country_holidays("VN", language="vi")

    @classmethod
    def load(cls) -> Self:
        return cls(Holiday.objects.all())

    def on(self, day: date) -> DayOff | None:
        """The holiday on that day; a day declared *ngày làm việc* is none."""
        declared = self._declared.get(day)
        if declared is not None:
            return None if declared.kind == HolidayKind.WORKING else declared
        name = self._public.get(day)
        if name is None:
            return None
        return DayOff(name, HolidayKind.TET if any(word in name for word in _TET) else HolidayKind.OFF)

    def in_tet_break(self, day: date) -> bool:
        """Whether a Thursday on that day asks: publish, move or skip."""
        found = self.on(day)
        return found is not None and found.kind == HolidayKind.TET

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday without a holiday, and whatever the newsroom declared to be one."""
        declared = self._declared.get(day)
        if declared is not None:
            return declared.kind == HolidayKind.WORKING
        return day.weekday() < _SATURDAY and day not in self._public
