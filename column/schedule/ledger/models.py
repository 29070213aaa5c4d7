"""*Sổ kỳ đăng*: what happened to every Thursday, by whom and why. Append-only."""

from __future__ import annotations

import uuid
from typing import Any, Never

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from column.enums import SlotAction


class LedgerQuerySet(models.QuerySet["SlotEvent"]):
    def update(self, **kwargs: Any) -> Never:
        raise TypeError("the ledger is append-only")

    def delete(self) -> Never:
        raise TypeError("the ledger is append-only")


class SlotEvent(models.Model):
    """One thing that happened to one slot. Names and titles are kept as they were: accounts and articles may go.

    What one person did at once (a move concerns two Thursdays) shares a ``batch``; taking it back adds events whose
    ``undoes`` is that batch (the first of them about each slot), which the database lets happen once. ``data`` holds,
    by action: ``late_minutes``, ``approved_by``, ``approved_at`` (of a publication); ``other_slot``, ``other_day`` (of
    a move); ``other_story``, ``other_title`` and its ``reserve`` row (of a substitution: ``story`` fell through, the
    other one took its place); ``before`` and ``after`` (of a change); ``at`` (of a schedule, ISO); ``deleted`` (of a
    removal with its draft). Names of keys are data: never rename one.
    """

    slot = models.ForeignKey("column.Slot", models.PROTECT, related_name="events")
    action = models.CharField(max_length=12, choices=SlotAction.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(
        "column.User", models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+"
    )
    #: Empty: the system itself.
    by_name = models.CharField(max_length=150, blank=True)
    story = models.ForeignKey(
        "column.Story", models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+"
    )
    story_title = models.CharField(max_length=255, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, blank=True)
    batch = models.UUIDField(default=uuid.uuid4, db_index=True)
    undoes = models.UUIDField(null=True, blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["slot", "undoes"], name="slot_event_undone_once"),
            models.UniqueConstraint(fields=["slot"], condition=Q(action="missed"), name="slot_event_missed_once"),
        ]
        permissions = [("view_ledger", _("Xem sổ kỳ đăng"))]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("the ledger is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise TypeError("the ledger is append-only")
