"""A tally of the screen as a certificate holds it: its figures by their keys, and its table in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from column.coverage.filter import NONE
from column.tallies.asked import Asked
from column.tallies.certificates.counter import WHOLE, Cell
from column.tallies.certificates.frames import make_frame
from column.tallies.table import Tally


def frame_of(asked: Asked, tally: Tally, today: date) -> dict[str, Any]:
    return make_frame(asked, tally.chosen, {}, today)


def table_of(tally: Tally) -> dict[str, Any]:
    """The table in words: columns (the total is the last one, with the key ``WHOLE``), rows, totals."""
    columns = [
        {"key": one.slug if one else NONE, "label": label}
        for one, label in zip(tally.columns, tally.column_labels, strict=True)
    ]
    columns.append({"key": WHOLE, "label": tally.total_label})
    return {
        "caption": tally.measure_label, "heading": _("Cơ quan, đơn vị"), "inner": _("Kỳ") if tally.quarters else "",
        "columns": columns, "rows": list(_rows(tally)), "totals": list(_totals(tally)),
    }  # fmt: skip


def _rows(tally: Tally) -> Iterator[dict[str, Any]]:
    for unit in tally.units:
        key, label = (unit.code, unit.display_name) if unit else (NONE, _("Không nêu đơn vị"))
        for part in (None, *tally.quarters_of(unit)):
            numbers, total = tally.numbers(unit, part.code if part else "")
            yield {
                "key": key, "label": label, "inner_key": part.code if part else WHOLE,
                "inner_label": part.label if part else _("Cả kỳ"), "numbers": [*numbers, total],
            }  # fmt: skip


def _totals(tally: Tally) -> Iterator[dict[str, Any]]:
    for part in (None, *tally.quarters):
        numbers, total = tally.total_numbers(part.code if part else "")
        yield {
            "key": WHOLE, "label": tally.total_label, "inner_key": part.code if part else WHOLE,
            "inner_label": part.label if part else _("Cả kỳ"), "numbers": [*numbers, total],
        }  # fmt: skip


def figures_in(table: Mapping[str, Any]) -> dict[Cell, int]:
    """The figures of a table in words, zeros too."""
    keys = [column["key"] for column in table["columns"]]
    return {
        (row["key"], row["inner_key"], key): number
        for row in [*table["rows"], *table["totals"]]
        for key, number in zip(keys, row["numbers"], strict=True)
    }


def figures_of(tally: Tally) -> dict[Cell, int]:
    return figures_in(table_of(tally))


def agrees(table: Mapping[str, Any], figures: Mapping[Cell, int]) -> bool:
    """Whether a table shows these figures, and shows every row and column in which there are any."""
    shown = figures_in(table)
    rows, columns = {cell[0] for cell in shown}, {cell[2] for cell in shown}
    return all(figures.get(cell, 0) == number for cell, number in shown.items()) and all(
        cell[0] in rows and cell[2] in columns for cell in figures
    )
