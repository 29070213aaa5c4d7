"""The ledger as files: one list of columns for both, local times, every text a string."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from column.schedule.ledger.book import Deed, Line
from column.text.dates import WEEKDAYS, format_day, local
from column.text.spreadsheets import FONT, HEADING, WORKBOOK_OPTIONS, csv_text

#: A moment is aware and written on Đà Nẵng's clock; None is an empty cell.
Cell = str | int | date | datetime | None


@dataclass(frozen=True)
class Column:
    heading: Any
    width: int
    value: Callable[[Line], Cell]


def _by(deed: Deed | None) -> str:
    return deed.by if deed else ""


def _at(deed: Deed | None) -> datetime | None:
    return deed.at if deed else None


COLUMNS = (
    Column(gettext_lazy("Kỳ đăng"), 12, lambda line: line.slot.day),
    Column(gettext_lazy("Thứ"), 10, lambda line: WEEKDAYS[line.slot.day.weekday()]),
    Column(gettext_lazy("Ngày đăng"), 12, lambda line: line.slot.issue_day),
    Column(gettext_lazy("Chuyên mục"), 18, lambda line: line.slot.column.title),
    Column(gettext_lazy("Kết quả"), 16, lambda line: str(line.state.label)),
    Column(gettext_lazy("Bài viết"), 48, lambda line: line.title),
    Column(gettext_lazy("Người xếp bài"), 20, lambda line: _by(line.planned)),
    Column(gettext_lazy("Xếp bài lúc"), 17, lambda line: _at(line.planned)),
    Column(gettext_lazy("Người duyệt"), 20, lambda line: _by(line.approved)),
    Column(gettext_lazy("Duyệt lúc"), 17, lambda line: _at(line.approved)),
    Column(gettext_lazy("Người hẹn giờ"), 20, lambda line: _by(line.scheduled)),
    Column(gettext_lazy("Hẹn giờ lúc"), 17, lambda line: _at(line.scheduled)),
    Column(gettext_lazy("Giờ của kỳ"), 17, lambda line: line.slot.due_at),
    Column(gettext_lazy("Lên trang lúc"), 17, lambda line: line.slot.published_at),
    Column(gettext_lazy("Chậm (phút)"), 12, lambda line: line.slot.late_minutes),
    Column(gettext_lazy("Ghi chú"), 60, lambda line: "; ".join(line.remarks)),
)

#: Of the second sheet: what happened, in order.
HISTORY = (
    (gettext_lazy("Kỳ đăng"), 12), (gettext_lazy("Lúc"), 17), (gettext_lazy("Ai"), 24), (gettext_lazy("Việc"), 80),
    (gettext_lazy("Lý do"), 48),
)  # fmt: skip


def as_csv(lines: Sequence[Line]) -> str:
    """The first sheet; days as 16/02/2017, moments as 16/02/2017 14:12."""
    headings = [str(column.heading) for column in COLUMNS]
    return csv_text(headings, ([_plain(column.value(line)) for column in COLUMNS] for line in lines))


def write_xlsx(lines: Sequence[Line], file: IO[bytes]) -> None:
    """Two sheets: the slots, and the history of each. Days, moments and numbers are typed."""
    with xlsxwriter.Workbook(file, WORKBOOK_OPTIONS) as book:
        book.set_properties({"title": _("Sổ kỳ đăng")})
        formats = {
            "text": book.add_format(FONT | {"text_wrap": True}),
            "head": book.add_format(HEADING),
            "number": book.add_format(FONT | {"num_format": "#,##0", "align": "right"}),
            "day": book.add_format(FONT | {"num_format": "dd/mm/yyyy", "align": "left"}),
            "moment": book.add_format(FONT | {"num_format": "dd/mm/yyyy hh:mm", "align": "left"}),
        }
        slots = ([column.value(line) for column in COLUMNS] for line in lines)
        _sheet(book.add_worksheet(_("Sổ kỳ đăng")), [(c.heading, c.width) for c in COLUMNS], slots, formats)
        _sheet(book.add_worksheet(_("Diễn biến")), HISTORY, _history(lines), formats)


def _history(lines: Sequence[Line]) -> Iterator[list[Cell]]:
    for line in lines:
        for entry in line.entries:
            yield [line.slot.day, entry.event.at, entry.who, entry.what, entry.why]


def _sheet(sheet: Any, columns: Sequence[tuple[Any, int]], rows: Iterator[list[Cell]], formats: dict[str, Any]) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for place, (heading, width) in enumerate(columns):
        sheet.set_column(place, place, width)
        sheet.write_string(0, place, str(heading), formats["head"])
    last = 0
    for last, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            _write(sheet, last, place, cell, formats)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)


def _write(sheet: Any, row: int, place: int, cell: Cell, formats: dict[str, Any]) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, datetime):
        sheet.write_datetime(row, place, local(cell).replace(tzinfo=None), formats["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, cell, formats["day"])
    elif isinstance(cell, int):
        sheet.write_number(row, place, cell, formats["number"])
    else:
        sheet.write_string(row, place, cell, formats["text"])


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, datetime):
        return f"{local(cell):%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return format_day(cell)
    return "" if cell is None else cell
