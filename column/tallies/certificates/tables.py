"""A tally of the screen as a certificate holds it: its figures by their keys, and its table in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from column.tallies.asked import Asked
from column.tallies.axes import Value
from column.tallies.certificates.counter import WHOLE
from column.tallies.certificates.frames import make_frame
from column.tallies.dimensions import dimension_of
from column.tallies.table import Tally


def frame_of(asked: Asked, tally: Tally, today: date) -> dict[str, Any]:
    return make_frame(asked, tally.chosen, tally.periods, today)


def table_of(tally: Tally) -> dict[str, Any]:
    """The table in words: columns (the total is the last one, with the key ``WHOLE``), rows, totals."""
    asked = tally.asked
    columns = [{"key": one.slug, "label": label} for one, label in zip(tally.columns, tally.column_labels, strict=True)]
    columns.append({"key": WHOLE, "label": tally.total_label})
    return {
        "caption": tally.measure_label, "heading": _title(asked.rows), "inner": _title(asked.split),
        "columns": columns, "rows": list(_rows(tally)), "totals": list(_totals(tally)),
    }  # fmt: skip


def _rows(tally: Tally) -> Iterator[dict[str, Any]]:
    for unit in tally.units:
        for part in (None, *tally.quarters_of(unit)):
            numbers, total = tally.numbers(unit, part.slug if part else WHOLE)
            yield _line(unit.slug, unit.display_name, part, [*numbers, total])


def _totals(tally: Tally) -> Iterator[dict[str, Any]]:
    for part in (None, *tally.quarters):
        numbers, total = tally.total_numbers(part.slug if part else WHOLE)
        yield _line(WHOLE, tally.total_label, part, [*numbers, total])


def _line(key: str, label: str, part: Value | None, numbers: list[int]) -> dict[str, Any]:
    return {
        "key": key, "label": label, "inner_key": part.slug if part else WHOLE,
        "inner_label": part.label if part else _("Cả kỳ"), "numbers": numbers,
    }  # fmt: skip


def _title(word: str) -> str:
    dimension = dimension_of(word) if word else None
    return str(dimension.title) if dimension is not None else ""
