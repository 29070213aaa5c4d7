"""Abbreviations and their expansions: UBND finds “Ủy ban nhân dân”, and the other way round.

Used on the query alone, so the list may change without a new index. Only rows of mode ``graph`` are safe for that;
the others fold to everyday words (TU: tư, từ, tự).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from column.text.tokens import Token, tokenize

SOURCE = Path(__file__).parent / "data" / "synonyms.tsv"
#: Spellings kept of one concept; more would be asked than any text uses.
MOST_FORMS = 24


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write a concept. *exact_only*: without its marks it means something else (GĐ, gđ → gia đình)."""

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    exact_only: bool = False

    def said_by(self, tokens: Sequence[Token]) -> bool:
        """Whether *tokens*, as many as the form has words, say it; words typed without marks may leave them out."""
        for token, exact, folded in zip(tokens, self.exact, self.folded, strict=True):
            typed_plain = token.exact == token.folded and not self.exact_only
            if token.exact != exact and not (typed_plain and token.folded == folded):
                return False
        return True


def _form(text: str, *, exact_only: bool = False) -> Form:
    tokens = tokenize(text)
    return Form(tuple(t.exact for t in tokens), tuple(t.folded for t in tokens), exact_only)


class Synonyms:
    """The list made ready: which other forms stand for a run of words."""

    def __init__(self, rows: Sequence[tuple[str, Sequence[str], bool, bool]]) -> None:
        """*rows* are ``(abbreviation, expansions, one way only, exact only)``."""
        by_expansion: dict[Form, list[Form]] = defaultdict(list)
        direct: dict[Form, list[Form]] = defaultdict(list)
        for short, longs, one_way, exact_only in rows:
            abbreviation = _form(short, exact_only=exact_only)
            expansions = [_form(long) for long in longs]
            for expansion in expansions:
                direct[abbreviation].append(expansion)
                if not one_way:
                    by_expansion[expansion].extend([abbreviation, *expansions])
        self._others: dict[Form, list[Form]] = defaultdict(list)
        for expansion, forms in by_expansion.items():
            self._add(expansion, forms)
        for abbreviation, expansions in direct.items():
            siblings = [form for expansion in expansions for form in by_expansion.get(expansion, ())]
            self._add(abbreviation, [*expansions, *siblings])
        self._triggers: dict[tuple[str, ...], list[Form]] = defaultdict(list)
        for form in self._others:
            self._triggers[form.folded].append(form)
        self._nest()
        self._longest = max((len(folded) for folded in self._triggers), default=0)

    def _add(self, form: Form, others: Sequence[Form]) -> None:
        known = self._others[form]
        known.extend(other for other in dict.fromkeys(others) if other != form and other not in known)

    def _variants(self, form: Form) -> Iterator[Form]:
        """*form* with one concept inside it written another way: “thành phố Đà Nẵng” as “TP Đà Nẵng”."""
        size = len(form.exact)
        for first in range(size):
            for last in range(first + 1, size + 1):
                if last - first == size:
                    continue
                inner = self._triggers.get(form.folded[first:last], ())
                for part in inner:
                    if part.exact != form.exact[first:last]:
                        continue
                    for other in self._others[part]:
                        exact = form.exact[:first] + other.exact + form.exact[last:]
                        folded = form.folded[:first] + other.folded + form.folded[last:]
                        yield Form(exact, folded, form.exact_only or other.exact_only)

    def _nest(self) -> None:
        nested = {
            form: list(dict.fromkeys(variant for other in [form, *others] for variant in self._variants(other)))
            for form, others in self._others.items()
        }
        for form, variants in nested.items():
            self._add(form, variants)
            del self._others[form][MOST_FORMS:]
        for form, variants in nested.items():
            for variant in variants[:MOST_FORMS]:
                if variant not in self._others:
                    self._triggers[variant.folded].append(variant)
                self._add(variant, [form, *self._others[form]])
                del self._others[variant][MOST_FORMS:]

    def at(self, tokens: Sequence[Token], first: int, longest: int | None = None) -> tuple[int, list[Form]]:
        """Return how many of the words from *first* on are the longest known form, and what else says the same.

        ``(0, [])`` where none begins. *longest* bounds the number of words.
        """
        most = min(self._longest, len(tokens) - first, longest if longest is not None else len(tokens))
        for size in range(most, 0, -1):
            run = tokens[first : first + size]
            found: list[Form] = []
            for form in self._triggers.get(tuple(token.folded for token in run), ()):
                if form.said_by(run):
                    found.extend(self._others[form])
            if found:
                return size, list(dict.fromkeys(found))
        return 0, []


Row = tuple[str, Sequence[str], bool, bool]


@lru_cache(maxsize=1)
def base() -> list[Row]:
    """Read the list that comes with the system, once a process."""
    with SOURCE.open(encoding="utf-8", newline="") as file:
        return [
            (
                row["abbr"],
                [part.strip() for part in row["expansion"].split(";") if part.strip() != row["abbr"]],
                "one-way" in (row["note"] or ""),
                "exact field only" in (row["note"] or ""),
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["mode"] == "graph"
        ]


@lru_cache(maxsize=2)
def _made(more: tuple[tuple[str, tuple[str, ...], bool, bool], ...]) -> Synonyms:
    return Synonyms([*base(), *more])


_more: tuple[tuple[str, tuple[str, ...], bool, bool], ...] = ()


def use(rows: Sequence[Row]) -> None:
    """Search by the editors' *rows*, too, from now on: whoever reads the archive's state sets them."""
    global _more  # noqa: PLW0603 - one list for the process, replaced whole
    _more = tuple((short, tuple(longs), one_way, exact_only) for short, longs, one_way, exact_only in rows)


def load() -> Synonyms:
    """The list that comes with the system with the editors' own."""
    return _made(_more)
