"""One card let go over another place: what that means, whether it asks first, and doing it. It never publishes."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from column.schedule import slots
from column.schedule.locking import is_scheduled, lock_slots, lock_stories
from column.schedule.models import Slot
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import cancel_schedule
from column.stories.models import Story
from column.text.dates import format_day_long

SWAP, UNSCHEDULE = "swap", "unschedule"


@dataclass(frozen=True)
class Wish:
    """What somebody let go where, as their board showed it. ``None`` for a slot is the tray.

    *replaces* is the story that they saw on the target; *agreed* what they said yes to.
    """

    story: int
    source: int | None
    target: int | None
    replaces: int | None = None
    agreed: Collection[str] = ()

    @property
    def slots(self) -> list[int]:
        return [key for key in (self.source, self.target) if key is not None]


@dataclass(frozen=True)
class Done:
    batch: uuid.UUID
    message: str


@dataclass(frozen=True)
class Question:
    """Nothing was changed: *agree* is what has to be agreed to before it is."""

    title: str
    sentences: Sequence[str]
    button: str
    agree: Sequence[str]


def drop(wish: Wish, user: Any, *, may_schedule: bool) -> Done | Question:
    """Do it, or ask first. Whoever calls has checked ``column.change_slot``. Raises :class:`ScheduleProblem`."""
    if wish.source == wish.target:
        raise ScheduleProblem(_("Bài vẫn ở chỗ cũ."))
    batch = uuid.uuid4()
    with transaction.atomic():
        story, other, source, target = _held(wish)
        question = _question(wish, story, other, target, may_schedule=may_schedule)
        if question is not None:
            return question
        if target is None:
            message = _to_tray(story, source, user, batch)
        elif source is None:
            message = _from_tray(story, other, target, user, batch)
        elif other is None:
            slots.move(source, target, user, unschedule=True, batch=batch)
            message = _("Đã chuyển “%(story)s” sang kỳ %(day)s. Bài chưa được hẹn giờ.")
        else:
            slots.swap(source, target, user, unschedule=True, batch=batch)
            message = _("Đã đổi chỗ “%(story)s” và “%(other)s”; “%(story)s” nay ở kỳ %(day)s.")
    return Done(batch, message % _names(story, other, target))


def _held(wish: Wish) -> tuple[Story, Story | None, Slot | None, Slot | None]:
    """The story, the one on the target, both slots: all held, and all as the board showed them."""
    on_target = Slot.objects.filter(pk=wish.target or 0).values_list("story_id", flat=True).first()
    try:
        stories = lock_stories(key for key in (wish.story, on_target) if key is not None)
        held = dict(zip(wish.slots, lock_slots(*wish.slots), strict=True))
    except (Story.DoesNotExist, Slot.DoesNotExist):
        raise ScheduleProblem(_("Bài hoặc kỳ này không còn nữa; hãy tải lại trang.")) from None
    story = stories[wish.story]
    source = held[wish.source] if wish.source else None
    target = held[wish.target] if wish.target else None
    standing = Slot.objects.filter(story=story.pk).values_list("pk", flat=True).first()
    if standing != wish.source:
        raise ScheduleProblem(
            _("“%(story)s” vừa được người khác chuyển đi; bảng nay đã mới, hãy xem lại.") % _names(story, None, None)
        )
    if target is not None and target.story_id not in (None, wish.replaces):
        raise ScheduleProblem(
            _("Kỳ %(day)s vừa được người khác xếp bài khác; bảng nay đã mới, hãy xem lại.")
            % _names(story, None, target)
        )
    other = stories.get(target.story_id) if target is not None and target.story_id else None
    return story, other, source, target


def _question(
    wish: Wish, story: Story, other: Story | None, target: Slot | None, *, may_schedule: bool
) -> Question | None:
    scheduled = [one for one in (story, other) if one is not None and is_scheduled(one.pk)]
    if scheduled and not may_schedule:
        raise ScheduleProblem(
            _("“%(story)s” đã hẹn giờ; nhờ người có quyền hẹn giờ hủy hẹn trước khi chuyển.")
            % _names(scheduled[0], None, None)
        )
    needed = [SWAP] * (other is not None) + [UNSCHEDULE] * bool(scheduled)
    if set(needed) <= set(wish.agreed):
        return None
    sentences = []
    if other is not None and wish.source is not None:
        sentences.append(_("Kỳ %(day)s đang có “%(other)s”. Hai bài sẽ đổi chỗ cho nhau."))
    elif other is not None:
        sentences.append(_("Kỳ %(day)s đang có “%(other)s”. Bài ấy sẽ trở lại khay."))
    names = _names(story, other, target)
    sentences = [sentence % names for sentence in sentences]
    for one in scheduled:
        sentences.append(
            _("“%(story)s” đã hẹn giờ tự lên trang. Chuyển đi là hủy hẹn giờ; bài còn được duyệt, nhưng phải hẹn lại.")
            % _names(one, None, None)
        )
    title = _("Hủy hẹn giờ và chuyển?") if scheduled else _("Kỳ này đã có bài")
    button = _("Hủy hẹn giờ và chuyển") if scheduled else _("Đổi chỗ") if wish.source else _("Thay vào")
    return Question(title, sentences, button, needed)


def _to_tray(story: Story, source: Slot | None, user: Any, batch: uuid.UUID) -> str:
    if source is None:
        raise ScheduleProblem(_("Bài vẫn ở chỗ cũ."))
    if is_scheduled(story.pk):
        cancel_schedule(story, user, batch=batch)
    slots.unassign(source, user, batch=batch)
    return _("Đã rút “%(story)s” về khay.")


def _from_tray(story: Story, other: Story | None, target: Slot, user: Any, batch: uuid.UUID) -> str:
    if other is not None:
        _to_tray(other, target, user, batch)
    slots.assign(target, story, user, batch=batch)
    if other is not None:
        return _("Đã xếp “%(story)s” vào kỳ %(day)s; “%(other)s” trở lại khay.")
    return _("Đã xếp “%(story)s” vào kỳ %(day)s. Bài chưa được hẹn giờ.")


def _names(story: Story, other: Story | None, target: Slot | None) -> dict[str, str]:
    return {
        "story": story.draft_title or story.title,
        "other": (other.draft_title or other.title) if other else "",
        "day": format_day_long(target.day) if target else "",
    }
