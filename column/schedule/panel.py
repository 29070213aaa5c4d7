"""*Kỳ đăng* beside the story being edited, and the coming Thursdays on the admin's first page."""

from __future__ import annotations

from typing import Any

from django.forms import Media
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.side_panels import BaseSidePanel

from column.schedule.calendar.cards import Card, cards_of, near_slots
from column.schedule.calendar.viewer import Viewer
from column.schedule.listing import slot_rows, statuses_of
from column.schedule.models import Slot
from column.schedule.proof.models import Proof
from column.stories.models import Article, ColumnPage, Story


class SlotSidePanel(BaseSidePanel):
    class SidePanelToggle(BaseSidePanel.SidePanelToggle):
        aria_label = _("Kỳ đăng và những gì còn thiếu")
        icon_name = "calendar"
        has_counter = False

    name = "slot"
    title = _("Kỳ đăng")
    template_name = "schedule/desk/side_panel.html"
    order = 150

    def get_context_data(self, parent_context: dict[str, Any]) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(parent_context)
        story = Story.objects.get(pk=self.object.pk)
        slot = Slot.objects.filter(story=story.pk).first()
        row = slot_rows([slot], timezone.now())[0] if slot else None
        user = self.request.user
        return {
            **context,
            "row": row,
            "proof": Proof.objects.filter(story=story.pk).first() if story.live else None,
            "status": row.status if row and row.status else statuses_of([story])[0],
            "is_article": isinstance(self.object, Article),
            "may_fill": user.has_perm("column.change_slot"),
            "may_schedule": user.has_perm("column.schedule_story"),
        }


class ComingSlotsPanel(Component):
    """Of each column the last Thursday and the next two, with what each still lacks: the cards of the calendar."""

    name = "coming-slots"
    template_name = "schedule/desk/coming.html"
    order = 20
    media = Media(css={"all": ["column/desk/calendar.css"]})

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        now = timezone.now()
        slots = near_slots(timezone.localdate(now))
        viewer = Viewer.of(self.request.user, slots[0].column) if slots else None
        cards = cards_of(slots, now, viewer) if viewer else []
        by_column: dict[ColumnPage, list[Card]] = {}
        for card in cards:
            by_column.setdefault(card.slot.column, []).append(card)
        return {
            "columns": list(by_column.items()),
            "next_url": reverse("wagtailadmin_home"),
            "may_fill": bool(viewer and viewer.may_fill),
            "may_schedule": bool(viewer and viewer.may_schedule),
            # A component's template has no request: the forms in the cards need its token.
            "csrf_token": parent_context.get("csrf_token"),
        }
