import pytest
from django.core.checks import run_checks

from column.stories.blocks import BodyBlock
from search import declarations
from search.declarations import BODY_BLOCKS, PAGE_TYPES, check_declarations, plain


def test_everything_is_declared() -> None:
    assert check_declarations() == []
    assert set(BODY_BLOCKS) == set(BodyBlock().child_blocks)
    assert {label for label, declared in PAGE_TYPES.items() if declared.archive} == {
        "column.Story",
        "column.Article",
        "column.NewsItem",
        "column.Photo",
    }


def test_a_page_type_without_declaration_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        declarations, "PAGE_TYPES", {label: one for label, one in PAGE_TYPES.items() if label != "home.HomePage"}
    )
    (error,) = [one for one in run_checks() if one.id == "search.E001"]
    assert "home.HomePage" in error.msg


def test_a_block_without_declaration_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        declarations,
        "BODY_BLOCKS",
        {name: one for name, one in BODY_BLOCKS.items() if name != "quote"} | {"gone": plain},
    )
    assert [one.msg for one in check_declarations() if one.id == "search.E002"] == [
        "Khối nội dung “gone” chưa khai báo cách tìm kiếm.",
        "Khối nội dung “quote” chưa khai báo cách tìm kiếm.",
    ]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>Một <b>cửa</b></p><p>hai</p>", "Một cửa\nhai\n"),
        ("từ<i>ghép</i><br/>dòng", "từghép\ndòng"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb\n"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ("trơn", "trơn"),
    ],
)
def test_plain(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize(
    ("kind", "value", "lines"),
    [
        ("paragraph", "<p>Đoạn</p>", ["Đoạn\n"]),
        ("subhead", "Tít phụ", ["Tít phụ"]),
        ("quote", {"text": "Lời", "attribution": "Ông A"}, ["Lời", "Ông A"]),
        ("photo", {"image": 1, "caption": "Chú thích", "credit": "X"}, ["Chú thích"]),
        (
            "gallery",
            {"photos": [{"type": "item", "value": {"image": 1, "caption": "Một"}}, {"image": 2, "caption": "Hai"}]},
            ["Một", "Hai"],
        ),
        ("table", {"data": [["a", None], ["b", "c"]], "table_caption": "Bảng"}, ["a", "b c", "Bảng"]),
        ("number", {"value": "55/56", "text": "phường", "source": None}, ["55/56", "phường", ""]),
        ("related", {"stories": [1]}, []),
        ("link_card", {"url": "https://x.vn", "title": "T", "text": "U", "source": "S"}, ["T", "U", "S"]),
    ],
)
def test_blocks(kind: str, value: object, lines: list[str]) -> None:
    assert list(declarations.body_paragraphs([{"type": kind, "value": value}])) == lines


def test_pictures_of_a_body() -> None:
    blocks = [
        {"type": "photo", "value": {"image": 7, "caption": "Một"}},
        {"type": "gallery", "value": {"photos": [{"type": "item", "value": {"image": 8}}, {"image": None}]}},
        {"type": "paragraph", "value": "x"},
    ]
    assert list(declarations.body_pictures(blocks)) == [(7, "Một"), (8, "")]
