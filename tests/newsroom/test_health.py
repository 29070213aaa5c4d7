"""``/health`` as a monitor sees it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from newsroom.models import JobState, WorkerHeartbeat

pytestmark = pytest.mark.django_db

NOW = datetime(2017, 2, 16, 7, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def beat(at: datetime) -> None:
    WorkerHeartbeat.objects.beat(now=at, started_at=NOW - timedelta(hours=1), host="toasoan", pid=7)


def test_all_well(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    beat(NOW - timedelta(minutes=2))
    JobState.objects.succeeded("publish", NOW)
    with django_assert_num_queries(2):
        response = client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"status": "ok", "database": "ok", "worker": "ok", "failing_jobs": []}
    assert "no-store" in response["Cache-Control"]


def test_no_worker_ever_ran(client: Client) -> None:
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json() == {"status": "fault", "database": "ok", "worker": "never", "failing_jobs": []}


def test_a_worker_that_fell_silent(client: Client) -> None:
    beat(NOW - timedelta(minutes=2, seconds=1))
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json() == {"status": "fault", "database": "ok", "worker": "late", "failing_jobs": []}


def test_a_job_that_fails_for_two_minutes_is_a_fault_and_one_that_recovered_is_not(client: Client) -> None:
    beat(NOW)
    JobState.objects.failed("publish", NOW - timedelta(minutes=2), "khóa bí mật của máy chủ")
    JobState.objects.failed("outbox", NOW - timedelta(minutes=1), "mới lỗi")
    JobState.objects.failed("feeds", NOW - timedelta(minutes=9), "lỗi cũ")
    JobState.objects.succeeded("feeds", NOW - timedelta(minutes=8))
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json() == {"status": "fault", "database": "ok", "worker": "ok", "failing_jobs": ["publish"]}
    assert "bí mật" not in response.content.decode()


def test_no_database(client: Client) -> None:
    def refuse(*args: object) -> None:
        raise DatabaseError("gone")

    with connection.execute_wrapper(refuse):
        response = client.get("/health")
    assert response.status_code == 503
    assert response.json() == {"status": "fault", "database": "fault", "worker": "unknown", "failing_jobs": []}


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/health").status_code == 405
