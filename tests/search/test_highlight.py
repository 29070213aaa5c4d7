import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.highlight import Highlighter
from search.query import parse


def snippet(query: str, text: str, length: int = 240) -> str:
    return str(Highlighter(parse(query)).snippet(text, length))


def whole(query: str, text: str) -> str:
    return str(Highlighter(parse(query)).whole(text))


@pytest.mark.parametrize(
    ("query", "text", "html"),
    [
        ("thue", "Thu thuế và cho thuê", "Thu <mark>thuế</mark> và cho <mark>thuê</mark>"),
        ("thuế", "Thu thuế và cho thuê", "Thu <mark>thuế</mark> và cho thuê"),
        ("thuế", "Nhà cho thuê", "Nhà cho <mark>thuê</mark>"),
        ("TTHC", "giải quyết thủ tục hành chính", "giải quyết <mark>thủ tục hành chính</mark>"),
        ("thủ tục hành chính", "Các TTHC", "Các <mark>TTHC</mark>"),
        ("UBND", "nhân dân và ủy ban", "nhân dân và ủy ban"),
        ("da nang", "Ða\u0300 Na\u0306\u0303ng", "<mark>Ða\u0300 Na\u0306\u0303ng</mark>"),
        ("29ct/tu", "Chỉ thị 29–CT/TU, 129-CT/TU", "Chỉ thị <mark>29–CT/TU</mark>, 129-CT/TU"),
        ("chỉ thị 29", "Chỉ thị 29-CT/TU", "<mark>Chỉ thị 29-CT/TU</mark>"),
        ("phường Hòa Minh", "P.Hòa Minh", "<mark>P</mark>.<mark>Hòa Minh</mark>"),
        ('"đi bộ"', "bộ đi, đi bộ", "bộ đi, <mark>đi bộ</mark>"),
        ("b", "<b>a & b</b>", "&lt;<mark>b</mark>&gt;a &amp; <mark>b</mark>&lt;/<mark>b</mark>&gt;"),
        ("x", "a \"b\" 'c'", "a &quot;b&quot; &#x27;c&#x27;"),
    ],
)
def test_whole(query: str, text: str, html: str) -> None:
    assert whole(query, text) == html


def test_the_snippet_is_where_the_words_are() -> None:
    text = "mở đầu " * 100 + "rồi thủ tục rườm rà ở đây. " + "kết thúc " * 100
    html = snippet("thủ tục rườm rà", text)
    assert html.startswith("… ")
    assert html.endswith(" …")
    assert "<mark>thủ tục rườm rà</mark>" in html
    assert 120 < len(html) < 320


def test_together_beats_apart_and_early_beats_late() -> None:
    apart = "thuế " + "a " * 300 + "đất thuế đất " + "b " * 300 + "thuế đất"
    assert "<mark>đất thuế đất</mark>" in snippet("thuế đất", apart)


def test_the_beginning_without_words() -> None:
    assert snippet("gì đó", "Một câu ngắn.") == "Một câu ngắn."
    assert snippet("", "chữ " * 200).endswith("chữ …")
    assert snippet("gì", "") == ""


def test_paragraphs_become_spaces() -> None:
    assert snippet("hai", "một\nhai\nba") == "một <mark>hai</mark> ba"


def test_nothing_is_cut_inside_a_word() -> None:
    text = " ".join(f"từ{n}đuôi" for n in range(500))
    for number in (0, 3, 250, 499):
        words = re.sub("<[^>]*>", "", snippet(f"từ {number} đuôi", text)).strip("… ").split()
        assert all(re.fullmatch(r"từ\d+đuôi", word) for word in words)


@given(st.text(), st.text(alphabet="aàbđ<>&\"' \n.", max_size=400))
def test_the_words_are_the_texts_own_and_safe(query: str, text: str) -> None:
    highlighter = Highlighter(parse(query))
    for html in (highlighter.whole(text), highlighter.snippet(text, 50)):
        bare = re.sub(r"</?mark>", "", html)
        assert "<" not in bare
        assert ">" not in bare
        assert unescape(bare).strip("… ") in " ".join(text.split("\n"))
    assert unescape(re.sub(r"</?mark>", "", highlighter.whole(text))) == text.replace("\n", " ")
