"""Dimensions bound to the database: what SQL groups by, which values there are, and the filter of one value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from column.coverage.filter import GROUPS, KINDS, NONE, ROLES, TONES, UNIT_KINDS, CoverageFilter
from column.coverage.models import Criterion, Document, SolutionGroup
from column.coverage.periods import Period
from column.coverage.selection import Selection
from column.departments.rules import report_group_name
from column.people.models import Byline
from column.tallies import dimensions as by
from column.tallies.dimensions import Dimension
from column.tallies.keys import ITSELF, Mapped, PlaceOfDay
from column.tallies.times import narrowed
from column.tallies.units import Unit, Units

Raw = int | str | None


@dataclass(frozen=True)
class Value:
    """One value of a dimension: a line, a column or an inner line of a table.

    ``slug`` is what programs and certificates know it by: a unit's code, a criterion's slug, ``2017-Q1``; ``NONE`` for
    what has none. ``printed`` never tells bodies of one name apart, ``label`` (on screen) does, ``note`` does in the
    margin. ``group`` is the number of a unit's report group.
    """

    slug: str
    label: str
    printed: str = ""
    note: str = ""
    group: int | None = None
    #: The department, criterion or document, where there is one.
    about: Any = None
    period: Period | None = None

    @property
    def display_name(self) -> str:
        return self.printed or self.label

    def __str__(self) -> str:
        return self.label

    # --- the names that a department, a criterion or a period has ------------------------------------------------

    @property
    def code(self) -> str:
        return self.slug

    @property
    def lifetime(self) -> str:
        return self.note


@dataclass(frozen=True)
class Layer:
    """One way to group: an expression over coverage rows (``to`` is ``story__``) or stories (empty).

    A ``partial`` layer leaves out rows for which its key is NULL: other layers hold them. ``joins`` when it may
    repeat a row, so that rows must be told apart.
    """

    make: Callable[[str], Any]
    slugs: Mapping[Raw, str]
    partial: bool = False
    joins: bool = False
    #: Only the values in ``slugs``, though the stories may have others.
    restricted: bool = False
    #: The key itself, for which a story has at most one row together with another exact one.
    exact: bool = False


@dataclass
class Axis:
    """A dimension under one selection. ``values`` are in order, all that could be shown."""

    dimension: Dimension
    layers: list[Layer]
    values: list[Value]
    narrow: Callable[[CoverageFilter, Value], CoverageFilter]
    #: Values with a line even when nothing is in them.
    always: frozenset[str] = frozenset()
    #: The days outside which nothing is counted, where the cut was made from the data.
    bounds: tuple[date, date] | None = None
    slugs: frozenset[str] = field(default_factory=frozenset)

    def shown(self, counted: Iterable[str]) -> list[Value]:
        """The values with a line: those that count something, and those that always have one."""
        some = set(counted) | self.always
        return [value for value in self.values if value.slug in some]


def _value(unit: Unit) -> Value:
    return Value(unit.code, unit.on_screen, unit.display_name, unit.lifetime, group=unit.report_group, about=unit)


def _no_unit() -> Value:
    return Value(NONE, _("Không nêu đơn vị"))


def units_axis(units: Units, always: Iterable[str] = ()) -> Axis:
    images: dict[int, int | str | None] = {pk: units.image(pk) for pk in units.of}
    exact = all(pk == image for pk, image in images.items())
    slugs: dict[Raw, str] = {pk: unit.code for pk, unit in units.of.items()} | {None: NONE}

    def make(_to: str) -> Any:
        if exact:
            return F("department")
        return Mapped("department", {pk: ITSELF if pk == image else image for pk, image in images.items()})

    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        return asked.but(departments=(value.slug,), branch=False, lineage=False)

    values = [_value(unit) for unit in units.all]
    return Axis(by.UNITS, [Layer(make, slugs, exact=exact)], [*values, _no_unit()], narrow, always=frozenset(always))


def unit_kinds_axis(units: Units) -> Axis:
    words = {kind.value: word for word, kind in UNIT_KINDS.items()}
    places = {kind: place for place, kind in enumerate(words)}
    mapping: dict[int, int | str | None] = {pk: places[units.of[units.image(pk)].kind] for pk in units.of}
    slugs: dict[Raw, str] = {place: words[kind] for kind, place in places.items()} | {None: NONE}

    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        return _of_units(asked, value, unit_kinds=(value.slug,))

    values = [Value(word, str(kind.label)) for word, kind in UNIT_KINDS.items()]
    return Axis(by.UNIT_KINDS, [Layer(lambda _to: Mapped("department", mapping), slugs)], [*values, _no_unit()], narrow)


def unit_groups_axis(units: Units) -> Axis:
    mapping: dict[int, int | str | None] = {pk: units.of[units.image(pk)].report_group for pk in units.of}
    groups = sorted({unit.report_group for unit in units.all})
    slugs: dict[Raw, str] = {None: NONE, **{group: str(group) for group in groups}}

    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        return _of_units(asked, value, unit_groups=(value.slug,))

    values = [Value(str(group), report_group_name(group), group=group) for group in groups]
    return Axis(
        by.UNIT_GROUPS, [Layer(lambda _to: Mapped("department", mapping), slugs)], [*values, _no_unit()], narrow
    )


def _of_units(asked: CoverageFilter, value: Value, **condition: tuple[str, ...]) -> CoverageFilter:
    """Narrowed by a condition on the unit; rows without a unit are asked for as such."""
    if value.slug == NONE:
        return asked.but(departments=(NONE,), branch=False, lineage=False)
    return asked.but(**condition)


def branches_axis(units: Units, asked: CoverageFilter) -> Axis:
    """Every unit with all below it: one layer a depth, so that no layer holds a unit under two heads."""
    depth = {pk: len(units.above(pk)) for pk in units.of}
    ways = {pk: list(reversed(units.above(pk))) for pk in units.of}
    heads = set(units.of)
    if asked.within:
        wanted = {units.image(unit.pk) for unit in units.all if unit.code in asked.within}
        heads = {pk for pk in heads if wanted.intersection(units.above(pk))}
    slugs: dict[Raw, str] = {0: NONE, **{pk: unit.code for pk, unit in units.of.items()}}
    layers: list[Layer] = []
    for level in range(max(depth.values(), default=0)):
        mapping: dict[int, int | str | None] = {
            pk: way[level] if level < len(way) and way[level] in heads else None for pk, way in ways.items()
        }
        if any(mapping.values()):
            layers.append(Layer(_mapped("department", mapping, 0 if not layers else None), slugs, partial=True))

    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        return _of_units(asked, value, within=(value.slug,))

    values = [_value(unit) for unit in units.all]
    return Axis(by.BRANCHES, layers, [*values, _no_unit()], narrow)


def _mapped(column: str, mapping: Mapping[int, int | str | None], absent: int | None) -> Callable[[str], Any]:
    return lambda _to: Mapped(column, mapping, absent)


def criteria_axis(criteria: Sequence[Criterion], asked: CoverageFilter) -> Axis:
    """In the documents' order; those in use in the span have a column even when nothing is in it."""
    first, last = asked.span
    always = set()
    for one in criteria:
        book = one.group.codebook
        in_use = (last is None or book.in_use_from is None or book.in_use_from <= last) and (
            first is None or book.in_use_to is None or book.in_use_to >= first
        )
        wanted = (not asked.criteria or one.slug in asked.criteria) and (
            not asked.family or one.family == GROUPS[asked.family]
        )
        if in_use and wanted:
            always.add(one.slug)
    slugs: dict[Raw, str] = {one.pk: one.slug for one in criteria} | {None: NONE}

    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        return asked.but(criteria=(value.slug,), family="")

    values = [Value(one.slug, one.label, about=one) for one in criteria]
    return Axis(
        by.CRITERIA, [Layer(lambda _to: F("criterion"), slugs, exact=True)],
        [*values, Value(NONE, _("Chưa nêu tiêu chí"))], narrow, always=frozenset(always),
    )  # fmt: skip


def family_axis(criteria: Sequence[Criterion]) -> Axis:
    words = {family.value: word for word, family in GROUPS.items()}
    places = {family: place for place, family in enumerate(words)}
    mapping: dict[int, int | str | None] = {one.pk: places[one.family] for one in criteria}
    slugs: dict[Raw, str] = {place: words[family] for family, place in places.items()} | {None: NONE}

    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        return asked.but(criteria=(NONE,)) if value.slug == NONE else asked.but(family=value.slug)

    values = [Value(word, str(family.label)) for word, family in GROUPS.items()]
    none = Value(NONE, _("Chưa nêu tiêu chí"))
    return Axis(by.FAMILY, [Layer(lambda _to: Mapped("criterion", mapping), slugs)], [*values, none], narrow)


def solutions_axis(criteria: Sequence[Criterion], asked: CoverageFilter) -> Axis:
    """A criterion may belong to several groups: as many layers as it takes to hold each group once."""
    groups = list(SolutionGroup.objects.order_by("codebook", "order", "pk"))
    offered: dict[int, list[int]] = {one.pk: [] for one in groups}
    for group, criterion in SolutionGroup.criteria.through.objects.values_list("solutiongroup", "criterion"):
        offered[group].append(criterion)
    shown = [one for one in groups if not asked.solutions or str(one.pk) in asked.solutions]
    with_none = not asked.solutions or NONE in asked.solutions
    placed: list[dict[int, int | str | None]] = []
    for one in shown:
        members = offered[one.pk]
        layer = next((layer for layer in placed if not any(layer.get(key) for key in members)), None)
        if layer is None:
            layer = {criterion.pk: None for criterion in criteria}
            placed.append(layer)
        layer.update(dict.fromkeys(members, one.pk))
    slugs: dict[Raw, str] = {0: NONE, **{one.pk: str(one.pk) for one in groups}}
    layers = [Layer(_mapped("criterion", layer, None), slugs, partial=True) for layer in placed]
    if with_none:
        inside = {key for members in offered.values() for key in members}
        none: dict[int, int | str | None] = {one.pk: None if one.pk in inside else 0 for one in criteria}
        layers.append(Layer(_mapped("criterion", none, 0), slugs, partial=True))

    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        return asked.but(solutions=(value.slug,))

    values = [Value(str(one.pk), one.name, about=one) for one in shown]
    return Axis(by.SOLUTIONS, layers, [*values, Value(NONE, _("Không thuộc nhóm giải pháp nào"))], narrow)


def documents_axis(asked: CoverageFilter) -> Axis:
    documents = [one for one in Document.objects.all() if not asked.documents or str(one.pk) in asked.documents]
    slugs: dict[Raw, str] = {one.pk: str(one.pk) for one in documents}
    if not asked.documents or NONE in asked.documents:
        slugs[None] = NONE

    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        return asked.but(documents=(value.slug,))

    values = [Value(str(one.pk), str(one), about=one) for one in documents]
    layer = Layer(lambda to: F(f"{to}document_links__document"), slugs, joins=True, restricted=bool(asked.documents))
    return Axis(by.DOCUMENTS, [layer], [*values, Value(NONE, _("Chưa gắn văn bản"))], narrow)


def bylines_axis(chosen: Selection) -> Axis:
    asked = chosen.filter
    bylines = chosen.bylines if asked.bylines else list(Byline.objects.order_by("sort_key"))
    slugs: dict[Raw, str] = {one.pk: one.match_key for one in bylines}
    if not asked.bylines or NONE in asked.bylines:
        slugs[None] = NONE

    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        return asked.but(bylines=(value.about.name if value.about else NONE,))

    values = [Value(one.match_key, one.name, about=one) for one in sorted(bylines, key=lambda one: one.sort_key)]
    layer = Layer(lambda to: F(f"{to}byline_credits__byline"), slugs, joins=True, restricted=bool(asked.bylines))
    return Axis(by.BYLINES, [layer], [*values, Value(NONE, _("Không ghi bút danh"))], narrow)


def kinds_axis() -> Axis:
    slugs: dict[Raw, str] = {kind.value: word for word, kind in KINDS.items()}

    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        return asked.but(kinds=(value.slug,))

    values = [Value(word, str(kind.label)) for word, kind in KINDS.items()]
    return Axis(by.KIND, [Layer(lambda to: F(f"{to}kind"), slugs)], values, narrow)


def roles_axis() -> Axis:
    known = {word: role for word, role in ROLES.items() if role is not None}

    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        return asked.but(role=value.slug)

    values = [Value(word, _sentence_case(role.label)) for word, role in known.items()]
    slugs: dict[Raw, str] = {role.value: word for word, role in known.items()}
    return Axis(by.ROLE, [Layer(lambda _to: F("role"), slugs)], values, narrow)


def tones_axis() -> Axis:
    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        return asked.but(tones=(value.slug,))

    values = [Value(word, _sentence_case(tone.label)) for word, tone in TONES.items()]
    slugs: dict[Raw, str] = {tone.value: word for word, tone in TONES.items()}
    return Axis(by.TONE, [Layer(lambda _to: F("tone"), slugs)], values, narrow)


def times_axis(dimension: Dimension, periods: Sequence[Period], today: date, bounds: tuple[date, date] | None) -> Axis:
    """Contiguous periods. Which of them have a line is decided by ``column.tallies.rules.periods_shown``."""

    def narrow(asked: CoverageFilter, value: Value) -> CoverageFilter:
        assert value.period is not None
        return narrowed(asked, value.period, today)

    slugs: dict[Raw, str] = {place: period.code for place, period in enumerate(periods)}
    starts = [period.first for period in periods]
    values = [Value(one.code, one.label, period=one) for one in periods]
    layer = Layer(lambda to: PlaceOfDay(f"{to}issue_date", starts), slugs)
    return Axis(dimension, [layer], values, narrow, bounds=bounds)


def _sentence_case(words: Any) -> str:
    text = str(words)
    return text[:1].upper() + text[1:]
