"""*Khay bài chưa xếp*: the drafts and ideas of a column that stand on no slot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.models import PageSubscription

from column.schedule.calendar.viewer import Viewer
from column.schedule.forms import drafts_of
from column.schedule.listing import StoryStatus, statuses_of
from column.schedule.models import Reserve
from column.stories.models import Article, ColumnPage
from column.text.dates import format_day
from column.text.normalize import fold

#: A tray that is longer asks to be searched.
SHOWN = 30


class Word(NamedTuple):
    """How a draft is called in the tray; *value* names its colour."""

    value: str
    label: Promise
    icon: str


HELD = Word("held", _("Tạm giữ"), "lock")
RESERVE = Word("reserve", _("Bài gối đầu"), "folder-inverse")
APPROVED = Word("approved", _("Đã duyệt"), "check")
IN_REVIEW = Word("in_review", _("Chờ duyệt"), "view")
IDEA = Word("idea", _("Ý tưởng"), "help")
DRAFT = Word("draft", _("Bản nháp"), "draft")


@dataclass(frozen=True)
class TrayItem:
    status: StoryStatus
    reserve: Reserve | None
    opens: bool

    @property
    def story(self) -> Any:
        return self.status.story

    @property
    def word(self) -> Word:
        """What it is; a reserve is approved, a hold outweighs both."""
        if self.status.hold:
            return HELD
        if self.reserve:
            return RESERVE
        if self.status.approved:
            return APPROVED
        if self.status.in_review:
            return IN_REVIEW
        return IDEA if self._is_idea else DRAFT

    @property
    def use_by(self) -> str:
        return format_day(self.reserve.use_by) if self.reserve else ""

    @property
    def _is_idea(self) -> bool:
        """Nothing but a headline."""
        facts = self.status.facts
        return facts is None or not (facts.has_body or facts.photos or facts.has_lead_photo)


@dataclass(frozen=True)
class Tray:
    items: Sequence[TrayItem]
    asked: str
    #: How many there are of those asked for, shown or not.
    count: int

    @property
    def unshown(self) -> int:
        return self.count - len(self.items)


def tray_of(column: ColumnPage, viewer: Viewer, asked: str = "") -> Tray:
    """The drafts on no slot whose headline or author holds every word *asked*, accents or not; newest first.

    Who does not fill slots sees their own alone.
    """
    drafts = drafts_of(column)
    if not viewer.may_fill:
        drafts = drafts.filter(owner=viewer.user)
    if words := fold(asked).split():
        rows = drafts.values_list("pk", "draft_title", "owner__display_name", "owner__username")
        found = [row[0] for row in rows if _holds(words, " ".join(filter(None, row[1:])))]
        count, drafts = len(found), drafts.filter(pk__in=found[:SHOWN])
    else:
        count = drafts.count()
    statuses = statuses_of(drafts[:SHOWN])
    reserves = {one.article_id: one for one in Reserve.objects.filter(article__in=[s.story.pk for s in statuses])}
    return Tray(
        items=[TrayItem(status, reserves.get(status.story.pk), viewer.opens(status.story)) for status in statuses],
        asked=asked,
        count=count,
    )


def _holds(words: Sequence[str], text: str) -> bool:
    folded = fold(text)
    return all(word in folded for word in words)


def add_idea(column: ColumnPage, title: str, user: Any) -> Article:
    """An article that is a headline so far: made as Wagtail's own screen makes a draft, and owned by *user*."""
    article = Article(title=title, owner=user, live=False)
    with transaction.atomic():
        # Two ideas at once would be given one place in the tree.
        parent = ColumnPage.objects.select_for_update(of=("self",)).get(pk=column.pk)
        parent.add_child(instance=article)
        article.save_revision(user=user, log_action=True, clean=False)
        PageSubscription.objects.create(page=article, user=user, comment_notifications=True)
    return article
