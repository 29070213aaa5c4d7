"""Freezing while others write: whoever was before is in it, whoever comes after is not, and it proves itself."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from column.coverage.recording import Row, record
from column.departments.models import Department
from column.stories.models import Story
from column.stories.takedown import take_down
from column.tallies.certificates.freezing import freeze
from column.tallies.certificates.models import Certificate
from column.tallies.certificates.proving import prove
from tests.column.tallies.certificates.test_certificates import asked
from tests.factories import make_news, make_user

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def stories(number: int) -> list[Story]:
    made = [make_news(f"Tin {n}", issue_date=date(2017, 1, 5)) for n in range(number)]
    for story in made:
        record(story, [Row(Department.objects.get(code="so-y-te").pk, None)], user=None, at=timezone.now())
    return made


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer")
def test_who_is_about_to_commit_is_waited_for() -> None:
    one, two = stories(2)
    user = make_user("tonghop")
    begun, go_on, done = threading.Event(), threading.Event(), threading.Event()

    def taking_down() -> None:
        try:
            with transaction.atomic():
                take_down(one, user)
                begun.set()
                go_on.wait(20)
        finally:
            connections.close_all()

    def freezing() -> None:
        try:
            freeze(asked(), title="Chốt", user=user)
            done.set()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=taking_down), threading.Thread(target=freezing)]
    threads[0].start()
    assert begun.wait(20)
    threads[1].start()
    assert not done.wait(1.5)
    go_on.set()
    for thread in threads:
        thread.join(30)
    certificate = Certificate.objects.get()
    assert [line.number for line in certificate.list.all()] == [two.public_id]
    assert prove(certificate).same


def test_freezing_in_the_midst_of_many_writers() -> None:
    made = stories(6)
    user = make_user("tonghop")
    units = [Department.objects.get(code=code).pk for code in ("so-y-te", "cong-an-tp", "phong-csgt")]
    failed: list[BaseException] = []

    def coding(place: int) -> None:
        # Moments that were read long before they are written: as a slow request has them.
        long_ago = timezone.now()
        try:
            for step in range(8):
                wanted = [Row(unit, None) for unit in units[: 1 + (step + place) % 3]]
                record(made[place], wanted, user=user, at=long_ago)
        except BaseException as problem:
            failed.append(problem)
            raise
        finally:
            connections.close_all()

    threads = [threading.Thread(target=coding, args=(place,)) for place in range(len(made))]
    for thread in threads:
        thread.start()
    for number in range(4):
        freeze(asked("dem=luot"), title=f"Chốt {number}", user=user)
    for thread in threads:
        thread.join(60)
    assert failed == []
    assert [prove(one).same for one in Certificate.objects.all()] == [True] * 4
    assert connection.in_atomic_block is False
