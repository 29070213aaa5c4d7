"""Clocks that are wrong, servers in another zone, a worker that slept: the same instant, the same Thursday."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from column.enums import SlotAction
from column.people.roles import Role
from column.schedule.ledger.models import SlotEvent
from column.schedule.models import Slot
from column.schedule.publishing import publish_due
from column.schedule.scheduling import schedule_story
from column.stories.models import Article, NewsItem
from column.text.dates import TZ
from tests.column.schedule.desk import BEFORE, DUE, THURSDAY, approve, chief, scheduled
from tests.column.schedule.faults.harm import WAITING, out_at, state_of
from tests.databases import databases
from tests.factories import make_news, make_user

DAY = timedelta(days=1)


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(BEFORE, tick=False) as traveller:
        yield traveller


def run_at(clock: Any, moment: datetime) -> list[str]:
    clock.move_to(moment)
    report = publish_due(moment)
    assert report.failed == []
    return report.published


@pytest.mark.django_db
def test_the_worker_was_down_for_26_hours_over_a_thursday(clock: Any) -> None:
    article = scheduled()
    back = DUE + timedelta(hours=26)
    assert run_at(clock, back) == [str(article.pk)]
    assert [run_at(clock, back + timedelta(seconds=n)) for n in range(1, 4)] == [[]] * 3
    assert state_of(article.pk) == out_at(back)
    event = SlotEvent.objects.get(action=SlotAction.PUBLISHED)
    assert (event.slot.day, event.at, event.data["late_minutes"], event.by_name) == (THURSDAY, back, 1560, "")
    slot = Slot.objects.get(day=THURSDAY)
    assert (slot.late_minutes, slot.published_at, slot.issue_day) == (1560, back, THURSDAY)
    assert Article.objects.get(pk=article.pk).issue_date == THURSDAY


@pytest.mark.django_db
def test_the_clock_is_stepped_back_and_forward(clock: Any) -> None:
    article = scheduled()
    assert run_at(clock, DUE - 400 * DAY) == []
    assert state_of(article.pk) == WAITING
    assert run_at(clock, DUE) == [str(article.pk)]
    # Back before its time and forward again: it is out, once.
    for moment in (DUE - DAY, DUE - timedelta(seconds=1), DUE, DUE + 400 * DAY):
        assert run_at(clock, moment) == []
    assert state_of(article.pk) == out_at(DUE)


@pytest.mark.django_db
def test_the_clock_jumps_ahead_over_several_thursdays(clock: Any) -> None:
    days = [THURSDAY + timedelta(weeks=week) for week in range(3)]
    stories = [scheduled(day=day) for day in days]
    ahead = DUE + 30 * DAY
    assert run_at(clock, ahead) == [str(story.pk) for story in stories]
    assert [Article.objects.get(pk=story.pk).issue_date for story in stories] == days
    late = SlotEvent.objects.filter(action=SlotAction.PUBLISHED).values_list("slot__day", "data__late_minutes")
    assert dict(late) == {day: (30 - 7 * week) * 24 * 60 for week, day in enumerate(days)}


@pytest.mark.django_db
@pytest.mark.parametrize("clock_time", [time(0, 0), time(6, 59), time(23, 59)])
def test_the_edges_of_the_day_are_da_nangs(clock: Any, clock_time: time) -> None:
    article = scheduled(at=clock_time, now=datetime(2017, 2, 15, 12, tzinfo=TZ))
    due = datetime.combine(THURSDAY, clock_time, tzinfo=TZ)
    assert run_at(clock, due - timedelta(seconds=1)) == []
    assert run_at(clock, due) == [str(article.pk)]
    assert state_of(article.pk) == out_at(due)
    event = SlotEvent.objects.get(action=SlotAction.PUBLISHED)
    assert (event.slot.day, event.at, event.data["late_minutes"]) == (THURSDAY, due, 0)


#: A real process on the test's own database, at a moment of our choosing.
RUNNER = """
import sys, time
from datetime import datetime
import time_machine
import django
with time_machine.travel(datetime.fromisoformat(sys.argv[1]), tick=False):
    django.setup()
    from django.core.management import call_command
    call_command("publish_due")
"""


@pytest.fixture
def another_server(worker_name: str) -> Callable[[datetime, str], str]:
    """Runs ``manage.py publish_due`` on a server whose own clock is kept in another zone."""

    def run(moment: datetime, zone: str) -> str:
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")},
            "TZ": zone,
            "DATABASE_URL": databases().url(worker_name),
            "DJANGO_SETTINGS_MODULE": "newsroom.settings.dev",
            "DATA_DIR": str(settings.DATA_DIR / "another"),
        }
        done = subprocess.run(
            [sys.executable, "-c", RUNNER, moment.isoformat()],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()[-1]

    return run


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_a_server_in_another_zone(another_server: Callable[[datetime, str], str], zone: str) -> None:
    """00:30 in Đà Nẵng is the day before in New York, and half past seven of the same day in Kiritimati."""
    due = datetime(2017, 2, 16, 0, 30, tzinfo=TZ)
    with time_machine.travel(datetime(2017, 2, 15, 12, tzinfo=TZ), tick=False):
        article = scheduled(at=time(0, 30), now=datetime(2017, 2, 15, 12, tzinfo=TZ))
        news = make_news(live=False)
        approve(news)
        schedule_story(news, chief(), BEFORE - DAY, at=due)
    assert another_server(due - timedelta(seconds=1), zone) == "Đã đăng: 0; hết hạn: 0."
    assert another_server(due, zone) == "Đã đăng: 2; hết hạn: 0."
    assert another_server(due, zone) == "Đã đăng: 0; hết hạn: 0."
    assert state_of(article.pk) == out_at(due)
    assert SlotEvent.objects.get(action=SlotAction.PUBLISHED).data["late_minutes"] == 0
    assert NewsItem.objects.get(pk=news.pk).issue_date == date(2017, 2, 16)


@pytest.mark.django_db
def test_a_profile_in_another_zone(clock: Any, client: Client) -> None:
    """What its owner types is Đà Nẵng's time like everybody's, and what is shown to them too."""
    user = make_user("xa-nha", Role.CHIEF)
    UserProfile.objects.create(user=user, current_time_zone="America/New_York")
    client.force_login(user)
    news = make_news("Tin hẹn giờ", live=False)
    approve(news)
    address = reverse("schedule_story", args=[news.pk])
    assert client.post(address, {"at": "14:12, 16/02/2017"}).status_code == 302
    fresh = NewsItem.objects.get(pk=news.pk)
    assert fresh.scheduled_revision.approved_go_live_at == DUE
    assert "14:12, 16/02/2017" in client.get(address).content.decode()
    assert run_at(clock, DUE) == [str(news.pk)]
    assert NewsItem.objects.get(pk=news.pk).issue_date == THURSDAY
