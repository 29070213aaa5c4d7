from __future__ import annotations

from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageLogEntry

from column.enums import SlotState
from column.schedule import slots
from column.schedule.ledger.models import SlotEvent
from column.schedule.listing import slot_rows
from column.schedule.models import ScheduleSettings, Slot
from column.schedule.publishing import publish_due
from column.schedule.rules import ScheduleProblem
from column.schedule.slots import AHEAD, assign, change, ensure_slots, move, reopen, skip, unassign
from column.stories.models import Article
from tests.column.schedule.desk import BEFORE, DUE, THURSDAY, approve, chief, draft, planned, scheduled, slot_on
from tests.factories import column_page, make_article, make_news, make_picture

pytestmark = pytest.mark.django_db

NEXT = THURSDAY + timedelta(weeks=1)


def history(*slots: Slot) -> list[tuple[str, str, str, Any]]:
    events = SlotEvent.objects.filter(slot__in=slots).select_related("slot").order_by("pk")
    return [(event.slot.day.isoformat(), event.action, event.story_title, event.data) for event in events]


def issue_date(article: Article) -> date | None:
    return Article.objects.get(pk=article.pk).issue_date


def test_a_new_installation_has_a_year_of_thursdays() -> None:
    days = list(Slot.objects.values_list("day", flat=True))
    today = timezone.localdate()
    assert {day.weekday() for day in days} == {3}
    assert all(later - earlier == timedelta(weeks=1) for earlier, later in pairwise(days))
    assert days[0] - today < timedelta(weeks=1)
    assert timedelta(days=0) <= today + AHEAD - days[-1] < timedelta(weeks=1, days=2)


def test_slots_are_made_once() -> None:
    page = column_page()
    assert ensure_slots(page, date(2017, 1, 1), date(2017, 12, 31)) == 52
    assert ensure_slots(page, date(2016, 12, 1), date(2017, 12, 31)) == 5
    assert ensure_slots(page, date(2017, 1, 1), date(2017, 12, 31)) == 0
    first = Slot.objects.filter(day__year=2017).first()
    assert first is not None
    assert (first.day, first.publish_time) == (date(2017, 1, 5), time(6, 0))


def test_the_time_and_the_weekday_are_data() -> None:
    page = column_page()
    page.slot_rules.update(weekday=4, publish_time=time(14, 12))
    ensure_slots(page, THURSDAY, THURSDAY + timedelta(days=6))
    assert [(slot.day, slot.publish_time) for slot in Slot.objects.filter(day__lte=NEXT)] == [
        (date(2017, 2, 17), time(14, 12))
    ]


def test_the_command_goes_back_to_the_columns_start(capsys: pytest.CaptureFixture[str]) -> None:
    page = column_page()
    page.start_date = date(2015, 1, 1)
    page.save()
    call_command("make_slots")
    assert Slot.objects.order_by("day").values_list("day", flat=True)[0] == date(2015, 1, 1)
    call_command("make_slots")
    assert capsys.readouterr().out.endswith("Đã tạo 0 kỳ đăng.\n")


def test_the_worker_keeps_the_year_ahead_full() -> None:
    with time_machine.travel(BEFORE, tick=False):
        slots.keep_slots_ahead(timezone.now())
    assert Slot.objects.filter(day__year=2017).count() == 46
    assert Slot.objects.earliest("day").day == THURSDAY
    assert slots.keep_slots_ahead(BEFORE) == 0


def test_assign_unassign_move() -> None:
    article, user = draft("Bài một"), chief()
    slot, other = slot_on(), slot_on(NEXT)
    assign(slot, article, user)
    assert (issue_date(article), Slot.objects.get(pk=slot.pk).story_id) == (THURSDAY, article.pk)
    move(slot, other, user)
    assert issue_date(article) == NEXT
    assert {one.pk: one.story_id for one in Slot.objects.filter(pk__in=[slot.pk, other.pk])} == {
        slot.pk: None,
        other.pk: article.pk,
    }
    unassign(other, user)
    assert issue_date(article) is None
    assert not Slot.objects.filter(story__isnull=False).exists()

    assert history(slot, other) == [
        ("2017-02-16", "assigned", "Bài một", {}),
        ("2017-02-16", "removed", "Bài một", {"other_slot": other.pk, "other_day": "2017-02-23"}),
        ("2017-02-23", "assigned", "Bài một", {"other_slot": slot.pk, "other_day": "2017-02-16"}),
        ("2017-02-23", "removed", "Bài một", {}),
    ]
    assert {(event.by_id, event.by_name) for event in SlotEvent.objects.all()} == {(user.pk, user.get_full_name())}
    first, out, into, last = SlotEvent.objects.order_by("pk")
    assert out.batch == into.batch
    assert len({first.batch, into.batch, last.batch}) == 3
    logged = PageLogEntry.objects.filter(page=article.pk, action__startswith="column.slot").order_by("pk")
    assert [entry.message for entry in logged] == [
        "Xếp bài: kỳ Thứ Năm, 16/02/2017",
        "Xếp bài: kỳ Thứ Năm, 23/02/2017",
        "Rút bài: kỳ Thứ Năm, 23/02/2017",
    ]


def test_a_published_story_keeps_its_date() -> None:
    article, user = planned("Bài một"), chief()
    article.get_latest_revision().publish()
    slot = Slot.objects.get(story=article.pk)
    for work in (lambda: move(slot, slot_on(NEXT), user), lambda: unassign(slot, user)):
        with pytest.raises(ScheduleProblem, match="“Bài một” đã đăng; ngày đăng của bài đã đăng không đổi nữa"):
            work()
    with pytest.raises(ScheduleProblem, match="đã đăng"):
        assign(slot_on(NEXT), make_article("Bài cũ", issue_date=date(2017, 2, 2)), user)
    assert issue_date(article) == THURSDAY


def test_a_scheduled_story_is_not_moved_by_a_plan() -> None:
    article, user = scheduled("Bài một"), chief()
    slot = Slot.objects.get(story=article.pk)
    for work in (lambda: move(slot, slot_on(NEXT), user), lambda: unassign(slot, user)):
        with pytest.raises(ScheduleProblem, match="“Bài một” đã hẹn giờ; hãy hủy hẹn giờ trước"):
            work()
    with pytest.raises(ScheduleProblem, match="hủy hẹn giờ trước khi đổi giờ"):
        change(slot, publish_time=time(6, 0), teaser="", user=user)
    change(slot, publish_time=slot.publish_time, teaser="Kỳ tới: một bài hay", user=user)
    assert Slot.objects.get(pk=slot.pk).teaser == "Kỳ tới: một bài hay"


def test_what_does_not_belong_on_a_thursday() -> None:
    user = chief()
    with pytest.raises(ScheduleProblem, match="Chỉ bài viết mới vào kỳ đăng"):
        assign(slot_on(), make_news(live=False), user)
    planned("Bài một")
    with pytest.raises(ScheduleProblem, match="Kỳ Thứ Năm, 16/02/2017 đã có bài khác"):
        assign(slot_on(), draft(), user)
    with pytest.raises(ScheduleProblem, match="“Bài một” đã ở một kỳ khác"):
        assign(slot_on(NEXT), Article.objects.get(title="Bài một"), user)
    with pytest.raises(ScheduleProblem, match="Kỳ này không có bài nào"):
        unassign(slot_on(NEXT), user)


def test_the_database_refuses_what_the_code_might_let_through() -> None:
    article = planned()
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.filter(pk=slot_on(NEXT).pk).update(story=article)
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.filter(story=article).update(skip_reason="Tết")
    with pytest.raises(IntegrityError), transaction.atomic():
        Slot.objects.create(column=column_page(), day=THURSDAY, publish_time=time(6, 0))


def test_skip_and_reopen() -> None:
    slot, user = slot_on(), chief()
    with pytest.raises(ScheduleProblem, match="lý do"):
        skip(slot, "  ", user)
    skip(slot, "Nghỉ Tết Đinh Dậu", user)
    with pytest.raises(ScheduleProblem, match="đã báo nghỉ"):
        assign(slot, draft(), user)
    reopen(slot, user)
    assert Slot.objects.get(pk=slot.pk).skip_reason == ""
    article = draft()
    assign(slot, article, user)
    with pytest.raises(ScheduleProblem, match="đang có bài"):
        skip(slot, "Tết", user)
    assert [(event.action, event.reason) for event in slot.events.all()] == [
        ("skipped", "Nghỉ Tết Đinh Dậu"),
        ("reopened", "Nghỉ Tết Đinh Dậu"),
        ("assigned", ""),
    ]


def test_change_time_and_teaser() -> None:
    slot, user = slot_on(), chief()
    change(slot, publish_time=time(6, 30), teaser=" Một cửa ở phường ", user=user)
    change(slot, publish_time=time(6, 30), teaser="Một cửa ở phường", user=user)
    fresh = Slot.objects.get(pk=slot.pk)
    assert (fresh.publish_time, fresh.teaser) == (time(6, 30), "Một cửa ở phường")
    event = slot.events.get()
    assert (event.action, event.data) == (
        "changed",
        {
            "before": {"publish_time": "14:12", "teaser": ""},
            "after": {"publish_time": "06:30", "teaser": "Một cửa ở phường"},
        },
    )


def test_the_list_costs_the_same_for_one_slot_and_for_many() -> None:
    page, user = column_page(), chief()
    for week in range(6):
        story = planned(day=THURSDAY + timedelta(weeks=week), lead_photo=make_picture(), owner=user)
        if week % 2 == 0:
            approve(story)
    counts = []
    for last in (THURSDAY, THURSDAY + timedelta(weeks=5)):
        with CaptureQueriesContext(connection) as queries:
            rows = slot_rows(list(Slot.objects.filter(column=page, day__range=(THURSDAY, last))), BEFORE)
            assert all(row.story and row.story.owner for row in rows)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 14, counts


def test_the_rows_of_a_quarter() -> None:
    settings = ScheduleSettings.load()
    settings.go_live_date = THURSDAY
    settings.save()
    days = [THURSDAY + timedelta(weeks=week) for week in range(-1, 7)]
    for day in days:
        slot_on(day)
    with time_machine.travel(BEFORE, tick=False):
        late = scheduled("Đăng muộn", day=days[1])
        waiting = scheduled("Đã hẹn", day=days[4])
        approved = planned("Đã duyệt", day=days[5])
        approve(approved)
        planned("Dự kiến", day=days[6])
        skip(Slot.objects.get(day=days[3]), "Tết", chief())
    with time_machine.travel(DUE + timedelta(minutes=40), tick=False):
        assert publish_due(timezone.now()).published == [str(late.pk)]
    now = DUE + timedelta(days=8)
    rows = slot_rows(list(Slot.objects.filter(day__in=days)), now)
    assert [(row.slot.day, row.state) for row in rows] == list(
        zip(
            days,
            [
                SlotState.NO_DATA,
                SlotState.PUBLISHED_LATE,
                SlotState.MISSED,
                SlotState.SKIPPED,
                SlotState.SCHEDULED,
                SlotState.APPROVED,
                SlotState.PLANNED,
                SlotState.EMPTY,
            ],
            strict=True,
        )
    )
    assert [row.status.ready for row in rows[4:7] if row.status] == [False, True, False]
    assert [row.movable for row in rows] == [False, False, False, False, False, True, True, False]
    assert rows[4].story is not None
    assert rows[4].story.pk == waiting.pk
    assert rows[5].status is not None
    assert rows[5].status.approved_by == "tong-bien-tap"
