"""An indicator over time: points of a picture in whole numbers, no markup."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from column.figures.models import ReportedFigure

WIDTH, HEIGHT, MARGIN = 1000, 300, 20


@dataclass(frozen=True)
class Point:
    x: int
    y: int
    day: date
    value: Decimal


def points(figures: Iterable[ReportedFigure]) -> list[Point]:
    """Every dated value, the earlier ones too, in order of time; the axis of values begins at zero."""
    known = {(one.day, one.value) for one in figures if one.day and one.value is not None}
    known |= {(one.earlier_day, one.earlier) for one in figures if one.earlier_day and one.earlier is not None}
    values = sorted((day, value) for day, value in known if day and value is not None)
    if len(values) < 2:
        return []
    first, last = values[0][0], values[-1][0]
    highest = max(value for _day, value in values) or Decimal(1)
    span = (last - first).days or 1
    return [
        Point(
            MARGIN + (day - first).days * (WIDTH - 2 * MARGIN) // span,
            HEIGHT - MARGIN - int(value / highest * (HEIGHT - 2 * MARGIN)), day, value,
        )
        for day, value in values
    ]  # fmt: skip
