"""The archive's embedded adapter: SQLite's FTS5 or PostgreSQL's full-text search, whichever the database is."""

from __future__ import annotations

from collections.abc import Collection

from search import catalogue, writing
from search.facets import facets
from search.highlight import Highlighter
from search.port import Hit, Order, SearchQuery, SearchResult
from search.query import ParsedQuery, parse
from search.ranking import Ranking
from search.words import archive_words, texts

#: So many hits stand in order of relevance, the others follow by date: nobody compares the thousandth page.
RANKED = 1000


class EmbeddedArchive:
    name = "embedded"

    def write(self, ids: Collection[int]) -> int:
        return writing.write(ids)

    def search(self, query: SearchQuery) -> SearchResult:
        parsed = parse(query.text)
        words = archive_words()
        known = catalogue.current()
        unwanted = 0
        for segment in parsed.excluded:
            exact = segment.accented
            unwanted |= known.stories(words.matching(segment.expression(exact=exact), exact=exact))
        allowed = known.allowed(query) & ~unwanted
        ranking = Ranking(words, parsed, only_exact=query.exact)
        start = (max(query.page, 1) - 1) * query.size
        by_date = not parsed or query.order is not Order.RELEVANCE
        best: list[int] = []
        if parsed and not by_date:
            among = known.members(allowed) if allowed != known.everything else None
            # Beyond the ranked hits all of those are asked for, so that the others can be told.
            if start + query.size <= RANKED:
                best = ranking.best(start, query.size, among)
            else:
                best = ranking.best(0, RANKED, among)
        # Only signs typed is no wish to see everything.
        if parsed:
            found = known.stories(ranking.ids())
        else:
            found = known.everything if parsed.excluded or not query.text.strip() else 0
        nearly = ranking.nearly() if parsed and not found and not query.exact else []
        # What is not wanted is in no count beside a filter either.
        found = (found | known.stories(nearly)) & ~unwanted
        chosen = found & allowed
        total = chosen.bit_count()
        if nearly:
            members = known.members(chosen)
            best = [story_id for story_id in nearly if story_id in members]
        if by_date:
            page = known.by_date(chosen, start, query.size, newest_first=query.order is not Order.OLDEST)
        elif nearly:
            page = best[start : start + query.size]
        elif start + query.size <= RANKED:
            page = best
        else:
            others = chosen & ~known.stories(best)
            page = best[start : start + query.size]
            rest = query.size - len(page)
            page += known.by_date(others, max(start - len(best), 0), rest, newest_first=True)
        return SearchResult(
            total=total,
            hits=hits_of(page, parsed),
            facets=facets(known, found, query),
            relaxed=bool(nearly),
            shortened=parsed.shortened,
            ranked=total if by_date or nearly else min(total, RANKED),
            adapter=self.name,
        )


def hits_of(ids: list[int], parsed: ParsedQuery) -> list[Hit]:
    """The hits in this order, their words marked; an entry that is gone is left out."""
    known = texts(ids)
    highlighter = Highlighter(parsed)
    return [
        Hit(story_id, highlighter.whole(title), highlighter.snippet(text))
        for story_id in ids
        if story_id in known
        for title, text in [known[story_id]]
    ]
