"""What the importer remembers: which row made which story, and the jobs that people started on the screen."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Self

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ImportRecord(models.Model):
    """The row that a story came from, so that the same row is skipped and a changed one is seen."""

    story = models.OneToOneField("column.Story", models.CASCADE, related_name="import_record")
    #: SHA-256 of the row's cells and photos; empty while a related story of a later row is still awaited.
    digest = models.CharField(max_length=64, blank=True)
    #: The version that the import made; a newer one was made by hand.
    revision = models.ForeignKey("wagtailcore.Revision", models.SET_NULL, null=True, related_name="+")
    imported_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True


def private_storage() -> FileSystemStorage:
    """Uploads lie in the data folder, which no address leads to."""
    return FileSystemStorage(location=Path(settings.DATA_DIR) / "imports", base_url=None)


def upload_path(job: ImportJob, filename: str) -> str:
    """A folder of its own for each job: the photos' ZIP must stand beside its archive."""
    return f"{job.token}/{Path(filename).name}"


class JobState(models.TextChoices):
    CHECKING = "checking", _("Đang kiểm tra")
    CHECKED = "checked", _("Đã kiểm tra, chờ bấm nhập")
    RUNNING = "running", _("Đang nhập")
    DONE = "done", _("Đã nhập xong")
    STOPPED = "stopped", _("Đã dừng")
    FAILED = "failed", _("Không đọc được tệp")


class ImportJobQuerySet(models.QuerySet["ImportJob"]):
    def waiting(self) -> Self:
        """Jobs with work left for the worker, oldest first."""
        return self.filter(state__in=[JobState.CHECKING, JobState.RUNNING]).order_by("pk")


class ImportJob(models.Model):
    """One archive file that someone uploaded: checked first, then, when told so, imported by the worker."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    archive = models.FileField(_("Tệp kho"), storage=private_storage, upload_to=upload_path)
    photos = models.FileField(_("Tệp ZIP ảnh"), storage=private_storage, upload_to=upload_path, blank=True)
    lenient_photos = models.BooleanField(_("Nhập cả bài có ảnh hỏng hoặc thiếu, bỏ ảnh đó"), default=False)
    state = models.CharField(max_length=8, choices=JobState.choices, default=JobState.CHECKING)
    created_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    #: When the worker last did something for it.
    touched_at = models.DateTimeField(default=timezone.now)
    bytes_done = models.BigIntegerField(default=0)
    bytes_total = models.BigIntegerField(default=0)
    #: Counts of the pass that is under way or was the last: rows, added, updated, unchanged, refused, warnings.
    counts = models.JSONField(default=dict)
    #: The first problems, as the report's rows have them.
    sample = models.JSONField(default=list)
    error = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần nhập kho")
        verbose_name_plural = _("lần nhập kho")
        ordering = ["-pk"]

    @property
    def name(self) -> str:
        """The name of the file as uploaded."""
        return Path(self.archive.name or "").name

    @property
    def report_path(self) -> Path:
        """Where the worker writes all problems of the last pass; not there before the first one."""
        return Path(self.archive.storage.path(upload_path(self, "bao-cao.csv")))

    @property
    def is_waiting(self) -> bool:
        return self.state in {JobState.CHECKING, JobState.RUNNING}

    def discard(self) -> None:
        """Delete the job and the files that were uploaded for it; what was imported stays."""
        folder = self.report_path.parent
        self.delete()
        shutil.rmtree(folder, ignore_errors=True)

    @property
    def percent(self) -> int:
        return min(100, self.bytes_done * 100 // self.bytes_total) if self.bytes_total else 0
