"""What a rendition says of itself: who made the photo and whose it is, and nothing of where and with what.

Of the two, Willow keeps everything in JPEG and PNG (GPS, serial number, thumbnail) and nothing in WebP and AVIF
(no copyright). Here every format gets the same two EXIF fields.
"""

from __future__ import annotations

import struct
from typing import Any

from PIL import Image as PillowImages
from wagtail.images.models import Filter
from willow.image import AvifImageFile, WebPImageFile
from willow.plugins.pillow import PillowImage

#: EXIF 2.3, tags 0x013B and 0x8298; text in UTF-8, as every reader of today takes it.
ARTIST, COPYRIGHT = 0x013B, 0x8298

#: Where Pillow keeps what a file said of itself.
_INFO = ("exif", "xmp", "XML:com.adobe.xmp", "photoshop", "comment", "Raw profile type exif", "Raw profile type iptc")


def credit_exif(original: bytes, credit: str) -> bytes:
    """EXIF with the artist and the copyright alone: the newsroom's *credit*, else what the *original* file says.

    Empty when neither says anything. A damaged original counts as saying nothing.
    """
    said = PillowImages.Exif()
    try:
        said.load(original)
        artist, copyright_ = _text(said.get(ARTIST)), _text(said.get(COPYRIGHT))
    except (SyntaxError, ValueError, KeyError, TypeError, OSError, struct.error):
        artist = copyright_ = b""
    named = PillowImages.Exif()
    for tag, value in ((ARTIST, credit.encode() or artist), (COPYRIGHT, copyright_ or credit.encode())):
        if value:
            named[tag] = value
    return bytes(named.tobytes()) if len(named) else b""


def _text(value: Any) -> bytes:
    # Pillow reads EXIF text as Latin-1, byte by byte.
    if isinstance(value, str):
        value = value.encode("latin-1", "ignore")
    return value.strip(b"\x00 ") if isinstance(value, bytes) else b""


class CreditedImage(PillowImage):
    """An image that is saved with these EXIF bytes, whatever its format."""

    def __init__(self, image: Any, exif: bytes) -> None:
        super().__init__(image)
        self.exif = exif

    def get_exif_data(self) -> bytes | None:
        return self.exif or None

    def set_background_color_rgb(self, color: Any) -> CreditedImage:
        return CreditedImage(super().set_background_color_rgb(color).image, self.exif)

    def save_as_webp(
        self, f: Any, quality: int = 80, lossless: bool = False, apply_optimizers: bool = True
    ) -> WebPImageFile:
        return WebPImageFile(self._save(f, "WEBP", {"quality": quality, "lossless": lossless}))

    def save_as_avif(
        self, f: Any, quality: int = 80, lossless: bool = False, apply_optimizers: bool = True
    ) -> AvifImageFile:
        options = {"quality": 100, "subsampling": "4:4:4"} if lossless else {"quality": quality}
        return AvifImageFile(self._save(f, "AVIF", options))

    def _save(self, f: Any, image_format: str, options: dict[str, Any]) -> Any:
        # A CMYK profile means nothing in a format that is always RGB: the colours are carried over, then named anew.
        source = self.transform_colorspace_to_srgb() if self.image.mode == "CMYK" else self
        profile = source.get_icc_profile()
        named = {"icc_profile": profile} if profile is not None else {}
        source.image.save(f, image_format, exif=self.exif, **named, **options)
        return f


class _NameAuthor:
    """A filter operation: the last word before the file is written."""

    def __init__(self, credit: str) -> None:
        self.credit = credit

    def run(self, willow: Any, image: Any, env: dict[str, Any]) -> CreditedImage:
        pixels = willow.get_pillow_image()
        exif = credit_exif(pixels.info.get("exif") or b"", self.credit)
        for key in _INFO:
            pixels.info.pop(key, None)
        return CreditedImage(pixels, exif)


class CreditedFilter(Filter):
    """Wagtail's filter, whose result carries the photo's credit and no other metadata."""

    def __init__(self, spec: str, credit: str) -> None:
        super().__init__(spec)
        self.credit = credit

    @property
    def filter_operations(self) -> list[Any]:
        return [*super().filter_operations, _NameAuthor(self.credit)]
