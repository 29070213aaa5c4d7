"""Uploading photos: what is refused, in which words, and before anything large is unpacked."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import willow
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image as PillowImages
from PIL import UnidentifiedImageError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from column.text.dates import format_number
from column.text.fields import CleanCharField, MomentField, MomentInput

#: Pillow's names of the formats, by the extension that a file of it may carry. A phone's JPEG is often an MPO.
FORMATS = {
    "avif": {"AVIF"}, "gif": {"GIF"}, "heic": {"HEIF"}, "jpeg": {"JPEG", "MPO"}, "jpg": {"JPEG", "MPO"},
    "png": {"PNG"}, "webp": {"WEBP"},
}  # fmt: skip

KNOWN = {name for names in FORMATS.values() for name in names}

#: How a file of the format should be named.
RIGHT_EXTENSION = {"JPEG": "jpg", "MPO": "jpg", "HEIF": "heic"}

#: A second frame here means that it moves; in an MPO or HEIC it is a depth map or a burst.
MAY_MOVE = {"GIF", "PNG", "WEBP", "AVIF"}

MEGA = 1024 * 1024


class PictureFileField(WagtailImageField):
    """Wagtail's image field, but the size in pixels is read from the header before anything is decoded."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        limit = format_number(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // MEGA)
        self.help_text = _("Ảnh JPG, PNG, WebP, AVIF, HEIC hoặc GIF không chuyển động; tối đa %(limit)s MB.") % {
            "limit": limit
        }
        # Wagtail's screen of many uploads checks size and extension by itself and shows these two.
        self.error_messages["file_too_large_unknown_size"] = _("Tệp lớn quá; tối đa %(limit)s MB.") % {"limit": limit}
        self.error_messages["invalid_image_extension"] = _(
            "Không nhận loại tệp này. Hãy dùng ảnh JPG, PNG, WebP, AVIF, HEIC hoặc GIF; ảnh vẽ SVG thì xuất ra PNG."
        )

    def to_python(self, data: Any) -> Any:
        uploaded: Any = forms.FileField.to_python(self, data)
        if uploaded is None:
            return None
        self._check_size(uploaded)
        extension = self._extension(uploaded)
        source = data if hasattr(data, "temporary_file_path") else BytesIO(data.read())
        self._check_pixels(source, extension)
        source.seek(0)
        try:
            uploaded.image = willow.Image.open(source)
        except OSError as problem:
            raise _refused("not_an_image") from problem
        uploaded.content_type = uploaded.image.mime_type
        uploaded.seek(0)
        return uploaded

    def _check_size(self, uploaded: Any) -> None:
        if uploaded.size > settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE:
            raise ValidationError(
                _("Tệp nặng %(size)s MB, quá mức %(limit)s MB; hãy xuất lại ảnh với chất lượng thấp hơn.")
                % {
                    "size": format_number(uploaded.size / MEGA, 1),
                    "limit": format_number(settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE // MEGA),
                },
                code="file_too_large",
            )

    def _extension(self, uploaded: Any) -> str:
        extension = Path(uploaded.name).suffix.lower().removeprefix(".")
        if extension not in FORMATS:
            raise ValidationError(self.error_messages["invalid_image_extension"], code="invalid_image_extension")
        return extension

    def _check_pixels(self, source: Any, extension: str) -> None:
        """Read the header, judge by it, and only then decode once, to know that the file is whole."""
        source.seek(0)
        try:
            with PillowImages.open(source) as image:
                _check_header(image, extension)
                # A JPEG can be read through at an eighth of its size: all its bytes, few of its pixels.
                image.draft("RGB", (image.width // 8 or 1, image.height // 8 or 1))
                image.load()
        except ValidationError:
            raise
        except (PillowImages.DecompressionBombError, PillowImages.DecompressionBombWarning) as problem:
            raise _refused("absurd") from problem
        except UnidentifiedImageError as problem:
            raise _refused("not_an_image") from problem
        except MemoryError:
            raise
        except Exception as problem:  # Pillow's decoders raise whatever a damaged file leads them to
            raise _refused("damaged") from problem


def _check_header(image: PillowImages.Image, extension: str) -> None:
    found = image.format or ""
    if found not in KNOWN:
        raise _refused("not_an_image")
    if found not in FORMATS[extension]:
        raise _refused("wrong_extension", extension=extension, right=RIGHT_EXTENSION.get(found, found.lower()))
    if image.width * image.height > settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS:
        width, height = format_number(image.width), format_number(image.height)
        raise _refused("too_many_pixels", width=width, height=height)
    if found in MAY_MOVE and getattr(image, "is_animated", False):
        raise _refused("moves")


def _refused(code: str, **values: str) -> ValidationError:
    values["limit"] = format_number(settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS // 1_000_000)
    return ValidationError(str(_MESSAGES[code]) % values, code=code)


_MESSAGES = {
    "not_an_image": gettext_lazy(
        "Tệp này không phải là ảnh, dù tên tệp nói vậy; hãy mở ra xem và xuất lại từ ảnh gốc."
    ),
    "damaged": gettext_lazy("Tệp ảnh bị hỏng hoặc bị cụt; hãy chép hoặc tải lại tệp gốc."),
    "moves": gettext_lazy("Không nhận ảnh động; hãy xuất một khung hình thành ảnh tĩnh."),
    "wrong_extension": gettext_lazy(
        "Tên tệp có đuôi .%(extension)s nhưng bên trong là ảnh %(right)s; hãy đổi đuôi tên tệp thành .%(right)s."
    ),
    "too_many_pixels": gettext_lazy(
        "Ảnh %(width)s × %(height)s điểm ảnh, quá mức %(limit)s triệu; hãy thu nhỏ trước khi tải lên."
    ),
    "absurd": gettext_lazy("Ảnh có quá nhiều điểm ảnh (tối đa %(limit)s triệu); hãy thu nhỏ trước khi tải lên."),
}


class PictureForm(BaseImageForm):
    """All that the newsroom must know of a photo, in the words of the desk."""

    class Meta(BaseImageForm.Meta):
        field_classes = {
            **dict.fromkeys(("title", "caption", "credit", "alt_text", "place", "people"), CleanCharField),
            "taken_at": MomentField,
        }
        labels = {"title": gettext_lazy("Tên trong kho ảnh")}
        help_texts = {
            "title": gettext_lazy("Để tìm lại ảnh; bạn đọc không thấy."),
            "taken_at": gettext_lazy("Ví dụ: 14:12, 16/02/2017."),
        }
        widgets = {
            **BaseImageForm.Meta.widgets,
            "caption": forms.Textarea(attrs={"rows": 3}),
            "taken_at": MomentInput,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "file" in self.fields:
            plain = self.fields["file"]
            self.fields["file"] = PictureFileField(
                label=gettext_lazy("Tệp ảnh"), required=plain.required, widget=plain.widget
            )
