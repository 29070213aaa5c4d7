"""How a report is laid out on paper, and the files that the worker makes for people."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

#: How long a finished file waits for whoever asked for it.
KEPT = timedelta(days=7)


class LayoutForm(models.TextChoices):
    """Which template file lays the texts out; the file names in ``layouts/`` begin so."""

    PARTY = "party", _("Thể thức văn bản của Đảng (36-HD/VPTW)")
    STATE = "state", _("Thể thức văn bản hành chính (Nghị định 30/2020/NĐ-CP)")


def _millimetres(default: int) -> models.PositiveSmallIntegerField[int, int]:
    return models.PositiveSmallIntegerField(default=default, validators=[MinValueValidator(5), MaxValueValidator(60)])


def _points(default: int) -> models.PositiveSmallIntegerField[int, int]:
    return models.PositiveSmallIntegerField(default=default, validators=[MinValueValidator(9), MaxValueValidator(20)])


class ReportLayout(models.Model):
    """The texts and measures of one layout: data that staff change when a regulation or a body's name changes.

    Numbers, signatures and seals are left blank: a person gives them. Millimetres and points.
    """

    slug = models.SlugField(_("Mã"), max_length=40, unique=True, editable=False)
    form = models.CharField(_("Thể thức"), max_length=8, choices=LayoutForm.choices, editable=False)
    name = models.CharField(_("Tên mẫu"), max_length=120)
    heading = models.CharField(_("Tiêu đề văn bản / Quốc hiệu"), max_length=120)
    motto = models.CharField(_("Tiêu ngữ"), max_length=120, blank=True)
    superior = models.CharField(_("Cơ quan cấp trên"), max_length=160, blank=True)
    issuer = models.CharField(_("Cơ quan ban hành"), max_length=160)
    number_line = models.CharField(
        _("Dòng số, ký hiệu"),
        max_length=80,
        blank=True,
        help_text=_("Chừa trống chỗ điền số, ví dụ “Số        -BC/…”."),
    )
    place = models.CharField(_("Địa danh"), max_length=80, default="Đà Nẵng")
    appendix = models.CharField(_("Dòng trên tên bảng"), max_length=80, blank=True)
    title = models.CharField(_("Tên bảng"), max_length=160)
    attached = models.CharField(_("Kèm theo văn bản nào"), max_length=200, blank=True)
    compiler = models.CharField(_("Người lập"), max_length=120, blank=True)
    signer = models.TextField(_("Chức danh người ký"), max_length=300, blank=True, help_text=_("Mỗi dòng một dòng."))
    body_size = _points(14)
    heading_size = _points(15)
    title_size = _points(16)
    table_size = _points(12)
    margin_top = _millimetres(25)
    margin_bottom = _millimetres(25)
    margin_left = _millimetres(35)
    margin_right = _millimetres(15)
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("mẫu trình bày báo cáo")
        verbose_name_plural = _("mẫu trình bày báo cáo")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


def private_storage() -> FileSystemStorage:
    """Made files lie in the data folder, which no address leads to."""
    return FileSystemStorage(location=Path(settings.DATA_DIR) / "exports", base_url=None)


def made_path(job: ExportJob, filename: str) -> str:
    return f"{job.token}/{Path(filename).name}"


class ExportState(models.TextChoices):
    WAITING = "waiting", _("Đang chờ")
    RUNNING = "running", _("Đang lập")
    DONE = "done", _("Đã xong")
    FAILED = "failed", _("Không lập được")


class ExportJobQuerySet(models.QuerySet["ExportJob"]):
    def open(self) -> Self:
        """Jobs with work left for the worker, oldest first."""
        return self.filter(state__in=[ExportState.WAITING, ExportState.RUNNING]).order_by("pk")

    def expired(self, now: datetime) -> Self:
        return self.filter(expires_at__lte=now)


class ExportJob(models.Model):
    """One file that someone asked for and the worker makes: its owner's alone, for some days."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey("column.User", models.CASCADE, related_name="export_jobs")
    #: The tally's address without its path, and the format (a key of ``exports.formats``).
    query = models.TextField()
    format = models.CharField(max_length=8)
    layout = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=ExportState.choices, default=ExportState.WAITING)
    file = models.FileField(storage=private_storage, upload_to=made_path, blank=True, max_length=300)
    size = models.BigIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    #: How often a worker began it; one that brings the worker down is given up.
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    #: When the worker last did something for it.
    touched_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True, db_index=True)

    wagtail_reference_index_ignore = True

    objects = ExportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("tệp lập theo yêu cầu")
        verbose_name_plural = _("tệp lập theo yêu cầu")
        ordering = ["-pk"]
        permissions = [("export_royalties", _("Tải bảng chấm nhuận bút"))]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in {ExportState.WAITING, ExportState.RUNNING}

    @property
    def percent(self) -> int:
        """Of the file, 0 to 100; the last percent is the file's closing."""
        if self.state == ExportState.DONE:
            return 100
        return min(99, self.done * 100 // self.total) if self.total else 0

    @property
    def folder(self) -> Path:
        """Of its own: what a worker left behind in it is cleared before the next one begins."""
        return Path(private_storage().location) / str(self.token)
