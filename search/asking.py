"""From the address to a question and back; the question as a Vietnamese sentence.

Names, values and words of the conditions are the one coverage filter's (:mod:`column.coverage`). The archive adds the
words to find, the order, whether there are photos, and more than one period at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.coverage.selection import Selection
from column.text.dates import format_day, format_number
from column.text.normalize import nfc
from search.catalogue import narrowest
from search.keyboards import looks_like_tcvn3
from search.port import (
    BYLINE,
    CRITERION,
    DOCUMENT,
    FAMILY,
    FILTERS,
    KIND,
    PERIOD,
    PHOTOS,
    UNIT,
    Facet,
    Order,
    SearchQuery,
    SearchResult,
)
from search.query import MOST_CHARACTERS

#: Values of one filter that are looked at; a person ticks a few.
MOST_VALUES = 60
LAST_PAGE = 10_000
PATH = "/tim-kiem/"
#: What no page and no feed may hold (XML 1.0, section 2.2).
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
#: Addresses written before the periods of the coverage filter were understood here.
_OLD_YEAR = "nam"
_EXACT, _AS_TYPED = "dung-dau", "nguyen-van"


def read(params: QueryDict) -> SearchQuery:
    """Read an address. Nonsense is read as its nearest meaning, never refused: this is a search box."""
    chosen: dict[str, frozenset[str]] = {}
    for name in FILTERS:
        values = params.getlist(name) + (params.getlist(_OLD_YEAR) if name == PERIOD else [])
        found = [" ".join(nfc(value).split())[:80].strip() for value in values[:MOST_VALUES]]
        if kept := frozenset(value for value in found if value):
            chosen[name] = kept
    orders = {order.value: order for order in Order}
    conditions, _problems = CoverageFilter.parse(params)
    return SearchQuery(
        text=_text(params.get("q", "")),
        chosen=chosen,
        order=orders.get(params.get("sap-xep", ""), Order.RELEVANCE),
        page=_page(params.get("trang", "")),
        branch=bool(chosen.get(UNIT)) and conditions.branch,
        lineage=bool(chosen.get(UNIT)) and conditions.lineage,
        since=conditions.since,
        until=conditions.until,
        exact=params.get(_EXACT) == "1",
        as_typed=params.get(_AS_TYPED) == "1",
    )


def _text(typed: str) -> str:
    """Longer than what is searched by, so that the search can say that it left something out."""
    text = _UNPRINTABLE.sub("", typed[: MOST_CHARACTERS * 2])
    # Composing would change letters of the old font before anybody can read them.
    return (" ".join(text.split()) if looks_like_tcvn3(text) else nfc(text)).strip()


def _page(text: str) -> int:
    if not (text.isascii() and text.isdecimal()):
        return 1
    # Python refuses to read a number of thousands of digits.
    return min(max(int(text), 1), LAST_PAGE) if len(text) < 10 else LAST_PAGE


#: The order in which the coverage filter writes its conditions.
_WRITTEN = (KIND, UNIT, "nhanh", "tien-than", CRITERION, FAMILY, DOCUMENT, PERIOD, "tu", "den", BYLINE, PHOTOS)


def _pairs(query: SearchQuery) -> list[tuple[str, str]]:
    single = {
        "nhanh": "1" if query.branch else "",
        "tien-than": "1" if query.lineage else "",
        "tu": query.since.isoformat() if query.since else "",
        "den": query.until.isoformat() if query.until else "",
    }
    pairs = [("q", query.text)] if query.text else []
    for name in _WRITTEN:
        if name not in single:
            pairs += [(name, value) for value in sorted(query.chosen.get(name, ()))]
        elif single[name]:
            pairs.append((name, single[name]))
    return pairs


def address(query: SearchQuery, path: str = PATH) -> str:
    """The one address of a question; reading it gives the question back."""
    pairs = _pairs(query)
    if query.order is not Order.RELEVANCE:
        pairs.append(("sap-xep", query.order.value))
    pairs += [(name, "1") for name, on in ((_EXACT, query.exact), (_AS_TYPED, query.as_typed)) if on]
    if query.page > 1:
        pairs.append(("trang", str(query.page)))
    return f"{path}?{urlencode(pairs)}" if pairs else path


def without_filters(query: SearchQuery) -> SearchQuery:
    return SearchQuery(text=query.text, order=query.order, size=query.size)


@dataclass(frozen=True)
class Chip:
    """A chosen value, the address without it, and the question that stands there."""

    label: str
    url: str
    without: SearchQuery


def chips(query: SearchQuery, facets: Sequence[Facet]) -> list[Chip]:
    """What is chosen, each with the way to drop it."""
    first = replace(query, page=1)
    found: list[tuple[str, SearchQuery]] = []
    for facet in facets:
        for value in facet.values:
            if value.chosen:
                left = frozenset(one for one in query.chosen[facet.name] if one.casefold() != value.value.casefold())
                chosen = {**query.chosen, facet.name: left}
                widened = bool(chosen.get(UNIT))
                found.append(
                    (
                        value.label,
                        replace(
                            first, chosen=chosen, branch=query.branch and widened, lineage=query.lineage and widened
                        ),
                    )
                )
    if query.lineage:
        found.append((_("gồm đơn vị tiền thân"), replace(first, lineage=False)))
    if query.branch:
        found.append((_("gồm đơn vị trực thuộc"), replace(first, branch=False)))
    if query.since:
        found.append((_("từ ngày %(day)s") % {"day": format_day(query.since)}, replace(first, since=None)))
    if query.until:
        found.append((_("đến hết ngày %(day)s") % {"day": format_day(query.until)}, replace(first, until=None)))
    return [Chip(label, address(without), without) for label, without in found]


def selection(query: SearchQuery) -> Selection:
    """The conditions as the coverage filter knows them; its problems name what does not exist."""
    wanted, problems = CoverageFilter.parse(QueryDict(urlencode(_pairs(query))))
    periods = query.chosen.get(PERIOD, ())
    return Selection.of(wanted.but(period="") if len(periods) > 1 else wanted, problems)


def sentence(query: SearchQuery, result: SearchResult, found: Selection | None = None) -> str:
    """Say what was asked and how much was found, in one sentence with its full stop."""
    asked = (found or selection(query)).sentence()
    several = narrowest(query.chosen.get(PERIOD, ()))
    parts = [asked[:1].lower() + asked[1:]]
    if len(several) > 1:
        *others, last = [period.label for period in several]
        parts.append(_("đăng trong %(periods)s hoặc %(last)s") % {"periods": ", ".join(others), "last": last})
    photos = query.chosen.get(PHOTOS, frozenset()) & {"0", "1"}
    if len(photos) == 1:
        parts.append(_("có ảnh") if "1" in photos else _("không có ảnh"))
    plain = len(parts) == 1 and not any(query.chosen.values()) and not (query.since or query.until)
    if plain and not query.text and result.total:
        return _("Kho bài có %(total)s tin, bài.") % {"total": format_number(result.total)}
    if query.text:
        lead = _("có “%(text)s”")
        if result.relaxed:
            lead = _("có gần đủ các từ “%(text)s”")
        elif query.exact:
            lead = _("có đúng dấu “%(text)s”")
        words = lead % {"text": shown(query.text)}
        # “tin, bài có …” when nothing else is asked for, “bài viết về …, có …” otherwise.
        parts = [f"{parts[0]} {words}"] if plain else [*parts, words]
    what = ", ".join(parts)
    if not result.total:
        return _("Không tìm thấy %(what)s.") % {"what": what}
    return _("Tìm thấy %(total)s %(what)s.") % {"total": format_number(result.total), "what": what}


def shown(text: str) -> str:
    """The words that were searched by, shortened for a heading."""
    return text if len(text) <= 80 else text[:80].rsplit(" ", 1)[0] + " …"
