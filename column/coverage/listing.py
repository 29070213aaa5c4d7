"""What stories cover, in numbers: every number comes with the address that lists exactly what it counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext as _

from column.coverage.filter import GROUPS, KINDS, NONE, NOW, TONES, UNIT_GROUPS, UNIT_KINDS, CoverageFilter
from column.coverage.models import Coverage, Criterion
from column.coverage.selection import Selection
from column.departments.lineage import Lineage
from column.departments.models import Department
from column.departments.rules import existed_on, report_group_name
from column.enums import Kind
from column.stories.models import Story, StoryQuerySet
from column.text.dates import format_day


@dataclass(frozen=True)
class Counted:
    """A number, what it is of, and the list of exactly that. ``about`` is the unit or criterion, where one is."""

    label: str
    number: int
    url: str
    about: Any = None


def filter_for_department(unit: Department, lineage: Lineage | None = None) -> CoverageFilter:
    """Stories about a unit and whatever wholly became it."""
    graph = lineage or Lineage.load()
    return CoverageFilter(departments=(unit.code,), lineage=len(graph.with_predecessors([unit.pk])) > 1)


def page_name(unit: Department, graph: Lineage) -> str:
    """The name of a lineage's page (see ``UnitLine``)."""
    namesakes = Department.objects.filter(name=unit.name).values_list("pk", flat=True)
    return unit.name if len({graph.head(pk) for pk in namesakes}) == 1 else str(unit)


def stories_for_department(unit: Department) -> StoryQuerySet:
    """The published stories that a unit's page and its feed list, newest first."""
    return Selection.of(filter_for_department(unit)).stories().newest_first()


def stories_for_criterion(criterion: Criterion) -> StoryQuerySet:
    """The published stories that a criterion's page and its feed list, newest first."""
    return Selection.of(CoverageFilter(criteria=(criterion.slug,))).stories().newest_first()


def by_kind(chosen: Selection) -> list[Counted]:
    numbers = dict(chosen.stories().values_list("kind").annotate(n=Count("pk")))
    return [
        Counted(str(Kind(kind).label), numbers[kind], chosen.filter.but(kinds=(word,)).url())
        for word, kind in KINDS.items()
        if numbers.get(kind)
    ]


def by_year(chosen: Selection) -> list[Counted]:
    """The newest year first."""
    rows = chosen.stories().annotate(year=ExtractYear("issue_date")).values_list("year").annotate(n=Count("pk"))
    return [Counted(str(year), n, chosen.filter.but(period=str(year)).url()) for year, n in rows.order_by("-year")]


def by_criterion(chosen: Selection) -> list[Counted]:
    """In the documents' own order; criteria that nothing covers are left out."""
    numbers = _distinct(chosen, "criterion")
    return [
        Counted(one.label, numbers[one.pk], chosen.filter.but(criteria=(one.slug,)).url(), one)
        for one in Criterion.objects.filter(pk__in=numbers).in_order()
    ]


def by_department(chosen: Selection) -> list[Counted]:
    """The unit of each row as it was coded, the most covered first."""
    numbers = _distinct(chosen, "department")
    units = Department.objects.filter(pk__in=numbers).in_report_order()
    found = [
        Counted(str(unit), numbers[unit.pk], chosen.filter.but(departments=(unit.code,)).url(), unit) for unit in units
    ]
    return sorted(found, key=lambda one: -one.number)


def _distinct(chosen: Selection, what: str) -> dict[int, int]:
    rows = chosen.rows().filter(**{f"{what}__isnull": False}).values_list(what)
    return dict(rows.annotate(n=Count("story", distinct=True)))


@dataclass(frozen=True)
class UnitLine:
    """A unit in the list of all: one line a lineage, with the units that became it.

    ``name`` tells bodies of one name apart only where there are several lineages of that name.
    """

    unit: Department
    name: str
    number: int
    former: list[Department]
    is_current: bool


@dataclass(frozen=True)
class UnitGroup:
    name: str
    lines: list[UnitLine]


def unit_groups(today: date) -> list[UnitGroup]:
    """Every lineage under its report group, in Vietnamese order, with the stories that cover it (five queries)."""
    graph = Lineage.load()
    units = list(Department.objects.own().in_report_order())
    members: dict[int, list[Department]] = {}
    for unit in units:
        members.setdefault(graph.head(unit.pk), []).append(unit)
    names = Counter(unit.name for unit in units if unit.pk in members)
    numbers = _lineage_numbers({head: [one.pk for one in found] for head, found in members.items()})
    groups: dict[int, list[UnitLine]] = {}
    for unit in units:
        if unit.pk in members:
            former = [one for one in members[unit.pk] if one.pk != unit.pk]
            name = unit.name if names[unit.name] == 1 else str(unit)
            line = UnitLine(unit, name, numbers.get(unit.pk, 0), former, existed_on(unit, today))
            groups.setdefault(unit.report_group, []).append(line)
    return [UnitGroup(lines[0].unit.group_name, lines) for _group, lines in sorted(groups.items())]


def _lineage_numbers(members: dict[int, list[int]]) -> dict[int, int]:
    """Distinct published stories of each lineage, by its head.

    One grouped query does for lineages of one unit; where several units hang together a story that covers two of
    them must count once, so their pairs are read and joined here.
    """
    rows = _covering()
    head_of = {unit: head for head, units in members.items() for unit in units}
    several = {unit for units in members.values() if len(units) > 1 for unit in units}
    alone = rows.exclude(department__in=several).values_list("department").annotate(n=Count("story", distinct=True))
    numbers = {head_of[unit]: n for unit, n in alone if unit in head_of}
    stories: dict[int, set[int]] = {}
    for unit, story in rows.filter(department__in=several).values_list("department", "story"):
        stories.setdefault(head_of[unit], set()).add(story)
    return numbers | {head: len(found) for head, found in stories.items()}


def _covering() -> Any:
    published = Story.objects.published().filter(issue_date__isnull=False)
    return Coverage.objects.subjects().filter(story__in=published.values("pk"), department__isnull=False).order_by()


def criterion_lines(criteria: Iterable[Criterion]) -> list[Counted]:
    """The criteria with the number of stories on each page (one query)."""
    numbers = _distinct(Selection.of(CoverageFilter()), "criterion")
    return [Counted(one.label, numbers.get(one.pk, 0), one.get_absolute_url(), one) for one in criteria]


@dataclass(frozen=True)
class Chip:
    """One condition of the filter in words, and the address without it."""

    words: str
    url: str


def chips(chosen: Selection, path: str, *more: tuple[str, str]) -> list[Chip]:
    """Every condition with the address that goes without it, in the order of the filter sentence."""
    asked = chosen.filter
    several: tuple[tuple[str, list[tuple[str, Any]]], ...] = (
        ("kinds", [(word, KINDS[word].label) for word in asked.kinds]),
        ("departments", [(unit.code, unit) for unit in chosen.departments]),
        ("within", [(unit.code, _("%(unit)s và trực thuộc") % {"unit": unit}) for unit in chosen.within]),
        ("unit_kinds", [(word, UNIT_KINDS[word].label) for word in asked.unit_kinds]),
        ("unit_groups", [(word, report_group_name(UNIT_GROUPS[word])) for word in asked.unit_groups]),
        ("criteria", [(one.slug, one.label) for one in chosen.criteria]),
        ("solutions", [(str(one.pk), one.name) for one in chosen.solutions]),
        ("documents", [(str(one.pk), one) for one in chosen.documents]),
        ("bylines", [(name, name) for name in asked.bylines if name != NONE]),
        ("tones", [(tone, _("chiều %(tone)s") % {"tone": TONES[tone].label}) for tone in asked.tones]),
    )
    days = {"since": None, "until": None}
    alone: tuple[tuple[Any, Any, dict[str, Any]], ...] = (
        (asked.family, lambda: GROUPS[asked.family].label, {"family": ""}),
        (asked.role == "duoc-nhac", lambda: _("được nhắc đến"), {"role": ""}),
        (asked.role == "tat-ca", lambda: _("cả hai vai trò"), {"role": ""}),
        (asked.structure, lambda: structure_in_words(asked.structure), {"structure": ""}),
        (asked.period, lambda: asked.named_period, {"period": ""}),
        (asked.since or asked.until, chosen.days, days),
    )
    found = [
        Chip(str(words), asked.but(**{name: _without(getattr(asked, name), word)}).url(path, *more))
        for name, values in several
        for word, words in values
    ]
    return [
        *found,
        *(Chip(str(words()), asked.but(**without).url(path, *more)) for wanted, words, without in alone if wanted),
    ]


def structure_in_words(structure: str) -> str:
    """“theo đơn vị tại ngày đăng” for none, “quy về đơn vị hiện nay”, “quy về đơn vị của ngày …”."""
    if not structure:
        return _("theo đơn vị tại ngày đăng")
    if structure == NOW:
        return _("quy về đơn vị hiện nay")
    return _("quy về đơn vị của ngày %(day)s") % {"day": format_day(date.fromisoformat(structure))}


def _without(values: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(value for value in values if value != one)
