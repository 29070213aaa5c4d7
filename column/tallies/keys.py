"""What counts are grouped by, as SQL: a number for a day or a key, found by halving.

The same words run on both databases, and no function is called: SQLite's date functions run in Python, a call a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Expression, F, IntegerField

#: In a mapping: the key stands for itself.
ITSELF = "itself"


class _Halving(Expression):
    """A number found by comparing one column with sorted bounds, the middle one first."""

    output_field = IntegerField()

    def __init__(self, column: str) -> None:
        super().__init__()
        self.column: Any = F(column)

    def get_source_expressions(self) -> list[Any]:
        return [self.column]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        (self.column,) = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        column, params = compiler.compile(self.column)
        assert not params  # a plain column
        return self._written(column), ()

    def _written(self, column: str) -> str:
        raise NotImplementedError

    @staticmethod
    def _halved(column: str, bounds: Sequence[str], values: Sequence[str]) -> str:
        """``values[n]`` from ``bounds[n]`` on; the first bound is below everything."""

        def part(low: int, high: int) -> str:
            if high - low == 1:
                return values[low]
            middle = (low + high) // 2
            return f"CASE WHEN {column} < {bounds[middle]} THEN {part(low, middle)} ELSE {part(middle, high)} END"

        return part(0, len(values))


class PlaceOfDay(_Halving):
    """Which of the days in order is the last one not after the column's: 0 for the first, or for a day before it."""

    def __init__(self, column: str, starts: Sequence[date]) -> None:
        super().__init__(column)
        self.starts = starts

    def _written(self, column: str) -> str:
        days = [f"'{day.isoformat()}'" for day in self.starts]
        return self._halved(column, days, [str(place) for place in range(len(days))])


class Mapped(_Halving):
    """What a key (an integer) is mapped to: a number, ``ITSELF``, or None for NULL; ``absent`` is for NULL itself."""

    def __init__(self, column: str, mapping: Mapping[int, int | str | None], absent: int | None = None) -> None:
        super().__init__(column)
        self.mapping, self.absent = mapping, absent

    def _written(self, column: str) -> str:
        bounds: list[str] = []
        values: list[str] = []
        for key in sorted(self.mapping):
            value = self.mapping[key]
            word = column if value == ITSELF else "NULL" if value is None else str(value)
            if not values or values[-1] != word:
                bounds.append(str(key))
                values.append(word)
        if not values:
            values.append("NULL")
        # A CASE of nothing but NULL has no type on PostgreSQL.
        found = f"CAST({self._halved(column, bounds, values)} AS integer)"
        return f"CASE WHEN {column} IS NULL THEN {'NULL' if self.absent is None else self.absent} ELSE {found} END"
