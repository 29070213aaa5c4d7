"""From approved to *will go out by itself*, and back. Publishing at the time is ``publishing.publish_due``'s work."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, Revision
from wagtail.utils.timestamps import ensure_utc

from column.enums import SlotAction
from column.schedule.ledger.recording import note
from column.schedule.locking import lock_story
from column.schedule.models import Hold, PublishFailure, Slot
from column.schedule.preflight import gaps_of
from column.schedule.rules import Gaps, ScheduleProblem
from column.signals import announce
from column.stories.models import Article, Story
from column.text.dates import TZ, format_moment


class NotReady(ScheduleProblem):
    """Something required is missing; ``gaps`` names it."""

    def __init__(self, gaps: Gaps) -> None:
        super().__init__(_("Chưa đủ điều kiện lên trang; còn thiếu: %(gaps)s.") % {"gaps": "; ".join(gaps.required)})
        self.gaps = gaps


def schedule_story(
    story: Story,
    user: Any,
    now: datetime,
    *,
    at: datetime | None = None,
    off_slot: bool = False,
    batch: uuid.UUID | None = None,
    undoes: uuid.UUID | None = None,
) -> datetime:
    """Let the story's newest version go out by itself; return when.

    An article goes out at its slot's time; news, photos and new versions of what is live already at *at*, and so an
    article without a slot when somebody says that it is *ngoài kỳ* (*off_slot*): that day is then its issue date. A
    slot's time that has passed is no obstacle: the publisher takes it up at once and the slot keeps how late it was.
    What was out before and taken down has had its slot, and goes out again at *at*.
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
        check_not_held(fresh)
        revision = fresh.get_latest_revision()
        if revision is None or (fresh.live and not fresh.has_unpublished_changes):
            raise ScheduleProblem(_("“%(title)s” không có gì mới để lên trang.") % {"title": fresh.draft_title})
        slot = _slot_ahead(fresh)
        moment = _moment(fresh, slot, now, at, off_slot=off_slot)
        gaps = gaps_of([revision])[revision.pk]
        if gaps.required:
            raise NotReady(gaps)
        fresh.revisions.exclude(pk=revision.pk).update(approved_go_live_at=None)
        Revision.objects.filter(pk=revision.pk).update(approved_go_live_at=moment)
        Page.objects.filter(pk=fresh.pk).update(go_live_at=moment)
        if slot is None and fresh.issue_date is None:
            # Now, not when it is published: an outage over midnight must not move it to another day.
            _date(fresh, timezone.localdate(moment, TZ))
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
        _note(SlotAction.SCHEDULED, slot, user, fresh, moment, batch, undoes)
    return moment


def cancel_schedule(
    story: Story, user: Any, *, batch: uuid.UUID | None = None, undoes: uuid.UUID | None = None
) -> datetime:
    """The story stays as it is and goes out no more by itself; return when it would have.

    Raises :class:`ScheduleProblem`.
    """
    with transaction.atomic():
        fresh = lock_story(story.pk)
        slot = _slot_ahead(fresh)
        revision = fresh.revisions.select_for_update(of=("self",)).filter(approved_go_live_at__isnull=False).first()
        if revision is None:
            raise ScheduleProblem(
                _("“%(title)s” không còn hẹn giờ; có thể bài vừa lên trang. Hãy tải lại trang.")
                % {"title": fresh.draft_title}
            )
        moment: datetime = revision.approved_go_live_at
        revision.approved_go_live_at = None
        # Wagtail writes the log entry of a cancelled schedule here; it reads the time from the page.
        revision.save(user=user, update_fields=["approved_go_live_at"])
        Page.objects.filter(pk=fresh.pk).update(go_live_at=None)
        off_slot = slot is None and not fresh.live and not fresh.first_published_at
        if off_slot and fresh.issue_date == timezone.localdate(moment, TZ):
            _date(fresh, None)
        PublishFailure.objects.filter(revision=revision).delete()
        _note(SlotAction.UNSCHEDULED, slot, user, fresh, moment, batch, undoes)
    return moment


def _slot_ahead(story: Story) -> Slot | None:
    """The held slot on which the story is still to go out: one whose time it had, and was taken down, has none."""
    if story.live:
        return None
    return Slot.objects.select_for_update().filter(story=story.pk, published_at=None).first()


def is_held(pk: int) -> bool:
    """*Tạm giữ*. Asked while the story's row is held, the answer stands until the transaction ends."""
    return Hold.objects.filter(story=pk).exists()


def check_not_held(story: Story) -> None:
    """Raises :class:`ScheduleProblem` while the story is held."""
    hold = Hold.objects.filter(story=story.pk).first()
    if hold is not None:
        raise ScheduleProblem(
            _("“%(title)s” đang tạm giữ (%(reason)s); hãy bỏ tạm giữ trước.")
            % {"title": story.draft_title or story.title, "reason": hold.reason}
        )


def _note(
    action: SlotAction,
    slot: Slot | None,
    user: Any,
    story: Story,
    at: datetime,
    batch: uuid.UUID | None,
    undoes: uuid.UUID | None,
) -> None:
    """Of a story on a slot alone; its own history has Wagtail's entry already."""
    if slot is not None:
        moment = at.astimezone(TZ).isoformat()
        note(action, slot, user, story=story, logged=False, data={"at": moment}, batch=batch, undoes=undoes)


def _date(story: Story, day: date | None) -> None:
    Story.objects.filter(pk=story.pk).update(issue_date=day)
    announce([story.pk])


def _moment(story: Story, slot: Slot | None, now: datetime, at: datetime | None, *, off_slot: bool) -> datetime:
    if slot is not None:
        if at is not None and at != slot.due_at:
            raise ScheduleProblem(_("Bài đã có kỳ đăng; giờ lên trang là giờ của kỳ. Hãy đổi giờ của kỳ."))
        return slot.due_at
    if isinstance(story, Article) and not story.live and not story.first_published_at and not off_slot:
        raise ScheduleProblem(
            _("Bài chưa có kỳ đăng; hãy xếp bài vào một kỳ trước khi hẹn giờ, hoặc đánh dấu là đăng ngoài kỳ.")
        )
    if at is None:
        raise ScheduleProblem(_("Hãy chọn ngày giờ lên trang."))
    if at <= now:
        raise ScheduleProblem(
            _("Giờ hẹn %(at)s đã qua; hãy chọn giờ khác hoặc xuất bản ngay.") % {"at": format_moment(at)}
        )
    return at
