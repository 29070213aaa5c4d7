"""Snippets: the piece of a text that answers the query, its words marked, on the original accents.

The same for every database and adapter, because it works on the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from django.utils.safestring import SafeString, mark_safe

from column.text.tokens import Token, occurrences
from search.query import ParsedQuery, Segment

SNIPPET = 240
#: Only the beginning of an endless text is looked through.
LOOKED_THROUGH = 30_000
#: Between two neighbours stands none.
_WORD = re.compile(r"\w")


class Highlighter:
    """Made once for a query, used for each of its hits."""

    def __init__(self, query: ParsedQuery) -> None:
        self._words: dict[str, set[str]] = {}
        self._runs: list[tuple[str, ...]] = []
        for segment in query.segments:
            self._learn(segment)
        self._wanted = frozenset(self._words) | {run[0] for run in self._runs} | {w for r in self._runs for w in r}

    def _learn(self, segment: Segment) -> None:
        if segment.quoted and len(segment.tokens) > 1:
            self._runs.append(tuple(token.folded for token in segment.tokens))
        else:
            for token in segment.tokens:
                self._words.setdefault(token.folded, set()).add(token.exact)
        for form in segment.forms:
            self._runs.append(form.folded)
        for part in segment.inner:
            self._learn(part)

    def _seen(self, text: str, length: int) -> list[Token]:
        """The query's words in *text*; not beyond the first piece of *length* that has them all as typed, if given."""
        seen: list[Token] = []
        last: dict[str, int] = {}
        end = LOOKED_THROUGH
        for token in occurrences(text[:LOOKED_THROUGH], self._wanted):
            if token.start > end:
                break
            seen.append(token)
            if length and end == LOOKED_THROUGH and token.exact in self._words.get(token.folded, ()):
                last[token.folded] = token.start
                if len(last) == len(self._words) and token.end - min(last.values()) <= length // 2:
                    end = min(last.values()) + length
        return seen

    def _found(self, text: str, length: int = 0) -> list[Token]:
        """The tokens to mark: words in their own accents where the text has them so, and whole runs."""
        seen = self._seen(text, length)
        spelled = {token.exact for token in seen}
        marked: dict[int, Token] = {}
        for token in seen:
            for folded in (token.folded, *token.parts):
                typed = self._words.get(folded)
                if typed is None:
                    continue
                accented = typed - {folded}
                # Thuế was typed and stands in the text: then thuê is another word.
                if not accented & spelled or token.exact in typed or token.folded != folded:
                    marked[token.start] = token
        for run in self._runs:
            for first in range(len(seen) - len(run) + 1):
                row = seen[first : first + len(run)]
                if all(token.folded == word for token, word in zip(row, run, strict=True)) and not any(
                    _WORD.search(text, left.end, right.start) for left, right in pairwise(row)
                ):
                    marked.update((token.start, token) for token in row)
        return [marked[start] for start in sorted(marked)]

    def whole(self, text: str) -> SafeString:
        """Return all of *text* as HTML with the query's words in ``<mark>`` (for titles)."""
        return mark_safe(_marked(text, self._found(text), 0, len(text)))

    def snippet(self, text: str, length: int = SNIPPET) -> SafeString:
        """Return the best piece of *text*, about *length* characters, as HTML; its beginning if no word is there."""
        found = self._found(text, length)
        if not found:
            start, end = 0, _word_end(text, length)
        else:
            start, end = _window(text, found, length)
        piece = _marked(text, [t for t in found if start <= t.start and t.end <= end], start, end)
        before = "… " if start > 0 else ""
        after = " …" if end < len(text.rstrip()) else ""
        return mark_safe(f"{before}{piece}{after}")


def _window(text: str, found: Sequence[Token], length: int) -> tuple[int, int]:
    """The stretch of about *length* characters with most different words, then most words, the earliest of equals."""
    best, best_score = 0, (0, 0)
    last = 0
    for first, token in enumerate(found):
        last = max(last, first)
        while last + 1 < len(found) and found[last + 1].end - token.start <= length * 3 // 4:
            last += 1
        inside = found[first : last + 1]
        score = (len({t.folded for t in inside}), len(inside))
        if score > best_score:
            best, best_score = first, score
    start = _word_start(text, max(0, found[best].start - length // 4))
    return start, _word_end(text, start + length)


def _word_start(text: str, place: int) -> int:
    """The start of the word or the line at *place*: a piece never begins inside a word."""
    if place == 0:
        return 0
    line = text.rfind("\n", max(0, place - 20), place + 1)
    blank = text.find(" ", place - 1, place + 40)
    return line + 1 if line >= 0 else (blank + 1 if blank >= 0 else place)


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    blank = max(text.rfind(" ", 0, place + 1), text.rfind("\n", 0, place + 1))
    return blank if blank > place - 60 else place


def _marked(text: str, tokens: Sequence[Token], start: int, end: int) -> str:
    """*text* from *start* to *end* as HTML; neighbouring words share one mark."""
    spans: list[tuple[int, int]] = []
    for token in tokens:
        if spans and text[spans[-1][1] : token.start].isspace() and "\n" not in text[spans[-1][1] : token.start]:
            spans[-1] = (spans[-1][0], token.end)
        else:
            spans.append((token.start, token.end))
    pieces: list[str] = []
    edges = [start, *(edge for span in spans for edge in span), end]
    for number, (left, right) in enumerate(pairwise(edges)):
        piece = escape(" ".join(text[left:right].split("\n")))
        pieces.append(f"<mark>{piece}</mark>" if number % 2 else piece)
    return "".join(pieces)
