"""Choosing a tally: presets, what a form sends, pages of columns, slots, pictures; at a constant cost."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from column.coverage.models import Criterion
from column.departments.models import Department
from column.people.roles import Role
from column.tallies.choosing import as_sent
from tests.factories import make_coverage, make_news, make_user

pytestmark = pytest.mark.django_db
NOW = "2017-02-16T14:12:00+07:00"


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("can-bo", Role.COMMITTEE))
    return client


def page_of(client: Client, path: str) -> BeautifulSoup:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return BeautifulSoup(answer.content, "html.parser")


def cover(number: int, day: date = date(2017, 2, 9)) -> None:
    unit = Department.objects.in_report_order()[number]
    make_coverage(make_news(f"Chuyện {number}", issue_date=day), unit, Criterion.objects.get(slug="chong-tieu-cuc"))


def test_what_a_form_sends_for_nothing_is_left_out() -> None:
    assert as_sent(QueryDict("ky=2017&tieu-chi=a&tieu-chi=b")) is None
    sent = as_sent(QueryDict("ky=2017&tu=&co-cau=nay&co-cau-ngay=1/7/2025&loai=bai&loai="))
    assert sent is not None
    assert sent.urlencode() == "ky=2017&co-cau=1%2F7%2F2025&loai=bai"


@time_machine.travel(NOW)
def test_the_tables_that_are_asked_for_most(staff: Client) -> None:
    cover(0)
    page = page_of(staff, "/tong-hop/?ky=2017&theo=quy")
    presets = {link.text: str(link["href"]) for link in page.select(".presets a")}
    assert presets == {
        "Bảng năm nay": "/tong-hop/?ky=2017&theo=quy",
        "Quý này": "/tong-hop/?ky=2017-Q1",
        "Ai chưa được phản ánh": "/tong-hop/?ky=2017&cot=tong&bang-0=1",
    }
    assert [link.text for link in page.select(".presets [aria-current]")] == ["Bảng năm nay"]
    uncovered = page_of(staff, presets["Ai chưa được phản ánh"])
    assert len(uncovered.select("tbody td.total.zero")) > 40
    assert "đơn vị bằng 0" in uncovered.select(".notes")[0].text


@time_machine.travel(NOW)
def test_what_is_chosen_stands_chosen_in_the_form(staff: Client) -> None:
    cover(0)
    page = page_of(staff, "/tong-hop/?don-vi=tp-da-nang&tieu-chi=chong-tieu-cuc&ky=2017-W07&hang=loai&dem=luot&cot=nam")
    chosen = {(one.parent.parent["name"], one["value"]) for one in page.select(".tally-form optgroup option[selected]")}
    assert chosen == {("ky", "2017-W07"), ("hang", "loai"), ("cot", "nam")}
    checked = {(one["name"], one["value"]) for one in page.select(".tally-form input[checked]")}
    assert checked == {("don-vi", "tp-da-nang"), ("tieu-chi", "chong-tieu-cuc")}
    labels = {" ".join(one.text.split()) for one in page.select(".tally-form label.check")}
    assert {"Chống tiêu cực", "Chống quan liêu", "Chống bệnh hình thức"} <= labels
    assert "Tiêu cực" not in labels


@time_machine.travel(NOW)
def test_very_many_columns_come_in_pages_and_totals_are_of_all(staff: Client) -> None:
    for number in range(30):
        cover(number)
    address = "/tong-hop/?ky=2017&hang=tieu-chi&cot=don-vi"
    page = page_of(staff, address)
    assert len(page.select("thead th")) == 1 + 24 + 1
    second = page_of(staff, f"{address}&trang-cot=2")
    assert len(second.select("thead th")) == 1 + 6 + 1
    totals = {one.select("tfoot td.total")[0].text for one in (page, second)}
    assert totals == {"30"}


@time_machine.travel(NOW)
def test_slots_are_a_measure_with_lists_of_their_own(staff: Client) -> None:
    page = page_of(staff, "/tong-hop/?dem=ky-dang")
    links = [link for link in page.select("table.tally-table td a") if "ky-dang" in str(link["href"])]
    for link in links[:3]:
        listed = page_of(staff, str(link["href"]))
        assert str(listed.select("[role=status] strong")[0].text) == link.text
    assert staff.get("/tong-hop/ky-dang/?trang-thai=x").status_code == 400
    assert staff.get("/tong-hop/ky-dang/?don-vi=so-y-te").status_code == 400
    assert page_of(staff, "/tong-hop/ky-dang/?ky=1999").select(".empty-title")[0].text == "Không có kỳ đăng"


@time_machine.travel(NOW)
@pytest.mark.parametrize("path", ["/tong-hop/?ky=2017&theo=quy", "/tong-hop/hinh/?ky=2017"])
def test_a_screen_costs_the_same_whatever_its_size(staff: Client, django_assert_num_queries: Any, path: str) -> None:
    cover(0)
    staff.get(path)
    with CaptureQueriesContext(connection) as first:
        staff.get(path)
    for number in range(1, 8):
        cover(number)
    with django_assert_num_queries(len(first)):
        staff.get(path)


@time_machine.travel(NOW)
def test_the_pictures_show_the_tables_numbers_and_come_as_files(staff: Client) -> None:
    cover(0)
    cover(1)
    page = page_of(staff, "/tong-hop/hinh/?ky=2017")
    assert [one.select("h2")[0].text for one in page.select("figure.picture")] == [
        "Cơ quan, đơn vị theo tiêu chí", "Theo tháng", "Ít được phản ánh nhất",
    ]  # fmt: skip
    heat = page.select("#nhiet tbody tr")
    assert [[cell.text for cell in row.select("th, td")][-2:] for row in heat] == [["1", "0"], ["1", "0"]]
    svg = staff.get("/tong-hop/hinh/nhiet.svg?ky=2017")
    assert (svg.status_code, svg["Content-Type"]) == (200, "image/svg+xml")
    png = staff.get("/tong-hop/hinh/nhiet.png?ky=2017")
    assert png.content.startswith(b"\x89PNG")
    assert staff.get("/tong-hop/hinh/khac.svg?ky=2017").status_code == 404
    assert staff.get("/tong-hop/hinh/nhiet.svg?ky=x").status_code == 400
