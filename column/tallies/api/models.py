"""Keys with which a person's programs read tallies."""

from __future__ import annotations

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def working(self, now: datetime) -> Self:
        """Neither revoked nor expired."""
        return self.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True)


class ApiKey(models.Model):
    """*Khóa API*: lets a program read what its person may; only the SHA-256 of the secret is kept.

    Revoked keys stay: who had which key, and when it was last used, can be told afterwards.
    """

    user = models.ForeignKey("column.User", models.CASCADE, related_name="api_keys")
    name = models.CharField(_("Dùng cho"), max_length=80)
    #: The first characters of the secret: enough to tell keys apart, nothing to guess from.
    begins = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    wagtail_reference_index_ignore = True

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("khóa API")
        verbose_name_plural = _("khóa API")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.name} ({self.begins}…)"
