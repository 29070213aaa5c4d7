"""The readers' pages of units, criteria, and the list that every public number opens."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from column.coverage import listing
from column.coverage.filter import FAMILIES, KINDS, CoverageFilter
from column.coverage.models import Codebook, Criterion
from column.coverage.selection import Selection
from column.departments.lineage import Lineage
from column.departments.models import Department
from column.departments.timeline import timeline
from column.enums import Family
from column.stories.listing import with_photos
from column.stories.models import StoryQuerySet

A_PAGE = 20


def _leaf(request: HttpRequest, stories: StoryQuerySet) -> dict[str, Any]:
    """One page of a list of stories; nonsense in ``trang`` becomes the first page, too much the last."""
    leaf = Paginator(stories.newest_first().defer("body"), A_PAGE).get_page(request.GET.get("trang"))
    return {"leaf": leaf, "stories": with_photos(list(leaf.object_list)), "total": leaf.paginator.count}


@require_safe
def departments(request: HttpRequest) -> HttpResponse:
    """Every unit, one line a lineage, by report group."""
    return render(request, "coverage/departments.html", {"groups": listing.unit_groups(timezone.localdate())})


@require_safe
def department(request: HttpRequest, code: str) -> HttpResponse:
    """A unit's page: also that of the units that wholly became it, whose addresses lead here."""
    unit = get_object_or_404(Department.objects.select_related("parent"), code=code)
    graph = Lineage.load()
    head = graph.head(unit.pk)
    if head != unit.pk:
        return HttpResponseRedirect(Department.objects.get(pk=head).get_absolute_url())
    chosen = Selection.of(listing.filter_for_department(unit, graph), lineage=graph)
    relatives = Department.objects.in_report_order()
    former = list(relatives.own().filter(pk__in=graph.with_predecessors([unit.pk]) - {unit.pk}))
    life = timeline(unit, timezone.localdate())
    return render(
        request,
        "coverage/department.html",
        {
            "department": unit,
            "name": listing.page_name(unit, graph),
            "former": former,
            "life": life if len(life.bars) > 1 else None,
            "shared": list(relatives.filter(successors=unit).exclude(pk__in=[one.pk for one in former])),
            "successors": list(relatives.filter(predecessors=unit)),
            "children": list(relatives.own().filter(parent=unit).exclude(pk__in=[one.pk for one in former])),
            "chosen": chosen,
            "branch_url": chosen.filter.but(branch=True).url(),
            "by_kind": listing.by_kind(chosen),
            "by_year": listing.by_year(chosen),
            "by_criterion": listing.by_criterion(chosen),
            **_leaf(request, chosen.stories()),
        },
    )


@require_safe
def criteria(request: HttpRequest) -> HttpResponse:
    """The criteria in use, by codebook and group, and the groups of solutions."""
    in_use = list(Criterion.objects.in_use(timezone.localdate()).in_order())
    return render(
        request,
        "coverage/criteria.html",
        {
            "lines": listing.criterion_lines(in_use),
            "codebooks": list(
                Codebook.objects.filter(groups__criteria__in=in_use)
                .distinct()
                .select_related("document")
                .prefetch_related("solution_groups__criteria__group")
            ),
        },
    )


@require_safe
def criterion(request: HttpRequest, slug: str) -> HttpResponse:
    one = get_object_or_404(Criterion.objects.select_related("group__codebook__document"), slug=slug)
    chosen = Selection.of(CoverageFilter(criteria=(one.slug,)))
    return render(
        request,
        "coverage/criterion.html",
        {
            "criterion": one,
            "by_kind": listing.by_kind(chosen),
            "by_year": listing.by_year(chosen),
            "by_department": listing.by_department(chosen),
            **_leaf(request, chosen.stories()),
        },
    )


@require_safe
def stories(request: HttpRequest) -> HttpResponse:
    """Exactly the stories that a number counts; the filter as a sentence, and a form to change it."""
    asked, problems = CoverageFilter.parse(request.GET)
    chosen = Selection.of(asked, problems)
    return render(
        request,
        "coverage/stories.html",
        {
            "asked": asked,
            "problems": chosen.problems,
            "sentence": chosen.sentence(),
            "chips": listing.chips(chosen, "/tin-bai/"),
            "canonical": asked.url(),
            "options": _options(),
            **_leaf(request, chosen.stories()),
        },
        status=400 if chosen.problems else 200,
    )


def _options() -> dict[str, Any]:
    """What the filter form offers (three queries)."""
    return {
        "kinds": [(word, kind.label) for word, kind in KINDS.items()],
        "families": [(word, Family(family).label) for word, family in FAMILIES.items()],
        "departments": list(Department.objects.own().in_report_order()),
        "criteria": list(Criterion.objects.in_order()),
        "years": [one.label for one in listing.by_year(Selection.of(CoverageFilter()))],
    }
