"""The readers' pages of reported figures: all of them, searchable; and one indicator over time."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from column.coverage.filter import CoverageFilter
from column.coverage.selection import Selection
from column.departments.rules import bound_in_words
from column.figures.models import Indicator, ReportedFigure
from column.figures.picture import points
from column.stories.models import Story
from column.text.normalize import fold

A_PAGE = 30
MOST_ASKED = 100


def public_figures() -> QuerySet[ReportedFigure]:
    """Of stories that readers may see."""
    published = Story.objects.published().order_by().values("pk")
    return ReportedFigure.objects.filter(story__in=published).select_related("story", "indicator")


def public_indicators() -> dict[Indicator, int]:
    """Those with public figures, by name; how many each has (two queries)."""
    shown = public_figures().filter(indicator__isnull=False).order_by().values_list("indicator")
    numbers = dict(shown.annotate(n=Count("pk")))
    return {one: numbers[one.pk] for one in Indicator.objects.filter(pk__in=numbers)}


def _about(request: HttpRequest) -> Selection | None:
    """The unit, with its former ones or all below it, whose stories are asked for; None for all stories."""
    asked, problems = CoverageFilter.parse(request.GET)
    wanted = CoverageFilter(departments=asked.departments, lineage=asked.lineage, branch=asked.branch)
    return None if wanted.is_empty() and not problems else Selection.of(wanted, problems)


def _lines(figures: Any) -> list[dict[str, Any]]:
    return [
        {"figure": one, "when": bound_in_words(one.measured_on), "earlier": bound_in_words(one.earlier_on)}
        for one in figures
    ]


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    asked = " ".join(request.GET.get("q", "").split())[:MOST_ASKED]
    found = public_figures().order_by("-story__issue_date", "-pk")
    for word in fold(asked).split():
        found = found.filter(Q(fold_key__contains=word))
    about = _about(request)
    problems = about.problems if about else []
    if about is not None:
        found = found.none() if problems else found.filter(story__in=about.stories().order_by().values("pk"))
    leaf = Paginator(found, A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request, "figures/figures.html",
        {
            "asked": asked, "leaf": leaf, "lines": _lines(leaf.object_list), "problems": problems,
            "about": about.sentence() if about and not problems else "",
            "kept": list(about.filter.pairs()) if about else [],
            "indicators": [] if asked or about else list(public_indicators().items()),
        },
        status=400 if problems else 200,
    )  # fmt: skip


@require_safe
def indicator(request: HttpRequest, slug: str) -> HttpResponse:
    one = get_object_or_404(Indicator, slug=slug)
    found = list(public_figures().filter(indicator=one).order_by("day", "story__issue_date", "pk"))
    if not found:
        raise Http404  # what it is about may stand in a draft alone
    drawn = points(found)
    return render(
        request, "figures/indicator.html",
        {
            "indicator": one, "lines": _lines(found), "points": drawn,
            "path": " ".join(f"{point.x},{point.y}" for point in drawn),
        },
    )  # fmt: skip
