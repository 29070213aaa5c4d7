"""Fixtures of the tests that need a real Elasticsearch; conftest.py files import them."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from search import answering
from search.elastic import mapping, rebuilding
from search.elastic.client import writing
from search.outbox import job
from search.outbox.models import Target
from tests.elasticsearch import Server, shared, turn
from tests.elasticsearch_parts import Missing


def run_folder(config: pytest.Config) -> tuple[int, Path]:
    """The process that a run ends with, and a folder that all its processes share."""
    workerinput = getattr(config, "workerinput", None)
    owner = os.getppid() if workerinput else os.getpid()
    return owner, Path(tempfile.gettempdir()) / f"newsroom-elasticsearch-run-{owner}"


@pytest.fixture(scope="session")
def elastic_server(request: pytest.FixtureRequest) -> Server:
    """The one server of this run."""
    try:
        return shared(*run_folder(request.config))
    except Missing as reason:
        if os.environ.get("CI"):
            pytest.fail(f"no Elasticsearch: {reason}")
        pytest.skip(f"no Elasticsearch: {reason}")


def start_afresh() -> None:
    """Nothing is remembered of a server that did not answer."""
    answering.breaker = answering.Breaker()
    job.patience = job.Patience()


@pytest.fixture
def elastic(
    elastic_server: Server, request: pytest.FixtureRequest, worker_name: str, settings: Any, db: None
) -> Iterator[Server]:
    """In use by the code under test, with an empty index of this process's own.

    Tests marked ``alone`` have the server to themselves: they bend it.
    """
    alone = request.node.get_closest_marker("alone") is not None
    if alone and not elastic_server.ours:
        pytest.skip("ELASTICSEARCH_URL names a server that is not ours to bend")
    ours = turn(run_folder(request.config)[1], alone=alone) if elastic_server.ours else nullcontext()
    with ours:
        settings.ELASTICSEARCH_URL = elastic_server.url
        settings.ELASTICSEARCH_INDEX = f"test-{worker_name.replace('_', '-')}"
        # Other tests keep the machine busy.
        settings.ELASTICSEARCH_PATIENCE = 20
        start_afresh()
        empty_index()
        try:
            yield elastic_server
        finally:
            settings.ELASTICSEARCH_URL = elastic_server.url
            start_afresh()


def empty_index() -> None:
    """One whole index with nothing in it, the target of every write, and searched."""
    names = rebuilding.existing()
    searched = rebuilding.searched()
    if names == {searched}:
        writing().delete_by_query(index=searched, query={"match_all": {}}, refresh=True, conflicts="proceed")
    else:
        for name in names:
            writing().indices.delete(index=name)
        searched = f"{mapping.alias()}-{timezone.now():%H%M%S-%f}"
        writing().indices.create(index=searched, body=mapping.made_of(searched, f"{searched}-w"))
        writing().indices.update_aliases(actions=[{"add": {"index": searched, "alias": mapping.alias()}}])
    Target.objects.all().delete()
    Target.objects.create(name=searched, whole_at=timezone.now())
