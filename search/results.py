"""The stories of an answer, read as readers may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from column.stories.listing import with_photos
from column.stories.models import Story
from search.port import Hit


@dataclass(frozen=True)
class Found:
    """One line of the results."""

    story: Story
    title: SafeString
    snippet: SafeString


def found_stories(hits: Sequence[Hit]) -> list[Found]:
    """The hits with their stories, read as readers may: what is no longer public is left out."""
    stories = Story.objects.published().filter(pk__in=[hit.story_id for hit in hits]).defer("body")
    by_id = {story.pk: story for story in with_photos(list(stories))}
    return [Found(story, hit.title, hit.snippet) for hit in hits if (story := by_id.get(hit.story_id))]
