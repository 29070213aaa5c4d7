"""*Tạm giữ*: a story that must not go out until somebody lets it go again.

While it is held nothing schedules or publishes it: not the editor's own *Publish*, not the publisher. Whoever calls
has checked ``column.schedule_story``.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from column.enums import SlotAction
from column.schedule.ledger.models import SlotEvent
from column.schedule.ledger.recording import LOG_PREFIX, note
from column.schedule.locking import is_scheduled, lock_slots, lock_story, title_of
from column.schedule.models import Hold, Slot
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import cancel_schedule, check_not_held, schedule_story
from column.stories.models import Story


def hold(story: Story, reason: str, user: Any, now: datetime, *, batch: uuid.UUID | None = None) -> Hold:
    """Hold a story that is not live; its schedule is cancelled. Raises :class:`ScheduleProblem`."""
    if not reason.strip():
        raise ScheduleProblem(_("Hãy ghi lý do tạm giữ."))
    batch = batch or uuid.uuid4()
    with transaction.atomic():
        fresh = lock_story(story.pk)
        if fresh.live:
            raise ScheduleProblem(
                _("“%(title)s” đã lên trang nên không tạm giữ được; muốn bạn đọc không xem được nữa, hãy gỡ bài.")
                % title_of(fresh)
            )
        check_not_held(fresh)
        slot = _slot_of(fresh)
        if is_scheduled(fresh.pk):
            cancel_schedule(fresh, user, batch=batch)
        kept = Hold.objects.create(story_id=fresh.pk, reason=reason.strip()[:200], held_by=user, held_at=now)
        _note(SlotAction.HELD, slot, fresh, user, kept.reason, batch)
    return kept


def release(
    story: Story, user: Any, now: datetime, *, schedule: bool = False, batch: uuid.UUID | None = None
) -> datetime | None:
    """Let a held story go; with *schedule* also schedule it for its slot's time. Returns when it goes out, if it does.

    Raises :class:`ScheduleProblem`, and with it ``NotReady``.
    """
    batch = batch or uuid.uuid4()
    with transaction.atomic():
        fresh = lock_story(story.pk)
        kept = Hold.objects.filter(story=fresh.pk).first()
        if kept is None:
            raise ScheduleProblem(_("“%(title)s” không còn bị tạm giữ.") % title_of(fresh))
        slot = _slot_of(fresh)
        kept.delete()
        _note(SlotAction.RELEASED, slot, fresh, user, kept.reason, batch)
        return schedule_story(fresh, user, now, batch=batch) if schedule else None


def was_scheduled(story: Story) -> bool:
    """Whether holding the story is what cancelled its schedule."""
    held = SlotEvent.objects.filter(story=story.pk, action=SlotAction.HELD, undoes=None).order_by("pk").last()
    return (
        held is not None and SlotEvent.objects.filter(batch=held.batch, action=SlotAction.UNSCHEDULED).exists()
    )  # fmt: skip


def _slot_of(story: Story) -> Slot | None:
    pk = Slot.objects.filter(story=story.pk).values_list("pk", flat=True).first()
    return lock_slots(pk)[0] if pk is not None else None


def _note(action: SlotAction, slot: Slot | None, story: Story, user: Any, reason: str, batch: uuid.UUID) -> None:
    """In the ledger of its slot; a story without one has its own history alone."""
    if slot is not None:
        note(action, slot, user, story=story, reason=reason, batch=batch)
    else:
        log(
            instance=story, action=f"{LOG_PREFIX}{action}", user=user,
            data={"title": title_of(story)["title"], "reason": reason},
        )  # fmt: skip
