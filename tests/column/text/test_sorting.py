import itertools
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from column.text.sorting import ALPHABET, sort_key


def ordered(*texts: str) -> None:
    keys = [sort_key(text) for text in texts]
    assert keys == sorted(keys)
    assert len(set(keys)) == len(keys)


def test_the_alphabet() -> None:
    ordered(*ALPHABET)
    ordered(*(f"{letter}n" for letter in ALPHABET))


def test_tones_break_ties_only() -> None:
    ordered("ba", "bà", "bả", "bã", "bá", "bạ", "bai", "bân")
    ordered("Hoa Xuân", "Hòa Xuân", "Hóa Xuân")
    ordered("Hòa Minh", "Hoa Xuân")


@pytest.mark.parametrize(
    "names",
    [
        ["An Hải Bắc", "An Hải Đông", "An Hải Tây", "Ăn", "Bình Hiên", "Cẩm Lệ", "Danh", "Đảng ủy", "Vụ"],
        ["Sở Công Thương", "Sở Du lịch", "Sở Giáo dục và Đào tạo", "Sở Y tế"],
        ["Tổ 2", "Tổ 10", "Tổ 100", "Tổ A"],
        ["Hải", "Hải Châu", "Hải Châu I", "Hải Châu II", "Haiti"],
    ],
)
def test_lists(names: list[str]) -> None:
    for shuffled in itertools.islice(itertools.permutations(names), 200):
        assert sorted(shuffled, key=sort_key) == names


def test_case_and_punctuation_and_spelling_do_not_count() -> None:
    assert sort_key("ĐÀ NẴNG") == sort_key("Đà-Nẵng") == sort_key(unicodedata.normalize("NFD", "đà  nẵng"))
    assert sort_key("hòa") == sort_key("hoà")
    assert sort_key("") == sort_key("…") == "00"


@given(st.text())
def test_only_digits(text: str) -> None:
    assert sort_key(text).isascii()
    assert sort_key(text).isdecimal()


@given(st.text(ALPHABET + "àáạ ", max_size=60))
def test_length_is_bounded(text: str) -> None:
    assert len(sort_key(text)) <= 4 * len(text) + 2
