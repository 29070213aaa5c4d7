"""The map of the site for search engines: live pages without a restriction, units and criteria that have stories."""

from __future__ import annotations

from typing import Any

from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps import views as sitemap_views
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.contrib.sitemaps import Sitemap as PageSitemap
from wagtail.models import Page

from column.coverage.listing import criterion_lines, unit_groups
from column.coverage.models import Criterion
from column.figures.views import public_figures, public_indicators


class Pages(PageSitemap):
    """Every page that readers may open. Their addresses need no more than the tree's own columns."""

    limit = 5000

    def items(self) -> Any:
        root = self.get_wagtail_site().root_page
        return Page.objects.descendant_of(root, inclusive=True).live().public().order_by("path")


class Covered(Sitemap[str]):
    """Pages of what stories cover, under the one address that each has."""

    def location(self, item: str) -> str:
        return item


class Departments(Covered):
    def items(self) -> list[str]:
        groups = unit_groups(timezone.localdate())
        return [line.unit.get_absolute_url() for group in groups for line in group.lines if line.number]


class Figures(Covered):
    """What stories report, and each indicator over time."""

    def items(self) -> list[str]:
        found = [one.get_absolute_url() for one in public_indicators()]
        return [reverse("figures"), *found] if public_figures().exists() else []


class Criteria(Covered):
    def items(self) -> list[str]:
        return [line.url for line in criterion_lines(Criterion.objects.in_order()) if line.number]


def _sections(request: HttpRequest) -> dict[str, Any]:
    return {"trang": Pages(request), "don-vi": Departments(), "tieu-chi": Criteria(), "so-lieu": Figures()}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    return sitemap_views.index(request, _sections(request), sitemap_url_name="sitemap_section")


@require_safe
def section(request: HttpRequest, section: str) -> HttpResponse:
    return sitemap_views.sitemap(request, _sections(request), section=section)
