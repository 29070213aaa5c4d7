"""What reports are about besides stories: which units are watched, and into which periods a report cuts time."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel

from column.text.dates import format_day


class MonitoredList(models.Model):
    """*Danh sách đơn vị theo dõi*: the units that a report's zeros are about, as of a day (contract, rule 5)."""

    slug = models.SlugField(_("Mã"), max_length=60, unique=True, help_text=_("Dùng trong địa chỉ, không đổi."))
    name = models.CharField(_("Tên danh sách"), max_length=160)
    as_of = models.DateField(_("Lập theo ngày"))
    source = models.CharField(_("Căn cứ"), max_length=300, blank=True)
    units = models.ManyToManyField("column.Department", related_name="+", verbose_name=_("Đơn vị"))

    class Meta:
        verbose_name = _("danh sách đơn vị theo dõi")
        verbose_name_plural = _("danh sách đơn vị theo dõi")
        ordering = ["-as_of", "name"]

    def __str__(self) -> str:
        return f"{self.name} ({format_day(self.as_of)})"


class ReportingSeries(ClusterableModel):
    """A way in which reports cut time (*kỳ báo cáo*): every so many months from a day, or as its periods say.

    “15/12–14/12” is every 12 months from any 15 December.
    """

    slug = models.SlugField(_("Mã"), max_length=60, unique=True, help_text=_("Dùng trong địa chỉ, không đổi."))
    name = models.CharField(_("Tên"), max_length=160)
    starts_on = models.DateField(
        _("Một kỳ bắt đầu ngày"), null=True, blank=True, help_text=_("Ví dụ 15/12/2016: kỳ từ 15/12 đến 14/12.")
    )
    months = models.PositiveSmallIntegerField(
        _("Mỗi kỳ dài"), null=True, blank=True,
        choices=[(1, _("1 tháng")), (3, _("3 tháng")), (6, _("6 tháng")), (12, _("12 tháng"))],
        help_text=_("Bỏ trống nếu tự ghi từng kỳ bên dưới."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("cách chia kỳ báo cáo")
        verbose_name_plural = _("cách chia kỳ báo cáo")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None, months=None) | Q(starts_on__isnull=False, months__isnull=False),
                name="series_recurs_or_not",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if (self.starts_on is None) != (self.months is None):
            raise ValidationError(_("Kỳ lặp lại cần cả ngày bắt đầu và độ dài; kỳ tự ghi thì bỏ trống cả hai."))


class ReportingPeriod(models.Model):
    """One period of a series that does not recur by itself; both days are included."""

    series = ParentalKey("column.ReportingSeries", on_delete=models.CASCADE, related_name="periods")
    name = models.CharField(_("Tên kỳ"), max_length=160)
    first_day = models.DateField(_("Từ ngày"))
    last_day = models.DateField(_("đến hết ngày"))

    class Meta:
        verbose_name = _("kỳ báo cáo")
        verbose_name_plural = _("kỳ báo cáo")
        ordering = ["first_day"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="reporting_period_days_in_order"),
        ]

    def __str__(self) -> str:
        return self.name

    def overlaps(self, first: date, last: date) -> bool:
        return self.first_day <= last and first <= self.last_day

    def clean(self) -> None:
        super().clean()
        if not self.first_day or not self.last_day:
            return  # the fields have said so themselves
        if self.last_day < self.first_day:
            raise ValidationError({"last_day": _("Ngày kết thúc đứng trước ngày bắt đầu.")})
        others = ReportingPeriod.objects.filter(series=self.series_id).exclude(pk=self.pk)
        for other in others:
            if self.overlaps(other.first_day, other.last_day):
                raise ValidationError(_("Kỳ này trùng ngày với “%(name)s”.") % {"name": other.name})
