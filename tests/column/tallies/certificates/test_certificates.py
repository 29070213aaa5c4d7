"""Freezing, what guards a frozen certificate, and what is said of one that somebody changed all the same."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from django.http import QueryDict
from django.utils import timezone

from column.coverage.models import Coverage
from column.coverage.recording import Row, record
from column.departments.models import Department
from column.people.models import User
from column.people.roles import Role
from column.stories.models import Story
from column.stories.takedown import take_down
from column.tallies.asked import Asked
from column.tallies.certificates.freezing import CannotFreeze, draft, freeze, freeze_draft
from column.tallies.certificates.models import Certificate, FrozenStory, Immutable
from column.tallies.certificates.printing import certificate_of, code_line
from column.tallies.certificates.proving import prove
from column.tallies.table import Tally
from tests.factories import make_article, make_news, make_user

pytestmark = pytest.mark.django_db


def asked(query: str = "") -> Asked:
    return Asked.parse(QueryDict(query))[0]


@pytest.fixture
def person() -> User:
    return make_user("tonghop", Role.COMMITTEE, display_name="Trần Thị Tổng Hợp")


@pytest.fixture
def stories(person: User) -> list[Story]:
    unit = Department.objects.get(code="so-y-te")
    made: list[Story] = [make_news("Tin một", issue_date=date(2017, 1, 5))]
    made.append(make_article("Bài hai", issue_date=date(2017, 2, 16)))
    for story in made:
        record(story, [Row(unit.pk, None)], user=person, at=timezone.now())
    return made


def test_what_is_frozen(stories: list[Story], person: User) -> None:
    made = freeze(asked("ky=2017&theo=quy"), title="Quý I", note="Gửi Ban Thường vụ.", user=person)
    one = Certificate.objects.get(pk=made.pk)
    assert (one.state, one.title, one.note, one.total, one.stories) == ("frozen", "Quý I", "Gửi Ban Thường vụ.", 2, 2)
    assert (one.made_by_name, one.frozen_by_name) == ("Trần Thị Tổng Hợp", "Trần Thị Tổng Hợp")
    assert one.address == "/tong-hop/?ky=2017&theo=quy"
    assert one.sentence == "Tin, bài, đăng trong năm 2017"
    assert [line.number for line in one.list.all()] == [story.public_id for story in stories]
    assert one.list.all()[0].line == (
        '{"bylines":["ĐOÀN LƯƠNG"],"day":"2017-01-05","documents":[],"kind":"news","number":'
        f'{stories[0].public_id},"rows":[["so-y-te",null,"subject",""]],"title":"Tin một"}}'
    )
    assert ["so-y-te", "2017-Q1", "chua-gan", 2] in one.figures
    assert one.frame["units"]["so-y-te"]["name"] == "Sở Y tế"
    assert {book["version"] for book in one.frame["codebooks"]} == {1}
    assert prove(one).same


def test_a_frozen_certificate_cannot_be_changed(stories: list[Story], person: User) -> None:
    one = freeze(asked(), title="Chốt", user=person)
    one.title = "Khác"
    line = one.list.all()[0]
    changes: list[Any] = [
        one.save, one.delete, lambda: Certificate.objects.update(title="Khác"), Certificate.objects.all().delete,
        line.save, line.delete, lambda: FrozenStory.objects.update(line="{}"), FrozenStory.objects.all().delete,
    ]  # fmt: skip
    for change in changes:
        with pytest.raises((Immutable, TypeError)):
            change()
    for statement in (
        "UPDATE column_certificate SET title = 'Khác'", "DELETE FROM column_certificate",
        "UPDATE column_frozenstory SET line = '{}'", "DELETE FROM column_frozenstory",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert prove(Certificate.objects.get(pk=one.pk)).same


def without_guards() -> None:
    """As somebody with the database's own keys might go about it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit forbids altering tables
            cursor.execute("ALTER TABLE column_frozenstory DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE column_certificate DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'column_frozen%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE column_frozenstory SET line = replace(line, 'so-y-te', 'cong-an-tp')", (False, False, 2)),
        ("UPDATE column_frozenstory SET line = replace(line, 'Tin một', 'Tin khác')", (False, True, 1)),
        ("DELETE FROM column_frozenstory WHERE place = 2", (False, False, 1)),
        ("UPDATE column_frozenstory SET line = 'hỏng'", (False, False, 0)),
        ("UPDATE column_certificate SET total = 3", (False, False, 0)),
        ("UPDATE column_certificate SET note = 'thêm'", (False, True, 0)),
        ("UPDATE column_certificate SET digest = 'x'", (False, True, 0)),
        ("UPDATE column_certificate SET figures = '[]'", (False, False, 0)),
        ("UPDATE column_certificate SET frame = '{}'", (False, False, 0)),
    ],
)
def test_tampering_in_the_database_is_found(
    stories: list[Story], person: User, statement: str, found: tuple[bool, bool, int]
) -> None:
    one = freeze(asked(), title="Chốt", user=person)
    without_guards()
    with connection.cursor() as cursor:
        cursor.execute(statement)
    proof = prove(Certificate.objects.get(pk=one.pk))
    assert not proof.same
    assert (proof.intact, proof.adds_up, proof.differing) == found


def test_a_history_that_somebody_changed_is_found(stories: list[Story], person: User) -> None:
    one = freeze(asked(), title="Chốt", user=person)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM column_coveragechange WHERE story_id = %s", [stories[0].pk])
    proof = prove(Certificate.objects.get(pk=one.pk))
    assert (proof.intact, proof.adds_up, proof.same) == (True, True, False)
    assert (proof.numbers, proof.total) == ([stories[0].public_id], 1)


def test_nothing_is_frozen_that_could_not_be_derived_again(stories: list[Story], person: User) -> None:
    # A row that no history tells of.
    Coverage.objects.create(story=stories[0], department=Department.objects.get(code="cong-an-tp"))
    with pytest.raises(CannotFreeze, match="story_states"):
        freeze(asked(), title="Chốt", user=person)
    with pytest.raises(CannotFreeze, match="sổ kỳ đăng"):
        freeze(asked("dem=ky-dang"), title="Kỳ", user=person)
    assert not Certificate.objects.exists()


def test_a_draft_is_frozen_by_a_person_once(stories: list[Story], person: User) -> None:
    one = draft(asked("ky=2017"), title="Báo cáo quý")
    assert (one.state, one.made_by_name, one.as_of, one.total) == ("draft", "", None, None)
    take_down(stories[0], person)
    assert freeze_draft(one, user=person).total == 1
    with pytest.raises(CannotFreeze, match="đã chốt rồi"):
        freeze_draft(one, user=person)
    made = Certificate.objects.get(pk=one.pk)
    assert (made.made_by_name, made.frozen_by_name, made.code) == ("", "Trần Thị Tổng Hợp", one.code)
    draft(asked("ky=2016"), title="Thừa").delete()


def test_the_code_that_files_print(stories: list[Story], person: User) -> None:
    def tally(query: str) -> Tally:
        return Tally.make(asked(query), (), today=date(2017, 3, 1), at=timezone.now())

    assert certificate_of(tally("ky=2017")) is None
    assert code_line(None) == "Số liệu chưa chốt thành phiếu."
    one = freeze(asked("ky=2017"), title="Chốt", user=person)
    assert certificate_of(tally("ky=2017")) == one
    assert certificate_of(tally("ky=2016")) is None
    line = code_line(one)
    assert line.startswith(f"Phiếu {one.code}, số liệu lúc ")
    assert line.endswith(f"/tong-hop/phieu/{one.code}/")
    take_down(stories[0], person)
    assert certificate_of(tally("ky=2017")) is None
