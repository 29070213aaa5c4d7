"""Approval: a person with that right said yes to exactly one version. It never publishes anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, Revision, Workflow, WorkflowPage, WorkflowTask

from column.people.models import SetupStep
from column.people.roles import APPROVERS
from column.schedule.models import Approval
from column.schedule.preflight import approved_revisions
from column.stories.models import Story

WORKFLOW = "Duyệt bài"
TASK = "Thư ký tòa soạn hoặc Tổng biên tập duyệt"


@transaction.atomic
def ensure_workflow(column: Page) -> None:
    """Once: put the approval workflow on the column's page, in place of the one that Wagtail's migrations leave."""
    if not SetupStep.objects.begin("workflow:approval"):
        return
    task = GroupApprovalTask.objects.create(name=TASK)
    task.groups.set(Group.objects.filter(name__in=APPROVERS))
    workflow = Workflow.objects.create(name=WORKFLOW)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.get_or_create(page_id=column.pk, defaults={"workflow": workflow})
    for unused in Workflow.objects.filter(name="Moderators approval", workflow_states__isnull=True):
        tasks = list(unused.tasks)
        unused.delete()
        for one in tasks:
            one.delete()


def on_workflow_finished(workflow_state: Any, user: Any = None) -> None:
    """The last approval of the workflow was given: record it for the newest version, publish nothing."""
    story = workflow_state.content_object.specific
    if isinstance(story, Story):
        record_approval(story, story.get_latest_revision(), user, timezone.now())


def record_approval(story: Story, revision: Revision, user: Any, now: datetime) -> Approval:
    """*user* approved this version of the story at *now*; a later approval of the same version replaces it."""
    return Approval.objects.update_or_create(
        revision=revision, defaults={"story_id": story.pk, "approved_by": user, "approved_at": now}
    )[0]


def is_approved(revision: Revision) -> bool:
    """Whether this version, as it stands, was approved; an edit makes another version, which was not."""
    return bool(approved_revisions([revision]))
