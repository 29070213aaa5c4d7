"""What cannot be done to a server that others use: its write queue is one place long, and it is killed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from search.elastic import rebuilding
from search.elastic.client import writing as cluster
from search.outbox.bumping import bump
from search.outbox.draining import drain
from search.outbox.models import Outgoing
from tests.elastic import empty_index, start_afresh
from tests.elasticsearch import Node, wait
from tests.elasticsearch_parts import Missing
from tests.factories import make_news
from tests.search.elastic.harm import adapter, drift, recover, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.elasticsearch, pytest.mark.slow]


@pytest.fixture(scope="module")
def node() -> Iterator[Node]:
    try:
        ours = Node({"thread_pool.write.queue_size": "1", "node.processors": "1"})
    except Missing as reason:
        pytest.skip(f"no Elasticsearch of our own: {reason}")
    try:
        wait(ours.start().url)
        yield ours
    finally:
        ours.end()


@pytest.fixture
def own(node: Node, settings: Any) -> Node:
    """In use by the code under test; a document goes to one of many shards."""
    settings.ELASTICSEARCH_URL = node.url
    settings.ELASTICSEARCH_INDEX = "test-own"
    settings.ELASTICSEARCH_SHARDS = 12
    settings.ELASTICSEARCH_PATIENCE = 20
    start_afresh()
    # Emptied by a query, it would be its own write queue's victim.
    for name in rebuilding.existing():
        cluster().indices.delete(index=name)
    empty_index()
    return node


def test_too_many_requests_for_some_items_of_a_bulk(own: Node, caplog: pytest.LogCaptureFixture) -> None:
    stories = [make_news(f"Cải cách {n}") for n in range(60)]
    drained = drain()
    # 200, and some of its items 429.
    assert drained.written + drained.left == len(stories)
    assert drained.written
    assert drained.left
    assert "429 es_rejected_execution_exception" in caplog.text
    waiting = Outgoing.objects.waiting()
    assert waiting.count() == drained.left
    assert set(waiting.values_list("attempts", flat=True)) == {1}
    assert drained.quarantined == 0
    assert adapter() == "embedded"
    recover()


def test_killed_during_a_bulk_and_back_again(own: Node, settings: Any) -> None:
    stories = [make_news(f"Cải cách {n}") for n in range(40)]
    recover()
    searched = rebuilding.searched()
    settings.ELASTICSEARCH_PATIENCE = 1.5
    with worker():
        for number in range(12):
            bump(story.pk for story in stories)
            if number == 6:
                own.kill()
        gone = stories.pop()
        gone.delete()
        new = make_news("Cải cách sau đó")
        assert adapter() == "embedded"
        own.start()
        wait(own.url)
        settings.ELASTICSEARCH_PATIENCE = 20
        # Nobody does anything: the worker's pauses run out.
        until = time.monotonic() + 90
        while Outgoing.objects.waiting().exists() and time.monotonic() < until:
            time.sleep(0.2)
    assert not Outgoing.objects.waiting().exists()
    assert adapter() == "elasticsearch"
    assert drift().clean
    assert drift().documents == len(stories) + 1
    assert rebuilding.searched() == searched
    assert cluster().exists(index=searched, id=str(new.pk))
    assert not cluster().exists(index=searched, id=str(gone.pk))
