"""The worker's own records: when it was last alive, and which of its jobs fail."""

from datetime import datetime, timedelta
from typing import ClassVar, Self

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

LATE_AFTER = timedelta(minutes=2)
"""A heartbeat older than this, or a job failing for longer than this, is a fault people must see."""

ERROR_LENGTH = 500
"""Characters of an error kept in the database; the whole of it is in the log."""


class HeartbeatQuerySet(models.QuerySet["WorkerHeartbeat"]):
    def beat(self, *, now: datetime, started_at: datetime, host: str, pid: int) -> None:
        """Record that the worker is alive at ``now``. One row whatever the number of workers."""
        self.update_or_create(
            name=WorkerHeartbeat.NAME,
            defaults={"beat_at": now, "started_at": started_at, "host": host[:100], "pid": pid},
        )

    def current(self) -> "WorkerHeartbeat | None":
        """The last heartbeat, ``None`` when no worker ever ran."""
        return self.filter(name=WorkerHeartbeat.NAME).first()


class WorkerHeartbeat(models.Model):
    """When the worker was last alive. Read by ``/health`` and by the admin."""

    NAME: ClassVar[str] = "worker"

    name = models.CharField(_("tên"), max_length=40, primary_key=True, default=NAME)
    beat_at = models.DateTimeField(_("lần báo gần nhất"))
    started_at = models.DateTimeField(_("khởi động lúc"))
    host = models.CharField(_("máy"), max_length=100)
    pid = models.PositiveIntegerField(_("mã tiến trình"))

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("nhịp của tiến trình nền")
        verbose_name_plural = _("nhịp của tiến trình nền")

    def __str__(self) -> str:
        return f"{self.name} {self.host}:{self.pid}"

    def is_late(self, now: datetime) -> bool:
        """Whether the worker must be taken for dead at ``now``."""
        return now - self.beat_at > LATE_AFTER


class JobStateQuerySet(models.QuerySet["JobState"]):
    def failing_at(self, now: datetime) -> Self:
        """Jobs that have failed for longer than ``LATE_AFTER`` without one success between."""
        return self.filter(failing_since__lte=now - LATE_AFTER)

    def succeeded(self, name: str, now: datetime) -> None:
        self.update_or_create(
            name=name,
            defaults={"succeeded_at": now, "failing_since": None, "failures": 0, "error": ""},
        )

    def failed(self, name: str, now: datetime, error: str) -> None:
        """One more failure in a row; ``failing_since`` keeps the moment of the first."""
        error = error[:ERROR_LENGTH]
        if not self.filter(name=name, failing_since__isnull=False).update(failures=F("failures") + 1, error=error):
            self.update_or_create(name=name, defaults={"failing_since": now, "failures": 1, "error": error})


class JobState(models.Model):
    """How one of the worker's jobs fares."""

    name = models.CharField(_("việc"), max_length=40, primary_key=True)
    succeeded_at = models.DateTimeField(_("lần xong gần nhất"), null=True, blank=True)
    failing_since = models.DateTimeField(_("lỗi từ lúc"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("số lần lỗi liền nhau"), default=0)
    error = models.CharField(_("lỗi gần nhất"), max_length=ERROR_LENGTH, blank=True)

    objects = JobStateQuerySet.as_manager()

    class Meta:
        verbose_name = _("việc của tiến trình nền")
        verbose_name_plural = _("việc của tiến trình nền")

    def __str__(self) -> str:
        return self.name
