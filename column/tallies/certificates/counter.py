"""Counting again in plain Python what a tally counted, by what was frozen with it and nothing else.

A story adds a whole number to each cell of a table. A cell is named by the keys of its row, of its inner line and of
its column; ``WHOLE`` stands for all of them together. Figures are sums over stories, so each story's part of any
figure can be told.
"""

from __future__ import annotations

from collections import Counter as Sums
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from column.coverage.filter import GROUPS, KINDS, NONE, ROLES, TONES, CoverageFilter
from column.coverage.periods import OF_DAY
from column.enums import CoverageRole
from column.people.models import byline_key
from column.tallies import dimensions as by
from column.tallies.asked import MENTIONS, Asked
from column.tallies.certificates.addresses import read_address
from column.tallies.certificates.frames import Frame, read_frame
from column.tallies.dimensions import Dimension, dimension_of
from column.tallies.states.history import Known
from column.tallies.states.recording import Seen

WHOLE = ""
Cell = tuple[str, str, str]
#: A coverage row as (unit, criterion, role, tone); None stands for a story that is counted without its rows.
Row = tuple[str | None, str | None, str, str]
Values = Callable[[Seen, Row | None], Sequence[str]]

_KIND_WORDS = {kind.value: word for word, kind in KINDS.items()}
_ROLE_WORDS = {role.value: word for word, role in ROLES.items() if role is not None}
_TONE_WORDS = {tone.value: word for word, tone in TONES.items()}
_GROUP_WORDS = {family.value: word for word, family in GROUPS.items()}


class Counter:
    """What one definition makes of stories, under one frame."""

    whole: Cell = (WHOLE, WHOLE, WHOLE)

    def __init__(self, asked: Asked, frame: Frame) -> None:
        self.asked, self.frame = asked, frame
        self.filter: CoverageFilter = asked.counted
        self.span = self.filter.span
        self.kinds = tuple(KINDS[word].value for word in self.filter.kinds)
        self._by_rows = self.filter.asks_for_coverage
        self._role = ROLES[self.filter.role] if self.filter.role else CoverageRole.SUBJECT
        self._tones = {TONES[tone].value for tone in self.filter.tones}
        self._documents = frozenset(self.filter.documents)
        self._bylines = frozenset(byline_key(name) if name != NONE else NONE for name in self.filter.bylines)
        self._solutions = frozenset(self.filter.solutions)
        self._within = {frame.image(code) for code in self.filter.within}
        self._axes = [self._values(word) for word in (asked.rows, asked.split, asked.columns)]

    @classmethod
    def frozen(cls, address: str, frame: Mapping[str, Any]) -> Counter:
        """As a certificate holds it. ``KeyError`` or ``ValueError`` for what no freezing writes."""
        asked, _problems = read_address(address)
        return cls(asked, read_frame(frame))

    # --- which stories and rows ------------------------------------------------------------------------------------

    def rows_counted(self, known: Known) -> list[Row | None]:
        """The rows of a story that match; ``[None]`` where stories count without rows; none where it does not count."""
        if not self._story_matches(known.seen):
            return []
        if not self._by_rows:
            return [None]
        rows = ((unit, slug, role, tone) for (unit, slug), (role, tone) in known.rows.items())
        return [row for row in rows if self._row_matches(row)]

    def _story_matches(self, seen: Seen) -> bool:
        day, (first, last) = seen.issue_date, self.span
        if day is None or (first and day < first) or (last and day > last):
            return False
        if self.kinds and seen.kind not in self.kinds:
            return False
        return bool(
            self._of_those(map(str, seen.documents), self._documents)
            and self._of_those(map(byline_key, seen.bylines), self._bylines)
        )

    def _row_matches(self, row: Row) -> bool:
        unit, slug, role, tone = row
        asked, frame = self.filter, self.frame
        return (
            (self._role is None or role == self._role)
            and (not self._tones or tone in self._tones)
            and (frame.chosen is None or (unit or NONE) in frame.chosen)
            and (frame.also is None or unit in frame.also)
            and (not asked.criteria or (slug or NONE) in asked.criteria)
            and (not asked.family or (slug is not None and frame.family(slug) == GROUPS[asked.family]))
            and bool(self._of_those(frame.solutions_of(slug), self._solutions))
        )

    # --- what a story adds -----------------------------------------------------------------------------------------

    def cells(self, known: Known) -> Mapping[Cell, int]:
        """What a story adds to each figure; only what is not zero."""
        found: Sums[Cell] = Sums()
        for row in self.rows_counted(known):
            rows, parts, columns = ({WHOLE, *values(known.seen, row)} for values in self._axes)
            places = set(product(rows, parts, columns))
            if self.asked.measure == MENTIONS:
                found.update(places)
            else:
                found.update(dict.fromkeys(places - found.keys(), 1))
        return found

    def adds(self, cell: Cell) -> Callable[[Known | None], int]:
        """What stories add to one figure."""
        mentions = self.asked.measure == MENTIONS
        asked = [(values, key) for values, key in zip(self._axes, cell, strict=True) if key != WHOLE]

        def one(known: Known | None) -> int:
            if known is None:
                return 0
            rows = self.rows_counted(known)
            if asked:
                rows = [row for row in rows if all(key in values(known.seen, row) for values, key in asked)]
            return len(rows) if mentions else min(len(rows), 1)

        return one

    def rows_of(self, known: Known, cell: Cell) -> Iterator[Row]:
        """The rows by which a story is in a cell; all that it has where stories count without their rows."""
        for row in self.rows_counted(known):
            if row is None:
                yield from ((unit, slug, role, tone) for (unit, slug), (role, tone) in known.rows.items())
            elif all(key in (WHOLE, *values(known.seen, row)) for values, key in zip(self._axes, cell, strict=True)):
                yield row

    def counts(self, known: Known) -> bool:
        return bool(self.rows_counted(known))

    def total(self, stories: Iterable[Known]) -> int:
        add = self.adds(self.whole)
        return sum(add(known) for known in stories)

    def figures(self, stories: Iterable[Known]) -> dict[Cell, int]:
        """Every figure that is not zero."""
        found: Sums[Cell] = Sums()
        for known in stories:
            found.update(self.cells(known))
        return dict(found)

    # --- dimensions ------------------------------------------------------------------------------------------------

    def _values(self, word: str) -> Values:
        dimension = dimension_of(word) if word else None
        if dimension is None or dimension == by.TOTAL:
            return lambda _seen, _row: ()
        if dimension.slug in OF_DAY:
            period = OF_DAY[dimension.slug]
            return lambda seen, _row: (period(seen.issue_date).code,) if seen.issue_date else ()
        if dimension.argument:
            return self._cut(word)
        if dimension.of_rows:
            return self._of_rows(dimension)
        return {
            by.KIND.slug: lambda seen, _row: (_KIND_WORDS[seen.kind],),
            by.BYLINES.slug: lambda seen, _row: self._of_those(map(byline_key, seen.bylines), self._bylines),
            by.DOCUMENTS.slug: lambda seen, _row: self._of_those(map(str, seen.documents), self._documents),
        }[dimension.slug]

    @staticmethod
    def _of_those(values: Iterable[str], asked: frozenset[str]) -> tuple[str, ...]:
        """Those of a story's values that are asked for, all where none is; ``NONE`` stands for having no value."""
        own = tuple(dict.fromkeys(values)) or (NONE,)
        return tuple(value for value in own if value in asked) if asked else own

    def _cut(self, word: str) -> Values:
        """Custom periods: those of the frame that a day lies in."""
        periods = self.frame.periods[word]

        def values(seen: Seen, _row: Row | None) -> tuple[str, ...]:
            day = seen.issue_date
            return tuple(key for key, first, last in periods if day is not None and first <= day <= last)

        return values

    def _of_rows(self, dimension: Dimension) -> Values:
        frame = self.frame
        of_row: dict[str, Callable[[Row], Sequence[str]]] = {
            by.UNITS.slug: lambda row: (frame.image(row[0]) if row[0] else NONE,),
            by.UNIT_KINDS.slug: lambda row: (frame.kind_word(row[0]) if row[0] else NONE,),
            by.UNIT_GROUPS.slug: lambda row: (frame.group(row[0]) if row[0] else NONE,),
            by.BRANCHES.slug: lambda row: self._heads(row[0]) if row[0] else (NONE,),
            by.CRITERIA.slug: lambda row: (row[1] or NONE,),
            by.FAMILY.slug: lambda row: (_GROUP_WORDS[frame.family(row[1])] if row[1] else NONE,),
            by.SOLUTIONS.slug: lambda row: self._of_those(frame.solutions_of(row[1]), self._solutions),
            by.ROLE.slug: lambda row: (_ROLE_WORDS[row[2]],),
            by.TONE.slug: lambda row: (_TONE_WORDS[row[3]],),
        }
        one = of_row[dimension.slug]
        return lambda _seen, row: one(row) if row is not None else ()

    def _heads(self, code: str) -> tuple[str, ...]:
        """The units in whose branch a unit is; only those within the branch that the filter asks for."""
        way = self.frame.above(code)
        if not self._within:
            return way
        return tuple(head for head in way if self._within.intersection(self.frame.above(head)))
