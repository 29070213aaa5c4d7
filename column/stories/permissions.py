"""What nobody may do to a story, administrators neither, and what a lent right opens."""

from __future__ import annotations

from wagtail.models import PagePermissionTester

from column.people.delegation import lent_to

_APPROVE, _SCHEDULE = "column.approve_story", "column.schedule_story"


class StoryPermissionTester(PagePermissionTester):
    """A story that readers have had is taken down, by its own right and with a note; never switched off or deleted.

    Who approves in somebody's stead reads and publishes every story on those days, and no more: privacy, moving and
    deleting stay with the roles.
    """

    def can_edit(self) -> bool:
        return bool(super().can_edit() or self._lent(_APPROVE))

    def can_publish(self) -> bool:
        return bool(super().can_publish() or self._lent(_APPROVE))

    def can_unschedule(self) -> bool:
        return bool(super().can_publish() or self._lent(_SCHEDULE))

    def can_set_view_restrictions(self) -> bool:
        return bool(super().can_publish())

    def can_unpublish(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return self.page.first_published_at is None and bool(super().can_delete(ignore_bulk))

    def _lent(self, permission: str) -> bool:
        return permission in lent_to(self.user)


class ColumnPagePermissionTester(PagePermissionTester):
    """The column's page stays as long as there is a story below it."""

    def can_unpublish(self) -> bool:
        return bool(self.page.is_leaf() and super().can_unpublish())

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return bool(self.page.is_leaf() and super().can_delete(ignore_bulk))
