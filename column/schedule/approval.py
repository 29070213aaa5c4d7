"""Approval: a person with that right said yes to exactly one version. It never publishes anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.models import Revision

from column.schedule.models import Approval
from column.schedule.preflight import approved_revisions
from column.schedule.workflow.models import APPROVE
from column.stories.models import Story


def on_workflow_finished(workflow_state: Any, user: Any = None) -> None:
    """The last step of the workflow was taken: by an approver, it is the newest version's approval. Publishes nothing.

    Where an administrator switched the step of approving off, the last step is an editor's, and approves nothing.
    """
    story = workflow_state.content_object.specific
    if isinstance(story, Story) and user is not None and user.has_perm(APPROVE):
        record_approval(story, story.get_latest_revision(), user, timezone.now())


def record_approval(story: Story, revision: Revision, user: Any, now: datetime) -> Approval:
    """*user* approved this version of the story at *now*; a later approval of the same version replaces it."""
    return Approval.objects.update_or_create(
        revision=revision, defaults={"story_id": story.pk, "approved_by": user, "approved_at": now}
    )[0]


def is_approved(revision: Revision) -> bool:
    """Whether this version, as it stands, was approved; an edit makes another version, which was not."""
    return bool(approved_revisions([revision]))
