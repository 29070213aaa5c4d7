"""The calendar in other programs: one secret address per person."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CalendarKey(models.Model):
    """The right to read the schedule as iCalendar by a secret address; only the secret's SHA-256 is kept."""

    user = models.OneToOneField("column.User", models.CASCADE, related_name="calendar_key")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("địa chỉ lịch riêng")
        verbose_name_plural = _("địa chỉ lịch riêng")
