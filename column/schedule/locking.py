"""Holding what is about to change: stories first, slots second, revisions third, each kind in the order of its keys.

Everybody who keeps this order, the publisher among them, waits for the others in a line and never in a circle.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from column.schedule.models import Slot
from column.schedule.rules import ScheduleProblem
from column.stories.models import Article, Story


def lock_story(pk: int) -> Story:
    """The story, fresh, its row held until the transaction ends. Raises ``Story.DoesNotExist``."""
    return lock_stories([pk])[pk]


def lock_stories(pks: Iterable[int]) -> dict[int, Story]:
    """The stories, fresh, by key, their rows held. Raises ``Story.DoesNotExist`` when one is gone."""
    keys = sorted(set(pks))
    # Evaluated for its locks alone; the rows of the tables that extend it need none.
    list(Page.objects.select_for_update().only("pk").filter(pk__in=keys).order_by("pk"))
    return {pk: Story.objects.get(pk=pk).specific for pk in keys}


def lock_slots(*pks: int) -> list[Slot]:
    """The slots, fresh, in the order asked for, their rows held. Raises ``Slot.DoesNotExist``."""
    found = {slot.pk: slot for slot in Slot.objects.select_for_update().filter(pk__in=pks).order_by("pk")}
    if len(found) < len(set(pks)):
        raise Slot.DoesNotExist
    return [found[pk] for pk in pks]


def stories_on(*slots: Slot) -> list[int]:
    """The keys of the stories on filled slots, as the database has them now; nothing is held yet.

    Raises :class:`ScheduleProblem` when one of them is empty.
    """
    on = dict(Slot.objects.filter(pk__in=[slot.pk for slot in slots]).values_list("pk", "story_id"))
    keys = [on.get(slot.pk) for slot in slots]
    if None in keys:
        raise ScheduleProblem(_("Kỳ này không có bài nào; có thể người khác vừa rút bài. Hãy tải lại trang."))
    return [key for key in keys if key is not None]


def check_still(slot: Slot, story_id: int | None) -> None:
    """Once both are held: nobody has changed the slot in between. Raises :class:`ScheduleProblem`."""
    if slot.story_id != story_id:
        raise ScheduleProblem(_("Kỳ này vừa được người khác thay đổi; hãy tải lại trang."))


def check_draft(story: Story) -> None:
    """A draft that may be planned: an article, never published. Raises :class:`ScheduleProblem`."""
    if not isinstance(story, Article):
        raise ScheduleProblem(_("Chỉ bài viết mới vào kỳ đăng; tin và ảnh được hẹn giờ riêng."))
    if story.live or story.first_published_at:
        raise ScheduleProblem(_("“%(title)s” đã đăng; ngày đăng của bài đã đăng không đổi nữa.") % title_of(story))


def check_idle(story: Story) -> None:
    """Nothing of it will go out by itself. Raises :class:`ScheduleProblem`."""
    if is_scheduled(story.pk):
        raise ScheduleProblem(_("“%(title)s” đã hẹn giờ; hãy hủy hẹn giờ trước.") % title_of(story))


def is_scheduled(pk: int) -> bool:
    return bool(Revision.page_revisions.filter(object_id=str(pk), approved_go_live_at__isnull=False).exists())


def title_of(story: Story) -> dict[str, str]:
    """The story's name, for the sentences about it."""
    return {"title": story.draft_title or story.title}
