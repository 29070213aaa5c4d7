"""Does Elasticsearch hold what the archive holds? Both sides are read in order of id, side by side, and let go."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from search.elastic.client import writing
from search.elastic.documents import hashes
from search.elastic.mapping import alias
from search.models import ArchiveEntry
from search.outbox.bumping import bump
from search.outbox.models import Outgoing
from search.upkeep import Step

BATCH = 5000
#: Ids kept of each kind: a broken index has a story of its own, and does not fit into memory.
KEPT = 1000


class Held(NamedTuple):
    """A document as Elasticsearch has it."""

    page_id: int
    version: int
    hash: str


@dataclass
class Kind:
    """How many documents differ in one way, and the first of them."""

    count: int = 0
    some: list[int] = field(default_factory=list)

    def add(self, ids: list[int]) -> None:
        self.count += len(ids)
        self.some += ids[: KEPT - len(self.some)]


@dataclass
class Drift:
    """*waiting*: changes that Elasticsearch is about to be told of; they are no drift."""

    missing: Kind = field(default_factory=Kind)
    extra: Kind = field(default_factory=Kind)
    stale: Kind = field(default_factory=Kind)
    waiting: int = 0
    documents: int = 0

    @property
    def clean(self) -> bool:
        return not (self.missing.count or self.extra.count or self.stale.count)


def _answered(query: dict[str, Any]) -> list[Held]:
    """The first of the documents that match, in order of id."""
    answer = writing().search(
        index=alias(), query=query, sort=[{"id": "asc"}], size=BATCH, version=True, track_total_hits=False,
        docvalue_fields=[{"field": "hash"}], allow_partial_search_results=False,
        # Columns alone: to say its own ``_id`` Elasticsearch would unpack what it has stored of each document.
        stored_fields=["_none_"], filter_path="hits.hits.sort,hits.hits._version,hits.hits.fields",
    ).body  # fmt: skip
    hits = answer.get("hits", {}).get("hits", [])
    return [Held(hit["sort"][0], hit["_version"], hit["fields"]["hash"][0]) for hit in hits]


def _held(after: int, upto: int | None) -> list[Held]:
    """The first documents with ids beyond *after*, at most up to *upto*."""
    return _answered({"range": {"id": {"gt": after, **({} if upto is None else {"lte": upto})}}})


def _windows() -> Iterator[tuple[dict[int, str], list[Held]]]:
    """Both sides of one stretch of ids after another: what should be there (id → hash), and what is."""
    last = 0
    with ThreadPoolExecutor(1) as reader:
        while True:
            ids = list(ArchiveEntry.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
            upto = ids[-1] if len(ids) == BATCH else None
            # Both sides are read at once: neither waits for the other.
            reading = reader.submit(_held, last, upto)
            wanted = _wanted(ids)
            held = reading.result()
            if len(held) == BATCH and held[-1].page_id != upto:  # it has more than it should
                last = held[-1].page_id
                yield {pk: hashed for pk, hashed in wanted.items() if pk <= last}, held
                continue
            yield wanted, held
            if upto is None:
                return
            last = upto


def _wanted(ids: list[int]) -> dict[int, str]:
    return hashes(ids) if ids else {}


class _Found(NamedTuple):
    """Ids of one stretch that differ."""

    missing: list[int]
    extra: list[int]
    stale: list[int]
    waiting: int

    @property
    def wrong(self) -> list[int]:
        return [*self.missing, *self.extra, *self.stale]


def _compare(wanted: dict[int, str], there: dict[int, Held]) -> _Found:
    differing = {pk for pk, hashed in wanted.items() if pk not in there or there[pk].hash != hashed}
    differing |= there.keys() - wanted.keys()
    on_their_way = set(Outgoing.objects.waiting().filter(page_id__in=differing).values_list("page_id", flat=True))
    differing -= on_their_way
    return _Found(
        sorted(differing - there.keys()),
        sorted(differing - wanted.keys()),
        sorted(differing & there.keys() & wanted.keys()),
        len(on_their_way),
    )


def check(drift: Drift, *, repair: bool = False) -> Iterator[Step]:
    """Compare all there is into *drift*; yield after each stretch. *repair*: tell Elasticsearch anew of what differs.

    Raises what ``search.elastic.client.FAULTS`` names.
    """
    writing().indices.refresh(index=alias())
    total = ArchiveEntry.objects.count()
    for wanted, held in _windows():
        found = _compare(wanted, {one.page_id: one for one in held})
        waiting = found.waiting
        if found.wrong:
            # A second look, at these alone: changes were made while the first was taken.
            there = _again(found.wrong)
            found = _compare(_wanted(found.wrong), there)
            waiting += found.waiting
            if repair:
                bump(found.wrong, beyond=max((one.version for one in there.values()), default=0))
        drift.missing.add(found.missing)
        drift.extra.add(found.extra)
        drift.stale.add(found.stale)
        drift.waiting += waiting
        drift.documents += len(held)
        yield Step(min(drift.documents, total), total)


def _again(ids: list[int]) -> dict[int, Held]:
    writing().indices.refresh(index=alias())
    return {
        one.page_id: one
        for start in range(0, len(ids), BATCH)
        for one in _answered({"terms": {"id": ids[start : start + BATCH]}})
    }
