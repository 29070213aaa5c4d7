from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import openpyxl
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from column.coverage.models import Criterion
from column.departments.models import Department
from column.enums import CoverageRole, Tone
from column.people.roles import Role
from column.stories.models import Story
from column.text.spreadsheets import formula_safe
from tests.factories import make_article, make_coverage, make_news, make_user

pytestmark = pytest.mark.django_db

NOW = "2017-02-16T14:12:00+07:00"


def unit(code: str) -> Department:
    return Department.objects.get(code=code)


def criterion(slug: str) -> Criterion:
    return Criterion.objects.get(slug=slug)


@pytest.fixture
def world() -> dict[str, Story]:
    stories: dict[str, Any] = {
        "article": make_article("Cải thiện lề lối", issue_date=date(2017, 2, 16)),
        "news": make_news('=HYPERLINK("x")', issue_date=date(2017, 1, 5)),
        "old": make_news("Chuyện năm trước", issue_date=date(2016, 12, 29)),
        "draft": make_article("Bản nháp", live=False),
    }
    make_coverage(stories["article"], unit("so-cong-thuong"), criterion("ky-cuong"), tone=Tone.PRAISE)
    make_coverage(stories["article"], unit("so-cong-thuong"), criterion("chong-tieu-cuc"))
    make_coverage(stories["article"], unit("cong-an-tp"), criterion("ky-cuong"))
    make_coverage(stories["article"], unit("btv-thanh-uy"), role=CoverageRole.MENTIONED)
    make_coverage(stories["news"], unit("so-cong-thuong"), criterion("ky-cuong"))
    make_coverage(stories["old"], unit("so-cong-thuong"), criterion("ky-cuong"))
    make_coverage(stories["draft"], unit("so-cong-thuong"), criterion("ky-cuong"))
    return stories


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("can-bo", Role.COMMITTEE))
    return client


def shown(page: bytes) -> list[list[str]]:
    """The table as a reader sees it, headings first."""
    table = BeautifulSoup(page, "html.parser").select_one("table.tally-table")
    assert table is not None
    lines = []
    for row in table.select("tr"):
        for hidden in row.select(".visually-hidden"):
            hidden.decompose()
        lines.append([" ".join(cell.text.split()) for cell in row.select("th, td")])
    return lines


HEADINGS = [
    "Trách nhiệm", "Trung thực", "Chuyên nghiệp", "Kỷ cương", "Gương mẫu", "Chống quan liêu", "Chống tiêu cực",
    "Chống bệnh hình thức", "Tổng số (không trùng)",
]  # fmt: skip


@time_machine.travel(NOW)
def test_the_first_sight_is_this_year_by_quarter(staff: Client, world: dict[str, Story]) -> None:
    first = staff.get("/tong-hop/")
    assert (first.status_code, first["Location"]) == (302, "/tong-hop/?ky=2017&theo=quy")
    assert shown(staff.get(first["Location"]).content) == [
        ["Cơ quan, đơn vị", "Quý", *HEADINGS],
        ["1. Sở Công Thương", "Cả kỳ", "0", "0", "0", "2", "0", "0", "1", "0", "2"],
        ["", "Quý I/2017", "0", "0", "0", "2", "0", "0", "1", "0", "2"],
        ["2. Công an thành phố Đà Nẵng", "Cả kỳ", "0", "0", "0", "1", "0", "0", "0", "0", "1"],
        ["", "Quý I/2017", "0", "0", "0", "1", "0", "0", "0", "0", "1"],
        ["Tổng số (không trùng)", "Cả kỳ", "0", "0", "0", "2", "0", "0", "1", "0", "2"],
        ["", "Quý I/2017", "0", "0", "0", "2", "0", "0", "1", "0", "2"],
    ]


@time_machine.travel(NOW)
def test_every_number_on_the_screen_opens_its_stories(staff: Client, world: dict[str, Story]) -> None:
    for query in ("ky=2017&theo=quy", "dem=luot", "vai-tro=tat-ca&dem=luot"):
        soup = BeautifulSoup(staff.get(f"/tong-hop/?{query}").content, "html.parser")
        links = soup.select("table.tally-table td a, a.bignum")
        assert len(links) > 4
        for link in links:
            number = link.select_one("strong")
            listed = BeautifulSoup(staff.get(str(link["href"])).content, "html.parser")
            rows = listed.select(".story-table tbody tr")
            mentions = [div for row in rows for div in row.select("td:last-child div")]
            expected = len(mentions) if "luot" in query else len(rows)
            assert int((number or link).text) == expected, link["href"]


@time_machine.travel(NOW)
def test_a_number_leads_to_exactly_its_story(staff: Client, world: dict[str, Story]) -> None:
    page = staff.get("/tong-hop/danh-sach/?don-vi=cong-an-tp&tieu-chi=ky-cuong&ky=2017-Q1&vai-tro=doi-tuong")
    table = BeautifulSoup(page.content, "html.parser").select_one(".story-table tbody")
    assert table is not None
    assert [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in table.select("tr")] == [
        ["16/02/2017", "Bài viết", "Cải thiện lề lối", "ĐOÀN LƯƠNG", "Công an thành phố Đà Nẵng – Kỷ cương"]
    ]
    assert "Tin, bài về Công an thành phố Đà Nẵng, tiêu chí Kỷ cương, đăng trong quý I/2017" in page.content.decode()


@time_machine.travel(NOW)
def test_the_workbook_equals_the_screen(staff: Client, world: dict[str, Story]) -> None:
    query = "ky=2017&theo=quy"
    screen = shown(staff.get(f"/tong-hop/?{query}").content)
    answer = staff.get(f"/tong-hop/bang-tong-hop.xlsx?{query}")
    assert answer["Content-Disposition"] == 'attachment; filename="bang-tong-hop-2017-20170216-1412.xlsx"'
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))  # type: ignore[attr-defined]
    assert book.sheetnames == ["Bảng", "Tin, bài", "Cách tính"]

    sheet = book["Bảng"]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ["TT", "Cơ quan, đơn vị", "Quý", *HEADINGS, "Ghi chú"]
    assert [[str(value) for value in row[2:-1]] for row in rows[1:]] == [line[1:] for line in screen[1:]]
    assert [row[1] for row in rows[1:]] == ["Sở Công Thương"] * 2 + ["Công an thành phố Đà Nẵng"] * 2 + [
        "Tổng số (không trùng)"
    ] * 2
    assert {type(value) for row in rows[1:] for value in row[3:-1]} == {int}
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref == "A1:M5"

    stories = [list(row) for row in book["Tin, bài"].iter_rows(values_only=True)]
    assert stories[0][:7] == ["TT", "Ngày đăng", "Loại", "Tiêu đề", "Bút danh", "Đơn vị – tiêu chí", "Số lượt"]
    assert [row[3] for row in stories[1:]] == ['=HYPERLINK("x")', "Cải thiện lề lối"]
    assert {cell.data_type for row in book["Tin, bài"].iter_rows() for cell in row} == {"s", "n", "d"}
    assert stories[2][1].date() == date(2017, 2, 16)
    assert stories[2][5].split("; ") == [
        "Sở Công Thương – Kỷ cương (biểu dương)", "Sở Công Thương – Chống tiêu cực",
        "Công an thành phố Đà Nẵng – Kỷ cương",
    ]  # fmt: skip
    assert stories[2][6] == 3

    method = {row[0]: row[1] for row in book["Cách tính"].iter_rows(values_only=True)}
    assert method["Phạm vi"] == "Tin, bài, đăng trong năm 2017"
    assert method["Số liệu lúc"] == "14:12, 16/02/2017 (GMT+7)"
    assert len(method) == 12


def body(answer: Any) -> str:
    return b"".join(answer.streaming_content).decode()


@time_machine.travel(NOW)
def test_the_csv_file_holds_the_same_figures(staff: Client, world: dict[str, Story]) -> None:
    screen = shown(staff.get("/tong-hop/?ky=2017").content)
    text = body(staff.get("/tong-hop/bang-tong-hop.csv?ky=2017"))
    assert text.startswith("\ufeffTT,")
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert [row[2:-1] for row in rows[1:]] == [line[1:] for line in screen[1:]]


@pytest.mark.parametrize("value", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_runs_as_a_formula(value: str) -> None:
    assert formula_safe(value) == f"'{value}"
    assert formula_safe(5) == 5
    assert formula_safe("Sở Y tế") == "Sở Y tế"


@time_machine.travel("2025-06-10T08:00:00+07:00")
def test_bodies_of_one_name_are_told_apart_on_screen_and_in_the_margin_of_the_sheet(staff: Client) -> None:
    for code, day in (("so-noi-vu", date(2025, 1, 9)), ("so-noi-vu-2025", date(2025, 4, 3))):
        make_coverage(make_news(f"Chuyện {code}", issue_date=day), unit(code), criterion("ky-cuong"))
    assert [line[0] for line in shown(staff.get("/tong-hop/?ky=2025").content)[1:3]] == [
        "1. Sở Nội vụ", "2. Sở Nội vụ (từ 01/3/2025)",
    ]  # fmt: skip
    rows = list(csv.reader(io.StringIO(body(staff.get("/tong-hop/bang-tong-hop.csv?ky=2025")))))
    assert [(row[1], row[-1]) for row in rows[1:3]] == [
        ("Sở Nội vụ", "đến hết 28/02/2025"), ("Sở Nội vụ", "từ 01/03/2025"),
    ]  # fmt: skip


URLS = (
    "/tong-hop/?ky=2017", "/tong-hop/danh-sach/", "/tong-hop/quy-uoc/", "/tong-hop/bang-tong-hop.xlsx",
    "/tong-hop/bang-tong-hop.csv",
)  # fmt: skip


@pytest.mark.parametrize("url", URLS)
def test_who_may_see_tallies(client: Client, url: str) -> None:
    anonymous = client.get(url)
    assert anonymous.status_code == 302
    assert anonymous["Location"].startswith("/dang-nhap/?next=/tong-hop/")
    client.force_login(make_user("phong-vien", Role.REPORTER))
    assert client.get(url).status_code == 403
    for role in (Role.COMMITTEE, Role.EDITOR, Role.CHIEF):
        client.force_login(make_user(f"ai-{role.name}", role))
        answer = client.get(url)
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
    assert client.post(url).status_code == 405


def test_bad_addresses_are_said_and_count_nothing(staff: Client, world: dict[str, Story]) -> None:
    page = staff.get("/tong-hop/?ky=2017-Q9&don-vi=x&dem=y")
    assert page.status_code == 400
    text = page.content.decode()
    assert "Kỳ “2017-Q9” không đọc được" in text
    assert "Không có đơn vị “x”." in text
    assert "“y” không dùng được cho “dem”" in text
    assert "tally-table" not in text
    assert staff.get("/tong-hop/danh-sach/?ky=x").status_code == 400
    refused = staff.get("/tong-hop/bang-tong-hop.xlsx?ky=x")
    assert (refused.status_code, refused["Content-Type"]) == (400, "text/plain; charset=utf-8")


def test_an_empty_archive_is_an_empty_table(staff: Client) -> None:
    text = staff.get("/tong-hop/?ky=2017&theo=quy").content.decode()
    assert "Không có tin, bài nào đã gắn trong phạm vi này" in text
    book = b"".join(staff.get("/tong-hop/bang-tong-hop.xlsx?ky=2017").streaming_content)  # type: ignore[attr-defined]
    assert openpyxl.load_workbook(io.BytesIO(book))["Bảng"].max_row == 2


def test_large_tables_are_paged_and_totals_are_for_all(staff: Client, world: dict[str, Story]) -> None:
    first = staff.get("/tong-hop/?ky=2017&bang-0=1")
    leaf = first.context["leaf"]
    assert leaf.paginator.per_page == 50
    assert leaf.paginator.num_pages > 2
    last = staff.get(f"/tong-hop/?ky=2017&bang-0=1&trang={leaf.paginator.num_pages}")
    assert shown(first.content)[-1] == shown(last.content)[-1]
    ordinals = [line[0].split(".")[0] for line in shown(last.content)[1:-1]]
    assert ordinals[-1] == str(leaf.paginator.count)
    assert "đơn vị bằng 0." in first.content.decode()


def test_the_contract_has_eight_rules_and_every_table_links_to_it(staff: Client, world: dict[str, Story]) -> None:
    page = BeautifulSoup(staff.get("/tong-hop/quy-uoc/").content, "html.parser")
    assert len(page.select("ol.contract > li")) == 8
    for url in ("/tong-hop/?ky=2017", "/tong-hop/danh-sach/?ky=2017"):
        assert "/tong-hop/quy-uoc/" in staff.get(url).content.decode()


@pytest.mark.parametrize(
    "url", ["/tong-hop/?theo=quy", "/tong-hop/danh-sach/", "/tong-hop/bang-tong-hop.xlsx?theo=quy"]
)
def test_queries_do_not_grow(staff: Client, world: dict[str, Story], url: str) -> None:
    def ask() -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = staff.get(url)
            if answer.streaming:
                b"".join(answer.streaming_content)  # type: ignore[attr-defined]
            return len(queries)

    ask()
    before = ask()
    for number in range(6):
        story = make_news(f"Thêm {number}", issue_date=date(2016 + number, 5, 5), byline=f"BÚT {number}")
        make_coverage(story, unit("so-y-te"), criterion("guong-mau"))
        make_coverage(story, unit("so-du-lich"), criterion("trung-thuc"))
    ask()
    assert ask() == before
