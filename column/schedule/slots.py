"""Thursdays and the articles on them: generated ahead, filled, emptied, moved, skipped; every change is logged.

Whoever calls has checked ``column.change_slot``. Every function holds the story's page row first and the slot's
row second, so that no two of them, nor the publisher, wait for each other in a circle.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision
from wagtail.signals import page_published

from column.enums import SlotAction
from column.people.models import SetupStep
from column.schedule.ledger.recording import note
from column.schedule.models import Slot, SlotRule
from column.schedule.rhythm import Rhythm
from column.schedule.rules import ScheduleProblem, minutes_late
from column.signals import announce
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
    """Take away the days after *after* that no rule makes any more and nobody has touched; return how many."""
    rhythm = Rhythm.of(column.pk)
    untouched = Slot.objects.filter(
        column=column, day__gt=after, story=None, skip_reason="", teaser="", kept_in_break=False, events=None,
        issue_day=F("day"),
    )  # fmt: skip
    stray = [pk for pk, day in untouched.values_list("pk", "day") if rhythm.rule(day) is None]
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


def lock_story(pk: int) -> Story:
    """The story, fresh, its row held until the transaction ends. Raises ``Story.DoesNotExist``."""
    Page.objects.select_for_update().only("pk").filter(pk=pk).first()
    story: Story = Story.objects.get(pk=pk).specific
    return story


def assign(slot: Slot, article: Story, user: Any) -> Slot:
    """Put a draft on a Thursday; its issue date becomes that day. Raises :class:`ScheduleProblem`."""
    with transaction.atomic():
        story = _draft(article)
        target = _free(slot.pk)
        if Slot.objects.filter(story=story.pk).exists():
            raise ScheduleProblem(_double(story))
        if story.get_parent().pk != target.column_id:
            raise ScheduleProblem(_("Bài này thuộc chuyên mục khác."))
        _put(target, story)
        note(SlotAction.ASSIGNED, target, user, story=story)
    return target


def unassign(slot: Slot, user: Any) -> Slot:
    """Take the draft off its Thursday; it keeps everything but its issue date. Raises :class:`ScheduleProblem`."""
    with transaction.atomic():
        story, source = _filled(slot)
        _take(source, story)
        note(SlotAction.REMOVED, source, user, story=story)
    return source


def move(slot: Slot, target: Slot, user: Any) -> Slot:
    """Move a draft to another, empty Thursday; never publishes anything. Raises :class:`ScheduleProblem`."""
    with transaction.atomic():
        story, source = _filled(slot)
        to = _free(target.pk)
        _take(source, story)
        _put(to, story)
        batch = uuid.uuid4()
        away = {"other_slot": to.pk, "other_day": to.day.isoformat()}
        here = {"other_slot": source.pk, "other_day": source.day.isoformat()}
        note(SlotAction.REMOVED, source, user, story=story, data=away, batch=batch, logged=False)
        note(SlotAction.ASSIGNED, to, user, story=story, data=here, batch=batch)
    return to


def skip(slot: Slot, reason: str, user: Any) -> Slot:
    """Declare that nothing is published on an empty Thursday, and why. Raises :class:`ScheduleProblem`."""
    if not reason.strip():
        raise ScheduleProblem(_("Hãy ghi lý do nghỉ kỳ."))
    with transaction.atomic():
        target = _held(slot.pk)
        if target.story_id:
            raise ScheduleProblem(_("Kỳ này đang có bài; hãy rút bài khỏi kỳ trước khi cho nghỉ."))
        target.skip_reason = reason.strip()[:200]
        target.save(update_fields=["skip_reason"])
        note(SlotAction.SKIPPED, target, user, reason=target.skip_reason)
    return target


def reopen(slot: Slot, user: Any) -> Slot:
    """Take a skip back."""
    with transaction.atomic():
        target = _held(slot.pk)
        if target.skip_reason:
            note(SlotAction.REOPENED, target, user, reason=target.skip_reason)
            target.skip_reason = ""
            target.save(update_fields=["skip_reason"])
    return target


def change(slot: Slot, *, publish_time: time, teaser: str, user: Any) -> Slot:
    """Set a slot's time and teaser. The time of a scheduled story stands. Raises :class:`ScheduleProblem`."""
    with transaction.atomic():
        if slot.story_id:
            lock_story(slot.story_id)
        target = _held(slot.pk)
        if publish_time != target.publish_time:
            if target.story_id and _is_scheduled(target.story_id):
                raise ScheduleProblem(_("Bài của kỳ này đã hẹn giờ; hãy hủy hẹn giờ trước khi đổi giờ."))
            if target.published_at:
                raise ScheduleProblem(_("Kỳ này đã đăng; giờ của kỳ không đổi nữa."))
        before = {"publish_time": target.publish_time.isoformat("minutes"), "teaser": target.teaser}
        target.publish_time, target.teaser = publish_time, teaser.strip()
        after = {"publish_time": publish_time.isoformat("minutes"), "teaser": target.teaser}
        if before != after:
            target.save(update_fields=["publish_time", "teaser"])
            note(SlotAction.CHANGED, target, user, data={"before": before, "after": after})
    return target


def connect() -> None:
    """Called once, when the application is ready."""
    page_published.connect(_record_outcome, sender=Article, dispatch_uid="slots.outcome")


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
        note(
            SlotAction.PUBLISHED, slot, None, story=instance, logged=False, at=slot.published_at,
            data={"late_minutes": slot.late_minutes},
        )  # fmt: skip


def _draft(article: Story) -> Story:
    """The story, held; refuses one that may not be planned any more."""
    story = lock_story(article.pk)
    if not isinstance(story, Article):
        raise ScheduleProblem(_("Chỉ bài viết mới vào kỳ đăng; tin và ảnh được hẹn giờ riêng."))
    if story.live or story.first_published_at:
        raise ScheduleProblem(_("“%(title)s” đã đăng; ngày đăng của bài đã đăng không đổi nữa.") % _name(story))
    if _is_scheduled(story.pk):
        raise ScheduleProblem(_("“%(title)s” đã hẹn giờ; hãy hủy hẹn giờ trước.") % _name(story))
    return story


def _filled(slot: Slot) -> tuple[Story, Slot]:
    """The draft of a slot and the slot, both held."""
    pk = Slot.objects.filter(pk=slot.pk).values_list("story_id", flat=True).first()
    if pk is None:
        raise ScheduleProblem(_("Kỳ này không có bài nào; có thể người khác vừa rút bài. Hãy tải lại trang."))
    story = _draft(Story(pk=pk))
    source = _held(slot.pk)
    if source.story_id != story.pk:
        raise ScheduleProblem(_("Kỳ này vừa được người khác thay đổi; hãy tải lại trang."))
    return story, source


def _held(pk: int) -> Slot:
    return Slot.objects.select_for_update().get(pk=pk)


def _free(pk: int) -> Slot:
    slot = _held(pk)
    if slot.skip_reason:
        raise ScheduleProblem(_("Kỳ này đã báo nghỉ; hãy mở lại kỳ trước khi xếp bài."))
    if slot.story_id:
        raise ScheduleProblem(
            _("Kỳ %(day)s đã có bài khác, có thể do người khác vừa xếp; mỗi kỳ chỉ một bài.")
            % {"day": format_day_long(slot.day)}
        )
    return slot


def _put(slot: Slot, story: Story) -> None:
    slot.story_id = story.pk
    try:
        # A savepoint: the unique index is the last word, whatever was read before.
        with transaction.atomic():
            slot.save(update_fields=["story"])
    except IntegrityError:
        raise ScheduleProblem(_double(story)) from None
    _date(story, slot.issue_day)


def _take(slot: Slot, story: Story) -> None:
    slot.story_id = None
    slot.save(update_fields=["story"])
    _date(story, None)


def _date(story: Story, day: date | None) -> None:
    story.issue_date = day
    Story.objects.filter(pk=story.pk).update(issue_date=day)
    announce([story.pk])


def _double(story: Story) -> str:
    return _("“%(title)s” đã ở một kỳ khác; hãy chuyển kỳ thay vì xếp thêm.") % _name(story)


def _name(story: Story) -> dict[str, str]:
    return {"title": story.draft_title or story.title}


def _is_scheduled(pk: int) -> bool:
    return bool(Revision.page_revisions.filter(object_id=str(pk), approved_go_live_at__isnull=False).exists())
