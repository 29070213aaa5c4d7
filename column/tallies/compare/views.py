"""*So sánh*: two periods or two filters side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.tallies.access import staff_only
from column.tallies.asked import Asked
from column.tallies.choosing import Choice, Form, Group, as_sent
from column.tallies.compare.asked import PATH, SECOND, Compared, period_before, year_before
from column.tallies.compare.comparing import ComparedLine, Comparison, sentence
from column.tallies.moving import Way, tabs
from column.tallies.table import Figure
from column.text.dates import format_moment, format_number

LINES_A_PAGE = 100
#: Conditions that the form has a field for; others go along as they are.
_FIELDS = frozenset({"ky", "tu", "den", "don-vi", "tieu-chi", "nhom", "loai"})


@dataclass(frozen=True)
class Side:
    """One side's part of the form; ``prefix`` stands before the names of its fields."""

    label: str
    prefix: str
    filter: CoverageFilter
    periods: list[Group]
    units: list[Group]
    criteria: list[Group]
    families: list[Choice]
    kinds: list[Choice]

    @property
    def others(self) -> list[tuple[str, str]]:
        """What this form has no field for, and second values of what it has one for."""
        found, seen = [], set()
        for key, value in self.filter.pairs():
            if key not in _FIELDS or key in seen:
                found.append((key, value))
            seen.add(key)
        return found


@dataclass(frozen=True)
class Big:
    words: str
    label: str
    figure: Figure


@staff_only()
def compare(request: HttpRequest) -> HttpResponseBase:
    today, at = timezone.localdate(), timezone.now()
    if not request.GET:
        return HttpResponseRedirect(_opening(today).url())
    if (cleaned := as_sent(request.GET)) is not None:
        if not any(key.startswith(SECOND) for key in cleaned):
            # A form whose second side was left blank asks for everything there, not for the period before.
            cleaned["voi"] = "tat-ca"
        sides, wrong = Compared.parse(cleaned)
        return HttpResponseRedirect(f"{PATH}?{cleaned.urlencode()}" if wrong else sides.url())
    asked, problems = Compared.parse(request.GET)
    made = Comparison.make(asked, problems, today=today, at=at)
    leaf = Paginator(made.lines, LINES_A_PAGE).get_page(request.GET.get("trang"))
    form = Form.of(asked.first, today)
    return render(
        request,
        "tallies/compare.html",
        {
            "problems": made.problems,
            "first_sentence": sentence(asked.first, made.first),
            "second_sentence": sentence(asked.second_asked, made.second),
            "bignums": [] if made.problems else _bignums(made.total, made.first.unit_of_count),
            "presets": _presets(asked),
            "tabs": tabs(asked.first, "compare"),
            "caption": made.first.caption,
            "row_heading": made.first.row_heading,
            "leaf": leaf,
            "lines": list(leaf.object_list),
            "total": made.total,
            "notes": made.notes,
            "made_at": format_moment(at),
            "form": form,
            "sides": [
                _side(_("Bên A"), "", asked.first, form),
                _side(_("Bên B"), SECOND, asked.second_asked, Form.of(asked.second_asked, today)),
            ],
            "noindex": True,
        },
        status=400 if made.problems else 200,
    )


def _opening(today: date) -> Compared:
    """This year with the last."""
    first = Asked(CoverageFilter(period=str(today.year)), columns="tong")
    return Compared(first, period_before(first.filter))


def _presets(asked: Compared) -> list[Way]:
    offered = (
        (_("Với kỳ liền trước"), Compared(asked.first, period_before(asked.first.filter))),
        (_("Với cùng kỳ năm trước"), Compared(asked.first, year_before(asked.first.filter))),
        (_("Đổi chỗ A và B"), asked.swapped()),
    )
    return [Way(label, one.url(), one == asked) for label, one in offered]


def _bignums(total: ComparedLine, unit: str) -> list[Big]:
    more = _("chênh lệch %(unit)s") % {"unit": unit}
    return [
        Big(format_number(total.first.number), _("%(unit)s bên A") % {"unit": unit}, total.first),
        Big(format_number(total.second.number), _("%(unit)s bên B") % {"unit": unit}, total.second),
        Big(total.difference, f"{more} ({total.change})", Figure(total.number, total.difference_url)),
    ]


def _side(label: str, prefix: str, asked: Asked, form: Form) -> Side:
    return Side(label, prefix, asked.filter, form.periods, form.units, form.criteria, form.families, form.kinds)
