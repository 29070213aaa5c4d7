"""Certificates on the screen: the list, a certificate, the stories behind its numbers, freezing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from column.departments.rules import bound_in_words
from column.people.models import User
from column.stories.models import Story
from column.tallies.access import FORM, FREEZE, POST, staff_only
from column.tallies.asked import Asked
from column.tallies.certificates.addresses import read_address
from column.tallies.certificates.codes import read_code
from column.tallies.certificates.forms import CertificateForm
from column.tallies.certificates.freezing import CannotFreeze, freeze, freeze_draft, never_frozen
from column.tallies.certificates.frozen import Frozen
from column.tallies.certificates.models import Certificate, CertificateState
from column.tallies.certificates.proving import Proof, prove
from column.tallies.table import Tally
from column.text.normalize import nfc

A_PAGE, STORIES_A_PAGE, ROWS_A_PAGE = 30, 50, 100
LIST = "/tong-hop/phieu/"
#: Up to so many stories a certificate proves itself whenever it is looked at; above, when somebody asks.
PROVED_AT_ONCE = 5000
_LONGEST = 100


@staff_only()
def certificates(request: HttpRequest) -> HttpResponseBase:
    """All certificates, newest first; a typed code leads to its certificate."""
    words = " ".join(nfc(request.GET.get("tim", "")).split())[:_LONGEST]
    code = read_code(words)
    if code is not None and Certificate.objects.filter(code=code).exists():
        return HttpResponseRedirect(f"{LIST}{code}/")
    state = request.GET.get("trang-thai", "")
    found = _narrowed(Certificate.objects.defer("frame", "figures", "table"), words, state)
    leaf = Paginator(found, A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "tallies/certificates/list.html",
        {
            "leaf": leaf, "words": words, "states": CertificateState.choices, "chosen": state, "noindex": True,
            "looks_like_a_code": code is not None, "query": request.GET,
        },
    )  # fmt: skip


def _narrowed(found: QuerySet[Certificate], words: str, state: str) -> QuerySet[Certificate]:
    if words:
        found = found.filter(
            Q(title__icontains=words) | Q(note__icontains=words) | Q(sentence__icontains=words)
            | Q(frozen_by_name__icontains=words) | Q(code__icontains=words)
        )  # fmt: skip
    return found.filter(state=state) if state in CertificateState.values else found


@staff_only()
def certificate(request: HttpRequest, code: str) -> HttpResponseBase:
    """*Phiếu*: the frozen figures, whether they still come out, and the same tally now."""
    one = _found(code)
    asked, problems = read_address(one.address)
    now = timezone.now()
    present = Tally.make(asked, problems, today=timezone.localdate(now), at=now)
    context: dict[str, Any] = {"certificate": one, "present": present, "now": now, "noindex": True}
    if not one.is_frozen:
        return render(request, "tallies/certificates/draft.html", context)
    stories = one.stories or 0
    proof: Proof | None = None
    if stories <= PROVED_AT_ONCE or request.GET.get("kiem-tra") == "1":
        proof = prove(one)
    leaf = Paginator(one.table["rows"], ROWS_A_PAGE).get_page(request.GET.get("trang"))
    context |= {
        "proof": proof, "leaf": leaf, "change": present.total.number - (one.total or 0),
        "rows": _shown(one, leaf.object_list), "sums": _shown(one, one.table["totals"]),
        "structure": bound_in_words(one.frame["structure"]),
    }  # fmt: skip
    return render(request, "tallies/certificates/certificate.html", context)


def _shown(one: Certificate, rows: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Rows of the frozen table, each number with the query of the list behind it."""
    for row in rows:
        cells = [
            {
                "number": number,
                "query": urlencode({"hang": row["key"], "dong": row["inner_key"], "cot": column["key"]}),
            }
            for column, number in zip(one.table["columns"], row["numbers"], strict=True)
        ]
        yield {**row, "cells": cells}


@staff_only()
def stories(request: HttpRequest, code: str) -> HttpResponseBase:
    """Exactly the stories that a frozen number counted, as they were, with what became of them since."""
    one = _found(code)
    if not one.is_frozen:
        raise Http404
    frozen = Frozen(one)
    row, inner, column = (request.GET.get(name) for name in ("hang", "dong", "cot"))
    cell = frozen.cell(row, inner, column)
    if cell is None:
        raise Http404
    listed = frozen.stories(cell)
    leaf = Paginator(listed, STORIES_A_PAGE).get_page(request.GET.get("trang"))
    numbers = [line.number for line in leaf.object_list]
    present = {story.public_id: story for story in Story.objects.filter(public_id__in=numbers).defer("body")}
    # Of a story that readers no longer have, not even the address: it may have other words by now.
    shown = set(Story.objects.published().filter(public_id__in=numbers).values_list("public_id", flat=True))
    lines = [(line, present.get(line.number), line.number in shown) for line in frozen.lines(leaf.object_list, cell)]
    return render(
        request,
        "tallies/certificates/stories.html",
        {
            "certificate": one, "leaf": leaf, "lines": lines, "total": len(listed), "where": frozen.where(cell),
            "number": frozen.number(cell), "noindex": True,
        },
    )  # fmt: skip


@staff_only(FREEZE, methods=FORM)
def new(request: HttpRequest) -> HttpResponseBase:
    """Freeze the tally of this address: what it is about to be, a title, a note; then for good."""
    asked, problems = Asked.parse(request.GET)
    now = timezone.now()
    tally = Tally.make(asked, problems, today=timezone.localdate(now), at=now)
    form = CertificateForm(request.POST or None, initial={"title": tally.chosen.sentence()[:200]})
    refusal = never_frozen(asked)
    if request.method == "POST" and form.is_valid() and not tally.chosen.problems and not refusal:
        assert isinstance(request.user, User)
        try:
            made = freeze(asked, title=form.cleaned_data["title"], note=form.cleaned_data["note"], user=request.user)
        except CannotFreeze as problem:
            refusal = str(problem)
        else:
            return HttpResponseRedirect(made.get_absolute_url())
    context = {
        "form": form, "tally": tally, "asked": asked, "refusal": refusal, "noindex": True, "now": now,
        "may_be_frozen": not never_frozen(asked),
    }  # fmt: skip
    wrong = bool(form.errors or refusal or tally.chosen.problems)
    return render(request, "tallies/certificates/new.html", context, status=400 if wrong else 200)


@staff_only(FREEZE, methods=POST)
def freeze_it(request: HttpRequest, code: str) -> HttpResponseBase:
    """A draft becomes a certificate, by a person's hand."""
    assert isinstance(request.user, User)
    one = _found(code)
    try:
        freeze_draft(one, user=request.user)
    except CannotFreeze as problem:
        context = {"certificate": one, "refusal": str(problem), "noindex": True}
        return render(request, "tallies/certificates/draft.html", context, status=400)
    return HttpResponseRedirect(one.get_absolute_url())


def _found(code: str) -> Certificate:
    """The certificate of a code however it is typed in an address."""
    known = read_code(code)
    if known is None:
        raise Http404(_("Mã phiếu gõ sai: hai ký tự cuối không khớp."))
    return get_object_or_404(Certificate, code=known)
