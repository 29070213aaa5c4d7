"""*Bằng chứng lên trang*: what a reader got, fetched after each go-live."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from column.enums import ProofState


class Proof(models.Model):
    """The proof of one go-live of one story; made in the publishing transaction, checked by the worker after it.

    ``results`` is a list of ``{"probe": name, "label": words, "ok": bool, "detail": words, "url": address}`` in the
    order in which the probes are registered.
    """

    story = models.ForeignKey("column.Story", models.CASCADE, related_name="proofs")
    revision = models.ForeignKey("wagtailcore.Revision", models.SET_NULL, null=True, related_name="+")
    went_live_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=ProofState.choices, default=ProofState.PENDING)
    results = models.JSONField(default=list)
    attempts = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    #: None: nothing more to check (green, or overtaken by a newer go-live or a take-down).
    next_check_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("bằng chứng lên trang")
        verbose_name_plural = _("bằng chứng lên trang")
        ordering = ["-went_live_at", "-pk"]
        indexes = [
            models.Index(fields=["next_check_at"], name="proof_to_check", condition=Q(next_check_at__isnull=False)),
        ]
