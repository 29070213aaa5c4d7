"""A report as CSV (opens in a spreadsheet as it is) and as JSON (for programs)."""

from __future__ import annotations

from typing import Any

from column.tallies.exports.report import Line, Report
from column.text.spreadsheets import csv_text

JSON_TYPE = "application/json"


def as_csv(report: Report) -> str:
    """The table, byte-order mark and all; no text is run as a formula."""
    return csv_text(report.headings(), (report.cells(line) for line in report.all_lines()))


def as_data(report: Report) -> dict[str, Any]:
    """The table as data: keys, words and numbers. The shape is the JSON API's, too."""
    return {
        "filter": report.sentence,
        "address": report.address,
        "layout": report.layout,
        "measure": report.measure,
        "made_at": report.made_at.isoformat(),
        "certificate": report.code or None,
        "columns": [{"key": one.key or None, "name": one.label} for one in report.columns],
        "rows": [_line(line) for line in report.lines],
        "groups": [_line(line) for line in report.groups],
        "totals": [_line(line) for line in report.totals],
        "kinds": [{"name": name, "number": number} for name, number in report.kinds],
        "stories": report.story_count,
        "method": dict(report.method),
        "notes": list(report.footnotes),
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "key": line.key or None, "name": line.name, "part": line.part_key or None, "part_name": line.part or None,
        "numbers": list(line.numbers), "total": line.total, "note": line.note,
    }  # fmt: skip
