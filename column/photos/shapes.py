"""The places where a photo is shown, and the renditions each place needs.

The one list of widths: templates ask for a shape by name, listings prefetch it, and whoever makes renditions ahead of
the readers makes these.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from PIL import Image as PillowImages

from column.photos.models import Picture, Rendition

#: What Wagtail, Willow and Pillow raise about a file that is gone, damaged or absurd.
UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error, PillowImages.DecompressionBombError)


@dataclass(frozen=True)
class Shape:
    """Renditions from narrow to wide, and how wide the photo stands on screen (the ``sizes`` attribute)."""

    specs: tuple[str, ...]
    sizes: str


SHAPES = {
    # The front page's article; cut to 3:2 so that the page keeps its lines.
    "front": Shape(
        tuple(f"fill-{w}x{w * 2 // 3}|format-webp" for w in (480, 768, 1152, 1536)),
        "(min-width: 78rem) 48rem, (min-width: 60rem) 64vw, 100vw",
    ),
    # A story's lead or an inset photo, whole.
    "story": Shape(tuple(f"width-{w}|format-webp" for w in (480, 768, 1152, 1600)), "(min-width: 60rem) 56rem, 100vw"),
    # A gallery's and a grid's photo.
    "card": Shape(
        tuple(f"fill-{w}x{w * 2 // 3}|format-webp" for w in (360, 720)),
        "(min-width: 60rem) 18rem, (min-width: 40rem) 45vw, 100vw",
    ),
    # The small photo beside a line of a list; the same files as a card's.
    "thumb": Shape(tuple(f"fill-{w}x{w * 2 // 3}|format-webp" for w in (360, 720)), "(min-width: 40rem) 11rem, 6.5rem"),
    # What a link shared elsewhere shows; JPEG, which every reader of links knows.
    "share": Shape(("fill-1200x630|format-jpeg",), "1200px"),
}


def specs(*shapes: str) -> list[str]:
    """The rendition specs of these shapes, without repeats."""
    return list(dict.fromkeys(spec for shape in shapes for spec in SHAPES[shape].specs))


def fetch_renditions(pictures: Iterable[Picture], *shapes: str) -> None:
    """Load the renditions that these shapes need for all the pictures, in one query; what was loaded before stays."""
    wanted = list(pictures)
    if wanted:
        # Django takes a picture that has the attribute for one that was asked about already.
        before = [picture.__dict__.pop("prefetched_renditions", []) for picture in wanted]
        made = models.Prefetch(
            "renditions",
            queryset=Rendition.objects.filter(filter_spec__in=specs(*shapes)),
            to_attr="prefetched_renditions",
        )
        models.prefetch_related_objects(wanted, made)
        for picture, known in zip(wanted, before, strict=True):
            found = picture.prefetched_renditions
            found += [rendition for rendition in known if rendition not in found]


def renditions(picture: Picture, shape: str) -> list[Rendition]:
    """The picture's renditions for a shape, narrow to wide, each width once; empty when the file cannot be read.

    Missing ones are made. A lost or broken file must not take the story's words with it.
    """
    try:
        found = picture.get_renditions(*SHAPES[shape].specs)
    except UNREADABLE:
        return []
    return list({rendition.width: rendition for rendition in found.values()}.values())
