"""The column's Thursdays, approvals, and what the publisher needs to know."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from column.text.dates import TZ, format_day_long


class SlotQuerySet(models.QuerySet["Slot"]):
    def upcoming(self, today: date) -> Self:
        return self.filter(day__gte=today).order_by("day")


class Slot(models.Model):
    """*Kỳ đăng*: one Thursday of one column. A slot is not an article.

    ``story`` is one-to-one: a day cannot hold two articles nor an article two days, by the database.
    """

    column = models.ForeignKey("column.ColumnPage", models.PROTECT, related_name="slots")
    day = models.DateField(_("Kỳ đăng"))
    publish_time = models.TimeField(_("Giờ lên trang (giờ Đà Nẵng)"))
    story = models.OneToOneField(
        "column.Article",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="slot",
        verbose_name=_("Bài viết"),
    )
    teaser = models.CharField(
        _("Lời báo trước cho bạn đọc"), max_length=200, blank=True,
        help_text=_("Hiện ở trang nhất bên ngày của kỳ tới; bỏ trống thì chỉ hiện ngày."),
    )  # fmt: skip
    skip_reason = models.CharField(_("Lý do nghỉ kỳ"), max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, editable=False)
    late_minutes = models.PositiveIntegerField(null=True, editable=False)

    objects = SlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("kỳ đăng")
        verbose_name_plural = _("kỳ đăng")
        ordering = ["day"]
        constraints = [
            models.UniqueConstraint(fields=["column", "day"], name="slot_once_a_day"),
            models.CheckConstraint(condition=Q(skip_reason="") | Q(story__isnull=True), name="slot_skipped_is_empty"),
        ]

    def __str__(self) -> str:
        return f"Kỳ {format_day_long(self.day)}"

    @property
    def due_at(self) -> datetime:
        """The instant at which the slot's story goes out."""
        return datetime.combine(self.day, self.publish_time, tzinfo=TZ)


class Approval(models.Model):
    """A person with that right approved exactly this revision."""

    story = models.ForeignKey("column.Story", models.CASCADE, related_name="approvals")
    revision = models.OneToOneField("wagtailcore.Revision", models.CASCADE, related_name="approval")
    approved_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")
    approved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["approved_at"]


class PublishFailure(models.Model):
    """A due revision that could not be published: kept due, tried again with growing pauses."""

    revision = models.OneToOneField("wagtailcore.Revision", models.CASCADE, related_name="publish_failure")
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    error = models.TextField()
    failed_at = models.DateTimeField()

    class Meta:
        ordering = ["next_attempt_at"]


class RunnerLease(models.Model):
    """Who may run ``publish_due`` now; one row a name."""

    name = models.CharField(max_length=40, primary_key=True)
    holder = models.CharField(max_length=80, blank=True)
    expires_at = models.DateTimeField()


@register_setting(icon="time", order=120)
class ScheduleSettings(BaseGenericSetting):
    """When the column is published, and since when this system answers for it."""

    default_publish_time = models.TimeField(_("Giờ lên trang mặc định"), default=time(6, 0))
    go_live_date = models.DateField(
        _("Ngày hệ thống bắt đầu vận hành"), null=True, blank=True,
        help_text=_("Các kỳ trước ngày này mà không có bài là “chưa có dữ liệu”, không phải bỏ lỡ."),
    )  # fmt: skip
    late_after_minutes = models.PositiveSmallIntegerField(_("Tính là đăng muộn sau (phút)"), default=15)

    class Meta:
        verbose_name = _("Lịch đăng")
