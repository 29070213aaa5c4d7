"""The archive's embedded adapter: SQLite's FTS5 or PostgreSQL's full-text search, whichever the database is."""

from __future__ import annotations

from collections.abc import Collection

from search import catalogue, writing
from search.catalogue import Catalogue
from search.highlight import Highlighter
from search.models import ArchiveEntry
from search.port import CRITERION, FILTERS, UNIT, Facet, FacetValue, Hit, Order, SearchQuery, SearchResult
from search.query import ParsedQuery, parse
from search.ranking import Ranking
from search.words import archive_words

#: Hits are ranked so far and no further; whoever looks deeper narrows the search or sorts by date.
RANKED = 1000


class EmbeddedArchive:
    name = "embedded"

    def write(self, ids: Collection[int]) -> int:
        return writing.write(ids)

    def search(self, query: SearchQuery) -> SearchResult:
        parsed = parse(query.text)
        known = catalogue.current()
        allowed = known.allowed(query.chosen)
        ranking = Ranking(archive_words(), parsed)
        start = (max(query.page, 1) - 1) * query.size
        by_date = not parsed or query.order is not Order.RELEVANCE
        page: list[int] = []
        if parsed and not by_date:
            among = known.members(allowed) if any(query.chosen.values()) else None
            page = ranking.best(min(start, RANKED), query.size, among)
        # Only signs typed is no wish to see everything.
        found = known.stories(ranking.ids()) if parsed else 0 if query.text.strip() else known.everything
        nearly = ranking.nearly() if parsed and not found else []
        found |= known.stories(nearly)
        chosen = found & allowed
        total = chosen.bit_count()
        if by_date:
            page = known.by_date(chosen, start, query.size, newest_first=query.order is not Order.OLDEST)
        elif nearly:
            members = known.members(chosen)
            page = [story_id for story_id in nearly if story_id in members][start : start + query.size]
        return SearchResult(
            total=total,
            hits=_hits(page, parsed),
            facets=[_facet(known, name, found, query) for name in FILTERS],
            relaxed=bool(nearly),
            shortened=parsed.shortened,
            reachable=total if by_date else min(total, RANKED),
        )


def _hits(ids: list[int], parsed: ParsedQuery) -> list[Hit]:
    entries = ArchiveEntry.objects.in_bulk(ids)
    highlighter = Highlighter(parsed)
    return [
        Hit(story_id, highlighter.whole(entry.title), highlighter.snippet(entry.text))
        for story_id in ids
        if (entry := entries.get(story_id))
    ]


def _facet(known: Catalogue, name: str, found: int, query: SearchQuery) -> Facet:
    """The filter's values with what each would give: the other filters apply, the filter's own choice does not."""
    others = found & known.allowed(query.chosen, but=name)
    picked = query.chosen.get(name, frozenset())
    values = [
        FacetValue(value, one.label, (others & one.stories).bit_count(), value in picked)
        for value, one in known.filters[name].items()
    ]
    values += [FacetValue(value, value, 0, chosen=True) for value in sorted(picked - known.filters[name].keys())]
    return Facet(name, [value for value in values if value.count or value.chosen], name in (UNIT, CRITERION))
