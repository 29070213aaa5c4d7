"""A suggested unit is not what the story is about: remembered, so that it is not suggested there again."""

from __future__ import annotations

from collections.abc import Collection

from column.coverage.models import DismissedSuggestion
from column.people.models import User
from column.stories.models import Story


def dismiss(story: Story, units: Collection[int], user: User) -> int:
    """Remember it for these units (keys); return how many were not yet."""
    known = set(DismissedSuggestion.objects.filter(story=story.pk).values_list("department_id", flat=True))
    fresh = [unit for unit in units if unit not in known]
    DismissedSuggestion.objects.bulk_create(
        (DismissedSuggestion(story_id=story.pk, department_id=unit, dismissed_by=user) for unit in fresh),
        ignore_conflicts=True,
    )
    return len(fresh)
