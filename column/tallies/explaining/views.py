"""Why two figures differ, on the screen, as a file and as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render

from column.stories.models import Story
from column.tallies.access import staff_only
from column.tallies.certificates.addresses import read_address
from column.tallies.certificates.codes import read_code
from column.tallies.certificates.frozen import Frozen
from column.tallies.certificates.models import Certificate
from column.tallies.explaining.explain import explain, explain_bare
from column.tallies.explaining.rules import Cause, Difference
from column.tallies.explaining.sides import Bare, Side, bare_side, frozen_side, present_side
from column.tallies.explaining.words import HEADINGS, Names, as_data, as_rows, deed, who
from column.tallies.published.models import PublishedFigure
from column.text.spreadsheets import CSV_TYPE, csv_text

NOW = "nay"
A_PAGE = 100


@dataclass
class Explained:
    """A difference with all that a screen or a file of it needs."""

    found: Difference
    names: Names
    old: Side | Bare
    new: Side
    where: str


def _between(request: HttpRequest, code: str, other: str) -> Explained:
    one = _frozen(code)
    frozen = Frozen(one)
    cell = frozen.cell(*(request.GET.get(name) for name in ("hang", "dong", "cot")))
    if cell is None:
        raise Http404
    old = frozen_side(one)
    new = present_side(read_address(one.address)[0]) if other == NOW else frozen_side(_frozen(other))
    return Explained(explain(old, new, cell), Names.of(old.frame, new.frame), old, new, frozen.where(cell))


def _of_figure(figure: PublishedFigure) -> Explained:
    """A printed number and the present; by way of its certificate, where it is held against one."""
    asked, problems = read_address(figure.certificate.address if figure.certificate else figure.address)
    if problems or not (figure.certificate or figure.address):
        raise Http404
    old, new = bare_side(figure), present_side(asked)
    if figure.certificate is None:
        found = explain_bare(old, new)
    else:
        frozen = frozen_side(figure.certificate)
        first, second = explain_bare(old, frozen), explain(frozen, new)
        found = Difference(first.old, second.new, (*first.parts, *second.parts))
    return Explained(found, Names.of(new.frame), old, new, str(figure))


@staff_only()
def explanation(request: HttpRequest, code: str, other: str) -> HttpResponseBase:
    """*So với*: two certificates, or a certificate and now."""
    one = _between(request, code, other)
    return _page(request, one, {"certificate": _frozen(code), "other": other})


@staff_only()
def choose(request: HttpRequest, code: str) -> HttpResponseBase:
    """From a typed code to the comparison with its certificate."""
    one, other = _frozen(code), read_code(request.GET.get("phieu", "")[:40])
    if other is None or not Certificate.objects.frozen().filter(code=other).exists():
        context = {"certificate": one, "typed": request.GET.get("phieu", "")[:40], "noindex": True}
        return render(request, "tallies/explaining/no_such_code.html", context, status=404)
    return HttpResponseRedirect(f"{one.get_absolute_url()}so-voi/{other}/")


@staff_only()
def explanation_json(request: HttpRequest, code: str, other: str) -> HttpResponseBase:
    one = _between(request, code, other)
    return JsonResponse(as_data(one.found, one.names), json_dumps_params={"ensure_ascii": False, "indent": 1})


@staff_only()
def explanation_csv(request: HttpRequest, code: str, other: str) -> HttpResponseBase:
    one = _between(request, code, other)
    site = request.build_absolute_uri("/").rstrip("/")
    headers = {"Content-Disposition": f'attachment; filename="giai-thich-{code}-{other}.csv"'}
    text = csv_text(HEADINGS, as_rows(one.found, one.names, site))
    return HttpResponse(text, content_type=CSV_TYPE, headers=headers)


@staff_only()
def figure_explanation(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A published figure as one side; what no list explains is said to be unknown."""
    figure = get_object_or_404(PublishedFigure.objects.select_related("certificate", "source_story"), pk=pk)
    return _page(request, _of_figure(figure), {"figure": figure})


def _page(request: HttpRequest, one: Explained, context: dict[str, Any]) -> HttpResponseBase:
    causes = [(cause, change, len(parts)) for cause, change, parts in one.found.by_cause()]
    chosen = request.GET.get("phan", "")
    parts = [part for part in one.found.parts if chosen not in Cause.values or part.cause == chosen]
    leaf = Paginator(parts, A_PAGE).get_page(request.GET.get("trang"))
    numbers = {part.number for part in leaf.object_list if part.number}
    stories = {story.public_id: story for story in Story.objects.filter(public_id__in=numbers).defer("body")}
    shown = set(Story.objects.published().filter(public_id__in=numbers).values_list("public_id", flat=True))
    lines = [
        (part, stories.get(part.number), part.number in shown, deed(part, one.names), who(part))
        for part in leaf.object_list
    ]
    context |= {
        "difference": one.found, "old": one.old, "new": one.new, "where": one.where, "causes": causes,
        "leaf": leaf, "lines": lines, "chosen": chosen, "noindex": True, "query": _cell_query(request),
    }  # fmt: skip
    return render(request, "tallies/explaining/explanation.html", context)


def _cell_query(request: HttpRequest) -> str:
    kept = request.GET.copy()
    for name in ("phan", "trang"):
        kept.pop(name, None)
    return kept.urlencode()


def _frozen(code: str) -> Certificate:
    known = read_code(code)
    if known is None:
        raise Http404
    return get_object_or_404(Certificate.objects.frozen(), code=known)
