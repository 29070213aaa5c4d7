"""A draft that is deleted leaves its Thursday empty; the ledger says so, and who did it."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.signals import pre_delete
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page

from column.enums import SlotAction
from column.schedule.ledger.recording import note
from column.schedule.models import Slot
from column.stories.models import Article


def connect() -> None:
    """Called once, when the application is ready."""
    pre_delete.connect(_note_removal, sender=Article, dispatch_uid="ledger.deleting")


def _note_removal(sender: Any, instance: Article, **kwargs: Any) -> None:
    """The database would empty the slot without a word. The story's row is held before the slot's, as everywhere."""
    with transaction.atomic():
        Page.objects.select_for_update().only("pk").filter(pk=instance.pk).first()
        slot = Slot.objects.select_for_update().filter(story=instance.pk).first()
        if slot is not None:
            slot.story_id = None
            slot.save(update_fields=["story"])
            user = get_active_log_context().user
            note(SlotAction.REMOVED, slot, user, story=instance, logged=False, data={"deleted": True})
