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

from search import asking
from search.catalogue import current
from search.editors import missed
from search.finding import Finding, Reading, find
from search.markup import choices
from search.port import (
    BYLINE,
    CRITERION,
    DAYS,
    DOCUMENT,
    FAMILY,
    KIND,
    PERIOD,
    PHOTOS,
    UNIT,
    Facet,
    Order,
    SearchQuery,
)
from search.results import found_stories
from search.units import cards

HEADINGS = {
    KIND: lambda: _("Loại"),
    FAMILY: lambda: _("Xây, chống"),
    CRITERION: lambda: _("Tiêu chí"),
    UNIT: lambda: _("Cơ quan, đơn vị"),
    DOCUMENT: lambda: _("Văn bản"),
    PERIOD: lambda: _("Thời gian"),
    BYLINE: lambda: _("Bút danh"),
    PHOTOS: lambda: _("Ảnh"),
    DAYS: lambda: _("Khoảng ngày"),
}
#: A filter with more values scrolls within itself.
MOST_SHOWN = 15


@dataclass(frozen=True)
class Filter:
    """One block of the filter form."""

    heading: str
    choices: SafeString
    overlaps: bool
    open: bool
    #: So long that it scrolls within itself.
    long: bool


def _filter(facet: Facet, query: SearchQuery) -> Filter:
    """Short lists stand open, long ones when something in them is chosen."""
    opened = facet.name in (KIND, PERIOD) or any(value.chosen for value in facet.values)
    long = len(facet.values) > MOST_SHOWN and facet.name != PERIOD
    return Filter(HEADINGS[facet.name](), choices(facet, query), facet.overlaps, opened, long)


def _answer(query: SearchQuery) -> tuple[SearchQuery, Finding, Page[int]]:
    """The answer, on the last page where too far a one was asked for."""
    answer = find(query)
    leaf = Paginator(range(answer.result.total), query.size).get_page(query.page)
    if leaf.number != query.page:
        query = replace(query, page=leaf.number)
        answer = find(query)
    return query, answer, leaf


def _readings(query: SearchQuery, answer: Finding) -> list[tuple[Reading, str]]:
    first = replace(query, page=1, exact=True)
    return [(one, asking.address(replace(first, text=one.words))) for one in answer.readings]


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """Results with filters and their counts; works without a script and for whatever is typed."""
    query, answer, leaf = _answer(asking.read(request.GET))
    result = answer.result
    first = replace(query, page=1)
    found = asking.selection(query)
    context: dict[str, Any] = {
        "query": query,
        "answer": answer,
        "result": result,
        "found": found_stories(list(result.hits)),
        "leaf": leaf,
        "sentence": asking.sentence(replace(query, text=answer.query.text), result, found),
        "problems": found.problems,
        "cards": cards(current(), query.text) if leaf.number == 1 else [],
        "readings": _readings(query, answer),
        "suggestions": [(text, asking.address(SearchQuery(text))) for text in answer.suggestions],
        "dropped": [(HEADINGS[one.name](), one.count, asking.address(one.query)) for one in answer.dropped],
        "as_typed": asking.address(replace(first, as_typed=True)) if answer.corrected else "",
        "any_marks": asking.address(replace(first, exact=False)) if query.exact else "",
        "chips": asking.chips(query, result.facets),
        "filters": [_filter(facet, query) for facet in result.facets if facet.values],
        "orders": [(order.value, order.label, order is query.order) for order in Order],
        "words": asking.shown(query.text),
        "rss": asking.address(replace(first, order=Order.RELEVANCE), "/tim-kiem/rss/"),
        "without_filters": asking.address(asking.without_filters(query)),
        "missed": missed.token(query.text) if not result.total and not any(query.chosen.values()) else "",
        "noindex": True,
    }
    return render(request, "search/results.html", context)
