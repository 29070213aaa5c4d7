"""A report as XLSX: the table with charts of its own, its stories, and how it was counted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.exceptions import FileCreateError

from column.tallies.exports.report import Report
from column.text.spreadsheets import FONT, HEADING, WORKBOOK_OPTIONS

SHEETS = ("Bảng", "Tin, bài", "Cách tính")
#: Story headings with their widths.
STORY_COLUMNS = (
    ("TT", 6), ("Ngày đăng", 12), ("Loại", 12), ("Tiêu đề", 60), ("Bút danh", 24), ("Đơn vị – tiêu chí", 60),
    ("Số lượt", 8), ("Địa chỉ", 48),
)  # fmt: skip
#: A sheet holds 1,048,576 lines, the first of them the headings.
MOST_STORIES = 1_048_575
#: A spreadsheet's day is a number: how many days after this one (true from March 1900 on).
_DAY_ZERO = date(1899, 12, 30)
#: Characters of a cell; the library leaves out a longer text.
LONGEST = 32_767
#: Told of progress every so many stories.
A_STEP = 500
#: A chart of more bars than these is a wall.
_MOST_BARS = 24
_BLUE, _RED = "#1F4E79", "#8C1C13"

Tick = Callable[[int], None]


def no_tick(done: int) -> None:
    """Nobody waits to hear."""


def write(report: Report, file: IO[bytes], *, tick: Tick = no_tick, scratch: Path | None = None) -> None:
    """Write the workbook into ``file``. Numbers and dates are typed; every text is a string, never a formula.

    Rows go out as they are made, so memory does not grow with the stories; until the end they lie in ``scratch``
    (the machine's folder for temporary files without one). ``tick`` hears how many stories are written.
    """
    options = WORKBOOK_OPTIONS | ({"tmpdir": str(scratch)} if scratch else {})
    output = _Output(file)
    try:
        with xlsxwriter.Workbook(output, options) as book:
            _fill(book, report, tick)
    except FileCreateError as problem:
        # The library's own word for a refusal of the system (a full disk), which it holds.
        raise problem.args[0] from problem
    finally:
        output.is_over = True


class _Output:
    """The file as the ZIP writer sees it; once the writing is over nothing reaches it any more.

    A ZIP that a full disk broke off tries to end itself again when it is thrown away.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.is_over, self._place = file, False, 0

    def write(self, data: bytes) -> int:
        if not self.is_over:
            return self.file.write(data)
        self._place += len(data)
        return len(data)

    def seek(self, place: int, whence: int = 0) -> int:
        if not self.is_over:
            return self.file.seek(place, whence)
        self._place = place
        return place

    def tell(self) -> int:
        return self._place if self.is_over else self.file.tell()

    def flush(self) -> None:
        if not self.is_over:
            self.file.flush()

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        """Whoever opened the file closes it."""


def _fill(book: Any, report: Report, tick: Tick) -> None:
    book.set_properties({"title": report.title, "subject": report.sentence[:255], "comments": report.code})
    number = {"num_format": "#,##0", "align": "right"}
    formats = {
        "text": book.add_format(FONT),
        "wrap": book.add_format(FONT | {"text_wrap": True}),
        "head": book.add_format(HEADING),
        "part": book.add_format(FONT | {"italic": True}),
        "number": book.add_format(FONT | number),
        "sum": book.add_format(FONT | number | {"bold": True, "top": 1}),
        "day": book.add_format(FONT | {"num_format": "dd/mm/yyyy", "align": "left"}),
    }
    table, stories, method = (book.add_worksheet(name) for name in SHEETS)
    _table(book, table, report, formats)
    _stories(stories, report, formats, tick)
    _method(method, report, formats)


def _table(book: Any, sheet: Any, report: Report, formats: dict[str, Any]) -> None:
    headings = report.headings()
    fixed = 3 if report.split_title else 2
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_header("&C&P", {"scale_with_doc": False})
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, len(headings) - 2, 12)
    sheet.set_column(len(headings) - 1, len(headings) - 1, 24)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, formats["head"])
    units = len(report.lines)
    for row, line in enumerate(report.all_lines(), start=1):
        is_sum = row > units
        text = formats["sum" if is_sum else "part" if line.part else "text"]
        for column, value in enumerate(report.cells(line)):
            if isinstance(value, int):
                sheet.write_number(row, column, value, formats["sum" if is_sum else "number"])
            else:
                sheet.write_string(row, column, value, text)
    sheet.freeze_panes(1, fixed)
    # The totals stay when someone filters the rows.
    sheet.autofilter(0, 0, max(units, 1), len(headings) - 1)
    first, last = fixed, fixed + len(report.columns) - 1
    if units and report.columns:
        sheet.conditional_format(
            1, first, units, last,
            {
                "type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#8FB4D9", "min_type": "num",
                "min_value": 0,
            },
        )  # fmt: skip
        _charts(book, sheet, report, first, last)


def _charts(book: Any, sheet: Any, report: Report, first: int, last: int) -> None:
    """The spreadsheet's own charts, drawn from the cells: by column, by inner line over time, by row."""
    name, units = SHEETS[0], len(report.lines)
    total_column, total_row = last + 1, units + len(report.groups) + 1
    under = units + len(report.groups) + len(report.totals) + 2
    if report.totals and 1 < len(report.columns) <= _MOST_BARS:
        categories, values = (0, first, 0, last), (total_row, first, total_row, last)
        title = f"{report.total_label}: {report.measure_label}"
        sheet.insert_chart(
            under, 1, _chart(book, "column", name, title, categories, values, _BLUE), {"description": title}
        )
        under += 20
    parts = len(report.totals) - 1
    if parts > 1:
        categories = (total_row + 1, 2, total_row + parts, 2)
        values = (total_row + 1, total_column, total_row + parts, total_column)
        title = f"{report.total_label}: {report.split_title}"
        sheet.insert_chart(
            under, 1, _chart(book, "line", name, title, categories, values, _RED), {"description": title}
        )
        under += 20
    if 1 < units <= _MOST_BARS and not report.split_title:
        categories, values = (1, 1, units, 1), (1, total_column, units, total_column)
        title = f"{report.row_title}: {report.total_label}"
        sheet.insert_chart(
            under, 1, _chart(book, "bar", name, title, categories, values, _BLUE), {"description": title}
        )


def _chart(
    book: Any, kind: str, sheet: str, title: str, categories: tuple[int, ...], values: tuple[int, ...], colour: str
) -> Any:
    chart = book.add_chart({"type": kind})
    where = {"categories": [sheet, *categories], "values": [sheet, *values]}
    chart.add_series(where | {"fill": {"color": colour}, "line": {"color": colour}, "data_labels": {"value": True}})
    # A title that is text, never a formula.
    chart.set_title({"name": title.lstrip("=+-@"), "name_font": {"name": FONT["font_name"], "size": 12}})
    chart.set_legend({"none": True})
    chart.set_size({"width": 860, "height": 380})
    if kind == "bar":
        chart.set_y_axis({"reverse": True})
    return chart


def _stories(sheet: Any, report: Report, formats: dict[str, Any], tick: Tick) -> None:
    for column, (heading, width) in enumerate(STORY_COLUMNS):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, formats["head"])
    text, wrap, number, day = formats["text"], formats["wrap"], formats["number"], formats["day"]
    write_string, write_number = sheet.write_string, sheet.write_number
    last = 0
    for last, line in enumerate(report.stories(), start=1):
        write_number(last, 0, last, number)
        write_number(last, 1, (line.day - _DAY_ZERO).days, day)
        write_string(last, 2, line.kind, text)
        write_string(last, 3, line.headline, wrap)
        write_string(last, 4, line.bylines, text)
        write_string(last, 5, "; ".join(line.rows)[:LONGEST], wrap)
        write_number(last, 6, len(line.rows), number)
        write_string(last, 7, line.url, text)
        if last % A_STEP == 0:
            tick(last)
    tick(last)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(STORY_COLUMNS) - 1)


def _method(sheet: Any, report: Report, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    lines = [*report.method, *((_("Ghi chú"), one) for one in report.footnotes)]
    for row, (heading, words) in enumerate(lines):
        sheet.write_string(row, 0, heading, formats["head"])
        sheet.write_string(row, 1, words, formats["wrap"])
