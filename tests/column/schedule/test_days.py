"""On which day a Thursday goes out: the Tết break, days moved by hand, holidays and deadlines."""

from __future__ import annotations

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from column.enums import HolidayKind, SlotState
from column.people.roles import Role
from column.schedule.days import keep, move_day
from column.schedule.holidays import DayOff, HolidayCalendar
from column.schedule.ledger.models import SlotEvent
from column.schedule.listing import slot_rows
from column.schedule.models import Holiday, Slot, SlotRule
from column.schedule.publishing import publish_due
from column.schedule.rhythm import Deadlines, deadlines_of
from column.schedule.rules import ScheduleProblem, column_days
from column.schedule.scheduling import schedule_story
from column.schedule.slots import ensure_slots, skip
from column.schedule.undoing import undo
from column.stories.models import Article
from column.text.dates import TZ
from tests.column.schedule.desk import (
    BEFORE,
    DUE,
    THURSDAY,
    approve,
    chief,
    due_of,
    last_batch,
    planned,
    scheduled,
    slot_on,
    steps,
)
from tests.column.schedule.faults.harm import together
from tests.column.schedule.test_screens import as_, said
from tests.factories import column_page

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).parents[2] / "data" / "thursday_holidays.tsv"
FRIDAY = THURSDAY + timedelta(days=1)
#: 29 Tết of the year Đinh Dậu.
TET = date(2017, 1, 26)
NEW_YEAR = datetime(2017, 1, 20, 9, tzinfo=TZ)
WHY = "Nghỉ Tết"


def issue_date(article: Article) -> date | None:
    return Article.objects.get(pk=article.pk).issue_date


def state(slot: Slot, now: datetime = NEW_YEAR) -> SlotState:
    return slot_rows([Slot.objects.get(pk=slot.pk)], now)[0].state


# Holidays and deadlines -------------------------------------------------------------------------------------------


def test_the_thursdays_that_are_holidays() -> None:
    """Against a table kept apart from the library; the newsroom's own days are laid over it."""
    with TABLE.open(encoding="utf-8") as file:
        expected = {(row["date"], row["name"]) for row in csv.DictReader(file, delimiter="\t")}
    calendar = HolidayCalendar.load()
    thursdays = column_days(date(2014, 1, 1), date(2030, 12, 31), 3)
    found = {(day.isoformat(), off.name) for day in thursdays if (off := calendar.on(day))}
    assert found == expected


def test_only_the_tet_break_asks() -> None:
    calendar = HolidayCalendar.load()
    thursdays = column_days(date(2014, 1, 1), date(2030, 12, 31), 3)
    with TABLE.open(encoding="utf-8") as file:
        expected = {
            row["date"]
            for row in csv.DictReader(file, delimiter="\t")
            if row["name"].endswith("Tết Nguyên Đán") or row["name"] == "29 Tết"
        }
    assert {day.isoformat() for day in thursdays if calendar.in_tet_break(day)} == expected


def test_what_the_newsroom_declares_wins() -> None:
    Holiday.objects.create(day=TET, kind=HolidayKind.WORKING, name="Làm bù")
    Holiday.objects.create(day=THURSDAY, kind=HolidayKind.TET, name="Nghỉ Tết thêm")
    Holiday.objects.create(day=date(2017, 2, 18), kind=HolidayKind.WORKING, name="Làm bù thứ Bảy")
    calendar = HolidayCalendar.load()
    assert calendar.on(TET) is None
    assert calendar.is_working_day(TET)
    assert calendar.on(THURSDAY) == DayOff("Nghỉ Tết thêm", HolidayKind.TET)
    assert calendar.in_tet_break(THURSDAY)
    assert not calendar.is_working_day(THURSDAY)
    assert calendar.is_working_day(date(2017, 2, 18))
    assert not calendar.is_working_day(date(2017, 2, 19))


def deadlines(day: date) -> tuple[datetime, datetime]:
    found: Deadlines = deadlines_of([slot_on(day)], HolidayCalendar.load())[slot_on(day).pk]
    return found.draft, found.approval


def at(day: date, clock: time = time(17, 0)) -> datetime:
    return datetime.combine(day, clock, tzinfo=TZ)


def test_deadlines() -> None:
    assert deadlines(THURSDAY) == (at(date(2017, 2, 13)), at(date(2017, 2, 15)))
    # The Thursday after the break: every day since 26 January was off.
    assert deadlines(date(2017, 2, 2)) == (at(date(2017, 1, 25)), at(date(2017, 1, 25)))
    SlotRule.objects.update(draft_days=4, draft_time=time(9, 30))
    # Four days before is a Sunday: the working day before is Friday.
    assert deadlines(THURSDAY) == (at(date(2017, 2, 10), time(9, 30)), at(date(2017, 2, 15)))
    Holiday.objects.create(day=date(2017, 2, 15), name="Nghỉ bù")
    assert deadlines(THURSDAY)[1] == at(date(2017, 2, 14))


def test_deadlines_follow_the_day() -> None:
    with time_machine.travel(BEFORE, tick=False):
        move_day(slot_on(), date(2017, 2, 21), WHY, chief(), BEFORE)
    assert deadlines(THURSDAY) == (at(date(2017, 2, 17)), at(date(2017, 2, 20)))


# Tết --------------------------------------------------------------------------------------------------------------


def test_a_thursday_in_the_break_asks_and_is_kept() -> None:
    slot = slot_on(TET)
    assert state(slot) == SlotState.ASKS
    article = planned("Bài Tết", day=TET)
    assert state(slot) == SlotState.ASKS, "a draft on it decides nothing"
    keep(slot, chief())
    keep(slot, chief())
    assert state(slot) == SlotState.PLANNED
    assert steps(slot) == [("assigned", "Bài Tết"), ("kept", "")]
    undo(last_batch(), chief(), NEW_YEAR)
    assert state(slot) == SlotState.ASKS
    assert issue_date(article) == TET


def test_a_thursday_in_the_break_is_skipped_or_moved() -> None:
    slot = slot_on(TET)
    skip(slot, WHY, chief())
    assert state(slot) == SlotState.SKIPPED
    with pytest.raises(ScheduleProblem, match="đã báo nghỉ"):
        keep(slot, chief())
    with pytest.raises(ScheduleProblem, match="đã báo nghỉ"):
        move_day(slot, date(2017, 1, 24), WHY, chief(), NEW_YEAR)
    undo(last_batch(), chief(), NEW_YEAR)
    move_day(slot, date(2017, 1, 24), WHY, chief(), NEW_YEAR)
    assert state(slot) == SlotState.EMPTY


def test_only_in_the_break_is_there_something_to_keep() -> None:
    with pytest.raises(ScheduleProblem, match="không rơi vào kỳ nghỉ Tết"):
        keep(slot_on(), chief())


# Another day ------------------------------------------------------------------------------------------------------


def test_the_story_follows() -> None:
    article = planned("Bài một")
    slot = slot_on()
    move_day(slot, FRIDAY, "Họp báo", chief(), BEFORE)
    moved = Slot.objects.get(pk=slot.pk)
    assert (moved.day, moved.issue_day, moved.moved, moved.due_at) == (THURSDAY, FRIDAY, True, DUE + timedelta(days=1))
    assert issue_date(article) == FRIDAY
    event = SlotEvent.objects.get(action="day_changed")
    assert (event.reason, event.story_title, event.data) == (
        "Họp báo",
        "Bài một",
        {"before": {"issue_day": "2017-02-16"}, "after": {"issue_day": "2017-02-17"}},
    )
    approve(article)
    assert schedule_story(article, chief(), BEFORE) == DUE + timedelta(days=1)
    publish_due(DUE + timedelta(days=1))
    assert issue_date(article) == FRIDAY


def test_back_to_its_own_day_without_a_reason() -> None:
    slot = slot_on()
    move_day(slot, FRIDAY, WHY, chief(), BEFORE)
    move_day(slot, THURSDAY, "", chief(), BEFORE)
    assert not Slot.objects.get(pk=slot.pk).moved


@pytest.mark.parametrize(
    ("day", "why", "sentence"),
    [
        (FRIDAY, " ", "Hãy ghi lý do dời ngày."),
        (THURSDAY, WHY, "Ngày đăng của kỳ đã là Thứ Năm, 16/02/2017."),
        (
            THURSDAY + timedelta(days=7), WHY,
            "Chỉ dời được trong khoảng từ Thứ Sáu, 10/02/2017 đến Thứ Tư, 22/02/2017, quanh ngày của kỳ.",
        ),
        (THURSDAY - timedelta(days=7), WHY, "Chỉ dời được trong khoảng từ"),
        (THURSDAY - timedelta(days=1), WHY, "Thứ Tư, 15/02/2017 đã qua; hãy chọn một ngày từ hôm nay."),
    ],
)  # fmt: skip
def test_days_that_are_refused(day: date, why: str, sentence: str) -> None:
    slot = slot_on()
    with pytest.raises(ScheduleProblem) as problem:
        move_day(slot, day, why, chief(), BEFORE)
    assert str(problem.value).startswith(sentence)
    assert not SlotEvent.objects.exists()


def test_a_day_that_another_slot_has() -> None:
    SlotRule.objects.create(column=column_page(), weekday=0)
    ensure_slots(column_page(), THURSDAY, date(2017, 2, 20))
    slot, monday = slot_on(), date(2017, 2, 20)
    with pytest.raises(ScheduleProblem, match="Thứ Hai, 20/02/2017 đã là ngày đăng của một kỳ khác"):
        move_day(slot, monday, WHY, chief(), BEFORE)
    assert Slot.objects.get(pk=slot.pk).issue_day == THURSDAY


@pytest.mark.django_db(transaction=True)
def test_two_slots_onto_one_day_at_once() -> None:
    SlotRule.objects.create(column=column_page(), weekday=0)
    ensure_slots(column_page(), THURSDAY, date(2017, 2, 20))
    one, two, user = slot_on(), Slot.objects.get(day=date(2017, 2, 20)), chief()
    results = together(
        lambda: move_day(one, FRIDAY, WHY, user, BEFORE), lambda: move_day(two, FRIDAY, WHY, user, BEFORE)
    )
    refusals = [result for result in results if isinstance(result, str)]
    assert refusals == ["Thứ Sáu, 17/02/2017 đã là ngày đăng của một kỳ khác; hãy chọn ngày khác."]
    assert Slot.objects.filter(issue_day=FRIDAY).count() == 1


def test_a_scheduled_story_asks_first() -> None:
    with time_machine.travel(BEFORE, tick=True):
        article = scheduled("Bài một")
        slot = slot_on()
        with pytest.raises(ScheduleProblem, match="“Bài một” đã hẹn giờ"):
            move_day(slot, FRIDAY, WHY, chief(), BEFORE)
        assert due_of(article) == DUE
        move_day(slot, FRIDAY, WHY, chief(), BEFORE, unschedule=True)
        assert (due_of(article), issue_date(article)) == (None, FRIDAY)
        undo(last_batch(), chief(), BEFORE)
        assert (due_of(article), issue_date(article)) == (DUE, THURSDAY)


def test_a_day_is_not_taken_back_into_the_past() -> None:
    slot = slot_on()
    move_day(slot, FRIDAY, WHY, chief(), BEFORE)
    with pytest.raises(ScheduleProblem, match="Thứ Năm, 16/02/2017 đã qua"):
        undo(last_batch(), chief(), DUE + timedelta(days=1))


def test_what_is_out_stays_on_its_day() -> None:
    with time_machine.travel(BEFORE, tick=True):
        scheduled("Bài một")
    with time_machine.travel(DUE, tick=True):
        publish_due(DUE)
        with pytest.raises(ScheduleProblem, match="Kỳ này đã đăng"):
            move_day(slot_on(), FRIDAY, WHY, chief(), DUE)


# Screens ----------------------------------------------------------------------------------------------------------


def test_screens() -> None:
    with time_machine.travel(NEW_YEAR, tick=True):
        slot, editor = slot_on(TET), as_(Role.EDITOR)
        address = reverse("schedule_day", args=[slot.pk])
        page = editor.get(address).content.decode()
        assert "Thứ Bảy, 28/01/2017 · Tết Nguyên Đán" in page
        assert page.count('type="radio"') == 12, "six days on either side"
        assert "Hãy chọn ngày đăng." in editor.post(address, {"reason": WHY}).content.decode()
        assert "Hãy ghi lý do dời ngày." in editor.post(address, {"day": "2017-01-25"}).content.decode()
        for wrong in ("2017-02-25", "abc", "2017-13-45"):
            assert editor.post(address, {"day": wrong, "reason": WHY}).status_code == 200
        page = said(editor, editor.post(address, {"day": "2017-01-25", "reason": WHY}))
        assert "Đã dời ngày đăng của kỳ Thứ Năm, 26/01/2017." in page
        assert "Kỳ này đã dời sang <strong>Thứ Tư, 25/01/2017</strong>." in editor.get(address).content.decode()
        assert "Thứ Năm, 26/01/2017 · ngày của kỳ" in editor.get(address).content.decode()

        editor.post(reverse("schedule_undo", args=[last_batch()]))
        response = editor.post(reverse("schedule_keep", args=[slot.pk]))
        assert "Kỳ Thứ Năm, 26/01/2017 vẫn đăng trong kỳ nghỉ Tết." in said(editor, response)
        assert Slot.objects.get(pk=slot.pk).kept_in_break


def test_the_screen_asks_before_it_cancels_a_schedule() -> None:
    with time_machine.travel(BEFORE, tick=True):
        article = scheduled("Bài một")
        slot = slot_on()
        address, wish = reverse("schedule_day", args=[slot.pk]), {"day": FRIDAY.isoformat(), "reason": WHY}
        assert "“Bài một” đã hẹn giờ" in as_(Role.EDITOR).post(address, {**wish, "unschedule": "on"}).content.decode()
        managing = as_(Role.MANAGING_EDITOR)
        assert "hãy đánh dấu đồng ý hủy hẹn giờ" in managing.post(address, wish).content.decode()
        assert due_of(article) == DUE
        managing.post(address, {**wish, "unschedule": "on"})
        assert (due_of(article), issue_date(article)) == (None, FRIDAY)
