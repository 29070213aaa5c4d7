"""The three views through real requests: what they show whom, at which price."""

from __future__ import annotations

import re
from datetime import date, time, timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page

from column.enums import ProofState, SlotState
from column.people.roles import Role
from column.schedule.models import Hold, ScheduleSettings, Slot, SlotRule
from column.schedule.proof.models import Proof
from column.schedule.publishing import publish_due
from column.schedule.slots import assign, ensure_slots, skip
from column.stories.models import Article, ColumnPage
from tests.column.schedule.desk import BEFORE, DUE, THURSDAY, approve, chief, draft, planned, scheduled
from tests.factories import column_page, make_user

pytestmark = pytest.mark.django_db

NEXT = THURSDAY + timedelta(weeks=1)
VIEWS = {"schedule_slots": "quy=2017-1", "schedule_list": "quy=2017-1", "schedule_year": "nam=2017"}


def as_(role: Role) -> Client:
    client = Client()
    client.force_login(make_user("", role))
    return client


def look(client: Client, view: str = "schedule_slots", query: str = "", now: Any = BEFORE) -> BeautifulSoup:
    with time_machine.travel(now, tick=False):
        response = client.get(f"{reverse(view)}?{query or VIEWS[view]}")
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def words(element: Any) -> str:
    return " ".join(element.get_text(" ").split())


@pytest.fixture
def quarter() -> list[Slot]:
    """The quarter of 16/02/2017: thirteen Thursdays from 05/01 to 30/03."""
    Slot.objects.all().delete()
    ensure_slots(column_page(), date(2017, 1, 1), date(2017, 3, 31))
    Slot.objects.update(publish_time=time(14, 12))
    settings = ScheduleSettings.load()
    settings.go_live_date = date(2017, 1, 12)
    settings.save()
    return list(Slot.objects.order_by("day"))


def day_of(card: Tag) -> str:
    return str(card.select("time")[0]["datetime"])


def states(soup: BeautifulSoup) -> dict[str, str]:
    """Day → the state's class, of the board's cards or the year's cells."""
    found = {}
    for card in soup.select("[class*=cal-card--]"):
        (state,) = set(re.findall(r"cal-card--(\w+)", " ".join(card["class"]))) - {"urgent"}
        found[day_of(card)] = state
    return found


EXPECTED = {
    "2017-01-05": "no_data", "2017-01-12": "missed", "2017-01-19": "skipped", "2017-01-26": "asks",
    "2017-02-02": "missed", "2017-02-09": "published", "2017-02-16": "scheduled", "2017-02-23": "planned",
    "2017-03-02": "approved", "2017-03-09": "held", "2017-03-16": "empty", "2017-03-23": "empty",
    "2017-03-30": "empty",
}  # fmt: skip


@pytest.fixture
def filled(quarter: list[Slot]) -> list[Slot]:
    """The states of ``EXPECTED`` at 14:11 on 16/02/2017; the 26th of January is in the past and was never decided."""
    with time_machine.travel(BEFORE - timedelta(days=8), tick=False):
        scheduled("Bài đã đăng", day=date(2017, 2, 9), now=BEFORE - timedelta(days=8))
    with time_machine.travel(DUE - timedelta(days=7), tick=False):
        publish_due(DUE - timedelta(days=7))
    with time_machine.travel(BEFORE, tick=False):
        skip(quarter[2], "Nghỉ theo thông báo", chief())
        scheduled("Nụ cười công sở")
        planned("Một cửa", day=NEXT, byline="")
        approve(planned("Đúng hẹn", day=date(2017, 3, 2)))
        held = planned("Chờ Sở trả lời", day=date(2017, 3, 9))
        Hold.objects.create(story=held, reason="Chờ văn bản", held_by=chief())
    return list(Slot.objects.order_by("day"))


@pytest.mark.parametrize("view", VIEWS)
def test_every_slot_in_its_state(filled: list[Slot], view: str) -> None:
    expected = dict(EXPECTED)
    # Its time has passed without a decision: nothing to ask any more.
    expected["2017-01-26"] = "missed"
    assert states(look(as_(Role.CHIEF), view)) == expected


def test_a_cell_is_icon_word_day_and_a_way_to_the_board(filled: list[Slot]) -> None:
    soup = look(as_(Role.CHIEF), "schedule_year")
    cells = {day_of(cell): cell for cell in soup.select("a.cal-cell")}
    assert list(cells) == list(EXPECTED)
    assert {day: cell["href"] for day, cell in cells.items()} == {
        day: f"/admin/lich-dang/?quy=2017-1#ky-{day}" for day in EXPECTED
    }
    assert all(cell.select_one(".cal-state svg use") for cell in cells.values())
    shown = {day: words(cell) for day, cell in cells.items()}
    assert shown["2017-02-16"] == "Thứ Năm, 16/02 hôm nay Hẹn giờ Nụ cười công sở"
    assert shown["2017-02-23"] == "Thứ Năm, 23/02 Dự kiến cần gấp Một cửa"
    assert shown["2017-01-26"] == "Thứ Năm, 26/01 Bỏ lỡ 29 Tết"
    assert shown["2017-01-19"] == "Thứ Năm, 19/01 Nghỉ kỳ Nghỉ theo thông báo"
    assert shown["2017-03-16"] == "Thứ Năm, 16/03 Trống"
    assert [words(month) for month in soup.select(".cal-year-name")][:4] == [
        "Tháng 1 01/01 Tết Dương lịch 02/01 Tết Dương lịch (nghỉ bù) 26–31/01 Nghỉ Tết Nguyên Đán",
        "Tháng 2 01/02 Nghỉ Tết Nguyên Đán", "Tháng 3", "Tháng 4 06/04 Ngày Giỗ Tổ Hùng Vương 30/04 Ngày Chiến thắng",
    ]  # fmt: skip
    assert [words(item) for item in soup.select(".cal-legend li")] == [
        "Còn trống 3", "Đang tạm giữ 1", "Dự kiến 1", "Đã duyệt 1", "Đã hẹn giờ 1", "Đã đăng 1", "Nghỉ kỳ 1",
        "Bỏ lỡ kỳ 3", "Chưa có dữ liệu 1", "gần kề, chưa sẵn sàng 1",
    ]  # fmt: skip


def test_this_week_is_marked_when_today_is_no_thursday(filled: list[Slot]) -> None:
    soup = look(as_(Role.CHIEF), "schedule_year", now=BEFORE - timedelta(days=2))
    (mark,) = soup.select(".cal-year .cal-mark--now")
    assert (words(mark), words(mark.parent)) == ("tuần này", "Thứ Năm, 16/02 tuần này")
    assert soup.select("[aria-current=date]") == []


def test_a_card_says_who_until_when_and_what_is_missing(filled: list[Slot]) -> None:
    writer = make_user("phong-vien", Role.REPORTER, display_name="Nguyễn Thị Phóng Viên")
    Page.objects.filter(pk=Article.objects.get(title="Một cửa").pk).update(owner=writer)
    soup = look(as_(Role.CHIEF), now=DUE.replace(day=21, hour=18))
    card = words(soup.select_one("#ky-2017-02-23"))
    for part in (
        "Thứ Năm, 23/02", "14:12", "Dự kiến", "Một cửa", "Nguyễn Thị Phóng Viên", "gần kề, chưa sẵn sàng",
        "Hạn nộp bài: 17:00, 20/02 đã quá hạn", "Hạn duyệt: 17:00, 22/02",
        "Còn thiếu: bút danh; duyệt", "Nên có: ảnh chính, gắn đơn vị, tiêu chí",
    ):  # fmt: skip
        assert part in card, part
    assert "Hạn duyệt: 17:00, 22/02 đã quá hạn" not in card
    assert "ĐOÀN LƯƠNG" in words(soup.select_one("#ky-2017-03-02"))  # without an owner, the printed name
    assert "Tạm giữ: Chờ văn bản" in words(soup.select_one("#ky-2017-03-09"))
    assert "Kỳ này rơi vào đợt nghỉ Tết" not in words(soup)


def test_the_tet_question_stands_on_its_card(filled: list[Slot]) -> None:
    client = as_(Role.EDITOR)
    card = look(client, now=BEFORE - timedelta(days=30)).select_one("#ky-2017-01-26")
    assert card is not None
    assert "Kỳ này rơi vào đợt nghỉ Tết: vẫn đăng, dời ngày hay nghỉ?" in words(card)
    assert card.select_one("details[open]")
    assert {"Vẫn đăng", "Dời ngày", "Nghỉ kỳ"} <= {
        words(one).removesuffix(" Thứ Năm, 26/01/2017") for one in card.select(".slot-actions .button")
    }


@pytest.mark.parametrize("state", ProofState)
def test_a_published_card_shows_its_proof(filled: list[Slot], state: ProofState) -> None:
    story = Article.objects.get(title="Bài đã đăng")
    Proof.objects.filter(story=story.pk).delete()
    Proof.objects.create(story_id=story.pk, went_live_at=DUE - timedelta(days=9), state=ProofState.PENDING)
    newest = Proof.objects.create(story_id=story.pk, went_live_at=DUE - timedelta(days=7), state=state)
    (proof,) = look(as_(Role.CHIEF)).select(".cal-proof")
    assert words(proof) == f"{newest.words} Bài đã đăng"
    assert f"cal-proof--{state.value}" in proof["class"]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.ADMINISTRATOR])
def test_what_each_role_is_offered(filled: list[Slot], view: str, role: Role) -> None:
    soup = look(as_(role), view)
    if view == "schedule_year":
        return
    fills, schedules = role != Role.REPORTER, role in {Role.MANAGING_EDITOR, Role.CHIEF}
    offered = {re.sub(r" Thứ Năm.*| Nụ cười.*| Đúng hẹn| Một cửa| Chờ Sở.*", "", words(one))
               for one in soup.select(".slot-actions .button")}  # fmt: skip
    assert ("Xếp bài" in offered) is fills
    assert ("Chuyển kỳ" in offered) is fills
    assert ("Hẹn giờ đăng" in offered) is schedules
    assert ("Hủy hẹn giờ" in offered) is schedules
    if view == "schedule_slots":
        assert bool(soup.select("[data-cal-grip]")) is fills
        assert bool(soup.select("[data-cal-takes]")) is fills
        assert bool(soup.select("[data-cal-board]")) is fills
        assert bool(soup.select("script[src*='calendar.js']")) is fills
        assert bool(soup.select("#y-tuong-moi")) is (role != Role.ADMINISTRATOR)
    linked = {a["href"] for a in soup.select(".cal-title a")}
    assert bool(linked) is (role != Role.REPORTER)


@pytest.mark.parametrize("view", [*VIEWS, "schedule_idea", "schedule_drop", "schedule_undo"])
@pytest.mark.parametrize("role", [Role.COMMITTEE, None])
def test_nobody_else_comes_in(quarter: list[Slot], view: str, role: Role | None) -> None:
    client = as_(role) if role else Client()
    for method in (client.get, client.post):
        assert method(reverse(view)).status_code in {302, 403, 405}


@pytest.mark.parametrize("view", VIEWS)
def test_looking_writes_nothing(filled: list[Slot], view: str) -> None:
    client = as_(Role.CHIEF)
    look(client, view)
    with CaptureQueriesContext(connection) as queries:
        look(client, view)
    assert [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))] == []


#: Queries of a view, whatever is on it; Wagtail's own furniture among them.
PRICE = {"schedule_slots": 42, "schedule_list": 32, "schedule_year": 34}


@pytest.mark.parametrize("view", VIEWS)
def test_the_price_is_the_same_however_full(filled: list[Slot], view: str) -> None:
    """Ten years of slots, more stories, more drafts: not one query more."""
    client = as_(Role.CHIEF)
    draft("Trong khay")
    look(client, view)
    with CaptureQueriesContext(connection) as few:
        look(client, view)
    ensure_slots(column_page(), date(2010, 1, 1), date(2019, 12, 31))
    for slot in Slot.objects.filter(day__range=(date(2017, 3, 16), date(2017, 6, 30)), story=None):
        planned(day=slot.day, owner=chief())
    for number in range(5):
        draft(f"Trong khay {number}", owner=chief())
    with CaptureQueriesContext(connection) as many:
        look(client, view)
    assert (len(few), len(many)) == (PRICE[view], PRICE[view])


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("title", ["<script>alert(1)</script>\"'><img src=x onerror=alert(2)>", "Ươ" * 100])
def test_a_headline_is_text_whatever_it_is(quarter: list[Slot], view: str, title: str) -> None:
    with time_machine.travel(BEFORE, tick=False):
        planned(title)
        draft(title)
    response = as_(Role.CHIEF).get(f"{reverse(view)}?{VIEWS[view]}")
    page = response.content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert title in unescape(page)


def test_a_column_without_slots_and_a_quarter_without_any(quarter: list[Slot]) -> None:
    client = as_(Role.CHIEF)
    assert "Quý này chưa có kỳ đăng nào" in words(look(client, query="quy=1995-3"))
    assert "Quý này chưa có kỳ đăng nào" in words(look(client, "schedule_list", "quy=1995-3"))
    assert "Năm này chưa có kỳ đăng nào" in words(look(client, "schedule_year", "nam=1995"))
    Slot.objects.all().delete()
    for view in VIEWS:
        assert "chưa có kỳ đăng nào" in words(look(client, view))


def test_without_a_column_there_is_no_calendar(quarter: list[Slot]) -> None:
    Slot.objects.all().delete()
    SlotRule.objects.all().delete()
    ColumnPage.objects.get().delete()
    client = as_(Role.CHIEF)
    client.force_login(make_user("", Role.CHIEF, is_superuser=True))
    for view in VIEWS:
        assert client.get(reverse(view)).status_code == 404


WISHES = [
    "", "quy=2017-5", "quy=0000-1", "quy=9999-1", "quy=abc", "quy=2017-1%00", "quy=99999-1", "nam=0000", "nam=9999",
    "nam=%D9%A2%D9%A0%D9%A1%D9%A7", "nam=", "chuyen-muc=999", "chuyen-muc=%00", "tim=%00%F0%9F%98%80",
]  # fmt: skip


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("wish", WISHES)
def test_what_is_no_quarter_or_year_is_this_one(quarter: list[Slot], view: str, wish: str) -> None:
    heading = words(look(as_(Role.EDITOR), view, wish or "x=1").select_one(".cal-heading"))
    assert heading == ("Kỳ đăng năm 2017" if view == "schedule_year" else "Kỳ đăng quý I/2017")


def test_the_ways_from_here(quarter: list[Slot]) -> None:
    client = as_(Role.EDITOR)

    def links(soup: BeautifulSoup, nav: str) -> list[str]:
        return [str(a["href"]) for a in soup.select(f"{nav} a")]

    board = look(client, query="quy=2016-4")
    assert links(board, ".cal-views") == [
        "/admin/lich-dang/nam/?nam=2016", "/admin/lich-dang/?quy=2016-4", "/admin/lich-dang/danh-sach/?quy=2016-4",
    ]  # fmt: skip
    assert links(board, ".cal-steps") == [
        "/admin/lich-dang/?quy=2016-3", "/admin/lich-dang/?quy=2017-1", "/admin/lich-dang/?quy=2017-1",
    ]  # fmt: skip
    year = look(client, "schedule_year", "nam=2015")
    assert links(year, ".cal-steps") == ["/admin/lich-dang/nam/?nam=2015", "/admin/lich-dang/nam/?nam=2017"]
    assert [words(a) for a in year.select("[aria-current=page]")][-1] == "2015"
    assert board.select(".cal-columns") == []


def test_two_columns_two_calendars(quarter: list[Slot]) -> None:
    first = column_page()
    second = ColumnPage(title="Chuyện quản lý", slug="chuyen-quan-ly")
    first.add_sibling(instance=second)
    SlotRule.objects.create(column=second, weekday=0)
    ensure_slots(second, date(2017, 1, 1), date(2017, 3, 31))
    assign(Slot.objects.get(column=first, day=THURSDAY), draft("Bài của mục một", parent=first), chief())
    draft("Nháp của mục một", parent=first)
    draft("Nháp của mục hai", parent=second)
    client = as_(Role.CHIEF)
    one, two = look(client), look(client, query=f"quy=2017-1&chuyen-muc={second.pk}")
    assert [(words(a), a["href"]) for a in two.select(".cal-columns a")] == [
        (first.title, "/admin/lich-dang/?quy=2017-1"),
        ("Chuyện quản lý", f"/admin/lich-dang/?quy=2017-1&chuyen-muc={second.pk}"),
    ]
    assert len(one.select(".cal-card")) == 13
    assert len(two.select(".cal-card")) == 13
    assert {words(t) for t in one.select(".cal-title")} == {"Bài của mục một", "Nháp của mục một"}
    assert {words(t) for t in two.select(".cal-title")} == {"Nháp của mục hai"}
    assert "Thứ Hai, 02/01" in words(two.select_one(".cal-card"))
    assert all(f"chuyen-muc={second.pk}" in a["href"] for a in two.select(".cal-views a, .cal-steps a"))


def test_the_first_page_shows_the_same_cards(filled: list[Slot]) -> None:
    client = as_(Role.EDITOR)
    with time_machine.travel(BEFORE, tick=False):
        soup = BeautifulSoup(client.get("/admin/").content, "html.parser")
    cards = {day_of(card): words(card.select_one(".cal-state")) for card in soup.select(".cal-card")}
    assert cards == {
        "2017-02-16": str(SlotState.SCHEDULED.label), "2017-02-23": str(SlotState.PLANNED.label),
        "2017-03-02": str(SlotState.APPROVED.label),
    }  # fmt: skip
    assert soup.select(".cal-card [data-cal-grip]") == []
