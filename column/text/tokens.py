"""Words with their places in the original text.

One scanner serves the index, the query and the highlighter, so all three agree on what a word is. Dates and
document numbers become one keyword each: 29-CT/TU is then neither 129-CT/TU nor 29-CT/TW.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
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
_WORD = rf"{_LETTER}(?:{_LETTER}|[\u0300-\u036f{re.escape(INVISIBLE)}])*"
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
#: Typed composed, decomposed or without marks.
_IN_WORDS = (
    r"(?<!\w)(?:ng(?:a\u0300?|\u00e0)y\s+)?(?P<d0>\d{1,2})\s+th(?:a\u0301?|\u00e1)ng\s+(?P<m0>\d{1,2})"
    r"(?:\s+n(?:a\u0306?|\u0103)m\s+|,\s*)(?P<y0>\d{4})(?!\w)"
)
_SCAN = re.compile(
    rf"(?P<paper>(?=\d)(?:{_PARTY_NUMBER}|{_STATE_NUMBER}))"
    rf"|(?P<words>(?=[nN\d]){_IN_WORDS})"
    rf"|(?P<day>(?=\d){_DAY_FIRST})"
    rf"|(?P<iso>(?=\d){_YEAR_FIRST})"
    r"|(?P<centre>(?<!\w)t\.\s?(?:\u01b0|u\u031b|w)(?!\w))"
    rf"|(?P<linker>(?<![\w.])(?-i:[PQHX])\.(?=\s?(?-i:[{_CAPITALS}0-9])))"
    rf"|(?P<word>{_WORD})"
    r"|(?P<digits>\d+)",
    re.IGNORECASE,
)
#: “P.Hòa Minh (Q.Liên Chiểu)”: one capital, a point, a name. Read as the word it stands for.
_LINKERS = {"p": "phường", "q": "quận", "h": "huyện", "x": "xã"}
_RUNS = re.compile(r"[^\W\d_]+|\d+")


@lru_cache(maxsize=1 << 16)
def _word_forms(raw: str) -> tuple[str, str]:
    exact = nfc(canonical(raw).lower())
    return exact, fold(exact)


def _plain_number(digits: str) -> str:
    """5 and 05 are one number; so are the digits of every script."""
    if not digits.isascii():
        digits = "".join(str(int(digit)) for digit in digits)
    return digits.lstrip("0") or "0"


def _paper(raw: str) -> tuple[str, tuple[str, ...]]:
    parts = tuple(_plain_number(run) if run.isdecimal() else fold(run) for run in _RUNS.findall(nfc(raw)))
    # n keeps number and year apart: 15/2020/NĐ-CP is vb15n2020ndcp.
    return re.sub(r"(\d) (\d)", r"\1n\2", "vb" + " ".join(parts)).replace(" ", ""), parts


def _date(day: str, month: str, year: str) -> tuple[str, tuple[str, ...]] | None:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return None
    plain = (_plain_number(day), _plain_number(month), year)
    return f"ng{int(year):04d}{int(month):02d}{int(day):02d}", plain


def _loose(text: str, start: int, end: int) -> Iterator[Token]:
    """The words of a date that is not in the calendar."""
    for match in re.compile(rf"{_WORD}|\d+").finditer(text, start, end):
        raw = match.group()
        forms = (_plain_number(raw),) * 2 if raw.isdecimal() else _word_forms(raw)
        yield Token(match.start(), match.end(), *forms)


def scan(text: str) -> Iterator[Token]:
    """Yield the tokens of *text* in order; they never overlap and their offsets are *text*'s own."""
    for match in _SCAN.finditer(text):
        kind = match.lastgroup
        start, end = match.span()
        if kind == "word":
            yield Token(start, end, *_word_forms(match.group()))
        elif kind == "digits":
            number = _plain_number(match.group())
            yield Token(start, end, number, number)
        elif kind == "linker":
            letter = text[start].lower()
            exact = _LINKERS[letter]
            yield Token(start, start + 1, exact, fold(exact), (letter,))
        elif kind == "centre":
            yield Token(start, end, "tw", "tw", ("t", "u"))
        elif kind == "paper":
            key, parts = _paper(match.group())
            yield Token(start, end, key, key, parts)
        else:
            found = _read_date(match)
            if found is None:
                yield from _loose(text, start, end)
            else:
                yield Token(start, end, found[0], found[0], found[1])


def _read_date(match: re.Match[str]) -> tuple[str, tuple[str, ...]] | None:
    form = {"words": "0", "day": "1", "iso": "2"}[match.lastgroup or ""]
    return _date(match[f"d{form}"], match[f"m{form}"], match[f"y{form}"])


def tokenize(text: str) -> list[Token]:
    """Return the tokens of *text* as a list."""
    return list(scan(text))


class Analysis(NamedTuple):
    """What an index stores of one field: words joined by single spaces, never empty of meaning for a parser.

    *exact* and *folded* hold the words in order, then, apart from them, the parts of keywords.
    """

    exact: str
    folded: str


def analyse(text: str) -> Analysis:
    """Return the analysed forms of *text* for an index. Word count of both is the same."""
    exact: list[str] = []
    folded: list[str] = []
    parts: list[str] = []
    for token in scan(text):
        exact.append(token[2])
        folded.append(token[3])
        if token[4]:
            parts.extend(token[4])
    if parts:
        exact.extend(parts)
        folded.extend(parts)
    return Analysis(" ".join(exact), " ".join(folded))
