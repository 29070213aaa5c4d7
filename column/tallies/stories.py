"""The stories behind a number, with the rows that made them count. Values, not objects: a file may hold 100,000."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Count
from django.db.models.expressions import RawSQL

from column.coverage.models import Criterion
from column.coverage.selection import Selection
from column.departments.models import Department
from column.enums import CoverageRole, Kind, Tone
from column.stories.models import BylineCredit, ColumnPage, StoryQuerySet

A_CHUNK = 2000
FIELDS = ("pk", "issue_date", "kind", "title", "slug", "path")

#: Where a unit or a criterion stands among the others.
Place = tuple[Any, ...]
#: A row's unit, criterion, role and tone; and its place among the rows of its story, with its words.
Coded = tuple[int | None, int | None, str, str]
Said = tuple[Place, Place, str]
#: After all of them, what names none.
_NOWHERE: tuple[Place, str] = ((1 << 30,), "")
StoryValues = tuple[int, date, str, str, str, str]


class StoryLine(NamedTuple):
    """One story in words; ``rows`` are its matching coverage rows, units in report order."""

    day: date
    kind: str
    headline: str
    bylines: str
    rows: list[str]
    url: str


class Lines:
    """Turns stories into lines; a name is looked up once for all that bear it."""

    def __init__(self, chosen: Selection, *, printed: bool) -> None:
        """``printed``: for a file, with whole addresses and without what tells bodies of one name apart on screen."""
        self.chosen, self.printed = chosen, printed
        #: By key: the place in report order, and the name. Those that the filter asks for are known already.
        self._units = {unit.pk: self._unit(unit) for unit in chosen.departments}
        self._criteria = {one.pk: ((at,), one.label) for at, one in enumerate(chosen.criteria)}
        self._said: dict[Coded, Said] = {}
        self.columns = {
            column.path: (column.full_url if printed else column.url) or "" for column in ColumnPage.objects.all()
        }

    def of(self, stories: StoryQuerySet) -> Iterator[StoryLine]:
        """The lines of an ordered query set, read in chunks (two more queries each)."""
        values = stories.values_list(*FIELDS).iterator(chunk_size=A_CHUNK)
        while chunk := list(islice(values, A_CHUNK)):
            yield from self._chunk(chunk)

    def page(self, stories: Iterable[StoryValues]) -> list[StoryLine]:
        """The lines of one page, whose stories were read with ``values_list(*FIELDS)``."""
        return list(self._chunk(list(stories)))

    def _chunk(self, stories: list[StoryValues]) -> Iterator[StoryLine]:
        # Numbers of ours, written out: two thousand parameters cost more than the rows that they find.
        keys = RawSQL(", ".join(str(int(story[0])) for story in stories) or "NULL", ())  # noqa: S611
        rows = self._rows(keys)
        bylines: dict[int, list[str]] = {}
        named = BylineCredit.objects.filter(story__in=keys).order_by("story", "sort_order", "pk")
        for story, name in named.values_list("story", "byline__name"):
            bylines.setdefault(story, []).append(name)
        for key, day, kind, title, slug, path in stories:
            parent = self.columns.get(path[:-4])  # treebeard's steps are four characters
            yield StoryLine(
                day=day,
                kind=_KINDS[kind],
                headline=title,
                bylines=", ".join(dict.fromkeys(bylines.get(key, ()))),
                rows=rows.get(key, []),
                url=f"{parent}{slug}/" if parent else "",
            )

    def _rows(self, stories: RawSQL) -> dict[int, list[str]]:
        rows = self.chosen.rows_of(stories)
        unsaid: dict[int, list[Coded]] = {}
        said = self._said
        for story, unit, slug, role, tone in rows.values_list("story", "department", "criterion", "role", "tone"):
            unsaid.setdefault(story, []).append((unit, slug, role, tone))
        new = {one for some in unsaid.values() for one in some} - said.keys()
        self._learn({unit for unit, *_others in new if unit}, {one for _unit, one, *_others in new if one})
        said |= {one: self._words(*one) for one in new}
        return {story: [said[one][-1] for one in sorted(some, key=said.__getitem__)] for story, some in unsaid.items()}

    def _words(self, unit: int | None, criterion: int | None, role: str, tone: str) -> Said:
        place, name = self._units[unit] if unit else _NOWHERE
        order, label = self._criteria[criterion] if criterion else _NOWHERE
        what = " – ".join(part for part in (name, label) if part)
        how = ", ".join(part for part in (_ROLES[role], _TONES[tone]) if part)
        return place, order, f"{what} ({how})" if how else what

    def _learn(self, units: set[int], criteria: set[int]) -> None:
        """Look up names that are not known yet (at most two queries)."""
        if unknown := units - self._units.keys():
            found = Department.objects.filter(pk__in=unknown).order_by()
            self._units |= {unit.pk: self._unit(unit) for unit in found}
        if criteria - self._criteria.keys():
            # All of them: their order is that of several tables.
            self._criteria = {one.pk: ((at,), one.label) for at, one in enumerate(Criterion.objects.in_order())}

    def _unit(self, unit: Department) -> tuple[Place, str]:
        return (unit.report_group, unit.sort_key, unit.code), unit.display_name if self.printed else str(unit)


_KINDS = {kind.value: str(kind.label) for kind in Kind}
#: The usual role and tone go without saying.
_ROLES = {CoverageRole.SUBJECT.value: "", CoverageRole.MENTIONED.value: str(CoverageRole.MENTIONED.label)}
_TONES = {tone.value: str(tone.label) if tone != Tone.UNSET else "" for tone in Tone}


def listed(chosen: Selection) -> tuple[int, int]:
    """How many stories a list has, and how many mentions."""
    rows = chosen.rows()
    if not chosen.filter.asks_for_coverage:
        return chosen.stories().count(), rows.count()
    # Every story of the list has such a row: one reading tells both.
    both = rows.aggregate(stories=Count("story", distinct=True), mentions=Count("pk"))
    return both["stories"], both["mentions"]


def all_lines(chosen: Selection) -> Iterator[StoryLine]:
    """Every story that a selection counts, oldest first."""
    stories = chosen.stories().order_by("issue_date", "first_published_at", "pk")
    return Lines(chosen, printed=True).of(stories)
