from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.blocks import CharBlock, RichTextBlock
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Orderable, Page
from wagtail.search import index


class StockPage(Page):
    """An article as Wagtail's own tutorial has it."""

    date = models.DateField(null=True)
    intro = models.TextField(blank=True)
    body = StreamField([("heading", CharBlock()), ("paragraph", RichTextBlock()), ("image", ImageBlock())], blank=True)

    template = "stock/page.html"


class StockByline(models.Model):
    name = models.CharField(max_length=120)


class StockStory(Page):
    """The column's story as one would write it for stock Wagtail: the same tables and fields, nothing overridden."""

    kind = models.CharField(max_length=8, default="article", db_index=True)
    kicker = models.CharField(max_length=120, blank=True)
    standfirst = models.TextField(blank=True)
    body = StreamField([("heading", CharBlock()), ("paragraph", RichTextBlock()), ("image", ImageBlock())], blank=True)
    issue_date = models.DateField(null=True, blank=True, db_index=True)

    search_fields = [
        *Page.search_fields,
        index.SearchField("standfirst"),
        index.SearchField("body"),
        index.SearchField("kicker"),
        index.FilterField("kind"),
        index.FilterField("issue_date"),
        index.RelatedFields("byline_credits", [index.SearchField("byline_name")]),
    ]


class StockArticle(StockStory):
    template = "stock/page.html"


class StockCredit(Orderable):
    story = ParentalKey(StockStory, on_delete=models.CASCADE, related_name="byline_credits")
    byline = models.ForeignKey(StockByline, models.PROTECT)

    @property
    def byline_name(self) -> str:
        return self.byline.name
