"""A new index beside the one that is searched, and the change from one to the other in a single request.

The new index becomes a target first, so no change is lost while it is filled; what the filling writes carries the
rows' versions, so it never overwrites a change, and never brings back what was deleted. Stopped at any point, the
next rebuild clears up: which index is searched is said by the alias alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from column.schedule.leases import Lease
from search import catalogue
from search.elastic import questions
from search.elastic.client import Unanswered, writing
from search.elastic.documents import Document, documents
from search.elastic.mapping import alias, made_of
from search.models import ArchiveEntry
from search.outbox.bumping import know
from search.outbox.draining import Refusal, Row, drain, send
from search.outbox.models import Outgoing, Target
from search.port import SearchQuery
from search.query import parse
from search.upkeep import Step

BATCH = 400
LEASE = "search-rebuild"


class Busy(Exception):
    """Another rebuild is at work."""


class NoWayBack(Exception):
    """There is no second whole index."""


class Incomplete(Unanswered):
    """The new index does not hold what it should: the old one goes on being searched."""


# --- what is there ----------------------------------------------------------------------------------------------------


def searched() -> str:
    """The index that answers; empty when none does."""
    if not writing().indices.exists_alias(name=alias()):
        return ""
    return min(writing().indices.get_alias(name=alias()).body, default="")


def existing() -> set[str]:
    """Our indices that Elasticsearch has."""
    return set(writing().indices.get(index=f"{alias()}-*", allow_no_indices=True, filter_path="*.aliases").body)


def _collect(keep: set[str]) -> None:
    """Drop targets and indices that nobody needs. A target first: nothing is written to an index that goes."""
    Target.objects.exclude(name__in=keep).delete()
    for name in sorted(existing() - keep):
        writing().indices.delete(index=name, ignore_unavailable=True)


def _point_at(name: str) -> None:
    actions: list[dict[str, Any]] = [
        {"remove": {"index": f"{alias()}-*", "alias": alias(), "must_exist": False}},
        {"add": {"index": name, "alias": alias()}},
    ]
    writing().indices.update_aliases(actions=actions)


# --- filling ----------------------------------------------------------------------------------------------------------


def _fill(target: Target, lease: Lease) -> Iterator[Step]:
    """Write every document to the new index, by key: a page of them at a time, however many there are."""
    total, done, last = ArchiveEntry.objects.count(), 0, 0
    with ThreadPoolExecutor(1) as sender:
        # One batch is on its way while the next is made: neither side waits for the other.
        on_its_way: Future[dict[int, Refusal]] | None = None
        while batch := _batch(last):
            rows, found, last = batch
            _settle(on_its_way)
            on_its_way = sender.submit(send, rows, found, [target.write_alias], refresh=False)
            done += len(rows)
            if not lease.keep():
                raise Busy
            yield Step(done, max(total, done))
        _settle(on_its_way)


def _batch(last: int) -> tuple[list[Row], dict[int, Document], int] | None:
    """The documents of the next entries by key, with their versions, and the last key."""
    ids = list(ArchiveEntry.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH])
    if not ids:
        return None
    know(ids)
    versions = Outgoing.objects.filter(page_id__in=ids).values_list("page_id", "version")
    rows = [Row(page_id, version, 0) for page_id, version in versions]
    # After the versions: what is deleted by now stays out, by a later version than this.
    found = documents(ids)
    return [row for row in rows if row.page_id in found], found, ids[-1]


def _settle(sent: Future[dict[int, Refusal]] | None) -> None:
    for page_id, refusal in sent.result().items() if sent else ():
        if not refusal.forever:
            raise Incomplete(refusal.reason)
        Outgoing.objects.filter(page_id=page_id).update(dirty=True, problem=refusal.reason)


def _missing(target: Target) -> int:
    """How many documents the new index lacks (or, negative, has too many), but for those that are refused."""
    writing().indices.refresh(index=target.name)
    held = int(writing().count(index=target.name).body["count"])
    refused = ArchiveEntry.objects.filter(pk__in=Outgoing.objects.quarantined().values("page_id")).count()
    return ArchiveEntry.objects.count() - refused - held


def _warm(name: str) -> None:
    """Ask the new index as readers do: what a first answer takes, no reader waits for. Raises what ``FAULTS`` names."""
    query = SearchQuery("thành phố")
    wanted = questions.wanted(parse(query.text), ranked=True, only_exact=False)
    writing().search(
        index=name, query=wanted.to_dict(), aggs=questions.counts(catalogue.current(), query, {}),
        sort=questions.sort(query, by_score=True), size=query.size, filter_path="took",
    )  # fmt: skip


def rebuild() -> Iterator[Step]:
    """Fill a new index and search it from then on; the one before is kept, and written to, for a way back.

    Raises ``Busy``, ``Incomplete``, or what ``search.elastic.client.FAULTS`` names; what was searched still is.
    """
    lease = Lease(LEASE)
    if not lease.take():
        raise Busy
    try:
        now = searched()
        _collect({now} - {""} | _way_back(now))
        name = f"{alias()}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"
        target = Target(name=name)
        writing().indices.create(index=name, body=made_of(name, target.write_alias))
        target.save()
        yield from _fill(target, lease)
        drain()
        # Changes go on all the while: what was on its way when it was counted is there at the next look.
        for _attempt in range(5):
            if not lease.keep():
                raise Busy
            if not (missing := _missing(target)):
                break
            drain()
        else:
            raise Incomplete(f"{missing} documents")
        _warm(name)
        Target.objects.filter(name=name).update(whole_at=timezone.now())
        _point_at(name)
        _collect({name, now} - {""})
    finally:
        lease.drop()


def _way_back(now: str) -> set[str]:
    """The whole target that is not searched."""
    whole = Target.objects.filter(whole_at__isnull=False).exclude(name=now).order_by("-whole_at")
    return set(whole.values_list("name", flat=True)[:1])


def back() -> str:
    """Search the index that was searched before the last rebuild; it was kept up to date. Raises ``NoWayBack``."""
    now = searched()
    before = _way_back(now) & existing()
    if not before:
        raise NoWayBack
    (name,) = before
    drain()
    _point_at(name)
    return name


def mend() -> None:
    """Make sure that what is searched is also written to; a new index where it is not.

    So it is for an installation that has just got its Elasticsearch, where an index was deleted by hand, and after
    the database was brought back from a copy.
    """
    # Known first, then looked for: a target made in between is not taken for a lost one.
    known = set(Target.objects.values_list("name", flat=True))
    Target.objects.filter(name__in=known - existing()).delete()
    if Target.objects.filter(name=searched(), whole_at__isnull=False).exists():
        return
    try:
        for _step in rebuild():
            pass
    except Busy:
        return
