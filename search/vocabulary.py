"""The words and neighbouring words of our own titles: what a mistyped word may have been, how a folded one is read.

Kept by each process and added to: titles of new stories are read when the vocabulary is next needed. It only proposes;
whoever uses it asks the archive whether anything is found, so that a word whose story is gone shows nothing.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, product

from django.db import connection

from column.text.normalize import fold_canonical
from column.text.tokens import Token, analyse
from search.models import ArchiveEntry

#: The newest titles that are read at first: some seconds' work.
MOST_TITLES = 60_000
LETTERS = "abcdeghiklmnopqrstuvxy"
#: Words of a query that are looked at one by one, and proposals for them altogether.
MOST_WORDS, MOST_PROPOSALS = 12, 8
#: Ways to read a query without marks that are counted.
MOST_READINGS = 6


class Vocabulary:
    def __init__(self) -> None:
        self.words: Counter[str] = Counter()
        self.pairs: Counter[str] = Counter()
        self._forms: dict[str, Counter[str]] = defaultdict(Counter)
        self._pair_forms: dict[str, Counter[str]] = defaultdict(Counter)
        self.last = 0

    def learn(self, titles: Iterable[str]) -> None:
        for title in titles:
            exact, folded = (form.split() for form in analyse(title))
            self.words.update(folded)
            for word, plain in zip(exact, folded, strict=True):
                self._forms[plain][word] += 1
            self.pairs.update(map(" ".join, pairwise(folded)))
            for words, plain_pair in zip(pairwise(exact), pairwise(folded), strict=True):
                self._pair_forms[" ".join(plain_pair)][" ".join(words)] += 1

    def corrections(self, words: Sequence[str]) -> list[tuple[str, ...]]:
        """Folded *words* with one of them a letter off, the likeliest first: those whose neighbours know the word."""
        found: list[tuple[tuple[int, int, int], tuple[str, ...]]] = []
        for place, word in enumerate(words[:MOST_WORDS]):
            before = words[place - 1] if place else ""
            after = words[place + 1] if place + 1 < len(words) else ""
            for other in {one for one in one_letter_off(word) if one in self.words}:
                left, right = self.pairs[f"{before} {other}"], self.pairs[f"{other} {after}"]
                sides = bool(left) + bool(right)
                if sides or len(words) == 1:
                    # A word that nobody ever wrote is the likelier slip.
                    rank = (sides + (word not in self.words), min(left or right, right or left), self.words[other])
                    found.append((rank, (*words[:place], other, *words[place + 1 :])))
            if after:
                found += self._joined(words, place)
        found.sort(key=lambda item: item[0], reverse=True)
        return list(dict.fromkeys(run for _rank, run in found))[:MOST_PROPOSALS]

    def _joined(self, words: Sequence[str], place: int) -> Iterator[tuple[tuple[int, int, int], tuple[str, ...]]]:
        """Two words whose blank was typed a letter early or late: “thàn hphố”."""
        both = words[place] + words[place + 1]
        for cut in (len(words[place]) - 1, len(words[place]) + 1):
            left, right = both[:cut], both[cut:]
            if left and right and (count := self.pairs[f"{left} {right}"]):
                yield (2, count, 0), (*words[:place], left, right, *words[place + 2 :])

    def spelled(self, words: Sequence[str]) -> str:
        """Folded *words* as titles most often write them, marks and all."""
        spelled: list[str] = []
        for place, word in enumerate(words):
            pair = self._pair_forms.get(f"{word} {words[place + 1]}") if place + 1 < len(words) else None
            back = self._pair_forms.get(f"{words[place - 1]} {word}") if place else None
            if back:
                spelled.append(_likeliest(back).split()[1])
            elif pair:
                spelled.append(_likeliest(pair).split()[0])
            else:
                spelled.append(_likeliest(self._forms[word]) if word in self._forms else word)
        return " ".join(spelled)

    def readings(self, tokens: Sequence[Token]) -> list[tuple[str, ...]]:
        """How a run of one to three words typed without marks is written in titles, the most frequent first."""
        words = [token.folded for token in tokens]
        if len(words) == 1:
            return [(one,) for one, _count in self._forms.get(words[0], Counter()).most_common(MOST_READINGS)]
        choices = [self._pair_forms.get(" ".join(pair), Counter()) for pair in pairwise(words)]
        found: Counter[tuple[str, ...]] = Counter()
        for run in product(*(choice.most_common(MOST_READINGS) for choice in choices)):
            pairs = [pair.split() for pair, _count in run]
            if all(left[1] == right[0] for left, right in pairwise(pairs)):
                found[(*(pair[0] for pair in pairs), pairs[-1][1])] = min(count for _pair, count in run)
        return [reading for reading, _count in found.most_common(MOST_READINGS)]


def _likeliest(forms: Counter[str]) -> str:
    return forms.most_common(1)[0][0]


def one_letter_off(word: str) -> set[str]:
    """All words with one letter more, less or another, or two neighbours exchanged."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    found = {left + right[1:] for left, right in cuts if right}
    found |= {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    for letter in LETTERS:
        found |= {left + letter + right for left, right in cuts}
        found |= {left + letter + right[1:] for left, right in cuts if right}
    # Words are compared as they are indexed: quy as qui.
    found |= {fold_canonical(one) for one in found if "y" in one}
    return found - {word, ""}


_lock = threading.Lock()
_kept: dict[str, Vocabulary] = {}


def current() -> Vocabulary:
    """The vocabulary of this database's titles, the newest included. One query when there is nothing new."""
    database = str(connection.settings_dict["NAME"])
    with _lock:
        kept = _kept.setdefault(database, Vocabulary())
        rows = ArchiveEntry.objects.filter(pk__gt=kept.last).order_by("-pk").values_list("pk", "title")[:MOST_TITLES]
        found = list(rows)
        if found:
            kept.learn(title for _pk, title in found)
            kept.last = found[0][0]
    return kept


def forget() -> None:
    """Begin anew: for tests, whose databases are rolled back."""
    with _lock:
        _kept.clear()
