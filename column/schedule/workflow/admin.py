"""The workflow in the admin: addresses, menu, panels, and the desk's words on Wagtail's buttons."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.action_menu import (
    ActionMenuItem,
    CancelWorkflowMenuItem,
    RestartWorkflowMenuItem,
    SubmitForModerationMenuItem,
    WorkflowMenuItem,
)
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.home import UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel
from wagtail.models import WorkflowState

from column.schedule.workflow import views
from column.schedule.workflow.history import name_delegations
from column.schedule.workflow.panel import WaitingPanel

hooks.register("register_log_actions", name_delegations, order=1000)


@hooks.register("register_admin_urls")
def workflow_urls() -> list[Any]:
    return [
        path("cho-xu-ly/", views.WaitingView.as_view(), name="workflow_waiting"),
        path("duyet/<str:token>/", views.ApproveByLinkView.as_view(), name="workflow_approve"),
        path("duyet/<str:token>/ban-xem/", views.ApprovePreviewView.as_view(), name="workflow_approve_preview"),
    ]


@hooks.register("register_admin_menu_item")
def waiting_item() -> MenuItem:
    return MenuItem(
        views.WaitingView.page_title, reverse("workflow_waiting"), name="waiting", icon_name="tasks", order=40
    )


@hooks.register("construct_homepage_panels")
def waiting_panel(request: HttpRequest, panels: list[Any]) -> None:
    """In place of Wagtail's two lists, which know neither deadlines nor returned stories."""
    theirs = (UserObjectsInWorkflowModerationPanel, WorkflowObjectsToModeratePanel)
    panels[:] = [panel for panel in panels if not isinstance(panel, theirs)]
    panels.append(WaitingPanel(request))


@hooks.register("construct_page_action_menu")
def desk_words(menu_items: list[ActionMenuItem], request: HttpRequest, context: dict[str, Any]) -> None:
    """Approval publishes nothing here, so its button must not say so; the rest in the desk's own words.

    Starting over is what withdrawing and submitting do: one button less to wonder about.
    """
    page = context.get("page")
    task = page.current_workflow_task if page is not None and page.pk else None
    words = {(name, modal): label for name, label, modal in (task.get_actions(page, request.user) if task else ())}
    menu_items[:] = [item for item in menu_items if not isinstance(item, RestartWorkflowMenuItem)]
    for place, item in enumerate(menu_items):
        if isinstance(item, WorkflowMenuItem):
            item.label = words.get((item.name, item.launch_modal), item.label)
            item.icon_name = "rotate" if item.name == "reject" else "check"
        elif isinstance(item, SubmitForModerationMenuItem):
            menu_items[place] = SubmitMenuItem(order=item.order)
        elif isinstance(item, CancelWorkflowMenuItem):
            menu_items[place] = WithdrawMenuItem(order=item.order)


class SubmitMenuItem(SubmitForModerationMenuItem):
    """*Trình duyệt*, whatever the workflow is called."""

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        page = parent_context.get("page")
        state = page.current_workflow_state if page is not None and page.pk else None
        again = state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES
        label = _("Trình duyệt lại") if again else _("Trình duyệt")
        return {**super().get_context_data(parent_context), "label": label}


class WithdrawMenuItem(CancelWorkflowMenuItem):
    """*Rút bài trình*: the story is its writer's draft again."""

    icon_name = "circle-xmark"

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        return {**super().get_context_data(parent_context), "label": _("Rút bài trình")}
