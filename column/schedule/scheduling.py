"""From approved to *will go out by itself*, and back. Publishing at the time is ``publishing.publish_due``'s work."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision
from wagtail.utils.timestamps import ensure_utc

from column.schedule.models import PublishFailure, Slot
from column.schedule.preflight import gaps_of
from column.schedule.rules import Gaps, ScheduleProblem
from column.schedule.slots import lock_story
from column.stories.models import Article, Story
from column.text.dates import format_moment


class NotReady(ScheduleProblem):
    """Something required is missing; ``gaps`` names it."""

    def __init__(self, gaps: Gaps) -> None:
        super().__init__(_("Chưa đủ điều kiện lên trang; còn thiếu: %(gaps)s.") % {"gaps": "; ".join(gaps.required)})
        self.gaps = gaps


def schedule_story(story: Story, user: Any, now: datetime, *, at: datetime | None = None) -> datetime:
    """Let the story's newest version go out by itself; return when.

    An article goes out at its slot's time; news, photos and new versions of what is live already at *at*. A slot's
    time that has passed is no obstacle: the publisher takes it up at once and the slot keeps how late it was.
    Whoever calls has checked ``column.schedule_story``. Raises :class:`ScheduleProblem`, :class:`NotReady`.
    """
    with transaction.atomic():
        fresh = lock_story(story.pk)
        scheduled = fresh.scheduled_revision
        if scheduled is not None:
            raise ScheduleProblem(
                _("“%(title)s” đã hẹn giờ lên trang lúc %(at)s; hãy hủy hẹn giờ trước khi hẹn lại.")
                % {"title": fresh.draft_title, "at": format_moment(scheduled.approved_go_live_at)}
            )
        revision = fresh.get_latest_revision()
        if revision is None or (fresh.live and not fresh.has_unpublished_changes):
            raise ScheduleProblem(_("“%(title)s” không có gì mới để lên trang.") % {"title": fresh.draft_title})
        moment = _moment(fresh, now, at)
        gaps = gaps_of([revision])[revision.pk]
        if gaps.required:
            raise NotReady(gaps)
        fresh.revisions.exclude(pk=revision.pk).update(approved_go_live_at=None)
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=moment)
        Page.objects.filter(pk=fresh.pk).update(go_live_at=moment)
        PublishFailure.objects.filter(revision=revision).delete()
        log(
            instance=fresh, action="wagtail.publish.schedule", user=user, revision=revision,
            data={
                "revision": {
                    "id": revision.pk,
                    "created": ensure_utc(revision.created_at),
                    "go_live_at": ensure_utc(moment),
                    "has_live_version": fresh.live,
                }
            },
        )  # fmt: skip
    return moment


def cancel_schedule(story: Story, user: Any) -> None:
    """The story stays as it is and goes out no more by itself. Raises :class:`ScheduleProblem`."""
    with transaction.atomic():
        fresh = lock_story(story.pk)
        revision = fresh.revisions.select_for_update(of=("self",)).filter(approved_go_live_at__isnull=False).first()
        if revision is None:
            raise ScheduleProblem(
                _("“%(title)s” không còn hẹn giờ; có thể bài vừa lên trang. Hãy tải lại trang.")
                % {"title": fresh.draft_title}
            )
        revision.approved_go_live_at = None
        # Wagtail writes the log entry of a cancelled schedule here; it reads the time from the page.
        revision.save(user=user, update_fields=["approved_go_live_at"])
        Page.objects.filter(pk=fresh.pk).update(go_live_at=None)
        PublishFailure.objects.filter(revision=revision).delete()


def _moment(story: Story, now: datetime, at: datetime | None) -> datetime:
    slot = None if story.live else Slot.objects.select_for_update().filter(story=story.pk).first()
    if slot is not None:
        if at is not None and at != slot.due_at:
            raise ScheduleProblem(_("Bài đã có kỳ đăng; giờ lên trang là giờ của kỳ. Hãy đổi giờ của kỳ."))
        return slot.due_at
    if at is None:
        if isinstance(story, Article) and not story.live:
            raise ScheduleProblem(_("Bài chưa có kỳ đăng; hãy xếp bài vào một kỳ trước khi hẹn giờ."))
        raise ScheduleProblem(_("Hãy chọn ngày giờ lên trang."))
    if at <= now:
        raise ScheduleProblem(
            _("Giờ hẹn %(at)s đã qua; hãy chọn giờ khác hoặc xuất bản ngay.") % {"at": format_moment(at)}
        )
    return at
