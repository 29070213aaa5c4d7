"""What happens to a Thursday when nobody does anything: its day passes, and the ledger says so."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from column.enums import SlotAction
from column.schedule.ledger.models import SlotEvent
from column.schedule.ledger.recording import note
from column.schedule.models import ScheduleSettings, Slot, SlotQuerySet
from column.text.dates import TZ


def record_missed(now: datetime) -> int:
    """Note every slot whose day (Đà Nẵng's) is over without a publication; return how many were noted now.

    Only from the go-live date on, never a skipped one, each once for ever: what is published afterwards adds its own
    event. Any number of runners may call it at any time. One query when there is nothing to note.
    """
    noted = 0
    for pk in _missed(now).values_list("pk", flat=True):
        with transaction.atomic():
            Slot.objects.select_for_update().only("pk").filter(pk=pk).first()
            # Asked again, in a statement of its own, once the row is held: a publication may have been under way, or
            # another runner was first, and a statement that waited for the lock would not see that.
            slot = _missed(now).filter(pk=pk).first()
            if slot is not None:
                note(SlotAction.MISSED, slot, None, story=slot.story, logged=False, at=now)
                noted += 1
    return noted


def _missed(now: datetime) -> SlotQuerySet:
    # A missing setting or date compares as unknown: no slot.
    go_live = ScheduleSettings.objects.order_by("pk").values("go_live_date")[:1]
    known = SlotEvent.objects.filter(slot=OuterRef("pk"), action=SlotAction.MISSED)
    slots: SlotQuerySet = Slot.objects.filter(
        ~Exists(known), issue_day__lt=timezone.localdate(now, TZ), issue_day__gte=go_live, published_at=None,
        skip_reason="",
    )  # fmt: skip
    return slots.exclude(story__live=True).order_by("issue_day")
