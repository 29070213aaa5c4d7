"""The counts of a tally, from one SQL statement: so all its figures show one state of the database.

Every story (or coverage row, where mentions are counted) is read once. Of the rows of one story that stand in the same
line, or in the same column, one is marked; the marks are summed per cell. So distinct totals follow from the cells
alone, and nothing that overlaps is ever added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import F, Q, QuerySet

from column.coverage.filter import KINDS
from column.coverage.selection import Selection
from column.tallies.asked import MENTIONS
from column.tallies.axes import Axis, Layer

#: In place of a value: all of them together, each story once.
WHOLE = ""
#: The slugs of a figure's row, inner line and column.
Cell = tuple[str, str, str]
Figures = dict[Cell, int]

_KINDS = {kind.value: word for word, kind in KINDS.items()}
_NAMES = ("key_row", "key_part", "key_column")


@dataclass(frozen=True)
class Counts:
    """Every figure that is not zero, and the total by kind of story."""

    figures: Mapping[Cell, int]
    kinds: Mapping[str, int]
    #: The same with units replaced by their report groups; only where they were asked for.
    groups: Mapping[Cell, int]


@dataclass(frozen=True)
class _Arm:
    """One SELECT of the statement: places (0 row, 1 inner line, 2 column) grouped by one layer each."""

    table: int
    layers: dict[int, Layer]
    #: The sets of places, besides those that every figure of this arm has, of which distinct numbers are asked.
    marks: list[frozenset[int]]
    #: Places that are in every figure of the arm: their axis is spread over several arms.
    fixed: frozenset[int]
    #: Places of which a story has one value only, so that its figures add up.
    adding: frozenset[int]
    plain: bool


def count(
    chosen: Selection, axes: Sequence[Axis | None], measure: str, *, kinds: bool = True, groups: Axis | None = None
) -> Counts:
    """Count what a selection matches, by the axes of rows, inner lines and columns.

    ``kinds`` asks for the total by kind of story too; ``groups`` is an axis to put in the place of the rows once
    more, for subtotals.
    """
    if chosen.problems:
        return Counts({}, {}, {})
    by_rows = measure == MENTIONS or any(axis and axis.dimension.of_rows for axis in axes)
    tables: list[Sequence[Axis | None]] = [axes]
    tables += [[groups, *axes[1:]]] if groups is not None else []
    statement: list[str] = []
    params: list[Any] = []
    arms = [arm for number, table in enumerate(tables) for arm in _arms(number, table, measure)]
    width = max(len(arm.marks) for arm in arms)
    for number, arm in enumerate(arms):
        try:
            sql, some = _select(number, arm, _base(chosen, axes, by_rows), by_rows, measure, width, kinds=kinds)
        except EmptyResultSet:
            continue  # a condition that nothing can meet
        statement.append(sql)
        params += some
    if not statement:
        return Counts({}, {}, {})
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statement), params)
        rows = cursor.fetchall()
    found = _gathered(rows, arms, len(tables))
    return Counts(found[0], _by_kind(rows, arms) if kinds else {}, found[-1] if groups is not None else {})


def _base(chosen: Selection, axes: Sequence[Axis | None], by_rows: bool) -> QuerySet[Any]:
    found: QuerySet[Any] = chosen.rows() if by_rows else chosen.stories()
    for axis in axes:
        if axis is not None and axis.bounds is not None:
            found = found.filter(**{f"{'story__' if by_rows else ''}issue_date__range": axis.bounds})
    return found


def _adds_up(axis: Axis, measure: str) -> bool:
    dimension = axis.dimension
    return not (dimension.repeats if measure == MENTIONS else dimension.overlaps)


def _arms(table: int, axes: Sequence[Axis | None], measure: str) -> Iterator[_Arm]:
    """An axis of several layers is either in an arm, by one of them, or left out of it."""
    choices: list[list[Layer | None]] = []
    for axis in axes:
        if axis is None:
            choices.append([None])
        elif any(layer.partial for layer in axis.layers):
            choices.append([*axis.layers, None])
        else:
            choices.append(list(axis.layers))
    for picked in product(*choices):
        layers = {place: layer for place, layer in enumerate(picked) if layer is not None}
        kept = {place: axes[place] for place in layers}
        fixed = frozenset(place for place, layer in layers.items() if layer.partial)
        adding = frozenset(
            place for place, axis in kept.items() if axis and place not in fixed and _adds_up(axis, measure)
        )
        free = sorted(layers.keys() - fixed - adding)
        marks = [frozenset(some) for size in range(len(free) + 1) for some in combinations(free, size)]
        plain = not any(layer.joins for layer in layers.values())
        yield _Arm(table, layers, marks, fixed, adding, plain)


def _select(
    number: int, arm: _Arm, base: QuerySet[Any], by_rows: bool, measure: str, width: int, *, kinds: bool
) -> tuple[str, list[Any]]:
    to = "story__" if by_rows else ""
    of_stories = by_rows and measure != MENTIONS
    keys = {_NAMES[place]: layer.make(to) for place, layer in arm.layers.items()}
    inner = base.annotate(**keys)
    for place, layer in arm.layers.items():
        if layer.partial:
            inner = inner.filter(**{f"{_NAMES[place]}__isnull": False})
        elif layer.restricted:
            inner = inner.filter(_known(_NAMES[place], layer))
    counted = F("story_id") if of_stories else F("pk")
    told = kinds and _is_whole(arm)
    beside = {"kind_of": F(f"{to}kind")} if told else {}
    inner = inner.annotate(counted=counted, **beside).order_by().values("counted", *beside, *keys)
    sql, params = inner.query.sql_with_params()
    single = _is_single(arm, of_stories)
    marked, sums = [], []
    for place, some in enumerate(arm.marks):
        parts = ["counted", *(_NAMES[one] for one in sorted(some | arm.fixed))]
        every = some == frozenset(arm.layers) - arm.adding - arm.fixed
        # Two rows of one story in one cell there are none: nothing has to be marked.
        if arm.plain and (not of_stories or (every and single)):
            sums.append("COUNT(*)")
            continue
        marked.append(
            f"CASE WHEN ROW_NUMBER() OVER (PARTITION BY {', '.join(parts)}) = 1 THEN 1 ELSE 0 END AS m{place}"
        )
        sums.append(f"SUM(m{place})")
    # The first mark is each story's (or row's) own; all of them are in the arm that leaves no place out.
    own = "1" if sums[0] == "COUNT(*)" else "m0"
    of_kinds = [f"SUM(CASE WHEN kind_of = '{kind}' THEN {own} ELSE 0 END)" for kind in _KINDS]
    sums += ["0"] * (width - len(sums))
    if kinds:
        sums += of_kinds if told else ["0"] * len(_KINDS)
    names = [name for place, name in enumerate(_NAMES) if place in arm.layers]
    shown = [f"CAST({name} AS varchar(160))" if name in names else "NULL" for name in _NAMES]
    source = f"({sql}) AS r{number}"
    if marked:
        source = f"(SELECT {', '.join([*names, *beside, *marked])} FROM {source}) AS m{number}"  # noqa: S608
    grouped = f" GROUP BY {', '.join(names)}" if names else ""
    return f"SELECT {number}, {', '.join([*shown, *sums])} FROM {source}{grouped}", list(params)  # noqa: S608


def _is_whole(arm: _Arm) -> bool:
    return arm.table == 0 and not arm.fixed


def _by_kind(rows: Iterable[Sequence[Any]], arms: Sequence[_Arm]) -> dict[str, int]:
    whole = {number for number, arm in enumerate(arms) if _is_whole(arm)}
    columns = zip(*(row[-len(_KINDS) :] for row in rows if row[0] in whole), strict=True)
    # A sum over nothing is NULL.
    numbers = {word: int(sum(filter(None, column))) for word, column in zip(_KINDS.values(), columns, strict=False)}
    return {word: number for word, number in numbers.items() if number}


def _is_single(arm: _Arm, of_stories: bool) -> bool:
    """Whether a story is at most once in a cell: its rows of one unit on one criterion are one row."""
    return not of_stories or sum(layer.exact for layer in arm.layers.values()) == 2


def _known(name: str, layer: Layer) -> Q:
    """Only the values that the axis has: a filter by document shows the documents asked for and no others."""
    found = Q(**{f"{name}__in": [raw for raw in layer.slugs if raw is not None]})
    return found | Q(**{f"{name}__isnull": True}) if None in layer.slugs else found


def _gathered(rows: Iterable[Sequence[Any]], arms: Sequence[_Arm], tables: int) -> list[Figures]:
    found: list[Figures] = [{} for _table in range(tables)]
    by_arm: dict[int, list[Sequence[Any]]] = {}
    for row in rows:
        by_arm.setdefault(row[0], []).append(row)
    for number, some in by_arm.items():
        _gather(arms[number], some, found[arms[number].table])
    return found


def _gather(arm: _Arm, rows: Sequence[Sequence[Any]], figures: Figures) -> None:
    slugs = [
        {str(raw) if raw is not None else None: slug for raw, slug in arm.layers[place].slugs.items()}
        if place in arm.layers else {None: WHOLE}
        for place in range(3)
    ]  # fmt: skip
    summed = [frozenset(some) for size in range(len(arm.adding) + 1) for some in combinations(sorted(arm.adding), size)]
    places = [
        (mark + 4, tuple(place not in kept | arm.fixed | some for place in range(3)))
        for mark, kept in enumerate(arm.marks)
        for some in ((arm.adding - left) for left in summed)
    ]
    cells = [(slugs[0][row[1]], slugs[1][row[2]], slugs[2][row[3]]) for row in rows]
    for at, whole in places:
        first, second, third = (WHOLE if one else None for one in whole)
        for (row_key, part, column), row in zip(cells, rows, strict=True):
            if number := row[at]:
                where = (
                    row_key if first is None else first, part if second is None else second,
                    column if third is None else third,
                )  # fmt: skip
                figures[where] = figures.get(where, 0) + int(number)
