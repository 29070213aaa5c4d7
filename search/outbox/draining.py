"""Telling Elasticsearch: the worker's part, in batches, as often as it takes.

The order of reading makes it right: first the rows and their versions, then the targets, then what the stories say.
Whatever is committed later has a later version, so its row stays dirty; an index that became a target later is
filled from what is read later still.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from search.elastic.client import writing
from search.elastic.documents import Document, documents
from search.outbox.models import Outgoing, Target
from search.outbox.pauses import pause
from search.outbox.telling import tell_of_refused

logger = logging.getLogger(__name__)

BATCH = 200
#: Batches of one run: the worker looks around between runs.
RUNS = 50
#: Bytes of one request.
LARGEST = 4_000_000
#: How long a bulk waits for a part of an index that no node has at the moment; its documents are sent again then.
SHARDS_MAY_TAKE = "10s"
DONE, GONE, CONFLICT, TOO_LARGE, BAD = 200, 404, 409, 413, 400


@dataclass(frozen=True)
class Row:
    page_id: int
    version: int
    attempts: int


@dataclass
class Refusal:
    """Why a document could not be written. *forever*: it will never be, as it is."""

    reason: str
    forever: bool


@dataclass
class Drained:
    """What a run did; *left*: rows that wait for another attempt."""

    written: int = 0
    left: int = 0
    quarantined: int = 0


# --- a request --------------------------------------------------------------------------------------------------------


def _lines(row: Row, document: bytes | None, alias: str) -> list[bytes]:
    about = {"_index": alias, "_id": str(row.page_id), "version": row.version, "version_type": "external_gte"}
    if document is None:
        return [json.dumps({"delete": about}).encode()]
    return [json.dumps({"index": about}).encode(), document]


def _requests(rows: list[Row], found: Mapping[int, Document], aliases: list[str]) -> Iterator[tuple[list[Row], Any]]:
    """Bulk bodies of a bearable size, each with the rows of its items."""
    items: list[Row] = []
    lines: list[bytes] = []
    size = 0
    for row in rows:
        known = found.get(row.page_id)
        document = json.dumps(known, ensure_ascii=False).encode() if known else None
        for alias in aliases:
            own = _lines(row, document, alias)
            weight = sum(map(len, own))
            if lines and size + weight > LARGEST:
                yield items, lines
                items, lines, size = [], [], 0
            items.append(row)
            lines.extend(own)
            size += weight
    if lines:
        yield items, lines


def send(
    rows: list[Row], found: Mapping[int, Document], aliases: list[str], *, refresh: bool = True
) -> dict[int, Refusal]:
    """Write the rows' documents to all targets; return those that were refused.

    A newer version there (409) and a deletion of what is not there (404) are what was wanted. Raises what ``FAULTS``
    names where Elasticsearch did not answer for the whole.
    """
    refused: dict[int, Refusal] = {}
    for items, lines in _requests(rows, found, aliases):
        answer = writing().bulk(
            operations=lines, require_alias=True, refresh=refresh, timeout=SHARDS_MAY_TAKE,
            filter_path="errors,items.*.status,items.*.error.type,items.*.error.reason",
        ).body  # fmt: skip
        # Deletions of what is not there are no errors to Elasticsearch, either.
        for row, item in zip(items, answer["items"] if answer["errors"] else (), strict=False):
            ((_action, outcome),) = item.items()
            status, error = outcome["status"], outcome.get("error")
            if error is None or status == CONFLICT:
                continue
            refusal = Refusal(f"{status} {error['type']}: {error['reason']}"[:1000], status in {BAD, TOO_LARGE})
            if row.page_id not in refused or refusal.forever:
                refused[row.page_id] = refusal
    return refused


# --- a batch ----------------------------------------------------------------------------------------------------------


def _due(now: datetime) -> list[Row]:
    rows = Outgoing.objects.waiting().filter(next_attempt_at__lte=now).order_by("next_attempt_at", "page_id")
    return [Row(*row) for row in rows.values_list("page_id", "version", "attempts")[:BATCH]]


def drain_batch(now: datetime, drained: Drained) -> bool:
    """Write one batch; return whether there may be more to do at once. Raises what ``FAULTS`` names."""
    rows = _due(now)
    aliases = [target.write_alias for target in Target.objects.order_by("name")]
    if not rows or not aliases:
        return False
    found = documents([row.page_id for row in rows])
    refused = send(rows, found, aliases)
    _settle(rows, found, refused, now, drained)
    return len(rows) == BATCH


def _settle(
    rows: list[Row], found: Mapping[int, Document], refused: Mapping[int, Refusal], now: datetime, drained: Drained
) -> None:
    """Note what became of each row. One that has changed since it was read stays as dirty as it was."""
    done, later, never = [], [], []
    for row in rows:
        refusal = refused.get(row.page_id)
        if refusal is None:
            hashed = found[row.page_id]["hash"] if row.page_id in found else ""
            done.append((hashed, row.page_id, row.version))
        elif refusal.forever:
            never.append((refusal.reason, row.page_id, row.version))
            logger.error("Elasticsearch không nhận tài liệu %s: %s", row.page_id, refusal.reason)
        else:
            at = now + timedelta(seconds=pause(row.attempts + 1))
            later.append((at, row.page_id, row.version))
    if later:
        reason = next(one.reason for one in refused.values() if not one.forever)
        logger.warning("Elasticsearch chưa nhận %d tài liệu, sẽ gửi lại: %s", len(later), reason)
    same = "WHERE page_id = %s AND version = %s"
    with transaction.atomic(), connection.cursor() as cursor:
        for change, values in (
            ("dirty = FALSE, attempts = 0, indexed_version = version, hash = %s", done),
            ("attempts = attempts + 1, next_attempt_at = %s", later),
            ("attempts = attempts + 1, problem = %s", never),
        ):
            if values:
                cursor.executemany(f"UPDATE search_outgoing SET {change} {same}", values)  # noqa: S608 - ours
        tell_of_refused([reason for reason, _page_id, _version in never], now)
    drained.written += len(done)
    drained.left += len(later)
    drained.quarantined += len(never)


def drain(now: datetime | None = None) -> Drained:
    """Write what is due, until nothing is. Raises what ``FAULTS`` names."""
    drained = Drained()
    for _run in range(RUNS):
        if not drain_batch(now or timezone.now(), drained):
            break
    return drained
