"""The map of the site for search engines: live pages without a restriction, units and criteria that have stories."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps import Sitemap as PageSitemap
from wagtail.models import Page

from column.coverage.models import Coverage, Criterion
from column.departments.models import Department
from column.stories.models import Story


class Pages(PageSitemap):
    """Every page that readers may open. Their addresses need no more than the tree's own columns."""

    limit = 5000

    def items(self) -> Any:
        root = self.get_wagtail_site().root_page
        return Page.objects.descendant_of(root, inclusive=True).live().public().order_by("path")


def _covering() -> QuerySet[Coverage, Any]:
    return Coverage.objects.subjects().filter(story__in=Story.objects.published().values("pk")).order_by()


class Covered(Sitemap[tuple[str, datetime | None]]):
    """Pages of what stories cover, with the time of their newest story."""

    def location(self, item: tuple[str, datetime | None]) -> str:
        return item[0]

    def lastmod(self, item: tuple[str, datetime | None]) -> datetime | None:
        return item[1]


class Departments(Covered):
    def items(self) -> Iterable[tuple[str, datetime | None]]:
        rows = _covering().filter(department__isnull=False).values_list("department__code")
        newest = rows.annotate(newest=Max("story__last_published_at")).order_by("department__code")
        return [(Department(code=code).get_absolute_url(), moment) for code, moment in newest]


class Criteria(Covered):
    def items(self) -> Iterable[tuple[str, datetime | None]]:
        rows = _covering().filter(criterion__isnull=False).values_list("criterion__slug")
        newest = rows.annotate(newest=Max("story__last_published_at")).order_by("criterion__slug")
        return [(Criterion(slug=slug).get_absolute_url(), moment) for slug, moment in newest]


def _sections(request: HttpRequest) -> dict[str, Any]:
    return {"trang": Pages(request), "don-vi": Departments(), "tieu-chi": Criteria()}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return sitemap_views.index(request, _sections(request), sitemap_url_name="sitemap_section")


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    return sitemap_views.sitemap(request, _sections(request), section=section)
