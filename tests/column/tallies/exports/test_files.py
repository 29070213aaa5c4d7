"""Every format is read back by another library than the one that wrote it, and says exactly what went in."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.shared import Mm
from pypdf import PdfReader

from column.tallies.charts.heat_map import heat_map
from column.tallies.exports import docx, docx_templates, pdf, plain, xlsx
from column.tallies.exports.formats import FORMATS, Making
from column.tallies.exports.paper import ACROSS, MOST_LINES, TooLong, paper_of
from column.tallies.exports.report import Report
from column.text.dates import format_number
from tests.column.tallies.exports.made import LONG, STORIES, layout, report

SHAPES = {
    "a table across": {"lines": 3}, "with inner lines": {"lines": 3, "split": True}, "upright": {"columns": 3},
    "empty": {"lines": 0, "columns": 0}, "the weeks of a year": {"columns": 53}, "one column": {"columns": 1},
}  # fmt: skip
FORMS = ("party", "state")


@pytest.fixture(params=SHAPES.values(), ids=SHAPES.keys())
def made(request: pytest.FixtureRequest) -> Report:
    return report(**request.param)


def grid(made: Report) -> list[list[Any]]:
    """What every spreadsheet must hold."""
    return [made.headings(), *(made.cells(line) for line in made.all_lines())]


def printed(made: Report) -> list[list[str]]:
    """What paper must hold, once the tables that stand under each other are laid side by side again."""
    rows = [made.headings()]
    for line in made.all_lines():
        cells = made.cells(line)
        if line.part:
            cells[1] = ""
        rows.append([format_number(cell) if isinstance(cell, int) else cell for cell in cells])
    return [[str(cell) for cell in row] for row in rows]


def _day(year: int, month: int, day: int) -> datetime:
    """As openpyxl reads a date."""
    return datetime.combine(date(year, month, day), time())


def written(made: Report, ending: str, form: str = "party") -> bytes:
    file = io.BytesIO()
    FORMATS[ending].write(made, Making(layout(form)), file)
    return file.getvalue()


# --- spreadsheets and data -----------------------------------------------------------------------------------------


def test_xlsx(made: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(made, "xlsx")))
    assert book.sheetnames == ["Bảng", "Tin, bài", "Cách tính"]
    table, stories, method = book.worksheets
    cells = [[cell.value if cell.value is not None else "" for cell in row] for row in table.iter_rows()]
    assert cells == grid(made)
    assert {cell.data_type for row in table.iter_rows() for cell in row if cell.value is not None} <= {"n", "s"}
    assert all(
        cell.data_type == ("n" if isinstance(value, int) else "s")
        for row, values in zip(table.iter_rows(), grid(made), strict=True)
        for cell, value in zip(row, values, strict=True)
        if value != ""
    )
    assert [[cell.value for cell in row] for row in stories.iter_rows(min_row=2)] == [
        [1, _day(2017, 1, 5), "Tin", '=HYPERLINK("http://x")', "KIM LIÊN", "Sở Y tế – Kỷ cương", 1, "https://x/1/"],
        [2, _day(2017, 2, 16), "Bài viết", "Cải thiện lề lối", "ĐOÀN LƯƠNG, A", "Sở Y tế; Sở Nội vụ", 2, ""],
    ]
    assert [stories["D2"].data_type, stories["B2"].number_format] == ["s", "dd/mm/yyyy"]
    assert [[cell.value for cell in row] for row in method.iter_rows()] == [
        ["Phạm vi", "Tin, bài"], ["1", "=Đếm"], ["Ghi chú", "Một bài đã gỡ."],
    ]  # fmt: skip
    fixed = "D2" if made.split_title else "C2"
    assert [sheet.freeze_panes for sheet in (table, stories)] == [fixed, "A2"]
    last = table.cell(max(len(made.lines), 1) + 1, len(made.headings())).coordinate
    assert [table.auto_filter.ref, stories.auto_filter.ref] == [f"A1:{last}", "A1:H3"]


def charts(made: Report) -> list[tuple[str, str, str]]:
    """Kind, categories and values of every chart in the workbook."""
    with zipfile.ZipFile(io.BytesIO(written(made, "xlsx"))) as packed:
        names = sorted(name for name in packed.namelist() if re.fullmatch(r"xl/charts/chart\d+\.xml", name))
        texts = [packed.read(name).decode() for name in names]
    return [(re.findall(r"<c:(bar|line)Chart>", text)[0], *re.findall(r"<c:f>([^<]+)</c:f>", text)) for text in texts]


def test_the_charts_of_a_workbook_are_its_own() -> None:
    assert charts(report()) == [
        ("bar", "Bảng!$C$1:$J$1", "Bảng!$C$5:$J$5"), ("bar", "Bảng!$B$2:$B$4", "Bảng!$K$2:$K$4"),
    ]  # fmt: skip
    assert charts(report(lines=0, columns=0)) == []


def test_csv(made: Report) -> None:
    text = written(made, "csv").decode()
    assert text.startswith("\ufeff")
    told = [[f"'{cell}" if str(cell).startswith("=") else str(cell) for cell in row] for row in grid(made)]
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff")))) == told


def test_json(made: Report) -> None:
    data = json.loads(written(made, "json"))
    assert data == json.loads(json.dumps(plain.as_data(made)))
    assert [(row["key"], row["part"], row["numbers"], row["total"]) for row in data["rows"]] == [
        (line.key, line.part_key or None, list(line.numbers), line.total) for line in made.lines
    ]
    assert [(row["numbers"], row["total"]) for row in data["totals"]] == [
        (list(line.numbers), line.total) for line in made.totals
    ]
    assert [data["certificate"], data["made_at"], data["stories"]] == ["K7QP-2MXD", "2017-02-16T14:12:00+07:00", 2]


# --- paper ---------------------------------------------------------------------------------------------------------


def beside(tables: list[list[list[str]]], first: int) -> list[list[str]]:
    """Tables under each other, as one: the *first* columns of the later ones repeat those of the first."""
    rows = [list(row) for row in tables[0]]
    for table in tables[1:]:
        for row, more in zip(rows, table, strict=True):
            assert more[:first] == row[:first]
            row.extend(more[first:])
    return rows


@pytest.mark.parametrize("form", FORMS)
def test_docx(made: Report, form: str) -> None:
    document = Document(io.BytesIO(written(made, "docx", form)))
    heading, *tables, signatures = document.tables
    found = [[[cell.text for cell in row.cells] for row in table.rows] for table in tables]
    assert beside(found, 3 if made.split_title else 2) == printed(made)
    for table in tables:
        assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [
            place == 0 for place in range(len(table.rows))
        ]
    texts = [[paragraph.text for paragraph in cell.paragraphs] for cell in heading.rows[0].cells]
    assert texts == {
        "party": [
            ["THÀNH ỦY ĐÀ NẴNG", "BAN TUYÊN GIÁO VÀ DÂN VẬN", "*", "Số            -BC/BTGDVTU"],
            ["ĐẢNG CỘNG SẢN VIỆT NAM", "Đà Nẵng, ngày 16 tháng 02 năm 2017"],
        ],
        "state": [
            ["ỦY BAN NHÂN DÂN", "THÀNH PHỐ ĐÀ NẴNG", "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH", "Số:            /BC-SVHTTDL"],
            [
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
                "Đà Nẵng, ngày 16 tháng 02 năm 2017",
            ],
        ],
    }[form]  # fmt: skip
    body = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    assert body[1:3] == ["BẢNG TỔNG HỢP", made.sentence]
    assert body[-4:] == [
        "Số liệu lấy lúc: 14:12, 16/02/2017 (GMT+7)", "Phạm vi: Tin, bài.", "Một bài đã gỡ.",
        "Mã phiếu chốt số liệu: K7QP-2MXD",
    ]  # fmt: skip
    assert [cell.paragraphs[0].text for cell in signatures.rows[0].cells] == [
        "NGƯỜI LẬP BIỂU", {"party": "T/M BAN TUYÊN GIÁO VÀ DÂN VẬN", "state": "GIÁM ĐỐC"}[form],
    ]  # fmt: skip
    section = document.sections[0]
    inner = section.page_width - section.left_margin - section.right_margin
    for table in (heading, signatures):
        # From edge to edge, for programs that go by the cells and for those that go by the columns.
        assert sum(column.width for column in table.columns) == pytest.approx(inner, abs=Mm(1))
        assert [cell.width for cell in table.rows[0].cells] == [column.width for column in table.columns]
    across = len(made.columns) > 4
    sides = {"party": (25, 25, 35, 15), "state": (20, 20, 30, 15)}[form]
    assert section.orientation == (WD_ORIENT.LANDSCAPE if across else WD_ORIENT.PORTRAIT)
    assert [round(one / Mm(1)) for one in (section.page_width, section.page_height)] == (
        [297, 210] if across else [210, 297]
    )
    assert tuple(
        round(one / Mm(1))
        for one in (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    ) == sides  # fmt: skip
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.paragraphs[0]._p.xml
    assert not section.first_page_header.paragraphs[0].text
    assert {style.font.name for style in document.styles if style.name.startswith(("Bảng", "Tên"))} == {
        "Times New Roman"
    }


def test_the_templates_are_those_of_the_program_that_makes_them(tmp_path: Path) -> None:
    for form in FORMS:
        docx_templates.make(form).save(str(tmp_path / f"{form}.docx"))
        ours, anew = (zipfile.ZipFile(folder / f"{form}.docx") for folder in (docx_templates.FOLDER, tmp_path))
        with ours, anew:
            assert set(ours.namelist()) == set(anew.namelist())
            for name in ("word/document.xml", "word/styles.xml"):
                assert ours.read(name) == anew.read(name), name


def words_of(content: bytes) -> str:
    """The text of a PDF in reading order, its white space evened out."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())


@pytest.mark.parametrize("form", FORMS)
def test_pdf(made: Report, form: str) -> None:
    content = written(made, "pdf", form)
    reader = PdfReader(io.BytesIO(content))
    text = words_of(content)
    assert [text.count(word) for word in ("BẢNG TỔNG HỢP", "NGƯỜI LẬP BIỂU", "K7QP-2MXD")] == [1, 1, 1]
    assert {"party": "ĐẢNG CỘNG SẢN VIỆT NAM", "state": "Độc lập - Tự do - Hạnh phúc"}[form] in text
    width, height = (round(float(side) / 72 * 25.4) for side in reader.pages[0].mediabox[2:])
    assert (width, height) == ((297, 210) if len(made.columns) > 4 else (210, 297))
    root = reader.trailer["/Root"]
    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "vi-VN"
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data().replace(b" ", b"")
    fonts = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert all("/FontFile3" in font for font in fonts)
    assert {font["/FontName"].partition("+")[2].partition("-")[0] for font in fonts} == {"TeXGyreTermes"}
    numbers = re.findall(r"\b\d{1,2}\.\d{3}\b", text)
    told = [format_number(n) for line in made.all_lines() for n in (*line.numbers, line.total) if n > 999]
    # The heading of a table is repeated on every page; its numbers are not.
    assert sorted(numbers) == sorted(told)


def structure(content: bytes) -> list[tuple[str, list[str]]]:
    """Of the tagged table: every row as its kind of cells and their words."""
    reader = PdfReader(io.BytesIO(content))
    kinds: list[tuple[str, list[str]]] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if not isinstance(node, dict):
            return
        if node.get("/S") == "/TR":
            cells = [kid.get_object().get("/S") for kid in node["/K"]]
            kinds.append((cells[0], cells))
            return
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            walk(kid)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    return kinds


def test_a_pdf_tells_a_reader_of_pages_its_rows_and_headings() -> None:
    kinds = structure(written(report(lines=3), "pdf"))
    assert kinds == [("/TH", ["/TH"] * 12), *[("/TD", ["/TD"] * 12)] * 4]


def test_the_same_report_makes_the_same_pages() -> None:
    assert written(report(), "pdf") == written(report(), "pdf")


def test_the_page_number_stands_on_every_page_but_the_first() -> None:
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(written(report(lines=60), "pdf"))).pages]
    assert len(pages) > 2
    starts = [page.split("\n")[0].strip() for page in pages]
    assert starts[1:] == [str(number) for number in range(2, len(pages) + 1)]
    assert not starts[0].isdecimal()
    assert all("Cơ quan, đơn vị" in page for page in pages[:-1])


def test_a_draft_says_so() -> None:
    draft = report(is_draft=True, code="")
    for ending in ("docx", "pdf"):
        content = written(draft, ending)
        text = (
            words_of(content)
            if ending == "pdf"
            else "\n".join(one.text for one in Document(io.BytesIO(content)).paragraphs)
        )
        assert "(Dự thảo: số liệu chưa chốt)" in text
        assert "Mã phiếu" not in text


def test_texts_are_data_and_nothing_of_them_is_run() -> None:
    nasty = '{{ 7*7 }} {% raw %} #include "x" <b> & \\ $x$ [[BANG]]'
    texts = layout("party")
    texts.issuer, texts.place = nasty, "#panic()"
    file = io.BytesIO()
    docx.write(report(), texts, file)
    cells = Document(io.BytesIO(file.getvalue())).tables[0].rows[0].cells
    assert cells[0].paragraphs[1].text == nasty
    assert cells[1].paragraphs[-1].text == "#panic(), ngày 16 tháng 02 năm 2017"
    file = io.BytesIO()
    pdf.write(report(), texts, file)
    assert "".join(nasty.split()) in "".join(words_of(file.getvalue()).split())


def test_a_table_too_long_to_print_is_refused_in_words() -> None:
    long = report(lines=1)
    long = replace(long, lines=list(long.lines) * MOST_LINES)
    with pytest.raises(TooLong) as refusal:
        paper_of(long, layout("party"))
    assert str(refusal.value) == (
        "Bảng có 3.001 dòng, dài quá để in (nhiều nhất 3.000 dòng); hãy thu hẹp phạm vi hoặc tải XLSX, CSV."
    )


def test_every_table_is_as_wide_as_the_page() -> None:
    for columns in (1, 4, 5, ACROSS, ACROSS + 1, 53):
        for form, across, upright in (("party", 247, 160), ("state", 252, 165)):
            paper = paper_of(report(columns=columns), layout(form))
            assert {round(sum(table.widths)) for table in paper.tables} == {across if columns > 4 else upright}
            assert all(min(table.widths) >= 9 for table in paper.tables)


def test_pictures_stand_in_the_pages_with_their_words() -> None:
    picture = heat_map("Bản đồ nhiệt", [LONG, "Sở Y tế"], ["Kỷ cương", "Gương mẫu"], [[1, 2], [0, 4]], about="Quý I")
    shown = report(pictures=[picture])
    document = Document(io.BytesIO(written(shown, "docx")))
    described = [node.get("descr") for node in document.element.body.iter(qn("wp:docPr"))]
    assert described == [picture.description]
    with zipfile.ZipFile(io.BytesIO(written(shown, "docx"))) as packed:
        assert packed.read("word/media/nhiet.svg").decode() == picture.svg()
    reader = PdfReader(io.BytesIO(written(shown, "pdf")))
    told: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if not isinstance(node, dict):
            return
        if node.get("/S") == "/Figure":
            told.append(node["/Alt"])
        kids = node.get("/K", [])
        for kid in kids if isinstance(kids, list) else [kids]:
            walk(kid)

    walk(reader.trailer["/Root"]["/StructTreeRoot"])
    assert told == [picture.description]


def test_xlsx_hears_how_far_it_is_and_cuts_what_no_cell_holds() -> None:
    heard: list[int] = []
    story = STORIES[0]._replace(rows=["x" * 200] * 200)
    many = report(stories=lambda: iter([story] * 1200), story_count=1200)
    file = io.BytesIO()
    xlsx.write(many, file, tick=heard.append)
    assert heard == [500, 1000, 1200]
    sheet = openpyxl.load_workbook(io.BytesIO(file.getvalue())).worksheets[1]
    assert len(sheet["F2"].value) == 32_767


def test_what_is_made_at_once_and_what_by_the_worker() -> None:
    def at_once(made: Report) -> dict[str, bool]:
        return {ending: one.at_once(made) for ending, one in FORMATS.items()}

    assert set(at_once(report()).values()) == {True}
    stories = report(story_count=5_001)
    assert at_once(stories) == {"xlsx": False, "docx": True, "pdf": True, "csv": True, "json": True}
    long = replace(report(lines=1), lines=list(report(lines=1).lines) * 500)
    assert at_once(long) == {"xlsx": True, "docx": False, "pdf": False, "csv": True, "json": True}
