"""What nobody may do to a story, administrators neither."""

from __future__ import annotations

from wagtail.models import PagePermissionTester


class StoryPermissionTester(PagePermissionTester):
    """A story that readers have had is taken down, by its own right and with a note; never switched off or deleted."""

    def can_unpublish(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self.page.first_published_at is None and bool(super().can_delete(ignore_bulk))


class ColumnPagePermissionTester(PagePermissionTester):
    """The column's page stays as long as there is a story below it."""

    def can_unpublish(self) -> bool:
        return bool(self.page.is_leaf() and super().can_unpublish())

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(self.page.is_leaf() and super().can_delete(ignore_bulk))
