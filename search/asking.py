"""From the address to a question and back; the question as a Vietnamese sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from column.text.dates import format_number
from column.text.normalize import nfc
from search.port import CRITERION, FILTERS, KIND, UNIT, YEAR, Facet, Order, SearchQuery, SearchResult
from search.query import MOST_CHARACTERS

#: Values of one filter that are looked at; a person ticks a few.
MOST_VALUES = 60
LAST_PAGE = 10_000
PATH = "/tim-kiem/"


def read(params: QueryDict) -> SearchQuery:
    """Read an address. Nonsense is read as its nearest meaning, never refused: this is a search box."""
    chosen: dict[str, frozenset[str]] = {}
    for name in FILTERS:
        values = [nfc(value).strip()[:80] for value in params.getlist(name)[:MOST_VALUES]]
        if kept := frozenset(value for value in values if value):
            chosen[name] = kept
    orders = {order.value: order for order in Order}
    return SearchQuery(
        # Longer than what is searched by, so that the search can say that it left something out.
        text=nfc(params.get("q", "")[: MOST_CHARACTERS * 2]).strip(),
        chosen=chosen,
        order=orders.get(params.get("sap-xep", ""), Order.RELEVANCE),
        page=_page(params.get("trang", "")),
    )


def _page(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        return 1
    # Python refuses to read a number of thousands of digits.
    return min(max(int(text), 1), LAST_PAGE) if len(text) < 10 else LAST_PAGE


def address(query: SearchQuery, path: str = PATH) -> str:
    """The one address of a question; reading it gives the question back."""
    pairs = [("q", query.text)] if query.text else []
    pairs += [(name, value) for name in FILTERS for value in sorted(query.chosen.get(name, ()))]
    if query.order is not Order.RELEVANCE:
        pairs.append(("sap-xep", query.order.value))
    if query.page > 1:
        pairs.append(("trang", str(query.page)))
    return f"{path}?{urlencode(pairs)}" if pairs else path


@dataclass(frozen=True)
class Chip:
    """A chosen value and the address without it."""

    label: str
    url: str


def chips(query: SearchQuery, facets: Sequence[Facet]) -> list[Chip]:
    """What is chosen, each with the way to drop it."""
    found = []
    for facet in facets:
        for value in facet.values:
            if value.chosen:
                left = query.chosen[facet.name] - {value.value}
                without = replace(query, chosen={**query.chosen, facet.name: left}, page=1)
                found.append(Chip(value.label, address(without)))
    return found


def _either(labels: list[str]) -> str:
    *others, last = labels
    return (", ".join(others) + _(" hoặc ") + last) if others else last


def sentence(query: SearchQuery, result: SearchResult) -> str:
    """Say what was asked and how much was found, in one sentence with its full stop."""
    labels = {facet.name: [value.label for value in facet.values if value.chosen] for facet in result.facets}
    what = _either([label.lower() for label in labels[KIND]]) if labels[KIND] else _("tin, bài")
    parts = []
    if query.text and result.relaxed:
        parts.append(_("có gần đủ các từ “%(text)s”") % {"text": shown(query.text)})
    elif query.text:
        parts.append(_("có “%(text)s”") % {"text": shown(query.text)})
    if labels[UNIT]:
        parts.append(_("về %(units)s") % {"units": _either(labels[UNIT])})
    if labels[CRITERION]:
        parts.append(_("theo tiêu chí %(criteria)s") % {"criteria": _either(labels[CRITERION])})
    if labels[YEAR]:
        parts.append(_("đăng năm %(years)s") % {"years": _either(labels[YEAR])})
    tail = (" " + ", ".join(parts)) if parts else ""
    if not result.total:
        return _("Không tìm thấy %(what)s nào%(tail)s.") % {"what": what, "tail": tail}
    if not parts and not labels[KIND]:
        return _("Kho bài có %(total)s tin, bài.") % {"total": format_number(result.total)}
    return _("Tìm thấy %(total)s %(what)s%(tail)s.") % {
        "total": format_number(result.total),
        "what": what,
        "tail": tail,
    }


def shown(text: str) -> str:
    """The words that were searched by, shortened for a heading."""
    return text if len(text) <= 80 else text[:80].rsplit(" ", 1)[0] + " …"
