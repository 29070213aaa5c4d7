"""The archive's second adapter. It may fail: :mod:`search.answering` then asks the embedded one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from elasticsearch.dsl import query as dsl

from search import catalogue
from search.catalogue import Catalogue
from search.elastic import questions
from search.elastic.client import Unanswered, client
from search.elastic.documents import term
from search.elastic.mapping import alias
from search.embedded import hits_of
from search.facets import counted
from search.outbox.bumping import bump
from search.port import FILTERS, UNIT, Order, SearchQuery, SearchResult
from search.query import ParsedQuery, parse

Answer = Mapping[str, Any]


class ElasticArchive:
    name = "elasticsearch"

    def write(self, ids: Collection[int]) -> int:
        """Elasticsearch is told by the worker, after the transaction."""
        bump(ids)
        return len(ids)

    def search(self, query: SearchQuery) -> SearchResult:
        """Raises what ``search.elastic.client.FAULTS`` names."""
        parsed, known = parse(query.text), catalogue.current()
        ranked = bool(parsed) and query.order is Order.RELEVANCE
        found: dsl.Query
        if parsed:
            found = questions.wanted(parsed, ranked=ranked, only_exact=query.exact)
        elif query.text.strip() and not parsed.excluded:
            return _nothing(known, query, parsed)  # only signs typed is no wish to see everything
        else:
            found = dsl.MatchAll()
        narrowing = questions.filters(known, query, parsed)
        answer = _ask(known, query, found, narrowing, by_score=ranked)
        relaxed = False
        if parsed.may_lack and not query.exact and not _everything(answer):
            answer = _ask(known, query, questions.nearly(parsed), narrowing, by_score=ranked)
            relaxed = _everything(answer) > 0
        total = answer["hits"]["total"]["value"]
        ids = [int(hit["_id"]) for hit in answer["hits"]["hits"]]
        return SearchResult(
            total=total,
            hits=hits_of(ids, parsed),
            facets=counted(known, query, _Counted(query, answer["aggregations"])),
            relaxed=relaxed,
            shortened=parsed.shortened,
            ranked=total,
            adapter=self.name,
        )


def _nothing(known: Catalogue, query: SearchQuery, parsed: ParsedQuery) -> SearchResult:
    empty = _Counted(query, {})
    return SearchResult(0, [], counted(known, query, empty), shortened=parsed.shortened, adapter=ElasticArchive.name)


def _everything(answer: Answer) -> int:
    """Stories that the words find, whatever the filters say."""
    return int(answer["aggregations"]["found"]["doc_count"])


class _Counted:
    """What the aggregations say, as ``search.facets.counted`` asks for it."""

    def __init__(self, query: SearchQuery, aggregations: Mapping[str, Any]) -> None:
        self._values: dict[str, dict[str, int]] = {}
        self._units: dict[str, int] = {}
        everything = _buckets(aggregations.get("all"))
        for name in FILTERS:
            self._values[name] = _buckets(aggregations[name]) if name in aggregations else everything
        for own in ("all", UNIT):
            if "units" in aggregations.get(own, {}):
                buckets = aggregations[own]["units"]["buckets"]
                self._units = {code: bucket["doc_count"] for code, bucket in buckets.items()}
        self._widened = query.branch or query.lineage

    def __call__(self, name: str, value: str, _stories: int) -> int:
        if name == UNIT and self._widened:
            return self._units.get(value, 0)
        return self._values[name].get(term(name, value), 0)


def _buckets(aggregation: Mapping[str, Any] | None) -> dict[str, int]:
    return {b["key"]: b["doc_count"] for b in aggregation["values"]["buckets"]} if aggregation else {}


def _ask(
    known: Catalogue, query: SearchQuery, found: dsl.Query, narrowing: dict[str, dsl.Query], *, by_score: bool
) -> Answer:
    """One page of hits, counts beside the filters, and the number of stories that the words alone find."""
    start = (max(query.page, 1) - 1) * query.size
    body: dict[str, Any] = {
        "query": found.to_dict(),
        "aggs": {**questions.counts(known, query, narrowing), "found": {"filter": {"match_all": {}}}},
        "sort": questions.sort(query, by_score=by_score),
        "size": query.size,
        "track_total_hits": True,
        # Elasticsearch gives up by itself what nobody waits for.
        "timeout": f"{settings.ELASTICSEARCH_PATIENCE * 800:.0f}ms",
    }
    if narrowing:
        body["post_filter"] = dsl.Bool(filter=list(narrowing.values())).to_dict()
    if start + query.size <= questions.WINDOW:
        body["from"] = start
    elif (after := _led_to(body, start)) is not None:
        body["search_after"] = after
    else:
        body["size"] = 0
    return _answered(body)


def _led_to(body: Answer, start: int) -> list[Any] | None:
    """The sort values of the hit before the one at *start*; None where there are not so many."""
    lead = {key: body[key] for key in ("query", "sort", "timeout", "post_filter") if key in body}
    after: list[Any] | None = None
    left = start
    while left:
        step = {**lead, "size": min(left, questions.WINDOW), "track_total_hits": False}
        hits = _answered({**step, "search_after": after} if after else step)["hits"]["hits"]
        if len(hits) < step["size"]:
            return None
        after, left = hits[-1]["sort"], left - len(hits)
    return after


def _answered(body: Answer) -> Answer:
    answer = client().search(
        index=alias(), body=dict(body), allow_partial_search_results=False,
        filter_path="timed_out,hits.total,hits.hits._id,hits.hits.sort,aggregations",
    ).body  # fmt: skip
    if answer["timed_out"]:
        raise Unanswered
    answer.setdefault("hits", {}).setdefault("hits", [])
    return answer
