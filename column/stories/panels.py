"""The editing screens of stories and of the column's page, in the order in which the desk works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    CommentPanel,
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    MultipleChooserPanel,
    ObjectList,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)

from column.photos.models import Picture
from column.stories.forms import StoryCopyForm, StoryForm, StorySlugInput
from column.stories.models import Article, ColumnPage, NewsItem, Photo, Story
from column.stories.usage import pictures_used

#: Makes the panels of a tab for a class of stories.
MakePanels = Callable[[type[Story]], Sequence[Panel]]

_more_tabs: list[tuple[int, Any, MakePanels]] = []


def add_tab(heading: Any, panels: MakePanels, *, order: int = 100) -> None:
    """Let a room to the left put a tab of its own on the story's screen, after the text.

    To be called before the first editing form is made: from the room's ``admin.py`` or from ``AppConfig.ready``.
    The tabs of this room have the orders 0 (text), 200 (print) and 300 (address).
    """
    _more_tabs.append((order, heading, panels))


def install() -> None:
    """Hand the screens to Wagtail; built when first asked for, when every room has added its tabs."""
    for model in (Article, NewsItem, Photo):
        model.edit_handler = SimpleLazyObject(lambda model=model: story_tabs(model))  # type: ignore[misc]
        model.copy_form_class = StoryCopyForm
    ColumnPage.edit_handler = SimpleLazyObject(column_page_tabs)


def story_tabs(model: type[Story]) -> TabbedInterface:
    """The screen of one class of stories."""
    tabs = [
        (0, _("Nội dung"), text_panels),
        (200, _("Bản in, nguồn"), print_panels),
        (300, _("Địa chỉ, chia sẻ"), address_panels),
        *_more_tabs,
    ]
    ordered = sorted(tabs, key=lambda tab: tab[0])
    return TabbedInterface(
        [ObjectList(list(panels(model)), heading=heading) for _order, heading, panels in ordered],
        base_form_class=StoryForm,
    )


def text_panels(model: type[Story]) -> list[Panel]:
    """Kicker, headline, standfirst, bylines, pictures, text."""
    byline = InlinePanel(
        "byline_credits",
        heading=_("Bút danh"),
        label=_("bút danh"),
        help_text=_("Theo thứ tự in. Bút danh mới thì chọn thẻ “Thêm bút danh mới” trong cửa sổ chọn."),
        panels=[FieldRowPanel([FieldPanel("byline"), FieldPanel("role")])],
    )
    return [
        TitleFieldPanel(
            "title", heading=_("Tiêu đề"), placeholder=_("Tiêu đề"), help_text=_("Tối đa 255 ký tự."),
        ),
        FieldPanel("kicker"),
        FieldPanel("standfirst", help_text=_("Một đoạn ngắn dưới tiêu đề; để chữ thường, không định dạng.")),
        byline,
        *(photo_panels() if model is Photo else lead_panels()),
        FieldPanel("body"),
        LackingPhotosPanel(),
        CommentPanel(),
    ]  # fmt: skip


def lead_panels() -> list[Panel]:
    return [
        MultiFieldPanel(
            [
                FieldPanel("lead_photo", heading=_("Ảnh")),
                FieldPanel(
                    "lead_caption",
                    heading=_("Chú thích riêng cho bài này"),
                    help_text=_("Bỏ trống: dùng chú thích của ảnh."),
                ),
            ],
            heading=_("Ảnh chính"),
        )
    ]


def photo_panels() -> list[Panel]:
    return [
        MultipleChooserPanel(
            "photos",
            chooser_field_name="image",
            heading=_("Ảnh, theo thứ tự đăng"),
            label=_("ảnh"),
            help_text=_("Chọn được nhiều ảnh một lần. Ảnh đầu tiên đại diện cho tin ảnh trong các danh sách."),
            panels=[FieldPanel("image"), FieldPanel("caption", help_text=_("Bỏ trống: dùng chú thích của ảnh."))],
        )
    ]


@dataclass(frozen=True)
class LackingPhoto:
    """A photo that may not be published yet: where it stands, what it lacks, where that is mended."""

    where: str
    title: str
    lacks: str
    edit_url: str


class LackingPhotosPanel(Panel):
    """Photos of the version being edited that lack what publication asks for; not there when nothing is lacking."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "stories/desk/lacking_photos.html"

        @cached_property
        def lacking(self) -> list[LackingPhoto]:
            used = pictures_used(self.instance) if self.instance.pk else []
            return [
                LackingPhoto(
                    one.where,
                    one.picture.title,
                    ", ".join(str(Picture._meta.get_field(name).verbose_name).lower() for name in one.missing),
                    reverse("wagtailimages:edit", args=[one.picture.pk]),
                )
                for one in used
                if one.missing and not one.picture.from_archive
            ]

        def is_shown(self) -> bool:
            return bool(super().is_shown() and self.lacking)


def print_panels(model: type[Story]) -> list[Panel]:
    """What the printed newspaper and the source say."""
    return [
        FieldPanel("issue_date", read_only=True, help_text=_("Do kỳ đăng hoặc lần đăng đầu tiên quyết định.")),
        FieldPanel("printed_at"),
        FieldPanel("kicker_printed"),
        FieldRowPanel([FieldPanel("print_issue"), FieldPanel("print_page")]),
        FieldPanel("print_scan", help_text=_("Chỉ tòa soạn xem được.")),
        FieldRowPanel([FieldPanel("source_name"), FieldPanel("source_url")]),
    ]


def address_panels(model: type[Story]) -> list[Panel]:
    """The address and what search engines and shared links say."""
    return [
        FieldPanel(
            "slug",
            heading=_("Địa chỉ"),
            widget=StorySlugInput,
            help_text=_(
                "Tự lấy từ tiêu đề, không dấu; hệ thống thêm số của bài vào cuối. "
                "Đổi chữ thì địa chỉ cũ vẫn dẫn đến bài."
            ),
        ),
        FieldPanel(
            "search_description",
            heading=_("Mô tả khi chia sẻ"),
            help_text=_("Bỏ trống: dùng sa-pô."),
        ),
    ]


def column_page_tabs() -> TabbedInterface:
    """The screen of the column's own page."""
    text = [
        TitleFieldPanel("title", heading=_("Tên chuyên mục"), placeholder=_("Tên chuyên mục")),
        FieldPanel("kicker", help_text=_("Hiện trên tiêu đề của mọi bài không có dòng riêng.")),
        FieldPanel("intro"),
        FieldPanel("start_date"),
    ]
    address = [
        FieldPanel("slug", heading=_("Địa chỉ"), help_text=_("Đổi địa chỉ là đổi địa chỉ của mọi bài.")),
        FieldPanel("search_description", heading=_("Mô tả khi chia sẻ")),
    ]
    return TabbedInterface(
        [ObjectList(text, heading=_("Nội dung")), ObjectList(address, heading=_("Địa chỉ, chia sẻ"))]
    )
