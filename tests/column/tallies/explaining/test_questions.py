"""The stories stay; what is asked of them changes: units, codebooks, lists, the definition. Pure rules besides."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import timezone

from column.coverage.models import Criterion, CriterionGroup
from column.coverage.recording import Row, record
from column.departments.models import Department, UnitEvent
from column.people.models import User
from column.stories.models import Story
from column.tallies.certificates.freezing import freeze
from column.tallies.certificates.models import Certificate
from column.tallies.certificates.proving import prove
from column.tallies.explaining.explain import explain
from column.tallies.explaining.rules import Cause, Part, difference, parts_of
from column.tallies.explaining.sides import frozen_side, present_side
from column.tallies.states.history import Event, Known, Life
from column.tallies.states.recording import Seen
from tests.column.tallies.certificates.test_certificates import asked
from tests.factories import make_news, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_user("tonghop", display_name="Trần Thị Tổng Hợp")


@pytest.fixture
def stories(person: User) -> list[Story]:
    unit, slug = Department.objects.get(code="so-y-te"), Criterion.objects.get(slug="chong-tieu-cuc")
    made: list[Story] = [make_news(f"Tin {n}", issue_date=date(2017, 1, 5 + n)) for n in range(2)]
    for story in made:
        record(story, [Row(unit.pk, slug.pk)], user=person, at=timezone.now())
    return made


def told(one: Certificate, query: str, cell: tuple[str, str, str]) -> list[tuple[Any, ...]]:
    found = explain(frozen_side(Certificate.objects.get(pk=one.pk)), present_side(asked(query)), cell)
    assert sum(part.change for part in found.parts) == found.change
    return [(part.cause, part.change, part.number, part.by_name) for part in found.parts]


def test_a_unit_that_was_renamed_since(stories: list[Story], person: User) -> None:
    one = freeze(asked("co-cau=nay"), title="Trước", user=person)
    old = Department.objects.get(code="so-y-te")
    new = Department.objects.create(
        code="so-y-te-moi", name="Sở Y tế và Dân số", kind="so", report_group=4, valid_from="2020"
    )
    old.valid_to = "2019"
    old.save()
    old.successors.set([new])
    event = UnitEvent.objects.create(kind="renamed", day="2020", source="Nghị quyết", recorded_by=person)
    event.from_units.set([old])
    event.to_units.set([new])
    numbers = [story.public_id for story in stories]
    gone = [(Cause.UNITS, -1, number, "Trần Thị Tổng Hợp") for number in numbers]
    assert told(one, "co-cau=nay", ("so-y-te", "", "")) == gone
    come = [(Cause.UNITS, 1, number, "Trần Thị Tổng Hợp") for number in numbers]
    assert told(one, "co-cau=nay", ("so-y-te-moi", "", "")) == come
    assert told(one, "co-cau=nay", ("", "", "")) == []
    assert prove(Certificate.objects.get(pk=one.pk)).same


def test_a_codebook_that_was_changed_since(stories: list[Story], person: User) -> None:
    one = freeze(asked("nhom=chong"), title="Trước", user=person)
    CriterionGroup.objects.filter(criteria__slug="chong-tieu-cuc").update(family="xay")
    assert {line[:2] for line in told(one, "nhom=chong", ("", "", ""))} == {(Cause.CODEBOOK, -1)}
    assert prove(Certificate.objects.get(pk=one.pk)).same


def test_another_question(stories: list[Story], person: User) -> None:
    one = freeze(asked("ky=2017"), title="Tin, bài", user=person)
    assert told(one, "ky=2016", ("", "", "")) == [
        (Cause.DEFINITION, -1, number, "") for number in sorted(story.public_id for story in stories)
    ]


# --- pure ----------------------------------------------------------------------------------------------------------

SEEN = Seen("counted", date(2017, 1, 5), "news", "Tin", [], [])
KNOWN = Known(1, 123456789, SEEN, {("so-y-te", None): ("subject", "")})
AT = datetime(2026, 1, 1, tzinfo=UTC)


def adds(known: Known | None) -> int:
    """Mentions of news items."""
    return len(known.rows) if known is not None and known.seen.kind == "news" else 0


def test_what_the_list_says_other_than_the_history_is_unknown() -> None:
    parts = list(parts_of(Life(KNOWN, []), None, KNOWN, [(Cause.UNKNOWN, adds)]))
    assert [(part.cause, part.change) for part in parts if part.change] == [(Cause.UNKNOWN, 1)]
    found = difference(5, 9, iter([Part(Cause.KIND, 1)]))
    assert [(part.cause, part.change) for part in found.parts] == [(Cause.KIND, 1), (Cause.UNKNOWN, 3)]
    assert (found.change, found.unknown) == (4, 3)


def test_one_event_that_did_several_things_is_told_one_by_one() -> None:
    after = Known(1, 123456789, SEEN._replace(kind="photo", title="Ảnh"), {})
    life = Life(KNOWN, [Event(AT, "Ai đó", after)])
    parts = [part for part in parts_of(life, KNOWN, after, [(Cause.UNKNOWN, adds)]) if part.change]
    assert [(part.cause, part.change, part.by_name, part.at) for part in parts] == [(Cause.KIND, -1, "Ai đó", AT)]
    gone = Known(1, 123456789, SEEN._replace(standing="restricted"), KNOWN.rows)
    parts = list(parts_of(Life(KNOWN, [Event(AT, "", gone)]), KNOWN, None, [(Cause.UNKNOWN, adds)]))
    assert [(part.cause, part.change) for part in parts if part.change] == [(Cause.RESTRICTED, -1)]
