"""A page above the stories is moved, restricted or unpublished: all of them are gone, from everything readers ask."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest
from django.conf import settings
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from column.enums import Family
from column.signals import announce
from home.models import HomePage
from search import catalogue, suggesting
from search.models import ArchiveEntry
from search.port import Archive, SearchQuery
from tests.factories import column_page, make_article, make_coverage, make_criterion, make_department, make_news

pytestmark = pytest.mark.django_db


@contextmanager
def restricted() -> Iterator[None]:
    restriction = PageViewRestriction.objects.create(page=column_page(), restriction_type=PageViewRestriction.LOGIN)
    yield
    restriction.delete()


@contextmanager
def restricted_far_above() -> Iterator[None]:
    restriction = PageViewRestriction.objects.create(
        page=HomePage.objects.get(), restriction_type=PageViewRestriction.LOGIN
    )
    yield
    restriction.delete()


@contextmanager
def moved() -> Iterator[None]:
    home = HomePage.objects.get()
    closed = home.add_child(instance=HomePage(title="Kín", slug="kin"))
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    Page.objects.get(pk=column_page().pk).move(Page.objects.get(pk=closed.pk), pos="last-child")
    yield
    Page.objects.get(pk=column_page().pk).move(Page.objects.get(pk=home.pk), pos="last-child")


@contextmanager
def unpublished() -> Iterator[None]:
    column_page().unpublish()
    yield
    column_page().save_revision().publish()


@contextmanager
def unpublished_with_its_stories() -> Iterator[None]:
    """As Wagtail's screen does it when the box for the pages below is ticked."""
    below = list(column_page().get_descendants().specific())
    column_page().unpublish()
    for story in below:
        story.unpublish()
    yield
    column_page().save_revision().publish()
    for story in below:
        type(story).objects.get(pk=story.pk).save_revision().publish()


WAYS = [restricted, restricted_far_above, moved, unpublished, unpublished_with_its_stories]


@pytest.mark.parametrize("way", WAYS)
def test_the_whole_subtree_goes_and_comes_back(
    way: Callable[[], Iterator[None]], archive: Archive, client: Client
) -> None:
    unit, criterion = make_department("Sở Một", code="so-mot"), make_criterion("một", family=Family.FIGHT)
    stories = [make_article("Cải cách lề lối", issue_date=date(2017, 2, 16)), make_news("Cải cách tiền lương")]
    for story in stories:
        make_coverage(story, unit, criterion)
    announce(story.pk for story in stories)
    adapter = archive.name

    def seen() -> dict[str, object]:
        """How often a reader meets the stories, wherever one may ask."""
        result = archive.search(SearchQuery("cải cách"))
        # From here on Elasticsearch has been told.
        api = client.get("/api/v1/search/", {"q": "cải cách"}).json()
        assert api["adapter"] == adapter
        page = client.get("/tim-kiem/", {"q": "cải cách"}).content.decode()
        feed = client.get("/tim-kiem/rss/", {"q": "cải cách"}).content.decode()
        offered = client.get("/tim-kiem/goi-y/", {"q": "cải cách"}).json()["suggestions"]
        everything = archive.search(SearchQuery())
        return {
            "hits": len(result.hits), "total": result.total, "everything": everything.total,
            "counts": max(value.count for facet in everything.facets for value in facet.values),
            "unit": max((v.count for f in result.facets for v in f.values if v.value == "so-mot"), default=0),
            "api": (api["total"], len(api["hits"])),
            "page": sum(page.count(f'href="{story.get_url()}"') > 0 for story in stories),
            "feed": feed.count("<item>"),
            "suggestions": sum(one["url"] in {story.get_url() for story in stories} for one in offered),
            "unit's own": [n.note for n in suggesting.names(catalogue.current(), "sở một")],
        }  # fmt: skip

    assert (adapter == "elasticsearch") == bool(settings.ELASTICSEARCH_URL)
    all_there = {
        "hits": 2, "total": 2, "everything": 2, "counts": 2, "unit": 2, "api": (2, 2), "page": 2, "feed": 2,
        "suggestions": 2, "unit's own": ["Đơn vị · 2 tin, bài"],
    }  # fmt: skip
    nothing = {
        "hits": 0, "total": 0, "everything": 0, "counts": 0, "unit": 0, "api": (0, 0), "page": 0, "feed": 0,
        "suggestions": 0, "unit's own": ["Đơn vị · 0 tin, bài"],
    }  # fmt: skip
    assert seen() == all_there
    with way():
        assert seen() == nothing
        assert not ArchiveEntry.objects.exists()
    assert seen() == all_there
