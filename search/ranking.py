"""In which order the embedded archive gives its hits, and how it finds them with the fewest questions.

Words as typed, marks and all, beat the same words folded, always; within each, words in a row beat scattered ones;
within that, bm25 (PostgreSQL: ts_rank) with the title's words weighing more. Most queries fill their page from the
first two ranks, whose words are rarer, and the folded words are then only counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterator
from heapq import nsmallest

from search.query import ParsedQuery
from search.words import ArchiveWords


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
        for expression in (self._parsed.phrase(exact=True), self._parsed.matching(exact=True)):
            if expression is not None:
                # With filters on, how many of a rank are wanted is not known before they are seen.
                most = 2 * need if among is None else None
                for story_id in self._words.ranked(expression, exact=True, most=most):
                    if story_id not in page and (among is None or story_id in among):
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
        return [-key[3] for key in nsmallest(need, wanted)]

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
