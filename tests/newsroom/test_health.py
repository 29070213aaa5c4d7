"""``/health`` as a monitor sees it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from column.enums import AlarmKind
from column.schedule.notices.models import Alarm, Notice
from newsroom.models import JobState, WorkerHeartbeat
from tests.factories import make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2017, 2, 16, 7, 12, tzinfo=UTC)
WELL = {"publication": "ok", "mail": "ok"}
MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def beat(at: datetime) -> None:
    WorkerHeartbeat.objects.beat(now=at, started_at=NOW - timedelta(hours=1), host="toasoan", pid=7)


def test_all_well(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    beat(NOW - timedelta(minutes=2))
    JobState.objects.succeeded("publish", NOW)
    with django_assert_num_queries(4):
        response = client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "worker": "ok", **WELL, "failing_jobs": []}
    assert "no-store" in response["Cache-Control"]


def test_no_worker_ever_ran(client: Client) -> None:
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json() == {"status": "fault", "database": "ok", "worker": "never", **WELL, "failing_jobs": []}


def test_a_worker_that_fell_silent(client: Client) -> None:
    beat(NOW - timedelta(minutes=2, seconds=1))
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json() == {"status": "fault", "database": "ok", "worker": "late", **WELL, "failing_jobs": []}


def test_a_job_that_fails_for_two_minutes_is_a_fault_and_one_that_recovered_is_not(client: Client) -> None:
    beat(NOW)
    JobState.objects.failed("publish", NOW - timedelta(minutes=2), "khóa bí mật của máy chủ")
    JobState.objects.failed("outbox", NOW - timedelta(minutes=1), "mới lỗi")
    JobState.objects.failed("feeds", NOW - timedelta(minutes=9), "lỗi cũ")
    JobState.objects.succeeded("feeds", NOW - timedelta(minutes=8))
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json() == {"status": "fault", "database": "ok", "worker": "ok", **WELL, "failing_jobs": ["publish"]}
    assert "bí mật" not in response.content.decode()


def test_no_database(client: Client) -> None:
    def refuse(*args: object) -> None:
        raise DatabaseError("gone")

    with connection.execute_wrapper(refuse):
        response = client.get("/health")
    assert response.status_code == 503
    assert response.json() == {
        "status": "fault", "database": "fault", "worker": "unknown", "publication": "unknown", "mail": "unknown",
        "failing_jobs": [],
    }  # fmt: skip


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/health").status_code == 405


@pytest.mark.parametrize("kind", AlarmKind)
def test_what_should_be_out_and_is_not_for_five_minutes(client: Client, kind: AlarmKind) -> None:
    beat(NOW)
    alarm = Alarm.objects.create(
        kind=kind, key="x", title="Bài bí mật", text="Bài bí mật", opened_at=NOW - 5 * MINUTE + timedelta(seconds=1)
    )
    assert client.get("/health").json() == {
        "status": "ok", "database": "ok", "worker": "ok", **WELL, "failing_jobs": [],
    }  # fmt: skip
    Alarm.objects.update(opened_at=NOW - 5 * MINUTE)
    response = client.get("/health")
    urgent = kind in {AlarmKind.NOT_OUT, AlarmKind.FAILED, AlarmKind.PROOF}
    assert response.status_code == (503 if urgent else 200)
    assert response.json()["publication"] == ("fault" if urgent else "ok")
    assert "bí mật" not in response.content.decode()
    Alarm.objects.filter(pk=alarm.pk).update(closed_at=NOW)
    assert client.get("/health").status_code == 200


def notice(key: str, created: datetime, *, mailed: datetime | None = None, waits: bool = True) -> None:
    Notice.objects.create(
        recipient=make_user(), kind="alarm", key=key, subject="Bí mật", text="Bí mật", created_at=created,
        mailed_at=mailed, next_mail_at=NOW + MINUTE if waits else None,
    )  # fmt: skip


def test_mails_of_which_none_goes_out(client: Client) -> None:
    def mail() -> tuple[int, str]:
        response = client.get("/health")
        return response.status_code, response.json()["mail"]

    beat(NOW)
    notice("đã gửi", NOW - 30 * MINUTE, mailed=NOW - 29 * MINUTE, waits=False)
    notice("vừa xong", NOW - 14 * MINUTE)
    notice("đã thôi", NOW - 20 * MINUTE, waits=False)
    assert mail() == (200, "ok")
    notice("chờ", NOW - 15 * MINUTE)
    assert mail() == (503, "fault")
    # One address refuses, the others get theirs.
    notice("mới hơn", NOW - 14 * MINUTE, mailed=NOW - 14 * MINUTE, waits=False)
    assert mail() == (200, "ok")
