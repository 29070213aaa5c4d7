"""Two records of one unit made one: shown first, then carried out in one transaction. Nothing is deleted.

The coverage of the duplicate moves with its history; its names, its place in the lineage and the units below it move
with it; its code leads to the unit that stays (``/don-vi/<code>/``, files, filters, certificates).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from column.coverage.recording import Move, move_unit, moves_of
from column.departments.changing import record_duplicate
from column.departments.models import Department, UnitEvent, name_key
from column.people.models import User


@dataclass(frozen=True)
class Merging:
    """What merging will do; with ``problems`` (Vietnamese) nothing will be done."""

    unit: Department
    same_as: Department
    problems: list[str]
    coverage: Move
    aliases: list[str]
    children: list[Department]
    lineage: list[str]


def look_at(unit: Department, same_as: Department) -> Merging:
    """The preview."""
    problems = []
    if unit.pk == same_as.pk:
        problems.append(_("Hãy chọn hai bản ghi khác nhau."))
    if unit.merged_into_id or same_as.merged_into_id:
        problems.append(_("Bản ghi này đã được gộp trước đó."))
    if unit.successors.filter(pk=same_as.pk).exists() or same_as.successors.filter(pk=unit.pk).exists():
        problems.append(
            _("Một đơn vị kế thừa đơn vị kia: đó là hai đơn vị nối tiếp nhau, không phải hai bản ghi của một đơn vị.")
        )
    above, seen = same_as.parent, {same_as.pk}
    while above is not None and above.pk not in seen:
        if above.pk == unit.pk:
            problems.append(_("“%(unit)s” là cấp trên của “%(other)s”.") % {"unit": unit, "other": same_as})
            break
        seen.add(above.pk)
        above = above.parent
    known = {name_key(same_as.name), *same_as.aliases.values_list("match_key", flat=True)}
    names = [unit.name, unit.short_name, *unit.aliases.values_list("text", flat=True)]
    aliases = {name_key(text): text for text in names if text and name_key(text) not in known}
    lineage = [_("tiền thân: %(unit)s") % {"unit": one} for one in unit.predecessors.all()]
    lineage += [_("kế thừa: %(unit)s") % {"unit": one} for one in unit.successors.all()]
    return Merging(
        unit, same_as, problems, moves_of(unit.pk, same_as.pk), list(aliases.values()),
        list(Department.objects.filter(parent=unit).in_report_order()), lineage,
    )  # fmt: skip


@transaction.atomic
def merge(unit: Department, same_as: Department, *, source: str, user: User, at: datetime) -> tuple[UnitEvent, Move]:
    """Carry out what :func:`look_at` showed; ValidationError (Vietnamese) when it cannot be."""
    list(Department.objects.select_for_update().filter(pk__in=[unit.pk, same_as.pk]).order_by("pk"))
    problems = look_at(unit, same_as).problems
    if not source.strip():
        problems.append(_("Hãy ghi căn cứ: vì sao hai bản ghi là một đơn vị."))
    if problems:
        raise ValidationError(problems)
    moved = move_unit(unit.pk, same_as.pk, user=user, at=at)
    return record_duplicate(unit, same_as, source=source, user=user), moved
