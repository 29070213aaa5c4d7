"""Deadlines that passed: told once for each Thursday and deadline, to whoever owes the next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState, get_default_page_content_type

from column.enums import NoticeKind
from column.people.delegation import holders
from column.people.models import User
from column.schedule.holidays import HolidayCalendar
from column.schedule.models import Hold, Slot
from column.schedule.notices.models import Notice
from column.schedule.notices.telling import tell
from column.schedule.preflight import approved_revisions
from column.schedule.rhythm import Deadlines, deadlines_of
from column.schedule.workflow.announcing import able
from column.schedule.workflow.models import APPROVE, REVIEW, FunctionTask
from column.stories.models import Story
from column.text.dates import TZ, format_day_long, format_moment

#: Deadlines lie at most 60 days ahead of a Thursday, and some days off earlier.
AHEAD = timedelta(days=90)


@dataclass(frozen=True)
class _Draft:
    """A Thursday's unpublished story; *waits_for* is the right of the step at which it stands, if it was submitted."""

    slot: Slot
    story: Story
    due: Deadlines
    waits_for: str


def remind(now: datetime) -> int:
    """Tell of the deadlines that passed before *now*; return how many. Safe to call at any time, cheap when idle.

    A story that is held back on purpose, approved or out owes nothing; after a Thursday's own time it is the alarm
    that speaks.
    """
    late = [
        (draft, kind, f"overdue:{kind}:{draft.slot.pk}:{due.isoformat()}")
        for draft in _drafts(now)
        for kind, due in (("draft", draft.due.draft), ("approval", draft.due.approval))
        if due < now and not (kind == "draft" and draft.waits_for)
    ]
    told = set(Notice.objects.filter(key__in=[key for _draft, _kind, key in late]).values_list("key", flat=True))
    fresh = [one for one in late if one[2] not in told]
    for draft, kind, key in fresh:
        with transaction.atomic():
            (_tell_writer if kind == "draft" else _tell_desk)(draft, key, now)
    return len(fresh)


def _drafts(now: datetime) -> list[_Draft]:
    today = timezone.localdate(now, TZ)
    slots = list(
        Slot.objects.filter(issue_day__range=(today, today + AHEAD), story__live=False).select_related("story__owner")
        .defer("story__body")
    )  # fmt: skip
    slots = [slot for slot in slots if slot.due_at > now]
    if not slots:
        return []
    stories = {slot.story.pk: slot.story for slot in slots if slot.story is not None}
    settled = _approved(list(stories.values())) | set(
        Hold.objects.filter(story__in=stories).values_list("story", flat=True)
    )
    rights = _rights(list(stories))
    due = deadlines_of(slots, HolidayCalendar.load())
    return [
        _Draft(slot, slot.story, due[slot.pk], rights.get(slot.story.pk, ""))
        for slot in slots
        if slot.story is not None and slot.story.pk not in settled
    ]


def _approved(stories: Sequence[Story]) -> set[int]:
    newest = Story.objects.filter(pk__in=[story.pk for story in stories]).select_related("latest_revision")
    revisions = {
        story.pk: story.latest_revision for story in newest.defer("body", "latest_revision__content")
        if story.latest_revision
    }  # fmt: skip
    approved = approved_revisions(revisions.values())
    return {key for key, revision in revisions.items() if revision.pk in approved}


def _rights(keys: Sequence[int]) -> dict[int, str]:
    """The right of the step at which each submitted story stands, by the story's key."""
    permissions = dict(FunctionTask.objects.values_list("pk", "permission"))
    steps = TaskState.objects.filter(
        status=TaskState.STATUS_IN_PROGRESS, workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
        workflow_state__base_content_type=get_default_page_content_type(),
        workflow_state__object_id__in=[str(key) for key in keys],
    ).values_list("workflow_state__object_id", "task_id")  # fmt: skip
    return {int(key): permissions.get(task, APPROVE) for key, task in steps}


def _tell_writer(draft: _Draft, key: str, now: datetime) -> None:
    people = able([draft.story.owner] if draft.story.owner else [], draft.story)
    _tell(
        people, draft, key, now, _("Quá hạn nộp bài: “%(title)s”"),
        _("“%(title)s” của kỳ %(day)s đã quá hạn nộp: %(due)s. Hãy hoàn thành rồi trình duyệt."),
        draft.due.draft,
    )  # fmt: skip


def _tell_desk(draft: _Draft, key: str, now: datetime) -> None:
    """Whose turn it is; of a story that nobody submitted, those who answer for the Thursday."""
    sentence = {
        REVIEW: _("“%(title)s” của kỳ %(day)s đã quá hạn duyệt: %(due)s, và còn chờ biên tập."),
        APPROVE: _("“%(title)s” của kỳ %(day)s đã quá hạn duyệt: %(due)s, và đang chờ duyệt."),
    }.get(
        draft.waits_for,
        _("“%(title)s” của kỳ %(day)s đã quá hạn duyệt: %(due)s, mà chưa được trình."),
    )
    people = list(holders(draft.waits_for or APPROVE))
    if not draft.waits_for:
        people = able(people, draft.story)
    _tell(people, draft, key, now, _("Quá hạn duyệt: “%(title)s”"), sentence, draft.due.approval)


def _tell(
    people: Sequence[User], draft: _Draft, key: str, now: datetime, subject: str, sentence: str, due: datetime
) -> None:
    words = {
        "title": draft.story.draft_title, "day": format_day_long(draft.slot.issue_day), "due": format_moment(due),
    }  # fmt: skip
    url = reverse("wagtailadmin_pages:edit", args=[draft.story.pk])
    tell(people, NoticeKind.OVERDUE, key=key, subject=subject % words, text=sentence % words, url=url, now=now)
