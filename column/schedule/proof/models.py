"""*Bằng chứng lên trang*: what a reader got, fetched after each go-live."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from column.enums import ProofState
from column.schedule.proof.rules import LONGEST_PAUSE

#: Icon of each state in the admin's own sprite; the word always stands beside it.
ICONS = {
    ProofState.PENDING: "rotate",
    ProofState.GREEN: "success",
    ProofState.RED: "warning",
    ProofState.OVERTAKEN: "history",
}


class ProofQuerySet(models.QuerySet["Proof"]):
    def to_check(self, now: datetime) -> Self:
        """Whose time has come, the oldest first. Farther ahead than a pause can be: the clock was set back since."""
        due = Q(next_check_at__lte=now) | Q(next_check_at__gt=now + LONGEST_PAUSE)
        return self.filter(due, next_check_at__isnull=False).order_by("next_check_at", "pk")

    def newest_of(self, story_ids: Iterable[int]) -> dict[int, Proof]:
        """The newest proof of each story that has one, by the story's key; one query."""
        return {proof.story_id: proof for proof in self.filter(story__in=list(story_ids)).order_by("pk")}


class Proof(models.Model):
    """The proof of one go-live of one story; made in the publishing transaction, checked by the worker after it.

    ``results`` is a list of ``{"probe": name, "label": words, "ok": bool, "detail": words, "url": address}`` in the
    order in which the probes are registered. ``answered`` is False when the site could not be reached at all at the
    last look: then nothing is known of the story.
    """

    story = models.ForeignKey("column.Story", models.CASCADE, related_name="proofs")
    revision = models.ForeignKey("wagtailcore.Revision", models.SET_NULL, null=True, related_name="+")
    went_live_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=ProofState.choices, default=ProofState.PENDING)
    results = models.JSONField(default=list)
    answered = models.BooleanField(default=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    checked_at = models.DateTimeField(null=True, blank=True)
    #: None: nothing more to check (green, or overtaken by a newer go-live or a take-down).
    next_check_at = models.DateTimeField(null=True, blank=True)

    objects = ProofQuerySet.as_manager()

    class Meta:
        verbose_name = _("bằng chứng lên trang")
        verbose_name_plural = _("bằng chứng lên trang")
        ordering = ["-went_live_at", "-pk"]
        indexes = [
            models.Index(fields=["next_check_at"], name="proof_to_check", condition=Q(next_check_at__isnull=False)),
        ]

    @property
    def icon(self) -> str:
        return ICONS[ProofState(self.state)]

    @property
    def words(self) -> str:
        """The state as the desk reads it; a site that cannot be reached is told apart."""
        if self.state != ProofState.OVERTAKEN and not self.answered:
            return str(_("Trang web không trả lời"))
        return str(ProofState(self.state).label)
