"""The ledger on the screen and in files: exact lines, every number with its list, and the same cost for any length."""

from __future__ import annotations

import csv
import io
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from column.people.models import User
from column.people.roles import Role
from column.schedule import days, slots
from column.schedule.holding import hold
from column.schedule.ledger import book
from column.schedule.ledger.missing import record_missed
from column.schedule.ledger.models import SlotEvent
from column.schedule.ledger.words import duration, lateness, sentence
from column.schedule.models import Reserve, ScheduleSettings, Slot
from column.schedule.publishing import publish_due
from column.schedule.scheduling import cancel_schedule
from column.schedule.substituting import substitute
from column.schedule.undoing import undo
from column.stories.models import Article
from column.stories.takedown import take_down
from tests.column.schedule.desk import BEFORE, DUE, THURSDAY, approve, chief, draft, planned, scheduled, slot_on
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)
LEDGER = "/admin/so-ky-dang/"


def user(name: str, shown: str, role: Role = Role.CHIEF) -> User:
    return User.objects.filter(username=name).first() or make_user(name, role, display_name=shown)


@pytest.fixture
def year() -> dict[str, Any]:
    """Ten Thursdays of 2017 (the last two lie ahead); the clock stands on the tenth."""
    editor, boss = user("lan", "Trần Thị Lan", Role.EDITOR), chief()
    day = [THURSDAY + week * WEEK for week in range(10)]
    for one in day:
        slot_on(one)
    ScheduleSettings.objects.update(go_live_date=day[1])
    imported = make_article("Bài trong kho", issue_date=day[0] - WEEK)
    slot_on(day[0] - WEEK)
    Slot.objects.filter(day=day[0] - WEEK).update(story=imported, published_at=imported.first_published_at)
    with time_machine.travel(DUE + timedelta(days=1), tick=False):
        late = scheduled("Đăng muộn", day=day[1], now=timezone.now())
        failed = scheduled("Hụt mất", day=day[2], now=timezone.now())
        stand_in = draft("=Bài gối đầu")
        approve(stand_in)
        Reserve.objects.create(article=stand_in, use_by=day[9])
        substitute(Slot.objects.get(day=day[2]), stand_in, "Cơ sở chưa xong", editor, timezone.now())
        slots.skip(Slot.objects.get(day=day[3]), "Nghỉ Tết", editor)
        gone = scheduled("Bị gỡ", day=day[5], now=timezone.now())
        on_time = scheduled("Đúng giờ", day=day[6], now=timezone.now())
        held = planned("Tạm giữ", day=day[8])
        hold(held, "Chờ ý kiến", boss, timezone.now())
        days.move_day(
            Slot.objects.get(day=day[6]), day[6] + timedelta(days=1), "Họp", editor, timezone.now(), unschedule=True
        )
        slots.assign(Slot.objects.get(day=day[9]), draft("Dự kiến"), editor)
    at = {late: DUE + WEEK + timedelta(minutes=40), stand_in: DUE + 2 * WEEK, gone: DUE + 5 * WEEK}
    for moment in at.values():
        with time_machine.travel(moment, tick=False):
            publish_due(timezone.now())
    with time_machine.travel(DUE + 5 * WEEK + timedelta(hours=1), tick=False):
        take_down(Article.objects.get(pk=gone.pk), boss, reason="Sai nội dung")
    now = datetime.combine(day[8], time(7, 0), tzinfo=DUE.tzinfo) - timedelta(days=3)
    record_missed(now)
    return {"now": now, "day": day, "editor": editor, "on_time": on_time, "failed": failed}


def read(world: dict[str, Any]) -> list[book.Line]:
    return list(book.read(2017, world["now"]).lines)


def test_every_thursday_with_its_outcome(year: dict[str, Any]) -> None:
    lines = read(year)
    assert [(line.slot.day, set(line.marks), line.title) for line in lines] == [
        (THURSDAY - WEEK, {"published"}, "Bài trong kho"),
        (THURSDAY, {"no_data"}, ""),
        (THURSDAY + WEEK, {"published_late"}, "Đăng muộn"),
        (THURSDAY + 2 * WEEK, {"published", "substituted"}, "=Bài gối đầu"),
        (THURSDAY + 3 * WEEK, {"skipped"}, ""),
        (THURSDAY + 4 * WEEK, {"missed"}, ""),
        (THURSDAY + 5 * WEEK, {"published", "taken_down"}, "Bị gỡ"),
        (THURSDAY + 6 * WEEK, {"missed", "moved"}, "Đúng giờ"),
        (THURSDAY + 7 * WEEK, {"missed"}, ""),
        (THURSDAY + 8 * WEEK, {"held"}, "Tạm giữ"),
        (THURSDAY + 9 * WEEK, {"planned"}, "Dự kiến"),
    ]
    assert [list(line.remarks) for line in lines] == [
        [],
        [],
        [],
        ["Thay “Hụt mất” bằng “=Bài gối đầu” (Trần Thị Lan): Cơ sở chưa xong"],
        ["Nghỉ kỳ: Nghỉ Tết"],
        ["Bỏ lỡ: kỳ không có bài"],
        ["Gỡ “Bị gỡ” khỏi trang (tong-bien-tap): Sai nội dung"],
        [
            "Dời ngày đăng từ Thứ Năm, 30/03/2017 sang Thứ Sáu, 31/03/2017 (Trần Thị Lan): Họp",
            "Bỏ lỡ: bài chưa lên trang",
        ],
        ["Bỏ lỡ: kỳ không có bài"],
        ["Đang tạm giữ: Chờ ý kiến"],
        [],
    ]
    late = lines[2]
    assert late.planned is not None
    assert late.approved is not None
    assert late.scheduled is not None
    assert [late.planned.by, late.approved.by, late.scheduled.by] == ["tong-bien-tap"] * 3
    assert (late.row.published_at, late.lateness) == ("14:52, 23/02/2017 (GMT+7)", "đăng muộn 40 phút")
    substituted = lines[3]
    assert substituted.planned is not None
    assert substituted.planned.by == "Trần Thị Lan"
    assert lines[7].scheduled is None
    assert lines[0].planned is lines[0].approved is None
    assert lines[0].lateness == ""


def test_the_history_in_words(year: dict[str, Any]) -> None:
    lines = read(year)
    assert [(entry.what, entry.who, entry.why) for entry in lines[3].entries] == [
        ("Xếp “Hụt mất” vào kỳ", "tong-bien-tap", ""),
        ("Hẹn giờ “Hụt mất” lên trang lúc 14:12, 02/03/2017 (GMT+7)", "tong-bien-tap", ""),
        ("Hủy hẹn giờ “Hụt mất”", "Trần Thị Lan", ""),
        ("Thay “Hụt mất” bằng “=Bài gối đầu”", "Trần Thị Lan", "Cơ sở chưa xong"),
        ("Hẹn giờ “=Bài gối đầu” lên trang lúc 14:12, 02/03/2017 (GMT+7)", "Trần Thị Lan", ""),
        ("“=Bài gối đầu” lên trang, đúng giờ", "Hệ thống", ""),
    ]
    assert [entry.what for entry in lines[7].entries][-3:] == [
        "Hủy hẹn giờ “Đúng giờ”",
        "Dời ngày đăng từ Thứ Năm, 30/03/2017 sang Thứ Sáu, 31/03/2017",
        "Hết ngày mà kỳ không có bài lên trang",
    ]


def words(slot: Slot) -> list[str]:
    events = list(slot.events.order_by("pk"))
    back = {event.batch for event in events if event.undoes}
    return [sentence(event, 15, taken_back=event.batch in back) for event in events]


def test_what_is_taken_back_says_so() -> None:
    slot, other, boss = slot_on(), slot_on(THURSDAY + WEEK), chief()
    with time_machine.travel(BEFORE, tick=False):
        slots.assign(slot, draft("Bài một"), boss)
        slots.move(slot, other, boss)
        undo(SlotEvent.objects.order_by("pk").last().batch, boss)  # type: ignore[union-attr]
        slots.change(slot, publish_time=time(6, 30), teaser="Một cửa", user=boss)
        slots.change(slot, publish_time=time(6, 30), teaser="", user=boss)
    assert words(slot) == [
        "Xếp “Bài một” vào kỳ",
        "Chuyển “Bài một” sang kỳ Thứ Năm, 23/02/2017",
        "Hoàn tác: xếp “Bài một” vào kỳ",
        "Sửa kỳ: giờ lên trang từ 14:12 thành 06:30; lời báo trước thành “Một cửa”",
        "Sửa kỳ: bỏ lời báo trước",
    ]
    assert words(other) == [
        "Chuyển “Bài một” từ kỳ Thứ Năm, 16/02/2017 đến kỳ này",
        "Hoàn tác: rút “Bài một” khỏi kỳ",
    ]
    yesterday = BEFORE - timedelta(days=1)
    line = next(line for line in book.read(2017, yesterday).lines if line.slot.pk == slot.pk)
    assert (line.title, set(line.marks)) == ("Bài một", {"planned"})


def test_a_substitution_taken_back_is_none() -> None:
    with time_machine.travel(BEFORE - timedelta(days=1), tick=False):
        scheduled("Hụt mất", now=timezone.now())
        stand_in = draft("Bài gối đầu")
        approve(stand_in)
        Reserve.objects.create(article=stand_in, use_by=THURSDAY)
        substitute(slot_on(), stand_in, "Chưa xong", chief(), timezone.now())
        undo(SlotEvent.objects.get(action="substituted").batch, chief(), timezone.now())
    (line,) = [line for line in book.read(2017, BEFORE).lines if line.slot.day == THURSDAY]
    assert (line.title, set(line.marks), list(line.remarks)) == ("Hụt mất", {"scheduled"}, [])


def test_lateness_in_words() -> None:
    assert [lateness(minutes, 15) for minutes in (None, 0, 1, 14, 15, 60, 1565)] == [
        "đúng giờ", "đúng giờ", "chậm 1 phút", "chậm 14 phút", "đăng muộn 15 phút", "đăng muộn 1 giờ",
        "đăng muộn 26 giờ 5 phút",
    ]  # fmt: skip
    assert duration(0) == "0 phút"


# --- the screen ----------------------------------------------------------------------------------------------------


@pytest.fixture
def boss_client(client: Client) -> Client:
    client.force_login(chief())
    return client


def shown(client: Client, now: datetime, address: str = f"{LEDGER}?nam=2017") -> BeautifulSoup:
    with time_machine.travel(now, tick=False):
        client.force_login(chief())
        response = client.get(address)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def days_of(page: BeautifulSoup) -> list[str]:
    return [str(one["datetime"]) for one in page.select(".ledger-lines > li time")]


def test_every_number_leads_to_exactly_its_thursdays(year: dict[str, Any], client: Client) -> None:
    page = shown(client, year["now"])
    # Those that a new installation has ahead of it belong to another year.
    assert len(days_of(page)) == 11
    chips = {link.get_text(" ", strip=True): str(link["href"]) for link in page.select(".ledger-counts a")}
    assert list(chips) == [
        "11 kỳ", "1 Đang tạm giữ", "1 Dự kiến", "3 Đã đăng", "1 Đăng muộn", "1 Nghỉ kỳ", "3 Bỏ lỡ kỳ",
        "1 Chưa có dữ liệu", "1 Đã thay bài", "1 Đã gỡ bài", "1 Đã dời ngày",
    ]  # fmt: skip
    for text, address in chips.items():
        assert len(days_of(shown(client, year["now"], address))) == int(text.split()[0]), text
    missed = shown(client, year["now"], chips["3 Bỏ lỡ kỳ"])
    assert days_of(missed) == ["2017-03-16", "2017-03-30", "2017-04-06"]


def test_by_person_and_outcome_together(year: dict[str, Any], client: Client) -> None:
    address = f"{LEDGER}?nam=2017&nguoi={year['editor'].pk}"
    page = shown(client, year["now"], address)
    assert days_of(page) == ["2017-03-02", "2017-03-09", "2017-03-30", "2017-04-20"]
    chips = {link.get_text(" ", strip=True): str(link["href"]) for link in page.select(".ledger-counts a")}
    assert list(chips) == [
        "4 kỳ", "1 Dự kiến", "1 Đã đăng", "1 Nghỉ kỳ", "1 Bỏ lỡ kỳ", "1 Đã thay bài", "1 Đã dời ngày",
    ]  # fmt: skip
    for text, link in chips.items():
        assert len(days_of(shown(client, year["now"], link))) == int(text.split()[0]), text
    names = [option.get_text() for option in page.select("#so-nguoi option")]
    assert names == ["mọi người", "tong-bien-tap", "Trần Thị Lan", "Hệ thống"]
    assert len(days_of(shown(client, year["now"], f"{LEDGER}?nam=2017&nguoi=he-thong"))) == 6


def test_a_person_who_is_gone_is_still_found_by_name(year: dict[str, Any], client: Client) -> None:
    key = year["editor"].pk
    year["editor"].delete()
    page = shown(client, year["now"], f"{LEDGER}?nam=2017&nguoi={key}")
    assert len(days_of(page)) == 4
    assert [option.get_text() for option in page.select("#so-nguoi option[selected]")] == ["Trần Thị Lan"]


def test_the_same_cost_for_one_slot_and_for_many(year: dict[str, Any], client: Client) -> None:
    counts = []
    with time_machine.travel(year["now"], tick=False):
        client.force_login(chief())
        client.get(LEDGER)
        for query in ("?nam=2017&ket-qua=skipped", "?nam=2017"):
            with CaptureQueriesContext(connection) as queries:
                client.get(LEDGER + query)
            counts.append(len(queries))
        with CaptureQueriesContext(connection) as few:
            book.read(2015, year["now"])
        with CaptureQueriesContext(connection) as many:
            book.read(2017, year["now"])
    assert counts[0] == counts[1] <= 40, counts
    assert len(few) <= len(many) <= 18, (len(few), len(many))


def test_looking_writes_nothing(year: dict[str, Any], client: Client) -> None:
    with time_machine.travel(year["now"], tick=False):
        client.force_login(chief())
        client.get(LEDGER)
        for address in (LEDGER, f"{LEDGER}so-ky-dang.xlsx", f"{LEDGER}so-ky-dang.csv"):
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            written = [one["sql"] for one in queries if not one["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))]
            assert written == [], address


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("?nam=khong", "“khong” không phải một năm"),
        ("?nam=99999", "“99999” không phải một năm"),
        ("?nam=²017", "không phải một năm"),
        ("?ket-qua=x", "Không có kết quả “x”"),
        ("?nguoi=x'", "Không có người “x'”"),
    ],
)
def test_what_cannot_be_asked_is_said(boss_client: Client, query: str, words: str) -> None:
    response = boss_client.get(LEDGER + query)
    assert response.status_code == 400
    page = BeautifulSoup(response.content, "html.parser")
    assert words in page.get_text()
    assert days_of(page) == []
    assert boss_client.get(f"{LEDGER}so-ky-dang.csv{query}").status_code == 400


def test_a_year_without_slots(boss_client: Client) -> None:
    response = boss_client.get(f"{LEDGER}?nam=1950")
    assert response.status_code == 200
    assert "Năm này chưa có kỳ đăng nào" in response.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_who_may_see_it(client: Client, role: Role) -> None:
    client.force_login(make_user("", role))
    allowed = role in {Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.ADMINISTRATOR}
    for address in (LEDGER, f"{LEDGER}so-ky-dang.xlsx", f"{LEDGER}so-ky-dang.csv"):
        response = client.get(address)
        # Wagtail answers a refusal within the admin by leading back to its first page, and says why.
        assert (response.status_code == 200) == allowed, address
        assert allowed or response.status_code in {302, 403}
    if role != Role.COMMITTEE:
        menu = client.get(reverse("wagtailadmin_home")).content.decode()
        assert ("so-ky-dang" in menu) == allowed


# --- files ---------------------------------------------------------------------------------------------------------

HEADINGS = [
    "Kỳ đăng", "Thứ", "Ngày đăng", "Chuyên mục", "Kết quả", "Bài viết", "Người xếp bài", "Xếp bài lúc", "Người duyệt",
    "Duyệt lúc", "Người hẹn giờ", "Hẹn giờ lúc", "Giờ của kỳ", "Lên trang lúc", "Chậm (phút)", "Ghi chú",
]  # fmt: skip


def test_the_workbook(year: dict[str, Any], client: Client) -> None:
    with time_machine.travel(year["now"], tick=False):
        client.force_login(chief())
        response = client.get(f"{LEDGER}so-ky-dang.xlsx?nam=2017")
    assert response.headers["Content-Disposition"].startswith('attachment; filename="so-ky-dang-2017-')
    assert response.headers["Content-Disposition"].endswith('.xlsx"')
    loaded = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]
    assert loaded.sheetnames == ["Sổ kỳ đăng", "Diễn biến"]
    rows = list(loaded["Sổ kỳ đăng"].iter_rows(values_only=True))
    assert list(rows[0]) == HEADINGS
    assert len(rows) == 12
    row = dict(zip(HEADINGS, rows[4], strict=True))
    assert row["Kỳ đăng"] == row["Ngày đăng"] == datetime(2017, 3, 2)  # noqa: DTZ001 - a cell has no zone
    assert row["Lên trang lúc"] == datetime(2017, 3, 2, 14, 12)  # noqa: DTZ001
    assert (row["Thứ"], row["Bài viết"], row["Chậm (phút)"], row["Người xếp bài"]) == (
        "Thứ Năm", "=Bài gối đầu", 0, "Trần Thị Lan",
    )  # fmt: skip
    cells = [cell for sheet in loaded for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str)]
    assert {cell.data_type for cell in cells} == {"s"}
    told = list(loaded["Diễn biến"].iter_rows(values_only=True))
    assert told[0] == ("Kỳ đăng", "Lúc", "Ai", "Việc", "Lý do")
    assert len(told) == 1 + SlotEvent.objects.count()


def test_the_csv(year: dict[str, Any], client: Client) -> None:
    with time_machine.travel(year["now"], tick=False):
        client.force_login(chief())
        response = client.get(f"{LEDGER}so-ky-dang.csv?nam=2017&ket-qua=substituted")
    text = response.content.decode()
    assert text.startswith("\ufeffKỳ đăng,")
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    assert row == {
        "Kỳ đăng": "02/03/2017", "Thứ": "Thứ Năm", "Ngày đăng": "02/03/2017", "Chuyên mục": "5 xây, 3 chống",
        "Kết quả": "Đã đăng", "Bài viết": "'=Bài gối đầu", "Người xếp bài": "Trần Thị Lan",
        "Xếp bài lúc": "17/02/2017 14:12", "Người duyệt": "tong-bien-tap", "Duyệt lúc": "17/02/2017 14:12",
        "Người hẹn giờ": "Trần Thị Lan", "Hẹn giờ lúc": "17/02/2017 14:12", "Giờ của kỳ": "02/03/2017 14:12",
        "Lên trang lúc": "02/03/2017 14:12", "Chậm (phút)": "0",
        "Ghi chú": "Thay “Hụt mất” bằng “=Bài gối đầu” (Trần Thị Lan): Cơ sở chưa xong",
    }  # fmt: skip


def test_all_years_in_one_file(year: dict[str, Any], boss_client: Client) -> None:
    text = boss_client.get(f"{LEDGER}so-ky-dang.csv?nam=tat-ca").content.decode()
    assert len(text.splitlines()) == 1 + Slot.objects.count() > 60


def test_the_command(year: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("ledger", year=2017)
    assert capsys.readouterr().out.splitlines()[0].removeprefix("\ufeff").split(",") == HEADINGS
    for ending in ("xlsx", "csv"):
        path = tmp_path / f"so.{ending}"
        call_command("ledger", year=2017, output=path)
        assert capsys.readouterr().out == f"Đã ghi 11 kỳ vào {path}.\n"
    assert openpyxl.load_workbook(tmp_path / "so.xlsx")["Sổ kỳ đăng"].max_row == 12
    assert (tmp_path / "so.csv").read_text(encoding="utf-8").startswith("\ufeffKỳ đăng,")
    for wrong in ({"output": tmp_path / "so.pdf"}, {"year": 17}, {"output": tmp_path / "khong" / "so.csv"}):
        with pytest.raises(CommandError):
            call_command("ledger", **wrong)


def test_a_cancelled_schedule_is_not_shown_as_one() -> None:
    with time_machine.travel(BEFORE - timedelta(days=1), tick=False):
        article = scheduled("Bài một", now=timezone.now())
        cancel_schedule(article, chief())
    (line,) = [line for line in book.read(2017, BEFORE).lines if line.slot.day == THURSDAY]
    assert line.scheduled is None
    assert line.approved is not None
