"""What a person fetches says what the screen says, figure by figure, in every format and for every role."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.management import CommandError, call_command
from django.test import Client
from docx import Document
from pypdf import PdfReader

from column.coverage.models import Criterion
from column.departments.models import Department
from column.enums import CoverageRole
from column.people.roles import Role
from column.stories.models import Story
from column.tallies.exports import views
from column.tallies.exports.formats import FORMATS
from column.tallies.exports.models import ExportJob, ReportLayout
from column.tallies.models import MonitoredList
from column.text.dates import format_number
from tests.column.tallies.exports.made import LONG
from tests.factories import make_article, make_coverage, make_department, make_news, make_user

pytestmark = pytest.mark.django_db
NOW = "2017-02-16T14:12:00+07:00"
FILE = "/tong-hop/bang-tong-hop"


def unit(code: str) -> Department:
    return Department.objects.get(code=code)


def criterion(slug: str) -> Criterion:
    return Criterion.objects.get(slug=slug)


@pytest.fixture
def world() -> dict[str, Story]:
    stories: dict[str, Any] = {
        "article": make_article("Cải thiện lề lối", issue_date=date(2017, 2, 16)),
        "news": make_news('=HYPERLINK("x")', issue_date=date(2017, 1, 5)),
        "draft": make_article("Chuyện qdraft", live=False, issue_date=date(2017, 1, 12)),
    }
    long = make_department(LONG, code="ban-dai")
    for code, slug in (
        ("so-cong-thuong", "ky-cuong"),
        ("so-cong-thuong", "chong-tieu-cuc"),
        ("cong-an-tp", "ky-cuong"),
    ):
        make_coverage(stories["article"], unit(code), criterion(slug))
    make_coverage(stories["article"], unit("btv-thanh-uy"), role=CoverageRole.MENTIONED)
    make_coverage(stories["news"], unit("so-cong-thuong"), criterion("ky-cuong"))
    make_coverage(stories["news"], long, criterion("guong-mau"))
    make_coverage(stories["draft"], unit("so-cong-thuong"), criterion("ky-cuong"))
    return stories


@pytest.fixture
def staff(client: Client) -> Client:
    client.force_login(make_user("can-bo", Role.COMMITTEE))
    return client


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def screen(page: bytes) -> list[list[str]]:
    """Headings and lines of the table on the screen, numbers as they are shown."""
    table = BeautifulSoup(page, "html.parser").select_one("table.tally-table")
    assert table is not None
    lines = []
    for row in table.select("tr"):
        for hidden in row.select(".visually-hidden"):
            hidden.decompose()
        lines.append([" ".join(cell.text.split()) for cell in row.select("th, td")])
    return lines


def of_xlsx(content: bytes) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Bảng"]
    return [["" if value is None else value for value in row] for row in sheet.iter_rows(values_only=True)]


def of_csv(content: bytes) -> list[list[Any]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def of_docx(content: bytes) -> list[list[Any]]:
    tables = Document(io.BytesIO(content)).tables[1:-1]
    return [[cell.text for cell in row.cells] for row in tables[0].rows]


READ: dict[str, Callable[[bytes], list[list[Any]]]] = {"xlsx": of_xlsx, "csv": of_csv, "docx": of_docx}
QUERIES = ("ky=2017", "ky=2017&theo=quy", "hang=tieu-chi&cot=quy", "hang=thang&cot=loai&dem=luot", "ky=2017&cot=tong")


@pytest.mark.parametrize("query", QUERIES)
@time_machine.travel(NOW)
def test_every_format_says_what_the_screen_says(staff: Client, world: dict[str, Story], query: str) -> None:
    shown = screen(staff.get(f"/tong-hop/?{query}").content)
    split = "theo=" in query
    labels = 2 if split else 1

    def numbers(rows: list[list[Any]], skip: int) -> list[list[str]]:
        """The figures alone, as the screen writes them."""
        return [
            [format_number(int(str(cell).replace(".", ""))) for cell in row[skip:-1] if str(cell) != ""]
            for row in rows[1:]
        ]

    wanted = [row[labels:] for row in shown[1:]]
    for ending, read in READ.items():
        rows = read(body(staff.get(f"{FILE}.{ending}?{query}")))
        assert [str(cell) for cell in rows[0][labels + 1 : -1]] == shown[0][labels:], ending
        assert numbers(rows, labels + 1) == wanted, ending
    data = json.loads(body(staff.get(f"{FILE}.json?{query}")))
    assert [
        [format_number(number) for number in (*row["numbers"], row["total"])] for row in data["rows"] + data["totals"]
    ] == wanted
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(body(staff.get(f"{FILE}.pdf?{query}")))).pages)
    flat = "".join(text.split())
    at = 0
    for row in wanted:
        found = flat.find("".join(row), at)
        assert found >= at, row
        at = found


@time_machine.travel(NOW)
def test_names_are_printed_whole_and_texts_are_texts(staff: Client, world: dict[str, Story]) -> None:
    rows = of_xlsx(body(staff.get(f"{FILE}.xlsx?ky=2017")))
    assert LONG in {row[1] for row in rows}
    assert LONG in {row[1] for row in of_docx(body(staff.get(f"{FILE}.docx?ky=2017")))}
    stories = openpyxl.load_workbook(io.BytesIO(body(staff.get(f"{FILE}.xlsx?ky=2017"))))["Tin, bài"]
    assert [(row[3].value, row[3].data_type) for row in stories.iter_rows(min_row=2)] == [
        ('=HYPERLINK("x")', "s"), ("Cải thiện lề lối", "s"),
    ]  # fmt: skip


@time_machine.travel(NOW)
def test_the_file_is_named_after_its_period_and_moment(staff: Client, world: dict[str, Story]) -> None:
    for ending, made in FORMATS.items():
        answer = staff.get(f"{FILE}.{ending}?ky=2017")
        name = f'attachment; filename="bang-tong-hop-2017-20170216-1412.{ending}"'
        assert [answer["Content-Disposition"], answer["Content-Type"]] == [name, made.content_type]
        assert "no-store" in answer["Cache-Control"]


ROLES = [*Role, "", None]
MAY_SEE = {Role.COMMITTEE, Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", ROLES, ids=str)
@time_machine.travel(NOW)
def test_who_may_fetch_what(world: dict[str, Story], role: Role | str | None) -> None:
    """Role × address × format; nobody's file tells of a draft."""
    client = Client()
    if role is not None:
        client.force_login(make_user("", role))
    allowed = 200 if role in MAY_SEE else 302 if role is None else 403
    addresses = [f"{FILE}.{ending}?ky=2017" for ending in FORMATS]
    addresses += ["/tong-hop/doan-so-lieu/?ky=2017", "/tong-hop/tep/", "/tong-hop/mau-trinh-bay/",
                  "/tong-hop/bao-cao-dinh-ky/"]  # fmt: skip
    found = {address: client.get(address) for address in addresses}
    assert {address: answer.status_code for address, answer in found.items()} == dict.fromkeys(addresses, allowed)
    assert not any(b"qdraft" in body(answer) for answer in found.values())
    sheet = found[f"{FILE}.xlsx?ky=2017"]
    if allowed == 200:
        stories = openpyxl.load_workbook(io.BytesIO(body(client.get(f"{FILE}.xlsx?ky=2017"))))["Tin, bài"]
        assert {row[3].value for row in stories.iter_rows(min_row=2)} == {'=HYPERLINK("x")', "Cải thiện lề lối"}
    else:
        assert not sheet.streaming
    changes = role in {Role.COMMITTEE, Role.MANAGING_EDITOR, Role.CHIEF, Role.ADMINISTRATOR}
    for address in ("/tong-hop/mau-trinh-bay/dang/", "/tong-hop/bao-cao-dinh-ky/them/"):
        assert client.get(address).status_code == (200 if changes else 302 if role is None else 403), address
    royalties = role in {Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.ADMINISTRATOR}
    for address in ("/admin/nhuan-but/", "/admin/nhuan-but/nhuan-but.xlsx"):
        assert (client.get(address).status_code == 200) == royalties, address
    assert client.post("/tong-hop/tep/lap/", {"dang": "csv", "bang": "ky=2017"}).status_code == (
        302 if allowed in {200, 302} else 403
    )
    assert ExportJob.objects.count() == (allowed == 200)


def test_what_cannot_be_read_is_said(staff: Client) -> None:
    for ending in FORMATS:
        refused = staff.get(f"{FILE}.{ending}?ky=2017-Q9")
        assert [refused.status_code, refused["Content-Type"]] == [400, "text/plain; charset=utf-8"]
        assert "Kỳ “2017-Q9” không đọc được" in refused.content.decode()
    assert staff.get(f"{FILE}.pdf?mau=x").content.decode() == (
        "Không có mẫu trình bày “x”; các mẫu có thể dùng: dang, nha-nuoc."
    )
    assert staff.get(f"{FILE}.exe").status_code == 404
    assert staff.get(f"{FILE}.pdf?phieu=XXXX").content.decode() == "Không có phiếu chốt số liệu “XXXX”."
    ReportLayout.objects.all().delete()
    assert staff.get(f"{FILE}.pdf").content.decode() == "Chưa có mẫu trình bày báo cáo nào; hãy báo quản trị."


@time_machine.travel(NOW)
def test_an_empty_table_is_a_file_too(staff: Client) -> None:
    for ending in FORMATS:
        assert staff.get(f"{FILE}.{ending}?ky=2017").status_code == 200, ending
    text = PdfReader(io.BytesIO(body(staff.get(f"{FILE}.pdf?ky=2017")))).pages[0].extract_text()
    assert "Không có tin, bài nào trong phạm vi này." in text
    prose = BeautifulSoup(staff.get("/tong-hop/doan-so-lieu/?ky=2017").content, "html.parser").textarea
    assert prose is not None
    assert prose.text.startswith("Trong năm 2017, chuyên mục chưa có tin, bài nào được tính trong phạm vi này.")


@time_machine.travel(NOW)
def test_the_paragraph_has_the_figures_of_the_screen(staff: Client, world: dict[str, Story]) -> None:
    watched = MonitoredList.objects.create(slug="cac-so", name="Các sở", as_of=date(2017, 1, 1))
    watched.units.set([unit("so-cong-thuong"), unit("so-y-te")])
    page = BeautifulSoup(staff.get("/tong-hop/doan-so-lieu/?ky=2017-Q1&danh-sach=cac-so").content, "html.parser")
    assert page.textarea is not None
    assert page.textarea.has_attr("readonly")
    assert page.textarea.text == (
        "Trong quý I/2017, chuyên mục có 2 tin, bài (1 bài viết và 1 tin)."
        f" Có 3 cơ quan, đơn vị được phản ánh; nhiều nhất là Sở Công Thương (2); {LONG} (1) và"
        " Công an thành phố Đà Nẵng (1)."
        " Về tiêu chí, nhiều nhất là kỷ cương (2), gương mẫu (1) và chống tiêu cực (1)."
        " Trong danh sách theo dõi “Các sở (01/01/2017)”, còn 1 đơn vị chưa được phản ánh: Sở Y tế."
        " (Số liệu lấy lúc 14:12, 16/02/2017 (GMT+7), chưa chốt.)"
    )


def test_a_large_table_is_the_workers(staff: Client, world: dict[str, Story], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("column.tallies.exports.formats.STORIES_AT_ONCE", 1)
    page = staff.get(f"{FILE}.xlsx?ky=2017")
    form = BeautifulSoup(page.content, "html.parser").select_one('form[action="/tong-hop/tep/lap/"]')
    assert form is not None
    sent = {field["name"]: field.get("value") for field in form.select("input")}
    assert {name: value for name, value in sent.items() if name != "csrfmiddlewaretoken"} == {
        "dang": "xlsx", "bang": "ky=2017",
    }  # fmt: skip
    assert ExportJob.objects.count() == 0
    assert staff.get(f"{FILE}.csv?ky=2017")["Content-Disposition"].endswith('.csv"')


def test_a_full_disk_is_said(staff: Client, world: dict[str, Story], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views.tempfile, "SpooledTemporaryFile", lambda **kwargs: Path("/dev/full").open("r+b", 0))  # noqa: SIM115
    refused = staff.get(f"{FILE}.csv?ky=2017")
    assert [refused.status_code, refused.content.decode()] == [
        507, "Máy chủ đã hết chỗ trống nên không lập được tệp; hãy báo quản trị dọn đĩa rồi thử lại.",
    ]  # fmt: skip


# --- layouts -------------------------------------------------------------------------------------------------------


def test_staff_change_the_texts_of_a_layout(staff: Client, world: dict[str, Story]) -> None:
    page = staff.get("/tong-hop/mau-trinh-bay/dang/")
    sent = {name: value for name, value in page.context["form"].initial.items() if name != "motto"}
    assert "motto" not in page.context["form"].fields
    refused = staff.post("/tong-hop/mau-trinh-bay/dang/", sent | {"margin_left": 300})
    assert refused.status_code == 400
    assert ReportLayout.objects.get(slug="dang").margin_left == 35
    answer = staff.post("/tong-hop/mau-trinh-bay/dang/", sent | {"issuer": "BAN TUYÊN GIÁO", "margin_left": 30})
    assert answer["Location"] == "/tong-hop/mau-trinh-bay/"
    document = Document(io.BytesIO(body(staff.get(f"{FILE}.docx?ky=2017&mau=dang"))))
    assert document.tables[0].rows[0].cells[0].paragraphs[1].text == "BAN TUYÊN GIÁO"
    assert round(document.sections[0].left_margin.mm) == 30


# --- the terminal --------------------------------------------------------------------------------------------------


@time_machine.travel(NOW, tick=False)
def test_the_terminal_makes_what_the_screen_offers(
    staff: Client, world: dict[str, Story], tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    for ending in ("csv", "json", "xlsx", "pdf"):
        out = tmp_path / f"bang.{ending}"
        call_command(
            "tally", "--rows", "tieu-chi", "--columns", "quy", "--measure", "luot", "--filter", "ky=2017", "--format",
            ending, "--out", str(out),
        )  # fmt: skip
        theirs = body(staff.get(f"{FILE}.{ending}?ky=2017&hang=tieu-chi&cot=quy&dem=luot"))
        if ending == "xlsx":
            assert of_xlsx(out.read_bytes()) == of_xlsx(theirs)
        else:
            assert out.read_bytes() == theirs
    call_command("tally", "--filter", "/tong-hop/?ky=2017", "--format", "csv")
    assert capsysbinary.readouterr().out == body(staff.get(f"{FILE}.csv?ky=2017"))
    assert {path.name for path in tmp_path.iterdir()} == {"bang.csv", "bang.json", "bang.xlsx", "bang.pdf"}


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["--filter", "don-vi=x"], 2, "Không có đơn vị “x”."),
        (["--filter", "ky=2017-Q9"], 2, "Kỳ “2017-Q9” không đọc được"),
        (["--rows", "x"], 2, "“x” không dùng được cho “hang”; các giá trị có thể là: don-vi"),
        (["--measure", "x"], 2, "“x” không dùng được cho “dem”"),
        (["--certificate", "AAAA-AAAA"], 2, "Không có phiếu chốt số liệu “AAAA-AAAA”."),
        (["--format", "xlsx"], 2, "Dạng xlsx không in ra màn hình được; hãy thêm --out tệp.xlsx."),
        (["--format", "pdf", "--out", "/x.pdf", "--layout", "y"], 2, "Không có mẫu trình bày “y”; các mẫu"),
        (["--out", "/khong/co/thu-muc.json"], 3, "Không ghi được /khong/co/thu-muc.json: thư mục không tồn tại."),
        (["--out", "/dev/null/x"], 3, "Không ghi được /dev/null/x: đường dẫn đi qua một tệp."),
    ],
)  # fmt: skip
def test_the_terminal_refuses_in_words_and_by_its_code(arguments: list[str], code: int, words: str) -> None:
    with pytest.raises(CommandError) as refusal:
        call_command("tally", *arguments)
    assert refusal.value.returncode == code
    assert words in str(refusal.value)
