"""Two sides in one table: each number with its list, the difference with what it is made of, and shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.coverage.models import Criterion
from column.tallies import dimensions as by
from column.tallies.asked import SLOTS, Asked
from column.tallies.compare.asked import Compared
from column.tallies.shown import Line, Shown
from column.tallies.table import Figure, Tally
from column.text.dates import format_number


@dataclass(frozen=True)
class ComparedLine:
    """One row of both sides. Shares are of each side's distinct total; the total itself, without a key, has none."""

    key: str
    label: str
    first: Figure
    second: Figure
    first_of: int
    second_of: int
    difference_url: str
    criterion: Criterion | None = None

    @property
    def number(self) -> int:
        return self.first.number - self.second.number

    @property
    def difference(self) -> str:
        """“+3”, “−2”, “0”."""
        return signed(self.number)

    @property
    def first_share(self) -> str:
        return _percent(self.first.number, self.first_of) if self.key else ""

    @property
    def second_share(self) -> str:
        return _percent(self.second.number, self.second_of) if self.key else ""

    @property
    def change(self) -> str:
        """Of the second side's number, with its sign; “–” where that is zero: from nothing there is no rate."""
        words = _percent(abs(self.number), self.second.number)
        return words if self.number == 0 or words == _NONE else f"{'+' if self.number > 0 else '−'}{words}"


@dataclass
class Comparison:
    """``problems`` (Vietnamese) leave both sides empty."""

    asked: Compared
    first: Shown
    second: Shown
    lines: list[ComparedLine]
    total: ComparedLine

    @classmethod
    def make(cls, asked: Compared, problems: Sequence[str], *, today: date, at: datetime) -> Comparison:
        """Count both sides (a constant number of queries)."""
        first = Shown(Tally.make(asked.first, problems, today=today, at=at))
        second = Shown(Tally.make(asked.second_asked, problems, today=today, at=at))
        mine, theirs = (
            {one.key: one for one in side.lines(0, side.count) if not one.part_key} for side in (first, second)
        )
        of = (first.totals[0].total.number, second.totals[0].total.number)
        lines = [_line(asked, key, mine.get(key), theirs.get(key), of) for key in _in_order(list(mine), list(theirs))]
        # Nothing on both sides says something only where zeros were asked for.
        if not (asked.first.zeros or asked.first.monitored):
            lines = [one for one in lines if one.first.number or one.second.number]
        if first.tally.chosen.problems or second.tally.chosen.problems:
            lines = []
        total = _line(asked, "", first.totals[0], second.totals[0], of)
        return cls(asked, first, second, lines, total)

    @property
    def notes(self) -> list[str]:
        """What must be said beside both; of lists and stories taken down, each side's own words."""
        return list(dict.fromkeys([*self.first.notes, *self.second.notes]))

    @property
    def problems(self) -> list[str]:
        return list(dict.fromkeys([*self.first.tally.chosen.problems, *self.second.tally.chosen.problems]))


def signed(number: int) -> str:
    if not number:
        return "0"
    return f"{'+' if number > 0 else '−'}{format_number(abs(number))}"


_NONE = "–"


def _percent(part: int, whole: int) -> str:
    return f"{format_number(part * 100 / whole, 1)} %" if whole else _NONE


def _in_order(mine: list[str], theirs: list[str]) -> list[str]:
    """Keys of both, each side's order kept: what only the second has stands after what it follows there."""
    found = list(mine)
    known = set(mine)
    for place, key in enumerate(theirs):
        if key in known:
            continue
        before = theirs[place - 1] if place else None
        found.insert(found.index(before) + 1 if before is not None else 0, key)
        known.add(key)
    return found


def _line(asked: Compared, key: str, mine: Line | None, theirs: Line | None, of: tuple[int, int]) -> ComparedLine:
    one = mine or theirs
    assert one is not None
    first = mine.total if mine else Figure(0)
    second = theirs.total if theirs else Figure(0)
    return ComparedLine(
        key=key, label=one.label, first=first, second=second, first_of=of[0], second_of=of[1],
        difference_url=_within(asked, key, first.url or second.url), criterion=one.criterion,
    )  # fmt: skip


def _within(asked: Compared, key: str, url: str) -> str:
    """The comparison that tells what a difference is made of: both sides narrowed to a row, divided another way."""
    rows = by.CRITERIA.slug if asked.first.rows != by.CRITERIA.slug else by.UNITS.slug
    if asked.first.measure == SLOTS or (key and not url):
        return asked.url()
    if not key:
        return asked.but(rows=rows).url()
    listed = CoverageFilter.parse(QueryDict(url.partition("?")[2]), staff=True)[0]
    narrowing = {
        name: getattr(listed, name)
        for name in _NARROWED.get(asked.first.rows, ())
        if getattr(listed, name) != getattr(asked.first.filter, name)
    }
    return asked.but(rows=rows, **narrowing).url()


#: What the list behind a row's figure says of that row.
_NARROWED = {
    by.UNITS.slug: ("departments", "branch", "lineage"),
    by.UNIT_KINDS.slug: ("unit_kinds", "departments"),
    by.UNIT_GROUPS.slug: ("unit_groups", "departments"),
    by.BRANCHES.slug: ("within", "departments"),
    by.CRITERIA.slug: ("criteria", "family"),
    by.FAMILY.slug: ("family", "criteria"),
    by.SOLUTIONS.slug: ("solutions",),
    by.ROLE.slug: ("role",),
    by.TONE.slug: ("tones",),
    by.DOCUMENTS.slug: ("documents",),
    by.KIND.slug: ("kinds",),
    by.BYLINES.slug: ("bylines",),
}


def sentence(asked: Asked, shown: Shown) -> str:
    """A side in words, with its number: “Tin, bài, đăng trong quý I/2017: 12 tin, bài”."""
    return _("%(filter)s: %(number)s %(unit)s") % {
        "filter": shown.tally.chosen.sentence(),
        "number": format_number(shown.totals[0].total.number),
        "unit": shown.unit_of_count,
    }
