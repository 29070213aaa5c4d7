"""Approval: a person with that right said yes to exactly one version. It never publishes anything."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from wagtail.models import Revision

from column.schedule.models import Approval
from column.schedule.preflight import approved_revisions
from column.stories.models import Story


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
