"""The approval workflow of a new installation, and of one that had a single step."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, TaskState, Workflow, WorkflowPage, WorkflowState, WorkflowTask

from column.people.models import SetupStep
from column.schedule.workflow.models import APPROVE, REVIEW, FunctionTask

WORKFLOW = "Duyệt bài"
STEPS = (("Biên tập", REVIEW), ("Duyệt", APPROVE))
#: What the one step of earlier installations was called.
SINGLE_STEP = "Thư ký tòa soạn hoặc Tổng biên tập duyệt"


@transaction.atomic
def ensure_workflow(column: Page) -> None:
    """Once: put the two steps on the column's page, in place of the workflow that Wagtail's migrations leave.

    An installation that has the single step gets the two, once; what an administrator changed stays.
    """
    new = SetupStep.objects.begin("workflow:approval")
    if not SetupStep.objects.begin("workflow:two-steps"):
        return
    if not new:
        _divide_single_step()
        return
    workflow = Workflow.objects.create(name=WORKFLOW)
    _set_steps(workflow, _make_steps())
    WorkflowPage.objects.get_or_create(page_id=column.pk, defaults={"workflow": workflow})
    for unused in Workflow.objects.filter(name="Moderators approval", workflow_states__isnull=True):
        tasks = list(unused.tasks)
        unused.delete()
        for one in tasks:
            one.delete()


def _divide_single_step() -> None:
    """Only where the step is as we made it, and nobody loses by it: each of its groups holds the right."""
    single = GroupApprovalTask.objects.filter(name=SINGLE_STEP, active=True).first()
    if single is None:
        return
    able = single.groups.filter(permissions__codename="approve_story", permissions__content_type__app_label="column")
    workflows = [one for one in Workflow.objects.filter(workflow_tasks__task=single) if one.tasks.count() == 1]
    if not workflows or set(able) != set(single.groups.all()):
        return
    steps = _make_steps()
    for workflow in workflows:
        _move_running(workflow, single, *steps)
        WorkflowTask.objects.filter(workflow=workflow).delete()
        _set_steps(workflow, steps)
    # What it approved stays in the stories' histories.
    GroupApprovalTask.objects.filter(pk=single.pk).update(active=False)


def _move_running(workflow: Workflow, single: GroupApprovalTask, review: FunctionTask, approve: FunctionTask) -> None:
    """What was submitted stands at the approval, as before; the step before it counts as passed."""
    for state in WorkflowState.objects.active().filter(workflow=workflow).select_related("current_task_state"):
        state.task_states.filter(task=single).update(task=approve)
        if state.current_task_state is not None:
            TaskState.objects.create(
                workflow_state=state, task=review, revision_id=state.current_task_state.revision_id,
                status=TaskState.STATUS_SKIPPED, finished_at=timezone.now(),
            )  # fmt: skip


def _make_steps() -> list[FunctionTask]:
    return [FunctionTask.objects.create(name=name, permission=permission) for name, permission in STEPS]


def _set_steps(workflow: Workflow, steps: Sequence[FunctionTask]) -> None:
    for order, step in enumerate(steps):
        WorkflowTask.objects.create(workflow=workflow, task=step, sort_order=order)
