"""From the table onwards: every file in every layout, what cannot be frozen says so, why a Thursday was skipped."""

from __future__ import annotations

from datetime import date, time

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client

from column.people.roles import Role
from column.schedule.models import Holiday, ScheduleSettings, Slot
from tests.factories import column_page, make_user

pytestmark = pytest.mark.django_db
SLOTS = "dem=ky-dang&hang=nam&cot=trang-thai&ky=2026"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("can-bo", Role.COMMITTEE))
    return client


def test_printed_files_are_offered_in_every_layout(staff: Client) -> None:
    page = BeautifulSoup(staff.get("/tong-hop/?ky=2017").content, "html.parser")
    assert [(link.text, link["href"]) for link in page.select(".exports a")] == [
        ("Tải về bảng tính (XLSX)", "/tong-hop/bang-tong-hop.xlsx?ky=2017"),
        ("Văn bản (DOCX): Văn bản của Đảng", "/tong-hop/bang-tong-hop.docx?ky=2017&mau=dang"),
        ("Văn bản (DOCX): Văn bản hành chính", "/tong-hop/bang-tong-hop.docx?ky=2017&mau=nha-nuoc"),
        ("Bản in (PDF): Văn bản của Đảng", "/tong-hop/bang-tong-hop.pdf?ky=2017&mau=dang"),
        ("Bản in (PDF): Văn bản hành chính", "/tong-hop/bang-tong-hop.pdf?ky=2017&mau=nha-nuoc"),
        ("CSV", "/tong-hop/bang-tong-hop.csv?ky=2017"), ("JSON", "/tong-hop/bang-tong-hop.json?ky=2017"),
        ("Đoạn số liệu", "/tong-hop/doan-so-lieu/?ky=2017"),
    ]  # fmt: skip
    for link in page.select(".exports a"):
        assert staff.get(str(link["href"])).status_code == 200, link
    for way in ("/tong-hop/bao-cao-dinh-ky/", "/tong-hop/tep/"):
        assert page.select_one(f'main a[href="{way}"]') is not None


def test_a_tally_of_slots_says_that_it_is_never_frozen(staff: Client) -> None:
    said = "Bảng đếm kỳ đăng không chốt thành phiếu: mọi thay đổi của kỳ đăng đã nằm trong sổ kỳ đăng."
    page = staff.get(f"/tong-hop/?{SLOTS}").content.decode()
    assert said in page
    assert "/tong-hop/phieu/moi/" not in page
    for answer in (
        staff.get(f"/tong-hop/phieu/moi/?{SLOTS}"),
        staff.post(f"/tong-hop/phieu/moi/?{SLOTS}", {"title": "x"}),
    ):
        assert answer.status_code == 400
        assert said in answer.content.decode()
        assert BeautifulSoup(answer.content, "html.parser").select_one("main form") is None


@time_machine.travel("2026-11-23T08:00:00+07:00")
def test_why_a_thursday_was_skipped_is_told_where_the_calendar_tells_it(staff: Client) -> None:
    Slot.objects.all().delete()
    ScheduleSettings.objects.update(go_live_date=date(2026, 1, 1))
    Holiday.objects.create(day=date(2026, 9, 3), kind="off", name="Nghỉ bù Quốc khánh")
    for day, why in ((date(2026, 9, 3), "Phóng viên ốm"), (date(2026, 9, 10), "Chờ ý kiến Ban Thường vụ")):
        Slot.objects.create(column=column_page(), day=day, publish_time=time(6, 0), skip_reason=why)
    page = BeautifulSoup(staff.get("/tong-hop/ky-dang/?ky=2026").content, "html.parser")
    assert [[cell.text for cell in row.select("td")] for row in page.select(".slot-table tbody tr")] == [
        ["03/09/2026", "Nghỉ kỳ", "Nghỉ bù Quốc khánh"], ["10/09/2026", "Nghỉ kỳ", ""],
    ]  # fmt: skip
    assert not {"ốm", "Ban Thường vụ"} & set(page.text.split())
