"""Whatever Elasticsearch does, an editor publishes as fast as ever, readers are answered, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from column.stories.models import Article
from search.models import ArchiveEntry
from search.outbox import draining
from search.outbox.draining import drain
from search.outbox.models import Outgoing
from tests.elasticsearch import Server
from tests.factories import make_article, make_user
from tests.search.elastic.harm import (
    Fault,
    adapter,
    hung,
    no_searches,
    no_writes,
    read_only,
    recover,
    refusing,
    took,
    unassigned,
    worker,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.elasticsearch, pytest.mark.alone]

#: Seconds that a publish may take longer beside a faulty Elasticsearch than beside a healthy one.
MORE = 1.0


def publish(story: Article) -> None:
    story = Article.objects.get(pk=story.pk)
    story.title += " nữa"
    story.save_revision().publish()


def slowest(story: Article) -> float:
    return max(took(lambda: publish(story)) for _time in range(3))


@pytest.mark.parametrize("fault", [refusing, hung, no_searches, no_writes, read_only, unassigned])
def test_nobody_waits_for_it(
    fault: Fault, elastic: Server, client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "SHARDS_MAY_TAKE", "1s")
    story = make_article("Cải cách một")
    drain()
    publish(story)  # once, so that everything is loaded
    with worker():
        usual = slowest(story)
    drain()
    client.force_login(make_user(is_superuser=True))
    settings.ELASTICSEARCH_PATIENCE = 1.5
    assert adapter() == "elasticsearch"
    with worker(), fault(elastic):
        assert slowest(story) < usual + MORE
        new = make_article("Cải cách hai")
        assert ArchiveEntry.objects.filter(pk=new.pk).exists()
        answer = client.get("/api/v1/search/", {"q": "cai cach"}).json()
        told = answer["adapter"], {hit["title"] for hit in answer["hits"]}
        title = Article.objects.get(pk=story.pk).title
        assert {title, "Cải cách hai"} == told[1]
        found = client.get("/admin/pages/search/", {"q": "cai cach"})
        assert found.status_code == 200
        assert escape(title) in found.content.decode()
        if fault is not no_searches:
            # It could not be told: the embedded index answers, and says so.
            assert told[0] == "embedded"
            assert Outgoing.objects.waiting().exists()
    settings.ELASTICSEARCH_PATIENCE = 20
    recover()


@pytest.mark.parametrize("fault", [refusing, hung, no_searches, unassigned])
def test_readers_are_answered_at_once(fault: Fault, elastic: Server, client: Client, settings: Any) -> None:
    """One waits for as long as a question may take; then nobody asks for a while."""
    make_article("Cải cách một")
    drain()

    def search() -> None:
        assert client.get("/tim-kiem/?q=cai+cach").status_code == 200

    search()
    usual = max(took(search) for _time in range(3))
    settings.ELASTICSEARCH_PATIENCE = 1.5
    with fault(elastic):
        assert adapter() == "embedded"
        assert max(took(search) for _time in range(3)) < usual + MORE
    settings.ELASTICSEARCH_PATIENCE = 20
    recover()
