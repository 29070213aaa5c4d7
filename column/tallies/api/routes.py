"""Tallies as JSON: ``/api/v1/tallies/…``, read only, for holders of a key; figures equal the screen's.

``router`` and ``say_no_in_vietnamese`` are put on the project's one API by ``newsroom.api``. Parameters are those of
the screens, read by the same code; what cannot be read is refused, for a program had better know.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router

from column.coverage.filter import CoverageFilter
from column.coverage.selection import Selection
from column.tallies.api.access import PerKey, PersonalKey, Refused
from column.tallies.api.schemas import (
    ComparisonOut,
    ComparisonQuestion,
    DimensionsOut,
    ProblemOut,
    SecondSide,
    StoriesOut,
    StoriesQuestion,
    TallyOut,
    TallyQuestion,
)
from column.tallies.asked import MEASURES, Asked
from column.tallies.choosing import measure_labels
from column.tallies.compare.asked import Compared
from column.tallies.compare.comparing import ComparedLine, Comparison
from column.tallies.dimensions import DIMENSIONS
from column.tallies.models import MonitoredList
from column.tallies.shown import Line, Shown
from column.tallies.stories import FIELDS, Lines
from column.tallies.table import Figure, Tally

MOST_LINES: Final = 200
_USUAL_LINES: Final = 50
_CONTRACT: Final = "/tong-hop/quy-uoc/"
_REFUSALS: Final = {401: ProblemOut, 403: ProblemOut, 422: ProblemOut, 429: ProblemOut}

router = Router(auth=PersonalKey(), throttle=PerKey(), tags=["tallies"], by_alias=True)


def _names(*schemas: Any) -> frozenset[str]:
    return frozenset(str(field.alias or name) for one in schemas for name, field in one.model_fields.items())


@router.get("/", response={200: TallyOut, **_REFUSALS}, summary="Bảng tổng hợp", operation_id="tally")
def tally(request: HttpRequest, asked: Annotated[TallyQuestion, Query(...)]) -> dict[str, Any]:
    """The table of /tong-hop/ with the same parameters; every number with the list of exactly what it counts."""
    _only(request.GET, _names(TallyQuestion))
    definition, problems = Asked.parse(request.GET)
    made = _readable(Tally.make(definition, problems, today=timezone.localdate(), at=timezone.now()))
    shown = Shown(made)
    leaf = _leaf(request.GET, shown.count)
    first = leaf.start_index() - 1 if shown.count else 0
    return {
        "sentence": shown.sentence,
        "layout": shown.layout,
        "address": request.build_absolute_uri(definition.url()),
        "measure": definition.measure,
        "columns": [{"key": one.key, "label": one.label} for one in shown.columns],
        "lines": [_line(request, one) for one in shown.lines(first, leaf.end_index())],
        "totals": [_line(request, one) for one in shown.totals],
        "notes": shown.notes,
        "made_at": made.made_at,
        "rows": shown.count,
        **_around(request, leaf),
        "contract": request.build_absolute_uri(_CONTRACT),
    }


@router.get(
    "/stories/", response={200: StoriesOut, **_REFUSALS}, summary="Tin, bài sau một con số", operation_id="stories"
)
def stories(request: HttpRequest, asked: Annotated[StoriesQuestion, Query(...)]) -> dict[str, Any]:
    """Exactly the stories that a number counts, newest first, with the coverage that made them count."""
    _only(request.GET, _names(StoriesQuestion))
    wanted, problems = CoverageFilter.parse(request.GET, staff=True)
    chosen = Selection.of(wanted, problems)
    if chosen.problems:
        raise Refused(422, _("Yêu cầu có chỗ không đọc được."), chosen.problems)
    found = chosen.stories().newest_first().values_list(*FIELDS)
    leaf = _leaf(request.GET, found.count())
    first = leaf.start_index() - 1 if leaf.paginator.count else 0
    return {
        "sentence": chosen.sentence(),
        "address": request.build_absolute_uri(wanted.url("/tong-hop/danh-sach/")),
        "stories": leaf.paginator.count,
        "mentions": chosen.rows().count(),
        "list": [
            {
                "day": one.day,
                "kind": one.kind,
                "headline": one.headline,
                "bylines": one.bylines,
                "coverage": one.rows,
                "url": one.url,
            }
            for one in Lines(chosen, printed=True).page(found[first : leaf.end_index()])
        ],
        **_around(request, leaf),
    }


@router.get("/compare/", response={200: ComparisonOut, **_REFUSALS}, summary="So sánh hai bên", operation_id="compare")
def compare(
    request: HttpRequest,
    asked: Annotated[ComparisonQuestion, Query(...)],
    second: Annotated[SecondSide, Query(...)],
) -> dict[str, Any]:
    """Two periods or two filters: parameters of the second side begin with ``voi-``; without any, the period before."""
    _only(request.GET, _names(ComparisonQuestion, SecondSide))
    sides, problems = Compared.parse(request.GET)
    at: datetime = timezone.now()
    made = Comparison.make(sides, problems, today=timezone.localdate(), at=at)
    if made.problems:
        raise Refused(422, _("Yêu cầu có chỗ không đọc được."), made.problems)
    leaf = _leaf(request.GET, len(made.lines))
    first = leaf.start_index() - 1 if made.lines else 0
    return {
        "first": made.first.sentence,
        "second": made.second.sentence,
        "layout": made.first.layout,
        "address": request.build_absolute_uri(sides.url()),
        "lines": [_compared(request, one) for one in made.lines[first : leaf.end_index()]],
        "total": _compared(request, made.total),
        "notes": made.notes,
        "made_at": at,
        "rows": len(made.lines),
        **_around(request, leaf),
    }


@router.get(
    "/dimensions/", response={200: DimensionsOut, **_REFUSALS}, summary="Cách chia bảng", operation_id="dimensions"
)
def dimensions(request: HttpRequest) -> dict[str, Any]:
    """The words of ``hang``, ``cot`` and ``theo``, of ``dem`` and ``danh-sach``."""
    _only(request.GET, frozenset())
    return {
        "dimensions": [
            {
                "word": one.slug + (f":<{one.argument}>" if one.argument else ""),
                "label": str(one.title),
                "overlaps": one.overlaps,
            }
            for one in DIMENSIONS.values()
        ],
        "measures": [{"key": key, "label": label} for key, label in zip(MEASURES, measure_labels(), strict=True)],
        "monitored_lists": [{"key": one.slug, "label": str(one)} for one in MonitoredList.objects.all()],
    }


# --- reading --------------------------------------------------------------------------------------------------------


def _only(params: QueryDict, known: frozenset[str]) -> None:
    """Refuse parameters that nobody knows: a misspelt condition would count too much. Raises :class:`Refused`."""
    problems = [
        _("Không có tham số “%(name)s”; các tham số: %(known)s.")
        % {"name": name[:40], "known": ", ".join(sorted(known)) or _("không có")}
        for name in params
        if name not in known
    ]
    if problems:
        raise Refused(422, _("Yêu cầu có chỗ không đọc được."), problems)


def _readable(made: Tally) -> Tally:
    if made.chosen.problems:
        raise Refused(422, _("Yêu cầu có chỗ không đọc được."), made.chosen.problems)
    return made


def _leaf(params: QueryDict, count: int) -> Page[Any]:
    """The page asked for; a page after the last is the last. Raises :class:`Refused`."""
    size = _number(params, "so-luong", _USUAL_LINES, MOST_LINES)
    return Paginator(range(count), size).get_page(_number(params, "trang", 1, 1_000_000))


def _number(params: QueryDict, name: str, usual: int, most: int) -> int:
    text = params.get(name, "")
    if not text:
        return usual
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most:
        return int(text)
    problem = _("“%(name)s” phải là số nguyên từ 1 đến %(most)d.") % {"name": name, "most": most}
    raise Refused(422, _("Yêu cầu có chỗ không đọc được."), [problem])


# --- answering ------------------------------------------------------------------------------------------------------


def _figure(request: HttpRequest, figure: Figure) -> dict[str, Any]:
    """The screen's address, and the API's list where the figure counts stories (slots have none here)."""
    path, _mark, query = figure.url.partition("?")
    listed = path == "/tong-hop/danh-sach/"
    return {
        "number": figure.number,
        "url": request.build_absolute_uri(figure.url) if figure.url else "",
        "api": request.build_absolute_uri(f"/api/v1/tallies/stories/?{query}") if listed else "",
    }


def _line(request: HttpRequest, line: Line) -> dict[str, Any]:
    return {
        "key": line.key,
        "label": line.label,
        "part": line.part_key,
        "part_label": line.part,
        "figures": [_figure(request, one) for one in line.figures],
        "total": _figure(request, line.total),
    }


def _compared(request: HttpRequest, line: ComparedLine) -> dict[str, Any]:
    return {
        "key": line.key,
        "label": line.label,
        "first": _figure(request, line.first),
        "second": _figure(request, line.second),
        "difference": line.number,
        "first_share": _rate(line.first.number, line.first_of),
        "second_share": _rate(line.second.number, line.second_of),
        "change": _rate(line.number, line.second.number),
        "address": request.build_absolute_uri(line.difference_url),
    }


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def _around(request: HttpRequest, leaf: Page[Any]) -> dict[str, Any]:
    def address(page: int) -> str:
        kept: Sequence[tuple[str, str]] = [
            (key, value) for key, values in request.GET.lists() if key != "trang" for value in values
        ]
        return request.build_absolute_uri(f"{request.path}?{urlencode([*kept, ('trang', str(page))])}")

    return {
        "page": leaf.number,
        "pages": leaf.paginator.num_pages,
        "next": address(leaf.number + 1) if leaf.has_next() else None,
        "previous": address(leaf.number - 1) if leaf.has_previous() else None,
    }
