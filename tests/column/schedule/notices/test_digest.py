"""The week's text, word for word, and once a week to each."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from column.enums import NoticeKind
from column.people.roles import Role
from column.schedule.holding import hold
from column.schedule.models import Reserve, ScheduleSettings, Slot
from column.schedule.notices.digest import digest_text, send_digest
from column.schedule.notices.models import Notice
from column.schedule.publishing import publish_due
from column.schedule.scheduling import schedule_story
from column.schedule.slots import assign, skip
from column.stories.models import Article
from column.text.dates import TZ
from tests.column.schedule.desk import THURSDAY, approve, chief, draft, slot_on
from tests.column.schedule.faults.harm import in_process
from tests.factories import make_user

pytestmark = pytest.mark.django_db

MONDAY = datetime(2017, 2, 13, 7, 0, tzinfo=TZ)
WEEK = timedelta(weeks=1)


def send(now: datetime) -> bool:
    with time_machine.travel(now, tick=False):
        return send_digest(now)


def told() -> set[tuple[str, str]]:
    rows = Notice.objects.filter(kind=NoticeKind.DIGEST)
    return set(rows.values_list("recipient__username", "key"))


def on(weeks: int, title: str, owner: Any = None) -> Article:
    article = draft(title, owner=owner)
    assign(slot_on(THURSDAY + weeks * WEEK, time(6, 0)), article, chief())
    return Article.objects.get(pk=article.pk)


def test_four_weeks_in_words():
    with time_machine.travel(MONDAY, tick=False):
        people = {
            "an": make_user("an", Role.REPORTER, display_name="Trần An"),
            "chi": chief(),
            "binh": make_user("binh", Role.EDITOR, display_name="Phạm Bình"),
        }
        people["chi"].display_name = "Lê Chi"
        people["chi"].save()
        first = on(0, "Bài đã duyệt", people["an"])
        approve(first)
        schedule_story(first, people["chi"], MONDAY)
        on(1, "Bài đang viết", people["an"])
        held = on(2, "Bài tạm giữ", people["an"])
        hold(held, "Chờ số liệu quý", people["chi"], MONDAY)
        slot_on(THURSDAY + 3 * WEEK, time(6, 0))
        slot_on(THURSDAY + 4 * WEEK)
        reserve = draft("Bài gối đầu cũ", owner=people["an"])
        Reserve.objects.create(article=reserve, use_by=date(2017, 2, 10))
        Reserve.objects.create(article=draft("Bài gối đầu"), use_by=date(2017, 3, 6))
        Reserve.objects.create(article=draft("Bài để lâu"), use_by=date(2017, 3, 7))
        text = digest_text(MONDAY)
    assert text == (
        "Các kỳ từ 13/02/2017 đến 12/03/2017. Giờ trong bản tin là giờ Đà Nẵng.\n\n"
        "KỲ Thứ Năm, 16/02/2017, 06:00 – Đã hẹn giờ\n“Bài đã duyệt” – Trần An\n"
        "Nên có: ảnh chính, gắn đơn vị, tiêu chí\n\n"
        "KỲ Thứ Năm, 23/02/2017, 06:00 – Dự kiến\n“Bài đang viết” – Trần An\nCòn thiếu: duyệt\n"
        "Nên có: ảnh chính, gắn đơn vị, tiêu chí\n"
        "Hạn nộp: 17:00, Thứ Hai, 20/02/2017 · hạn duyệt: 17:00, Thứ Tư, 22/02/2017\n"
        "Việc của – viết xong và trình duyệt: Trần An\n\n"
        "KỲ Thứ Năm, 02/03/2017, 06:00 – Đang tạm giữ\n“Bài tạm giữ” – Trần An\nTạm giữ vì: Chờ số liệu quý\n"
        "Còn thiếu: duyệt\nNên có: ảnh chính, gắn đơn vị, tiêu chí\n"
        "Hạn nộp: 17:00, Thứ Hai, 27/02/2017 · hạn duyệt: 17:00, Thứ Tư, 01/03/2017\n"
        "Việc của – bỏ tạm giữ hoặc thay bài: Lê Chi\n\n"
        "KỲ Thứ Năm, 09/03/2017, 06:00 – Còn trống\n"
        "Hạn nộp: 17:00, Thứ Hai, 06/03/2017 · hạn duyệt: 17:00, Thứ Tư, 08/03/2017\n"
        "Việc của – xếp bài: Lê Chi, Phạm Bình\n\n"
        "Bài gối đầu sắp hết hạn dùng:\n– “Bài gối đầu cũ”: đã quá hạn dùng từ 10/02/2017\n"
        "– “Bài gối đầu”: dùng đến 06/03/2017"
    )


def test_later_in_the_week():
    settings = ScheduleSettings.load()
    settings.go_live_date = date(2017, 2, 1)
    settings.save()
    now = datetime(2017, 2, 22, 18, 0, tzinfo=TZ)
    with time_machine.travel(MONDAY, tick=False):
        chief()
        out = on(0, "Bài đã đăng")
        approve(out)
        schedule_story(out, chief(), MONDAY)
        skip(slot_on(THURSDAY + 2 * WEEK), "Nghỉ lễ", chief())
        late = on(1, "Bài chậm")
    with time_machine.travel(slot_on(THURSDAY, time(6, 0)).due_at, tick=False):
        publish_due(Slot.objects.get(day=THURSDAY).due_at)
    with time_machine.travel(now, tick=False):
        approve(late)
        text = digest_text(now)
    assert "Bài đã đăng" not in text, "that was last week"
    assert text.split("\n\n")[1:3] == [
        (
            "KỲ Thứ Năm, 23/02/2017, 06:00 – Đã duyệt\n“Bài chậm” – chưa rõ người viết\n"
            "Nên có: ảnh chính, gắn đơn vị, tiêu chí\nViệc của – hẹn giờ: tong-bien-tap"
        ),
        "KỲ Thứ Năm, 02/03/2017, 14:12 – Nghỉ kỳ\nLý do nghỉ: Nghỉ lễ",
    ]
    with time_machine.travel(datetime(2017, 2, 17, tzinfo=TZ), tick=False):
        assert "16/02/2017, 06:00 – Đã đăng\n“Bài đã đăng” – chưa rõ người viết\n\n" in digest_text(
            datetime(2017, 2, 17, tzinfo=TZ)
        )


def test_tet_asks_from_afar():
    for day in (date(2018, 2, 8), date(2018, 2, 15)):
        slot_on(day)
    Slot.objects.exclude(day__in=[date(2018, 2, 8), date(2018, 2, 15)]).update(publish_time=time(6, 0))
    now = datetime(2017, 12, 11, 7, 0, tzinfo=TZ)
    with time_machine.travel(now, tick=False):
        text = digest_text(now)
    assert "Kỳ Tết còn chờ quyết định (đăng, dời hay nghỉ):\n– Thứ Năm, 15/02/2018" in text
    assert "08/02/2018" not in text
    with time_machine.travel(now, tick=False):
        skip(slot_on(date(2018, 2, 15)), "Nghỉ Tết", chief())
        assert "Kỳ Tết" not in digest_text(now)
    near = datetime(2018, 2, 5, 7, 0, tzinfo=TZ)
    Slot.objects.filter(day=date(2018, 2, 15)).update(skip_reason="")
    with time_machine.travel(near, tick=False):
        assert "KỲ Thứ Năm, 15/02/2018, 14:12 – Chờ quyết định kỳ Tết\n" in digest_text(near)


def test_an_empty_house():
    now = datetime(2001, 1, 1, 7, 0, tzinfo=TZ)
    with time_machine.travel(now, tick=False):
        assert digest_text(now) == (
            "Các kỳ từ 01/01/2001 đến 28/01/2001. Giờ trong bản tin là giờ Đà Nẵng.\n\n"
            "Không có kỳ đăng nào trong bốn tuần này."
        )


def test_sent_once_a_week_to_whoever_fills_slots():
    for name, role in (
        ("an", Role.REPORTER), ("binh", Role.EDITOR), ("chi", Role.MANAGING_EDITOR), ("dung", Role.COMMITTEE),
    ):  # fmt: skip
        make_user(name, role)
    assert not send(MONDAY - timedelta(seconds=1))
    assert send(MONDAY)
    assert told() == {("binh", "digest:2017-W07"), ("chi", "digest:2017-W07")}
    make_user("em", Role.EDITOR)
    for later in (timedelta(minutes=1), timedelta(days=3), timedelta(days=6, hours=16, minutes=59)):
        assert not send(MONDAY + later)
    assert len(told()) == 2
    # The worker was down until Friday of the next week.
    assert send(MONDAY + timedelta(days=11))
    assert told() == {
        ("binh", "digest:2017-W07"), ("chi", "digest:2017-W07"),
        ("binh", "digest:2017-W08"), ("chi", "digest:2017-W08"), ("em", "digest:2017-W08"),
    }  # fmt: skip
    notice = Notice.objects.filter(key="digest:2017-W08").first()
    assert notice is not None
    assert (notice.subject, notice.url) == ("Bản tin tuần: các kỳ từ 20/02/2017", "/admin/lich-dang/ban-tin-tuan/")


def test_the_day_and_hour_are_the_settings_in_da_nangs_time():
    make_user("binh", Role.EDITOR)
    ScheduleSettings.load()
    ScheduleSettings.objects.update(digest_weekday=6, digest_time=time(0, 30))
    sunday = datetime(2017, 2, 19, 0, 30, tzinfo=TZ)
    assert not send(sunday - timedelta(seconds=1))
    assert send(sunday)
    # The week of the year that the day belongs to, not the year of the calendar.
    ScheduleSettings.objects.update(digest_weekday=0, digest_time=time(7, 0))
    assert send(datetime(2018, 12, 31, 7, 0, tzinfo=TZ))
    assert ("binh", "digest:2019-W01") in told()


def test_when_it_was_sent_a_look_costs_two_queries():
    make_user("binh", Role.EDITOR)
    send(MONDAY)
    with CaptureQueriesContext(connection) as queries:
        assert not send(MONDAY + timedelta(minutes=1))
    assert len(queries) == 2


def test_a_constant_number_of_queries():
    with time_machine.travel(MONDAY, tick=False):
        chief()
        on(0, "Một")
        digest_text(MONDAY)
        with CaptureQueriesContext(connection) as few:
            digest_text(MONDAY)
        for week in (1, 2, 3):
            on(week, f"Bài {week}", make_user())
            Reserve.objects.create(article=draft(), use_by=date(2017, 2, 20))
        with CaptureQueriesContext(connection) as many:
            digest_text(MONDAY)
    assert len(many) == len(few)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_several_workers_send_it_once():
    make_user("binh", Role.EDITOR)
    waits = [in_process(lambda: send(MONDAY))[1] for _worker in range(3)]
    for wait in waits:
        wait()
    assert told() == {("binh", "digest:2017-W07")}
    assert Notice.objects.count() == 1
