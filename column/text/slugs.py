"""Addresses in plain ASCII that a Vietnamese reader can still read aloud."""

import re
import unicodedata

from column.text.normalize import TONES, fold, nfc

MAX_LENGTH = 120
FALLBACK = "tin-bai"

#: Latin letters that are no base letter with marks, so decomposition leaves them whole.
_WHOLE_LETTERS = {"đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "þ": "th", "ı": "i"}
_WHOLE = str.maketrans(_WHOLE_LETTERS)
_NOT_SLUG = re.compile(r"[^a-z0-9]+")


def slugify_vi(text: str, max_length: int = MAX_LENGTH, fallback: str = FALLBACK) -> str:
    """Return an ASCII slug of at most *max_length* characters, cut between words where possible.

    “Điện Bàn” gives ``dien-ban``. Text without a single Latin letter or digit gives *fallback*.
    """
    plain = fold(unicodedata.normalize("NFKD", nfc(text))).translate(_WHOLE)
    slug = _NOT_SLUG.sub("-", plain).strip("-")
    if len(slug) > max_length:
        head, _, _ = slug[: max_length + 1].rpartition("-")
        slug = (head or slug)[:max_length].strip("-")
    return slug or fallback[:max_length]


def folding_table() -> dict[str, str]:
    """Return every accented Vietnamese letter with its ASCII form, for the editor's own slug script.

    The script looks characters up in NFC and lower case; what is not in the table and not ``[a-z0-9]``
    becomes a hyphen, exactly as in :func:`slugify_vi`.
    """
    table = dict(_WHOLE_LETTERS)
    for base in "aăâeêioôơuưy":
        for tone in ("", *TONES):
            letter = unicodedata.normalize("NFC", base + tone)
            if not letter.isascii():
                table[letter] = fold(letter)
    table["ð"] = "d"
    return table
