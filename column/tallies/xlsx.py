"""A tally as XLSX: the same table as the screen's, its stories, and how it was counted."""

from __future__ import annotations

from typing import IO, Any

import xlsxwriter
from django.utils.translation import gettext as _

from column.tallies.sheets import STORY_HEADINGS, method_lines, story_lines, table_headings, table_rows, total_rows
from column.tallies.table import Tally
from column.text.spreadsheets import FONT, HEADING, WORKBOOK_OPTIONS

SHEETS = ("Bảng", "Tin, bài", "Cách tính")


def write(tally: Tally, file: IO[bytes]) -> None:
    """Write the workbook into ``file``. Numbers and dates are typed; every text is a string, never a formula.

    Rows go out as they are made, so memory does not grow with the stories.
    """
    with xlsxwriter.Workbook(file, WORKBOOK_OPTIONS) as book:
        book.set_properties({"title": _("Bảng tổng hợp"), "subject": tally.chosen.sentence()})
        formats = {
            "text": book.add_format(FONT),
            "wrap": book.add_format(FONT | {"text_wrap": True}),
            "head": book.add_format(HEADING),
            "number": book.add_format(FONT | {"num_format": "#,##0", "align": "right"}),
            "sum": book.add_format(FONT | {"num_format": "#,##0", "bold": True, "top": 1}),
            "day": book.add_format(FONT | {"num_format": "dd/mm/yyyy", "align": "left"}),
        }
        _table(book.add_worksheet(SHEETS[0]), tally, formats)
        _stories(book.add_worksheet(SHEETS[1]), tally, formats)
        _method(book.add_worksheet(SHEETS[2]), tally, formats)


def _table(sheet: Any, tally: Tally, formats: dict[str, Any]) -> None:
    headings = table_headings(tally)
    fixed = 3 if tally.quarters else 2
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_column(0, 0, 5)
    sheet.set_column(1, 1, 44)
    sheet.set_column(2, len(headings) - 2, 12)
    sheet.set_column(len(headings) - 1, len(headings) - 1, 24)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, heading, formats["head"])
    sums = sum(1 for _line in total_rows(tally))
    last = 0
    lines = list(table_rows(tally))
    for last, line in enumerate(lines, start=1):
        is_sum = last > len(lines) - sums
        for column, value in enumerate(line):
            if isinstance(value, int):
                sheet.write_number(last, column, value, formats["sum" if is_sum else "number"])
            else:
                sheet.write_string(last, column, value, formats["sum" if is_sum else "text"])
    sheet.freeze_panes(1, fixed)
    # The totals stay when someone filters the units.
    sheet.autofilter(0, 0, max(last - sums, 1), len(headings) - 1)


def _stories(sheet: Any, tally: Tally, formats: dict[str, Any]) -> None:
    for column, width in enumerate((6, 12, 12, 60, 24, 60, 8, 48)):
        sheet.set_column(column, column, width)
    for column, heading in enumerate(STORY_HEADINGS):
        sheet.write_string(0, column, heading, formats["head"])
    last = 0
    for last, line in enumerate(story_lines(tally), start=1):
        sheet.write_number(last, 0, last, formats["number"])
        sheet.write_datetime(last, 1, line.day, formats["day"])
        sheet.write_string(last, 2, line.kind, formats["text"])
        sheet.write_string(last, 3, line.headline, formats["wrap"])
        sheet.write_string(last, 4, line.bylines, formats["text"])
        sheet.write_string(last, 5, "; ".join(line.rows), formats["wrap"])
        sheet.write_number(last, 6, len(line.rows), formats["number"])
        sheet.write_string(last, 7, line.url, formats["text"])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(last, 1), len(STORY_HEADINGS) - 1)


def _method(sheet: Any, tally: Tally, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 100)
    for row, (heading, words) in enumerate(method_lines(tally)):
        sheet.write_string(row, 0, heading, formats["head"])
        sheet.write_string(row, 1, words, formats["wrap"])
