"""The archive's embedded adapter: SQLite's FTS5 or PostgreSQL's full-text search, whichever the database is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

from search import catalogue, writing
from search.catalogue import Catalogue
from search.highlight import Highlighter
from search.models import ArchiveEntry
from search.port import CRITERION, FILTERS, UNIT, Facet, FacetValue, Hit, Order, SearchQuery, SearchResult
from search.query import ParsedQuery, parse
from search.words import ArchiveWords, archive_words

#: Hits are ranked so far and no further; whoever looks deeper narrows the search or sorts by date.
RANKED = 1000


class EmbeddedArchive:
    name = "embedded"

    def write(self, ids: Collection[int]) -> int:
        return writing.write(ids)

    def search(self, query: SearchQuery) -> SearchResult:
        parsed = parse(query.text)
        known = catalogue.current()
        words = archive_words()
        found, nearly = known.everything, []
        if parsed:
            found = known.stories(_matching(words, parsed))
            if not found:
                nearly = _nearly(words, parsed)
                found = known.stories(nearly)
        elif query.text.strip():
            # Only signs were typed; that is no wish to see everything.
            found = 0
        chosen = found & known.allowed(query.chosen)
        total = chosen.bit_count()
        start = (max(query.page, 1) - 1) * query.size
        by_date = not parsed or query.order is not Order.RELEVANCE
        if by_date:
            newest = query.order is not Order.OLDEST
            page = known.by_date(chosen, start, query.size, newest_first=newest)
        elif nearly:
            members = known.members(chosen)
            page = [story_id for story_id in nearly if story_id in members][start : start + query.size]
        else:
            narrowed = any(query.chosen.values())
            page = _best(words, parsed, known, chosen, narrowed, min(start, RANKED), query.size)
        return SearchResult(
            total=total,
            hits=_hits(page, parsed),
            facets=[_facet(known, name, found, query) for name in FILTERS],
            relaxed=bool(nearly),
            shortened=parsed.shortened,
            reachable=total if by_date else min(total, RANKED),
        )


def _matching(words: ArchiveWords, parsed: ParsedQuery) -> list[int]:
    ids = words.matching(parsed.matching(), exact=False)
    if parsed.only_exact:
        ids += words.matching(parsed.matching(exact=True), exact=True)
    return ids


def _ranks(words: ArchiveWords, parsed: ParsedQuery, most: Callable[[], int | None]) -> Iterator[Iterable[int]]:
    """What comes first, second …: exact beats folded, a phrase beats scattered words; the best first in each."""
    for exact in (True, False):
        if phrase := parsed.phrase(exact=exact):
            yield words.ranked(phrase, exact=exact, most=most())
        if not exact and (marked := parsed.typed_marks):
            first = set(words.matching(marked, exact=True))
            rest = list(words.ranked(parsed.matching(), exact=False, most=None))
            yield [story_id for story_id in rest if story_id in first]
            yield rest
        else:
            yield words.ranked(parsed.matching(exact=exact), exact=exact, most=most())


def _best(
    words: ArchiveWords, parsed: ParsedQuery, known: Catalogue, chosen: int, narrowed: bool, start: int, size: int
) -> list[int]:
    """The page from *start* on: rank after rank until the page is full."""
    need = min(start + size, chosen.bit_count())
    members = known.members(chosen) if narrowed and need else None
    page: dict[int, None] = {}
    # With filters on, how many of a rank are wanted is not known before they are seen.
    for rank in _ranks(words, parsed, lambda: None if narrowed else need + len(page)):
        for story_id in rank:
            if len(page) >= need:
                break
            if members is None or story_id in members:
                page[story_id] = None
        if len(page) >= need:
            break
    return list(page)[start : start + size]


def _nearly(words: ArchiveWords, parsed: ParsedQuery) -> list[int]:
    """Stories that lack one segment of the query (of a long one, two), those that lack least first."""
    lacking = parsed.may_lack
    if not lacking:
        return []
    have: Counter[int] = Counter()
    for segment in parsed.segments:
        have.update(words.matching(segment.expression(exact=False), exact=False))
    for segment in parsed.indispensable:
        kept = set(words.matching(segment.expression(exact=False), exact=False))
        have = Counter({story_id: count for story_id, count in have.items() if story_id in kept})
    enough = len(parsed.segments) - lacking
    return [s for s, count in sorted(have.items(), key=lambda item: (-item[1], -item[0])) if count >= enough]


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
