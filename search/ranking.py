"""In which order the embedded archive gives its hits, and how it finds them with the fewest questions.

Words as typed, marks and all, beat the same words folded, always; within each, words in a row beat scattered ones;
within that, bm25 (PostgreSQL: ts_rank) with the title's words weighing more. Most queries fill their page from the
first two ranks, whose words are rarer, and the folded words are then only counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from heapq import nsmallest
from itertools import groupby, islice, pairwise

from search.expressions import all_of
from search.query import ParsedQuery
from search.words import ArchiveWords, titles, words_of

#: From so many words on neighbours count; of so many hits of a rank the titles are looked at.
NEIGHBOURS_FROM, LOOKED_AT = 3, 100


class Ranking:
    """The hits of one query. Ask for the best ones first: finding them may find them all."""

    def __init__(self, words: ArchiveWords, parsed: ParsedQuery, *, only_exact: bool = False) -> None:
        self._words = words
        self._only_exact = only_exact
        self._parsed = parsed
        self._scored: list[tuple[int, float]] | None = None

    def best(self, start: int, count: int, among: Container[int] | None) -> list[int]:
        """*count* ids from *start* on, of those *among* (None: of all)."""
        need = start + count
        page: dict[int, None] = {}
        for story_id in self._ordered(need, among, page):
            page[story_id] = None
            if len(page) >= need:
                break
        return list(page)[start:need]

    def _ordered(self, need: int, among: Container[int] | None, page: Container[int]) -> Iterator[int]:
        phrase = self._parsed.phrase(exact=True)
        runs = self._parsed.runs_of_three(exact=True)
        everything = self._parsed.matching(exact=True)
        found = 0
        for expression in (phrase, all_of([runs, everything]) if runs else None, everything):
            # Where the whole query stands somewhere in a row, parts of it say no more.
            if expression is not None and not (found and expression not in {phrase, everything}):
                # With filters on, how many of a rank are wanted is not known before they are seen.
                most = max(2 * need, 2 * LOOKED_AT) if among is None else None
                ranked = (
                    story_id
                    for story_id in self._words.ranked(expression, exact=True, most=most)
                    if story_id not in page and (among is None or story_id in among)
                )
                for story_id in ranked if expression is phrase else self._neighbours_first(ranked, exact=True):
                    found += 1
                    yield story_id
        if not self._only_exact:
            yield from self._folded(need, among, page)

    def _folded(self, need: int, among: Container[int] | None, page: Container[int]) -> list[int]:
        phrase = self._parsed.phrase(exact=False)
        in_a_row = set(self._words.matching(phrase, exact=False)) if phrase else set()
        marked = self._parsed.typed_marks
        as_typed = set(self._words.matching(marked, exact=True)) if marked else set()
        self._scored = self._words.scored(self._parsed.matching(), exact=False)
        wanted = (
            (story_id not in as_typed, story_id not in in_a_row, score, -story_id)
            for story_id, score in self._scored
            if story_id not in page and (among is None or story_id in among)
        )
        best = nsmallest(max(need, LOOKED_AT), wanted)
        found: list[int] = []
        # Within a rank only: words in the query's own accents stay before others.
        for _rank, members in groupby(best, key=lambda key: key[:2]):
            found += self._neighbours_first((-key[3] for key in members), exact=False)
        return found[:need]

    def _neighbours_first(self, ids: Iterator[int], *, exact: bool) -> Iterator[int]:
        """The first of *ids* anew: those whose titles have more neighbouring words of the query as neighbours lead.

        Three words of a headline and two of the story are how people remember it; bm25 does not see neighbours.
        """
        tokens = self._parsed.tokens
        if len(tokens) < NEIGHBOURS_FROM:
            yield from ids
            return
        words = [token.exact if exact else token.folded for token in tokens]
        pairs = {f" {left} {right} " for left, right in pairwise(words)}
        head = list(islice(ids, LOOKED_AT))
        there: dict[int, int] = {}
        for story_id, title in titles(head).items():
            analysed = words_of(title)
            text = f" {analysed.exact if exact else analysed.folded} "
            there[story_id] = sum(pair in text for pair in pairs)
        yield from sorted(head, key=lambda story_id: -there.get(story_id, 0))
        yield from ids

    def ids(self) -> list[int]:
        """All hits, in no order."""
        if self._only_exact:
            return self._words.matching(self._parsed.matching(exact=True), exact=True)
        if self._scored is not None:
            found = [story_id for story_id, _score in self._scored]
        else:
            found = self._words.matching(self._parsed.matching(), exact=False)
        if self._parsed.only_exact:
            found += self._words.matching(self._parsed.matching(exact=True), exact=True)
        return found

    def nearly(self) -> list[int]:
        """Stories that lack one segment of the query (of a long one, two), those that lack least first.

        None for a short query, where a missing word changes what is meant; numbers of papers, dates and quoted
        phrases are never missing.
        """
        lacking = self._parsed.may_lack
        if not lacking:
            return []
        have: Counter[int] = Counter()
        kept: set[int] | None = None
        for segment in self._parsed.segments:
            ids = self._words.matching(segment.expression(exact=False), exact=False)
            have.update(ids)
            if segment in self._parsed.indispensable:
                kept = set(ids) if kept is None else kept & set(ids)
        enough = len(self._parsed.segments) - lacking
        ranked = sorted(have.items(), key=lambda item: (-item[1], -item[0]))
        return [story_id for story_id, count in ranked if count >= enough and (kept is None or story_id in kept)]
