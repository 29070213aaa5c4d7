"""Words that a Vietnamese keyboard left as keys, and text in the old TCVN3 fonts, brought back. Pure.

``toom minh phus`` is what Telex keys give while the keyboard program is off, ``to6 minh phu1`` what VNI keys give,
``Uû ban nh©n d©n`` what a TCVN3 document gives when it is pasted. Keys may stand in any order after the first vowel,
as the keyboard programs take them. A word that does not come out as a Vietnamese syllable is left alone.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from itertools import product

from column.text.normalize import ACUTE, DOT, GRAVE, HOOK, TILDE, nfc

INITIALS = frozenset(
    "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x".split()  # noqa: SIM905 - as one reads them
) | {""}
_RIMES = """
a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu y yêm yên yêng yêt yêu
o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oem oen oeo oet oi om on ong op ot
ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
u ua uc ui um un ung up ut uân uâng uât uây uê uêch uênh uôc uôi uôm uôn uông uôt uơ uy uya uych uyên uyêt uyn uynh
uyp uyt uyu ư ưa ưc ưi ưm ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
"""
RIMES = frozenset(_RIMES.split())
#: What follows qu and gi beside the ordinary rimes: the letter before is part of the sound.
_AFTER = {
    "gi": frozenset(["êc", "êm", "ên", "êng", "êt", "êu"]) | {""},
    "qu": frozenset(["ych", "yn", "ynh", "yt", "yên", "yêt", "yu"]),
}
_VOWELS = frozenset("aăâeêioôơuưy")
_TONES = {"s": ACUTE, "f": GRAVE, "r": HOOK, "x": TILDE, "j": DOT, "z": ""}
_VNI_TONES = {"1": ACUTE, "2": GRAVE, "3": HOOK, "4": TILDE, "5": DOT, "0": ""}
_HATS = {"a": "â", "e": "ê", "o": "ô"}
_HORNS = {"a": "ă", "o": "ơ", "u": "ư"}
#: Nobody writes a syllable with more keys.
LONGEST = 12


def is_syllable(letters: str) -> bool:
    """Whether *letters* (lower case, no tone mark) can be a Vietnamese syllable."""
    return any(
        letters[:size] in INITIALS
        and (letters[size:] in RIMES or letters[size:] in _AFTER.get(letters[:size], ()))
        and not (letters[:size] == "qu" and letters[size:][:1] == "u")
        for size in range(min(3, len(letters)) + 1)
    )


def toned(letters: str, tone: str) -> str:
    """Put the tone mark (a combining character or nothing) on its vowel, in the new style: hoà, thuỷ, của."""
    if not tone:
        return letters
    start = 2 if letters[:2] == "qu" or (letters[:2] == "gi" and letters[2:3] in _VOWELS and len(letters) > 2) else 0
    places = [place for place, letter in enumerate(letters) if letter in _VOWELS and place >= start]
    if not places:
        places = [place for place, letter in enumerate(letters) if letter in _VOWELS]
    marked = [place for place in places if letters[place] not in "aeiouy"]
    nucleus = "".join(letters[place] for place in places)
    if marked:
        place = marked[-1]
    elif len(places) == 1:
        place = places[0]
    elif len(places) > 2 or places[-1] + 1 < len(letters) or nucleus in ("oa", "oe", "uy"):
        place = places[1]
    else:
        place = places[0]
    return unicodedata.normalize("NFC", letters[: place + 1] + tone + letters[place + 1 :])


def _with(letters: str, place: int, new: str) -> str:
    return letters[:place] + new + letters[place + 1 :]


def _hatted(letters: str, vowels: str) -> Iterator[str]:
    for place in reversed(range(len(letters))):
        if letters[place] in vowels:
            yield _with(letters, place, _HATS[letters[place]])


def _horned(letters: str, vowels: str) -> Iterator[str]:
    if "uo" in letters and "o" in vowels:
        yield letters.replace("uo", "ươ", 1)
    for place in reversed(range(len(letters))):
        if letters[place] in vowels:
            yield _with(letters, place, _HORNS[letters[place]])
    if "ư" in letters and "ưo" in letters:
        yield letters.replace("ưo", "ươ", 1)


#: What the letters so far may become when a key comes.
Keys = Callable[[str, str], Iterator[str]]


def _telex(letters: str, key: str) -> Iterator[str]:
    if key in _HATS:
        yield from _hatted(letters, key)
    if key == "d" and letters[:1] == "d":
        yield "đ" + letters[1:]
    if key == "w":
        yield from _horned(letters, "aou")
        if not any(letter in _VOWELS for letter in letters):
            yield letters + "ư"
    else:
        yield letters + key


def _vni(letters: str, key: str) -> Iterator[str]:
    if key == "6":
        yield from _hatted(letters, "aeo")
    elif key == "7":
        yield from _horned(letters, "ou")
    elif key == "8":
        yield from _horned(letters, "a")
    elif key == "9":
        if letters[:1] == "d":
            yield "đ" + letters[1:]
    else:
        yield letters + key


def _undo(word: str, keys: Keys, tones: dict[str, str]) -> str:
    """The syllable that *word*'s keys write; *word* itself where they write none."""
    if len(word) > LONGEST:
        return word
    states = {"": ""}
    tone = ""
    seen_vowel = False
    for key in word.lower():
        if key in tones and seen_vowel:
            tone = tones[key]
            continue
        following: dict[str, str] = {}
        for letters in states:
            following.update(dict.fromkeys(keys(letters, key), ""))
        states = following
        seen_vowel = seen_vowel or key in _VOWELS or key == "w"
    written = [letters for letters in states if is_syllable(letters)]
    found = toned(min(written, key=len), tone) if written else word
    return found if found != word.lower() else word


def telex(word: str) -> str:
    """``toongr`` → ``tổng``; a word that is no Telex stays as it is."""
    return _undo(word, _telex, _TONES)


def vni(word: str) -> str:
    """``tong63`` → ``tổng``; a word that is no VNI stays as it is."""
    return _undo(word, _vni, _VNI_TONES)


_TCVN3 = {
    **dict(zip("¸µ¶·¹", "áàảãạ", strict=True)),
    **dict(zip("¨¾»¼½Æ", "ăắằẳẵặ", strict=True)),
    **dict(zip("©ÊÇÈÉË", "âấầẩẫậ", strict=True)),
    **dict(zip("®ÐÌÎÏÑ", "đéèẻẽẹ", strict=True)),
    **dict(zip("ªÕÒÓÔÖ", "êếềểễệ", strict=True)),
    **dict(zip("Ý×ØÜÞ", "íìỉĩị", strict=True)),
    **dict(zip("ãßáâä", "óòỏõọ", strict=True)),
    **dict(zip("«èåæçé", "ôốồổỗộ", strict=True)),
    **dict(zip("¬íêëìî", "ơớờởỡợ", strict=True)),
    **dict(zip("óïñòô", "úùủũụ", strict=True)),
    **dict(zip("\u00adøõö÷ù", "ưứừửữự", strict=True)),
    **dict(zip("ýúûüþ", "ýỳỷỹỵ", strict=True)),
    **dict(zip("¡¢§£¤¥¦", "ĂÂĐÊÔƠƯ", strict=True)),
}
_FROM_TCVN3 = str.maketrans(_TCVN3)
#: Signs that no word has but in TCVN3, beside a letter.
_SIGNS = "¡¢§£¤¥¦¨©ª«¬®µ¶·¸¹»¼½¾×÷\u00ad"
_TELLTALE = re.compile(rf"[^\W\d_][{_SIGNS}]|[{_SIGNS}][^\W\d_]")
_TONE_MARKS = re.compile(f"[{ACUTE}{GRAVE}{HOOK}{TILDE}{DOT}]")


def looks_like_tcvn3(text: str) -> bool:
    """Whether *text* has signs inside words that only TCVN3 puts there: it must be kept as it was sent."""
    return bool(_TELLTALE.search(text))


def without_tone(word: str) -> str:
    """The letters of a word, lower case, their tone mark dropped."""
    return unicodedata.normalize("NFC", _TONE_MARKS.sub("", unicodedata.normalize("NFD", word.lower())))


def tcvn3(text: str) -> str:
    """``Uû ban nh©n d©n`` → ``Uỷ ban nhân dân``; *text* itself unless every word with such a letter comes out.

    A text with a letter that the old fonts had no place for was never one of theirs.
    """
    if any(sign > "\xff" and sign.isalpha() for sign in text):
        return text
    words = text.split(" ")
    found = []
    for word in words:
        read = word.translate(_FROM_TCVN3)
        bare = without_tone(re.sub(r"[^\w]+", "", read))
        if read != word and not is_syllable(bare):
            return text
        found.append(read)
    return " ".join(found)


_LETTERS = re.compile(r"(?<![^\W_])[A-Za-z]+(?![^\W_])")
_LETTERS_AND_DIGITS = re.compile(r"(?<![^\W_])[A-Za-z]+[0-9][A-Za-z0-9]*(?![^\W_])")


def variants(text: str) -> list[str]:
    """What *text* may have been meant to be, each once, without *text* itself; no more than three."""
    readings = [
        _LETTERS.sub(lambda match: telex(match[0]), text),
        _LETTERS_AND_DIGITS.sub(lambda match: vni(match[0]), text),
        tcvn3(text),
    ]
    return [one for one in dict.fromkeys(map(nfc, readings)) if one != nfc(text)]


def every_syllable() -> Iterator[str]:
    """All combinations of initial and rime, without tones; more than the language uses."""
    for initial, rime in product(sorted(INITIALS), sorted(RIMES)):
        if is_syllable(initial + rime):
            yield initial + rime
