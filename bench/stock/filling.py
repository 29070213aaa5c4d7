"""An archive in the stock site, and in its search, as large and as long-winded as ours."""

from __future__ import annotations

import json

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from wagtail.models import Page
from wagtail.search.models import IndexEntry

from bench.stock.models import StockArticle, StockStory
from bench.writer import Writer, go_on_counting, insert


def fill(count: int, size: int) -> Page:
    """Make the tables and *count* live articles of *size* bytes, searchable; return the page above them."""
    call_command("migrate", verbosity=0, interactive=False)
    root = Page.objects.get(slug="home")
    writer, kind = Writer(), ContentType.objects.get_for_model(StockArticle)
    first = (Page.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    for start in range(0, count, 500):
        pages, texts = [], []
        for number in range(start, min(start + 500, count)):
            texts.append(writer.paragraphs((), size))
            body = [{"type": "paragraph", "value": f"<p>{one}</p>", "id": str(number)} for one in texts[-1]]
            title = writer.words(11).capitalize()
            page = StockArticle(
                id=first + number, title=title, draft_title=title, slug=f"p{number}", live=True, content_type=kind,
                path=Page._get_path(root.path, root.depth + 1, number + root.numchild + 1), depth=root.depth + 1,
                url_path=f"{root.url_path}p{number}/", locale_id=root.locale_id, body=json.dumps(body),
            )  # fmt: skip
            page.page_ptr_id = page.stockstory_ptr_id = first + number
            pages.append(page)
        insert(Page, pages)
        insert(StockStory, pages)
        insert(StockArticle, pages)
        IndexEntry.objects.bulk_create(
            IndexEntry(content_type=kind, object_id=str(page.pk), title=page.title, body="\n".join(text))
            for page, text in zip(pages, texts, strict=True)
        )
    Page.objects.filter(pk=root.pk).update(numchild=root.numchild + count)
    root.refresh_from_db()
    go_on_counting()
    with connection.cursor() as cursor:
        # As generous as ours: the planner knows how much there is.
        cursor.execute("ANALYZE")
    return root
