"""Blocks of a row as the editor stores them: photos and stories looked up, every block with its lasting id."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from html import unescape
from typing import Any

from column.transfer.body import Block, Body, PhotoRef

_NAMESPACE = uuid.UUID("6f0f6f0c-6d3c-4f0e-9a51-0a8c2b8a5f11")
_STORY_LINK = re.compile(r'<a data-story="([^"]*)">(.*?)</a>', re.DOTALL)


def stream_data(
    body: Body, owner: str, photos: Mapping[str, tuple[int, str]], stories: Mapping[str, int]
) -> tuple[list[dict[str, Any]], set[str]]:
    """The stored form of the body, and the external ids it names that are not there (their links are left out).

    ``photos`` gives the key of each photo and the caption that this story has for it (empty for the photo's own).
    ``owner`` is the story's external id: the same body of the same story has the same block ids every time.
    """
    storing = _Storing(owner, photos, stories)
    data = []
    for block in body.blocks:
        value = storing.value(block)
        if value is not None:
            data.append({"type": block.type, "value": value, "id": storing.new_id()})
    return data, storing.missing


class _Storing:
    """One body on its way into the editor's form."""

    def __init__(self, owner: str, photos: Mapping[str, tuple[int, str]], stories: Mapping[str, int]) -> None:
        self._owner, self._photos, self._stories = owner, photos, stories
        self._place = 0
        self.missing: set[str] = set()

    def new_id(self) -> str:
        self._place += 1
        return str(uuid.uuid5(_NAMESPACE, f"{self._owner}/{self._place}"))

    def value(self, block: Block) -> Any:
        """The block's stored value; None for one that would be empty."""
        if block.type == "paragraph":
            return _STORY_LINK.sub(self._link, block.value) if "data-story" in block.value else block.value
        if block.type == "photo":
            return self._photo(block.value)
        if block.type == "gallery":
            return {"photos": [self._item(self._photo(ref)) for ref in block.value]}
        if block.type == "related":
            self.missing.update(story for story in block.value if story not in self._stories)
            found = [self._item(self._stories[story]) for story in block.value if story in self._stories]
            return {"stories": found} if found else None
        return block.value

    def _item(self, value: Any) -> dict[str, Any]:
        return {"type": "item", "value": value, "id": self.new_id()}

    def _photo(self, ref: PhotoRef) -> dict[str, Any]:
        key, caption = self._photos[ref.name]
        return {"image": key, "caption": ref.caption or caption, "credit": ref.credit}

    def _link(self, match: re.Match[str]) -> str:
        story = unescape(match[1])
        if story in self._stories:
            return f'<a linktype="page" id="{self._stories[story]}">{match[2]}</a>'
        self.missing.add(story)
        return match[2]


def named_stories(body: Body) -> set[str]:
    """The external ids that a body names."""
    names: set[str] = set()
    for block in body.blocks:
        if block.type == "related":
            names.update(block.value)
        elif block.type == "paragraph" and "data-story" in block.value:
            names.update(unescape(match[1]) for match in _STORY_LINK.finditer(block.value))
    return names
