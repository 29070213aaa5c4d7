"""Writing into the ledger, inside the transaction of what happened."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.log_actions import log

from column.enums import SlotAction
from column.schedule.ledger.models import SlotEvent
from column.schedule.models import Approval, Slot
from column.schedule.signals import slot_changed
from column.stories.models import Story

#: What the story's own history calls it; the same words as the ledger's.
LOG_PREFIX = "column.slot."


def note(
    action: SlotAction,
    slot: Slot,
    user: Any,
    *,
    story: Story | None = None,
    logged: bool = True,
    reason: str = "",
    data: dict[str, Any] | None = None,
    batch: uuid.UUID | None = None,
    undoes: uuid.UUID | None = None,
    at: datetime | None = None,
) -> SlotEvent:
    """Add what happened to the slot's history and, when a *story* is named and *logged*, to the story's.

    *user* None is the system itself. Raises ``IntegrityError`` when *undoes* was undone before.
    """
    title = (story.draft_title or story.title) if story else ""
    event = SlotEvent.objects.create(
        slot=slot, action=action, at=at or timezone.now(), by=user, by_name=user.get_full_name()[:150] if user else "",
        story_id=story.pk if story else None, story_title=title[:255], reason=reason.strip()[:200],
        data=data or {}, batch=batch or uuid.uuid4(), undoes=undoes,
    )  # fmt: skip
    if story is not None and logged:
        log(
            instance=story, action=f"{LOG_PREFIX}{action}", user=user,
            data={"day": slot.day.isoformat(), "title": title, "reason": event.reason},
        )  # fmt: skip
    slot_changed.send(sender=SlotEvent, event=event)
    return event


def approval_of(revision_id: int | None) -> dict[str, str]:
    """Who approved a version and when, for an event's ``data``: approvals go with the account that gave them."""
    approval = Approval.objects.filter(revision=revision_id).select_related("approved_by").first()
    if approval is None or approval.approved_by is None:
        return {}
    return {"approved_by": approval.approved_by.get_full_name(), "approved_at": approval.approved_at.isoformat()}
