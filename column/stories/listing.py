"""Stories made ready for a list: title, date, kind, opening words, a small photo; a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import prefetch_related_objects

from column.enums import Kind
from column.photos.models import Picture
from column.photos.shapes import fetch_renditions
from column.stories.models import Story, StoryPhoto, StoryQuerySet


def listed(stories: StoryQuerySet, shape: str = "thumb") -> list[Story]:
    """Run the query without the bodies that no list shows, and give each story its ``shown_photo``."""
    return with_photos(list(stories.defer("body")), shape)


def with_photos(stories: Sequence[Story], *shapes: str) -> list[Story]:
    """Set ``shown_photo`` on each story: its lead photo, or the first one of a photo story, or None.

    At most three queries whatever the number of stories.
    """
    if any(story.lead_photo_id for story in stories):
        prefetch_related_objects(list(stories), "lead_photo")
    without = [story.pk for story in stories if story.kind == Kind.PHOTO and story.lead_photo is None]
    first: dict[int, Picture] = {}
    if without:
        rows = StoryPhoto.objects.filter(story__in=without).select_related("image")
        for row in rows.order_by("story", "-sort_order", "-pk"):
            first[row.story_id] = row.image
    for story in stories:
        story.shown_photo = story.lead_photo or first.get(story.pk)
    fetch_renditions(_distinct(story.shown_photo for story in stories), *(shapes or ("thumb",)))
    return list(stories)


def _distinct(pictures: Iterable[Picture | None]) -> list[Picture]:
    # By object, not by key: two stories with one photo hold two objects, and each needs its renditions.
    return list({id(picture): picture for picture in pictures if picture is not None}.values())
