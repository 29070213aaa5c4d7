"""A stored key for Vietnamese alphabetical order.

The key is made of the digits 0-9 alone: those sort alike in SQLite and in every PostgreSQL collation,
which letters do not (glibc skips punctuation, ICU interleaves case, some locales move z or aa).
"""

import re
import unicodedata

from column.text.normalize import TONES, nfc

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

#: Letters keep these marks (they make another letter); the five tones are compared later.
_LETTER_CODES = {letter: f"{20 + place:02d}" for place, letter in enumerate(ALPHABET)}
_TONE_CODES = {tone: str(place) for place, tone in enumerate(TONES, start=1)}
_END, _GAP, _NUMBER, _OTHER = "00", "01", "10", "90"
_PART = re.compile(r"\d+|[^\W\d_]+")


def _number_code(digits: str) -> str:
    digits = str(int(digits[:90]))
    return f"{_NUMBER}{len(digits):02d}{digits}"


def _word_codes(word: str) -> tuple[str, str]:
    """Return the letters' codes and the code of the word's (last) tone mark."""
    letters: list[str] = []
    tone = "0"
    for char in word:
        decomposed = unicodedata.normalize("NFD", char)
        for mark in decomposed[1:]:
            tone = _TONE_CODES.get(mark, tone)
        base = unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in _TONE_CODES))
        code = _LETTER_CODES.get(base) or _LETTER_CODES.get(decomposed[0])
        letters.append(code if code else f"{_OTHER}{ord(char):07d}")
    return "".join(letters), tone


def sort_key(text: str) -> str:
    """Return a string of digits that sorts as a Vietnamese dictionary does, case ignored.

    Letters first (a ă â b c d đ e ê …), words before letters (“Hải An” before “Hải” + letters), numbers by
    value, tones (ngang, huyền, hỏi, ngã, sắc, nặng) only between texts whose letters agree. The key is at
    most ``4 * len(text) + 2`` digits for Vietnamese text.
    """
    primary: list[str] = []
    tones: list[str] = []
    # Upper before lower: İ lowers to two characters, so lower() comes first and NFC again after it.
    for match in _PART.finditer(unicodedata.normalize("NFC", nfc(text).lower())):
        part = match.group()
        if part[0].isdecimal():
            primary.append(_number_code(part))
        else:
            letters, tone = _word_codes(part)
            primary.append(letters)
            tones.append(tone)
    return _GAP.join(primary) + _END + "".join(tones)
