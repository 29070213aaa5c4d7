"""The worker's loop: one failing job stops nothing, and what fails is told."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from newsroom import jobs
from newsroom.jobs import Job
from newsroom.models import JobState, WorkerHeartbeat
from newsroom.stopping import StopSignal
from newsroom.worker import Worker

NOW = datetime(2017, 2, 16, 7, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Recorder:
    """A job that remembers when it ran and fails when told to."""

    def __init__(self) -> None:
        self.ran: list[datetime] = []
        self.error: Exception | None = None

    def __call__(self, now: datetime) -> None:
        self.ran.append(now)
        if self.error is not None:
            raise self.error


@pytest.mark.django_db
def test_each_job_runs_when_its_interval_has_passed() -> None:
    often, seldom = Recorder(), Recorder()
    worker = Worker([Job("often", SECOND, often), Job("seldom", 3 * SECOND, seldom)])
    for tick in range(5):
        assert worker.run_once(NOW + tick * SECOND) == []
    assert often.ran == [NOW + tick * SECOND for tick in range(5)]
    assert seldom.ran == [NOW, NOW + 3 * SECOND]


@pytest.mark.django_db
def test_a_clock_set_back_does_not_stop_the_jobs() -> None:
    job = Recorder()
    worker = Worker([Job("publish", timedelta(hours=1), job)])
    worker.run_once(NOW)
    worker.run_once(NOW - timedelta(days=1))
    assert job.ran == [NOW, NOW - timedelta(days=1)]


@pytest.mark.django_db
def test_a_failing_job_stops_no_other_is_recorded_and_runs_again_at_the_next_tick(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bad, good = Recorder(), Recorder()
    bad.error = ValueError("ngày không hợp lệ")
    worker = Worker([Job("bad", timedelta(minutes=1), bad), Job("good", SECOND, good)])

    assert worker.run_once(NOW) == ["bad"]
    assert worker.run_once(NOW + SECOND) == ["bad"]
    assert len(good.ran) == 2
    state = JobState.objects.get(name="bad")
    assert (state.failures, state.failing_since, state.error) == (2, NOW, "ValueError: ngày không hợp lệ")
    assert [record.levelname for record in caplog.records] == ["ERROR"], (
        "the same error is logged once, not each second"
    )
    assert caplog.records[0].exc_info is not None

    bad.error = None
    assert worker.run_once(NOW + 2 * SECOND) == []
    state.refresh_from_db()
    assert (state.failures, state.failing_since, state.error) == (0, None, "")
    assert state.succeeded_at == NOW + 2 * SECOND


@pytest.mark.django_db
def test_an_error_of_any_length_fits_its_column() -> None:
    bad = Recorder()
    bad.error = ValueError("đ" * 5000)
    Worker([Job("bad", SECOND, bad)]).run_once(NOW)
    assert len(JobState.objects.get(name="bad").error) == 500


@pytest.mark.django_db
def test_once_fails_loudly_and_leaves_no_heartbeat(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = Recorder()
    monkeypatch.setattr("newsroom.management.commands.worker.JOBS", (Job("publish", SECOND, bad),))
    call_command("worker", "--once")
    bad.error = RuntimeError("hỏng")
    with pytest.raises(CommandError, match="Việc bị lỗi: publish"):
        call_command("worker", "--once")
    assert not WorkerHeartbeat.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_loop_beats_runs_and_ends_on_the_signal() -> None:
    ran = []

    def end(now: datetime) -> None:
        ran.append(now)
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    with StopSignal() as stop:
        Worker([Job("end", SECOND, end)]).run_until(stop)
    assert signal.getsignal(signal.SIGTERM) is before
    assert len(ran) == 1
    assert WorkerHeartbeat.objects.get().pid == os.getpid()
    assert JobState.objects.get().failures == 0


@pytest.mark.django_db(transaction=True)
def test_a_job_apart_holds_nobody_up_and_its_failure_is_told() -> None:
    ran: list[str] = []
    freed = threading.Event()

    def slow(now: datetime) -> None:
        ran.append("slow begins")
        freed.wait(20)
        ran.append("slow ends")
        raise OSError("máy chủ không trả lời")

    def quick(now: datetime) -> None:
        ran.append("quick")
        if ran.count("quick") == 2:
            freed.set()
            os.kill(os.getpid(), signal.SIGTERM)

    with StopSignal() as stop:
        Worker([Job("slow", SECOND, slow, apart=True), Job("quick", SECOND, quick)]).run_until(stop)
    assert sorted(ran) == ["quick", "quick", "slow begins", "slow ends"]
    assert ran.index("slow ends") > 2, "the quick job ran twice while the slow one waited"
    assert JobState.objects.get(name="slow").error == "OSError: máy chủ không trả lời"
    assert JobState.objects.get(name="quick").failures == 0


def test_a_wait_is_cut_short_by_sigterm() -> None:
    timer = threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGTERM))
    with StopSignal() as stop:
        started = time.monotonic()
        timer.start()
        stop.wait(30)
        assert stop.is_set
        assert time.monotonic() - started < 10
    timer.join()


def test_another_watched_signal_wakes_but_does_not_stop() -> None:
    with StopSignal(signal.SIGALRM) as stop:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        started = time.monotonic()
        stop.wait(30)
        assert not stop.is_set
        assert time.monotonic() - started < 10


def test_the_jobs_have_distinct_names() -> None:
    names = [job.name for job in jobs.JOBS]
    assert len(set(names)) == len(names)
    assert names[0] == "publish", "nothing comes before what is due"


@pytest.mark.slow
def test_a_real_worker_beats_and_ends_on_sigterm(process_environment: Callable[..., dict[str, str]]) -> None:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker"],
        env=process_environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        deadline = time.monotonic() + 60
        while not _has_beaten(process_environment()) and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.2)
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=20)
    finally:
        process.kill()
    assert process.returncode == 0
    assert "Traceback" not in output


def _has_beaten(environment: dict[str, str]) -> bool:
    """Looked up by the database's own client library: another process's Django is not ours to ask."""
    url = environment["DATABASE_URL"]
    query = "SELECT count(*) FROM newsroom_workerheartbeat"
    if url.startswith("sqlite"):
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            return bool(connection.execute(query).fetchone()[0])
    import psycopg

    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
        return row is not None and bool(row[0])
