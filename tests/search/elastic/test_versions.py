"""A write that comes late brings nothing back, however late it comes."""

from __future__ import annotations

import time

import pytest
from elasticsearch import ApiError, ConflictError

from search.elastic import mapping, rebuilding
from search.elastic.client import writing as cluster
from search.elastic.documents import documents
from search.outbox.draining import Row, drain, send
from search.outbox.models import Outgoing, Target
from tests.elasticsearch import Server
from tests.factories import make_news
from tests.search.elastic.harm import drift

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch]


def held(name: str, key: str) -> bool:
    cluster().indices.refresh(index=name)
    return bool(cluster().exists(index=name, id=key))


def late_write_is_refused(name: str, gc_deletes: str, seconds: float) -> bool:
    """Written, deleted, and *seconds* later written by somebody who has slept since before the deletion."""
    body = mapping.made_of(name, f"{name}-w")
    body["settings"]["gc_deletes"] = gc_deletes
    cluster().indices.create(index=name, body=body)
    try:
        document = {"id": 7, "hash": "x", "values": []}
        versions = {"index": name, "id": "7", "version_type": "external_gte"}
        cluster().index(document=document, version=10, refresh=True, **versions)  # type: ignore[arg-type]
        cluster().delete(version=20, refresh=True, **versions)  # type: ignore[arg-type]
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            # Elasticsearch forgets deletions when it has something to do.
            cluster().index(index=name, document={"id": 8, "hash": "y", "values": []}, id="8", refresh=True)
            time.sleep(min(1.0, seconds / 4))
        try:
            cluster().index(document=document, version=15, refresh=True, **versions)  # type: ignore[arg-type]
        except ConflictError:
            return True
        return False
    finally:
        cluster().indices.delete(index=name)


def test_a_deletion_is_remembered_for_an_hour(elastic: Server) -> None:
    name = rebuilding.searched()
    settings = cluster().indices.get_settings(index=name, name="index.gc_deletes").body
    assert settings[name]["settings"]["index"]["gc_deletes"] == "1h"
    scratch = f"{name}-late"
    assert late_write_is_refused(scratch, "1h", 3.0)
    # It is this setting that does it: with a short memory the document is back.
    assert not late_write_is_refused(scratch, "500ms", 3.0)


def test_a_bulk_that_was_on_its_way(elastic: Server) -> None:
    """Our own way of writing; ``make audit`` waits for more than a minute in between."""
    story = make_news("Cải cách một")
    drain()
    row = Row(story.pk, Outgoing.objects.get(pk=story.pk).version, 0)
    on_its_way = documents([story.pk])
    story.delete()
    drain()
    aliases = [target.write_alias for target in Target.objects.all()]
    assert send([row], on_its_way, aliases) == {}
    assert not held(rebuilding.searched(), str(row.page_id))
    assert drift().clean


def test_a_late_write_makes_no_index(elastic: Server) -> None:
    story = make_news("Cải cách một")
    drain()
    with pytest.raises(ApiError, match="index_not_found"):
        cluster().index(index="nowhere", id="1", document={"id": story.pk}, require_alias=True)
