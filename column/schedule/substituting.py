"""*Thay bài*: the story falls through, another one that is approved goes out in its place at the same time.

Whoever calls has checked ``column.change_slot`` and ``column.schedule_story``.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from column.enums import SlotAction
from column.schedule.ledger.recording import note
from column.schedule.locking import (
    check_draft,
    check_idle,
    check_still,
    is_scheduled,
    lock_slots,
    lock_stories,
    stories_on,
    title_of,
)
from column.schedule.models import Reserve, Slot
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import cancel_schedule, schedule_story
from column.schedule.slots import check_fits, put, take
from column.stories.models import Story
from column.text.dates import TZ, format_day, format_day_long


def substitute(
    slot: Slot,
    replacement: Story,
    reason: str,
    user: Any,
    now: datetime,
    *,
    failed: int | None = None,
    batch: uuid.UUID | None = None,
) -> datetime:
    """Put an article of the reserve in the place of the slot's draft, and schedule it; return when it goes out.

    The draft goes back to the tray, its schedule cancelled. The replacement leaves the reserve, keeps its approval
    (nothing makes a new version of it) and goes out at the slot's time, at once when that has passed.
    *failed* is the key of the draft that the person saw: another one by now is not replaced.
    Raises :class:`ScheduleProblem`, and with it ``NotReady``.
    """
    if not reason.strip():
        raise ScheduleProblem(_("Hãy ghi lý do thay bài."))
    batch = batch or uuid.uuid4()
    with transaction.atomic():
        (failed_id,) = stories_on(slot)
        if failed is not None and failed != failed_id:
            raise ScheduleProblem(_("Kỳ này vừa được người khác thay đổi; hãy tải lại trang."))
        if failed_id == replacement.pk:
            raise ScheduleProblem(_("“%(title)s” đang ở chính kỳ này.") % title_of(replacement))
        stories = lock_stories([failed_id, replacement.pk])
        fallen, other = stories[failed_id], stories[replacement.pk]
        (target,) = lock_slots(slot.pk)
        check_still(target, fallen.pk)
        check_draft(fallen)
        if target.issue_day < timezone.localdate(now, TZ):
            raise ScheduleProblem(
                _("Kỳ %(day)s đã qua ngày đăng nên không thay bài được nữa.") % {"day": format_day_long(target.day)}
            )
        kept = _usable(other, target)
        row = {"use_by": kept.use_by.isoformat(), "note": kept.note}
        if is_scheduled(fallen.pk):
            cancel_schedule(fallen, user, batch=batch)
        take(target, fallen)
        put(target, other)
        note(
            SlotAction.SUBSTITUTED, target, user, story=fallen, reason=reason, batch=batch,
            data={"other_story": other.pk, "other_title": other.draft_title, "reserve": row},
        )  # fmt: skip
        kept.delete()
        return schedule_story(other, user, now, batch=batch)


def _usable(story: Story, slot: Slot) -> Reserve:
    """The held story's row in the reserve. Raises :class:`ScheduleProblem` when it cannot stand in on this slot."""
    check_draft(story)
    kept = Reserve.objects.filter(article=story.pk).first()
    if kept is None:
        raise ScheduleProblem(
            _("“%(title)s” không còn là bài gối đầu; có thể người khác vừa dùng. Hãy chọn bài khác.") % title_of(story)
        )
    if kept.use_by < slot.issue_day:
        raise ScheduleProblem(
            _("“%(title)s” chỉ dùng được đến hết %(day)s; hãy chọn bài khác.")
            % {**title_of(story), "day": format_day(kept.use_by)}
        )
    check_fits(slot, story)
    check_idle(story)
    return kept
