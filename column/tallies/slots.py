"""*Kỳ đăng* as a measure: the slots of a span by what became of them. A slot is not an article (contract, rule 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.enums import SlotState
from column.schedule.holidays import HolidayCalendar
from column.schedule.listing import SlotRow, slot_rows
from column.schedule.models import Slot
from column.tallies import dimensions as by
from column.tallies.axes import Axis, Value

#: What a list of slots may be asked by, in an address.
STATE = "trang-thai"
#: A slot whose day is to come, or of whose state nobody outside the newsroom may know.
AHEAD = "chua-den"
#: What is told of a slot; how far the story of a coming one has come is the newsroom's own affair.
TOLD: dict[SlotState, str] = {
    SlotState.PUBLISHED: "da-dang",
    SlotState.PUBLISHED_LATE: "dang-muon",
    SlotState.SKIPPED: "nghi-ky",
    SlotState.MISSED: "bo-lo",
    SlotState.NO_DATA: "chua-co-du-lieu",
}


@dataclass(frozen=True)
class SlotLine:
    """A slot as tallies know it."""

    day: date
    issue_day: date
    state: str
    label: str
    reason: str = ""


def states() -> list[Value]:
    told = [Value(word, str(state.label)) for state, word in TOLD.items()]
    return [*told, Value(AHEAD, _("Chưa đến kỳ"))]


def state_axis() -> Axis:
    def narrow(asked: CoverageFilter, _value: Value) -> CoverageFilter:
        return asked  # the state stands in the address by itself

    values = states()
    return Axis(by.SLOT_STATE, [], values, narrow, always=frozenset(value.slug for value in values[:4]))


def slot_lines(asked: CoverageFilter, now: datetime, state: str = "") -> list[SlotLine]:
    """The slots whose issue day is in the filter's span, by day; of one *state* where one is named.

    A constant number of queries.
    """
    first, last = asked.span
    slots = Slot.objects.order_by("issue_day", "pk")
    if first:
        slots = slots.filter(issue_day__gte=first)
    if last:
        slots = slots.filter(issue_day__lte=last)
    labels = {value.slug: value.label for value in states()}
    calendar = HolidayCalendar.load()
    found = []
    for row in slot_rows(list(slots), now):
        word = TOLD.get(row.state, AHEAD)
        if not state or word == state:
            slot = row.slot
            found.append(SlotLine(slot.day, slot.issue_day, word, labels[word], _public_reason(row, calendar)))
    return found


def _public_reason(row: SlotRow, calendar: HolidayCalendar) -> str:
    """The holiday that a skipped Thursday fell on. The newsroom's own words for why stay in its ledger."""
    off = calendar.on(row.slot.day) if row.state == SlotState.SKIPPED else None
    return off.name if off else ""


def slot_span() -> tuple[date, date] | None:
    """The first and the last issue day of all slots."""
    span = Slot.objects.order_by().aggregate(first=Min("issue_day"), last=Max("issue_day"))
    return (span["first"], span["last"]) if span["first"] else None


def count_slots(lines: Sequence[SlotLine], axes: Sequence[Axis | None]) -> dict[tuple[str, str, str], int]:
    """Every figure that is not zero, by the axes of rows, inner lines and columns."""
    figures: dict[tuple[str, str, str], int] = {}
    for line in lines:
        places = [{"", _slug_of(axis, line)} if axis else {""} for axis in axes]
        for cell in {(a, b, c) for a in places[0] for b in places[1] for c in places[2]}:
            figures[cell] = figures.get(cell, 0) + 1
    return figures


def _slug_of(axis: Axis, line: SlotLine) -> str:
    if axis.dimension == by.SLOT_STATE:
        return line.state
    return next(
        value.slug
        for value in axis.values
        if value.period and value.period.first <= line.issue_day <= value.period.last
    )
