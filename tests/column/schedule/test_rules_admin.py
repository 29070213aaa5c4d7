"""*Quy tắc kỳ đăng* and *Ngày nghỉ*: data that the desk keeps, and slots that follow at once."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from column.enums import HolidayKind
from column.people.roles import Role
from column.schedule.models import Holiday, ScheduleSettings, Slot, SlotRule
from column.schedule.rules_admin import holiday_in_words, rule_in_words
from column.schedule.slots import assign, change, ensure_all_slots, ensure_slots, keep_slots_ahead, withdraw_slots
from column.stories.models import ColumnPage
from home.models import HomePage
from tests.column.schedule.desk import BEFORE, THURSDAY, chief, draft
from tests.column.schedule.test_screens import as_, said
from tests.factories import column_page

pytestmark = pytest.mark.django_db

NEXT = THURSDAY + timedelta(weeks=1)
SUNDAYS = (
    "Chủ nhật hằng tuần, 19:30; hạn nộp bài 09:00 cùng ngày; hạn duyệt 17:00 Thứ Năm, trước 10 ngày; từ 01/03/2017"
)


@pytest.fixture(autouse=True)
def _before() -> object:
    with time_machine.travel(BEFORE, tick=True) as travelled:
        Slot.objects.all().delete()
        ensure_all_slots(THURSDAY)
        yield travelled


def form(**fields: Any) -> dict[str, Any]:
    return {
        "column": column_page().pk, "weekday": "3", "publish_time": "06:00", "draft_days": "3", "draft_time": "17:00",
        "approval_days": "1", "approval_time": "17:00", "first_day": "", "last_day": "",
    } | fields  # fmt: skip


def address(action: str, *args: Any, model: str = "slotrule") -> str:
    return reverse(f"wagtailsnippets_column_{model}:{action}", args=args)


def days(column: ColumnPage | None = None) -> list[date]:
    slots = Slot.objects.filter(column=column or column_page(), day__gte=THURSDAY)
    return list(slots.order_by("day").values_list("day", flat=True)[:4])


# In words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            SlotRule(),
            "Thứ Năm hằng tuần, 06:00; hạn nộp bài 17:00 Thứ Hai trước đó; hạn duyệt 17:00 Thứ Tư trước đó",
        ),
        (
            SlotRule(
                weekday=6, publish_time=time(19, 30), draft_days=0, draft_time=time(9, 0), approval_days=10,
                first_day=date(2017, 3, 1),
            ),
            SUNDAYS,
        ),
    ],
)  # fmt: skip
def test_a_rule_in_words(rule: SlotRule, words: str) -> None:
    assert rule_in_words(rule) == words


def test_a_rule_that_ends_in_words() -> None:
    assert rule_in_words(SlotRule(last_day=date(2017, 5, 31))).endswith("Thứ Tư trước đó; đến hết 31/05/2017")


def test_a_holiday_in_words() -> None:
    assert {kind: holiday_in_words(Holiday(day=THURSDAY, kind=kind)) for kind in HolidayKind} == {
        HolidayKind.OFF: "Kỳ rơi vào ngày này vẫn đăng; các hạn lùi về ngày làm việc trước.",
        HolidayKind.TET: "Kỳ rơi vào ngày này sẽ hỏi: đăng, dời hay nghỉ; các hạn lùi về ngày làm việc trước.",
        HolidayKind.WORKING: "Kỳ đăng và các hạn rơi vào ngày này giữ nguyên.",
    }


# Slots ------------------------------------------------------------------------------------------------------------


def test_rules_are_dated() -> None:
    SlotRule.objects.update(last_day=NEXT)
    SlotRule.objects.create(column=column_page(), weekday=0, publish_time=time(7, 0), first_day=NEXT)
    ensure_all_slots(THURSDAY)
    assert days() == [THURSDAY, NEXT, date(2017, 2, 27), date(2017, 3, 6)]
    assert Slot.objects.get(day=date(2017, 2, 27)).publish_time == time(7, 0)


def test_two_columns_each_on_its_day() -> None:
    first = column_page()
    other = HomePage.objects.get().add_child(instance=ColumnPage(title="Chuyện phố", slug="chuyen-pho"))
    assert Slot.objects.filter(column=other).count() == 0, "a column without a rule has no slots"
    SlotRule.objects.create(column=other, weekday=3)
    SlotRule.objects.create(column=other, weekday=6, publish_time=time(8, 0))
    assert keep_slots_ahead(BEFORE) > 100
    assert days(other) == [THURSDAY, date(2017, 2, 19), NEXT, date(2017, 2, 26)]
    assert days(first) == [THURSDAY + timedelta(weeks=week) for week in range(4)]
    assert keep_slots_ahead(BEFORE) == 0


def test_what_somebody_touched_stays() -> None:
    kept = [THURSDAY + timedelta(weeks=week) for week in range(1, 4)]
    filled, timed, told = Slot.objects.filter(day__in=kept).order_by("day")
    assign(filled, draft("Bài một"), chief())
    change(timed, publish_time=time(9, 0), teaser="", user=chief())
    Slot.objects.filter(pk=told.pk).update(teaser="Kỳ tới")
    SlotRule.objects.update(publish_time=time(7, 0))
    assert withdraw_slots(column_page(), THURSDAY) == 0
    times = {slot.day: slot.publish_time for slot in Slot.objects.filter(day__gte=THURSDAY)[:5]}
    assert times == {
        THURSDAY: time(6, 0),
        kept[0]: time(6, 0),
        kept[1]: time(9, 0),
        kept[2]: time(6, 0),
        kept[2] + timedelta(weeks=1): time(7, 0),
    }
    SlotRule.objects.all().delete()
    assert withdraw_slots(column_page(), THURSDAY) > 40
    assert days() == [THURSDAY, *kept]
    assert ensure_slots(column_page(), THURSDAY, NEXT) == 0


# The screens ------------------------------------------------------------------------------------------------------


def test_a_new_rule_makes_its_days_at_once() -> None:
    editor = as_(Role.MANAGING_EDITOR)
    page = said(editor, editor.post(address("add"), form(weekday="0", publish_time="7:15", first_day="16/02/2017")))
    assert "Lịch đăng đã theo quy tắc mới" in page
    words = (
        "Thứ Hai hằng tuần, 07:15; hạn nộp bài 17:00 Thứ Sáu trước đó; hạn duyệt 17:00 Chủ nhật trước đó; từ 16/02/2017"
    )
    assert words in page
    assert days() == [THURSDAY, date(2017, 2, 20), NEXT, date(2017, 2, 27)]
    assert Slot.objects.get(day=date(2017, 2, 20)).publish_time == time(7, 15)


def test_a_changed_and_a_deleted_rule_are_followed_at_once() -> None:
    editor, rule = as_(Role.CHIEF), SlotRule.objects.get()
    page = editor.get(address("edit", rule.pk)).content.decode()
    assert "Thứ Năm hằng tuần, 06:00; hạn nộp bài 17:00 Thứ Hai trước đó" in page
    assert "Các ngày tới: Thứ Năm, 16/02/2017; Thứ Năm, 23/02/2017" in page
    editor.post(address("edit", rule.pk), form(publish_time="9:00"))
    assert [slot.publish_time for slot in Slot.objects.filter(day__gte=THURSDAY)[:3]] == [
        time(6, 0), time(9, 0), time(9, 0),
    ]  # fmt: skip
    editor.post(address("edit", rule.pk), form(last_day="23/02/2017"))
    assert days() == [THURSDAY, NEXT]
    editor.post(address("add"), form(weekday="1", first_day="18/02/2017"))
    later = SlotRule.objects.get(weekday=1)
    assert days() == [THURSDAY, date(2017, 2, 21), NEXT, date(2017, 2, 28)]
    editor.post(address("edit", later.pk), form(weekday="4", first_day="18/02/2017"))
    assert days() == [THURSDAY, NEXT, date(2017, 2, 24), date(2017, 3, 3)], "not yet begun, it may be changed"
    editor.post(address("delete", later.pk))
    editor.post(address("delete", rule.pk))
    assert days() == [THURSDAY]
    assert Slot.objects.filter(day__lt=THURSDAY).count() == 0, "no day that is over became a slot"


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"weekday": "0"}, "Hãy ghi ngày bắt đầu áp dụng"),
        ({}, "Trùng với quy tắc đã có: Thứ Năm hằng tuần, 06:00"),
        ({"first_day": "01/03/2017"}, "Hãy ghi ngày cuối cho quy tắc kia"),
        ({"first_day": "01/03/2017", "last_day": "01/02/2017"}, "Ngày cuối đứng trước ngày đầu"),
        ({"publish_time": "25:00"}, ""),
        ({"draft_days": "61"}, "60"),
        ({"draft_days": "-1"}, "0"),
        ({"weekday": "7"}, ""),
        ({"column": "999"}, ""),
    ],
)
def test_rules_that_are_refused(wish: dict[str, str], sentence: str) -> None:
    page = as_(Role.CHIEF).post(address("add"), form(**wish)).content.decode()
    assert sentence in page
    assert SlotRule.objects.count() == 1


def test_a_rule_at_work_is_ended_not_rewritten() -> None:
    rule, client = SlotRule.objects.get(), as_(Role.CHIEF)
    page = client.post(address("edit", rule.pk), form(weekday="1")).content.decode()
    assert "Quy tắc này đang áp dụng nên không đổi thứ; hãy ghi ngày cuối cho nó" in page
    client.post(address("edit", rule.pk), form(first_day="01/01/2017"))
    page = client.post(address("edit", rule.pk), form()).content.decode()
    assert "Hãy ghi ngày bắt đầu áp dụng" in page
    assert list(SlotRule.objects.values_list("weekday", "first_day")) == [(3, date(2017, 1, 1))]


def test_no_rule_makes_a_day_that_is_over_a_missed_one() -> None:
    column, client, rule = column_page(), as_(Role.CHIEF), SlotRule.objects.get()
    ColumnPage.objects.update(start_date=date(2017, 1, 1))
    ScheduleSettings.objects.update(go_live_date=date(2017, 2, 1))
    page = client.post(address("add"), form(weekday="1", first_day="01/01/2017")).content.decode()
    assert "Thứ Ba, 07/02/2017 đã qua; hãy chọn một ngày từ hôm nay." in page
    assert SlotRule.objects.count() == 1
    SlotRule.objects.filter(pk=rule.pk).update(first_day=date(2017, 1, 1), last_day=date(2017, 2, 1))
    page = client.post(address("edit", rule.pk), form(first_day="01/01/2017")).content.decode()
    assert "Thứ Năm, 02/02/2017 đã qua" in page, "nor by a rule that ended and is to go on"
    client.post(address("add"), form(weekday="1", first_day="16/02/2017"))
    client.post(address("edit", rule.pk), form(first_day="01/01/2017", last_day="01/02/2017", publish_time="7:00"))
    assert sorted(SlotRule.objects.values_list("weekday", "publish_time")) == [(1, time(6)), (3, time(7))]
    assert not Slot.objects.filter(column=column, day__range=(date(2017, 2, 1), date(2017, 2, 15))).exists()


def test_rules_may_follow_each_other() -> None:
    editor, rule = as_(Role.CHIEF), SlotRule.objects.get()
    editor.post(address("edit", rule.pk), form(last_day="23/02/2017"))
    editor.post(address("add"), form(first_day="24/02/2017", publish_time="07:00"))
    assert SlotRule.objects.count() == 2
    times = [slot.publish_time for slot in Slot.objects.filter(day__gte=THURSDAY).order_by("day")[:3]]
    assert times == [time(6, 0), time(6, 0), time(7, 0)]


def test_a_whole_break_is_declared_at_once() -> None:
    editor = as_(Role.MANAGING_EDITOR)
    wish = {"day": "23/02/2017", "until": "26/02/2017", "kind": "tet", "name": "Nghỉ Tết"}
    page = said(editor, editor.post(address("add", model="holiday"), wish))
    assert "Thứ Bảy, 25/02/2017" in page
    assert "sẽ hỏi: đăng, dời hay nghỉ" in page
    assert list(Holiday.objects.values_list("day", "kind", "name")) == [
        (NEXT + timedelta(days=number), "tet", "Nghỉ Tết") for number in range(4)
    ]
    again = editor.post(address("add", model="holiday"), wish)
    assert again.status_code == 200, "a day is declared once"
    for until, sentence in (("22/02/2017", "đứng trước ngày đầu"), ("30/06/2017", "không dài quá 31 ngày")):
        page = editor.post(address("add", model="holiday"), wish | {"day": "01/03/2017", "until": until})
        assert sentence in page.content.decode()
    assert Holiday.objects.count() == 4


@pytest.mark.parametrize("model", ["slotrule", "holiday"])
def test_who_keeps_them(model: str) -> None:
    """The managing editor, the editor-in-chief and the administrator; the others do not even see them."""
    Holiday.objects.create(day=NEXT, name="Nghỉ bù")
    key = (SlotRule if model == "slotrule" else Holiday).objects.get().pk  # type: ignore[attr-defined]
    for action, args in (("list", ()), ("add", ()), ("edit", (key,)), ("delete", (key,))):
        allowed = {role for role in Role if as_(role).get(address(action, *args, model=model)).status_code == 200}
        assert allowed == {Role.MANAGING_EDITOR, Role.CHIEF, Role.ADMINISTRATOR}, action
