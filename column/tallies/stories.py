"""The stories behind a number, with the rows that made them count. Values, not objects: a file may hold 100,000."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice

from column.coverage.models import Criterion
from column.coverage.selection import Selection
from column.departments.models import Department
from column.enums import CoverageRole, Kind, Tone
from column.stories.models import BylineCredit, ColumnPage, StoryQuerySet

A_CHUNK = 2000
FIELDS = ("pk", "issue_date", "kind", "title", "slug", "path")

StoryValues = tuple[int, date, str, str, str, str]


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One story in words; ``rows`` are its matching coverage rows, units in report order."""

    day: date
    kind: str
    headline: str
    bylines: str
    rows: list[str]
    url: str


class Lines:
    """Turns stories into lines; names and addresses are looked up once for all (three queries)."""

    def __init__(self, chosen: Selection, *, printed: bool) -> None:
        """``printed``: for a file, with whole addresses and without what tells bodies of one name apart on screen."""
        self.chosen = chosen
        self.units = {
            unit.pk: (place, unit.display_name if printed else str(unit))
            for place, unit in enumerate(Department.objects.in_report_order())
        }
        self.criteria = {one.pk: (place, one.label) for place, one in enumerate(Criterion.objects.in_order())}
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
        keys = [story[0] for story in stories]
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

    def _rows(self, stories: list[int]) -> dict[int, list[str]]:
        found: dict[int, list[tuple[int, int, str]]] = {}
        rows = self.chosen.rows().filter(story__in=stories)
        for story, unit, criterion, role, tone in rows.values_list("story", "department", "criterion", "role", "tone"):
            place, name = self.units.get(unit, _LAST)
            order, label = self.criteria.get(criterion, _LAST)
            what = " – ".join(part for part in (name, label) if part)
            how = ", ".join(part for part in (_ROLES[role], _TONES[tone]) if part)
            found.setdefault(story, []).append((place, order, f"{what} ({how})" if how else what))
        return {story: [words for _place, _order, words in sorted(lines)] for story, lines in found.items()}


_LAST = (1 << 30, "")
_KINDS = {kind.value: str(kind.label) for kind in Kind}
#: The usual role and tone go without saying.
_ROLES = {CoverageRole.SUBJECT.value: "", CoverageRole.MENTIONED.value: str(CoverageRole.MENTIONED.label)}
_TONES = {tone.value: str(tone.label) if tone != Tone.UNSET else "" for tone in Tone}


def all_lines(chosen: Selection) -> Iterator[StoryLine]:
    """Every story that a selection counts, oldest first."""
    stories = chosen.stories().order_by("issue_date", "first_published_at", "pk")
    return Lines(chosen, printed=True).of(stories)
