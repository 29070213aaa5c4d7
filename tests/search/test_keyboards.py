"""Keys left as typed, and old fonts, come back as the words they were meant to be."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from column.text.normalize import ACUTE, DOT, GRAVE, HOOK, TILDE, canonical
from search.keyboards import (
    every_syllable,
    is_syllable,
    looks_like_tcvn3,
    tcvn3,
    telex,
    toned,
    variants,
    vni,
    without_tone,
)

SYLLABLES = sorted(set(every_syllable()))
TELEX_TONES = {"": "", ACUTE: "s", GRAVE: "f", HOOK: "r", TILDE: "x", DOT: "j"}
VNI_TONES = {"": "", ACUTE: "1", GRAVE: "2", HOOK: "3", TILDE: "4", DOT: "5"}
TELEX = {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}
VNI = {"â": "a6", "ê": "e6", "ô": "o6", "ă": "a8", "ơ": "o7", "ư": "u7", "đ": "d9"}
MARKS = {"â": "6", "ê": "6", "ô": "6", "ă": "8", "ơ": "7", "ư": "7", "đ": "9"}


def keys(letters: str, table: dict[str, str]) -> str:
    return "".join(table.get(letter, letter) for letter in letters)


def bare(letters: str) -> str:
    plain = "".join(ch for ch in unicodedata.normalize("NFD", letters) if not unicodedata.combining(ch))
    return plain.replace("đ", "d")


def test_the_table_knows_the_language() -> None:
    text = "thành phố đà nẵng quyết liệt giếng gì quý khuya ngoẻo rượu nghiêng thuở yêu huỳnh hoặc ưu quốc khuỷu xoè"
    assert all(is_syllable(without_tone(word)) for word in text.split())
    assert not any(is_syllable(word) for word in ("", "zoo", "phs", "qu", "ngh", "street", "uơng"))
    assert len(SYLLABLES) > 3000


@given(st.sampled_from(SYLLABLES), st.sampled_from(sorted(TELEX_TONES)), st.data())
def test_every_syllable_comes_back_from_telex(letters: str, tone: str, data: st.DataObject) -> None:
    """The tone key anywhere after the first vowel, marks by their own keys."""
    typed = keys(letters, TELEX)
    first = next(place for place, letter in enumerate(typed) if letter in "aeiouyw")
    place = data.draw(st.integers(first + 1, len(typed)))
    assert canonical(telex(typed[:place] + TELEX_TONES[tone] + typed[place:])) == canonical(toned(letters, tone))


@given(st.sampled_from(SYLLABLES), st.sampled_from(sorted(VNI_TONES)), st.data())
def test_every_syllable_comes_back_from_vni(letters: str, tone: str, data: st.DataObject) -> None:
    typed = keys(letters, VNI)
    first = next(place for place, letter in enumerate(typed) if letter in "aeiouy")
    place = data.draw(st.integers(first + 1, len(typed)))
    assert canonical(vni(typed[:place] + VNI_TONES[tone] + typed[place:])) == canonical(toned(letters, tone))


@given(st.sampled_from(SYLLABLES), st.sampled_from(sorted(VNI_TONES)))
def test_marks_at_the_end_of_the_word(letters: str, tone: str) -> None:
    """“duong972”: letters first, marks after; each mark once."""
    marks = "".join(dict.fromkeys(MARKS[letter] for letter in letters if letter in MARKS))
    found = canonical(vni(bare(letters) + marks + VNI_TONES[tone]))
    # Which of two vowels a mark belongs to is not always said (“hua7”): the letters and the tone are.
    assert bare(found) == bare(canonical(toned(letters, tone)))
    assert is_syllable(without_tone(found)) or not marks + tone


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("toom", "tôm"), ("phus", "phú"), ("cuwowngf", "cường"), ("cuowngf", "cường"), ("dieend", "điên"),
        ("dduwowngf", "đường"), ("duwowngfd", "đường"), ("tienges", "tiếng"), ("quoocs", "quốc"), ("gif", "gì"),
        ("thuowr", "thuở"), ("www", "www"), ("Facebook", "Facebook"), ("CT", "CT"), ("hoa", "hoa"), ("nhaf", "nhà"),
    ],
)  # fmt: skip
def test_telex(typed: str, meant: str) -> None:
    assert telex(typed) == meant


def test_plain_vietnamese_stays() -> None:
    assert variants("trach nhiem giai trinh") == []
    assert variants("Trách nhiệm giải trình 29-CT/TU") == []
    assert variants("UBND quận 3") == []


def test_whole_queries() -> None:
    assert variants("toom minh phus") == ["tôm minh phú"]
    assert variants("d9a2 na8ng4") == ["đà nẵng"]
    assert variants("Uû ban nh©n d©n") == ["Uỷ ban nhân dân"]
    assert tcvn3("thµnh phè §µ N½ng") == "thành phố Đà Nẵng"
    assert tcvn3("qu¶n lý thÞ tr\u00adêng") == "quản lý thị trường"
    assert tcvn3("“§µ N½ng” – 5 x©y") == "“Đà Nẵng” – 5 xây"
    assert tcvn3("trên Phường Hội An ông") == "trên Phường Hội An ông"
    assert looks_like_tcvn3("tr\u00adêng")
    assert looks_like_tcvn3("§µ")
    assert not looks_like_tcvn3("Đà Nẵng – 5 xây × 3")


@given(st.text(max_size=60))
def test_whatever_is_typed(text: str) -> None:
    assert len(variants(text)) <= 3
