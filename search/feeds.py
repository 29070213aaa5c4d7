"""A search as an RSS feed: /tim-kiem/rss/ with the page's own parameters, the newest first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from column.text.dates import TZ
from search import asking
from search.finding import find
from search.port import Order, SearchQuery
from search.results import Found, found_stories

ITEMS = 30


class SearchFeed(Feed[Found, SearchQuery]):
    feed_type = Rss201rev2Feed
    language = "vi"
    item_guid_is_permalink = False

    def get_object(self, request: HttpRequest, *args: object, **kwargs: object) -> SearchQuery:
        return replace(asking.read(request.GET), order=Order.NEWEST, page=1, size=ITEMS)

    def title(self, query: SearchQuery) -> str:
        if query.text:
            return _("5 xây, 3 chống – tìm “%(text)s”") % {"text": asking.shown(query.text)}
        return _("5 xây, 3 chống – tìm kiếm")

    def link(self, query: SearchQuery) -> str:
        return asking.address(replace(query, order=Order.RELEVANCE))

    def description(self, query: SearchQuery) -> str:
        return _("Tin, bài mới nhất khớp với điều kiện tìm kiếm")

    def items(self, query: SearchQuery) -> list[Found]:
        return found_stories(list(find(query).result.hits))

    def item_title(self, item: Found) -> str:
        return item.story.headline

    def item_description(self, item: Found) -> str:
        return item.story.standfirst or strip_tags(item.snippet)

    def item_link(self, item: Found) -> str:
        return item.url

    def item_guid(self, item: Found) -> str:
        return f"5-xay-3-chong:{item.story.public_id}"

    def item_pubdate(self, item: Found) -> datetime | None:
        story = item.story
        if story.shown_at:
            return story.shown_at
        return datetime.combine(story.issue_date, time(6), tzinfo=TZ) if story.issue_date else None
