"""What is done to Elasticsearch, for real: each is a context in which it is so, and after which it is well again."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from elastic_transport import Transport

from search.adapters import archive
from search.elastic import rebuilding
from search.elastic.checking import Drift, check
from search.elastic.client import writing as cluster
from search.models import ArchiveEntry
from search.outbox import job
from search.outbox.models import Outgoing
from search.port import SearchQuery
from tests.elastic import start_afresh
from tests.elasticsearch import Server

Fault = Callable[[Server], AbstractContextManager[None]]


# --- the server -------------------------------------------------------------------------------------------------------


@contextmanager
def refusing(server: Server) -> Iterator[None]:
    """Nobody listens at its address."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{unused.getsockname()[1]}"
        yield
    settings.ELASTICSEARCH_URL = server.url


@contextmanager
def hung(server: Server) -> Iterator[None]:
    server.freeze()
    try:
        yield
    finally:
        server.thaw()


@contextmanager
def cluster_settings(**values: str) -> Iterator[None]:
    """Names with __ for points."""
    named = {name.replace("__", "."): value for name, value in values.items()}
    cluster().cluster.put_settings(persistent=named)
    try:
        yield
    finally:
        cluster().cluster.put_settings(persistent=dict.fromkeys(named))


def no_searches(_server: Server) -> AbstractContextManager[None]:
    """429 on every search."""
    return cluster_settings(indices__breaker__request__limit="1b")


def no_writes(_server: Server) -> AbstractContextManager[None]:
    """429 on every bulk. Those in pieces, as they are by default, pass this breaker by."""
    return cluster_settings(rest__incremental_bulk="false", network__breaker__inflight_requests__limit="1b")


@contextmanager
def read_only(_server: Server) -> Iterator[None]:
    """As Elasticsearch makes it when its disk is full: 403 on every item of a bulk."""
    name = rebuilding.searched()
    cluster().indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": True})
    try:
        yield
    finally:
        cluster().indices.put_settings(index=name, settings={"index.blocks.read_only_allow_delete": None})


@contextmanager
def unassigned(_server: Server) -> Iterator[None]:
    """503 on searches and writes: no node holds the index, as while its node starts."""
    name = rebuilding.searched()
    cluster().indices.close(index=name)
    with cluster_settings(cluster__routing__allocation__node_initial_primaries_recoveries="0"):
        cluster().indices.open(index=name, wait_for_active_shards="0")
        yield
    cluster().cluster.health(index=name, wait_for_status="yellow", timeout="30s")


# --- processes --------------------------------------------------------------------------------------------------------


def killed_around_request(number: int) -> None:
    """This process dies at a request to Elasticsearch: odd numbers before it is sent, even ones after its answer."""
    perform, seen = Transport.perform_request, 0

    def perform_request(self: Transport, *args: Any, **kwargs: Any) -> Any:
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)
        answer = perform(self, *args, **kwargs)
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    Transport.perform_request = perform_request  # type: ignore[method-assign]


@contextmanager
def worker() -> Iterator[None]:
    """The worker's job in a thread of its own, again and again, as the worker runs it."""
    over = threading.Event()

    def run() -> None:
        try:
            while not over.wait(0.05):
                job.run(timezone.now())
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


# --- what became of it ------------------------------------------------------------------------------------------------


def took(do: Callable[[], object]) -> float:
    """Seconds."""
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def adapter() -> str:
    """Who answers; the answer is right in any case."""
    result = archive().search(SearchQuery("cải cách"))
    held = ArchiveEntry.objects.count()
    assert result.total == held, f"{result.adapter}: {result.total} of {held}, relaxed: {result.relaxed}"
    return result.adapter


def drift() -> Drift:
    found = Drift()
    for _step in check(found):
        pass
    return found


def recover() -> None:
    """As the worker does it, the pauses left out."""
    start_afresh()
    for _attempt in range(20):
        Outgoing.objects.waiting().update(next_attempt_at=timezone.now())
        job.run(timezone.now())
        if not Outgoing.objects.waiting().exists():
            break
    assert not Outgoing.objects.waiting().exists()
    assert adapter() == "elasticsearch"
    assert drift().clean
