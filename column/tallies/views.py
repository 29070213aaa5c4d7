"""The committee's screens: the table, the list behind every number, the contract."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.coverage.listing import chips
from column.coverage.selection import Selection
from column.tallies.access import staff_only
from column.tallies.asked import MENTIONS, SLOTS, Asked
from column.tallies.choosing import Form, as_sent
from column.tallies.contract import RULES
from column.tallies.dimensions import SLOT_STATE, YEAR
from column.tallies.moving import PATH, exports, presets, tabs
from column.tallies.shown import Shown
from column.tallies.slots import STATE, slot_lines, states
from column.tallies.stories import FIELDS, Lines, listed
from column.tallies.table import LIST_PATH, Tally
from column.text.dates import format_moment

ROWS_A_PAGE, COLUMNS_A_PAGE, STORIES_A_PAGE = 50, 24, 50
#: About as many figures as a browser shows at once without effort.
_FIGURES_A_PAGE = 3000


def asked_of(params: QueryDict) -> tuple[Asked, list[str]]:
    """The tally of an address; one without any parameter means the opening one."""
    return Asked.parse(params) if params else (Asked.opening(timezone.localdate()), [])


def canonical(sent: QueryDict, path: str) -> str:
    """The one address of what a form sent; as it was sent where it cannot be read, so that the page can say why."""
    asked, problems = Asked.parse(sent)
    return f"{path}?{sent.urlencode()}" if problems else asked.url(path)


def _tally(request: HttpRequest) -> Tally:
    asked, problems = Asked.parse(request.GET)
    return Tally.make(asked, problems, today=timezone.localdate(), at=timezone.now())


def rows_a_page(shown: Shown) -> int:
    """So many rows that a page stays light, whatever the number of columns and inner lines."""
    return max(5, min(ROWS_A_PAGE, _FIGURES_A_PAGE // ((1 + len(shown.columns)) * shown.lines_a_row)))


@staff_only()
def tally(request: HttpRequest) -> HttpResponseBase:
    """*Bảng tổng hợp*."""
    today = timezone.localdate()
    if not request.GET:
        return HttpResponseRedirect(Asked.opening(today).url())
    if (cleaned := as_sent(request.GET)) is not None:
        return HttpResponseRedirect(canonical(cleaned, PATH))
    made = _tally(request)
    columns_leaf = Paginator(range(len(made.columns)), COLUMNS_A_PAGE).get_page(request.GET.get("trang-cot"))
    place = columns_leaf.start_index() - 1
    shown = Shown(made, slice(place, columns_leaf.end_index()) if made.columns else None)
    asked, problems = made.asked, made.chosen.problems
    leaf = Paginator(range(shown.count), rows_a_page(shown)).get_page(request.GET.get("trang"))
    first = leaf.start_index() - 1 if shown.count else 0
    return render(
        request,
        "tallies/tally.html",
        {
            "asked": asked,
            "problems": problems,
            "sentence": made.chosen.sentence(),
            "layout": shown.layout,
            "chips": chips(made.chosen, PATH, *asked.pairs()),
            "presets": presets(asked, today),
            "tabs": tabs(asked, "table"),
            "exports": exports(asked),
            "bignums": [] if problems else shown.bignums,
            "caption": shown.caption,
            "row_heading": shown.row_heading,
            "split_heading": shown.split_heading,
            "whole_label": shown.whole_label,
            "total_label": made.total_label,
            "columns": shown.columns,
            "leaf": leaf,
            "columns_leaf": columns_leaf,
            "rows": shown.lines(first, leaf.end_index()),
            "subtotals": shown.subtotals,
            "totals": shown.totals,
            "counts_something": bool(shown.count or shown.totals[0].total.number),
            "notes": [] if problems else shown.notes,
            "made_at": format_moment(made.made_at),
            "form": Form.of(asked, today, made.binder),
            "action": PATH,
            "open": bool(problems) or not (shown.count or shown.totals[0].total.number),
            "noindex": True,
        },
        status=400 if problems else 200,
    )


@staff_only()
def stories(request: HttpRequest) -> HttpResponseBase:
    """Exactly the stories that a number counts, with the rows that made them count."""
    asked, problems = CoverageFilter.parse(request.GET, staff=True)
    chosen = Selection.of(asked, problems)
    pages = Paginator(chosen.stories().newest_first().values_list(*FIELDS), STORIES_A_PAGE)
    pages.count, mentions = listed(chosen)
    leaf = pages.get_page(request.GET.get("trang"))
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
            "total": pages.count,
            "mentions": mentions,
            "counts_mentions": request.GET.get("dem") == MENTIONS,
            "tally_url": Asked(asked).url(),
            "noindex": True,
        },
        status=400 if chosen.problems else 200,
    )


@staff_only()
def slots(request: HttpRequest) -> HttpResponseBase:
    """Exactly the slots that a number counts. How far a coming one has come is the newsroom's own affair."""
    asked, problems = CoverageFilter.parse(request.GET, staff=True)
    state = request.GET.get(STATE, "")
    labels = {value.slug: value.label for value in states()}
    if state and state not in labels:
        problems.append(
            _("“%(value)s” không dùng được cho “%(key)s”; các giá trị có thể là: %(known)s.")
            % {"value": state[:60], "key": STATE, "known": ", ".join(labels)}
        )
    others = asked.but(period="", since=None, until=None)
    if not others.is_empty():
        problems.append(_("Kỳ đăng chỉ lọc được theo thời gian; hãy bỏ các điều kiện khác."))
    chosen = Selection.of(asked, problems)
    found = [] if chosen.problems else slot_lines(asked, timezone.now(), state)
    leaf = Paginator(found, STORIES_A_PAGE).get_page(request.GET.get("trang"))
    return render(
        request,
        "tallies/slots.html",
        {
            "problems": chosen.problems,
            "sentence": slots_in_words(chosen, labels.get(state, "")),
            "leaf": leaf,
            "lines": list(leaf.object_list),
            "total": leaf.paginator.count,
            "tally_url": Asked(asked, rows=YEAR.slug, columns=SLOT_STATE.slug, measure=SLOTS).url(),
            "noindex": True,
        },
        status=400 if chosen.problems else 200,
    )


def slots_in_words(chosen: Selection, state: str) -> str:
    """“Kỳ đăng: đã đăng, trong năm 2017”."""
    named = chosen.filter.named_period
    when = [_("trong %(period)s") % {"period": named.label}] if named else []
    parts = [state.lower(), *when, chosen.days()]
    said = ", ".join(part for part in parts if part)
    return _("Kỳ đăng: %(what)s") % {"what": said} if said else _("Mọi kỳ đăng")


@staff_only()
def contract(request: HttpRequest) -> HttpResponseBase:
    """*Quy ước đếm*."""
    return render(request, "tallies/contract.html", {"rules": RULES, "noindex": True})
