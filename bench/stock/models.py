from django.db import models
from wagtail.blocks import CharBlock, RichTextBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page


class StockPage(Page):
    """An article as Wagtail's own tutorial has it."""

    date = models.DateField(null=True)
    intro = models.TextField(blank=True)
    body = StreamField([("heading", CharBlock()), ("paragraph", RichTextBlock()), ("image", ImageBlock())], blank=True)

    template = "stock/page.html"
