"""The stories and their coverage as they counted at any past moment, replayed from what is only ever added to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice

from django.db.models import Max, Q

from column.coverage.models import CoverageChange
from column.enums import ChangeAction
from column.tallies.states.models import Standing, StoryState
from column.tallies.states.recording import Seen

A_CHUNK = 2000
#: These leave a row as it is.
_SAYS_NOTHING = (ChangeAction.STALE, ChangeAction.CONFIRMED)

#: (unit's code, criterion's slug) → (role, tone)
Rows = dict[tuple[str | None, str | None], tuple[str, str]]


@dataclass(frozen=True, slots=True, order=True)
class Marks:
    """How far the two histories are read: the newest keys that count as known."""

    states: int = 0
    changes: int = 0

    @classmethod
    def newest(cls) -> Marks:
        return cls(_highest(StoryState), _highest(CoverageChange))

    @classmethod
    def at(cls, moment: datetime) -> Marks:
        """All that bears a time up to this moment."""
        return cls(_highest(StoryState, Q(at__lte=moment)), _highest(CoverageChange, Q(changed_at__lte=moment)))


def _highest(model: type[StoryState] | type[CoverageChange], where: Q | None = None) -> int:
    found = model.objects.order_by().filter(where or Q()).aggregate(highest=Max("pk"))["highest"]
    return int(found or 0)


@dataclass(frozen=True, slots=True)
class Known:
    """One story as it counted: what the histories say of it, together."""

    story: int
    number: int
    seen: Seen
    rows: Rows


def counted_at(
    marks: Marks, first: date | None = None, last: date | None = None, kinds: Collection[str] = ()
) -> Iterator[Known]:
    """The stories that counted at these marks, oldest first, with their coverage; narrowed by the story's own values.

    One query, and one for every two thousand stories.
    """
    newest = StoryState.objects.order_by().filter(pk__lte=marks.states)
    states = StoryState.objects.filter(pk__in=newest.values("story").annotate(last=Max("pk")).values("last"))
    states = states.filter(standing=Standing.COUNTED)
    if first:
        states = states.filter(issue_date__gte=first)
    if last:
        states = states.filter(issue_date__lte=last)
    if kinds:
        states = states.filter(kind__in=kinds)
    fields = ("story_id", "number", *Seen._fields)
    values = states.order_by("issue_date", "number").values_list(*fields).iterator(chunk_size=A_CHUNK)
    while chunk := list(islice(values, A_CHUNK)):
        rows = rows_at([line[0] for line in chunk], marks.changes)
        for story, number, *seen in chunk:
            yield Known(story, number, Seen(*seen), rows.get(story, {}))


def rows_at(stories: Collection[int], mark: int) -> dict[int, Rows]:
    """The coverage rows of these stories as of a change (one query)."""
    found: dict[int, Rows] = {}
    changes = CoverageChange.objects.filter(story__in=stories, pk__lte=mark).exclude(action__in=_SAYS_NOTHING)
    for story, before, after in changes.order_by("pk").values_list("story_id", "before", "after").iterator():
        apply(found.setdefault(story, {}), before, after)
    return found


def apply(rows: Rows, before: dict[str, str | None], after: dict[str, str | None]) -> None:
    """Do to the rows what one line of the history says; links to documents stand in the states."""
    said = after or before
    if "document" in said:
        return
    key = said.get("department"), said.get("criterion")
    if after:
        rows[key] = str(after["role"]), str(after["tone"])
    else:
        rows.pop(key, None)


@dataclass(frozen=True, slots=True)
class Event:
    """One change of one story. ``by_name`` is empty for the system; ``via`` says by which way coverage was written."""

    at: datetime
    by_name: str
    after: Known
    via: str = ""

    @property
    def is_coding(self) -> bool:
        return bool(self.via)


@dataclass(frozen=True, slots=True)
class Life:
    """A story from one pair of marks to another: None where it did not exist for readers."""

    before: Known | None
    events: list[Event]

    @property
    def after(self) -> Known | None:
        return self.events[-1].after if self.events else self.before


def lives(numbers: Iterable[int], old: Marks, new: Marks) -> dict[int, Life]:
    """What happened to stories (public numbers) after ``old`` and up to ``new``, in the order of its times.

    What one person did to a story's coverage at one moment is one event. Three queries for every two thousand.
    """
    found: dict[int, Life] = {}
    waiting = iter(sorted(set(numbers)))
    while chunk := list(islice(waiting, A_CHUNK)):
        found.update(_lives(chunk, old, new))
    return found


def _lives(numbers: list[int], old: Marks, new: Marks) -> Iterator[tuple[int, Life]]:
    states: dict[int, list[tuple[int, datetime, str, int, Seen]]] = {}
    keys: dict[int, int] = {}
    known = StoryState.objects.filter(number__in=numbers, pk__lte=new.states).order_by("pk")
    for pk, at, name, story, number, *seen in known.values_list(
        "pk", "at", "by_name", "story_id", "number", *Seen._fields
    ):
        keys[number] = story
        states.setdefault(story, []).append((pk, at, name, number, Seen(*seen)))
    changes: dict[int, list[tuple[int, datetime, str, str, dict[str, str | None], dict[str, str | None]]]] = {}
    told = CoverageChange.objects.filter(story__in=list(states), pk__lte=new.changes).exclude(action__in=_SAYS_NOTHING)
    fields = (
        "story_id", "pk", "changed_at", "changed_by__display_name", "changed_by__last_name", "changed_by__first_name",
        "changed_by__username", "via", "before", "after",
    )  # fmt: skip
    for story, pk, at, shown, family, given, username, via, before, after in told.order_by("pk").values_list(*fields):
        name = shown or f"{family or ''} {given or ''}".strip() or username or ""
        changes.setdefault(story, []).append((pk, at, name, via, before, after))
    for number, story in keys.items():
        yield number, _life(story, states[story], changes.get(story, []), old)


def _life(
    story: int,
    states: list[tuple[int, datetime, str, int, Seen]],
    changes: list[tuple[int, datetime, str, str, dict[str, str | None], dict[str, str | None]]],
    old: Marks,
) -> Life:
    number = states[0][3]
    seen: Seen | None = None
    rows: Rows = {}
    #: By time, but each history in the order of its keys, whatever time its writers gave; of the same moment coverage
    #: first, as the importer writes it.
    later: list[tuple[datetime, int, int]] = []
    latest = datetime.min.replace(tzinfo=UTC)
    for place, (pk, at, _name, _number, state) in enumerate(states):
        if pk <= old.states:
            seen = state
        else:
            latest = max(latest, at)
            later.append((latest, 1, place))
    latest = datetime.min.replace(tzinfo=UTC)
    for place, (pk, at, _name, _via, before, after) in enumerate(changes):
        if pk <= old.changes:
            apply(rows, before, after)
        else:
            latest = max(latest, at)
            later.append((latest, 0, place))
    start = Known(story, number, seen, dict(rows)) if seen is not None else None
    events: list[Event] = []
    last: tuple[datetime, str, str] | None = None
    for _order, is_state, place in sorted(later):
        if is_state:
            _pk, at, name, _number, seen = states[place]
            events.append(Event(at, name, Known(story, number, seen, dict(rows))))
            last = None
            continue
        _pk, at, name, via, before, after = changes[place]
        apply(rows, before, after)
        # Coded before readers had it: the state that brings it carries the coding along.
        if seen is None:
            continue
        event = Event(at, name, Known(story, number, seen, dict(rows)), via or "editor")
        if last == (at, name, via):
            events[-1] = event
        else:
            events.append(event)
        last = at, name, via
    return Life(start, events)
