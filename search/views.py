"""The archive's page: /tim-kiem/."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from column.stories.listing import with_photos
from column.stories.models import Story
from search import asking
from search.adapters import archive
from search.markup import choices
from search.port import (
    BYLINE,
    CRITERION,
    DOCUMENT,
    FAMILY,
    KIND,
    PERIOD,
    PHOTOS,
    UNIT,
    Facet,
    Hit,
    Order,
    SearchQuery,
    SearchResult,
)

HEADINGS = {
    KIND: lambda: _("Loại"),
    FAMILY: lambda: _("Xây, chống"),
    CRITERION: lambda: _("Tiêu chí"),
    UNIT: lambda: _("Cơ quan, đơn vị"),
    DOCUMENT: lambda: _("Văn bản"),
    PERIOD: lambda: _("Thời gian"),
    BYLINE: lambda: _("Bút danh"),
    PHOTOS: lambda: _("Ảnh"),
}


@dataclass(frozen=True)
class Found:
    """One line of the results."""

    story: Story
    title: SafeString
    snippet: SafeString


@dataclass(frozen=True)
class Filter:
    """One block of the filter form."""

    heading: str
    choices: SafeString
    overlaps: bool
    open: bool


def _filter(facet: Facet, query: SearchQuery) -> Filter:
    """Short lists stand open, long ones when something in them is chosen."""
    opened = facet.name in (KIND, PERIOD) or any(value.chosen for value in facet.values)
    return Filter(HEADINGS[facet.name](), choices(facet, query), facet.overlaps, opened)


def found_stories(hits: list[Hit]) -> list[Found]:
    """The hits with their stories, read as readers may: what is no longer public is left out."""
    stories = Story.objects.published().filter(pk__in=[hit.story_id for hit in hits]).defer("body")
    by_id = {story.pk: story for story in with_photos(list(stories))}
    return [Found(story, hit.title, hit.snippet) for hit in hits if (story := by_id.get(hit.story_id))]


def _answer(query: SearchQuery) -> tuple[SearchQuery, SearchResult, Page[int]]:
    """The answer, on the last page where too far a one was asked for."""
    result = archive().search(query)
    leaf = Paginator(range(result.total), query.size).get_page(query.page)
    if leaf.number != query.page:
        query = replace(query, page=leaf.number)
        result = archive().search(query)
    return query, result, leaf


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Results with filters and their counts; works without a script and for whatever is typed."""
    query, result, leaf = _answer(asking.read(request.GET))
    first = replace(query, page=1)
    orders = [(order.value, order.label, order is query.order) for order in Order]
    context: dict[str, Any] = {
        "query": query,
        "result": result,
        "found": found_stories(list(result.hits)),
        "leaf": leaf,
        "sentence": asking.sentence(query, result),
        "chips": asking.chips(query, result.facets),
        "filters": [_filter(facet, query) for facet in result.facets if facet.values],
        "orders": orders,
        "words": asking.shown(query.text),
        "rss": asking.address(replace(first, order=Order.RELEVANCE), "/tim-kiem/rss/"),
        "without_filters": asking.address(asking.without_filters(query)),
        "noindex": True,
    }
    return render(request, "search/results.html", context)
