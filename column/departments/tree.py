"""The units of one day under those that they belonged to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from column.departments.models import Department


@dataclass
class Branch:
    unit: Department
    below: list[Branch] = field(default_factory=list)


def tree(day: date) -> list[Branch]:
    """Those that may have existed on the day, in report order; one whose superior did not exist stands at the top.

    One query.
    """
    branches = {unit.pk: Branch(unit) for unit in Department.objects.own().existing_on(day).in_report_order()}
    top = []
    for branch in branches.values():
        above = branches.get(branch.unit.parent_id or 0)
        if above is None or _is_above(branches, branch, above):
            top.append(branch)
        else:
            above.below.append(branch)
    return top


def _is_above(branches: dict[int, Branch], branch: Branch, above: Branch) -> bool:
    """Whether *branch* stands above its own superior (a circle in the data)."""
    seen: set[int] = set()
    here: Branch | None = above
    while here is not None and here.unit.pk not in seen:
        if here is branch:
            return True
        seen.add(here.unit.pk)
        here = branches.get(here.unit.parent_id or 0)
    return False
