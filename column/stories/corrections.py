"""*Đính chính, cập nhật*: dated notes above a published story, outside its revisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from column.stories.models import Correction, Story

LOG_ADD, LOG_REMOVE = "column.correction.add", "column.correction.remove"


class NotPublished(ValueError):
    """A draft is edited, not corrected; the message is Vietnamese."""


@transaction.atomic
def add_correction(story: Story, user: Any, kind: str, text: str, made_at: datetime | None = None) -> Correction:
    """Put a note on a published story; acts at once, whatever drafts wait.

    Whoever calls has checked ``column.correct_story``. Raises :class:`NotPublished`.
    """
    if not story.live:
        raise NotPublished(_("Tin, bài chưa lên trang: hãy sửa thẳng vào nội dung."))
    note = Correction.objects.create(
        story_id=story.pk, kind=kind, text=text.strip(), made_at=made_at or timezone.now(), made_by=user
    )
    log(instance=story.specific, action=LOG_ADD, user=user, data=_for_log(note))
    return note


@transaction.atomic
def remove_correction(note: Correction, user: Any) -> None:
    """Take a note that was a slip off the story again; the log keeps its words."""
    data, story = _for_log(note), note.story
    note.delete()
    log(instance=story.specific, action=LOG_REMOVE, user=user, data=data)


def _for_log(note: Correction) -> dict[str, str]:
    return {"kind": note.kind, "text": note.text, "made_at": note.made_at.isoformat()}
