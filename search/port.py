"""The archive's port: what a page asks and gets, whichever adapter answers (embedded; Elasticsearch)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
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


#: The filters, by the names that the one coverage filter (``column.coverage.filter``) gives them in the address;
#: *PHOTOS* is the archive's own: ``1`` with a photo, ``0`` without.
KIND, FAMILY, CRITERION, UNIT = "loai", "nhom", "tieu-chi", "don-vi"
DOCUMENT, PERIOD, BYLINE, PHOTOS = "van-ban", "ky", "but-danh", "co-anh"
FILTERS = (KIND, FAMILY, CRITERION, UNIT, DOCUMENT, PERIOD, BYLINE, PHOTOS)
#: The two bounds (``tu``, ``den``), where they are spoken of as one condition.
DAYS = "ngay"
#: Of these a story can have several values.
OVERLAPPING = frozenset({FAMILY, CRITERION, UNIT, DOCUMENT, BYLINE})


@dataclass(frozen=True)
class SearchQuery:
    """One question. *chosen*: values (kinds, unit codes, criterion slugs, document ids, names of bylines) by filter;
    values of one filter widen it, filters narrow each other. Periods are ``2017``, ``2017-Q1``, ``2017-02``; a year
    beside a part of it stands for that part. *branch* and *lineage* widen the chosen units to those below them and
    to those that became them. *since* and *until* are days, both included. *page* counts from 1. An empty *text*
    asks for everything chosen."""

    text: str = ""
    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    order: Order = Order.RELEVANCE
    page: int = 1
    size: int = 10
    branch: bool = False
    lineage: bool = False
    since: date | None = None
    until: date | None = None
    #: Only stories that have the words with just these marks (“chỉ tìm *đường*”): folded ones do not count.
    exact: bool = False
    #: The reader insists on the words as typed. For ``search.finding``; adapters need not look at it.
    as_typed: bool = False


@dataclass(frozen=True)
class FacetValue:
    """*count*: hits that this value would give beside the other filters as they stand. *within*: the value that it
    is a part of (a month's year): its count is in that one's count, too."""

    value: str
    label: str
    count: int
    chosen: bool = False
    within: str = ""


@dataclass(frozen=True)
class Facet:
    """The values of one filter in their own order, those without hits too: all kinds, families and criteria; the
    units, documents, bylines and years that any story of the archive has; what is chosen. *overlaps*: a story can
    have several values, so that the counts need not add up to the total."""

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
    nearly all. *shortened*: the end of the query was left out. *ranked*: so many hits stand in order of relevance,
    the others follow by date. *adapter*: who answered."""

    total: int
    hits: Sequence[Hit]
    facets: Sequence[Facet]
    relaxed: bool = False
    shortened: bool = False
    ranked: int = 0
    adapter: str = "embedded"


class Archive(Protocol):
    """An adapter. What each must do is said by ``tests/search/conformance/``."""

    name: str

    def search(self, query: SearchQuery) -> SearchResult:
        """Answer; never raises for what a reader typed."""

    def write(self, ids: Collection[int]) -> int:
        """Make the index say of these stories what is so now (gone, changed or new); return how many changed."""
