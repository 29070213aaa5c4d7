"""The register of published figures: the list, a figure, its form, signing."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from column.people.models import User
from column.stories.models import Story
from column.tallies.access import FORM, KEEP_FIGURES, POST, staff_only
from column.tallies.published.checking import check, compare, sign
from column.tallies.published.forms import FigureForm, SignatureForm
from column.tallies.published.models import PublishedFigure, Result
from column.tallies.published.rules import in_words
from column.tallies.states.models import Standing, StoryState

A_PAGE = 50
LIST = "/tong-hop/da-cong-bo/"


@staff_only()
def figures(request: HttpRequest) -> HttpResponseBase:
    """The register, newest figures first; each with the outcome of its last comparison."""
    known = PublishedFigure.objects.select_related("certificate").prefetch_related("signatures")
    result = request.GET.get("ket-qua", "")
    if result in Result.values:
        known = known.filter(result=result)
    leaf = Paginator(known, A_PAGE).get_page(request.GET.get("trang"))
    told = {figure.source_story_id for figure in leaf.object_list}
    public = dict(Story.objects.published().filter(pk__in=told).values_list("pk", "title"))
    lines = [
        (figure, in_words(figure.result, figure.number, figure.held), public.get(figure.source_story_id or 0, ""))
        for figure in leaf.object_list
    ]
    return render(
        request,
        "tallies/published/list.html",
        {"leaf": leaf, "lines": lines, "results": Result.choices, "chosen": result, "noindex": True},
    )


@staff_only(KEEP_FIGURES, methods=POST)
def check_all(request: HttpRequest) -> HttpResponseBase:
    """Hold every figure against its tally anew."""
    for figure in PublishedFigure.objects.select_related("certificate"):
        check(figure)
    return HttpResponseRedirect(LIST)


@staff_only()
def figure(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One figure: what was printed, what the archive counts, who explained it."""
    return _page(request, _figure(pk), SignatureForm())


def _figure(pk: int) -> PublishedFigure:
    return get_object_or_404(PublishedFigure.objects.select_related("certificate", "made_by", "changed_by"), pk=pk)


def _source(figure: PublishedFigure) -> tuple[str, str]:
    """Title and address of the story with the number; of one that readers no longer have, as they last had it."""
    if figure.source_story_id is None:
        return "", ""
    story = Story.objects.published().filter(pk=figure.source_story_id).first()
    if story is not None:
        return story.title, story.url
    last = StoryState.objects.filter(story=figure.source_story_id, standing=Standing.COUNTED).order_by("pk").last()
    return last.title if last else "", ""


def _page(request: HttpRequest, one: PublishedFigure, form: SignatureForm) -> HttpResponseBase:
    found = compare(one)
    title, url = _source(one)
    signatures = [(line, in_words(line.result, line.number, line.held)) for line in one.signatures.all()]
    return render(
        request,
        "tallies/published/figure.html",
        {
            "figure": one, "found": found, "source": title, "signatures": signatures, "form": form,
            "source_url": url, "noindex": True,
        },
        status=400 if form.errors else 200,
    )  # fmt: skip


@staff_only(KEEP_FIGURES, methods=FORM)
def edit(request: HttpRequest, pk: int | None = None) -> HttpResponseBase:
    """A new figure, or a mended one; what was signed before stays as it was signed."""
    one = _figure(pk) if pk is not None else None
    user = request.user
    assert isinstance(user, User)
    form = FigureForm(request.POST or None, instance=one, initial={"address": request.GET.get("bang", "")})
    if request.method == "POST" and form.is_valid():
        if one is None:
            form.instance.made_by = user
        else:
            form.instance.changed_by, form.instance.changed_at = user, timezone.now()
        saved = form.save()
        check(saved)
        return HttpResponseRedirect(saved.get_absolute_url())
    context = {"form": form, "figure": one, "noindex": True}
    return render(request, "tallies/published/form.html", context, status=400 if form.errors else 200)


@staff_only(KEEP_FIGURES, methods=POST)
def add_signature(request: HttpRequest, pk: int) -> HttpResponseBase:
    one, form = _figure(pk), SignatureForm(request.POST)
    if not form.is_valid():
        return _page(request, one, form)
    assert isinstance(request.user, User)
    sign(one, form.cleaned_data["text"], request.user)
    return HttpResponseRedirect(f"{one.get_absolute_url()}#giai-trinh")
