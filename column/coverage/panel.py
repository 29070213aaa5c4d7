"""The tab of the story's screen that shows its coverage and leads to the editor."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from wagtail.admin.panels import Panel

from column.coverage.editor import may_code
from column.coverage.models import Coverage, StoryDocument
from column.stories.models import Story


class CoveragePanel(Panel):
    """Read-only: coverage acts at once and is no part of the form around it."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "coverage/desk/panel.html"

        def is_shown(self) -> bool:
            return bool(self.instance.pk)

        def get_context_data(self, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
            story: Story = self.instance
            rows = Coverage.objects.filter(story=story.pk).select_related("department", "criterion__group")
            return {
                **super().get_context_data(parent_context),
                "rows": list(rows.order_by("department__report_group", "department__sort_key", "pk")),
                "links": list(StoryDocument.objects.filter(story=story.pk).select_related("document")),
                "url": reverse("coverage_editor", args=[story.pk]) if may_code(story, self.request.user) else "",
            }
