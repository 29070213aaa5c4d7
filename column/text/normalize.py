"""Unicode hygiene and the two forms in which Vietnamese text is compared.

*Canonical* text keeps the diacritics but spells them one way; *folded* text has none. Both are used for
comparing only: what a person typed is displayed as it was typed. Rules: docs/search.md, "Analysis".
"""

import re
import unicodedata

#: Characters that are invisible and change no word: zero-width, directional marks, soft hyphen, BOM.
INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff\x00"
)
#: Spaces that only look different: no-break, figure and narrow no-break space.
SPACES = "\u00a0\u2007\u202f"
#: Eth is drawn like Đ in most fonts; keyboards and old encodings send one for the other.
LOOKALIKES = {"\u00d0": "\u0110", "\u00f0": "\u0111", "\u0189": "\u0110"}

#: Control characters: no XML can hold them (a feed would fail). Those that Python takes for white space (a
#: vertical tab is a line break pasted from a word processor) become a blank, the others go.
BREAKS = "\x0b\x0c\x1c\x1d\x1e\x1f"
CONTROLS = "".join(map(chr, range(1, 9))) + "".join(map(chr, range(0x0E, 0x1C))) + "\x7f"

#: Composed with “<” or “>” it makes one letter (≮, ≯) of the end of a tag, and what stood behind the tag then stands in
#: it: HTML is composed too. It stays where it negates a relation (“=” or an arrow struck through).
_OVERLAY = "\u0338"
_STRAY_OVERLAY = re.compile(f"(?<![=\u2190-\u22ff\u2a00-\u2aff]){_OVERLAY}")

_HYGIENE = str.maketrans({
    **dict.fromkeys(INVISIBLE + CONTROLS, None), **dict.fromkeys(SPACES + BREAKS, " "), **LOOKALIKES,
})  # fmt: skip
_NEEDS_HYGIENE = re.compile(f"[{re.escape(INVISIBLE + CONTROLS + SPACES + BREAKS + ''.join(LOOKALIKES))}]")

GRAVE, ACUTE, HOOK, TILDE, DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
#: In the order of the Vietnamese alphabet; "ngang", no mark, comes before them all.
TONES = (GRAVE, HOOK, TILDE, ACUTE, DOT)


def nfc(text: str) -> str:
    """Return *text* composed (NFC), with look-alike letters mended, invisible and control characters dropped."""
    if _NEEDS_HYGIENE.search(text):
        text = text.translate(_HYGIENE)
    if text.isascii():
        return text
    if _OVERLAY in text:
        text = _STRAY_OVERLAY.sub("", text)
    return unicodedata.normalize("NFC", text)


def _toned(letter: str, tone: str) -> str:
    return unicodedata.normalize("NFC", letter + tone)


def _tone_moves() -> dict[str, str]:
    """Old tone placement to new: òa→oà, òe→oè, ùy→uỳ, for every tone and case. Never úa (của, múa)."""
    moves: dict[str, str] = {}
    for first, second in ("oa", "oe", "uy"):
        for tone in TONES:
            for a, b in ((first, second), (first.upper(), second), (first.upper(), second.upper())):
                moves[_toned(a, tone) + b] = a + _toned(b, tone)
    return moves


_TONE_MOVES = _tone_moves()
_TONE_MOVE = re.compile("|".join(_TONE_MOVES))
_Y_TO_I = {_toned(y, tone): _toned(i, tone) for y, i in ("yi", "YI") for tone in ("", *TONES)}
#: Whole syllables only: never after a vowel (tay is not tai), never v and th (Vy, Thy are names).
_Y_SYLLABLE = re.compile(rf"(?<![^\W\d_])(qu|[hklmst])([{''.join(_Y_TO_I)}])(?![^\W\d_])", re.IGNORECASE)


def canonical(text: str) -> str:
    """Return *text* in its one spelling: NFC, the new tone placement, i for y in the six i/y syllables.

    Case and everything else is kept: ``canonical("Hòa Mỹ") == "Hoà Mĩ"``. For comparing, not for display.
    """
    text = nfc(text)
    if text.isascii() and "y" not in text and "Y" not in text:
        return text
    text = _TONE_MOVE.sub(lambda m: _TONE_MOVES[m.group()], text)
    return _Y_SYLLABLE.sub(lambda m: m.group(1) + _Y_TO_I[m.group(2)], text)


def _strip_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text)
    kept = "".join(ch for ch in decomposed if not unicodedata.combining(ch) and unicodedata.category(ch) != "Mn")
    return unicodedata.normalize("NFC", kept)


def fold(text: str) -> str:
    """Return *text* in lower case without any mark, đ as d, white space squeezed to single spaces.

    Folding twice changes nothing, whatever the script.
    """
    text = nfc(text)
    if text.isascii():
        return " ".join(text.lower().split())
    # Marks go first and once more after lower(): İ lowers to i with a combining dot.
    folded = _strip_marks(_strip_marks(text).lower())
    return " ".join(folded.replace("đ", "d").split())


def fold_canonical(text: str) -> str:
    """Return the folded form of the canonical one: what two spellings of one word share without marks."""
    return fold(canonical(text))
