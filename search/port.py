"""The archive's port: what a page asks and gets, whichever adapter answers (embedded; Elasticsearch)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


class Order(Enum):
    """Values are what stands in the address."""

    RELEVANCE = "lien-quan"
    NEWEST = "moi-nhat"
    OLDEST = "cu-nhat"

    @property
    def label(self) -> str:
        return str({"RELEVANCE": _("Liên quan nhất"), "NEWEST": _("Mới nhất"), "OLDEST": _("Cũ nhất")}[self.name])


#: The filters, by the name they have in the address.
KIND, UNIT, CRITERION, YEAR = "loai", "don-vi", "tieu-chi", "nam"
FILTERS = (KIND, CRITERION, UNIT, YEAR)


@dataclass(frozen=True)
class SearchQuery:
    """One question. *chosen*: values (kinds, unit codes, criterion slugs, years) by filter; values of one filter
    widen it, filters narrow each other. *page* counts from 1. An empty *text* asks for everything chosen."""

    text: str = ""
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    order: Order = Order.RELEVANCE
    page: int = 1
    size: int = 10


@dataclass(frozen=True)
class FacetValue:
    """*count*: hits that this value would give beside the other filters as they stand."""

    value: str
    label: str
    count: int
    chosen: bool = False


@dataclass(frozen=True)
class Facet:
    """The values of one filter that are chosen or have hits, in their own order. *overlaps*: a story can have
    several values, so that the counts need not add up to the total."""

    name: str
    values: Sequence[FacetValue]
    overlaps: bool


@dataclass(frozen=True)
class Hit:
    """A story and why it was found; both texts are escaped HTML with ``<mark>``."""

    story_id: int
    title: SafeString
    snippet: SafeString


@dataclass(frozen=True)
class SearchResult:
    """*total* counts every hit, *hits* are those of the page. *relaxed*: no story has all the words, these have
    nearly all. *shortened*: the end of the query was left out. *reachable*: hits that paging can reach."""

    total: int
    hits: Sequence[Hit]
    facets: Sequence[Facet]
    relaxed: bool = False
    shortened: bool = False
    reachable: int = 0


class Archive(Protocol):
    """An adapter. What each must do is said by ``tests/search/test_pairs.py`` and ``test_archive.py``."""

    name: str

    def search(self, query: SearchQuery) -> SearchResult:
        """Answer; never raises for what a reader typed."""

    def write(self, ids: Collection[int]) -> int:
        """Make the index say of these stories what is so now (gone, changed or new); return how many changed."""
