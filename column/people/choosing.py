"""Wagtail's chooser of records, for forms that somebody may fill with anything."""

from __future__ import annotations

from typing import Any

from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.widgets import AdminSnippetChooser


class KnownChooser(AdminSnippetChooser):
    """Wagtail's own looks up whatever was sent, to show it again, and fails on what is no key."""

    def get_instance(self, value: Any) -> Any:
        if isinstance(value, str) and not (value.isascii() and value.isdigit()):
            return None
        return super().get_instance(value)


class KnownChooserViewSet(SnippetChooserViewSet):
    base_widget_class = KnownChooser
