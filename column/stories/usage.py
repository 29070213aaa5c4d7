"""Which photos a story shows, where, and with what words: for the checks before scheduling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from column.photos.models import Picture
from column.stories.models import Photo, Story


@dataclass(frozen=True)
class UsedPicture:
    """A photo in one place of a story, with the words that readers get there; ``where`` names the place."""

    picture: Picture
    caption: str
    where: str
    credit: str = ""

    @property
    def missing(self) -> list[str]:
        """Names of the required fields that are lacking here: the place's own caption and credit count."""
        has = {"caption": self.caption, "credit": self.credit}
        return [name for name in self.picture.missing if not has.get(name)]


def pictures_used(story: Story) -> list[UsedPicture]:
    """Every photo of a story or of one of its versions (``revision.as_object()``), in reading order.

    A photo used twice is listed twice, for its captions may differ. At most one query for the lead photo, one for a
    photo story's photos and one for each kind of block that holds photos, however many there are. A photo that was
    deleted from the library is not listed.
    """
    used: list[UsedPicture] = []
    if story.lead_photo is not None:
        used.append(_shown(story.lead_photo, story.lead_caption, "", _("Ảnh chính")))
    if isinstance(story, Photo):
        rows = list(story.photos.all())
        pictures = Picture.objects.in_bulk([row.image_id for row in rows])
        used += [
            _shown(pictures[row.image_id], row.caption, "", _("Ảnh thứ %(number)d") % {"number": number})
            for number, row in enumerate(rows, 1)
            if row.image_id in pictures
        ]
    used += _in_body(story)
    return used


def _in_body(story: Story) -> Iterator[UsedPicture]:
    for number, block in enumerate(story.body, 1):
        if block.block_type == "photo":
            yield from _from_value(block.value, _("Ảnh trong bài, khối %(number)d") % {"number": number})
        elif block.block_type == "gallery":
            for place, value in enumerate(block.value["photos"], 1):
                where = _("Chùm ảnh, khối %(number)d, ảnh %(place)d") % {"number": number, "place": place}
                yield from _from_value(value, where)


def _from_value(value: Any, where: str) -> Iterator[UsedPicture]:
    if value["image"] is not None:
        yield _shown(value["image"], value["caption"] or "", value["credit"] or "", where)


def _shown(picture: Picture, caption: str, credit: str, where: str) -> UsedPicture:
    return UsedPicture(picture, caption or picture.caption, where, credit or picture.credit)
