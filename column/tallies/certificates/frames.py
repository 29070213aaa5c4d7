"""The frame of a tally: what its figures mean and no story tells, as plain data that outlives the tables.

Units by code, criteria by slug: both are given once and never changed. ``images`` and ``chosen`` say what the structure
of units and the filter's units came to at the freezing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from column.coverage.filter import NONE
from column.coverage.models import Codebook, Criterion, SolutionGroup
from column.coverage.selection import Selection, day_of_structure
from column.departments.models import Department, SplitRule
from column.departments.structure import Structure
from column.tallies.asked import Asked
from column.tallies.models import MonitoredList


@dataclass(frozen=True)
class Frame:
    """A frame as it is counted with."""

    images: Mapping[str, str]
    parents: Mapping[str, str]
    kinds: Mapping[str, str]
    groups: Mapping[str, int]
    families: Mapping[str, str]
    solutions: Mapping[str, Sequence[str]]
    #: Codes of the units whose rows the filter counts, ``NONE`` among them; None where it does not ask for units.
    chosen: frozenset[str] | None
    #: The same of its other conditions on units (branch, kind, group).
    also: frozenset[str] | None
    #: By the dimension's word: (key, first day, last day).
    periods: Mapping[str, Sequence[tuple[str, date, date]]]

    def image(self, code: str) -> str:
        return self.images.get(code, code)

    def kind_word(self, code: str) -> str:
        return self.kinds.get(self.image(code), "").replace("_", "-")

    def group(self, code: str) -> str:
        return str(self.groups[self.image(code)])

    def family(self, slug: str) -> str:
        return self.families[slug]

    def solutions_of(self, slug: str | None) -> tuple[str, ...]:
        return tuple(self.solutions.get(slug, ())) if slug else ()

    def above(self, code: str) -> tuple[str, ...]:
        """The unit and all above it, each in its image."""
        found: dict[str, None] = {}
        here: str | None = self.image(code)
        while here is not None and here not in found:
            found[here] = None
            parent = self.parents.get(here)
            here = self.image(parent) if parent else None
        return tuple(found)


def read_frame(data: Mapping[str, Any]) -> Frame:
    """From a certificate's ``frame``. ``KeyError`` or ``ValueError`` for what no freezing writes."""
    units, criteria = data["units"], data["criteria"]
    return Frame(
        images=data["images"],
        parents={code: unit["parent"] for code, unit in units.items() if unit["parent"]},
        kinds={code: unit["kind"] for code, unit in units.items()},
        groups={code: unit["group"] for code, unit in units.items()},
        families={slug: one["family"] for slug, one in criteria.items()},
        solutions={slug: one["solutions"] for slug, one in criteria.items()},
        chosen=frozenset(data["chosen"]) if data["chosen"] is not None else None,
        also=frozenset(data["also"]) if data["also"] is not None else None,
        periods={
            word: [(key, date.fromisoformat(first), date.fromisoformat(last)) for key, first, last in periods]
            for word, periods in data["periods"].items()
        },
    )


def make_frame(
    asked: Asked, chosen: Selection, periods: Mapping[str, Sequence[tuple[str, date, date]]], today: date
) -> dict[str, Any]:
    """The frame of a tally as the tables have it now (a constant number of queries).

    ``chosen`` is the tally's own selection; ``periods`` are those of its custom cuts, by the dimension's word.
    """
    day = day_of_structure(asked.filter, today)
    structure = chosen.structure or Structure.load(day)
    codes = dict(Department.objects.order_by().values_list("pk", "code"))
    wanted: list[str] | None = None
    if asked.filter.departments:
        wanted = _codes(chosen.units, codes) + ([NONE] if NONE in asked.filter.departments else [])
    return {
        "today": today.isoformat(),
        "structure": day.isoformat() if day else "",
        "images": {codes[pk]: codes[image] for pk, image in structure.images.items()},
        "units": _units(codes),
        **_criteria(),
        "chosen": wanted,
        "also": _codes(chosen.also_units, codes) if chosen.also_units is not None else None,
        "periods": {
            word: [[key, first.isoformat(), last.isoformat()] for key, first, last in some]
            for word, some in periods.items()
        },
        "monitored": _monitored(asked.monitored),
    }


def _codes(units: Collection[int], codes: Mapping[int, str]) -> list[str]:
    return sorted(codes[pk] for pk in units)


def _units(codes: Mapping[int, str]) -> dict[str, Any]:
    after: dict[int, list[str]] = {}
    through = Department.successors.through.objects.order_by("pk")
    for old, new in through.values_list("from_department_id", "to_department_id"):
        after.setdefault(old, []).append(codes[new])
    rules = dict(SplitRule.objects.order_by("pk").values_list("unit_id", "counts_as_id"))
    return {
        unit.code: {
            "name": unit.display_name,
            "kind": unit.kind,
            "group": unit.report_group,
            "parent": codes.get(unit.parent_id or 0),
            "from": unit.valid_from,
            "to": unit.valid_to,
            "successors": sorted(after.get(unit.pk, [])),
            "same_as": codes.get(unit.merged_into_id or 0),
            "split_rule": codes.get(rules[unit.pk] or unit.pk) if unit.pk in rules else None,
        }
        for unit in Department.objects.order_by("code")
    }


def _criteria() -> dict[str, Any]:
    solutions: dict[int, list[str]] = {}
    through = SolutionGroup.criteria.through.objects.order_by("solutiongroup_id")
    for group, criterion in through.values_list("solutiongroup_id", "criterion_id"):
        solutions.setdefault(criterion, []).append(str(group))
    return {
        "codebooks": [
            {
                "title": book.title,
                "version": book.version,
                "document": str(book.document),
                "from": book.in_use_from.isoformat() if book.in_use_from else "",
                "to": book.in_use_to.isoformat() if book.in_use_to else "",
            }
            for book in Codebook.objects.select_related("document").order_by("pk")
        ],
        "criteria": {
            one.slug: {
                "label": one.label,
                "family": one.family,
                "codebook": f"{one.group.codebook.title} {one.group.codebook.version}",
                "solutions": solutions.get(one.pk, []),
            }
            for one in Criterion.objects.in_order().select_related("group__codebook")
        },
    }


def _monitored(slug: str) -> dict[str, Any] | None:
    found = MonitoredList.objects.filter(slug=slug).first() if slug else None
    if found is None:
        return None
    units = sorted(found.units.order_by().values_list("code", flat=True))
    return {"slug": found.slug, "name": str(found), "as_of": found.as_of.isoformat(), "units": units}
