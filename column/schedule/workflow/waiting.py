"""*Chờ tôi xử lý*: what waits for one person, as writer, editor or approver; a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, IntegerField, OuterRef, Q
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Task, TaskState, WorkflowState, get_default_page_content_type

from column.schedule.holidays import HolidayCalendar
from column.schedule.models import Slot
from column.schedule.preflight import approved_revisions
from column.schedule.rhythm import deadlines_of
from column.schedule.workflow import links
from column.schedule.workflow.models import APPROVE
from column.stories.models import Story
from column.text.dates import TZ, format_day_long, format_moment


class Duty(StrEnum):
    """What is asked of the person, in the order of urgency where deadlines are equal."""

    APPROVE = "approve"
    REVIEW = "review"
    MEND = "mend"
    WRITE = "write"


#: Icon, words and the button of each.
_SHOWN = {
    Duty.APPROVE: ("check", _("Chờ duyệt"), _("Đọc và duyệt")),
    Duty.REVIEW: ("edit", _("Chờ biên tập"), _("Mở để biên tập")),
    Duty.MEND: ("rotate", _("Bị trả lại, cần sửa"), _("Mở để sửa")),
    Duty.WRITE: ("draft", _("Cần nộp bài"), _("Mở để viết")),
}


@dataclass(frozen=True)
class Line:
    """One thing to do. ``since`` is when it came to the person, ``due`` until when it must be done."""

    story: Story
    duty: Duty
    url: str
    since: datetime | None = None
    by: str = ""
    remarks: str = ""
    slot: Slot | None = None
    due: datetime | None = None
    overdue: bool = False

    @property
    def duty_icon(self) -> str:
        return _SHOWN[self.duty][0]

    @property
    def duty_words(self) -> str:
        return str(_SHOWN[self.duty][1])

    @property
    def go(self) -> str:
        return str(_SHOWN[self.duty][2])

    @property
    def day(self) -> str:
        return format_day_long(self.slot.issue_day) if self.slot else ""

    @property
    def since_words(self) -> str:
        return format_moment(self.since) if self.since else ""

    @property
    def due_words(self) -> str:
        return format_moment(self.due) if self.due else ""


def waiting_for(user: Any, now: datetime | None = None) -> list[Line]:
    """What waits for *user*: the overdue first, then by deadline, then the longest waiting."""
    now = now or timezone.now()
    steps, returned = _steps_for(user), _returned_to(user)
    known = _stories({int(step.workflow_state.object_id) for step in steps} | {int(one.object_id) for one in returned})
    slots = list(
        Slot.objects.filter(
            Q(story__in=known) | Q(story__owner=user, story__live=False, issue_day__gte=timezone.localdate(now, TZ))
        )
    )
    times = _Times(slots, now)
    lines = [
        *(_step_line(step, story, user, times) for step in steps if (story := known.get(_key(step.workflow_state)))),
        *(_returned_line(state, story, times) for state in returned if (story := known.get(_key(state)))),
        *(
            Line(story, Duty.WRITE, _edit(story), **times.of(story, draft=True))
            for story in _to_write(user, {slot.story_id for slot in slots} - known.keys())
        ),
    ]
    far = datetime.max.replace(tzinfo=TZ)
    return sorted(lines, key=lambda line: (not line.overdue, line.due or far, line.since or far, line.story.pk))


def line_of(step: TaskState, story: Story, user: Any, now: datetime | None = None) -> Line:
    """The one line about a story at a step."""
    return _step_line(step, story, user, _Times(list(Slot.objects.filter(story=story.pk)), now or timezone.now()))


class _Times:
    """The Thursdays of the stories at hand, and their deadlines."""

    def __init__(self, slots: Sequence[Slot], now: datetime) -> None:
        self.slots = {slot.story_id: slot for slot in slots}
        self.deadlines = deadlines_of(slots, HolidayCalendar.load()) if slots else {}
        self.now = now

    def of(self, story: Story, *, draft: bool) -> dict[str, Any]:
        """The line's slot and deadline: the draft's for writers, the approval's for the desk."""
        slot = self.slots.get(story.pk)
        if slot is None:
            return {}
        both = self.deadlines[slot.pk]
        due = both.draft if draft else both.approval
        return {"slot": slot, "due": due, "overdue": due < self.now}


def _step_line(step: TaskState, story: Story, user: Any, times: _Times) -> Line:
    who = step.workflow_state.requested_by
    approves = getattr(step.task.specific, "permission", "") == APPROVE
    return Line(
        story, Duty.APPROVE if approves else Duty.REVIEW,
        links.address(user, story.latest_revision) if approves else _edit(story),
        since=step.started_at, by=who.get_full_name() if who else "", **times.of(story, draft=False),
    )  # fmt: skip


def _returned_line(state: WorkflowState, story: Story, times: _Times) -> Line:
    step = state.current_task_state
    who = step.finished_by if step else None
    return Line(
        story, Duty.MEND, _edit(story), since=step.finished_at if step else None,
        by=who.get_full_name() if who else "", remarks=step.comment if step else "", **times.of(story, draft=True),
    )  # fmt: skip


def _steps_for(user: Any) -> list[TaskState]:
    """The steps under way that are the user's to do, ours and those that an administrator added, with their tasks."""
    steps = list(
        TaskState.objects.reviewable_by(user)
        .filter(
            workflow_state__status=WorkflowState.STATUS_IN_PROGRESS,
            workflow_state__base_content_type=get_default_page_content_type(),
        )
        .select_related("workflow_state__requested_by")
    )
    tasks = {task.pk: task for task in Task.objects.filter(pk__in={step.task_id for step in steps}).specific()}
    for step in steps:
        step.task = tasks[step.task_id]
    return steps


def _returned_to(user: Any) -> list[WorkflowState]:
    """What came back to its writer, or to whoever submitted it."""
    owned = Story.objects.filter(owner=user, pk=Cast(OuterRef("object_id"), IntegerField()))
    return list(
        WorkflowState.objects.filter(
            Q(requested_by=user) | Exists(owned), status=WorkflowState.STATUS_NEEDS_CHANGES,
            base_content_type=get_default_page_content_type(),
        ).select_related("current_task_state__finished_by")
    )  # fmt: skip


def _stories(keys: Iterable[int]) -> dict[int, Story]:
    rows = Story.objects.select_related("owner", "latest_revision").defer("body", "latest_revision__content")
    found: dict[int, Story] = rows.in_bulk(list(keys))
    return found


def _to_write(user: Any, keys: Iterable[int | None]) -> list[Story]:
    """Own drafts on coming Thursdays that are neither under way nor approved."""
    drafts = [story for story in _stories(key for key in keys if key).values() if story.owner_id == user.pk]
    under_way = WorkflowState.objects.active().filter(
        base_content_type=get_default_page_content_type(), object_id__in=[str(story.pk) for story in drafts]
    )
    busy = {int(key) for key in under_way.values_list("object_id", flat=True)}
    approved = approved_revisions(story.latest_revision for story in drafts if story.latest_revision)
    return [story for story in drafts if story.pk not in busy and story.latest_revision_id not in approved]


def _key(state: WorkflowState) -> int:
    return int(state.object_id)


def _edit(story: Story) -> str:
    return reverse("wagtailadmin_pages:edit", args=[story.pk])
