"""What every file for a spreadsheet keeps to: text stays text, whatever it begins with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

#: Without it spreadsheets do not read a CSV file as UTF-8.
BOM = "\ufeff"
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

#: For ``xlsxwriter.Workbook``: rows go out as they are made, and no string becomes a formula, a link or a number.
WORKBOOK_OPTIONS: dict[str, Any] = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
    "default_date_format": "dd/mm/yyyy",
}  # fmt: skip
#: The font of the committee's papers, and what a heading adds to it.
FONT: dict[str, Any] = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
HEADING: dict[str, Any] = FONT | {"bold": True, "text_wrap": True, "border": 1, "bg_color": "#ECE8DE"}

#: A cell that begins so would be run as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")

Value = str | int


def formula_safe(value: Value) -> Value:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[Value]]) -> str:
    """A CSV file as text, byte-order mark and all."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(headings)
    writer.writerows([formula_safe(value) for value in row] for row in rows)
    return BOM + out.getvalue()
