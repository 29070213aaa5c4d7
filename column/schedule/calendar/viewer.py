"""What the person in front of the calendar may do there; decides what is shown and offered, not what is allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

from column.schedule.taking_back import FILL, SCHEDULE
from column.stories.models import ColumnPage, Story


@dataclass(frozen=True)
class Viewer:
    user: Any
    may_fill: bool
    may_schedule: bool
    may_write: bool
    edits_all: bool

    @classmethod
    def of(cls, user: Any, column: ColumnPage) -> Self:
        rights = column.permissions_for_user(user)
        return cls(
            user=user,
            may_fill=user.has_perm(FILL),
            may_schedule=user.has_perm(SCHEDULE),
            may_write=rights.can_add_subpage(),
            edits_all=user.is_superuser or "change" in rights.permissions,
        )

    def opens(self, story: Story) -> bool:
        """Whether the story's editor opens for this person: all of them, or one's own."""
        return self.edits_all or (self.may_write and story.owner_id == self.user.pk)
