"""The real worker among machines that answer slowly or not at all: what is due goes out on time all the same."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page, Revision

from column.enums import AlarmKind, NoticeKind
from column.schedule.notices.models import Alarm, Notice
from column.schedule.notices.telling import tell
from column.stories.models import Article
from newsroom.jobs import JOBS
from newsroom.models import JobState
from newsroom.stopping import StopSignal
from newsroom.worker import Worker
from tests.column.schedule.desk import scheduled
from tests.column.schedule.faults.harm import in_process
from tests.column.schedule.notices.mail_server import mail_server
from tests.factories import make_user

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

SLOW = 3.0


def until(happened: Callable[[], bool], seconds: float) -> None:
    give_up_at = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < give_up_at
        time.sleep(0.1)


def test_a_slow_mail_server_and_a_dead_listener_hold_nothing_up(settings: Any) -> None:
    with mail_server() as server:
        server.delay = SLOW
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.ALARM_WEBHOOK_URL = "http://127.0.0.1:9/"
        now = timezone.now()
        article = scheduled("Nụ cười công sở", now=now)
        due = now + timedelta(seconds=4)
        Revision.objects.filter(pk=article.latest_revision_id).update(approved_go_live_at=due)
        Page.objects.filter(pk=article.pk).update(go_live_at=due)
        people = [make_user(email=f"nguoi{number}@toasoan.vn") for number in range(5)]
        tell(people, NoticeKind.SUBMITTED, key="x", subject="Chờ duyệt", text="Mời xem.", url="", now=now)
        Alarm.objects.create(kind=AlarmKind.FAILED, key="y", title="y", text="y", next_call_at=now)

        def work() -> None:
            with StopSignal() as stop:
                Worker([job for job in JOBS if job.name in {"publish", "mails", "webhook"}]).run_until(stop)

        number, wait = in_process(work)
        try:
            until(lambda: Article.objects.get(pk=article.pk).live, 30)
            published_at = Article.objects.get(pk=article.pk).last_published_at
            assert published_at is not None
            assert published_at - due < timedelta(seconds=3)
            # Greeting, name, sender, recipient, content: the first mail takes five slow answers at least.
            assert server.connections == 1
            assert Notice.objects.filter(mailed_at__isnull=False).count() <= 1
            server.delay = 0.0
            until(lambda: not Notice.objects.filter(mailed_at=None).exists(), 30)
        finally:
            os.kill(number, signal.SIGTERM)
        wait()
        assert sorted(to for to, _subject in server.told()) == sorted(person.email for person in people)
        assert "Connection refused" in Alarm.objects.get().call_error
        assert not JobState.objects.filter(failures__gt=0).exists()
