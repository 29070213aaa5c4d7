"""Elasticsearch refuses, hangs, is too busy, may not write: nobody notices, and afterwards it knows everything."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from search.adapters import archive
from search.elastic.checking import Drift, check
from search.elastic.client import writing as cluster
from search.elastic.mapping import alias
from search.outbox import job
from search.outbox.draining import drain
from search.outbox.models import Outgoing, Target
from search.port import SearchQuery
from tests.elastic import start_afresh
from tests.elasticsearch import Server
from tests.factories import make_article, make_news

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


def adapter() -> str:
    """Who answers; the answer is right in any case."""
    result = archive().search(SearchQuery("cải cách"))
    assert result.total == Outgoing.objects.count()
    return result.adapter


def drift() -> Drift:
    found = Drift()
    for _step in check(found):
        pass
    return found


def took(do: Callable[[], object]) -> float:
    """Seconds; this machine may be busy, so only compare them with each other."""
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def recover() -> None:
    """As the worker does it, the pauses left out."""
    start_afresh()
    Outgoing.objects.update(next_attempt_at=timezone.now())
    job.run(timezone.now())
    assert not Outgoing.objects.waiting().exists()
    assert adapter() == "elasticsearch"
    assert drift().clean


def test_refused(elastic: Server, settings: Any) -> None:
    make_news("Cải cách một")
    drain()
    assert adapter() == "elasticsearch"
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{unused.getsockname()[1]}"
        assert adapter() == "embedded"
        make_news("Cải cách hai")
        job.run(timezone.now())
        assert job.patience.waiting
        assert adapter() == "embedded"
    settings.ELASTICSEARCH_URL = elastic.url
    recover()


@pytest.mark.alone
def test_hung(elastic: Server, client: Client, settings: Any) -> None:
    story = make_article("Cải cách một")
    drain()

    def publish() -> None:
        story.refresh_from_db()
        story.title += " nữa"
        story.save_revision().publish()

    def search() -> None:
        assert client.get("/tim-kiem/?q=cai+cach").status_code == 200

    search()
    publish()  # once, so that everything is loaded
    usual = took(publish), took(search)
    drain()
    settings.ELASTICSEARCH_PATIENCE = 1.5
    elastic.freeze()
    try:
        assert adapter() == "embedded"  # one reader waits for 1.5 s
        assert took(search) < usual[1] * 3 + 1
        assert took(publish) < usual[0] * 3 + 1
        assert client.get("/admin/pages/search/?q=cai").status_code in (200, 302)
    finally:
        elastic.thaw()
        settings.ELASTICSEARCH_PATIENCE = 20
    recover()


@contextmanager
def cluster_setting(name: str, value: str) -> Iterator[None]:
    cluster().cluster.put_settings(persistent={name: value})
    try:
        yield
    finally:
        cluster().cluster.put_settings(persistent={name: None})


@pytest.mark.alone
def test_too_many_requests_for_searches(elastic: Server) -> None:
    make_news("Cải cách một")
    drain()
    with cluster_setting("indices.breaker.request.limit", "1b"):
        assert adapter() == "embedded"
    recover()


@pytest.mark.alone
def test_too_many_requests_for_writes(elastic: Server) -> None:
    make_news("Cải cách một")
    # Bulks in pieces, as they are by default, pass this breaker by.
    whole, limit = ("rest.incremental_bulk", "false"), ("network.breaker.inflight_requests.limit", "1b")
    with cluster_setting(*whole), cluster_setting(*limit):
        job.run(timezone.now())
        assert job.patience.failures == 1
        assert Outgoing.objects.waiting().count() == 1
        assert adapter() == "embedded"
    recover()


def test_read_only(elastic: Server) -> None:
    make_news("Cải cách một")
    drain()
    cluster().indices.put_settings(index=alias(), settings={"index.blocks.write": True})
    make_news("Cải cách hai")
    drained = drain()
    assert (drained.written, drained.left, drained.quarantined) == (0, 1, 0)
    assert Outgoing.objects.waiting().get().attempts == 1
    assert adapter() == "embedded"
    cluster().indices.put_settings(index=alias(), settings={"index.blocks.write": None})
    recover()


def test_the_index_is_gone(elastic: Server) -> None:
    story = make_news("Cải cách một")
    drain()
    (name,) = cluster().indices.get(index=alias()).body
    cluster().indices.delete(index=name)
    assert adapter() == "embedded"
    story.title = "Cải cách hai"
    story.save()
    drain()
    # No late write made an index of its own.
    assert cluster().indices.get(index=f"{alias()}*", allow_no_indices=True).body == {}
    assert Outgoing.objects.waiting().exists()
    recover()


def test_the_database_was_brought_back_from_a_copy(elastic: Server) -> None:
    """It names other targets than the index that is searched, and versions that are long past."""
    make_news("Cải cách một")
    drain()
    Target.objects.update(name="newsroom-archive-of-old")
    Outgoing.objects.update(version=1, indexed_version=1)
    recover()


def test_killed_while_draining(elastic: Server) -> None:
    """After the bulk and before the rows are settled, or between two bulks: the next run does it again."""
    stories = [make_news(f"Cải cách {n}") for n in range(3)]
    drain()
    Outgoing.objects.filter(pk__in=[story.pk for story in stories[:2]]).update(dirty=True)
    recover()
