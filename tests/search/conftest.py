from collections.abc import Callable

import pytest

from search.embedded import EmbeddedArchive
from search.port import Order, SearchQuery, SearchResult

Search = Callable[..., SearchResult]


@pytest.fixture
def search(db: None) -> Search:
    """``search("từ", loai={"bai"}, order=…, page=…)``: filters by their address names, - as _."""

    def ask(text: str = "", *, order: Order = Order.RELEVANCE, page: int = 1, size: int = 10, **chosen: object):  # type: ignore[no-untyped-def]
        others = {name: chosen.pop(name) for name in ("branch", "lineage", "since", "until") if name in chosen}
        filters = {name.replace("_", "-"): frozenset(values) for name, values in chosen.items()}
        return EmbeddedArchive().search(SearchQuery(text, filters, order, page, size, **others))

    return ask
