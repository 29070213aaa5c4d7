"""What changes for readers without a story being saved, told to whoever listens (``column.signals.announce``).

``Story.save`` and ``ColumnPage.save`` announce themselves; here is the rest: removal, moves, privacy, and the records
that a story shows (photos, bylines, corrections). All inside the transaction of the change.
"""

from __future__ import annotations

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Page, PageViewRestriction, ReferenceIndex
from wagtail.signals import page_unpublished, post_page_move

from column.people.models import Byline
from column.photos.models import Picture
from column.signals import announce
from column.stories.models import Correction, Story, StoryPhoto


def connect() -> None:
    """Called once, when the application is ready."""
    # Django deletes an article's row of Story too, and says so: once for every class.
    post_delete.connect(_story_deleted, sender=Story, dispatch_uid="announce.deleted")
    page_unpublished.connect(_page_unpublished, dispatch_uid="announce.unpublished")
    post_page_move.connect(_page_moved, dispatch_uid="announce.moved")
    for signal in (post_save, post_delete):
        signal.connect(_restriction_changed, sender=PageViewRestriction, dispatch_uid="announce.restriction")
        signal.connect(_correction_changed, sender=Correction, dispatch_uid="announce.correction")
    post_save.connect(_byline_changed, sender=Byline, dispatch_uid="announce.byline")
    post_save.connect(_picture_changed, sender=Picture, dispatch_uid="announce.picture")
    pre_delete.connect(_picture_leaves, sender=Picture, dispatch_uid="announce.picture_leaves")
    post_delete.connect(_picture_gone, sender=Picture, dispatch_uid="announce.picture_gone")


def stories_below(page: Page) -> list[int]:
    """The keys of the live stories at or below a page."""
    return list(Story.objects.filter(live=True).descendant_of(page, inclusive=True).values_list("pk", flat=True))


def stories_showing(picture: Picture) -> list[int]:
    """The keys of the live stories whose published version shows a photo, in two queries."""
    direct = Q(lead_photo=picture.pk) | Q(pk__in=StoryPhoto.objects.filter(image=picture.pk).values("story"))
    # The body holds its photos as numbers in JSON; Wagtail's index of references knows them.
    pages = ContentType.objects.get_for_model(Page)
    references = ReferenceIndex.get_references_to(picture).filter(base_content_type=pages)
    named = {int(key) for key in references.values_list("object_id", flat=True)}
    return list(Story.objects.filter(direct | Q(pk__in=named), live=True).values_list("pk", flat=True))


def _story_deleted(sender: Any, instance: Story, **kwargs: Any) -> None:
    announce([instance.pk])


def _page_unpublished(sender: Any, instance: Page, **kwargs: Any) -> None:
    # Wagtail may have saved it as a bare Page, which announces nothing, and does not tell.
    if isinstance(instance, Story):
        announce([instance.pk])


def _page_moved(
    sender: Any, instance: Page, url_path_before: str = "", url_path_after: str = "moved", **kwargs: Any
) -> None:
    if url_path_before != url_path_after:  # else only its place among its siblings
        announce(stories_below(instance))


def _restriction_changed(sender: Any, instance: PageViewRestriction, **kwargs: Any) -> None:
    page = Page.objects.filter(pk=instance.page_id).first()
    if page is not None:
        announce(stories_below(page))


def _correction_changed(sender: Any, instance: Correction, **kwargs: Any) -> None:
    announce([instance.story_id])


def _byline_changed(sender: Any, instance: Byline, created: bool, **kwargs: Any) -> None:
    if not created:
        announce(Story.objects.filter(live=True, byline_credits__byline=instance.pk).values_list("pk", flat=True))


def _picture_changed(sender: Any, instance: Picture, created: bool, **kwargs: Any) -> None:
    fields = kwargs.get("update_fields")
    if not created and not (fields and {"file_size", "file_hash"}.issuperset(fields)):
        announce(stories_showing(instance))


def _picture_leaves(sender: Any, instance: Picture, **kwargs: Any) -> None:
    # After the deletion nothing tells any more who showed it.
    instance.shown_by = stories_showing(instance)


def _picture_gone(sender: Any, instance: Picture, **kwargs: Any) -> None:
    announce(getattr(instance, "shown_by", ()))
