"""What happened to a story's coverage, in the log that Wagtail shows as the page's history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from wagtail.models import PageLogEntry

from column.coverage.models import CoverageChange
from column.inserting import insert_values
from column.stories.models import Story

if TYPE_CHECKING:
    from column.coverage.recording.rows import Names

CODED = "column.coverage.coded"
#: More are told as a number.
MOST_LINES = 20


def tell_log(lines: Iterable[CoverageChange], names: Names) -> None:
    """One entry a story for these lines of history (two queries, whatever their number)."""
    told: dict[int, list[CoverageChange]] = {}
    for line in lines:
        told.setdefault(line.story_id, []).append(line)
    stories = Story.objects.order_by().filter(pk__in=told).values_list("pk", "content_type", "draft_title", "title")
    insert_values(
        PageLogEntry,
        ("page_id", "content_type_id", "label", "user_id", "timestamp", "data"),
        (
            (pk, kind, draft_title or title, told[pk][0].changed_by_id, told[pk][0].changed_at, _data(told[pk], names))
            for pk, kind, draft_title, title in stories
        ),
        action=CODED,
    )


def _data(lines: list[CoverageChange], names: Names) -> dict[str, Any]:
    shown = [[str(line.action), names.spoken(line.after or line.before)] for line in lines[:MOST_LINES]]
    return {"via": lines[0].via, "lines": shown, "more": len(lines) - len(shown)}
