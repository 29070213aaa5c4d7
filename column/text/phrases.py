"""Find many known names in a text at once: the gazetteer's matcher.

Names are compared word by word in canonical form: case never matters, spelling variants (Hòa / Hoà) neither,
diacritics do. Where two names overlap the one with more words wins.
"""

from collections.abc import Hashable, Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from column.text.tokens import Token, tokenize

K = TypeVar("K", bound=Hashable)


class Match(NamedTuple, Generic[K]):
    """*key*'s name stands at ``text[start:end]``. A name several keys share gives one match for each."""

    key: K
    start: int
    end: int


class _Node:
    __slots__ = ("keys", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.keys: list[Hashable] = []


class PhraseMatcher(Generic[K]):
    """A trie over words, built once from ``(key, name)`` pairs; :meth:`find` is linear in the text."""

    def __init__(self, phrases: Iterable[tuple[K, str]], *, folded: bool = False) -> None:
        """With *folded*, diacritics do not matter either (for text typed without them)."""
        self._field = 3 if folded else 2
        self._root = _Node()
        for key, name in phrases:
            node = self._root
            for token in tokenize(name):
                node = node.next.setdefault(str(token[self._field]), _Node())
            if node is not self._root and key not in node.keys:
                node.keys.append(key)

    def find(self, text: str) -> list[Match[K]]:
        """Return the matches in *text* in reading order, keys of one place in the order they were given."""
        tokens = tokenize(text)
        candidates = [found for first in range(len(tokens)) for found in self._from(tokens, first, text)]
        # More words first; of equals the earlier one.
        candidates.sort(key=lambda found: (found[0] - found[1], found[0]))
        taken: set[int] = set()
        chosen: list[tuple[int, int, list[Hashable]]] = []
        for first, last, keys in candidates:
            places = range(first, last + 1)
            if taken.isdisjoint(places):
                taken.update(places)
                chosen.append((first, last, keys))
        chosen.sort()
        return [
            Match(key, tokens[first].start, tokens[last].end)  # type: ignore[arg-type]
            for first, last, keys in chosen
            for key in keys
        ]

    def _from(self, tokens: list[Token], first: int, text: str) -> Iterator[tuple[int, int, list[Hashable]]]:
        """Yield every name that begins with token *first*."""
        node = self._root
        for place in range(first, len(tokens)):
            # A name never runs on from one paragraph into the next.
            if place > first and "\n" in text[tokens[place - 1].end : tokens[place].start]:
                return
            following = node.next.get(str(tokens[place][self._field]))
            if following is None:
                return
            node = following
            if node.keys:
                yield first, place, node.keys
