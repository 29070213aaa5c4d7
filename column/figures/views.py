"""The readers' pages of reported figures: all of them, searchable; and one indicator over time."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

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
    leaf = Paginator(found, A_PAGE).get_page(request.GET.get("trang"))
    shown = public_figures().filter(indicator__isnull=False).order_by().values_list("indicator")
    numbers = dict(shown.annotate(n=Count("pk")))
    indicators = [(one, numbers[one.pk]) for one in Indicator.objects.filter(pk__in=numbers)]
    return render(
        request, "figures/figures.html",
        {"asked": asked, "leaf": leaf, "lines": _lines(leaf.object_list), "indicators": indicators},
    )  # fmt: skip


@require_safe
def indicator(request: HttpRequest, slug: str) -> HttpResponse:
    one = get_object_or_404(Indicator, slug=slug)
    found = list(public_figures().filter(indicator=one).order_by("day", "story__issue_date", "pk"))
    drawn = points(found)
    return render(
        request, "figures/indicator.html",
        {
            "indicator": one, "lines": _lines(found), "points": drawn,
            "path": " ".join(f"{point.x},{point.y}" for point in drawn),
        },
    )  # fmt: skip
