"""What people are told: in the admin always, by mail when there is a mail server."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from column.enums import AlarmKind, NoticeKind


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> Self:
        return self.filter(read_at=None)

    def to_mail(self, now: datetime) -> Self:
        """Not sent yet and not resting after a failure; the oldest first."""
        return self.filter(mailed_at=None, next_mail_at__lte=now).order_by("pk")


class Notice(models.Model):
    """One message to one person; the same text stands in the admin and in the mail.

    ``key`` names what it is about: one person is told the same thing once, by the database. A mail is sent after
    the commit, by the worker; ``next_mail_at`` is when to try (again), None when there is nothing (more) to send.
    """

    recipient = models.ForeignKey("column.User", models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind.choices)
    key = models.CharField(max_length=160)
    subject = models.CharField(max_length=255)
    text = models.TextField()
    #: A path on this site, without the host.
    url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    next_mail_at = models.DateTimeField(null=True, blank=True)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_error = models.CharField(max_length=300, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("tin nhắn")
        verbose_name_plural = _("tin nhắn")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notice_told_once")]
        indexes = [
            models.Index(fields=["next_mail_at"], name="notice_to_mail", condition=Q(next_mail_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.subject


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)


class Alarm(models.Model):
    """Something that was due is not out, or not as readers should see it. Open until the cause is gone.

    ``key`` names the cause; there is one open alarm of a key, by the database.
    """

    kind = models.CharField(max_length=8, choices=AlarmKind.choices)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=255)
    text = models.TextField()
    url = models.CharField(max_length=500, blank=True)
    slot = models.ForeignKey("column.Slot", models.SET_NULL, null=True, blank=True, related_name="+")
    story = models.ForeignKey("column.Story", models.SET_NULL, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey("column.User", models.SET_NULL, null=True, blank=True, related_name="+")
    #: When to call the webhook (again); None when there is none, or it was called.
    next_call_at = models.DateTimeField(null=True, blank=True)
    call_attempts = models.PositiveSmallIntegerField(default=0)
    call_error = models.CharField(max_length=300, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("báo động")
        verbose_name_plural = _("báo động")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=Q(closed_at=None), name="alarm_open_once"),
        ]

    def __str__(self) -> str:
        return self.title
