"""One article from plain text, as the house prints it, read into its parts. Pure: no database, no HTTP.

The layout: a kicker in typographic quotes, the headline, the time (“14:12, 16/02/2017 (GMT+7)”), the standfirst, then
paragraphs with short subheads between them, the byline in capitals last. What is missing is told; no word is changed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from column.text.dates import DateProblem, format_moment, parse_moment
from column.text.normalize import fold
from column.transfer.bylines import Credit, parse_byline
from column.transfer.encoding import decode
from column.transfer.problems import BadFile

#: Characters of a whole article, and of one paragraph; more is another file pasted by mistake.
LONGEST = 300_000
LONGEST_PARAGRAPH = 20_000
HEADLINE, KICKER, STANDFIRST, SUBHEAD, BYLINE = 255, 200, 5000, 120, 160
#: A first paragraph shorter than this is body text, or a subhead.
SHORTEST_STANDFIRST = 80
#: A headline or a kicker stands among the first lines.
_HEAD_LINES = 8

_QUOTES = "\"'“”‘’‟‛„‚«»‹›´`"
_ENDS = ".!?…:;,"
_CLOCK = re.compile(r"\d{1,2}\s*(?::|h|giờ)\s*\d{0,2}", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{2,4}|\d{4}-\d{1,2}-\d{1,2}|tháng\s+\d{1,2}", re.IGNORECASE)
_TIME_WORDS = re.compile(
    r"(?:thứ (?:hai|ba|tư|năm|sáu|bảy)|chủ nhật|ngày|tháng|năm|lúc|giờ|phút|cập nhật|đăng|h|gmt|utc|z|t|[ap]m)\b",
    re.IGNORECASE,
)
_ROLE_LABEL = re.compile(r"^(?:bài|tin|ảnh|biên soạn|thực hiện|tác giả)(?:\s*(?:và|,|-|–)\s*ảnh)?\s*:", re.IGNORECASE)
_CONTROLS = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f]")
_LINE_END = re.compile(r"\r\n|[\r\u2028\u2029\x85]")


@dataclass
class ParsedArticle:
    """The parts of an article. Empty texts for what was not found; ``warnings`` are Vietnamese sentences."""

    headline: str = ""
    #: As printed, quotation marks and all.
    kicker_printed: str = ""
    standfirst: str = ""
    #: ("paragraph" or "subhead", text), in order.
    body: list[tuple[str, str]] = field(default_factory=list)
    #: As printed.
    byline: str = ""
    printed_at: datetime | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def credits(self) -> list[Credit]:
        return parse_byline(self.byline)


def parse_article(source: str | bytes) -> ParsedArticle:
    """Read an article. Raises :class:`BadFile` for what is no text, is empty, or is far too long."""
    article = ParsedArticle()
    if isinstance(source, bytes):
        source, notice = decode(source)
        if notice:
            article.warnings.append(notice)
    lines = _lines(_cleaned(source, article), article)
    _drop_stray_end(lines, article)
    _take_byline(lines, article)
    _take_head(lines, article)
    if len(lines) > 1 and SHORTEST_STANDFIRST <= len(lines[0]) <= STANDFIRST and not article.standfirst:
        article.standfirst = lines.pop(0)
    article.body = _body(lines)
    _tell_what_is_missing(article)
    return article


def _cleaned(text: str, article: ParsedArticle) -> str:
    if "\x00" in text:
        raise BadFile(_("Văn bản có ký tự NUL (byte 0), có lẽ do lưu sai bảng mã; hãy lưu lại bằng mã UTF-8."))
    if len(text) > LONGEST:
        raise BadFile(
            _("Văn bản dài %(length)d ký tự, nhiều nhất %(most)d cho một bài; hãy kiểm tra lại tệp.")
            % {"length": len(text), "most": LONGEST}
        )
    if any("\ud800" <= ch <= "\udfff" for ch in text):
        raise BadFile(_("Văn bản có ký tự hỏng; hãy chép lại từ bản gốc."))
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
        article.warnings.append(_("Chữ viết ở dạng Unicode tổ hợp (dấu rời); đã ghép dấu vào chữ."))
    if _CONTROLS.search(text):
        text = _CONTROLS.sub("", text)
        article.warnings.append(_("Đã bỏ các ký tự điều khiển không nhìn thấy."))
    if not text.strip("\ufeff \t\r\n\u00a0"):
        raise BadFile(_("Chưa có chữ nào; hãy dán văn bản của bài, hoặc chọn tệp khác."))
    return text


def _lines(text: str, article: ParsedArticle) -> list[str]:
    """The paragraphs: one a line, or joined where the lines were wrapped by a mail or a printer."""
    blocks: list[list[str]] = [[]]
    for line in _LINE_END.sub("\n", text.lstrip("\ufeff")).replace("\x0c", "\n").split("\n"):
        stripped = line.strip(" \t\u00a0\ufeff")
        if stripped:
            blocks[-1].append(stripped)
        elif blocks[-1]:
            blocks.append([])
    paragraphs: list[str] = []
    for block in blocks:
        if _is_wrapped(block):
            paragraphs.append(" ".join(block))
            wrapped = _("Các dòng ngắt giữa câu đã được nối lại thành đoạn.")
            if wrapped not in article.warnings:
                article.warnings.append(wrapped)
        else:
            paragraphs.extend(block)
    longest = max(map(len, paragraphs), default=0)
    if longest > LONGEST_PARAGRAPH:
        raise BadFile(
            _("Có một đoạn dài %(length)d ký tự, nhiều nhất %(most)d; hãy ngắt đoạn đó thành nhiều đoạn.")
            % {"length": longest, "most": LONGEST_PARAGRAPH}
        )
    return paragraphs


def _is_wrapped(block: list[str]) -> bool:
    """Three lines or more of about one width, most of them broken within a sentence."""
    if len(block) < 3:
        return False
    full = block[:-1]
    broken = sum(line[-1] not in _ENDS + _QUOTES for line in full)
    return all(50 <= len(line) <= 120 for line in full) and broken >= len(full) * 0.6


def _drop_stray_end(lines: list[str], article: ParsedArticle) -> None:
    while lines and not any(ch.isalnum() for ch in lines[-1]):
        article.warnings.append(_("Đã bỏ dòng cuối chỉ có dấu: “%(line)s”.") % {"line": lines.pop()[:20]})


def _take_byline(lines: list[str], article: ParsedArticle) -> None:
    if len(lines) > 1 and _is_byline(lines[-1]):
        article.byline = lines.pop()


def _is_byline(line: str) -> bool:
    if len(line) > BYLINE or line[-1] in ":;?…":
        return False
    if _ROLE_LABEL.match(line):
        return True
    letters = [ch for ch in line if ch.isalpha()]
    return len(letters) > 1 and len(line) <= 80 and all(ch == ch.upper() for ch in letters)


def _take_head(lines: list[str], article: ParsedArticle) -> None:
    """Kicker, headline and time off the top; what else stands above the time belongs to the standfirst."""
    place = next((place for place, line in enumerate(lines[:_HEAD_LINES]) if _is_time_line(line)), None)
    head: list[str] = []
    if place is not None:
        head = lines[:place]
        _read_time(lines[place], article)
        del lines[: place + 1]
    else:
        kicked = bool(lines) and _is_kicker(lines[0])
        while lines and len(head) < (2 if kicked else 1) and _may_head(lines[0]):
            head.append(lines.pop(0))
    if len(head) > 1 and _is_kicker(head[0]):
        article.kicker_printed = head.pop(0)
    if head and len(head[0]) <= HEADLINE:
        article.headline = head.pop(0)
    if head:
        article.standfirst = "\n".join(head)[:STANDFIRST]
        if place is not None:
            article.warnings.append(_("Có chữ giữa tiêu đề và dòng giờ; đã đưa vào sa-pô."))


def _may_head(line: str) -> bool:
    return len(line) <= HEADLINE and line[-1] not in ".;,"


def _is_kicker(line: str) -> bool:
    """The column's name in quotes or capitals, above the headline."""
    if len(line) > KICKER // 2:
        return False
    letters = [ch for ch in line if ch.isalpha()]
    folded = fold(line)
    named = "5 xay" in folded and "3 chong" in folded
    return (
        named
        or (line[0] in _QUOTES and line[-1] in _QUOTES)
        or (bool(letters) and all(ch == ch.upper() for ch in letters))
    )


def _is_time_line(line: str) -> bool:
    """Short, with a date and a time, and nearly nothing else."""
    if len(line) > 70 or not _DATE.search(line) or not _CLOCK.search(line):
        return False
    words = _TIME_WORDS.sub("", line)
    return sum(ch.isalpha() for ch in words) <= 3


def _read_time(line: str, article: ParsedArticle) -> None:
    text = re.sub(r"^(?:cập nhật|đăng)\s*(?:lúc)?\s*:?\s*", "", line.strip(" -–|"), flags=re.IGNORECASE)
    try:
        article.printed_at = parse_moment(text)
    except DateProblem as problem:
        article.warnings.append(_("Không đọc được dòng giờ: %(why)s") % {"why": problem})


def _body(lines: list[str]) -> list[tuple[str, str]]:
    return [
        ("subhead" if place + 1 < len(lines) and _is_subhead(line, lines[place + 1]) else "paragraph", line)
        for place, line in enumerate(lines)
    ]


def _is_subhead(line: str, following: str) -> bool:
    """A short line without final punctuation, before a paragraph that is longer."""
    bare = line.rstrip(_QUOTES)
    if len(line) > SUBHEAD or not bare or bare[-1] in _ENDS or line[0] in "-–•*+":
        return False
    return len(following) > len(line)


def _tell_what_is_missing(article: ParsedArticle) -> None:
    if not article.headline:
        article.warnings.append(_("Không thấy tiêu đề; hãy viết tiêu đề thành một dòng riêng ở đầu văn bản."))
    if article.printed_at is None and not any("dòng giờ" in warning for warning in article.warnings):
        article.warnings.append(_("Không thấy dòng giờ, ví dụ: 14:12, 16/02/2017 (GMT+7)."))
    elif article.printed_at is not None and article.printed_at.year < 1997:
        article.warnings.append(
            _("Giờ ghi trên bản gốc là %(moment)s; hãy xem lại.") % {"moment": format_moment(article.printed_at)}
        )
    if not article.standfirst:
        article.warnings.append(_("Không thấy sa-pô."))
    if not article.body:
        article.warnings.append(_("Không thấy nội dung."))
    if not article.byline:
        article.warnings.append(_("Không thấy bút danh; bút danh viết hoa, ở dòng cuối."))
