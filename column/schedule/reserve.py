"""*Bài gối đầu*: approved articles kept ready to stand in for one that falls through.

Whoever calls has checked ``column.change_slot``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page

from column.schedule.approval import is_approved
from column.schedule.listing import StoryStatus, statuses_of
from column.schedule.locking import check_draft, lock_story, title_of
from column.schedule.models import Reserve, Slot
from column.schedule.rules import ScheduleProblem
from column.stories.models import Article, Story
from column.text.dates import TZ, format_day, format_day_long, format_moment

LOG_ADDED, LOG_REMOVED = "column.reserve.add", "column.reserve.remove"


@dataclass(frozen=True)
class ReserveRow:
    """An article of the reserve; ``obstacle`` says in words why it cannot stand in on a given day, empty if it can."""

    reserve: Reserve
    status: StoryStatus
    obstacle: str = ""

    @property
    def story(self) -> Story:
        return self.status.story

    @property
    def use_by(self) -> str:
        return format_day(self.reserve.use_by)


def add(article: Story, use_by: date, note: str, user: Any, now: datetime) -> Reserve:
    """Put an approved draft into the reserve, or change the day and the note of one that is there.

    Raises :class:`ScheduleProblem`.
    """
    with transaction.atomic():
        story = lock_story(article.pk)
        check_draft(story)
        if use_by < timezone.localdate(now, TZ):
            raise ScheduleProblem(
                _("Hạn dùng %(day)s đã qua; hãy chọn một ngày từ hôm nay.") % {"day": format_day(use_by)}
            )
        revision = story.get_latest_revision()
        if revision is None or not is_approved(revision):
            raise ScheduleProblem(
                _("“%(title)s” chưa được duyệt như đang có; chỉ bài đã duyệt mới làm bài gối đầu.") % title_of(story)
            )
        kept, _new = Reserve.objects.update_or_create(
            article_id=story.pk,
            defaults={"use_by": use_by, "note": note.strip()[:200], "added_by": user, "added_at": now},
        )
        log(instance=story, action=LOG_ADDED, user=user, data={"use_by": use_by.isoformat(), "note": kept.note})
    return kept


def remove(reserve: Reserve, user: Any) -> None:
    """Take an article out of the reserve; it stays a draft. Raises :class:`ScheduleProblem`."""
    with transaction.atomic():
        story = lock_story(reserve.article_id)
        if not Reserve.objects.filter(pk=reserve.pk).delete()[0]:
            raise ScheduleProblem(_("“%(title)s” không còn là bài gối đầu.") % title_of(story))
        log(instance=story, action=LOG_REMOVED, user=user)


def reserve_rows(now: datetime, *, slot: Slot | None = None, column: Page | None = None) -> list[ReserveRow]:
    """The reserve of a slot's column, or of *column*: those of use first, of them the ones that spoil soonest.

    Each says whether it can stand in on the slot's day; without a slot, today. A constant number of queries.
    """
    day = slot.issue_day if slot else timezone.localdate(now, TZ)
    articles = Article.objects.filter(reserve__isnull=False, live=False, first_published_at=None)
    if place := slot.column if slot else column:
        articles = articles.child_of(place)
    statuses = {one.story.pk: one for one in statuses_of(articles.defer("body").select_related("owner"))}
    planned = {one.story_id: one for one in Slot.objects.filter(story__in=statuses)}
    kept = Reserve.objects.filter(article__in=statuses).select_related("added_by").order_by("use_by", "pk")
    rows = [
        ReserveRow(one, statuses[one.article_id], _obstacle(one, statuses[one.article_id], planned, day))
        for one in kept
    ]
    return sorted(rows, key=lambda row: bool(row.obstacle))


def _obstacle(reserve: Reserve, status: StoryStatus, planned: dict[int | None, Slot], day: date) -> str:
    if reserve.use_by < day:
        return _("Hết hạn dùng từ %(day)s.") % {"day": format_day(reserve.use_by)}
    if reserve.article_id in planned:
        return _("Đã xếp vào kỳ %(day)s.") % {"day": format_day_long(planned[reserve.article_id].day)}
    if status.scheduled_at is not None:
        return _("Đã hẹn giờ %(at)s.") % {"at": format_moment(status.scheduled_at)}
    if status.hold is not None:
        return _("Đang tạm giữ: %(reason)s.") % {"reason": status.hold.reason}
    if status.gaps.required:
        return _("Còn thiếu: %(gaps)s.") % {"gaps": "; ".join(status.gaps.required)}
    return ""
