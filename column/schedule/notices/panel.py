"""The newest unread messages on the admin's first page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from column.schedule.notices.models import Notice

SHOWN = 5


class MessagesPanel(Component):
    name = "messages"
    template_name = "schedule/notices/panel.html"
    order = 15

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {
            "notices": Notice.objects.filter(recipient=self.request.user.pk).unread()[:SHOWN],
            "here": self.request.path,
            # A component's template has no request: its forms need the token.
            "csrf_token": parent_context.get("csrf_token"),
        }
