"""Thursdays and the articles on them: generated ahead, filled, emptied, moved, skipped; every change is logged.

Whoever calls has checked ``column.change_slot``. Each function is one transaction, holds what it changes in the order
of ``locking``, and writes the ledger; what one step writes shares its *batch*, by which ``undoing`` takes it back.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context
from wagtail.signals import page_published

from column.enums import SlotAction
from column.people.models import SetupStep
from column.schedule.ledger.recording import approval_of, note
from column.schedule.locking import (
    check_draft,
    check_idle,
    check_still,
    is_scheduled,
    lock_slots,
    lock_stories,
    lock_story,
    stories_on,
    title_of,
)
from column.schedule.models import Slot, SlotRule
from column.schedule.rhythm import Rhythm
from column.schedule.rules import ScheduleProblem, minutes_late
from column.schedule.scheduling import cancel_schedule
from column.signals import announce, story_taken_down
from column.stories.models import Article, ColumnPage, Story
from column.text.dates import format_day_long

#: How far ahead slots stand ready.
AHEAD = timedelta(days=371)


def ensure_rule(column: ColumnPage) -> None:
    """Once: a new installation's column appears on Thursdays; which the newsroom may change or remove."""
    if SetupStep.objects.begin("slot-rule") and not SlotRule.objects.exists():
        SlotRule.objects.create(column=column)


def ensure_slots(column: ColumnPage, first: date, last: date) -> int:
    """Make the column's slots from *first* to *last* where they are missing; return how many were made."""
    present = set(Slot.objects.filter(column=column, day__range=(first, last)).values_list("day", flat=True))
    rules = Rhythm.of(column.pk).days(first, last)
    missing = {day: rule for day, rule in rules.items() if day not in present}
    if not missing:
        return 0
    # Two makers at once: the unique indexes decide, and neither fails.
    Slot.objects.bulk_create(
        (Slot(column=column, day=day, issue_day=day, publish_time=rule.publish_time) for day, rule in missing.items()),
        batch_size=500,
        ignore_conflicts=True,
    )
    return len(missing)


def withdraw_slots(column: ColumnPage, after: date) -> int:
    """Bring the days after *after* that nobody has touched in line with the rules; return how many went.

    A day that no rule makes any more goes; where a rule has another hour by now, that hour is the day's.
    """
    rhythm = Rhythm.of(column.pk)
    untouched = Slot.objects.filter(
        column=column, day__gt=after, story=None, skip_reason="", teaser="", kept_in_break=False, events=None,
        issue_day=F("day"),
    )  # fmt: skip
    stray = []
    for slot in untouched:
        rule = rhythm.rule(slot.day)
        if rule is None:
            stray.append(slot.pk)
        elif rule.publish_time != slot.publish_time:
            Slot.objects.filter(pk=slot.pk, story=None, events=None).update(publish_time=rule.publish_time)
    return Slot.objects.filter(pk__in=stray, story=None, events=None).delete()[0]


def ensure_all_slots(today: date) -> int:
    """Every column's slots from its start (else from today) to a year ahead; safe to call at any time."""
    made = 0
    for column in ColumnPage.objects.all():
        withdraw_slots(column, today)
        made += ensure_slots(column, min(column.start_date or today, today), today + AHEAD)
    return made


def keep_slots_ahead(now: datetime) -> int:
    """The worker's daily look at :func:`ensure_all_slots`."""
    return ensure_all_slots(timezone.localdate(now))


def assign(slot: Slot, article: Story, user: Any, *, batch: uuid.UUID | None = None) -> Slot:
    """Put a draft on a Thursday; its issue date becomes that day. Raises :class:`ScheduleProblem`."""
    with transaction.atomic():
        story = lock_story(article.pk)
        check_draft(story)
        check_idle(story)
        target = free_slot(*lock_slots(slot.pk))
        check_fits(target, story)
        put(target, story)
        note(SlotAction.ASSIGNED, target, user, story=story, batch=batch)
    return target


def unassign(slot: Slot, user: Any, *, batch: uuid.UUID | None = None) -> Slot:
    """Take the draft off its Thursday; it keeps everything but its issue date. Raises :class:`ScheduleProblem`."""
    with transaction.atomic():
        story = lock_story(*stories_on(slot))
        (source,) = lock_slots(slot.pk)
        check_still(source, story.pk)
        check_draft(story)
        check_idle(story)
        take(source, story)
        note(SlotAction.REMOVED, source, user, story=story, batch=batch)
    return source


def move(slot: Slot, target: Slot, user: Any, *, unschedule: bool = False, batch: uuid.UUID | None = None) -> Slot:
    """Move a draft to another, empty Thursday; never publishes nor schedules anything.

    A scheduled one only with *unschedule*, for which whoever calls has checked ``column.schedule_story``: its schedule
    is cancelled and it is a plan again. Raises :class:`ScheduleProblem`.
    """
    batch = batch or uuid.uuid4()
    with transaction.atomic():
        story = lock_story(*stories_on(slot))
        if target.pk == slot.pk:
            raise ScheduleProblem(_("Bài đang ở chính kỳ này."))
        source, to = lock_slots(slot.pk, target.pk)
        check_still(source, story.pk)
        check_draft(story)
        free_slot(to)
        check_fits(to, story, since=source)
        _settle(story, user, batch, unschedule=unschedule)
        take(source, story)
        put(to, story)
        _note_passages(((story, source, to),), user, batch)
    return to


def swap(one: Slot, other: Slot, user: Any, *, unschedule: bool = False, batch: uuid.UUID | None = None) -> None:
    """Let the drafts of two Thursdays change places, in one step; *unschedule* as of :func:`move`.

    Raises :class:`ScheduleProblem`.
    """
    batch = batch or uuid.uuid4()
    with transaction.atomic():
        keys = stories_on(one, other)
        stories = lock_stories(keys)
        first, second = (stories[key] for key in keys)
        if one.pk == other.pk:
            raise ScheduleProblem(_("Bài đang ở chính kỳ này."))
        here, there = lock_slots(one.pk, other.pk)
        for slot, story, to in ((here, first, there), (there, second, here)):
            check_still(slot, story.pk)
            check_draft(story)
            check_fits(to, story, since=slot)
            _settle(story, user, batch, unschedule=unschedule)
        take(here, first)
        take(there, second)
        put(there, first)
        put(here, second)
        _note_passages(((first, here, there), (second, there, here)), user, batch)


def skip(slot: Slot, reason: str, user: Any, *, batch: uuid.UUID | None = None) -> Slot:
    """Declare that nothing is published on an empty Thursday, and why. Raises :class:`ScheduleProblem`."""
    if not reason.strip():
        raise ScheduleProblem(_("Hãy ghi lý do nghỉ kỳ."))
    with transaction.atomic():
        (target,) = lock_slots(slot.pk)
        if target.story_id:
            raise ScheduleProblem(_("Kỳ này đang có bài; hãy rút bài khỏi kỳ trước khi cho nghỉ."))
        if target.skip_reason:
            raise ScheduleProblem(_("Kỳ này đã báo nghỉ: %(reason)s.") % {"reason": target.skip_reason})
        if target.published_at:
            raise ScheduleProblem(_("Kỳ này đã đăng."))
        target.skip_reason = reason.strip()[:200]
        target.save(update_fields=["skip_reason"])
        note(SlotAction.SKIPPED, target, user, reason=target.skip_reason, batch=batch)
    return target


def reopen(slot: Slot, user: Any, *, batch: uuid.UUID | None = None) -> Slot:
    """Take a skip back."""
    with transaction.atomic():
        (target,) = lock_slots(slot.pk)
        if target.skip_reason:
            note(SlotAction.REOPENED, target, user, reason=target.skip_reason, batch=batch)
            target.skip_reason = ""
            target.save(update_fields=["skip_reason"])
    return target


def change(slot: Slot, *, publish_time: time, teaser: str, user: Any, batch: uuid.UUID | None = None) -> Slot:
    """Set a slot's time and teaser. The time of a scheduled story stands. Raises :class:`ScheduleProblem`."""
    with transaction.atomic():
        story_id = Slot.objects.values_list("story_id", flat=True).get(pk=slot.pk)
        if story_id:
            lock_story(story_id)
        (target,) = lock_slots(slot.pk)
        check_still(target, story_id)
        if publish_time != target.publish_time:
            if target.story_id and is_scheduled(target.story_id):
                raise ScheduleProblem(_("Bài của kỳ này đã hẹn giờ; hãy hủy hẹn giờ trước khi đổi giờ."))
            if target.published_at:
                raise ScheduleProblem(_("Kỳ này đã đăng; giờ của kỳ không đổi nữa."))
        before = {"publish_time": target.publish_time.isoformat("minutes"), "teaser": target.teaser}
        target.publish_time, target.teaser = publish_time, teaser.strip()
        after = {"publish_time": publish_time.isoformat("minutes"), "teaser": target.teaser}
        if before != after:
            target.save(update_fields=["publish_time", "teaser"])
            note(SlotAction.CHANGED, target, user, data={"before": before, "after": after}, batch=batch)
    return target


def connect() -> None:
    """Called once, when the application is ready."""
    page_published.connect(_record_outcome, sender=Article, dispatch_uid="slots.outcome")
    story_taken_down.connect(_record_take_down, dispatch_uid="slots.taken_down")


def _record_outcome(sender: Any, instance: Article, **kwargs: Any) -> None:
    """Note on the story's slot when it first went live and how late; inside the publishing transaction.

    Wagtail sends the signal for a story that was only scheduled too.
    """
    if not instance.live or instance.last_published_at is None:
        return
    slot = Slot.objects.filter(story=instance.pk, published_at__isnull=True).first()
    if slot is not None:
        slot.published_at = instance.last_published_at
        slot.late_minutes = minutes_late(slot.due_at, slot.published_at)
        slot.save(update_fields=["published_at", "late_minutes"])
        # Whoever pressed the button, in a request of the admin; the worker is nobody.
        note(
            SlotAction.PUBLISHED, slot, get_active_log_context().user, story=instance, logged=False,
            at=slot.published_at, data={"late_minutes": slot.late_minutes, **approval_of(instance.live_revision_id)},
        )  # fmt: skip


def _record_take_down(sender: Any, story: Story, user: Any, reason: str, **kwargs: Any) -> None:
    slot = Slot.objects.filter(story=story.pk).first()
    if slot is not None:
        note(SlotAction.TAKEN_DOWN, slot, user, story=story, reason=reason, logged=False)


def free_slot(slot: Slot) -> Slot:
    """The held slot, if a story may be put on it. Raises :class:`ScheduleProblem`."""
    if slot.skip_reason:
        raise ScheduleProblem(_("Kỳ này đã báo nghỉ; hãy mở lại kỳ trước khi xếp bài."))
    if slot.story_id:
        raise ScheduleProblem(
            _("Kỳ %(day)s đã có bài khác, có thể do người khác vừa xếp; mỗi kỳ chỉ một bài.")
            % {"day": format_day_long(slot.day)}
        )
    if slot.published_at:
        raise ScheduleProblem(_("Kỳ này đã đăng."))
    return slot


def check_fits(slot: Slot, story: Story, *, since: Slot | None = None) -> None:
    """The held story is on no other Thursday (but the one it comes from) and of the slot's column.

    Raises :class:`ScheduleProblem`.
    """
    elsewhere = Slot.objects.filter(story=story.pk)
    if (elsewhere.exclude(pk=since.pk) if since else elsewhere).exists():
        raise ScheduleProblem(_double(story))
    if story.get_parent().pk != slot.column_id:
        raise ScheduleProblem(_("Bài này thuộc chuyên mục khác."))


def put(slot: Slot, story: Story) -> None:
    """The held story onto the held, empty slot. Raises :class:`ScheduleProblem`."""
    slot.story_id = story.pk
    try:
        # A savepoint: the unique index is the last word, whatever was read before.
        with transaction.atomic():
            slot.save(update_fields=["story"])
    except IntegrityError:
        raise ScheduleProblem(_double(story)) from None
    date_story(story, slot.issue_day)


def take(slot: Slot, story: Story) -> None:
    """The held story off the held slot."""
    slot.story_id = None
    slot.save(update_fields=["story"])
    date_story(story, None)


def date_story(story: Story, day: date | None) -> None:
    story.issue_date = day
    Story.objects.filter(pk=story.pk).update(issue_date=day)
    announce([story.pk])


def _settle(story: Story, user: Any, batch: uuid.UUID, *, unschedule: bool) -> None:
    """Nothing of the story goes out by itself any more; asked for, or refused."""
    if unschedule and is_scheduled(story.pk):
        cancel_schedule(story, user, batch=batch)
    check_idle(story)


def _note_passages(passages: Iterable[tuple[Story, Slot, Slot]], user: Any, batch: uuid.UUID) -> None:
    """Each story left a slot for another; all leave before any arrives, so that the reverse order can be gone too."""
    listed = list(passages)
    for story, source, to in listed:
        away = {"other_slot": to.pk, "other_day": to.day.isoformat()}
        note(SlotAction.REMOVED, source, user, story=story, data=away, batch=batch, logged=False)
    for story, source, to in listed:
        here = {"other_slot": source.pk, "other_day": source.day.isoformat()}
        note(SlotAction.ASSIGNED, to, user, story=story, data=here, batch=batch)


def _double(story: Story) -> str:
    return _("“%(title)s” đã ở một kỳ khác; hãy chuyển kỳ thay vì xếp thêm.") % title_of(story)
