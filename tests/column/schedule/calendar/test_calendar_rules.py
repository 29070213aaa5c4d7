"""Pure: which steps a slot owes, which slot stands out, how days off read."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from column.enums import HolidayKind, SlotState
from column.schedule.calendar.rules import NEAR, OPEN, breaks, open_steps, under_filled
from column.schedule.holidays import DayOff
from column.schedule.rhythm import Deadlines
from column.text.dates import TZ

DUE = datetime(2017, 2, 16, 6, 0, tzinfo=TZ)
DEADLINES = Deadlines(
    draft=datetime(2017, 2, 13, 17, 0, tzinfo=TZ), approval=datetime(2017, 2, 15, 17, 0, tzinfo=TZ)
)  # fmt: skip
EARLY, BETWEEN, LATE = (datetime(2017, 2, day, 18, 0, tzinfo=TZ) for day in (12, 13, 15))

BOTH = {SlotState.EMPTY, SlotState.ASKS, SlotState.PLANNED}


AT = [(EARLY, set()), (BETWEEN, {"Hạn nộp bài"}), (LATE, {"Hạn nộp bài", "Hạn duyệt"})]


@pytest.mark.parametrize("state", SlotState)
@pytest.mark.parametrize(("now", "overdue"), AT)
def test_open_steps(state: SlotState, now: datetime, overdue: set[str]) -> None:
    owed = ["Hạn nộp bài", "Hạn duyệt"] if state in BOTH else ["Hạn duyệt"] if state == SlotState.IN_REVIEW else []
    steps = open_steps(state, DEADLINES, now)
    assert [step.label for step in steps] == owed
    assert {step.label for step in steps if step.overdue} == overdue & set(owed)


@pytest.mark.parametrize("state", SlotState)
@pytest.mark.parametrize("lacks", [True, False])
def test_what_stands_out(state: SlotState, lacks: bool) -> None:
    always = {SlotState.EMPTY, SlotState.ASKS, SlotState.HELD}
    stands_out = state in OPEN and (lacks or state in always)
    for now, near in ((DUE - NEAR, True), (DUE, True), (DUE - NEAR - timedelta(seconds=1), False),
                      (DUE + timedelta(seconds=1), False)):  # fmt: skip
        assert under_filled(state, DUE, now, lacks=lacks) is (near and stands_out)


def test_days_off_in_a_row_are_one_line() -> None:
    tet = HolidayKind.TET
    off = {
        date(2017, 1, 2): DayOff("Nghỉ bù", HolidayKind.OFF),
        date(2017, 1, 26): DayOff("29 Tết", tet),
        date(2017, 1, 27): DayOff("Giao thừa", tet),
        date(2017, 1, 31): DayOff("Mùng bốn", tet),
        date(2017, 2, 1): DayOff("Mùng năm", tet),
    }
    days = [date(2017, 1, 1) + timedelta(days=place) for place in range(40)]
    found = [(one.days, one.name) for one in breaks(days, off.get)]
    assert found == [
        ("02/01", "Nghỉ bù"), ("26–27/01", "Nghỉ Tết Nguyên Đán"), ("31/01–01/02", "Nghỉ Tết Nguyên Đán"),
    ]  # fmt: skip
