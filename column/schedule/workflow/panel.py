"""Where a story stands on its way to approval: beside its text, and what waits for the visitor on the first page."""

from __future__ import annotations

from typing import Any

from django.forms import Media
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.side_panels import BaseSidePanel
from wagtail.models import TaskState, WorkflowState

from column.people.models import User
from column.schedule.workflow.waiting import line_of, waiting_for
from column.stories.models import Story
from column.text.dates import format_moment

#: How many lines the first page shows.
SHOWN = 5
CSS = Media(css={"all": ["column/desk/workflow.css"]})


class WorkflowSidePanel(BaseSidePanel):
    """The steps of the newest submission, and the remarks with which it came back."""

    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = gettext_lazy("Các bước duyệt và lời nhận xét")
        icon_name = "clipboard-list"
        has_counter = False

    name = "workflow"
    title = gettext_lazy("Các bước duyệt")
    template_name = "schedule/workflow/side_panel.html"
    order = 140
    media = CSS

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        story = Story.objects.get(pk=self.object.pk)
        state = story.workflow_states.order_by("created_at", "pk").last()
        steps = list(state.task_states.select_related("task", "finished_by").order_by("-pk")) if state else []
        now_at = story.current_workflow_task_state
        line = None
        if now_at is not None:
            line = line_of(now_at, story, self.request.user)
        return {
            **context,
            "line": line,
            "steps": [_told(step) for step in steps if step.status != TaskState.STATUS_IN_PROGRESS],
            "withdrawn": state is not None and state.status == WorkflowState.STATUS_CANCELLED,
            "returned": state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES,
        }


def remarks_on(story: Story) -> str:
    """With what words the story came back to its writer; empty when it did not, or was submitted again."""
    state = story.current_workflow_state
    if state is None or state.status != WorkflowState.STATUS_NEEDS_CHANGES or state.current_task_state is None:
        return ""
    return str(state.current_task_state.comment)


def _told(step: TaskState) -> dict[str, str]:
    """One step that was done: icon, words, by whom, when, with what remarks."""
    icon, words = {
        TaskState.STATUS_APPROVED: ("check", _("Xong bước “%(step)s”")),
        TaskState.STATUS_REJECTED: ("rotate", _("Trả bài ở bước “%(step)s”")),
        TaskState.STATUS_SKIPPED: ("check", _("Qua bước “%(step)s”: người trình tự biên tập được")),
        TaskState.STATUS_CANCELLED: ("cross", _("Dừng ở bước “%(step)s”")),
    }.get(step.status, ("draft", "%(step)s"))
    who: User | None = step.finished_by
    return {
        "icon": icon,
        "words": words % {"step": step.task.name},
        "who": who.get_full_name() if who else "",
        "at": format_moment(step.finished_at) if step.finished_at else "",
        "remarks": step.comment,
    }


class WaitingPanel(Component):
    """*Chờ tôi xử lý* on the admin's first page."""

    name = "waiting-for-me"
    template_name = "schedule/workflow/waiting_panel.html"
    order = 11
    media = CSS

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        lines = waiting_for(self.request.user)
        return {"lines": lines[:SHOWN], "more": max(0, len(lines) - SHOWN)}
