"""The calendar feed, read with a library as other programs read it; and the address that opens it."""

from __future__ import annotations

import logging
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from column.people.models import Delegation, User
from column.people.roles import Role
from column.schedule import slots
from column.schedule.calendar.ical import DOMAIN, feed
from column.schedule.calendar.keys import holder_of, make_key, revoke_key
from column.schedule.calendar.models import CalendarKey
from column.schedule.holding import hold
from column.schedule.models import Holiday, ScheduleSettings, Slot
from column.schedule.publishing import publish_due
from column.text.dates import TZ
from tests.column.schedule.desk import DUE, THURSDAY, approve, chief, draft, planned, scheduled, slot_on
from tests.factories import make_news, make_user

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)
#: A Monday: the deadline of the draft, 17:00, is still to come.
NOW = datetime(2017, 2, 13, 9, 0, tzinfo=TZ)
SITE = "https://example.org"


@pytest.fixture(autouse=True)
def _only_these_slots() -> None:
    """A new installation's own slots lie years ahead of the clock of these tests."""
    Slot.objects.all().delete()


def read(user: User, now: datetime = NOW) -> dict[str, Any]:
    """The events by UID (without its domain)."""
    found = Calendar.from_ical(feed(User.objects.get(pk=user.pk), now, SITE))
    events = {str(event["uid"]).removesuffix(f"@{DOMAIN}"): event for event in found.walk("VEVENT")}
    assert len(events) == len(found.walk("VEVENT"))
    return events


def at_now(moment: datetime = NOW) -> Any:
    return time_machine.travel(moment, tick=False)


def test_slots_as_events() -> None:
    writer = make_user("", Role.REPORTER, display_name="Lê Văn Viết")
    with at_now():
        article = planned("Một cửa, hẹn đúng ngày;\nkhông phải chờ \\ lâu", owner=writer, byline="")
        slot, empty = Slot.objects.get(day=THURSDAY), slot_on(THURSDAY + WEEK)
        slots.skip(slot_on(THURSDAY + 2 * WEEK), "Tết", chief())
    events = read(writer)
    event = events[f"ky-{slot.pk}"]
    assert str(event["summary"]) == "Dự kiến: Một cửa, hẹn đúng ngày; không phải chờ \\ lâu"
    assert event["dtstart"].dt == DUE
    assert event["dtstart"].params["TZID"] == "Asia/Ho_Chi_Minh"
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=15)
    url = f"{SITE}/admin/lich-dang/danh-sach/?quy=2017-1&chuyen-muc={slot.column_id}#ky-2017-02-16"
    assert str(event["url"]) == url
    assert str(event["description"]).split("\n") == [
        "Thứ Năm, 16/02/2017, 14:12: Dự kiến",
        "“Một cửa, hẹn đúng ngày;",
        "không phải chờ \\ lâu”",
        "Người viết: Lê Văn Viết",
        "Còn thiếu: bút danh; duyệt",
        "Nên có: ảnh chính, gắn đơn vị, tiêu chí",
        "Hạn nộp bài: 17:00, 13/02/2017 (GMT+7)",
        "Hạn duyệt: 17:00, 15/02/2017 (GMT+7)",
        url,
    ]
    assert (str(event["status"]), str(event["transp"]), str(event["class"])) == ("TENTATIVE", "TRANSPARENT", "PRIVATE")
    assert [str(one["summary"]) for one in events.values() if str(one["uid"]).startswith("ky-")] == [
        "Dự kiến: Một cửa, hẹn đúng ngày; không phải chờ \\ lâu",
        "Còn trống: 5 xây, 3 chống",
        "Nghỉ kỳ: 5 xây, 3 chống",
    ]
    assert "Lý do nghỉ: Tết" in str(list(events.values())[-1]["description"])
    assert f"ky-{empty.pk}" in events
    assert article.draft_title.count("\n") == 1


def test_the_bytes_keep_the_standard() -> None:
    title = "Ở phường Hòa Cường Bắc, “một cửa” hiện đại; người dân đánh giá cán bộ " * 3
    with at_now():
        planned(title.strip())
    raw = feed(chief(), NOW, SITE)
    assert raw.endswith(b"END:VCALENDAR\r\n")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"SUMMARY:" in raw
    unfolded = raw.replace(b"\r\n ", b"").decode()
    assert title.strip().replace(",", "\\,").replace(";", "\\;") in unfolded
    times = [line for line in unfolded.split("\r\n") if line.startswith(("DTSTART", "DTEND"))]
    zone, *own = times
    assert zone == "DTSTART:19750613T000000"  # the zone's own beginning
    assert own
    assert all(line.partition(":")[0].endswith(";TZID=Asia/Ho_Chi_Minh") for line in own)
    assert "TZOFFSETTO:+0700" in unfolded
    assert "X-PUBLISHED-TTL:PT1H" in unfolded
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in unfolded
    assert "X-WR-CALNAME:Lịch đăng 5 xây\\, 3 chống" in unfolded
    stamps = [line for line in unfolded.split("\r\n") if line.startswith(("DTSTAMP", "LAST-MODIFIED"))]
    assert all(line.endswith("Z") for line in stamps)


def test_thirteen_weeks_back_and_a_year_ahead() -> None:
    days = [date(2016, 11, 13), date(2016, 11, 14), date(2018, 2, 19), date(2018, 2, 20)]
    for day in days:
        Slot.objects.create(column_id=chief_column(), day=day, publish_time=time(6, 0))
    assert [event["dtstart"].dt.date() for event in read(make_user("", Role.REPORTER)).values()] == days[1:3]


def chief_column() -> int:
    return slot_on(date(2010, 1, 7)).column_id


def test_the_uid_stays_and_the_sequence_grows() -> None:
    boss = chief()
    with at_now():
        article = planned("Bài một")
        slot = Slot.objects.get(day=THURSDAY)
    first = read(boss)[f"ky-{slot.pk}"]
    assert (int(first["sequence"]), first["last-modified"].dt) == (1, NOW)
    later = NOW + timedelta(hours=1)
    assert read(boss, later)[f"ky-{slot.pk}"]["last-modified"].dt == NOW
    with at_now(later):
        slots.change(slot, publish_time=time(15, 0), teaser="", user=boss)
    second = read(boss, later)[f"ky-{slot.pk}"]
    assert (int(second["sequence"]), second["last-modified"].dt, second["dtstart"].dt.hour) == (2, later, 15)
    saved = later + timedelta(hours=1)
    with at_now(saved):
        article.refresh_from_db()
        article.title = "Bài một, sửa"
        article.save_revision()
    third = read(boss, saved)[f"ky-{slot.pk}"]
    assert (int(third["sequence"]), third["last-modified"].dt) == (2, saved)
    assert third["dtstamp"].dt == third["last-modified"].dt
    untouched = slot_on(THURSDAY + WEEK)
    assert read(boss, saved)[f"ky-{untouched.pk}"]["last-modified"].dt < NOW - timedelta(days=300)


def test_what_is_out_and_what_was_missed() -> None:
    ScheduleSettings.objects.update(go_live_date=THURSDAY)
    with at_now():
        scheduled("Ra đúng giờ", now=NOW)
        slot_on(THURSDAY + WEEK)
    with at_now(DUE):
        publish_due(timezone.now())
    events = read(chief(), DUE + WEEK + timedelta(days=1))
    assert [(str(one["summary"]), str(one["status"])) for one in events.values()] == [
        ("Đã đăng: Ra đúng giờ", "CONFIRMED"), ("Bỏ lỡ kỳ: 5 xây, 3 chống", "TENTATIVE"),
    ]  # fmt: skip


def owed(user: User, now: datetime = NOW) -> list[tuple[str, datetime]]:
    return [
        (str(event["summary"]), event["dtstart"].dt)
        for uid, event in read(user, now).items()
        if not uid.startswith("ky-")
    ]


def test_only_who_owes_a_deadline_has_it() -> None:
    writer, other = make_user("", Role.REPORTER), make_user("", Role.REPORTER)
    editor = make_user("", Role.EDITOR)
    with at_now():
        article = planned("Bài một", owner=writer)
        slot_on(THURSDAY + WEEK)
        slot_on(THURSDAY + 20 * WEEK)
    draft_due = datetime(2017, 2, 13, 17, 0, tzinfo=TZ)
    assert owed(writer) == [("Hạn nộp bài: “Bài một”", draft_due)]
    assert owed(other) == []
    empty = [("Hạn nộp bài, kỳ còn trống: Thứ Năm, 23/02/2017", draft_due + WEEK)]
    assert owed(editor) == owed(chief()) == empty
    assert owed(writer, draft_due + timedelta(hours=1)) == [("Quá hạn: Hạn nộp bài: “Bài một”", draft_due)]
    with at_now():
        article.get_workflow().start(article, writer)
    review = ("Hạn duyệt: “Bài một”", datetime(2017, 2, 15, 17, 0, tzinfo=TZ))
    assert owed(writer) == owed(other) == []
    assert owed(editor) == [review, *empty]
    state = article.current_workflow_state
    with at_now():
        state.current_task_state.approve(user=editor)
    # The second step is the approver's, and so of whoever holds that right for some days.
    assert owed(editor) == empty
    assert owed(chief()) == [review, *empty]
    Delegation.objects.create(
        function="approve_story", delegate=other, granted_by=chief(), reason="Nghỉ phép", first_day=date(2017, 2, 1),
        last_day=date(2099, 1, 1),
    )  # fmt: skip
    assert owed(other) == [review]


def test_nobody_owes_what_is_held_or_approved() -> None:
    writer = make_user("", Role.REPORTER)
    with at_now():
        article = planned("Bài một", owner=writer)
        hold(article, "Chờ", chief(), NOW)
        approve(planned("Bài hai", day=THURSDAY + WEEK, owner=writer))
    assert owed(writer) == owed(chief()) == []
    events = list(read(writer).values())
    assert [str(one["summary"]) for one in events] == ["Đang tạm giữ: Bài một", "Đã duyệt: Bài hai"]
    assert "Tạm giữ: Chờ" in str(events[0]["description"])


def test_a_thursday_in_the_tet_break_asks_for_a_decision() -> None:
    Holiday.objects.create(day=THURSDAY, kind="tet", name="Nghỉ Tết")
    with at_now():
        planned("Bài một", owner=chief())
    (debt,) = owed(chief())
    assert debt[0] == "Hạn quyết định kỳ Tết (đăng, dời hay nghỉ): Thứ Năm, 16/02/2017"
    assert owed(make_user("", Role.REPORTER)) == []


def test_a_deadline_rings_the_day_before() -> None:
    writer = make_user("", Role.REPORTER)
    with at_now():
        planned("Bài một", owner=writer)
        slot = Slot.objects.get(day=THURSDAY)
    event = read(writer)[f"han-nop-{slot.pk}"]
    (alarm,) = event.walk("VALARM")
    assert (str(alarm["action"]), alarm["trigger"].dt) == ("DISPLAY", timedelta(days=-1))


def test_a_constant_number_of_queries() -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            feed(User.objects.get(username="tong-bien-tap"), NOW, SITE)
        return len(queries)

    with at_now():
        chief()
        approve(planned("Bài 0"))
        few = cost()
        for week in range(1, 8):
            article = planned(f"Bài {week}", day=THURSDAY + week * WEEK, owner=chief())
            article.get_workflow().start(article, chief())
        assert few <= cost() <= few + 6
        many = cost()
        for week in range(8, 20):
            article = planned(f"Bài {week}", day=THURSDAY + week * WEEK, owner=chief())
            article.get_workflow().start(article, chief())
        assert many == cost() <= 36


# --- the address ---------------------------------------------------------------------------------------------------


def opened(secret: str, **headers: str) -> Any:
    return Client().get(f"/lich/{secret}.ics", **headers)


def test_the_address_opens_without_a_session_and_is_kept_nowhere() -> None:
    user = chief()
    secret = make_key(user)
    sessions = Session.objects.count()
    with CaptureQueriesContext(connection) as queries:
        response = opened(secret)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert response.cookies == {}
    assert Session.objects.count() == sessions
    assert [one["sql"] for one in queries if not one["sql"].startswith("SELECT")] == []
    assert not any(secret in one["sql"] for one in queries)
    assert [len(event["uid"]) > 5 for event in Calendar.from_ical(response.content).walk("VEVENT")] == []
    key = CalendarKey.objects.get()
    assert (key.user, len(key.digest)) == (user, 64)
    assert secret not in key.digest
    assert len(secret) == 43


def test_one_secret_a_person_and_the_last_one_counts() -> None:
    user = chief()
    first, second = make_key(user), make_key(user)
    assert opened(first).status_code == 404
    assert opened(second).status_code == 200
    assert holder_of(second) == user
    revoke_key(user)
    assert opened(second).status_code == 404
    assert CalendarKey.objects.count() == 0


@pytest.mark.parametrize("secret", ["x", "a" * 43, "A" * 4000, "-", "%00", "..%2f", "ệ"])
def test_a_wrong_address_says_nothing(secret: str, caplog: pytest.LogCaptureFixture) -> None:
    make_key(chief())
    with caplog.at_level(logging.ERROR):
        response = opened(secret)
    assert response.status_code == 404
    assert b"VCALENDAR" not in response.content
    assert caplog.messages == []


def test_not_for_the_inactive_nor_for_those_outside_the_newsroom() -> None:
    user = make_user("", Role.REPORTER)
    secret = make_key(user)
    assert opened(secret).status_code == 200
    user.groups.clear()
    assert opened(secret).status_code == 404
    user.groups.set(chief().groups.all())
    user.is_active = False
    user.save()
    assert opened(secret).status_code == 404
    assert opened(make_key(make_user("", Role.COMMITTEE))).status_code == 404
    user.is_active = True
    user.save()
    user.delete()
    assert opened(secret).status_code == 404


def test_only_looking() -> None:
    secret = make_key(chief())
    assert Client().post(f"/lich/{secret}.ics").status_code == 405
    assert Client().head(f"/lich/{secret}.ics").status_code == 200


def test_drafts_that_are_on_no_slot_are_not_in_it() -> None:
    with at_now():
        draft("Còn trong ngăn")
        make_news("Tin nháp", live=False)
    assert read(chief()) == {}


# --- the screen ----------------------------------------------------------------------------------------------------


def test_make_copy_revoke(client: Client) -> None:
    client.force_login(make_user("", Role.REPORTER))
    address = reverse("schedule_my_calendar")
    with CaptureQueriesContext(connection) as queries:
        page = client.get(address).content.decode()
    assert "Bạn chưa có địa chỉ lịch" in page
    assert not [one for one in queries if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    answer = client.post(address, {"viec": "tao"})
    assert "no-store" in answer["Cache-Control"]
    made = BeautifulSoup(answer.content, "html.parser").select_one("#dia-chi-lich")
    assert made is not None
    link = str(made["value"])
    assert link.startswith("http://testserver/lich/")
    assert f"webcal://{link.partition('//')[2]}" in answer.content.decode()
    path = link.removeprefix("http://testserver")
    assert Client().get(path).status_code == 200
    again = client.get(address).content.decode()
    assert link not in again
    assert "Bạn đã có địa chỉ lịch" in again
    assert client.post(address, {"viec": "thu-hoi"}).status_code == 302
    assert Client().get(path).status_code == 404
    assert "địa chỉ cũ không mở được nữa" in client.get(address).content.decode()


def test_the_post_needs_its_token() -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(chief())
    assert strict.post(reverse("schedule_my_calendar"), {"viec": "tao"}).status_code == 403
    assert CalendarKey.objects.count() == 0


def test_it_stands_in_the_account(client: Client) -> None:
    client.force_login(chief())
    assert "lich-cua-toi" in client.get(reverse("wagtailadmin_account")).content.decode()
    outside = Client()
    outside.force_login(make_user("", Role.COMMITTEE))
    assert outside.get(reverse("schedule_my_calendar")).status_code in {302, 403}
