"""The committee's screens: the table, the list behind every number, the contract, the files."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Max, Min
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from column.coverage.filter import FAMILIES, KINDS, ROLES, TONES, CoverageFilter
from column.coverage.listing import chips
from column.coverage.models import Criterion
from column.coverage.periods import Period, parse_period, quarter
from column.coverage.selection import Selection
from column.departments.models import Department
from column.enums import CoverageRole
from column.stories.models import Story
from column.tallies import plain, xlsx
from column.tallies.asked import MEASURES, MENTIONS, Asked
from column.tallies.contract import RULES
from column.tallies.stories import FIELDS, Lines
from column.tallies.table import LIST_PATH, Tally
from column.text.dates import format_moment
from column.text.spreadsheets import CSV_TYPE, XLSX_TYPE

PERMISSION = "column.view_tallies"
UNITS_A_PAGE, STORIES_A_PAGE = 50, 50
#: About as many lines as a browser shows at once without effort.
_LINES_A_PAGE = 320

View = Callable[..., HttpResponseBase]


def for_staff(view: View) -> View:
    """Committee staff and editors: anonymous people are asked to log in, others are refused."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(PERMISSION):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(require_safe(login_required(checked)))


def _tally(request: HttpRequest) -> Tally:
    asked, problems = Asked.parse(request.GET)
    return Tally.make(asked, problems, today=timezone.localdate(), at=timezone.now())


@for_staff
def tally(request: HttpRequest) -> HttpResponseBase:
    """*Bảng tổng hợp*."""
    if not request.GET:
        return HttpResponseRedirect(Asked.opening(timezone.localdate()).url())
    made = _tally(request)
    a_page = max(10, min(UNITS_A_PAGE, _LINES_A_PAGE // (1 + len(made.quarters))))
    leaf = Paginator(made.units, a_page).get_page(request.GET.get("trang"))
    return render(
        request,
        "tallies/tally.html",
        {
            "tally": made,
            "asked": made.asked,
            "problems": made.chosen.problems,
            "sentence": made.chosen.sentence(),
            "chips": chips(made.chosen, "/tong-hop/", *made.asked.pairs()),
            "leaf": leaf,
            "rows": list(made.rows(list(leaf.object_list), leaf.start_index() or 1)),
            "totals": list(made.total_rows()),
            "kinds": made.kind_figures(),
            "made_at": format_moment(made.made_at),
            "xlsx_url": made.asked.url("/tong-hop/bang-tong-hop.xlsx"),
            "csv_url": made.asked.url("/tong-hop/bang-tong-hop.csv"),
            "options": _options(),
            "noindex": True,
        },
        status=400 if made.chosen.problems else 200,
    )


@for_staff
def stories(request: HttpRequest) -> HttpResponseBase:
    """Exactly the stories that a number counts, with the rows that made them count."""
    asked, problems = CoverageFilter.parse(request.GET, staff=True)
    chosen = Selection.of(asked, problems)
    found = chosen.stories().newest_first().values_list(*FIELDS)
    leaf = Paginator(found, STORIES_A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "tallies/stories.html",
        {
            "asked": asked,
            "problems": chosen.problems,
            "sentence": chosen.sentence(),
            "chips": chips(chosen, LIST_PATH),
            "leaf": leaf,
            "lines": Lines(chosen, printed=False).page(leaf.object_list),
            "total": leaf.paginator.count,
            "mentions": chosen.rows().count(),
            "counts_mentions": request.GET.get("dem") == MENTIONS,
            "tally_url": Asked(asked).url(),
            "noindex": True,
        },
        status=400 if chosen.problems else 200,
    )


@for_staff
def contract(request: HttpRequest) -> HttpResponseBase:
    """*Quy ước đếm*."""
    return render(request, "tallies/contract.html", {"rules": RULES, "noindex": True})


@for_staff
def as_xlsx(request: HttpRequest) -> HttpResponseBase:
    made = _tally(request)
    if made.chosen.problems:
        return _refused(made)
    # Large tables go to the disk, not into memory; the response closes the file.
    file = tempfile.SpooledTemporaryFile(max_size=4 * 1024 * 1024)  # noqa: SIM115
    xlsx.write(made, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=_file_name(made, "xlsx"), content_type=XLSX_TYPE)


@for_staff
def as_csv(request: HttpRequest) -> HttpResponseBase:
    made = _tally(request)
    if made.chosen.problems:
        return _refused(made)
    name = _file_name(made, "csv")
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(plain.as_csv(made), content_type=CSV_TYPE, headers=headers)


def _refused(made: Tally) -> HttpResponse:
    return HttpResponse("\n".join(made.chosen.problems), status=400, content_type="text/plain; charset=utf-8")


def _file_name(made: Tally, ending: str) -> str:
    period = made.asked.filter.period or "tat-ca"
    return f"bang-tong-hop-{period}-{timezone.localtime(made.made_at):%Y%m%d-%H%M}.{ending}"


def _options() -> dict[str, Any]:
    """What the form offers (three queries)."""
    return {
        "periods": _periods(),
        "kinds": [(word, kind.label) for word, kind in KINDS.items()],
        "families": [(word, family.label) for word, family in FAMILIES.items()],
        "departments": list(Department.objects.in_report_order()),
        "criteria": list(Criterion.objects.in_order()),
        "roles": [(word, CoverageRole(role).label if role else _("cả hai vai trò")) for word, role in ROLES.items()],
        "tones": [(word, tone.label) for word, tone in TONES.items()],
        "measures": list(zip(MEASURES[:2], (_("Tin, bài (không trùng)"), _("Lượt")), strict=True)),
    }


def _periods() -> list[tuple[str, list[Period]]]:
    """The years from the first story to today, each with its halves and quarters, the newest first."""
    today = timezone.localdate()
    known = Story.objects.published().filter(issue_date__isnull=False)
    span = known.order_by().aggregate(first=Min("issue_date"), last=Max("issue_date"))
    first = span["first"].year if span["first"] else today.year
    last = max(today.year, span["last"].year if span["last"] else today.year)
    return [
        (
            str(year),
            [
                parse_period(str(year)),
                parse_period(f"{year}-H1"),
                parse_period(f"{year}-H2"),
                *(quarter(year, number) for number in range(1, 5)),
            ],
        )
        for year in range(last, first - 1, -1)
    ]
