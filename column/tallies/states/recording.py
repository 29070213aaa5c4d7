"""Writing what counts of stories, inside the transaction of every change that the rooms announce."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, PageViewRestriction

from column.coverage.models import StoryDocument
from column.inserting import insert_rows
from column.signals import stories_changed
from column.stories.models import BylineCredit, Story
from column.tallies.states.models import Standing, StoryState

A_CHUNK = 1000


class Seen(NamedTuple):
    """What a state holds of a story."""

    standing: str
    issue_date: date | None
    kind: str
    title: str
    bylines: list[str]
    documents: list[int]

    def counts_as(self, other: Seen) -> bool:
        """Whether no tally can tell the two apart: of a story that does not count, only why matters."""
        return self == other or (self.standing == other.standing != Standing.COUNTED)


def connect() -> None:
    """Called once, when the application is ready."""
    stories_changed.connect(_on_stories_changed, dispatch_uid="tallies.states")


def _on_stories_changed(ids: Collection[int], **kwargs: Any) -> None:
    write(ids)


@transaction.atomic
def write(stories: Iterable[int]) -> int:
    """Add a state for each of these stories that counts otherwise than its newest state says; how many.

    The stories' rows are locked, in the house's order: of two transactions about one story the later one sees what
    the earlier one did. Six queries for every thousand stories.
    """
    written = 0
    for chunk in _chunks(sorted(set(stories))):
        written += _write(chunk)
    return written


def _write(chunk: list[int]) -> int:
    list(Page.objects.select_for_update().filter(pk__in=chunk).order_by("pk").values_list("pk"))
    newest = newest_states(chunk)
    present = read(chunk)
    by = get_active_log_context().user
    name = by.get_full_name()[:150] if by is not None else ""
    now = timezone.now()
    fresh: list[StoryState] = []
    for story in chunk:
        known = newest.get(story)
        number, seen = present.get(story) or _gone(known)
        if seen is None or (known is None and seen.standing != Standing.COUNTED):
            continue  # readers never had it
        if known is None or not known[1].counts_as(seen):
            fresh.append(StoryState(story_id=story, number=number, at=now, by=by, by_name=name, **seen._asdict()))
    insert_rows(StoryState, fresh)
    return len(fresh)


def _gone(known: tuple[int, Seen] | None) -> tuple[int, Seen | None]:
    """What is said of a story whose row is deleted: what was known, and that."""
    return (known[0], known[1]._replace(standing=Standing.DELETED)) if known else (0, None)


def newest_states(stories: Collection[int], until: int | None = None) -> dict[int, tuple[int, Seen]]:
    """The stories' newest states as (number, what was seen); ``until``: those up to this key (one query)."""
    rows = StoryState.objects.order_by().filter(story__in=stories)
    if until is not None:
        rows = rows.filter(pk__lte=until)
    last = rows.values("story").annotate(last=Max("pk")).values("last")
    found = StoryState.objects.order_by().filter(pk__in=last)
    return {
        story: (number, Seen(*seen)) for story, number, *seen in found.values_list("story_id", "number", *Seen._fields)
    }


def read(stories: Collection[int]) -> dict[int, tuple[int, Seen]]:
    """The stories as they are now: public number, and what a tally sees of them (four queries)."""
    # By keys: joined, SQLite walks every page to find the few.
    pages = Page.objects.order_by().filter(pk__in=PageViewRestriction.objects.order_by().values("page"))
    private = tuple(pages.values_list("path", flat=True))
    bylines: dict[int, dict[str, None]] = {}
    printed = BylineCredit.objects.filter(story__in=stories).order_by("story", "sort_order", "pk")
    for story, name in printed.values_list("story_id", "byline__name"):
        bylines.setdefault(story, {})[name] = None
    documents: dict[int, list[int]] = {}
    links = StoryDocument.objects.filter(story__in=stories).order_by("story", "document")
    for story, document in links.values_list("story_id", "document_id"):
        documents.setdefault(story, []).append(document)
    rows = Story.objects.order_by().filter(pk__in=stories)
    fields = ("pk", "public_id", "live", "taken_down_at", "path", "issue_date", "kind", "title")
    found: dict[int, tuple[int, Seen]] = {}
    for story, number, live, down, path, day, kind, title in rows.values_list(*fields):
        if not live:
            standing = Standing.TAKEN_DOWN if down else Standing.UNPUBLISHED
        elif private and path.startswith(private):
            standing = Standing.RESTRICTED
        else:
            standing = Standing.COUNTED if day else Standing.UNDATED
        # Plain texts: many of them are written at once.
        names = list(bylines.get(story, ()))
        found[story] = number, Seen(standing.value, day, kind, title, names, documents.get(story, []))
    return found


def _chunks(stories: list[int]) -> Iterator[list[int]]:
    waiting = iter(stories)
    while chunk := list(islice(waiting, A_CHUNK)):
        yield chunk
