"""What a frozen certificate says, read: its numbers, the stories behind each, and their words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from column.enums import CoverageRole, Kind, Tone
from column.tallies.certificates.canonical import known_of
from column.tallies.certificates.counter import WHOLE, Cell, Counter
from column.tallies.certificates.models import Certificate, FrozenStory
from column.tallies.states.history import Known


@dataclass(frozen=True, slots=True)
class FrozenLine:
    """One story of a frozen list, in words."""

    number: int
    day: date | None
    kind: str
    title: str
    bylines: str
    rows: list[str]


class Frozen:
    """A certificate's content. ``ValueError`` or ``KeyError`` where somebody has put something else there."""

    def __init__(self, certificate: Certificate) -> None:
        self.certificate = certificate
        self.counter = Counter.frozen(certificate.address, certificate.frame)

    @cached_property
    def figures(self) -> dict[Cell, int]:
        return {(row, inner, column): number for row, inner, column, number in self.certificate.figures}

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        """By axis: the words of every key that the table has."""
        table: dict[str, Any] = self.certificate.table
        found: dict[str, dict[str, str]] = {"rows": {}, "inner": {}, "columns": {}}
        for column in table["columns"]:
            found["columns"][column["key"]] = column["label"]
        for row in [*table["rows"], *table["totals"]]:
            if row["inner_key"] != WHOLE:
                found["inner"][row["inner_key"]] = row["inner_label"]
            if row["key"] != WHOLE:
                found["rows"][row["key"]] = row["label"]
        return found

    def cell(self, row: str | None, inner: str | None, column: str | None) -> Cell | None:
        """The cell of an address; None for one that the table does not have."""
        wanted = (row or WHOLE, inner or WHOLE, column or WHOLE)
        for axis, key in zip(("rows", "inner", "columns"), wanted, strict=True):
            if key != WHOLE and key not in self._labels[axis]:
                return None
        return wanted

    def number(self, cell: Cell) -> int:
        return self.figures.get(cell, 0)

    def where(self, cell: Cell) -> str:
        """“Sở Y tế · quý I/2017 · Kỷ cương”; the tally's sentence for the total."""
        words = [
            self._labels[axis][key]
            for axis, key in zip(("rows", "inner", "columns"), cell, strict=True)
            if key != WHOLE
        ]
        return " · ".join(words) or self.certificate.sentence

    def known(self) -> Iterator[tuple[FrozenStory, Known]]:
        """The whole list, in its order."""
        for story in self.certificate.list.order_by("place").iterator(chunk_size=2000):
            yield story, known_of(story.line)

    def stories(self, cell: Cell) -> list[Known]:
        """The stories that a number counted, in the list's order."""
        adds = self.counter.adds(cell)
        return [known for _story, known in self.known() if adds(known)]

    def lines(self, stories: Iterable[Known], cell: Cell) -> Iterator[FrozenLine]:
        """A page of them in words; with the rows that this number counted."""
        for known in stories:
            rows = self.counter.rows_of(known, cell)
            yield FrozenLine(
                known.number, known.seen.issue_date, str(Kind(known.seen.kind).label), known.seen.title,
                ", ".join(known.seen.bylines), [self._row_words(*row) for row in rows],
            )  # fmt: skip

    def _row_words(self, unit: str | None, criterion: str | None, role: str, tone: str) -> str:
        units, criteria = self.certificate.frame["units"], self.certificate.frame["criteria"]
        what = [
            units.get(unit, {}).get("name", unit) if unit else "",
            criteria.get(criterion, {}).get("label", criterion) if criterion else "",
        ]
        how = [
            str(CoverageRole(role).label) if role != CoverageRole.SUBJECT else "",
            str(Tone(tone).label) if tone != Tone.UNSET else "",
        ]
        words = " – ".join(part for part in what if part)
        manner = ", ".join(part for part in how if part)
        return f"{words} ({manner})" if manner else words
