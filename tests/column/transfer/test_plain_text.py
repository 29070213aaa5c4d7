"""One article from plain text: where each part lands, and what is told of what is not there."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from column.enums import CreditRole
from column.text.dates import TZ
from column.transfer.plain_text import LONGEST, ParsedArticle, parse_article
from column.transfer.problems import BadFile

OURS = Path(__file__).parents[2] / "data" / "article-as-printed.txt"
#: Beside the checkout where it is developed; absent elsewhere.
REAL = Path(__file__).parents[4] / "shared" / "seed" / "article-2017-02-16.txt"


def parse(text: str) -> ParsedArticle:
    return parse_article(text)


def test_our_own_article_lands_in_its_parts() -> None:
    article = parse_article(OURS.read_bytes())

    assert article.kicker_printed == "’’5 XÂY’’, ’’ 3 CHỐNG’’"
    assert article.headline == "Quầy tiếp nhận mở cửa sớm, người dân đỡ phải chờ"
    assert article.printed_at == datetime(2017, 3, 9, 9, 5, tzinfo=TZ)
    assert article.standfirst.startswith("Từ đầu năm 2017, bộ phận “một cửa”")
    assert [text for kind, text in article.body if kind == "subhead"] == [
        "Từ một góp ý nhỏ",
        "Giữ nếp bằng sự công khai",
    ]
    assert [kind for kind, _text in article.body] == [
        "subhead",
        "paragraph",
        "paragraph",
        "subhead",
        "paragraph",
        "paragraph",
    ]
    assert article.byline == "SÔNG HÀN"
    assert article.credits == [("SÔNG HÀN", CreditRole.TEXT)]
    assert article.warnings == ["Đã bỏ dòng cuối chỉ có dấu: “.”."]


@pytest.mark.skipif(not REAL.exists(), reason="the real article lies beside the checkout only where it is developed")
def test_the_real_article_lands_in_its_parts() -> None:
    text = REAL.read_text(encoding="utf-8")
    article = parse_article(REAL.read_bytes())

    assert article.kicker_printed == "’’5 XÂY’’, ’’ 3 CHỐNG’’"
    assert article.headline == "Cải thiện lề lối, tinh thần làm việc trong thực thi công vụ"
    assert article.printed_at == datetime(2017, 2, 16, 14, 12, tzinfo=TZ)
    assert article.standfirst.startswith("Sau 3 năm triển khai Chỉ thị số 29-CT/TU")
    assert [text for kind, text in article.body if kind == "subhead"] == [
        "Thực hiện nhiều giải pháp đồng bộ, hiệu quả",
        "Đẩy mạnh cải cách hành chính phục vụ người dân",
    ]
    assert sum(kind == "paragraph" for kind, _text in article.body) == 7
    assert article.byline == "ĐOÀN LƯƠNG"
    assert article.warnings == ["Đã bỏ dòng cuối chỉ có dấu: “.”."]
    for part in (article.standfirst, *(text for _kind, text in article.body)):
        assert part in text


@pytest.mark.parametrize(
    "path", [OURS, pytest.param(REAL, marks=pytest.mark.skipif(not REAL.exists(), reason="beside"))]
)
def test_not_a_letter_is_lost_or_changed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    article = parse(text)

    parts = [
        article.kicker_printed,
        article.headline,
        article.standfirst,
        *(t for _k, t in article.body),
        article.byline,
    ]
    time_line = next(line for line in text.splitlines() if "GMT" in line)
    kept = "".join("".join(part.split()) for part in [*parts[:2], time_line, *parts[2:]])
    assert kept == "".join(text.split()).rstrip(".") + ("" if not kept.endswith(".") else ".")


def test_quotes_dots_and_no_break_spaces_stay_as_they_are() -> None:
    article = parse("Tiêu đề “ngoặc”\n\nĐoạn có ‘nháy’, 6% – 71%… và\u00a0chỗ  trống kép.\n\nĐoạn hai.\n\nA B")
    assert article.headline == "Tiêu đề “ngoặc”"
    assert article.body[0] == ("paragraph", "Đoạn có ‘nháy’, 6% – 71%… và\u00a0chỗ  trống kép.")


@pytest.mark.parametrize(
    "line",
    ["14:12, 16/02/2017 (GMT+7)", "14h12 ngày 16/2/2017", "Thứ Năm, 16/02/2017, 14:12 (GMT+7)", "16/02/2017 14:12",
     "Cập nhật lúc: 14:12 16/02/2017"],
)  # fmt: skip
def test_the_time_line_in_the_ways_it_is_printed(line: str) -> None:
    article = parse(f"Tiêu đề\n{line}\nĐoạn.\nĐoạn hai.")
    assert (article.headline, article.printed_at) == ("Tiêu đề", datetime(2017, 2, 16, 14, 12, tzinfo=TZ))


def test_a_time_line_that_cannot_be_is_told_and_not_guessed() -> None:
    article = parse("Tiêu đề\n14:12, 16/02/0217 (GMT+7)\nĐoạn.")
    assert article.printed_at is None
    assert any("0217" in warning for warning in article.warnings)


def test_a_sentence_with_a_date_is_no_time_line() -> None:
    article = parse("Tiêu đề\nNgày 16/2/2017, lúc 14:12, đoàn đến thăm một trường học ở quận.\nĐoạn hai.")
    assert article.printed_at is None
    assert len(article.body) == 2


@pytest.mark.parametrize(
    ("last", "found"),
    [
        ("ĐOÀN LƯƠNG", [("ĐOÀN LƯƠNG", CreditRole.TEXT)]),
        ("Bài và ảnh: Sông Hàn", [("Sông Hàn", CreditRole.TEXT_AND_PHOTOS)]),
        ("Tin, ảnh: A - B", [("A", CreditRole.NEWS_AND_PHOTOS), ("B", CreditRole.NEWS_AND_PHOTOS)]),
    ],
)
def test_the_byline_in_the_house_forms(last: str, found: list[tuple[str, CreditRole]]) -> None:
    assert parse(f"Tiêu đề\nĐoạn một của bài.\n{last}").credits == found


def test_text_without_headline_time_or_byline_is_read_and_told() -> None:
    article = parse("Một đoạn văn bình thường, kết thúc bằng dấu chấm.\n\nĐoạn thứ hai cũng vậy.")
    assert (article.headline, article.printed_at, article.byline) == ("", None, "")
    assert [text for _kind, text in article.body] == [
        "Một đoạn văn bình thường, kết thúc bằng dấu chấm.", "Đoạn thứ hai cũng vậy.",
    ]  # fmt: skip
    assert len(article.warnings) == 4


def test_lines_wrapped_by_a_mail_are_joined() -> None:
    wrapped = (
        "Trong buổi đối thoại cuối năm, một người dân nói rằng ông phải\n"
        "xin nghỉ nửa ngày chỉ để chứng thực hai tờ giấy. "
        "Ý kiến ấy được\nghi lại và giao cho phòng chuyên môn tìm cách gỡ trong tháng."
    )
    article = parse(f"Tiêu đề\n\n{wrapped}\n\nĐoạn sau.\n\nA B")
    assert article.standfirst == wrapped.replace("\n", " ")
    assert "Các dòng ngắt giữa câu đã được nối lại thành đoạn." in article.warnings


def test_decomposed_letters_are_composed_and_told() -> None:
    article = parse(unicodedata.normalize("NFD", "Tiêu đề ở Đà Nẵng\nĐoạn một.\nĐoạn hai."))
    assert article.headline == "Tiêu đề ở Đà Nẵng"
    assert "Chữ viết ở dạng Unicode tổ hợp (dấu rời); đã ghép dấu vào chữ." in article.warnings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_in_every_form_is_recognised(encoding: str) -> None:
    article = parse_article(OURS.read_text(encoding="utf-8").encode(encoding))
    assert article.headline == "Quầy tiếp nhận mở cửa sớm, người dân đỡ phải chờ"


def test_windows_1258_is_recognised() -> None:
    marks = {"\u0300": 0xCC, "\u0309": 0xD2, "\u0303": 0xDE, "\u0301": 0xEC, "\u0323": 0xF2}
    out = bytearray()
    for char in OURS.read_text(encoding="utf-8"):
        parts = unicodedata.normalize("NFD", char)
        tone = next((mark for mark in parts if mark in marks), "")
        base = unicodedata.normalize("NFC", parts.replace(tone, "")) if tone else char
        out += base.encode("cp1258")
        if tone:
            out.append(marks[tone])
    article = parse_article(bytes(out))
    assert article.headline == "Quầy tiếp nhận mở cửa sớm, người dân đỡ phải chờ"
    assert any("windows-1258" in warning for warning in article.warnings)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "Chưa có chữ nào"),
        (b"\xef\xbb\xbf \r\n", "Chưa có chữ nào"),
        ("Tiêu đề\x00\nĐoạn".encode(), "NUL"),
        ("Un été à la plage, où le café coûte peu".encode("latin-1") * 3, "UTF-8"),
        (b"PK\x03\x04\x14\x00" + bytes(range(256)), "Word"),
        (b"%PDF-1.7 \xff\xfe\x00", "PDF"),
        (("x" * (LONGEST + 1)).encode(), "nhiều nhất 300000"),
        (("Tiêu đề\n" + "chữ " * 6000).encode(), "ngắt đoạn"),
        ("Đà Nẵ".encode()[:-1], "UTF-8"),
    ],
)
def test_what_is_no_article_is_refused_with_the_mend(data: bytes, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        parse_article(data)


@given(
    st.one_of(
        st.text(),
        st.binary(),
        st.text(alphabet="aĐ.\n\t “”’5:/120GMT+7\u0300"),
    )
)
def test_whatever_is_pasted_is_read_or_refused(source: str | bytes) -> None:
    try:
        article = parse_article(source)
    except BadFile:
        return
    assert article.headline or article.warnings
