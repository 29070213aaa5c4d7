"""RSS 2.0: the whole site, the Thursday articles, one unit, one criterion. The same stories as the pages show."""

from __future__ import annotations

from copy import copy
from datetime import datetime, time
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.feedgenerator import Enclosure, Rss201rev2Feed
from django.utils.translation import gettext as _

from column.coverage.listing import stories_for_criterion, stories_for_department
from column.coverage.models import Criterion
from column.departments.models import Department
from column.enums import Kind
from column.photos.shapes import renditions
from column.stories.listing import with_photos
from column.stories.models import Story, StoryQuerySet
from column.text.dates import TZ

ITEMS = 30


class StoryFeed(Feed[Any, Any]):
    """The newest stories of one list, with title, address, standfirst, time and photo."""

    feed_type = Rss201rev2Feed
    language = "vi"
    item_guid_is_permalink = False

    request: HttpRequest

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # One feed object serves every thread: each answer works on its own copy.
        mine = copy(self)
        mine.request = request
        return super(StoryFeed, mine).__call__(request, *args, **kwargs)

    def title(self, obj: Any) -> str:
        return "5 xây, 3 chống"

    def link(self, obj: Any) -> str:
        return "/"

    def description(self, obj: Any) -> str:
        return _("Tin, bài mới của chuyên mục “5 xây, 3 chống”")

    def stories(self, obj: Any) -> StoryQuerySet:
        return Story.objects.published()

    def items(self, obj: Any) -> list[Story]:
        return with_photos(list(self.stories(obj).newest_first().defer("body")[:ITEMS]), "share")

    def item_title(self, item: Story) -> str:
        return item.headline

    def item_description(self, item: Story) -> str:
        return str(item.standfirst)

    def item_link(self, item: Story) -> str:
        return str(item.get_url(self.request))

    def item_guid(self, item: Story) -> str:
        # The number lasts when the headline, and with it the address, is mended.
        return f"5-xay-3-chong:{item.public_id}"

    def item_pubdate(self, item: Story) -> datetime | None:
        if item.shown_at:
            return item.shown_at
        return datetime.combine(item.issue_date, time(6), tzinfo=TZ) if item.issue_date else None

    def item_updateddate(self, item: Story) -> datetime | None:
        updated: datetime | None = item.last_published_at
        return updated

    def item_categories(self, item: Story) -> tuple[str]:
        return (item.get_kind_display(),)

    def item_enclosures(self, item: Story) -> list[Enclosure]:
        made = renditions(item.shown_photo, "share") if item.shown_photo else []
        try:
            return [
                Enclosure(self.request.build_absolute_uri(one.url), str(one.file.size), "image/jpeg") for one in made
            ]
        except OSError:  # the file behind the row is gone: the words still go out
            return []


class ArticleFeed(StoryFeed):
    def link(self, obj: Any) -> str:
        return "/5-xay-3-chong/"

    def title(self, obj: Any) -> str:
        return _("5 xây, 3 chống – Bài viết thứ Năm")

    def stories(self, obj: Any) -> StoryQuerySet:
        return Story.objects.published().filter(kind=Kind.ARTICLE)


class DepartmentFeed(StoryFeed):
    def get_object(self, request: HttpRequest, *args: Any, code: str = "", **kwargs: Any) -> Department:
        return get_object_or_404(Department, code=code)

    def title(self, obj: Department) -> str:
        return f"5 xây, 3 chống – {obj.display_name}"

    def link(self, obj: Department) -> str:
        return obj.get_absolute_url()

    def stories(self, obj: Department) -> StoryQuerySet:
        return stories_for_department(obj)


class CriterionFeed(StoryFeed):
    def get_object(self, request: HttpRequest, *args: Any, slug: str = "", **kwargs: Any) -> Criterion:
        return get_object_or_404(Criterion.objects.select_related("group"), slug=slug)

    def title(self, obj: Criterion) -> str:
        return f"5 xây, 3 chống – {obj.label}"

    def link(self, obj: Criterion) -> str:
        return obj.get_absolute_url()

    def stories(self, obj: Criterion) -> StoryQuerySet:
        return stories_for_criterion(obj)
