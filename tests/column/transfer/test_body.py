"""Bodies: what old systems write becomes our blocks, and the written form reads back unchanged."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from column.enums import CreditRole
from column.transfer.body import Block, PhotoRef, parse, parse_html, render, settled
from column.transfer.bylines import Credit, format_byline, parse_byline
from column.transfer.columns import escape_cell, join_list, split_list, unescape_cell


def blocks(text: str) -> list[tuple[str, object]]:
    return [(block.type, block.value) for block in parse(text).blocks]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Một.\n\nHai & ba < bốn.", [("paragraph", "<p>Một.</p><p>Hai &amp; ba &lt; bốn.</p>")]),
        ("Một\r\nHai", [("paragraph", "<p>Một</p><p>Hai</p>")]),
        ("Một dòng\nnối tiếp\n\nHai", [("paragraph", "<p>Một dòng nối tiếp</p><p>Hai</p>")]),
        ("5 < 6 > 4 và a<b", [("paragraph", "<p>5 &lt; 6 &gt; 4 và a&lt;b</p>")]),
        ("", []),
        ("<p></p><p>&nbsp;</p><br><b></b>", []),
        ("Chữ trần<br><br>đoạn hai<br>dòng", [("paragraph", "<p>Chữ trần</p><p>đoạn hai<br/>dòng</p>")]),
        ("<div>a<div>b</div>c</div>", [("paragraph", "<p>a</p><p>b</p><p>c</p>")]),
        ("<p><strong>đ</strong> <em>n</em> x<sup>2</sup> <font color=red>m</font></p>",
         [("paragraph", "<p><b>đ</b> <i>n</i> x<sup>2</sup> m</p>")]),
        ("<b><p>x</p><p>y</p></b>", [("paragraph", "<p><b>x</b></p><p><b>y</b></p>")]),
        ("<h1>Tít <i>phụ</i></h1><p>a</p>", [("subhead", "Tít phụ"), ("paragraph", "<p>a</p>")]),
        ("<h3>" + "dài " * 80 + "</h3>", [("paragraph", "<p><b>" + ("dài " * 80).strip() + "</b></p>")]),
        ("<ul><li>a</li><li><p>b</p><ol><li>c</li></ol></li></ul>",
         [("paragraph", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>")]),
        ("<blockquote>Lời<br>hai<cite>Ai đó</cite></blockquote>",
         [("quote", {"text": "Lời\nhai", "attribution": "Ai đó"})]),
        ('<p>a<img src="https://x.vn/anh/h%C3%ACnh%201.jpg?w=2" alt="mô tả">b</p>',
         [("paragraph", "<p>a</p>"), ("photo", PhotoRef("hình 1.jpg", alt="mô tả")), ("paragraph", "<p>b</p>")]),
        ('<figure><img src="a.jpg"><figcaption>Chú thích <cite>Ảnh: KL</cite></figcaption></figure>',
         [("photo", PhotoRef("a.jpg", "Chú thích", "KL"))]),
        ('<table><tr><td><img src="a.jpg"></td></tr><tr><td>Chú thích</td></tr></table>',
         [("photo", PhotoRef("a.jpg", "Chú thích"))]),
        ("<a href='mailto:a@b.c'>thư</a> <a href='/tuong-doi'>nhà</a> <a href='ftp://x'>f</a>",
         [("paragraph", "<p>thư nhà f</p>")]),
        ("<!-- ghi chú --><p>a</p><object><p>b</p></object>", [("paragraph", "<p>a</p>")]),
    ],
)  # fmt: skip
def test_a_body_is_read_into_blocks(text: str, found: list[tuple[str, object]]) -> None:
    assert blocks(text) == found


def test_a_table_keeps_heads_spans_and_caption() -> None:
    [(kind, value)] = blocks(
        "<table><caption>Bảng</caption><thead><tr><th>A</th><th>B</th></tr></thead>"
        "<tr><td colspan=2>x<br>y</td></tr><tr><td rowspan=2>p</td><td>q</td></tr><tr><td>r</td></tr></table>"
    )
    assert (kind, value) == ("table", {
        "data": [["A", "B"], ["x\ny", ""], ["p", "q"], ["", "r"]], "first_row_is_table_header": True,
        "first_col_is_header": False, "table_header_choice": "row", "table_caption": "Bảng", "cell": [],
        "mergeCells": [{"row": 1, "col": 0, "rowspan": 1, "colspan": 2},
                       {"row": 2, "col": 0, "rowspan": 2, "colspan": 1}],
    })  # fmt: skip


def test_a_very_nested_body_is_read_in_good_time() -> None:
    deep = "<div>" * 3000 + "chữ" + "</div>" * 3000
    assert blocks(deep) == [("paragraph", "<p>chữ</p>")]
    assert blocks("<ul><li>" * 200 + "x")[0][0] == "paragraph"


words = st.text(alphabet="aăđ <&>\"'“\u00a0\n|", max_size=12)
tags = st.sampled_from(
    ["p", "b", "i", "a", "ul", "ol", "li", "h2", "blockquote", "cite", "figure", "figcaption", "table", "tr", "td",
     "th", "div", "dl", "dt", "dd", "aside", "sup", "caption"]
)  # fmt: skip
pieces = st.one_of(
    words,
    st.just("<br>"),
    st.just('<img src="a.jpg">'),
    st.builds(lambda tag, text: f"<{tag}>{text}</{tag}>", tags, words),
    st.builds(lambda tag: f"<{tag}>", tags),
    st.builds(lambda tag: f"</{tag}>", tags),
    st.sampled_from(['<ul data-block="related"><li data-story="x"></li></ul>',
                     '<dl data-block="number"><dt>5</dt><dd>x</dd></dl>',
                     '<aside data-block="link_card"><a href="https://a.vn">t</a></aside>',
                     '<figure data-block="gallery">']),
)  # fmt: skip


@given(st.lists(pieces, max_size=25).map("".join))
def test_the_written_form_reads_back_unchanged(html: str) -> None:
    written = settled(parse_html(html).blocks)
    assert render(parse_html(written).blocks) == written


@given(words.filter(str.strip), words)
def test_our_own_blocks_come_back(text: str, more: str) -> None:
    squeezed = " ".join(text.split()) or "x"
    given_blocks = [
        Block("quote", {"text": squeezed, "attribution": " ".join(more.split())}),
        Block("number", {"value": squeezed, "text": "chữ", "source": ""}),
        Block("related", ["cu-1", squeezed]),
    ]
    found = parse_html(render(given_blocks)).blocks
    assert [(block.type, block.value) for block in found if block.type == "related"] == [
        ("related", ["cu-1", squeezed])
    ]


@given(st.lists(st.text(alphabet="ab|\\ é"), max_size=6))
def test_a_list_cell_comes_back(values: list[str]) -> None:
    stripped = [value.strip() for value in values]
    while stripped and not stripped[-1]:
        stripped.pop()
    assert split_list(join_list(stripped)) == stripped


@given(st.text(alphabet="'=+-@a\t", max_size=6))
def test_an_escaped_cell_comes_back(text: str) -> None:
    assert unescape_cell(escape_cell(text)) == text
    assert not escape_cell(text).startswith(("=", "+", "-", "@", "\t"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ĐOÀN LƯƠNG", [("ĐOÀN LƯƠNG", CreditRole.TEXT)]),
        ("Bài và ảnh: LÊ A, TRẦN B; Ảnh: C",
         [("LÊ A", CreditRole.TEXT_AND_PHOTOS), ("TRẦN B", CreditRole.TEXT_AND_PHOTOS), ("C", CreditRole.PHOTOS)]),
        ("Tin, ảnh: X – Y", [("X", CreditRole.NEWS_AND_PHOTOS), ("Y", CreditRole.NEWS_AND_PHOTOS)]),
        ("A và B", [("A", CreditRole.TEXT), ("B", CreditRole.TEXT)]),
        ('"A, B và C"; D', [("A, B và C", CreditRole.TEXT), ("D", CreditRole.TEXT)]),
        ("NGUYỄN ẢNH", [("NGUYỄN ẢNH", CreditRole.TEXT)]),
        ("", []),
    ],
)  # fmt: skip
def test_bylines_in_the_house_forms(text: str, found: list[Credit]) -> None:
    assert parse_byline(text) == found
    assert parse_byline(format_byline(found)) == found
