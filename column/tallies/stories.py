"""The stories behind a number, with the rows that made them count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from column.coverage.models import Coverage
from column.coverage.selection import Selection
from column.departments.models import Department
from column.enums import CoverageRole, Tone
from column.stories.models import Story

A_CHUNK = 1000


@dataclass(frozen=True)
class RowWords:
    """A coverage row in words; ``role`` and ``tone`` are empty where they are the usual ones."""

    unit: str
    criterion: str
    role: str
    tone: str

    def __str__(self) -> str:
        what = " – ".join(part for part in (self.unit, self.criterion) if part)
        how = ", ".join(part for part in (self.role, self.tone) if part)
        return f"{what} ({how})" if how else what


@dataclass(frozen=True)
class StoryLine:
    story: Story
    rows: list[RowWords]

    @property
    def day(self) -> date | None:
        day: date | None = self.story.issue_date
        return day

    @property
    def kind(self) -> str:
        return str(self.story.get_kind_display())

    @property
    def bylines(self) -> str:
        return ", ".join(credit.byline.name for credit in self.story.byline_credits.all())


def lines_of(chosen: Selection, stories: Iterable[Story], *, printed: bool = False) -> list[StoryLine]:
    """Some stories with their matching rows (one query); ``printed`` leaves disambiguations out."""
    found = list(stories)
    rows = (
        chosen.rows()
        .filter(story__in=[story.pk for story in found])
        .select_related("department", "criterion__group")
        .order_by(
            "department__report_group", "department__sort_key", "criterion__group__order", "criterion__order", "pk"
        )
    )
    by_story: dict[int, list[RowWords]] = {}
    for row in rows:
        by_story.setdefault(row.story_id, []).append(_words(row, printed))
    return [StoryLine(story, by_story.get(story.pk, [])) for story in found]


def all_lines(chosen: Selection) -> Iterator[StoryLine]:
    """Every story that a selection counts, oldest first, read in chunks."""
    stories = (
        chosen.stories()
        .order_by("issue_date", "first_published_at", "pk")
        .defer("body")
        .prefetch_related("byline_credits__byline")
    )
    chunk: list[Story] = []
    for story in stories.iterator(chunk_size=A_CHUNK):
        chunk.append(story)
        if len(chunk) == A_CHUNK:
            yield from lines_of(chosen, chunk, printed=True)
            chunk = []
    yield from lines_of(chosen, chunk, printed=True)


def _words(row: Coverage, printed: bool) -> RowWords:
    unit: Department | None = row.department
    return RowWords(
        unit="" if unit is None else unit.display_name if printed else str(unit),
        criterion=row.criterion.label if row.criterion else "",
        role="" if row.role == CoverageRole.SUBJECT else str(row.get_role_display()),
        tone="" if row.tone == Tone.UNSET else str(row.get_tone_display()),
    )
