"""What the calendar says of a slot beyond its state: which steps are open, and whether somebody must act soon."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from column.enums import HolidayKind, SlotState
from column.schedule.holidays import DayOff
from column.schedule.rhythm import Deadlines

#: A slot this near whose story cannot go out yet stands out: the coming Thursday and, from Monday on, the one after.
NEAR = timedelta(days=10)

#: States in which nothing would go out by itself, and somebody still can change that.
OPEN = frozenset({
    SlotState.EMPTY, SlotState.ASKS, SlotState.HELD, SlotState.PLANNED, SlotState.IN_REVIEW, SlotState.APPROVED,
})  # fmt: skip

#: The words of a cell of the year, where the state's full label would not fit.
SHORT = {
    SlotState.EMPTY: gettext_lazy("Trống"),
    SlotState.ASKS: gettext_lazy("Hỏi kỳ Tết"),
    SlotState.HELD: gettext_lazy("Tạm giữ"),
    SlotState.SCHEDULED: gettext_lazy("Hẹn giờ"),
    SlotState.MISSED: gettext_lazy("Bỏ lỡ"),
    SlotState.OVERDUE: gettext_lazy("Quá giờ"),
}


@dataclass(frozen=True)
class Step:
    """A step that is still to be done and until when (aware)."""

    label: str
    due: datetime
    overdue: bool


def open_steps(state: SlotState, deadlines: Deadlines, now: datetime) -> list[Step]:
    """The steps that a slot in that state still owes, first due first; none once it is approved, out or over."""
    steps = []
    if state in {SlotState.EMPTY, SlotState.ASKS, SlotState.PLANNED}:
        steps.append(Step(_("Hạn nộp bài"), deadlines.draft, now > deadlines.draft))
    if state in OPEN - {SlotState.APPROVED, SlotState.HELD}:
        steps.append(Step(_("Hạn duyệt"), deadlines.approval, now > deadlines.approval))
    return steps


def under_filled(state: SlotState, due_at: datetime, now: datetime, *, lacks: bool) -> bool:
    """Whether the slot is near and not ready: empty, undecided, held, or its story *lacks* something required."""
    if state not in OPEN or not now <= due_at <= now + NEAR:
        return False
    return lacks or state in {SlotState.EMPTY, SlotState.ASKS, SlotState.HELD}


@dataclass(frozen=True)
class Break:
    """Days off in a row under one name."""

    first: date
    last: date
    name: str

    @property
    def days(self) -> str:
        if self.first == self.last:
            return f"{self.first:%d/%m}"
        return f"{self.first:%d}–{self.last:%d/%m}" if self.first.month == self.last.month else (
            f"{self.first:%d/%m}–{self.last:%d/%m}"
        )  # fmt: skip


def breaks(days: Iterable[date], on: Callable[[date], DayOff | None]) -> Iterator[Break]:
    """The holidays among *days* (in order); the days of one Tết break are one line."""
    known = [(day, off) for day in days if (off := on(day)) is not None]

    def run(place_and_day: tuple[int, tuple[date, DayOff]]) -> tuple[int, str]:
        place, (day, off) = place_and_day
        name = _("Nghỉ Tết Nguyên Đán") if off.kind == HolidayKind.TET else off.name
        return day.toordinal() - place, name

    for (_start, name), group in groupby(enumerate(known), key=run):
        found = [day for _place, (day, _off) in group]
        yield Break(found[0], found[-1], name)
