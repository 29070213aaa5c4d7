"""*Hoàn tác*: one step on the Thursdays taken back, once, while what it left behind still stands.

The events of the step's batch are taken back in reverse order, each by its opposite, all in one transaction. Whatever
was changed since then refuses, in words; nothing is ever published by it that was not scheduled before the step.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from column.enums import SlotAction
from column.schedule import days, slots
from column.schedule.ledger.models import SlotEvent
from column.schedule.ledger.recording import note
from column.schedule.locking import check_draft, check_idle, is_scheduled, lock_slots, lock_stories, title_of
from column.schedule.models import Hold, Reserve, Slot
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import cancel_schedule, schedule_story
from column.stories.models import Story
from column.text.dates import TZ, format_day_long, format_moment

#: What was done to a Thursday by people and has an opposite.
UNDOABLE = frozenset(
    {
        SlotAction.ASSIGNED, SlotAction.REMOVED, SlotAction.SUBSTITUTED, SlotAction.SCHEDULED, SlotAction.UNSCHEDULED,
        SlotAction.HELD, SlotAction.RELEASED, SlotAction.SKIPPED, SlotAction.REOPENED, SlotAction.KEPT,
        SlotAction.DAY_CHANGED, SlotAction.CHANGED,
    }
)  # fmt: skip

#: To take these back is to schedule, or to cancel a schedule.
OF_SCHEDULES = frozenset(
    {
        SlotAction.SUBSTITUTED, SlotAction.SCHEDULED, SlotAction.UNSCHEDULED, SlotAction.HELD, SlotAction.RELEASED,
    }
)  # fmt: skip


@dataclass(frozen=True)
class Undone:
    """What was taken back: the slots concerned, and what could not become as it was, in sentences."""

    slots: list[Slot]
    remarks: list[str] = field(default_factory=list)


def events_of(batch: uuid.UUID) -> list[SlotEvent]:
    """What one step wrote, in order."""
    return list(SlotEvent.objects.filter(batch=batch).select_related("slot").order_by("pk"))


def can_undo(events: Iterable[SlotEvent]) -> bool:
    """Whether a step is of a kind that can be taken back, and is not itself such a taking back."""
    listed = list(events)
    return bool(listed) and all(event.action in UNDOABLE and event.undoes is None and _whole(event) for event in listed)


def needs_schedule_right(events: Iterable[SlotEvent]) -> bool:
    """Whether only somebody with ``column.schedule_story`` may take these back."""
    return any(event.action in OF_SCHEDULES for event in events)


def undo(batch: uuid.UUID, user: Any, now: datetime | None = None) -> Undone:
    """Take one step back. *now* is the clock for schedules that are restored (the present when not given).

    A story whose schedule the step cancelled is scheduled again when it still may be and its time is ahead; if not,
    a remark says so. Whoever calls has checked ``column.change_slot``, and ``column.schedule_story`` where
    :func:`needs_schedule_right`. Raises :class:`ScheduleProblem`.
    """
    events = events_of(batch)
    if not can_undo(events):
        raise ScheduleProblem(_("Việc này không hoàn tác được."))
    with transaction.atomic():
        work = _Undoing(batch, events, user, now or timezone.now())
        if SlotEvent.objects.filter(undoes=batch).exists():
            raise ScheduleProblem(_("Việc này đã được hoàn tác rồi."))
        for event in reversed(events):
            work.take_back(event)
    return Undone(list(work.slots.values()), work.remarks)


class _Undoing:
    """The held stories and slots of one step, and the events written about them."""

    def __init__(self, batch: uuid.UUID, events: list[SlotEvent], user: Any, now: datetime) -> None:
        self.undoes, self.batch = batch, uuid.uuid4()
        self.user, self.now = user, now
        self.alone = len(events) == 1
        self.remarks: list[str] = []
        self._told: set[int] = set()
        keys = {key for event in events for key in (event.story_id, event.data.get("other_story")) if key}
        # What lies on the slots today is held too: it may be another story than then.
        on = Slot.objects.filter(pk__in=[event.slot_id for event in events], story__isnull=False)
        keys |= set(on.values_list("story_id", flat=True))
        try:
            self.stories = lock_stories(keys)
        except Story.DoesNotExist:
            raise ScheduleProblem(_("Bài của việc này đã bị xóa nên không hoàn tác được.")) from None
        pks = sorted({event.slot_id for event in events})
        self.slots = dict(zip(pks, lock_slots(*pks), strict=True))

    def take_back(self, event: SlotEvent) -> None:
        opposite = getattr(self, f"_undo_{event.action}")
        opposite(event, self.slots[event.slot_id], self.stories.get(event.story_id or 0))

    def _undo_assigned(self, event: SlotEvent, slot: Slot, story: Story) -> None:
        self._remove(slot, story)
        self._note(SlotAction.REMOVED, slot, story)

    def _undo_removed(self, event: SlotEvent, slot: Slot, story: Story) -> None:
        self._place(slot, story)
        self._note(SlotAction.ASSIGNED, slot, story)

    def _undo_substituted(self, event: SlotEvent, slot: Slot, story: Story) -> None:
        """The one that fell through takes its place again, the other goes back to the reserve."""
        other = self.stories[event.data["other_story"]]
        self._remove(slot, other)
        self._place(slot, story)
        row = event.data["reserve"]
        Reserve.objects.get_or_create(
            article_id=other.pk,
            defaults={
                "use_by": date.fromisoformat(row["use_by"]), "note": row["note"],
                "added_by": self.user, "added_at": self.now,
            },
        )  # fmt: skip
        self._note(SlotAction.REMOVED, slot, other)
        self._note(SlotAction.ASSIGNED, slot, story)

    def _undo_scheduled(self, event: SlotEvent, slot: Slot, story: Story) -> None:
        # Within a larger step, a schedule that was cancelled since then is no obstacle to the rest.
        if self.alone or is_scheduled(story.pk):
            self._check_on(slot, story)
            cancel_schedule(story, self.user, batch=self.batch, undoes=self._mark(slot))

    def _undo_unscheduled(self, event: SlotEvent, slot: Slot, story: Story) -> None:
        self._check_on(slot, story)
        try:
            if slot.due_at <= self.now:
                raise ScheduleProblem(_("giờ của kỳ, %(at)s, đã qua.") % {"at": format_moment(slot.due_at)})
            schedule_story(story, self.user, self.now, batch=self.batch, undoes=self._mark(slot))
        except ScheduleProblem as problem:
            sentence = _("“%(title)s” không được hẹn giờ lại: %(why)s") % {**title_of(story), "why": problem}
            # The step was the cancelled schedule alone: nothing else would be left of taking it back.
            if self.alone:
                raise ScheduleProblem(sentence) from None
            self.remarks.append(sentence)

    def _undo_held(self, event: SlotEvent, slot: Slot, story: Story) -> None:
        if not Hold.objects.filter(story=story.pk).delete()[0]:
            raise ScheduleProblem(_("“%(title)s” không còn bị tạm giữ.") % title_of(story))
        self._note(SlotAction.RELEASED, slot, story, reason=event.reason)

    def _undo_released(self, event: SlotEvent, slot: Slot, story: Story) -> None:
        check_draft(story)
        check_idle(story)
        held = {"reason": event.reason, "held_by": self.user, "held_at": self.now}
        if not Hold.objects.get_or_create(story_id=story.pk, defaults=held)[1]:
            raise ScheduleProblem(_("“%(title)s” đang tạm giữ rồi.") % title_of(story))
        self._note(SlotAction.HELD, slot, story, reason=event.reason)

    def _undo_skipped(self, event: SlotEvent, slot: Slot, story: Story | None) -> None:
        if slot.skip_reason != event.reason:
            raise self._changed(slot)
        slot.skip_reason = ""
        slot.save(update_fields=["skip_reason"])
        self._note(SlotAction.REOPENED, slot, None, reason=event.reason)

    def _undo_reopened(self, event: SlotEvent, slot: Slot, story: Story | None) -> None:
        slots.free_slot(slot)
        slot.skip_reason = event.reason
        slot.save(update_fields=["skip_reason"])
        self._note(SlotAction.SKIPPED, slot, None, reason=event.reason)

    def _undo_kept(self, event: SlotEvent, slot: Slot, story: Story | None) -> None:
        if slot.kept_in_break != event.data["after"]["kept_in_break"]:
            raise self._changed(slot)
        kept = event.data["before"]["kept_in_break"]
        days.set_kept(slot, self.user, kept, batch=self.batch, undoes=self._mark(slot))

    def _undo_day_changed(self, event: SlotEvent, slot: Slot, story: Story | None) -> None:
        if slot.issue_day.isoformat() != event.data["after"]["issue_day"]:
            raise self._changed(slot)
        day = date.fromisoformat(event.data["before"]["issue_day"])
        if day < timezone.localdate(self.now, TZ):
            raise ScheduleProblem(_("%(day)s đã qua nên không dời trở lại được.") % {"day": format_day_long(day)})
        days.set_day(
            slot, self._waiting_on(slot), day, self.user, batch=self.batch, undoes=self._mark(slot)
        )  # fmt: skip

    def _undo_changed(self, event: SlotEvent, slot: Slot, story: Story | None) -> None:
        before, after = event.data["before"], event.data["after"]
        if {"publish_time": slot.publish_time.isoformat("minutes"), "teaser": slot.teaser} != after:
            raise self._changed(slot)
        if before["publish_time"] != after["publish_time"]:
            self._waiting_on(slot)
        slot.publish_time, slot.teaser = time.fromisoformat(before["publish_time"]), before["teaser"]
        slot.save(update_fields=["publish_time", "teaser"])
        self._note(SlotAction.CHANGED, slot, None, data={"before": after, "after": before})

    def _remove(self, slot: Slot, story: Story) -> None:
        self._check_on(slot, story)
        check_draft(story)
        check_idle(story)
        slots.take(slot, story)

    def _place(self, slot: Slot, story: Story) -> None:
        check_draft(story)
        check_idle(story)
        slots.free_slot(slot)
        slots.check_fits(slot, story)
        slots.put(slot, story)

    def _check_on(self, slot: Slot, story: Story) -> None:
        if slot.story_id != story.pk:
            raise self._changed(slot)

    def _waiting_on(self, slot: Slot) -> Story | None:
        """The story on a slot whose time may still be changed."""
        if slot.published_at:
            raise ScheduleProblem(_("Kỳ %(day)s đã đăng nên không hoàn tác được.") % _day(slot))
        if slot.story_id is None:
            return None
        if slot.story_id not in self.stories:
            raise self._changed(slot)
        check_idle(self.stories[slot.story_id])
        return self.stories[slot.story_id]

    def _changed(self, slot: Slot) -> ScheduleProblem:
        return ScheduleProblem(_("Kỳ %(day)s đã thay đổi sau việc này nên không hoàn tác được nữa.") % _day(slot))

    def _note(self, action: SlotAction, slot: Slot, story: Story | None, *, reason: str = "", data: Any = None) -> None:
        note(action, slot, self.user, story=story, reason=reason, data=data, batch=self.batch, undoes=self._mark(slot))

    def _mark(self, slot: Slot) -> uuid.UUID | None:
        """The step taken back, for the first event about each slot: the database lets that stand once."""
        if slot.pk in self._told:
            return None
        self._told.add(slot.pk)
        return self.undoes


def _whole(event: SlotEvent) -> bool:
    """It says what was there before; entries from before there was a ledger may not."""
    return event.action not in (SlotAction.CHANGED, SlotAction.DAY_CHANGED, SlotAction.KEPT) or "before" in event.data


def _day(slot: Slot) -> dict[str, str]:
    return {"day": format_day_long(slot.day)}
