"""Elasticsearch refuses or may not write, its index is gone: rows wait, and afterwards it knows everything."""

import threading
import time

import pytest
from django.utils import timezone

from search.elastic.client import writing as cluster
from search.elastic.mapping import alias
from search.outbox import job
from search.outbox.draining import drain
from search.outbox.models import Outgoing, Target
from tests.elasticsearch import Server
from tests.factories import make_news
from tests.search.elastic.harm import Fault, adapter, hung, no_writes, recover, refusing

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


@pytest.mark.alone
@pytest.mark.parametrize("fault", [refusing, no_writes])
def test_the_worker_leaves_it_alone_for_a_while(fault: Fault, elastic: Server) -> None:
    make_news("Cải cách một")
    with fault(elastic):
        job.run(timezone.now())
        assert job.patience.failures == 1
        assert job.patience.waiting
        assert Outgoing.objects.waiting().count() == 1
        assert adapter() == "embedded"
    recover()


@pytest.mark.alone
def test_a_slow_answer_is_taken_and_the_next_is_not_waited_for(elastic: Server, settings: object) -> None:
    make_news("Cải cách một")
    recover()
    assert adapter() == "elasticsearch"
    settings.ELASTICSEARCH_PATIENCE = 4.0  # type: ignore[attr-defined]
    with hung(elastic):
        awake = threading.Timer(2.2, elastic.thaw)
        awake.start()
        assert adapter() == "elasticsearch"
        awake.join()
    begin = time.monotonic()
    assert adapter() == "embedded"
    assert time.monotonic() - begin < 2.0
    recover()


def test_nothing_may_be_written(elastic: Server) -> None:
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
