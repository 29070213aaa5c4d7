"""Every test in this folder is put to each adapter."""

import pytest

from search.embedded import EmbeddedArchive
from search.port import Archive, SearchQuery, SearchResult
from tests.elastic import elastic, elastic_server

__all__ = ["elastic", "elastic_server"]


class Told:
    """Elasticsearch, told of every change before it is asked: in life the worker does that."""

    name = "elasticsearch"

    def search(self, query: SearchQuery) -> SearchResult:
        from search.elastic.adapter import ElasticArchive
        from search.outbox.draining import drain

        drain()
        result = ElasticArchive().search(query)
        assert result.adapter == "elasticsearch"
        return result


@pytest.fixture(params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)])
def archive(request: pytest.FixtureRequest, db: None) -> Archive:
    if request.param == "embedded":
        return EmbeddedArchive()
    request.getfixturevalue("elastic")
    return Told()  # type: ignore[return-value]
