"""The building blocks of a story's body. Their names are data in every revision: never rename one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.table_block.blocks import TableBlock
from wagtail.images.blocks import ImageChooserBlock

from column.text.normalize import nfc


class PhotoBlock(blocks.StructBlock):
    """One photo; caption and credit are the photo's own unless written here."""

    image = ImageChooserBlock(label=_("Ảnh"))
    caption = blocks.TextBlock(label=_("Chú thích riêng cho bài này"), required=False, max_length=1000)
    credit = blocks.CharBlock(label=_("Nguồn ảnh riêng cho bài này"), required=False, max_length=160)

    class Meta:
        icon = "image"
        label = _("Ảnh")
        template = "blocks/photo.html"


class GalleryBlock(blocks.StructBlock):
    photos = blocks.ListBlock(PhotoBlock(), label=_("Ảnh"), min_num=2)

    class Meta:
        icon = "image"
        label = _("Chùm ảnh")
        template = "blocks/gallery.html"


class QuoteBlock(blocks.StructBlock):
    text = blocks.TextBlock(label=_("Lời trích"))
    attribution = blocks.CharBlock(label=_("Của ai"), required=False, max_length=160)

    class Meta:
        icon = "openquote"
        label = _("Trích dẫn")
        template = "blocks/quote.html"


class NumberBlock(blocks.StructBlock):
    """A figure set apart, as printed (“55/56”, “6 % → 71 %”); never counted by a tally."""

    value = blocks.CharBlock(label=_("Con số, như in"), max_length=60)
    text = blocks.CharBlock(label=_("Con số nói về điều gì"), max_length=200)
    source = blocks.CharBlock(label=_("Ai đưa ra"), required=False, max_length=160)

    class Meta:
        icon = "order"
        label = _("Con số")
        template = "blocks/number.html"


class RelatedBlock(blocks.StructBlock):
    stories = blocks.ListBlock(
        blocks.PageChooserBlock(page_type=["column.Story"], label=_("Tin, bài")),
        label=_("Tin, bài"),
        min_num=1,
    )

    class Meta:
        icon = "list-ul"
        label = _("Tin, bài liên quan")
        template = "blocks/related.html"


class LinkCardBlock(blocks.StructBlock):
    """A link set as a card; nothing is fetched from the address, now or ever."""

    url = blocks.URLBlock(label=_("Địa chỉ"))
    title = blocks.CharBlock(label=_("Tiêu đề"), max_length=200)
    text = blocks.TextBlock(label=_("Mô tả"), required=False, max_length=400)
    source = blocks.CharBlock(label=_("Nguồn"), required=False, max_length=120)

    class Meta:
        icon = "link"
        label = _("Thẻ liên kết")
        template = "blocks/link_card.html"


def _composed(value: Any) -> Any:
    match value:
        case str():
            return nfc(value)
        case list():
            return [_composed(item) for item in value]
        case dict():
            return {key: _composed(item) for key, item in value.items()}
    return value


#: Rich text that a paragraph may hold; the importer cleans to the same set.
PARAGRAPH_FEATURES = ["bold", "italic", "superscript", "subscript", "ol", "ul", "link"]

TABLE_OPTIONS = {
    "contextMenu": [
        "row_above", "row_below", "---------", "col_left", "col_right", "---------", "remove_row",
        "remove_col", "---------", "undo", "redo",
    ],
    "language": "vi",
}  # fmt: skip


class BodyBlock(blocks.StreamBlock):
    """A story's text, in the order in which it is read."""

    paragraph = blocks.RichTextBlock(label=_("Đoạn văn"), features=PARAGRAPH_FEATURES, template="blocks/paragraph.html")
    subhead = blocks.CharBlock(label=_("Tít phụ"), icon="title", max_length=255, template="blocks/subhead.html")
    quote = QuoteBlock()
    photo = PhotoBlock()
    gallery = GalleryBlock()
    table = TableBlock(label=_("Bảng"), table_options=TABLE_OPTIONS, template="blocks/table.html")
    number = NumberBlock()
    related = RelatedBlock()
    link_card = LinkCardBlock()

    def value_from_datadict(self, data: Any, files: Any, prefix: str) -> Any:
        """What the form sent, composed and without invisible characters.

        Here, and not in each block's field: a rich text has to be HTML by now, for in the editor's own form the
        places of bold and links are counted in characters.
        """
        sent = super().value_from_datadict(data, files, prefix)
        return self.to_python(_composed(self.get_prep_value(sent)))
