"""Elasticsearch beside the official client alone: the archive's page, a rebuild, the check of both sides.

The page: the whole of ``GET /tim-kiem/?q=…`` (counts of every filter, ten hits with marked snippets, rendered) against
one request of the client for what the page shows: the same query and counts, and ten hits with Elasticsearch's own
highlights, out of an index that keeps the texts with their offsets; each query to both, p95. Beside it the request that
our page really sends, which asks for neither texts nor highlights, with and without its counts. The rebuild: against
``helpers.bulk`` of the same documents, made before, into an index of the same mapping. The check: against reading both
sides to their ends, entries with what they are filtered by from the database, ids, versions and hashes by
``helpers.scan``. Memory: what the process has grown by between the first tenth and the end.
"""

from __future__ import annotations

import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from bench import Row, surroundings
from bench.search import percentile, timed
from bench.surroundings import ELASTICSEARCH

STORIES, QUERIES, DOCUMENTS = 20_000, 200, 150_000
#: Bytes of a story where only their number matters.
SHORT = 600
ROUNDS = 3
MUST_PAGE, MUST_REBUILD, MUST_CHECK = 1.5, 0.7, 2.0
#: MB that a process may grow by while it goes through everything.
MUST_MEMORY = 32.0


def main(argv: Sequence[str] = ()) -> list[Row]:
    """Rows of the table: the page, the rebuild, the check, and the memory of these two."""
    parser = surroundings.parser("bench.elastic", on=(ELASTICSEARCH,))
    parser.set_defaults(on=ELASTICSEARCH)
    parser.add_argument("--stories", type=int, default=STORIES, help="of the page and the rebuild")
    parser.add_argument("--queries", type=int, default=QUERIES)
    parser.add_argument("--documents", type=int, default=DOCUMENTS, help="of the check")
    parser.add_argument("--part", choices=list(_PARTS), action="append", help="only this (page, rebuild, check)")
    given = parser.parse_args(argv)
    parts = given.part or list(_PARTS)
    if given.measure:
        surroundings.begin(given.on)
        try:
            print(json.dumps({part: _PARTS[part](given) for part in parts}))
        finally:
            surroundings.leave()
        return []
    from tests.elasticsearch_parts import Missing

    sizes = ["--stories", str(given.stories), "--queries", str(given.queries), "--documents", str(given.documents)]
    rows: list[Row] = []
    for part in parts:
        # Each in a process of its own: what one keeps in memory is not counted to the next.
        try:
            found = surroundings.measured("bench.elastic", [*sizes, "--part", part], given.on)[part]
        except Missing as reason:
            sys.stderr.write(f"Elasticsearch: skipped, {reason}\n")
            break
        rows += _ROWS[part](found, given)
    return rows


# --- the page ---------------------------------------------------------------------------------------------------------


def _page(given: Any) -> dict[str, float]:
    # Inline: models exist only now.
    from django.test import Client

    from search.elastic import adapter
    from search.elastic.client import client
    from search.elastic.mapping import alias
    from search.models import ArchiveEntry

    surroundings.fill(given.stories)
    surroundings.index()
    rng = random.Random(29)  # noqa: S311 - which queries are asked is no secret
    titles = list(ArchiveEntry.objects.order_by("pk").values_list("title", flat=True))
    asked = [" ".join(rng.choice(titles).split()[3:8]) for _ in range(given.queries)]
    browser = Client()
    sent: list[Any] = []
    answered = adapter._answered

    def noted(body: Any) -> Any:
        sent.append(body)
        return answered(body)

    def ours(text: str) -> None:
        response = browser.get("/tim-kiem/", {"q": text})
        assert response.status_code == 200
        assert sent, "Elasticsearch was not asked"

    def bare(body: Any) -> None:
        assert client().search(index=alias(), body=body).body["hits"]["total"]["value"]

    def highlighted(body: Any, text: str) -> None:
        words = {"multi_match": {"query": text, "fields": ["title", "text"], "operator": "or"}}
        wanted = {"highlight_query": words, "fields": {"title": {"number_of_fragments": 0}, "text": {}}}
        highlight = {**wanted, "fragment_size": 240, "number_of_fragments": 1, "encoder": "html"}
        found = client().search(index=whole, body={**body, "highlight": highlight, "_source": ["title", "day"]}).body
        assert found["hits"]["hits"][0]["highlight"]

    whole = _with_texts()
    seconds: dict[str, list[float]] = {name: [] for name in ("ours", "highlighted", "bare", "plain")}
    warming = asked[:20]
    for number, text in enumerate(warming + asked):
        sent.clear()
        adapter._answered = noted
        took = timed(partial(ours, text))
        adapter._answered = answered
        body = sent[-1]
        told = timed(partial(highlighted, body, text))
        alone = timed(partial(bare, body))
        plain = {"query": body["query"], "size": 10, "track_total_hits": True}
        without = timed(partial(bare, plain))
        if number >= len(warming):
            for name, value in (("ours", took), ("highlighted", told), ("bare", alone), ("plain", without)):
                seconds[name].append(value)
    return {name: percentile(values, 0.95) for name, values in seconds.items()} | {
        f"{name}_median": percentile(values, 0.5) for name, values in seconds.items()
    }


def _with_texts() -> str:
    """An index that can give and highlight what it finds by itself: ours, with the texts as they were written."""
    from elasticsearch import helpers

    from search.elastic.client import writing
    from search.elastic.documents import documents
    from search.elastic.mapping import alias, made_of
    from search.models import ArchiveEntry
    from search.words import texts

    name = f"{alias()}-whole"
    made = made_of(name, f"{name}-w")
    made["mappings"].pop("_source")
    made["settings"]["analysis"]["analyzer"]["plain"] = {
        "type": "custom", "tokenizer": "standard", "filter": ["lowercase", "asciifolding"],
    }  # fmt: skip
    text = {"type": "text", "analyzer": "plain", "index_options": "offsets"}
    made["mappings"]["properties"] |= {"title": text, "text": text}
    writing().indices.create(index=name, body=made)
    ids = list(ArchiveEntry.objects.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), 400):
        part = ids[start : start + 400]
        said = texts(part)
        done, _errors = helpers.bulk(writing(), [
            {"_index": name, "_id": str(pk), "_source": {**document, "title": said[pk][0], "text": said[pk][1]}}
            for pk, document in documents(part).items()
        ])  # fmt: skip
        assert done == len(part)
    writing().indices.refresh(index=name)
    return name


def _page_rows(found: dict[str, float], given: Any) -> list[Row]:
    ratio = found["ours"] / found["highlighted"]
    what = f"Elasticsearch: tìm năm từ, p95, {given.stories} tin, bài (trung vị {found['ours_median']:.0f} ms)"
    return [
        Row(what, found["ours"], found["highlighted"], "ms", ratio, f"≤ {MUST_PAGE:g} ×", ratio <= MUST_PAGE),
        Row("… so với đúng câu hỏi đã gửi, không trích đoạn", found["ours"], found["bare"], "ms",
            found["ours"] / found["bare"], "không đặt", ok=True),
        Row("… cùng câu hỏi, không đếm (để so)", found["bare"], found["plain"], "ms", found["bare"] / found["plain"],
            "không đặt", ok=True),
    ]  # fmt: skip


# --- the rebuild ------------------------------------------------------------------------------------------------------


def _memory() -> float:
    """What this process holds now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def _followed(steps: Iterator[Any]) -> tuple[float, float]:
    """Seconds, and MB that this process grew by after the first tenth."""
    begin, first = time.perf_counter(), 0.0
    most = 0.0
    for step in steps:
        if step.done >= step.total / 10:
            first = first or _memory()
            most = max(most, _memory() - first)
    return time.perf_counter() - begin, most


def _rebuild(given: Any) -> dict[str, float]:
    from elasticsearch import helpers

    from search.elastic import rebuilding
    from search.elastic.client import writing
    from search.elastic.documents import documents
    from search.elastic.mapping import alias, made_of
    from search.models import ArchiveEntry

    surroundings.fill(given.stories)
    surroundings.index()
    ids = list(ArchiveEntry.objects.order_by("pk").values_list("pk", flat=True))

    def bare() -> float:
        """Documents that lie ready; making them is ours."""
        name = f"{alias()}-bare"
        writing().indices.create(index=name, body=made_of(name, f"{name}-w"))
        spent = 0.0
        for start in range(0, len(ids), 4000):
            made = [
                {"_index": name, "_id": str(pk), "_source": document}
                for chunk in range(start, min(start + 4000, len(ids)), 400)
                for pk, document in documents(ids[chunk : min(chunk + 400, start + 4000)]).items()
            ]
            begin = time.perf_counter()
            done, _errors = helpers.bulk(writing(), made)
            spent += time.perf_counter() - begin
            assert done == len(made)
        writing().indices.delete(index=name)
        return spent

    bare_seconds, our_seconds, memory = [], [], 0.0
    for _round in range(ROUNDS):
        bare_seconds.append(bare())
        took, grown = _followed(rebuilding.rebuild())
        our_seconds.append(took)
        memory = max(memory, grown) if _round else memory
    return {
        "ours": len(ids) / statistics.median(our_seconds), "bare": len(ids) / statistics.median(bare_seconds),
        "memory": memory,
    }  # fmt: skip


def _rebuild_rows(found: dict[str, float], given: Any) -> list[Row]:
    ratio, memory = found["ours"] / found["bare"], found["memory"]
    return [
        Row(f"Elasticsearch: dựng lại {given.stories} tài liệu, so với helpers.bulk", found["ours"], found["bare"],
            "tài liệu/s", ratio, f"≥ {MUST_REBUILD:g}", ratio >= MUST_REBUILD),
        _memory_row("dựng lại", memory),
    ]  # fmt: skip


def _memory_row(what: str, grown: float) -> Row:
    return Row(f"Elasticsearch: {what}, bộ nhớ tăng thêm", grown, MUST_MEMORY, "MB", grown / MUST_MEMORY,
               f"≤ {MUST_MEMORY:g} MB", grown <= MUST_MEMORY)  # fmt: skip


# --- the check --------------------------------------------------------------------------------------------------------


def _check(given: Any) -> dict[str, float]:
    from elasticsearch import helpers

    from column.coverage.models import StoryDocument
    from column.stories.models import BylineCredit
    from search.elastic.checking import Drift, check
    from search.elastic.client import writing
    from search.elastic.mapping import alias
    from search.models import ArchiveCriterion, ArchiveEntry, ArchiveUnit

    surroundings.fill(given.documents, size=SHORT)
    surroundings.index()

    def bare() -> float:
        begin = time.perf_counter()
        rows: list[Any] = [
            ArchiveEntry.objects.order_by("pk").values_list("pk", "digest", "kind", "day", "photos"),
            ArchiveUnit.objects.values_list("entry_id", "department__code"),
            ArchiveCriterion.objects.values_list("entry_id", "criterion__slug", "criterion__group__family"),
            StoryDocument.objects.order_by().values_list("story_id", "document_id"),
            BylineCredit.objects.order_by().values_list("story_id", "byline__name"),
        ]
        read = [sum(1 for _row in found.iterator(chunk_size=2000)) for found in rows]
        query = {"query": {"match_all": {}}, "docvalue_fields": ["hash"], "version": True}
        held = sum(1 for _hit in helpers.scan(writing(), index=alias(), query=query, size=1000))
        assert held == read[0] == given.documents
        return time.perf_counter() - begin

    bare_seconds, our_seconds, memory = [], [], 0.0
    for _round in range(ROUNDS):
        bare_seconds.append(bare())
        drift = Drift()
        took, grown = _followed(check(drift))
        assert drift.clean
        assert drift.documents == given.documents
        our_seconds.append(took)
        memory = max(memory, grown)
    return {"ours": statistics.median(our_seconds), "bare": statistics.median(bare_seconds), "memory": memory}


def _check_rows(found: dict[str, float], given: Any) -> list[Row]:
    ratio = found["ours"] / found["bare"]
    return [
        Row(f"Elasticsearch: đối chiếu {given.documents} tài liệu, so với đọc hai bên", found["ours"], found["bare"],
            "s", ratio, f"≤ {MUST_CHECK:g} ×", ratio <= MUST_CHECK),
        _memory_row("đối chiếu", found["memory"]),
    ]  # fmt: skip


_PARTS: dict[str, Callable[[Any], dict[str, float]]] = {"page": _page, "rebuild": _rebuild, "check": _check}
_ROWS: dict[str, Callable[[dict[str, float], Any], list[Row]]] = {
    "page": _page_rows, "rebuild": _rebuild_rows, "check": _check_rows,
}  # fmt: skip


if __name__ == "__main__":
    for row in main(sys.argv[1:]):
        print(row)
