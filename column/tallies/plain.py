"""A tally as CSV (opens in a spreadsheet as it is) and as JSON (for programs)."""

from __future__ import annotations

from typing import Any

from column.tallies.sheets import method_lines, table_headings, table_rows
from column.tallies.table import Tally
from column.text.spreadsheets import csv_text


def as_csv(tally: Tally) -> str:
    return csv_text(table_headings(tally), table_rows(tally))


def as_data(tally: Tally) -> dict[str, Any]:
    """The table as data: keys, headings and numbers."""
    return {
        "filter": tally.chosen.sentence(),
        "address": tally.asked.url(),
        "measure": tally.asked.measure,
        "made_at": tally.made_at.isoformat(),
        "columns": [one.slug if one else None for one in tally.columns],
        "rows": [
            {
                "department": unit.code if unit else None,
                "name": unit.display_name if unit else None,
                "quarter": quarter,
                "numbers": numbers,
                "total": total,
            }
            for unit in tally.units
            for quarter in (None, *(one.code for one in tally.quarters_of(unit)))
            for numbers, total in [tally.numbers(unit, quarter or "")]
        ],
        "totals": [
            {"quarter": quarter, "numbers": numbers, "total": total}
            for quarter in (None, *(one.code for one in tally.quarters))
            for numbers, total in [tally.total_numbers(quarter or "")]
        ],
        "method": dict(method_lines(tally)),
    }
