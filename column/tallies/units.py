"""The unit list as a tally needs it: values, not models, for every screen reads all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date

from column.coverage.selection import Selection, above, structure_of
from column.departments.models import CITYWIDE, Department, printed_name, screen_name
from column.departments.rules import lifetime_in_words


@dataclass(frozen=True, slots=True)
class Unit:
    """A department's own values by the names that they have there."""

    pk: int
    code: str
    name: str
    disambiguation: str
    kind: str
    report_group: int
    parent_id: int | None
    merged_into_id: int | None
    valid_from: str
    valid_to: str
    earliest_from: date | None
    latest_to: date | None

    def __str__(self) -> str:
        return screen_name(self.name, self.disambiguation)

    @property
    def display_name(self) -> str:
        return printed_name(self.code, self.name)

    @property
    def on_screen(self) -> str:
        """What a line of a table is called there: bodies of one name are told apart."""
        return self.display_name if self.code == CITYWIDE else str(self)

    @property
    def lifetime(self) -> str:
        return lifetime_in_words(self.valid_from, self.valid_to)


_FIELDS = tuple(field.name for field in fields(Unit))


def units_in_order() -> list[Unit]:
    """Every unit in report order, duplicates too (one query)."""
    return [Unit(*values) for values in Department.objects.in_report_order().values_list(*_FIELDS)]


class Units:
    """The units of one tally, in the structure that its filter asks for (at most four queries)."""

    def __init__(self, chosen: Selection, today: date, known: Sequence[Unit] | None = None) -> None:
        self.all = list(known) if known is not None else units_in_order()
        self.of = {unit.pk: unit for unit in self.all}
        # Duplicates are mapped even where nobody asks for a structure.
        self.structure = chosen.structure or structure_of(chosen.filter, today)
        self.parents = {unit.pk: unit.parent_id for unit in self.all}

    def image(self, pk: int) -> int:
        return self.structure.image(pk)

    def above(self, pk: int) -> list[int]:
        return above(pk, self.parents, self.structure)
