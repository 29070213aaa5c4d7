"""A text was edited: the rows whose passage no longer stands in it are marked, inside the same transaction.

The text that counts is the published one, once there is one; before that, the newest draft. Saving by itself
(Wagtail's autosave) writes over one draft many times: what was marked halfway is freed when the passage is back.
"""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save, pre_save
from django.utils import timezone
from wagtail.log_actions import get_active_log_context
from wagtail.models import Page, Revision

from column.coverage.models import Coverage
from column.coverage.recording import review
from column.coverage.suggest import text_of
from column.stories.models import Article, NewsItem, Photo, Story

#: What :func:`text_of` reads.
_TEXT = frozenset({"title", "standfirst", "body"})


def connect() -> None:
    """Called once, when the application is ready."""
    for model in (Article, NewsItem, Photo):
        pre_save.connect(_remember, sender=model, dispatch_uid=f"staleness.before.{model.__name__}")
        post_save.connect(_published, sender=model, dispatch_uid=f"staleness.after.{model.__name__}")
    post_save.connect(_drafted, sender=Revision, dispatch_uid="staleness.draft")


def _has_passages(story: int) -> bool:
    return Coverage.objects.filter(story=story).exclude(evidence="").exists()


def _remember(
    sender: type[Story], instance: Story, update_fields: Any = None, raw: bool = False, **kwargs: Any
) -> None:
    instance.__dict__.pop("_text_before", None)
    writes = update_fields is None or not _TEXT.isdisjoint(update_fields)
    if raw or not writes or instance.pk is None or not instance.live or not _has_passages(instance.pk):
        return
    before = sender.objects.filter(pk=instance.pk, live=True).first()
    if before is not None:
        instance.__dict__["_text_before"] = text_of(before)


def _published(sender: type[Story], instance: Story, **kwargs: Any) -> None:
    before = instance.__dict__.pop("_text_before", None)
    if before is not None:
        after = text_of(instance)
        if after != before:
            review(instance.pk, before, after, user=get_active_log_context().user, at=timezone.now())


def _drafted(sender: type[Revision], instance: Revision, raw: bool = False, **kwargs: Any) -> None:
    number = instance.object_id
    if raw or instance.base_content_type.model_class() is not Page or not _has_passages(int(number)):
        return
    story = Story.objects.filter(pk=int(number), live=False).first()
    if story is None:
        return
    earlier = Revision.objects.filter(
        base_content_type=instance.base_content_type, object_id=number, pk__lt=instance.pk
    ).order_by("-pk").first()  # fmt: skip
    if earlier is not None:
        before, after = text_of(earlier.as_object()), text_of(instance.as_object())
        review(story.pk, before, after, user=instance.user, at=timezone.now())
