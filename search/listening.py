"""What the archive listens to. Every receiver runs inside the transaction of the change, as its sender does."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.apps import apps
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.models import Page, PageViewRestriction, ReferenceIndex
from wagtail.signals import page_unpublished, post_page_move

from column.coverage.models import Criterion, CriterionGroup, Document
from column.departments.models import Department, DepartmentAlias
from column.people.models import Byline
from column.photos.models import Picture
from column.signals import stories_changed
from column.stories.models import UNSEEN_FIELDS, BylineCredit, Story
from search import admin_index, writing
from search.editors.models import Synonym
from search.outbox.bumping import bump

#: Saving only these (a revision made, a lock, a schedule) changes nothing that anybody finds.
_UNSEEN = {
    "latest_revision", "latest_revision_created_at", "has_unpublished_changes", "locked", "locked_at", "locked_by",
    "go_live_at", "approved_schedule", "url_path",
}  # fmt: skip


def on_stories_changed(ids: Collection[int], again: bool = False, **_kwargs: Any) -> None:
    writing.write(ids, anyway=again)


def _worth_reading(raw: bool, update_fields: Iterable[str] | None) -> bool:
    return not raw and not (update_fields and set(update_fields) <= _UNSEEN)


def on_story_saved(instance: Story, raw: bool = False, update_fields: Any = None, **_kwargs: Any) -> None:
    """A draft can be found by editors. What readers see is announced, when its bylines and photos are written too."""
    announced = instance.live and not (update_fields and UNSEEN_FIELDS.issuperset(update_fields))
    if _worth_reading(raw, update_fields) and not announced:
        writing.write([instance.pk])


def on_story_deleted(instance: Story, **_kwargs: Any) -> None:
    # Its archive entry goes with it, by foreign key and trigger.
    admin_index.forget(type(instance), str(instance.pk))
    writing.mark_changed()
    bump([instance.pk])


def on_page_saved(
    instance: Page, raw: bool = False, created: bool = False, update_fields: Any = None, **_kwargs: Any
) -> None:
    """Wagtail moves a page, and changes its address, by saving its plain ``Page``: stories too pass here then."""
    if not created and _worth_reading(raw, update_fields):
        writing.write_below(instance)


def on_page_tree_changed(instance: Page, **_kwargs: Any) -> None:
    writing.write_below(instance)


def on_restriction(instance: PageViewRestriction, **_kwargs: Any) -> None:
    writing.write_below(instance.page)


def on_picture_saved(instance: Picture, created: bool = False, **_kwargs: Any) -> None:
    """Captions and credits are found, too: the stories that Wagtail's reference index knows to show the picture."""
    if not created:
        found = ReferenceIndex.get_references_to(instance).filter(base_content_type__app_label="wagtailcore")
        writing.write(int(pk) for pk in found.values_list("object_id", flat=True).distinct())


def on_byline_saved(instance: Byline, created: bool = False, **_kwargs: Any) -> None:
    if not created:
        writing.write(BylineCredit.objects.filter(byline=instance).values_list("story_id", flat=True))


def on_name_saved(**_kwargs: Any) -> None:
    """Names of units, criteria and documents stand beside the filters, not in the entries; so do lineages."""
    writing.mark_changed()


def connect() -> None:
    """Called once, when the apps are ready.

    Each receiver is connected to its models alone: one that listens to all would make every deletion in the system
    read what it deletes.
    """
    # Wagtail's own listener would index every saved story a second time; ours hears of bulk changes too.
    Story.search_auto_update = False
    stories_changed.connect(on_stories_changed, dispatch_uid="search.stories")
    for model in apps.get_models():
        if issubclass(model, Story):
            post_save.connect(on_story_saved, sender=model, dispatch_uid=f"search.saved.{model._meta.label}")
            post_delete.connect(on_story_deleted, sender=model, dispatch_uid=f"search.deleted.{model._meta.label}")
        elif issubclass(model, Page):
            post_save.connect(on_page_saved, sender=model, dispatch_uid=f"search.saved.{model._meta.label}")
    post_page_move.connect(on_page_tree_changed, dispatch_uid="search.moved")
    page_unpublished.connect(on_page_tree_changed, dispatch_uid="search.unpublished")
    for signal in (post_save, post_delete):
        signal.connect(on_restriction, sender=PageViewRestriction, dispatch_uid="search.restriction")
    post_save.connect(on_picture_saved, sender=Picture, dispatch_uid="search.picture")
    post_save.connect(on_byline_saved, sender=Byline, dispatch_uid="search.byline")
    for named in (Department, Criterion, CriterionGroup, Document):
        post_save.connect(on_name_saved, sender=named, dispatch_uid=f"search.named.{named._meta.label}")
    for signal in (post_save, post_delete):
        signal.connect(on_name_saved, sender=DepartmentAlias, dispatch_uid="search.named.alias")
    for signal in (post_save, post_delete):
        signal.connect(on_name_saved, sender=Synonym, dispatch_uid="search.synonyms")
    m2m_changed.connect(on_name_saved, sender=Department.successors.through, dispatch_uid="search.succession")
