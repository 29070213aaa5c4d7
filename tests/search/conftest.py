from collections.abc import Callable

import pytest

from search import vocabulary
from search.embedded import EmbeddedArchive
from search.port import Archive, Order, SearchQuery, SearchResult

Search = Callable[..., SearchResult]


@pytest.fixture(autouse=True)
def _no_words_of_other_tests() -> None:
    vocabulary.forget()


@pytest.fixture
def archive(db: None) -> Archive:
    """Who answers; tests/search/conformance asks each adapter in turn."""
    return EmbeddedArchive()


@pytest.fixture
def search(archive: Archive) -> Search:
    """``search("từ", loai={"bai"}, order=…, page=…)``: filters by their address names, - as _."""

    def ask(text: str = "", *, order: Order = Order.RELEVANCE, page: int = 1, size: int = 10, **chosen: object):  # type: ignore[no-untyped-def]
        others = {name: chosen.pop(name) for name in ("branch", "lineage", "since", "until", "exact") if name in chosen}
        filters = {name.replace("_", "-"): frozenset(values) for name, values in chosen.items()}
        return archive.search(SearchQuery(text, filters, order, page, size, **others))

    return ask
