"""The life of a unit and of all that it came from or became, as bars over the years (no markup here)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from column.departments.models import Department
from column.departments.rules import bound_in_words

#: Width of the picture; a bar's place and width are whole thousandths of it.
WIDTH = 1000
#: A bound that nobody knows is drawn this many years beyond the known ones.
_MARGIN_YEARS = 3


@dataclass(frozen=True)
class Bar:
    """One unit: from ``x`` for ``width`` of :data:`WIDTH`; an unknown bound is open."""

    unit: Department
    x: int
    width: int
    open_start: bool
    open_end: bool
    is_self: bool
    #: What became of it: successors, with the day, in words.
    became: str


@dataclass(frozen=True)
class Timeline:
    first_year: int
    last_year: int
    bars: list[Bar]

    @property
    def height(self) -> int:
        return len(self.bars)


def timeline(unit: Department, today: date) -> Timeline:
    """The unit, all units before and after it, the oldest first (three queries)."""
    links: list[tuple[int, int]] = list(
        Department.successors.through.objects.order_by("pk").values_list("from_department_id", "to_department_id")
    )
    keys = _connected(unit.pk, links, forward=True) | _connected(unit.pk, links, forward=False)
    units = {one.pk: one for one in Department.objects.own().filter(pk__in=keys).in_report_order()}
    units.setdefault(unit.pk, unit)
    bounds = [day for one in units.values() for day in (one.earliest_from, one.latest_to) if day]
    first = min([*(day.year for day in bounds), today.year]) - _MARGIN_YEARS
    last = max([*(day.year for day in bounds), today.year]) + 1
    start, end = date(first, 1, 1), date(last, 1, 1)
    span = (end - start).days
    after: dict[int, list[Department]] = {}
    for old, new in links:
        if old in units and new in units:
            after.setdefault(old, []).append(units[new])
    bars = []
    for one in sorted(units.values(), key=lambda one: (one.earliest_from or start, one.latest_to or end)):
        x = ((one.earliest_from or start) - start).days * WIDTH // span
        stop = ((one.latest_to or end) - start).days * WIDTH // span
        bars.append(
            Bar(
                one, x, max(stop - x, 4), one.earliest_from is None, one.latest_to is None, one.pk == unit.pk,
                _became(after.get(one.pk, [])),
            )
        )  # fmt: skip
    return Timeline(first, last, bars)


def _became(after: list[Department]) -> str:
    return "; ".join(
        f"{one} ({bound_in_words(one.valid_from)})" if one.valid_from else str(one) for one in after
    )  # fmt: skip


def _connected(start: int, links: list[tuple[int, int]], *, forward: bool) -> set[int]:
    step: dict[int, list[int]] = {}
    for old, new in links:
        step.setdefault(old if forward else new, []).append(new if forward else old)
    found, waiting = {start}, [start]
    while waiting:
        for pk in step.get(waiting.pop(), ()):
            if pk not in found:
                found.add(pk)
                waiting.append(pk)
    return found
