"""*Gỡ bài*: a published story leaves the site, its address answers 410, and the newsroom keeps it all."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page

from column.signals import announce, story_taken_down
from column.stories.models import Story

#: The neutral sentence that readers get unless the newsroom chooses another.
NEUTRAL = gettext_lazy("Bài này đã được gỡ khỏi trang.")

#: Further sentences to choose from on the screen.
SENTENCES = (
    NEUTRAL,
    gettext_lazy("Bài này đã được tòa soạn gỡ để kiểm tra lại thông tin."),
    gettext_lazy("Bài này đã được gỡ theo yêu cầu của cơ quan có thẩm quyền."),
)

LOG_ACTION = "column.take_down"


class NotTakenDown(ValueError):
    """Nothing to take down; the message is Vietnamese."""


@transaction.atomic
def take_down(story: Story, user: Any, note: str = "", *, reason: str = "") -> Story:
    """Take a published story off the site and return it, fresh.

    *note* is the sentence for readers (the neutral one when empty); *reason* is for the newsroom's log only. A story
    that is down already only gets the new sentence. What stays: text, revisions, coverage, number, issue date.
    Whoever calls has checked ``column.take_down_story``. Raises :class:`NotTakenDown` for a story that readers
    never had.
    """
    Page.objects.select_for_update().get(pk=story.pk)
    down: Story = Story.objects.get(pk=story.pk).specific
    if not down.live and not down.taken_down_at:
        raise NotTakenDown(_("Tin, bài này chưa lên trang nên không có gì để gỡ."))
    down.taken_down_at = down.taken_down_at or timezone.now()
    down.taken_down_note = note.strip() or str(NEUTRAL)
    if down.live:
        # Saves the note along with the page; announced there. Schedules of waiting versions are cleared too.
        # Wagtail's own switch is closed to everyone (StoryPermissionTester): this is the one way past it.
        UnpublishPageAction(down, user=user, log_action=False).execute(skip_permission_checks=True)
        story_taken_down.send(sender=Story, story=down, user=user, reason=reason.strip())
    else:
        Story.objects.filter(pk=down.pk).update(taken_down_note=down.taken_down_note)
        announce([down.pk])
    log(instance=down, action=LOG_ACTION, user=user, data={"note": down.taken_down_note, "reason": reason.strip()})
    return down
