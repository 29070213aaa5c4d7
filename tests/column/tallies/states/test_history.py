"""Whatever is done later, the histories tell what counted at every moment before."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from column.coverage.models import Coverage
from column.stories.models import Story
from column.tallies.states.filling import wrong
from column.tallies.states.history import Known, Marks, counted_at, lives
from column.tallies.states.models import Standing
from column.tallies.states.recording import read
from tests.column.tallies.edits import Archive, edits, taken_back
from tests.factories import make_news, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def archive() -> Archive:
    return Archive(make_user("bien-tap"), [make_news(f"Tin {n}", issue_date=date(2017, 1, n + 1)) for n in range(4)])


def present() -> dict[int, Known]:
    """The stories that count, read from the tables themselves."""
    found = {}
    for pk, (number, seen) in read(list(Story.objects.values_list("pk", flat=True))).items():
        if seen.standing == Standing.COUNTED:
            rows = Coverage.objects.filter(story=pk)
            coded = rows.values_list("department__code", "criterion__slug", "role", "tone")
            found[number] = Known(pk, number, seen, {(unit, slug): (role, tone) for unit, slug, role, tone in coded})
    return found


def told(marks: Marks, **narrowed: Any) -> dict[int, Known]:
    return {known.number: known for known in counted_at(marks, **narrowed)}


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(steps=st.lists(st.lists(edits, max_size=5), min_size=2, max_size=4))
def test_every_moment_is_told_as_it_was(archive: Archive, steps: list[list[Any]]) -> None:
    with taken_back():
        archive = archive.again()
        moments = []
        for some in steps:
            for edit in some:
                archive.do(edit)
            moments.append((Marks.newest(), present()))
            assert list(wrong()) == []
        for marks, known in moments:
            assert told(marks) == known
            kinds = {kind: {n for n, one in known.items() if one.seen.kind == kind} for kind in ("news", "article")}
            assert {kind: set(told(marks, kinds=[kind])) for kind in kinds} == kinds
            late = {n for n, one in known.items() if one.seen.issue_date and one.seen.issue_date > date(2017, 1, 1)}
            assert set(told(marks, first=date(2017, 1, 2))) == late
        (old, before), (new, after) = moments[0], moments[-1]
        numbers = before.keys() | after.keys()
        for number, life in lives(numbers, old, new).items():
            assert known_if_counted(life.before) == before.get(number)
            assert known_if_counted(life.after) == after.get(number)
            assert all(event.by_name == "bien-tap" for event in life.events)


def known_if_counted(known: Known | None) -> Known | None:
    return known if known is not None and known.seen.standing == Standing.COUNTED else None


def test_replaying_costs_the_same_for_one_and_for_many(archive: Archive, django_assert_num_queries: Any) -> None:
    for place in range(4):
        archive.do(("code", place, 1, 3))
    marks = Marks.newest()
    for last in (date(2017, 1, 1), date(2018, 1, 1)):
        with django_assert_num_queries(2):
            list(counted_at(marks, last=last))
    numbers = list(present())
    for some in (numbers[:1], numbers):
        with django_assert_num_queries(2):
            assert len(lives(some, Marks(), marks)) == len(some)
