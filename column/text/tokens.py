"""Words with their places in the original text.

One scanner serves the index, the query and the highlighter, so all three agree on what a word is. Dates and
document numbers become one keyword each: 29-CT/TU is then neither 129-CT/TU nor 29-CT/TW.
"""

import re
from collections.abc import Iterator, Set
from datetime import date
from functools import lru_cache
from itertools import chain
from threading import Lock
from typing import NamedTuple

from column.text.normalize import INVISIBLE, TONES, canonical, fold, nfc


class Token(NamedTuple):
    """A word of the original text: ``text[start:end]``.

    *exact* is canonical lower case, *folded* is without marks; both are made of letters and digits alone.
    *parts* are the folded words inside a keyword (29, ct, tu): they find it, the keyword decides equality.
    """

    start: int
    end: int
    exact: str
    folded: str
    parts: tuple[str, ...] = ()


_DASH = "\\-\u2010\u2011\u2012\u2013\u2014\u2212"
_LETTER = r"[^\W\d_]"
_CAPITALS = "A-Z\u0110" + "".join(
    capital
    for base in "A\u0102\u00c2E\u00caIO\u00d4\u01a0U\u01afY"
    for tone in ("", *TONES)
    if not (capital := nfc(base + tone)).isascii()
)
#: Marks and invisible characters belong to the word they stand in, so decomposed text has the same words.
_WORD = rf"{_LETTER}+(?:[\u0300-\u036f{re.escape(INVISIBLE)}]+{_LETTER}*)*"
#: Kinds of Party and State papers as abbreviated in their numbers.
_KINDS = "CTHĐ|CTr|CT|NQLT|NQ|QĐi|QĐ|QD|KL|TB|BC|KH|HD|CV|TTLT|TTr|TTg|TT|NĐ|ND|ĐA|DA|QC|PL|CĐ|CD"
_NUMBER = r"(?<![\w])(?<!\d[./])\d{1,5}"
_PARTY_NUMBER = (
    rf"{_NUMBER}(?:/\d{{4}})?\s?[{_DASH}/]?\s?(?:{_KINDS})\s?[/{_DASH}]\s?[a-zđ]{{2,10}}\d{{0,3}}"
    rf"(?:[{_DASH}][a-zđ]{{2,10}})*(?!\w)"
)
#: 15/2020/NĐ-CP, 202/2025/QH15, 1234/QĐ-UBND: a year or a dash must be there, or 500/kg would be a paper.
_STATE_NUMBER = (
    rf"{_NUMBER}(?:/\d{{4}}/[a-zđ]{{2,8}}\d{{0,3}}(?:[{_DASH}][a-zđ]{{1,10}}\d{{0,3}})*"
    rf"|/[a-zđ]{{2,8}}(?:[{_DASH}][a-zđ]{{1,10}}\d{{0,3}})+)(?!\w)"
)
_DAY_FIRST = r"(?<![\w])(?<!\d[./])(?P<d1>\d{1,2})\s?(?P<s1>[-./])\s?(?P<m1>\d{1,2})\s?(?P=s1)\s?(?P<y1>\d{4})(?!\w)"
_YEAR_FIRST = r"(?<![\w])(?P<y2>\d{4})(?P<s2>[-./])(?P<m2>\d{1,2})(?P=s2)(?P<d2>\d{1,2})(?!\d)"
#: Typed composed, decomposed or without marks; “ngày” before it belongs to it.
_IN_WORDS = (
    r"(?<!\w)(?P<d0>\d{1,2})\s+th(?:a\u0301?|\u00e1)ng\s+(?P<m0>\d{1,2})"
    r"(?:\s+n(?:a\u0306?|\u0103)m\s+|,\s*)(?P<y0>\d{4})(?!\w)"
)
_DAY_WORD = re.compile(r"(?<!\w)ng(?:a\u0300?|\u00e0)y\s+$", re.IGNORECASE)
_SPECIAL = re.compile(
    rf"(?P<paper>(?=\d)(?:{_PARTY_NUMBER}|{_STATE_NUMBER}))"
    rf"|(?P<words>{_IN_WORDS})|(?P<day>{_DAY_FIRST})|(?P<iso>{_YEAR_FIRST})"
    r"|(?P<centre>(?<!\w)t\.\s?(?:\u01b0|u\u031b|w)(?!\w))"
    rf"|(?P<linker>(?<![\w.])(?-i:[PQHX])\.(?=\s?(?-i:[{_CAPITALS}0-9])))",
    re.IGNORECASE,
)
#: Where a keyword can begin, or, at a point, the letter before it. Looked for first, as one character class:
#: trying every keyword at every word is six times slower.
_TRIGGER = re.compile(r"[0-9.][0-9]*")
_PLAIN = re.compile(rf"{_WORD}|\d+")
#: “P.Hòa Minh (Q.Liên Chiểu)”: one capital, a point, a name. Read as the word it stands for.
_LINKERS = {"p": "phường", "q": "quận", "h": "huyện", "x": "xã"}
_RUNS = re.compile(r"[^\W\d_]+|\d+")


def _plain_number(digits: str) -> str:
    """5 and 05 are one number; so are the digits of every script."""
    if not digits.isascii():
        digits = "".join(str(int(digit)) for digit in digits)
    return digits.lstrip("0") or "0"


class _Forms(dict[str, tuple[str, str]]):
    """Exact and folded form of each word ever met: a language has few. Emptied when full of rubbish."""

    LIMIT = 200_000
    #: No word is longer; what is (a base64 string, a key held down) is told apart by its beginning.
    LONGEST = 64

    def __missing__(self, raw: str) -> tuple[str, str]:
        if len(self) >= self.LIMIT:
            self.clear()
        if raw[0].isdecimal():
            number = _plain_number(raw[: self.LONGEST])
            forms = (number, number)
        else:
            exact = nfc(canonical(raw[: self.LONGEST * 4]).lower())[: self.LONGEST]
            forms = (exact, fold(exact))
        if len(raw) <= self.LONGEST:
            self[raw] = forms
        return forms


_FORMS = _Forms()


def _paper(raw: str) -> tuple[str, tuple[str, ...]]:
    parts = tuple(_plain_number(run) if run.isdecimal() else fold(run) for run in _RUNS.findall(nfc(raw)))
    # n keeps number and year apart: 15/2020/NĐ-CP is vb15n2020ndcp.
    return re.sub(r"(\d) (\d)", r"\1n\2", "vb" + " ".join(parts)).replace(" ", ""), parts


def _date(match: re.Match[str], form: str) -> tuple[str, tuple[str, ...]] | None:
    day, month, year = match[f"d{form}"], match[f"m{form}"], match[f"y{form}"]
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return None
    plain = (_plain_number(day), _plain_number(month), _plain_number(year))
    return f"ng{int(year):04d}{int(month):02d}{int(day):02d}", plain


def _keyword(match: re.Match[str]) -> Token | None:
    """The token of a keyword; None where the figures only look like a date."""
    start, end = match.span()
    kind = match.lastgroup
    if kind == "paper":
        key, parts = _paper(match.group())
        return Token(start, end, key, key, parts)
    if kind == "linker":
        letter = match.group()[0].lower()
        exact = _LINKERS[letter]
        return Token(start, start + 1, exact, fold(exact), (letter,))
    if kind == "centre":
        return Token(start, end, "tw", "tw", ("t", "u"))
    found = _date(match, {"words": "0", "day": "1"}.get(kind or "", "2"))
    if found is None:
        return None
    if before := _DAY_WORD.search(match.string, max(0, start - 12), start):
        start = before.start()
    return Token(start, end, found[0], found[0], found[1])


def _keywords(text: str) -> Iterator[Token]:
    place = 0
    while trigger := _TRIGGER.search(text, place):
        start = trigger.start()
        if text[start] == ".":
            start -= 1
            match = _SPECIAL.match(text, start) if start >= place and text[start] in "PQHXTt" else None
            place = match.end() if match else start + 2
        else:
            match = _SPECIAL.match(text, start)
            place = match.end() if match else trigger.end()
        if match and (token := _keyword(match)):
            yield token


def scan(text: str) -> Iterator[Token]:
    """Yield the tokens of *text* in order; they never overlap and their offsets are *text*'s own."""
    done = 0
    for keyword in _keywords(text):
        for match in _PLAIN.finditer(text, done, keyword.start):
            yield Token(match.start(), match.end(), *_FORMS[match.group()])
        yield keyword
        done = keyword.end
    for match in _PLAIN.finditer(text, done):
        yield Token(match.start(), match.end(), *_FORMS[match.group()])


class _Pieces:
    """Runs of signs between blanks, by the folded words in them: every piece ever met. Emptied when full of rubbish."""

    def __init__(self) -> None:
        self._known: set[str] = set()
        self._having: dict[str, set[str]] = {}
        self._lock = Lock()

    def having(self, pieces: Set[str], wanted: Set[str]) -> set[str]:
        """Those of *pieces* that have a *wanted* word in them."""
        found: set[str] = set()
        if new := pieces - self._known:
            long = {piece for piece in new if len(piece) > _Forms.LONGEST}
            found.update(piece for piece in long if not wanted.isdisjoint(_folded_words(piece)))
            with self._lock:
                self._learn(new - long)
        for word in wanted:
            found |= pieces & self._having.get(word, _NONE)
        return found

    def _learn(self, new: Set[str]) -> None:
        if len(self._known) + len(new) > _Forms.LIMIT:
            self._known, self._having = set(), {}
        for piece in new:
            for word in _folded_words(piece):
                self._having.setdefault(word, set()).add(piece)
        self._known |= new


def _folded_words(piece: str) -> list[str]:
    return [_FORMS[raw][1] for raw in _PLAIN.findall(piece)]


_NONE: frozenset[str] = frozenset()
_PIECES = _Pieces()


def occurrences(text: str, wanted: Set[str]) -> Iterator[Token]:
    """Yield, in order, each token of :func:`scan` whose folded form or part is *wanted*.

    Many times faster than scanning and choosing: only where a blank-separated piece has a wanted word is it read.
    """
    done = 0
    for keyword in chain(_keywords(text), (None,)):
        stop = keyword.start if keyword else len(text)
        pieces = _PIECES.having(set(text[done:stop].split()), wanted)
        for start, end in sorted(span for piece in pieces for span in _standing(text, piece, done, stop)):
            for match in _PLAIN.finditer(text, start, end):
                forms = _FORMS[match.group()]
                if forms[1] in wanted:
                    yield Token(match.start(), match.end(), *forms)
        if keyword:
            if keyword.folded in wanted or any(part in wanted for part in keyword.parts):
                yield keyword
            done = keyword.end


def _standing(text: str, piece: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Where *piece* stands between blanks in ``text[start:stop]``."""
    at = text.find(piece, start, stop)
    while at >= 0:
        end = at + len(piece)
        if (at == start or text[at - 1].isspace()) and (end == stop or text[end].isspace()):
            yield at, end
            at = end
        at = text.find(piece, at + 1, stop)


def tokenize(text: str) -> list[Token]:
    """Return the tokens of *text* as a list."""
    return list(scan(text))


class Analysis(NamedTuple):
    """What an index stores of one field: words joined by single spaces, nothing a parser could trip over.

    *exact* and *folded* hold the words in order, then, apart from them, the parts of keywords.
    """

    exact: str
    folded: str


_folded = lru_cache(maxsize=_Forms.LIMIT)(fold)


def as_analysed(exact: str) -> Analysis:
    """Return the analysis that has these *exact* words: each word's folded form follows from its exact one."""
    return Analysis(exact, " ".join(map(_folded, exact.split())))


def analyse(text: str) -> Analysis:
    """Return the analysed forms of *text* for an index: :func:`scan` without offsets, five times faster."""
    forms: list[tuple[str, str]] = []
    parts: list[tuple[str, str]] = []
    done = 0
    for keyword in _keywords(text):
        forms.extend(map(_FORMS.__getitem__, _PLAIN.findall(text, done, keyword.start)))
        forms.append((keyword.exact, keyword.folded))
        parts.extend((part, part) for part in keyword.parts)
        done = keyword.end
    forms.extend(map(_FORMS.__getitem__, _PLAIN.findall(text, done)))
    forms.extend(parts)
    return Analysis(" ".join([form[0] for form in forms]), " ".join([form[1] for form in forms]))
