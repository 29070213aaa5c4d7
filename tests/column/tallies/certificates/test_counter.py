"""The second implementation held against the other two: random worlds, random questions, the same figures.

``Counter`` counts from a frame and from stories as the histories know them, ``counting`` from the tables,
``tests.column.tallies.brute`` from the contract alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given, settings

from column.coverage.filter import CoverageFilter
from column.coverage.models import Coverage
from column.departments.models import Department
from column.tallies.asked import Asked
from column.tallies.certificates.counter import WHOLE, Counter
from column.tallies.certificates.tables import frame_of
from column.tallies.states.history import Known
from column.tallies.states.models import Standing
from column.tallies.states.recording import Seen
from column.tallies.table import Tally
from tests.column.tallies import brute
from tests.column.tallies.brute import Question, World
from tests.column.tallies.test_any_layout import BYLINES, SETTINGS, TODAY, Place, lay_out, questions, worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def place() -> Place:
    return Place()


def known(place: Place, world: World) -> Iterator[Known]:
    """The stories that count, as the histories would tell them."""
    names = {name.casefold(): name for name in BYLINES}
    for fact, story in zip(world.facts, place.stories, strict=True):
        if fact.seen:
            documents = [place.documents[int(one)].pk for one in fact.documents]
            bylines = [names[name] for name in fact.bylines]
            seen = Seen(Standing.COUNTED, fact.day, fact.kind, story.title, bylines, documents)
            rows = {(row.unit, row.criterion): (row.role, row.tone) for row in fact.rows}
            yield Known(story.pk, story.public_id, seen, rows)


def counter_of(asked: Asked, tally: Tally) -> Counter:
    """As a certificate holds it: its address, and its frame as JSON."""
    frame: dict[str, Any] = json.loads(json.dumps(frame_of(asked, tally, TODAY)))
    return Counter.frozen(asked.url(), frame)


@settings(max_examples=60, **SETTINGS)
@given(given_world=worlds, question=questions())
def test_counted_thrice_the_same(place: Place, given_world: Any, question: Question) -> None:
    world, tally = lay_out(place, given_world, question)
    counter = counter_of(place.asked(question), tally)
    listed = list(known(place, world))
    figures = counter.figures(listed)
    assert figures == place.named(brute.figures(world, place.plain(question, tally)), question)
    assert figures == dict(tally.counts)
    assert counter.total(listed) == figures.get(counter.whole, 0)
    # What one story adds to one figure, by which a difference is explained, adds up to the figure.
    for cell in islice(sorted(figures), 40):
        add = counter.adds(cell)
        assert sum(map(add, listed)) == figures[cell]
        # And a story is shown with the rows by which it counts.
        if counter.filter.asks_for_coverage:
            rows = [len(list(counter.rows_of(one, cell))) for one in listed if add(one)]
            assert all(rows)
            assert sum(rows) == figures[cell] or not question.mentions


def test_what_is_asked_of_a_unit_is_frozen_where_another_record_is_its_duplicate(place: Place) -> None:
    """Whatever conditions on units a filter has, its frame names the duplicates."""
    own, same = place.units["a"], place.units["b"]
    Department.objects.filter(pk=same.pk).update(merged_into=own)
    Coverage.objects.create(story=place.stories[0], department=same)
    asked = Asked(CoverageFilter(departments=("a",)))
    tally = Tally.make(asked, [], today=TODAY, at=timezone.now())
    frame = frame_of(asked, tally, TODAY)
    assert (frame["images"], frame["chosen"]) == ({"b": "a"}, ["a", "b"])
    assert dict(tally.counts)["a", WHOLE, WHOLE] == 1
