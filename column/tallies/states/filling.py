"""States of what is there already: after an upgrade, and to see that the history tells the present."""

from __future__ import annotations

from collections.abc import Iterator

from column.stories.models import Story
from column.tallies.states.models import Standing, StoryState
from column.tallies.states.recording import A_CHUNK, newest_states, read, write


def fill_when_empty() -> None:
    """A database from before the history begins it now; one that has a history is left alone."""
    if not StoryState.objects.exists():
        for _done in fill():
            pass


def fill() -> Iterator[int]:
    """Write what the newest states do not say yet, a thousand stories a transaction; yields how many were looked at.

    Whoever changed the database behind the program's back is found here: the rows bear no name.
    """
    for done, chunk in _chunks():
        write(chunk)
        yield done


def wrong() -> Iterator[tuple[int, int]]:
    """(public number, key) of every story whose newest state is not what it is now; nothing is written."""
    for _done, chunk in _chunks():
        known, present = newest_states(chunk), read(chunk)
        for story in chunk:
            now = present.get(story)
            if now is None or (story not in known and now[1].standing != Standing.COUNTED):
                continue
            told = known.get(story)
            if told is None or told[0] != now[0] or not told[1].counts_as(now[1]):
                yield now[0], story


def _chunks() -> Iterator[tuple[int, list[int]]]:
    done, last = 0, 0
    while True:
        keys = Story.objects.order_by("pk").filter(pk__gt=last).values_list("pk", flat=True)
        chunk = list(keys[:A_CHUNK])
        if not chunk:
            return
        done, last = done + len(chunk), chunk[-1]
        yield done, chunk
