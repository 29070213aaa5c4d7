"""The difference between two sides, taken apart; see ``column.tallies.explaining.rules``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from column.departments.models import UnitEvent
from column.tallies.certificates.canonical import known_of
from column.tallies.certificates.counter import WHOLE, Cell
from column.tallies.explaining.rules import Adds, Cause, Difference, Part, difference, parts_of
from column.tallies.explaining.sides import Bare, Side
from column.tallies.states.history import Known, Life, lives

TOTAL: Cell = (WHOLE, WHOLE, WHOLE)

#: The parts of a frame, in the order in which they are exchanged for the other side's, and what that is called.
_EXCHANGED: tuple[tuple[Cause, tuple[str, ...]], ...] = (
    (Cause.CODEBOOK, ("codebooks", "criteria")),
    (Cause.LIST, ("monitored",)),
    (Cause.UNITS, ("units", "images", "chosen", "also", "structure")),
)
#: What the same question came to; of another question it says nothing about units or lists.
_OF_THE_QUESTION = {"monitored", "images", "chosen", "also", "structure"}


def explain(old: Side, new: Side, cell: Cell = TOTAL) -> Difference:
    """What lies between the two figures of a cell.

    Lines that are equal texts on both sides are not read where the question is the same; so the cost is that of
    reading both lists, and of the stories that differ (five queries for every two thousand).
    """
    if old.marks > new.marks:
        # Told in the order in which it happened, and counted backwards.
        back = explain(new, old, cell)
        return Difference(back.new, back.old, tuple(replace(part, change=-part.change) for part in back.parts))
    questions = _questions(old, new, cell)
    found = difference(old.figures.get(cell, 0), new.figures.get(cell, 0), _parts(old, new, questions))
    return _signed(found, old, new)


def explain_bare(old: Bare, new: Side, cell: Cell = TOTAL) -> Difference:
    """From a printed number to a side: only its own article can be told of; the rest is unknown."""
    parts: list[Part] = []
    if old.own is not None and old.own[0] not in new.lines:
        parts.append(Part(Cause.OWN, -1, *old.own))
    return difference(old.number, new.figures.get(cell, 0), iter(parts))


def _questions(old: Side, new: Side, cell: Cell) -> list[tuple[Cause, Adds]]:
    """From the old side's question to the new one's, a step for each part that is not the same."""
    found: list[tuple[Cause, Adds]] = [(Cause.UNKNOWN, old.counter().adds(cell))]
    frame: dict[str, Any] = dict(old.frame)
    same_question = old.address == new.address
    for cause, names in _EXCHANGED:
        mine = [name for name in names if same_question or name not in _OF_THE_QUESTION]
        changed = {name: new.frame[name] for name in mine if frame[name] != new.frame[name]}
        if changed:
            frame |= changed
            found.append((cause, old.counter(frame).adds(cell)))
    if not same_question or frame | {"today": ""} != {**new.frame, "today": ""}:
        found.append((Cause.DEFINITION, new.counter().adds(cell)))
    return found


def _parts(old: Side, new: Side, questions: list[tuple[Cause, Adds]]) -> Iterator[Part]:
    differing = _differing(old.lines, new.lines)
    past = lives(differing, old.marks, new.marks)
    for number in differing:
        life = past.get(number, Life(None, []))
        yield from parts_of(life, _known(old.lines.get(number)), _known(new.lines.get(number)), questions)
    if len(questions) > 1:
        # The stories are the same; the question is not.
        told = set(differing)
        for number, line in old.lines.items():
            if number not in told:
                known = _known(line)
                yield from parts_of(Life(known, []), known, known, questions)


def _signed(found: Difference, old: Side, new: Side) -> Difference:
    """With who recorded what happened to the units of a story, and when."""
    if all(part.cause != Cause.UNITS for part in found.parts):
        return found
    by_unit: dict[str, UnitEvent] = {}
    events = UnitEvent.objects.filter(recorded_at__gt=old.at, recorded_at__lte=new.at).select_related("recorded_by")
    for event in events.prefetch_related("from_units", "to_units"):
        by_unit |= {unit.code: event for unit in (*event.from_units.all(), *event.to_units.all())}

    def signed(part: Part) -> Part:
        rows = part.after.rows if part.cause == Cause.UNITS and part.after is not None else {}
        told = next((by_unit[unit] for unit, _criterion in rows if unit in by_unit), None)
        if told is None:
            return part
        name = told.recorded_by.get_full_name() if told.recorded_by else ""
        return replace(part, at=told.recorded_at, by_name=name)

    return replace(found, parts=tuple(map(signed, found.parts)))


def _differing(old: Mapping[int, str], new: Mapping[int, str]) -> list[int]:
    """The stories that the two lists do not tell of in the same words."""
    changed = [number for number, line in old.items() if new.get(number) != line]
    return sorted([*changed, *(new.keys() - old.keys())])


def _known(line: str | None) -> Known | None:
    return known_of(line) if line is not None else None
