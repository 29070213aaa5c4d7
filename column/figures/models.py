"""*Số liệu nêu trong bài*: what stories report about the city, as printed; compared over time, never tallied."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from column.departments.models import validate_bound
from column.departments.rules import parse_bound
from column.figures.rules import parse_printed
from column.text.normalize import fold


class Indicator(models.Model):
    """What several stories report on, so that their figures can be drawn over time. Never deleted."""

    slug = models.SlugField(_("Mã"), max_length=80, unique=True, help_text=_("Dùng trong địa chỉ, không đổi."))
    name = models.CharField(_("Chỉ tiêu"), max_length=200)
    unit = models.CharField(_("Đơn vị tính"), max_length=40, blank=True)
    description = models.TextField(_("Diễn giải"), blank=True, max_length=1000)

    class Meta:
        verbose_name = _("chỉ tiêu")
        verbose_name_plural = _("chỉ tiêu")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/so-lieu/{self.slug}/"


class ReportedFigure(models.Model):
    """One figure of one story. ``value``, ``whole`` and ``earlier`` are read from ``printed`` (55/56; 6 % → 71 %)."""

    story = models.ForeignKey("column.Story", models.CASCADE, related_name="reported_figures")
    indicator = models.ForeignKey(
        "column.Indicator", models.PROTECT, null=True, blank=True, related_name="figures", verbose_name=_("Chỉ tiêu")
    )
    printed = models.CharField(_("Như in trong bài"), max_length=120)
    about = models.CharField(_("Đếm gì"), max_length=200)
    unit = models.CharField(_("Đơn vị tính"), max_length=40, blank=True)
    measured_on = models.CharField(_("Thời điểm"), max_length=10, blank=True, validators=[validate_bound])
    earlier_on = models.CharField(_("Thời điểm trước"), max_length=10, blank=True, validators=[validate_bound])
    reported_by = models.CharField(_("Ai nêu"), max_length=160, blank=True)
    passage = models.TextField(_("Đoạn trong bài"), max_length=2000)
    value = models.DecimalField(max_digits=20, decimal_places=4, null=True, editable=False)
    whole = models.DecimalField(max_digits=20, decimal_places=4, null=True, editable=False)
    earlier = models.DecimalField(max_digits=20, decimal_places=4, null=True, editable=False)
    day = models.DateField(null=True, editable=False)
    earlier_day = models.DateField(null=True, editable=False)
    fold_key = models.TextField(editable=False)
    entered_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("số liệu nêu trong bài")
        verbose_name_plural = _("số liệu nêu trong bài")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.printed} ({self.about})"

    def clean(self) -> None:
        super().clean()
        if parse_printed(self.printed) is None:
            raise ValidationError(
                {"printed": _("Hãy ghi con số như in: 105, 55/56, 71 % hay 6 % → 71 %.")}
            )  # fmt: skip

    def save(self, *args: Any, **kwargs: Any) -> None:
        parts = parse_printed(self.printed)
        self.value, self.whole, self.earlier = (parts.value, parts.whole, parts.earlier) if parts else (None,) * 3
        self.day = parse_bound(self.measured_on).first if self.measured_on else None
        self.earlier_day = parse_bound(self.earlier_on).first if self.earlier_on else None
        self.fold_key = fold(f"{self.printed} {self.about} {self.reported_by} {self.passage}")
        super().save(*args, **kwargs)
