"""A story turns out to be of another kind: the archive's “tin, ảnh” above all, which nobody had told apart.

The number, the address, the coverage, the issue date and the whole history stay; what changes is the table that
Django keeps the story in, and where its photos stand.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Iterator
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import router, transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision, WorkflowState
from wagtail.search import index

from column.enums import Kind
from column.photos.models import Picture
from column.signals import announce
from column.stories.models import Article, NewsItem, Photo, Story, StoryPhoto

LOG_ACTION = "column.reclassify"

CLASSES: dict[str, type[Story]] = {
    Kind.ARTICLE: Article, Kind.NEWS: NewsItem, Kind.POOLED: NewsItem, Kind.PHOTO: Photo,
}  # fmt: skip


class CannotReclassify(ValueError):
    """The message is Vietnamese and says what to do first."""


@transaction.atomic
def reclassify(story: Story, kind: str, user: Any) -> Story:
    """Make the story one of *kind* (a :class:`Kind`) and return it, fresh; the same kind again changes nothing.

    Photos follow their place: on the way to a photo story the lead photo and the body's photos become its photos, on
    the way back they become lead photo and blocks of the body. So in every version, drafts and old ones too. A photo
    that the library no longer has is dropped. Raises :class:`CannotReclassify`.
    """
    Page.objects.select_for_update().get(pk=story.pk)
    old: Story = Story.objects.get(pk=story.pk).specific
    before = old.kind
    if kind == before:
        return old
    _check(old, kind)
    target = CLASSES[kind]
    if type(old) is not target:
        _change_class(old, target)
    Story.objects.filter(pk=old.pk).update(kind=kind)
    new: Story = target.objects.get(pk=old.pk)
    log(instance=new, action=LOG_ACTION, user=user, data={"before": str(before), "after": str(kind)})
    if new.live:
        announce([new.pk])
    return new


def _check(story: Story, kind: str) -> None:
    if kind not in CLASSES:
        raise CannotReclassify(_("Không có loại tin, bài “%(kind)s”.") % {"kind": kind})
    if kind == Kind.POOLED:
        raise CannotReclassify(_("“Tin, ảnh (chưa phân loại)” chỉ dành cho tư liệu cũ lúc nhập; hãy chọn một loại rõ."))
    if getattr(story, "slot", None) is not None:
        raise CannotReclassify(_("Bài đang giữ một kỳ đăng; hãy đưa bài ra khỏi kỳ trước khi đổi loại."))


def _change_class(old: Story, target: type[Story]) -> None:
    content = _moved(old.serializable_data(), target)
    type_ = ContentType.objects.get_for_model(target)

    index.remove_object(old)
    ReferenceIndex.remove_for_object(old)
    if isinstance(old, Photo):
        StoryPhoto.objects.filter(story=old.pk).delete()
    # Only the class's own row: the rows of Story and Page, and all that hangs on them, stay where they are.
    own_row = type(old)._base_manager.filter(pk=old.pk)
    own_row._raw_delete(router.db_for_write(type(old)))
    new = target(story_ptr_id=old.pk, kind=old.kind)
    for field in Story._meta.concrete_fields:
        setattr(new, field.attname, getattr(old, field.attname))
    new.content_type = type_
    new.save_base(raw=True, force_insert=True)

    Page.objects.filter(pk=old.pk).update(content_type=type_)
    Story.objects.filter(pk=old.pk).update(
        body=_blocks(content), lead_photo=content["lead_photo"], lead_caption=content["lead_caption"]
    )
    StoryPhoto.objects.bulk_create(
        StoryPhoto(story_id=old.pk, image_id=row["image"], caption=row["caption"], sort_order=row["sort_order"])
        for row in content.get("photos") or []
    )
    _change_history(old, target, type_)
    fresh = target.objects.get(pk=old.pk)
    ReferenceIndex.create_or_update_for_object(fresh)
    index.insert_or_update_object(fresh)


def _change_history(old: Story, target: type[Story], type_: ContentType) -> None:
    """Revisions, running workflows and log entries belong to the story in its new class."""
    of_pages = {"base_content_type": ContentType.objects.get_for_model(Page), "object_id": str(old.pk)}
    for revision in Revision.objects.filter(**of_pages).iterator():
        content = _moved(revision.content, target) | {"content_type": type_.pk}
        Revision.objects.filter(pk=revision.pk).update(content=content, content_type=type_)
    WorkflowState.objects.filter(**of_pages).update(content_type=type_)
    PageLogEntry.objects.filter(page=old.pk).update(content_type=type_)


def _moved(content: dict[str, Any], target: type[Story]) -> dict[str, Any]:
    pictures = Picture.objects.filter(pk__in=set(_keys_in(content))).values_list("pk", flat=True)
    return moved_photos(content, target is Photo, set(pictures))


def moved_photos(content: dict[str, Any], to_photo_story: bool, pictures: Collection[int]) -> dict[str, Any]:
    """A version's content with its photos where its new class keeps them. Pure.

    *content* is Wagtail's serialised form (``body`` is JSON within it); *pictures* are the keys of photos that exist.
    Already moved content comes back as it is.
    """
    moved = dict(content)
    if to_photo_story and "photos" not in content:
        blocks, found = _without_photos(_blocks(content))
        lead = content.get("lead_photo")
        uses = [(lead, content.get("lead_caption") or ""), *found] if lead else found
        first: dict[int, str] = {}
        for key, caption in uses:
            if key in pictures:
                first[key] = first.get(key) or caption
        moved["photos"] = [
            {"pk": None, "sort_order": order, "story": content["pk"], "image": key, "caption": caption}
            for order, (key, caption) in enumerate(first.items())
        ]
        moved |= {"body": json.dumps(blocks), "lead_photo": None, "lead_caption": ""}
    elif not to_photo_story and "photos" in content:
        rows = sorted(moved.pop("photos") or [], key=lambda row: row.get("sort_order") or 0)
        rows = [row for row in rows if row["image"] in pictures]
        if rows and not content.get("lead_photo"):
            lead_row = rows.pop(0)
            moved |= {"lead_photo": lead_row["image"], "lead_caption": lead_row["caption"]}
        moved["body"] = json.dumps([*_blocks(content), *(_photo_block(row) for row in rows)])
    return moved


def _photo_block(row: dict[str, Any]) -> dict[str, Any]:
    value = {"image": row["image"], "caption": row["caption"], "credit": ""}
    return {"type": "photo", "value": value, "id": str(uuid.uuid4())}


def _blocks(content: dict[str, Any]) -> list[dict[str, Any]]:
    body = content.get("body") or []
    blocks: list[dict[str, Any]] = json.loads(body) if isinstance(body, str) else list(body)
    return blocks


def _without_photos(blocks: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    """The other blocks, and (key, caption) of every photo of the photo and gallery blocks, in order."""
    rest = [block for block in blocks if block["type"] not in {"photo", "gallery"}]
    return rest, [use for block in blocks for use in _photos_of(block)]


def _photos_of(block: dict[str, Any]) -> Iterator[tuple[int, str]]:
    if block["type"] == "photo":
        values = [block["value"]]
    elif block["type"] == "gallery":
        # A list block's items carry their value inside since Wagtail 2.16.
        values = [item.get("value", item) for item in block["value"].get("photos") or []]
    else:
        return
    for value in values:
        if value.get("image"):
            caption, credit = value.get("caption") or "", value.get("credit") or ""
            # A photo story's photo has no credit of its own beside the picture's: the words keep it.
            yield value["image"], f"{caption} (Ảnh: {credit})".strip() if credit else caption


def _keys_in(content: dict[str, Any]) -> Iterator[int]:
    if content.get("lead_photo"):
        yield content["lead_photo"]
    yield from (row["image"] for row in content.get("photos") or [])
    yield from (key for key, _caption in _without_photos(_blocks(content))[1])
