"""On which day a Thursday's story goes out: the Tết break asks, and any slot may be moved by a few days.

Whoever calls has checked ``column.change_slot``.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from column.enums import SlotAction
from column.schedule.holidays import HolidayCalendar
from column.schedule.ledger.recording import note
from column.schedule.locking import check_still, is_scheduled, lock_slots, lock_story, title_of
from column.schedule.models import Slot
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import cancel_schedule
from column.schedule.slots import date_story
from column.stories.models import Story
from column.text.dates import TZ, format_day_long

#: A slot stays in the week on either side of its own day.
FARTHEST = timedelta(days=6)


def keep(slot: Slot, user: Any, *, batch: uuid.UUID | None = None) -> Slot:
    """Decide that a slot within the Tết break appears as usual. Raises :class:`ScheduleProblem`."""
    with transaction.atomic():
        (target,) = lock_slots(slot.pk)
        if not HolidayCalendar.load().in_tet_break(target.day):
            raise ScheduleProblem(_("Kỳ này không rơi vào kỳ nghỉ Tết; kỳ vẫn đăng như thường."))
        if target.skip_reason:
            raise ScheduleProblem(_("Kỳ này đã báo nghỉ; hãy mở lại kỳ trước."))
        if not target.kept_in_break:
            set_kept(target, user, True, batch=batch)
    return target


def set_kept(slot: Slot, user: Any, kept: bool, *, batch: uuid.UUID | None, undoes: uuid.UUID | None = None) -> None:
    """Of a held slot."""
    data = {"before": {"kept_in_break": slot.kept_in_break}, "after": {"kept_in_break": kept}}
    slot.kept_in_break = kept
    slot.save(update_fields=["kept_in_break"])
    note(SlotAction.KEPT, slot, user, data=data, batch=batch, undoes=undoes)


def move_day(
    slot: Slot,
    day: date,
    reason: str,
    user: Any,
    now: datetime,
    *,
    unschedule: bool = False,
    batch: uuid.UUID | None = None,
) -> Slot:
    """Let a slot go out on another day near its own; its story's issue date follows, its deadlines too.

    The *reason* may be empty when it goes back to its own day. A scheduled story only with *unschedule*, for which
    whoever calls has checked ``column.schedule_story``: its schedule is cancelled, it is a plan again.
    Raises :class:`ScheduleProblem`.
    """
    batch = batch or uuid.uuid4()
    with transaction.atomic():
        story, target = _held(slot)
        if day != target.day and not reason.strip():
            raise ScheduleProblem(_("Hãy ghi lý do dời ngày."))
        if target.skip_reason:
            raise ScheduleProblem(_("Kỳ này đã báo nghỉ; hãy mở lại kỳ trước."))
        if day == target.issue_day:
            raise ScheduleProblem(_("Ngày đăng của kỳ đã là %(day)s.") % {"day": format_day_long(day)})
        if abs(day - target.day) > FARTHEST:
            raise ScheduleProblem(
                _("Chỉ dời được trong khoảng từ %(first)s đến %(last)s, quanh ngày của kỳ.")
                % {"first": format_day_long(target.day - FARTHEST), "last": format_day_long(target.day + FARTHEST)}
            )
        if day < timezone.localdate(now, TZ):
            raise ScheduleProblem(_("%(day)s đã qua; hãy chọn một ngày từ hôm nay.") % {"day": format_day_long(day)})
        if story is not None and is_scheduled(story.pk):
            if not unschedule:
                raise ScheduleProblem(_("“%(title)s” đã hẹn giờ; hãy hủy hẹn giờ trước.") % title_of(story))
            cancel_schedule(story, user, batch=batch)
        set_day(target, story, day, user, reason=reason, batch=batch)
    return target


def set_day(
    slot: Slot,
    story: Story | None,
    day: date,
    user: Any,
    *,
    reason: str = "",
    batch: uuid.UUID | None,
    undoes: uuid.UUID | None = None,
) -> None:
    """Of a held slot and its held story. Raises :class:`ScheduleProblem` when another slot has that day."""
    data = {"before": {"issue_day": slot.issue_day.isoformat()}, "after": {"issue_day": day.isoformat()}}
    slot.issue_day = day
    try:
        # A savepoint: the unique index knows what was not there a moment ago.
        with transaction.atomic():
            slot.save(update_fields=["issue_day"])
    except IntegrityError:
        raise ScheduleProblem(
            _("%(day)s đã là ngày đăng của một kỳ khác; hãy chọn ngày khác.") % {"day": format_day_long(day)}
        ) from None
    if story is not None:
        date_story(story, day)
    note(SlotAction.DAY_CHANGED, slot, user, story=story, reason=reason, data=data, batch=batch, undoes=undoes)


def _held(slot: Slot) -> tuple[Story | None, Slot]:
    pk = Slot.objects.values_list("story_id", flat=True).get(pk=slot.pk)
    story = lock_story(pk) if pk else None
    (target,) = lock_slots(slot.pk)
    check_still(target, pk)
    if target.published_at or (story is not None and (story.live or story.first_published_at)):
        raise ScheduleProblem(_("Kỳ này đã đăng; ngày đăng không đổi nữa."))
    return story, target
