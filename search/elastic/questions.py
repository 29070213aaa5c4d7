"""From a question to the request that Elasticsearch gets.

Only ``match`` and ``multi_match`` carry what a reader typed, as analysed words: nothing typed can be syntax. The
order is the embedded index's (:mod:`search.ranking`): a story's rank is a power of two that no sum of word scores
comes near, its score within the rank is bm25 with a title's word weighing six.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from elasticsearch.dsl import query as dsl

from search.catalogue import Catalogue, narrowest
from search.elastic.documents import term
from search.expressions import AllOf, Expression, Words
from search.port import FILTERS, PERIOD, UNIT, Order, SearchQuery
from search.query import ParsedQuery, Segment

#: Twenty words of a title among millions of stories score less together.
RANK = 4096.0
#: More values than any filter has; Elasticsearch gives ten when it is not told.
ALL = 20_000
#: Hits that ``from`` can reach; beyond them Elasticsearch is led on, page by page (``search_after``).
WINDOW = 10_000


def spelled(expression: Expression, *, exact: bool) -> dsl.Query:
    """*expression* for Elasticsearch."""
    if isinstance(expression, Words):
        form = "exact" if exact else "folded"
        fields = [f"title_{form}^6", f"text_{form}"]
        several = len(expression.words) > 1
        return dsl.MultiMatch(
            query=" ".join(expression.words), fields=fields, type="phrase" if several else "most_fields"
        )
    parts = [spelled(part, exact=exact) for part in expression.parts]
    return dsl.Bool(must=parts) if isinstance(expression, AllOf) else dsl.Bool(should=parts, minimum_should_match=1)


def _rank(query: dsl.Query, rank: int) -> dsl.Query:
    return dsl.ConstantScore(filter=query, boost=RANK * rank)


def wanted(parsed: ParsedQuery, *, ranked: bool, only_exact: bool) -> dsl.Query:
    """The stories that have all the words, or their abbreviations. *ranked*: scored for the order of relevance;
    *only_exact*: the words have just these marks."""
    folded = spelled(parsed.matching(), exact=False)
    exact = spelled(parsed.matching(exact=True), exact=True)
    if only_exact:
        row = parsed.phrase(exact=True)
        return dsl.Bool(must=[exact], should=[_rank(spelled(row, exact=True), 8)] if row else [])
    if not ranked:
        only = dsl.Bool(should=[folded, exact], minimum_should_match=1) if parsed.only_exact else folded
        return dsl.Bool(filter=[only])
    # Its own score counts beside its rank.
    own = dsl.Bool(must=[exact], should=[dsl.MatchAll(boost=RANK * 4)])
    # Whatever has the words as typed has them folded, unless a form means something else without its marks.
    higher: list[dsl.Query] = []
    if parsed.only_exact:
        found: dsl.Query = dsl.Bool(should=[folded, own], minimum_should_match=1)
    else:
        found = folded
        higher.append(own)
    for rank, expression, in_exact in (
        (8, parsed.phrase(exact=True), True),
        (2, parsed.typed_marks, True),
        (1, parsed.phrase(exact=False), False),
    ):
        if expression is not None:
            higher.append(_rank(spelled(expression, exact=in_exact), rank))
    return dsl.Bool(must=[found], should=higher)


def nearly(parsed: ParsedQuery) -> dsl.Query:
    """The stories that lack one or two of the words, scored by how many they have."""

    def has(segment: Segment) -> dsl.Query:
        return spelled(segment.expression(exact=False), exact=False)

    return dsl.Bool(
        filter=[has(segment) for segment in parsed.indispensable],
        should=[dsl.ConstantScore(filter=has(segment)) for segment in parsed.segments],
        minimum_should_match=len(parsed.segments) - parsed.may_lack,
    )


# --- filters ----------------------------------------------------------------------------------------------------------


def _any(name: str, values: Iterable[str]) -> dsl.Query:
    return dsl.Terms(values=sorted(term(name, value) for value in values))


def chosen(known: Catalogue, name: str, query: SearchQuery) -> dsl.Query:
    """What one filter lets through. An unknown value lets nothing."""
    picked = query.chosen[name]
    if name == UNIT:
        return _any(name, {one for value in picked for one in members(known, value, query)})
    if name == PERIOD:
        return _any(name, (period.code for period in narrowest(picked)))
    return _any(name, (known.spelled(name, value) for value in picked))


def members(known: Catalogue, unit: str, query: SearchQuery) -> set[str]:
    """The units that one stands for in this question."""
    return known.members_of(unit, branch=query.branch, lineage=query.lineage)


def filters(known: Catalogue, query: SearchQuery, parsed: ParsedQuery) -> dict[str, dsl.Query]:
    """What narrows the hits, by the filter's name; what narrows every count, too, under names of no filter."""
    found = {name: chosen(known, name, query) for name in FILTERS if query.chosen.get(name)}
    if query.since or query.until:
        days = {key: day.isoformat() for key, day in (("gte", query.since), ("lte", query.until)) if day}
        found["days"] = dsl.Range(day=days)
    if parsed.excluded:
        unwanted = [spelled(one.expression(exact=one.accented), exact=one.accented) for one in parsed.excluded]
        found["-"] = dsl.Bool(must_not=unwanted)
    return found


def counts(known: Catalogue, query: SearchQuery, narrowing: dict[str, dsl.Query]) -> dict[str, Any]:
    """Aggregations, one for all filters without a choice, one for each that has one: its own does not apply to it."""
    asked = {"": list(narrowing.values())}
    asked |= {name: [one for other, one in narrowing.items() if other != name] for name in narrowing if name in FILTERS}
    found = {}
    for name, others in asked.items():
        terms: dict[str, Any] = {"field": "values", "size": ALL}
        if name:
            terms["include"] = f"{name}:.*"
        inner: dict[str, Any] = {"values": {"terms": terms}}
        if (query.branch or query.lineage) and (name == UNIT or (not name and UNIT not in narrowing)):
            units = {code: members(known, code, query) for code in known.values(UNIT, query)}
            each = {code: _any(UNIT, codes).to_dict() for code, codes in units.items()}
            inner["units"] = {"filters": {"filters": each}}
        found[name or "all"] = {"filter": dsl.Bool(filter=others).to_dict(), "aggs": inner}
    return found


def sort(query: SearchQuery, *, by_score: bool) -> list[dict[str, Any]]:
    """The newest of equals first; a story without a day is older than all others."""
    if by_score:
        return [{"_score": "desc"}, {"id": "desc"}]
    if query.order is Order.OLDEST:
        return [{"day": {"order": "asc", "missing": "_first"}}, {"id": "asc"}]
    return [{"day": {"order": "desc", "missing": "_last"}}, {"id": "desc"}]
