"""The column's Thursdays, approvals, and what the publisher needs to know."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any, Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from column.enums import HolidayKind
from column.text.dates import TZ, WEEKDAYS, format_day_long


class SlotRule(models.Model):
    """On which weekday a column appears, at what time, and how long before that its steps are due; dated data.

    A column may have several rules at once (twice a week) and one after the other; days are inclusive.
    """

    column = models.ForeignKey(
        "column.ColumnPage", models.CASCADE, related_name="slot_rules", verbose_name=_("Chuyên mục")
    )
    weekday = models.PositiveSmallIntegerField(_("Thứ"), choices=list(enumerate(WEEKDAYS)), default=3)
    publish_time = models.TimeField(_("Giờ lên trang (giờ Đà Nẵng)"), default=time(6, 0))
    draft_days = models.PositiveSmallIntegerField(
        _("Hạn nộp bài: trước (ngày)"), default=3, validators=[MaxValueValidator(60)]
    )
    draft_time = models.TimeField(_("Hạn nộp bài: giờ"), default=time(17, 0))
    approval_days = models.PositiveSmallIntegerField(
        _("Hạn duyệt: trước (ngày)"), default=1, validators=[MaxValueValidator(60)]
    )
    approval_time = models.TimeField(_("Hạn duyệt: giờ"), default=time(17, 0))
    first_day = models.DateField(_("Áp dụng từ ngày"), null=True, blank=True)
    last_day = models.DateField(_("đến hết ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("quy tắc kỳ đăng")
        verbose_name_plural = _("quy tắc kỳ đăng")
        ordering = ["column", "first_day", "weekday"]
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day=None) | Q(last_day=None) | Q(last_day__gte=models.F("first_day")),
                name="slot_rule_days_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]}, {self.publish_time:%H:%M}"


class Holiday(models.Model):
    """What the newsroom declares of a day; it wins over the calendar of public holidays."""

    day = models.DateField(_("Ngày"), unique=True)
    kind = models.CharField(_("Là"), max_length=7, choices=HolidayKind.choices, default=HolidayKind.OFF)
    name = models.CharField(_("Tên gọi"), max_length=120)

    class Meta:
        verbose_name = _("ngày nghỉ")
        verbose_name_plural = _("ngày nghỉ")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{format_day_long(self.day)}: {self.name}"


class SlotQuerySet(models.QuerySet["Slot"]):
    def upcoming(self, today: date) -> Self:
        return self.filter(issue_day__gte=today).order_by("issue_day")


class Slot(models.Model):
    """*Kỳ đăng*: one Thursday of one column. A slot is not an article.

    ``story`` is one-to-one: a day cannot hold two articles nor an article two days, by the database.
    """

    column = models.ForeignKey("column.ColumnPage", models.PROTECT, related_name="slots")
    day = models.DateField(_("Kỳ đăng"))
    #: The day on which it goes out and which its story is counted under: *day*, unless it was moved (Tết).
    issue_day = models.DateField(_("Ngày đăng"), editable=False)
    #: Somebody decided that this one appears within the Tết break as usual.
    kept_in_break = models.BooleanField(default=False, editable=False)
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
            models.UniqueConstraint(fields=["column", "issue_day"], name="slot_once_an_issue_day"),
            models.CheckConstraint(condition=Q(skip_reason="") | Q(story__isnull=True), name="slot_skipped_is_empty"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if "day" in kwargs:
            kwargs.setdefault("issue_day", kwargs["day"])
        super().__init__(*args, **kwargs)

    def __str__(self) -> str:
        return f"Kỳ {format_day_long(self.day)}"

    @property
    def due_at(self) -> datetime:
        """The instant at which the slot's story goes out."""
        return datetime.combine(self.issue_day, self.publish_time, tzinfo=TZ)

    @property
    def moved(self) -> bool:
        return self.issue_day != self.day


class Hold(models.Model):
    """*Tạm giữ*: the story must not go out until somebody lets it go again; what held it stays in the ledger."""

    story = models.OneToOneField("column.Story", models.CASCADE, related_name="hold")
    reason = models.CharField(_("Lý do tạm giữ"), max_length=200)
    held_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")
    held_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("tạm giữ")
        verbose_name_plural = _("tạm giữ")


class Reserve(models.Model):
    """*Bài gối đầu*: an approved article that may stand in for another, until its use-by day (inclusive)."""

    article = models.OneToOneField("column.Article", models.CASCADE, related_name="reserve")
    use_by = models.DateField(_("Dùng được đến hết ngày"))
    note = models.CharField(_("Ghi chú"), max_length=200, blank=True)
    added_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("bài gối đầu")
        verbose_name_plural = _("bài gối đầu")
        ordering = ["use_by"]


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

    go_live_date = models.DateField(
        _("Ngày hệ thống bắt đầu vận hành"), null=True, blank=True,
        help_text=_("Các kỳ trước ngày này mà không có bài là “chưa có dữ liệu”, không phải bỏ lỡ."),
    )  # fmt: skip
    late_after_minutes = models.PositiveSmallIntegerField(_("Tính là đăng muộn sau (phút)"), default=15)
    alarm_after_minutes = models.PositiveSmallIntegerField(
        _("Báo động khi đến giờ mà chưa lên trang sau (phút)"), default=2, validators=[MaxValueValidator(4)],
        help_text=_("Từ 0 đến 4 phút."),
    )  # fmt: skip
    digest_weekday = models.PositiveSmallIntegerField(
        _("Bản tin đầu tuần gửi vào"), choices=list(enumerate(WEEKDAYS)), default=0
    )
    digest_time = models.TimeField(_("lúc"), default=time(7, 0))

    class Meta:
        verbose_name = _("Lịch đăng")
