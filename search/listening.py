"""What the archive listens to. Every receiver runs inside the transaction of the change, as its sender does."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models.signals import post_delete, post_save
from wagtail.models import Page, PageViewRestriction, ReferenceIndex
from wagtail.signals import page_unpublished, post_page_move

from column.coverage.models import Criterion, CriterionGroup
from column.departments.models import Department
from column.people.models import Byline
from column.photos.models import Picture
from column.signals import stories_changed
from column.stories.models import BylineCredit, Story
from search import admin_index, writing
from search.models import ArchiveEntry

#: Saving only these (a revision made, a lock, a schedule) changes nothing that anybody finds.
_UNSEEN = {
    "latest_revision", "latest_revision_created_at", "has_unpublished_changes", "locked", "locked_at", "locked_by",
    "go_live_at", "approved_schedule", "url_path",
}  # fmt: skip


def on_stories_changed(ids: Collection[int], **_kwargs: Any) -> None:
    writing.write(ids)


def on_saved(
    instance: object, raw: bool = False, created: bool = False, update_fields: Any = None, **_kwargs: Any
) -> None:
    """Any save of any model passes here; what concerns the archive is told by type."""
    if raw or (update_fields and set(update_fields) <= _UNSEEN):
        return
    if isinstance(instance, Story):
        writing.write([instance.pk])
    elif isinstance(instance, Page):
        # Wagtail moves a page, and changes its address, by saving its plain Page.
        if not created:
            writing.write_below(instance)
    elif isinstance(instance, Picture):
        writing.write(_stories_showing(instance))
    elif isinstance(instance, Byline) and not created:
        writing.write(BylineCredit.objects.filter(byline=instance).values_list("story_id", flat=True))
    elif isinstance(instance, PageViewRestriction):
        writing.write_below(instance.page)
    elif isinstance(instance, (Department, Criterion, CriterionGroup)) and not created:
        # Their names stand beside the filters, not in the entries.
        writing.mark_changed()


def _stories_showing(picture: Picture) -> list[int]:
    """The stories that Wagtail's reference index knows to show the picture."""
    found = ReferenceIndex.get_references_to(picture).filter(base_content_type__app_label="wagtailcore")
    return [int(pk) for pk in found.values_list("object_id", flat=True).distinct()]


def on_deleted(instance: object, **_kwargs: Any) -> None:
    if isinstance(instance, PageViewRestriction):
        writing.write_below(instance.page)
    elif isinstance(instance, Story):
        admin_index.forget(type(instance), str(instance.pk))
    elif isinstance(instance, ArchiveEntry):
        writing.mark_changed()


def on_page_tree_changed(instance: Page, **_kwargs: Any) -> None:
    writing.write_below(instance)


def connect() -> None:
    """Called once, when the apps are ready."""
    # Wagtail's own listener would index every saved story a second time; ours hears of bulk changes too.
    Story.search_auto_update = False
    stories_changed.connect(on_stories_changed, dispatch_uid="search.stories")
    post_save.connect(on_saved, dispatch_uid="search.saved")
    post_delete.connect(on_deleted, dispatch_uid="search.deleted")
    post_page_move.connect(on_page_tree_changed, dispatch_uid="search.moved")
    page_unpublished.connect(on_page_tree_changed, dispatch_uid="search.unpublished")
