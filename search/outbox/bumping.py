"""A document has changed: its row says so, in the transaction of the change."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.db import connection
from django.utils import timezone

BATCH = 200

_NEWER = (
    "CASE WHEN search_outgoing.version < excluded.version THEN excluded.version ELSE search_outgoing.version + 1 END"
)
_TOLD = (
    " ON CONFLICT (page_id) DO UPDATE SET dirty = excluded.dirty, attempts = 0,"
    f" next_attempt_at = excluded.next_attempt_at, problem = '', version = {_NEWER}"
)
_COLUMNS = "INSERT INTO search_outgoing (page_id, version, dirty, attempts, next_attempt_at, hash, problem) "


def version_now() -> int:
    """Milliseconds since 1970."""
    return int(time.time() * 1000)


def in_use() -> bool:
    """Whether there is an Elasticsearch to keep in step."""
    return bool(settings.ELASTICSEARCH_URL)


def bump(ids: Iterable[int], *, beyond: int = 0) -> None:
    """Note that these documents are others now, or gone. Nothing happens where no Elasticsearch is in use.

    *beyond*: the new versions are at least one more than this.
    """
    if not in_use():
        return
    version, now = max(version_now(), beyond + 1), timezone.now()
    # In order: two writers of the same rows wait for each other, and never both.
    for batch in _batches(sorted(set(ids))):
        marks = ", ".join(["(%s, %s, %s, 0, %s, '', '')"] * len(batch))
        values = [value for page_id in batch for value in (page_id, version, True, now)]
        with connection.cursor() as cursor:
            cursor.execute(f"{_COLUMNS}VALUES {marks}{_TOLD}", values)


def know(ids: Iterable[int]) -> None:
    """Give those a row that have none, as if they were indexed: somebody else writes them now."""
    version, now = version_now(), timezone.now()
    for batch in _batches(sorted(set(ids))):
        marks = ", ".join(["(%s, %s, %s, 0, %s, '', '')"] * len(batch))
        values = [value for page_id in batch for value in (page_id, version, False, now)]
        with connection.cursor() as cursor:
            cursor.execute(f"{_COLUMNS}VALUES {marks} ON CONFLICT (page_id) DO NOTHING", values)


def _batches(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]
