"""Photos with what a newspaper must know of them; renditions; attached files."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Filter

from column.enums import Rights
from column.photos.metadata import CreditedFilter


class Picture(AbstractImage):
    """A photo. What the reader needs to see it honestly stands beside the file."""

    caption = models.TextField(_("Chú thích ảnh"), blank=True, max_length=1000)
    credit = models.CharField(_("Nguồn ảnh"), max_length=160, blank=True, help_text=_("Ví dụ: KIM LIÊN"))
    rights = models.CharField(_("Bản quyền"), max_length=12, choices=Rights.choices, blank=True, default=Rights.UNKNOWN)
    alt_text = models.CharField(
        _("Mô tả ảnh cho người khiếm thị"), max_length=300, blank=True,
        help_text=_("Nói điều nhìn thấy trong ảnh; không lặp lại chú thích."),
    )  # fmt: skip
    is_decorative = models.BooleanField(
        _("Ảnh trang trí"), default=False, help_text=_("Ảnh không mang thông tin, không cần mô tả.")
    )
    taken_at = models.DateTimeField(_("Thời điểm chụp"), null=True, blank=True)
    place = models.CharField(_("Nơi chụp"), max_length=160, blank=True)
    people = models.CharField(_("Người trong ảnh"), max_length=300, blank=True)
    from_archive = models.BooleanField(
        _("Ảnh tư liệu nhập từ kho cũ"), default=False,
        help_text=_("Được miễn kiểm tra trước khi đăng, và nằm trong danh sách cần bổ sung."),
    )  # fmt: skip

    admin_form_fields = (
        "title", "file", "collection", "caption", "credit", "rights", "alt_text", "is_decorative",
        "taken_at", "place", "people", "focal_point_x", "focal_point_y", "focal_point_width",
        "focal_point_height",
    )  # fmt: skip

    class Meta(AbstractImage.Meta):
        verbose_name = _("ảnh")
        verbose_name_plural = _("ảnh")

    def generate_rendition_file(self, filter: Filter, *, source: Any = None) -> Any:  # noqa: A002 - Wagtail's name
        """A rendition with the credit in it and without GPS, serial number or thumbnail."""
        return super().generate_rendition_file(CreditedFilter(filter.spec, self.credit), source=source)

    @property
    def default_alt_text(self) -> str:
        """The text for ``alt``; empty for a decorative photo, never the file name."""
        return "" if self.is_decorative else (self.alt_text or self.caption)

    @property
    def credit_line(self) -> str:
        """The credit in the house form, “Ảnh: KIM LIÊN”; empty when unknown."""
        return f"Ảnh: {self.credit}" if self.credit else ""

    @property
    def missing(self) -> list[str]:
        """Names of the required fields that a used photo still lacks (domain.md, *required*)."""
        gaps = [name for name in ("credit", "rights", "caption") if not getattr(self, name)]
        return gaps if self.alt_text or self.is_decorative else [*gaps, "alt_text"]


class Rendition(AbstractRendition):
    image = models.ForeignKey("column.Picture", models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = [("image", "filter_spec", "focal_point_key")]


class Attachment(AbstractDocument):
    """A file beside a story, such as the private scan of a printed page."""

    admin_form_fields = ("title", "file", "collection", "tags")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("tệp đính kèm")
        verbose_name_plural = _("tệp đính kèm")
