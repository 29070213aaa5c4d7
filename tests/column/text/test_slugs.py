import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from column.text.slugs import folding_table, slugify_vi


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Điện Bàn", "dien-ban"),
        ("ĐIỆN BÀN", "dien-ban"),
        (unicodedata.normalize("NFD", "Điện Bàn"), "dien-ban"),
        ("Ðà Nẵng: “5 xây, 3 chống”", "da-nang-5-xay-3-chong"),
        ("Chỉ thị 29-CT/TU", "chi-thi-29-ct-tu"),
        ("Straße ﬁ", "strasse-fi"),
        ("", "tin-bai"),
        ("…!?", "tin-bai"),
        ("中文", "tin-bai"),
    ],
)
def test_slug(text: str, slug: str) -> None:
    assert slugify_vi(text) == slug


def test_long_slugs_are_cut_between_words() -> None:
    assert slugify_vi("cải cách hành chính công", max_length=16) == "cai-cach-hanh"
    assert slugify_vi("a" * 50, max_length=10) == "a" * 10
    assert slugify_vi("cải cách", max_length=8) == "cai-cach"


@given(st.text(), st.integers(1, 200))
def test_always_a_slug(text: str, length: int) -> None:
    slug = slugify_vi(text, max_length=length)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or slug == "tin-bai"[:length]
    assert 1 <= len(slug) <= length


def test_the_editor_folds_like_the_server() -> None:
    table = folding_table()
    text = "Xây dựng Đảng: thủ tục, kỷ cương; Thừa Thiên Huế – quý IV/2016 ẵ ợ ữ"
    plain = "".join(table.get(char, char) for char in unicodedata.normalize("NFC", text).lower())
    assert re.sub("[^a-z0-9]+", "-", plain).strip("-") == slugify_vi(text)
    assert {table["đẵợữỷ"[i]] for i in range(5)} == {"d", "a", "o", "u", "y"}
