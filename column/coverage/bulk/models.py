"""One act of coding many stories: what it was to do, how far it came, and whether it was undone."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from column.enums import CoverageRole, Tone


class BatchWork(models.TextChoices):
    ADD = "add", _("Thêm đơn vị, tiêu chí")
    SET = "set", _("Đổi vai trò, chiều phản ánh của dòng đã gắn")


class BatchState(models.TextChoices):
    RUNNING = "running", _("Đang gắn")
    DONE = "done", _("Đã gắn xong")
    STOPPED = "stopped", _("Đã dừng")
    UNDOING = "undoing", _("Đang hoàn tác")
    UNDONE = "undone", _("Đã hoàn tác")


class CodingBatchQuerySet(models.QuerySet["CodingBatch"]):
    def waiting(self) -> Self:
        """Batches with work left for the worker, oldest first."""
        return self.filter(state__in=[BatchState.RUNNING, BatchState.UNDOING]).order_by("pk")


class CodingBatch(models.Model):
    """The stories as they were chosen (a list of keys) and the rows for each of them."""

    work = models.CharField(max_length=3, choices=BatchWork.choices)
    state = models.CharField(max_length=7, choices=BatchState.choices, default=BatchState.RUNNING)
    #: How the stories were chosen, in words.
    chosen = models.CharField(max_length=1000)
    stories = models.JSONField(default=list)
    #: Pairs of keys ``[unit or null, criterion or null]``.
    rows = models.JSONField(default=list)
    role = models.CharField(max_length=9, choices=CoverageRole.choices, blank=True)
    tone = models.CharField(max_length=11, choices=Tone.choices, blank=True)
    #: With ``SET``: whether the tone is to be written (an empty one may be meant).
    sets_tone = models.BooleanField(default=False)
    created_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    touched_at = models.DateTimeField(default=timezone.now)
    #: How many of ``stories`` are through, and what came of it.
    done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    undone_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")
    #: How many of ``done`` were taken back, how many rows, and how many stayed since a person changed them later.
    undone = models.PositiveIntegerField(default=0)
    restored = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)

    wagtail_reference_index_ignore = True

    objects = CodingBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("lần gắn hàng loạt")
        verbose_name_plural = _("lần gắn hàng loạt")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.get_work_display()} ({self.pk})"

    @property
    def is_waiting(self) -> bool:
        return self.state in {BatchState.RUNNING, BatchState.UNDOING}

    @property
    def percent(self) -> int:
        total = self.done if self.state in {BatchState.UNDOING, BatchState.UNDONE} else len(self.stories)
        through = self.undone if self.state in {BatchState.UNDOING, BatchState.UNDONE} else self.done
        return through * 100 // total if total else 100
