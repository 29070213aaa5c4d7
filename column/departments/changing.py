"""What happens to units, recorded: renamed, merged, split, abolished, founded; shown first, then carried out.

An event ends units and makes or names their successors. It never touches coverage: what was coded stays coded under
the unit as it was. Nothing is taken out of the record; a mistake is undone by another event.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from column.departments.models import Department, DepartmentAlias, UnitEvent, name_key
from column.departments.rules import DateBound, bound_in_words, parse_bound
from column.enums import UnitEventKind
from column.people.models import User
from column.text.slugs import slugify_vi

RECORDED = "column.unit.event"

#: How many units of each side an event has: before (least, most), after (least, most).
_MANY = 60
_SIDES: dict[str, tuple[tuple[int, int], tuple[int, int]]] = {
    UnitEventKind.FOUNDED: ((0, 0), (1, 1)),
    UnitEventKind.RENAMED: ((1, 1), (1, 1)),
    UnitEventKind.MERGED: ((1, _MANY), (1, 1)),
    UnitEventKind.SPLIT: ((1, 1), (2, _MANY)),
    UnitEventKind.ABOLISHED: ((1, _MANY), (0, 0)),
}


@dataclass(frozen=True)
class Change:
    """What somebody wants recorded. ``new_names`` are units that do not exist yet: (name, code or empty)."""

    kind: UnitEventKind
    day: str
    from_units: tuple[Department, ...] = ()
    to_units: tuple[Department, ...] = ()
    new_names: tuple[tuple[str, str], ...] = ()
    source: str = ""
    note: str = ""


@dataclass
class Plan:
    """What carrying it out will do; with ``problems`` (Vietnamese) nothing will be done."""

    change: Change
    problems: list[str] = field(default_factory=list)
    #: Units and their last day, as a bound.
    ended: list[tuple[Department, str]] = field(default_factory=list)
    created: list[Department] = field(default_factory=list)
    #: Living units below those that end: their superior is to be corrected by hand.
    children: list[Department] = field(default_factory=list)

    @property
    def ended_in_words(self) -> list[tuple[Department, str]]:
        return [(unit, bound_in_words(last)) for unit, last in self.ended]


def last_bound_before(day: str) -> str:
    """The last day of what ends when ``day`` begins: the day before; the same month or year if no more is known."""
    bound = parse_bound(day)
    return (bound.first - timedelta(days=1)).isoformat() if bound.first == bound.last else day


def plan(change: Change) -> Plan:
    """Check a change and say what it will do; a constant number of queries for one number of units."""
    found = Plan(change)
    try:
        bound = parse_bound(change.day)
    except ValueError as problem:
        found.problems.append(str(problem))
        return found
    if not change.source.strip():
        found.problems.append(_("Hãy ghi nguồn: văn bản hay nơi nêu việc này."))
    found.problems += _count_problems(change)
    for unit in change.from_units:
        found.problems += _problems_of_ended(unit, bound)
    ended = {unit.pk for unit in change.from_units}
    for unit in change.to_units:
        found.problems += _problems_of_successor(unit, bound, ended)
    if _leads_back(change.to_units, ended):
        found.problems.append(_("Như vậy một đơn vị sẽ kế thừa chính nó qua các đơn vị khác."))
    found.ended = [(unit, last_bound_before(change.day)) for unit in change.from_units]
    found.created = _new_units(change, found.problems)
    below = Department.objects.own().filter(parent__in=change.from_units).exclude(pk__in=ended)
    found.children = list(below.existing_on(bound.last).in_report_order()) if ended else []
    return found


def _problems_of_ended(unit: Department, bound: DateBound) -> list[str]:
    words = {"unit": unit, "life": unit.lifetime}
    problems = []
    if unit.merged_into_id:
        problems.append(_("“%(unit)s” là bản ghi trùng; hãy chọn đơn vị chính.") % words)
    elif unit.latest_to is not None and unit.latest_to < bound.first - timedelta(days=1):
        problems.append(_("“%(unit)s” đã kết thúc trước ngày này (%(life)s).") % words)
    elif unit.earliest_from is not None and unit.earliest_from > bound.last:
        problems.append(_("“%(unit)s” chưa có vào ngày này (%(life)s).") % words)
    if unit.successors.exists():
        problems.append(_("“%(unit)s” đã có đơn vị kế thừa; hãy hủy ghi nhận cũ trước.") % words)
    return problems


def _problems_of_successor(unit: Department, bound: DateBound, ended: set[int]) -> list[str]:
    words = {"unit": unit, "life": unit.lifetime}
    if unit.pk in ended or unit.merged_into_id:
        return [_("“%(unit)s” không thể là đơn vị kế thừa ở đây.") % words]
    if (unit.latest_to is not None and unit.latest_to < bound.first) or (
        unit.earliest_from is not None and unit.earliest_from > bound.last
    ):
        return [_("“%(unit)s” không hoạt động vào ngày này (%(life)s).") % words]
    return []


def _count_problems(change: Change) -> list[str]:
    (least, most), (least_after, most_after) = _SIDES[change.kind]
    problems = []
    if not least <= len(change.from_units) <= most:
        problems.append(
            _("Hãy chọn đúng một đơn vị.") if most == 1 else _("Hãy chọn ít nhất một đơn vị.")
        )  # fmt: skip
    after = len(change.to_units) + len(change.new_names)
    if not least_after <= after <= most_after:
        problems.append(
            {
                0: _("Việc này không có đơn vị kế thừa."),
                1: _("Hãy nêu đúng một đơn vị kế thừa: chọn đơn vị có sẵn hoặc ghi tên đơn vị mới."),
                _MANY: _("Hãy nêu ít nhất hai đơn vị kế thừa."),
            }[most_after]
        )
    if change.kind == UnitEventKind.MERGED and len(change.from_units) == 1 and change.new_names:
        problems.append(_("Một đơn vị thành một đơn vị mới là đổi tên; sáp nhập vào đơn vị mới cần từ hai đơn vị."))
    return problems


def _leads_back(to_units: tuple[Department, ...], ended: set[int]) -> bool:
    links: dict[int, list[int]] = {}
    through = Department.successors.through.objects.order_by()
    for old, new in through.values_list("from_department_id", "to_department_id"):
        links.setdefault(old, []).append(new)
    waiting, seen = [unit.pk for unit in to_units], set[int]()
    while waiting:
        pk = waiting.pop()
        if pk in ended:
            return True
        if pk not in seen:
            seen.add(pk)
            waiting += links.get(pk, ())
    return False


def _new_units(change: Change, problems: list[str]) -> list[Department]:
    """The units to be made, unsaved: like the first that ends, with the name and a code that is free."""
    taken = set(Department.objects.order_by().values_list("code", flat=True))
    like = change.from_units[0] if change.from_units else None
    made = []
    for name, wish in change.new_names:
        code = wish or _free_code(name, change.day, taken)
        if code in taken:
            problems.append(_("Mã “%(code)s” đã có; mã dùng một lần.") % {"code": code})
        if slugify_vi(code, 60) != code:
            problems.append(_("Mã “%(code)s” chỉ được gồm chữ thường không dấu, số và gạch nối.") % {"code": code})
        taken.add(code)
        unit = Department(
            code=code, name=name, kind=like.kind if like else "so", report_group=like.report_group if like else 99,
            parent=like.parent if like else None, valid_from=change.day, source=change.source[:300],
        )  # fmt: skip
        unit.fill_keys()
        if like and len(name) > 160:
            problems.append(_("Tên đơn vị dài quá 160 ký tự."))
        made.append(unit)
    return made


def _free_code(name: str, day: str, taken: set[str]) -> str:
    """The folded name; with the year where that is taken (three “Hải Châu”), then with a number."""
    base = slugify_vi(name, 50, fallback="don-vi")
    tries = [base, f"{base}-{day[:4]}", *(f"{base}-{day[:4]}-{number}" for number in range(2, 100))]
    return next(code for code in tries if code not in taken)


@transaction.atomic
def carry_out(change: Change, *, user: User | None) -> UnitEvent:
    """Record the change: units end, their successors begin. ValidationError (Vietnamese) for what cannot be."""
    locked = [unit.pk for unit in (*change.from_units, *change.to_units)]
    list(Department.objects.select_for_update().filter(pk__in=locked).order_by("pk"))
    found = plan(change)
    if found.problems:
        raise ValidationError(found.problems)
    for unit in found.created:
        unit.full_clean()
        unit.save()
    after = [*change.to_units, *found.created]
    before: dict[str, dict[str, Any]] = {}
    for unit, last in found.ended:
        before[unit.code] = {"valid_to": unit.valid_to}
        unit.valid_to = last
        unit.save(update_fields=["valid_to", "latest_to", "earliest_from", "sort_key", "name", "short_name"])
        unit.successors.add(*after)
    event = UnitEvent.objects.create(
        kind=change.kind, day=change.day, source=change.source, note=change.note, recorded_by=user,
        data={"before": before, "made": [unit.code for unit in found.created]},
    )  # fmt: skip
    event.from_units.set(change.from_units)
    event.to_units.set(after)
    _tell([*change.from_units, *after], event, user)
    return event


def undoing_problems(event: UnitEvent) -> list[str]:
    """Why an event cannot be undone now (Vietnamese); empty when it can."""
    if event.kind in {UnitEventKind.UNDONE, UnitEventKind.DUPLICATE}:
        return [_("Việc này không hủy được: hãy ghi một việc mới.")]
    if hasattr(event, "undone_by"):
        return [_("Việc này đã được hủy.")]
    problems = []
    units = {*event.from_units.all(), *event.to_units.all()}
    later = UnitEvent.objects.filter(pk__gt=event.pk, undone_by=None).exclude(kind=UnitEventKind.UNDONE)
    for unit in units:
        problems += [
            _("Sau đó “%(unit)s” còn việc khác (%(event)s); hãy hủy việc ấy trước.") % {"unit": unit, "event": one}
            for one in later.filter(from_units=unit).distinct()
        ]
    made = set(event.data.get("made", ()))
    for unit in units:
        if unit.code in made and unit.merged_into_id is None:
            if not event.data["before"]:
                problems.append(
                    _("“%(unit)s” do việc này lập ra: hãy ghi giải thể hoặc gộp bản ghi trùng.") % {"unit": unit}
                )
            elif rows := unit.coverage.count():
                problems.append(
                    _("“%(unit)s” đã có %(rows)d dòng gắn; hãy gộp bản ghi này vào đơn vị đúng rồi hủy.")
                    % {"unit": unit, "rows": rows}
                )
    return problems


@transaction.atomic
def undo(event: UnitEvent, *, reason: str, user: User | None) -> UnitEvent:
    """Take an event back by another one: the ended units live on as before; units that it made lead to the first."""
    list(UnitEvent.objects.select_for_update().filter(pk=event.pk))
    problems = undoing_problems(event)
    if not reason.strip():
        problems.append(_("Hãy ghi lý do hủy."))
    if problems:
        raise ValidationError(problems)
    after = list(event.to_units.all())
    before = event.data["before"]
    ended = list(event.from_units.all())
    for unit in ended:
        unit.valid_to = before[unit.code]["valid_to"]
        unit.save(update_fields=["valid_to", "latest_to", "earliest_from", "sort_key", "name", "short_name"])
        unit.successors.remove(*after)
    for unit in after:
        if unit.code in event.data["made"] and unit.merged_into_id is None:
            unit.merged_into = ended[0]
            unit.save(update_fields=["merged_into"])
    back = UnitEvent.objects.create(
        kind=UnitEventKind.UNDONE, day=event.day, source=reason[:300], recorded_by=user, undoes=event,
        data={"before": {}, "made": []},
    )  # fmt: skip
    back.from_units.set(ended)
    back.to_units.set(after)
    _tell([*ended, *after], back, user)
    return back


def record_duplicate(unit: Department, same_as: Department, *, source: str, user: User | None) -> UnitEvent:
    """The unit's record is another one's: names and lineage move to that one, the code leads there.

    Within the caller's transaction, which has moved the coverage (``column.coverage.duplicates``).
    """
    keys = {name_key(same_as.name), *_aliases(same_as, "match_key")}
    for text in (unit.name, unit.short_name, *_aliases(unit, "text")):
        key = name_key(text)
        if key and key not in keys:
            keys.add(key)
            DepartmentAlias.objects.create(department=same_as, text=text)
    DepartmentAlias.objects.filter(department=unit).delete()
    same_as.successors.add(*unit.successors.exclude(pk=same_as.pk))
    for one in unit.predecessors.exclude(pk=same_as.pk):
        one.successors.remove(unit)
        one.successors.add(same_as)
    unit.successors.clear()
    same_as.successors.remove(unit)
    Department.objects.filter(parent=unit).exclude(pk=same_as.pk).update(parent=same_as)
    Department.objects.filter(merged_into=unit).update(merged_into=same_as)
    unit.merged_into = same_as
    unit.save(update_fields=["merged_into"])
    event = UnitEvent.objects.create(
        kind=UnitEventKind.DUPLICATE, source=source, recorded_by=user, data={"before": {}, "made": []}
    )
    event.from_units.set([unit])
    event.to_units.set([same_as])
    _tell([unit, same_as], event, user)
    return event


def _aliases(unit: Department, what: str) -> list[str]:
    return list(DepartmentAlias.objects.filter(department=unit.pk).order_by("pk").values_list(what, flat=True))


def _tell(units: list[Department], event: UnitEvent, user: User | None) -> None:
    for unit in units:
        log(
            # Wagtail shows one entry of a request (its mark) and an action: each unit's history needs its own.
            instance=unit, action=RECORDED, user=user, timestamp=timezone.now(), uuid=uuid4(),
            data={"event": event.pk, "kind": event.kind, "day": event.day, "source": event.source},
        )  # fmt: skip
