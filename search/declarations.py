"""How every page type, and every block of a story's body, is searched. A system check refuses one that is missing."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.checks import CheckMessage, Error
from django.utils.translation import gettext as _
from wagtail.models import Page


@dataclass(frozen=True)
class Declared:
    """*archive*: readers find pages of this type at /tim-kiem/. *because*: why so, for whoever adds the next type."""

    archive: bool
    because: str


PAGE_TYPES: Mapping[str, Declared] = {
    "wagtailcore.Page": Declared(False, "Wagtail's own base; no page of ours is only that"),
    "home.HomePage": Declared(False, "shows stories, has no words of its own"),
    "column.ColumnPage": Declared(False, "a list of stories; each is found by itself"),
    "column.Story": Declared(True, "the concrete base of the three kinds"),
    "column.Article": Declared(True, "bài viết"),
    "column.NewsItem": Declared(True, "tin, and pooled archive items"),
    "column.Photo": Declared(True, "ảnh, by its captions"),
}

_BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|blockquote|div|tr)>|<br\s*/?>|<hr\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"<[^>]*>")


def plain(markup: str) -> str:
    """Return cleaned rich text as plain text, one line a paragraph."""
    if "<" in markup:
        markup = _TAG.sub("", _BLOCK_END.sub("\n", markup))
    return html.unescape(markup) if "&" in markup else markup


def _fields(*names: str) -> Callable[[Any], Iterator[str]]:
    def words(value: Any) -> Iterator[str]:
        for name in names:
            yield str(value.get(name) or "")

    return words


def _rich(value: Any) -> Iterator[str]:
    yield plain(str(value or ""))


def _text(value: Any) -> Iterator[str]:
    yield str(value or "")


def _gallery(value: Any) -> Iterator[str]:
    for photo in value.get("photos") or ():
        yield str(_item(photo).get("caption") or "")


def _table(value: Any) -> Iterator[str]:
    for row in (value or {}).get("data") or ():
        yield " ".join(plain(str(cell)) for cell in row if cell)
    yield str((value or {}).get("table_caption") or "")


def _nothing(_value: Any) -> Iterator[str]:
    """Names other stories; they are found by themselves."""
    return iter(())


#: Block name in ``BodyBlock`` → its paragraphs, from the stored form of its value.
BODY_BLOCKS: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "paragraph": _rich,
    "subhead": _text,
    "quote": _fields("text", "attribution"),
    "photo": _fields("caption"),
    "gallery": _gallery,
    "table": _table,
    "number": _fields("value", "text", "source"),
    "related": _nothing,
    "link_card": _fields("title", "text", "source"),
}


def _item(stored: Any) -> dict[str, Any]:
    """A list block stores each item as ``{"type": "item", "value": …}``, older versions bare."""
    value = stored.get("value", stored) if isinstance(stored, dict) else {}
    return value if isinstance(value, dict) else {}


def body_paragraphs(blocks: list[dict[str, Any]]) -> Iterator[str]:
    """Yield the words of a stored body, block by block."""
    for block in blocks:
        yield from BODY_BLOCKS[block["type"]](block.get("value"))


def body_pictures(blocks: list[dict[str, Any]]) -> Iterator[tuple[int, str]]:
    """Yield ``(picture id, the caption written for this story)`` of every photo in a stored body."""
    for block in blocks:
        value = block.get("value") or {}
        photos = [value] if block["type"] == "photo" else []
        if block["type"] == "gallery":
            photos = [_item(photo) for photo in value.get("photos") or ()]
        for photo in photos:
            if isinstance(photo.get("image"), int):
                yield photo["image"], str(photo.get("caption") or "")


def check_declarations(**_kwargs: Any) -> list[CheckMessage]:
    """System check: every page type and every body block says how it is searched."""
    errors: list[CheckMessage] = [
        Error(
            _("Loại trang %(label)s chưa khai báo cách tìm kiếm.") % {"label": model._meta.label},
            hint=_("Thêm vào PAGE_TYPES trong search/declarations.py."),
            obj=model,
            id="search.E001",
        )
        for model in apps.get_models()
        if issubclass(model, Page) and model._meta.label not in PAGE_TYPES
    ]
    story = apps.get_model("column", "Story")
    blocks = set(story._meta.get_field("body").stream_block.child_blocks)
    errors.extend(
        Error(
            _("Khối nội dung “%(name)s” chưa khai báo cách tìm kiếm.") % {"name": name},
            hint=_("Sửa BODY_BLOCKS trong search/declarations.py."),
            obj=story,
            id="search.E002",
        )
        for name in sorted(blocks ^ set(BODY_BLOCKS))
    )
    return errors
