"""Blocks of a row as the editor stores them: photos and stories looked up, every block with its lasting id."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from html import unescape
from typing import Any

from column.transfer.body import Body, PhotoRef

_NAMESPACE = uuid.UUID("6f0f6f0c-6d3c-4f0e-9a51-0a8c2b8a5f11")
_STORY_LINK = re.compile(r'<a data-story="([^"]*)">(.*?)</a>', re.DOTALL)


def stream_data(
    body: Body, owner: str, photos: Mapping[str, tuple[int, str]], stories: Mapping[str, int]
) -> tuple[list[dict[str, Any]], set[str]]:
    """The stored form of the body, and the external ids it names that are not there (their links are left out).

    ``photos`` gives the key of each photo and the caption that this story has for it (empty for the photo's own).
    ``owner`` is the story's external id: the same body of the same story has the same block ids every time.
    """
    missing: set[str] = set()
    counter = iter(range(1_000_000))

    def new_id() -> str:
        return str(uuid.uuid5(_NAMESPACE, f"{owner}/{next(counter)}"))

    def item(value: Any) -> dict[str, Any]:
        return {"type": "item", "value": value, "id": new_id()}

    def photo(ref: PhotoRef) -> dict[str, Any]:
        key, caption = photos[ref.name]
        return {"image": key, "caption": ref.caption or caption, "credit": ref.credit}

    def link(match: re.Match[str]) -> str:
        story = unescape(match[1])
        if story in stories:
            return f'<a linktype="page" id="{stories[story]}">{match[2]}</a>'
        missing.add(story)
        return match[2]

    data: list[dict[str, Any]] = []
    for block in body.blocks:
        value = block.value
        if block.type == "paragraph":
            value = _STORY_LINK.sub(link, value) if "data-story" in value else value
        elif block.type == "photo":
            value = photo(value)
        elif block.type == "gallery":
            value = {"photos": [item(photo(ref)) for ref in value]}
        elif block.type == "related":
            missing.update(story for story in value if story not in stories)
            found = [story for story in value if story in stories]
            if not found:
                continue
            value = {"stories": [item(stories[story]) for story in found]}
        data.append({"type": block.type, "value": value, "id": new_id()})
    return data, missing


def named_stories(body: Body) -> set[str]:
    """The external ids that a body names."""
    names: set[str] = set()
    for block in body.blocks:
        if block.type == "related":
            names.update(block.value)
        elif block.type == "paragraph" and "data-story" in block.value:
            names.update(unescape(match[1]) for match in _STORY_LINK.finditer(block.value))
    return names
