import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from column.text.normalize import canonical, fold, fold_canonical, nfc

vietnamese = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọùúủũụỳýỷỹỵ \u0300\u0301ÐĐ")


@pytest.mark.parametrize(
    ("raw", "composed"),
    [
        ("Ða\u0300 Na\u0306\u0303ng", "Đà Nẵng"),
        ("cha\u0306\u0323n", "chặn"),
        ("a\u0323\u0306", "ặ"),
        ("\ufeffBáo\u00a0Đà\u200b Nẵng\u00ad", "Báo Đà Nẵng"),
        ("a\x00b", "ab"),
        ("plain\x00", "plain"),
        ("ð", "đ"),
        ("“5 xây, 3 chống”", "“5 xây, 3 chống”"),
    ],
)
def test_nfc(raw: str, composed: str) -> None:
    assert nfc(raw) == composed


@pytest.mark.parametrize(
    ("raw", "spelled"),
    [
        ("Hòa Minh", "Hoà Minh"),
        ("HÒA", "HOÀ"),
        ("khỏe", "khoẻ"),
        ("Thành ủy", "Thành uỷ"),
        ("THÀNH ỦY", "THÀNH UỶ"),
        ("qúy", "quí"),
        ("Hòa Quý", "Hoà Quí"),
        ("Mỹ An", "Mĩ An"),
        ("kỹ, lý, tỷ, sỹ, hy", "kĩ, lí, tỉ, sĩ, hi"),
        ("tay Thúy Vy Thy thủy", "tay Thuý Vy Thy thuỷ"),
        ("của múa lúa", "của múa lúa"),
        ("tòan", "toàn"),
        ("Lynh", "Lynh"),
    ],
)
def test_canonical(raw: str, spelled: str) -> None:
    assert canonical(raw) == spelled
    assert canonical(unicodedata.normalize("NFD", raw)) == spelled


def test_canonical_keeps_different_words_apart() -> None:
    assert canonical("tay") != canonical("tai")
    assert canonical("Thúy") != canonical("thúi")
    assert canonical("Vy") == "Vy"


@pytest.mark.parametrize(
    ("raw", "folded"),
    [
        ("  Đà \t Nẵng\n", "da nang"),
        ("ĐOÀN LƯƠNG", "doan luong"),
        ("ÐÀ", "da"),
        ("Trường", "truong"),
        ("İstanbul", "istanbul"),
        ("29-CT/TU", "29-ct/tu"),
        ("", ""),
    ],
)
def test_fold(raw: str, folded: str) -> None:
    assert fold(raw) == folded


def test_fold_canonical_joins_the_spellings() -> None:
    assert fold_canonical("Hoà Quý") == fold_canonical("hòa qúy") == "hoa qui"


@given(st.text())
def test_nothing_changes_the_second_time(text: str) -> None:
    assert nfc(nfc(text)) == nfc(text)
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(vietnamese)
def test_canonical_is_stable_and_never_changes_what_folds(text: str) -> None:
    once = canonical(text)
    assert canonical(once) == once
    assert canonical(unicodedata.normalize("NFD", text)) == once
    assert fold(once).replace("y", "i") == fold(text).replace("y", "i")


@pytest.mark.parametrize("letters", ["Da Nang", "Đà Nẵng"])
def test_control_characters_go_and_breaks_become_blanks(letters: str) -> None:
    """A vertical tab is what a word processor makes of a soft line break; no XML can hold any of them."""
    dirty = "\x01" + letters.replace(" ", "\x0b") + "\x08\x1b\x7f"
    assert nfc(dirty) == letters
    assert nfc(f"{letters}\t\r\n") == f"{letters}\t\r\n"


def test_composing_ends_no_tag_otherwise() -> None:
    """“>” and a combining overlay are one letter: “<p>” would not end, and the words behind it would be attributes."""
    for marks in ("\u0338", "\u0323\u0338", "\u0338\u0338"):
        assert ">" in nfc(f"<p>{marks} onclick=alert(1) x=</p>")[:3]
        assert nfc(f"1 <{marks} 2").startswith("1 <")
    assert nfc("1 =\u0338 2 \u2260 3 \u226f \u2208\u0338") == "1 \u2260 2 \u2260 3 \u226f \u2209"
