"""The one background process: runs the jobs when their time comes, survives their failures, says that it is alive.

The database is the only clock and the only queue: whatever this process was doing when it died is found there by
the next one.
"""

import logging
import os
import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import close_old_connections, connections
from django.db.utils import DatabaseError, InterfaceError
from django.utils import timezone

from newsroom.jobs import Job
from newsroom.models import JobState, WorkerHeartbeat
from newsroom.stopping import StopSignal

logger = logging.getLogger(__name__)

TICK = timedelta(seconds=1)
PATIENCE = 8.0
"""Seconds that a job apart has to end; what it was doing then is found in the database by the next worker."""
HEARTBEAT_EVERY = timedelta(seconds=10)
REPEAT_TRACEBACK_AFTER = timedelta(minutes=5)
"""A job that fails the same way every second fills no disk: its traceback is logged again only after this."""


@dataclass
class _Trouble:
    error: str
    logged_at: datetime


@dataclass
class Worker:
    """Runs ``jobs``; keeps in memory only when each ran last and what was last logged about it."""

    jobs: Sequence[Job]
    _ran_at: dict[str, datetime] = field(default_factory=dict)
    _trouble: dict[str, _Trouble] = field(default_factory=dict)
    _noted_at: dict[str, datetime] = field(default_factory=dict)

    def run_once(self, now: datetime) -> list[str]:
        """Run every job whose interval has passed at ``now``; return the names of those that failed.

        A failing job stops neither the others nor the loop: it is logged, recorded in ``JobState`` and run again at
        the next tick.
        """
        failed = []
        for job in self.jobs:
            ran_at = self._ran_at.get(job.name)
            if ran_at is not None and ran_at <= now < ran_at + job.every:
                continue
            self._ran_at[job.name] = now
            try:
                job.run(now)
            except Exception as error:  # noqa: BLE001 - the wall between jobs: told in the log and in the database
                failed.append(job.name)
                self._ran_at.pop(job.name)
                self._tell(job, now, error)
            else:
                self._note_success(job, now)
        return failed

    def run_until(self, stop: StopSignal) -> None:
        """Tick until ``stop`` is set; the job at hand is finished first, one apart within ``PATIENCE``."""
        started_at = timezone.now()
        apart = [
            threading.Thread(target=_run_apart, args=(job, stop), name=job.name, daemon=True)
            for job in self.jobs if job.apart
        ]  # fmt: skip
        for thread in apart:
            thread.start()
        here = Worker([job for job in self.jobs if not job.apart])
        beat_at: datetime | None = None
        while not stop.is_set:
            now = timezone.now()
            close_old_connections()
            if beat_at is None or not beat_at <= now < beat_at + HEARTBEAT_EVERY:
                self._beat(now, started_at)
                beat_at = now
            here.run_once(now)
            stop.wait(TICK.total_seconds())
        give_up_at = time.monotonic() + PATIENCE
        for thread in apart:
            thread.join(max(0.0, give_up_at - time.monotonic()))
        connections.close_all()

    def _beat(self, now: datetime, started_at: datetime) -> None:
        try:
            WorkerHeartbeat.objects.beat(now=now, started_at=started_at, host=socket.gethostname(), pid=os.getpid())
        except (DatabaseError, InterfaceError) as error:
            logger.warning("Không ghi được nhịp của tiến trình nền: %s", error)
            connections.close_all()

    def _note_success(self, job: Job, now: datetime) -> None:
        noted_at = self._noted_at.get(job.name)
        recovered = self._trouble.pop(job.name, None) is not None
        if recovered:
            logger.info("Việc “%s” đã chạy lại được.", job.name)
        elif noted_at is not None and noted_at <= now < noted_at + HEARTBEAT_EVERY:
            return
        if self._record(job, now, error=None):
            self._noted_at[job.name] = now

    def _tell(self, job: Job, now: datetime, error: Exception) -> None:
        text = f"{type(error).__name__}: {error}"
        trouble = self._trouble.get(job.name)
        if trouble is None or trouble.error != text or now - trouble.logged_at >= REPEAT_TRACEBACK_AFTER:
            logger.error("Việc “%s” bị lỗi, sẽ chạy lại: %s", job.name, text, exc_info=error)
            self._trouble[job.name] = _Trouble(text, now)
        if isinstance(error, DatabaseError | InterfaceError):
            connections.close_all()
        self._record(job, now, error=text)

    def _record(self, job: Job, now: datetime, *, error: str | None) -> bool:
        try:
            if error is None:
                JobState.objects.succeeded(job.name, now)
            else:
                JobState.objects.failed(job.name, now, error)
        except (DatabaseError, InterfaceError) as refusal:
            logger.warning("Không ghi được trạng thái của việc “%s”: %s", job.name, refusal)
            connections.close_all()
            return False
        return True


def _run_apart(job: Job, stop: StopSignal) -> None:
    """The loop of one job in its thread, which has its own connections to the database."""
    worker = Worker([job])
    while not stop.is_set:
        close_old_connections()
        worker.run_once(timezone.now())
        time.sleep(TICK.total_seconds())  # the signal wakes the main thread alone
    connections.close_all()
