"""The stories of an answer, read as readers may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString

from column.enums import Kind
from column.stories.listing import with_photos
from column.stories.models import Story
from search.port import Hit


@dataclass(frozen=True)
class Found:
    """One line of the results. *url* is the story's address on this site, *kind* what its kind is called."""

    story: Story
    url: str
    title: SafeString
    snippet: SafeString
    kind: str


#: One statement for what readers may see of some stories: live, and neither restricted nor below what is. Written out
#: because the ORM takes ten times as long to write ``published()`` as the database to answer it.
_PUBLIC = """
    SELECT page.id, page.title, page.path, page.depth, page.url_path, page.first_published_at, story.page_ptr_id,
        story.public_id, story.external_id, story.kind, story.standfirst, story.issue_date, story.printed_at,
        story.lead_photo_id
    FROM column_story AS story JOIN wagtailcore_page AS page ON page.id = story.page_ptr_id
    WHERE page.live AND page.id IN (%s) AND NOT EXISTS (
        SELECT 1 FROM wagtailcore_pageviewrestriction AS restriction WHERE page.path LIKE
        (SELECT hidden.path FROM wagtailcore_page AS hidden WHERE hidden.id = restriction.page_id) || '%%%%'
    )
"""


def found_stories(hits: Sequence[Hit]) -> list[Found]:
    """The hits with their stories, read as readers may: what is no longer public is left out."""
    if not hits:
        return []
    marks = ", ".join(["%s"] * len(hits))
    public = list(Story.objects.raw(_PUBLIC % marks, [hit.story_id for hit in hits]))
    # Once for the page: Django looks each label up anew.
    kinds = {kind.value: str(kind.label) for kind in Kind}
    by_id = {story.pk: story for story in with_photos(public)}
    return [
        Found(story, story.get_url() or "", hit.title, hit.snippet, kinds[story.kind])
        for hit in hits
        if (story := by_id.get(hit.story_id))
    ]
