"""Reports that come by themselves: what, how often, for whom; and which ones came."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Rhythm(models.TextChoices):
    """Values are data: never rename one."""

    MONTHLY = "month", _("Hằng tháng")
    QUARTERLY = "quarter", _("Hằng quý")
    YEARLY = "year", _("Hằng năm")


class ReportSchedule(models.Model):
    """*Báo cáo định kỳ*: a tally that is made anew for every period that ended, as a draft that a person freezes.

    ``query`` is the tally's address without its period: that is the rhythm's. ``first_day``: periods that ended
    before it are not made.
    """

    name = models.CharField(_("Tên báo cáo"), max_length=160)
    query = models.TextField(_("Bảng"), blank=True)
    rhythm = models.CharField(_("Nhịp"), max_length=8, choices=Rhythm.choices, default=Rhythm.QUARTERLY)
    days_after = models.PositiveSmallIntegerField(
        _("Lập sau khi hết kỳ (ngày)"), default=1, validators=[MaxValueValidator(60)],
        help_text=_("0: ngay ngày đầu của kỳ sau. Để vài ngày cho việc gắn đơn vị, tiêu chí."),
    )  # fmt: skip
    is_active = models.BooleanField(_("Đang chạy"), default=True)
    readers = models.ManyToManyField(
        "column.User", blank=True, related_name="+", verbose_name=_("Báo cho"),
        help_text=_("Không chọn ai thì báo cho người tạo."),
    )  # fmt: skip
    made_by = models.ForeignKey("column.User", models.SET_NULL, null=True, editable=False, related_name="+")
    first_day = models.DateField(default=timezone.localdate, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    #: Why the last report could not be made; empty when it could.
    problem = models.TextField(blank=True, editable=False)

    class Meta:
        verbose_name = _("báo cáo định kỳ")
        verbose_name_plural = _("báo cáo định kỳ")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class ScheduledReportQuerySet(models.QuerySet["ScheduledReport"]):
    def waiting(self) -> Self:
        """Drafts that nobody has frozen or thrown away."""
        return self.filter(certificate__state="draft").select_related("schedule", "certificate")


class ScheduledReport(models.Model):
    """That a schedule's report of one period came; once for each period, by the database."""

    schedule = models.ForeignKey("column.ReportSchedule", models.CASCADE, related_name="reports")
    period = models.CharField(max_length=10)
    certificate = models.ForeignKey("column.Certificate", models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)

    objects = ScheduledReportQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["schedule", "period"], name="scheduled_report_once")]

    def __str__(self) -> str:
        return f"{self.schedule}: {self.period}"
