"""From the cells of a row to a story that can be written, or to everything that is wrong with the row."""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.utils.translation import gettext as _

from column.enums import Kind
from column.text.dates import DateProblem, format_day, format_moment, local, parse_day, parse_moment
from column.text.normalize import fold
from column.transfer.body import Body, parse
from column.transfer.bylines import Credit, parse_byline
from column.transfer.cells import Cells
from column.transfer.columns import COLUMNS
from column.transfer.pictures import PhotoSpec
from column.transfer.problems import BadCell, Problem
from column.transfer.reading import RawRow
from column.transfer.row_links import addresses, corrections, coverage, documents
from column.transfer.row_photos import photos
from column.transfer.story_row import RowRules, StoryRow

#: Characters of a body; a longer one is a broken export (the longest printed story has some 30,000).
LONGEST_BODY = 1_000_000
_KINDS = {
    **{kind.value: kind for kind in Kind},
    **{fold(str(kind.label)): kind for kind in Kind},
    "bai": Kind.ARTICLE, "tin, anh": Kind.POOLED,
}  # fmt: skip


def check_row(raw: RawRow, rules: RowRules) -> tuple[StoryRow | None, list[Problem]]:
    """The story that a row tells, or None when one of the problems is an error."""
    cells = Cells(raw)
    kind = cells.attempt("kind", lambda: _kind(cells))
    if not cells["external_id"]:
        cells.error("external_id", _("Thiếu mã."), _("Mỗi dòng cần một mã riêng, không đổi giữa các lần nhập."))
    if not cells["title"]:
        cells.error("title", _("Thiếu tiêu đề."), _("Hãy điền tiêu đề."))
    times = cells.attempt("published_at", lambda: _times(cells, rules))
    bylines = cells.attempt("byline", lambda: _byline(cells)) or []
    if kind is None or times is None:
        return None, cells.problems
    published_at, printed_at, issue_date = times
    body = cells.attempt("body", lambda: _body(cells)) or Body()
    own_photos, body_photos = photos(cells, rules, kind, body)
    story = StoryRow(
        row=raw.row, external_id=cells["external_id"], kind=kind, title=cells["title"], published_at=published_at,
        printed_at=printed_at, issue_date=issue_date, standfirst=cells["standfirst"], body=body, credits=bylines,
        coverage=coverage(cells, rules, issue_date), documents=documents(cells, rules), own_photos=own_photos,
        body_photos=body_photos, corrections=corrections(cells), number=cells.attempt("number", lambda: _number(cells)),
        kicker=cells["kicker"], kicker_printed=cells["kicker_printed"], source_name=cells["source_name"],
        print_issue=cells["print_issue"], print_page=cells["print_page"], digest="",
    )  # fmt: skip
    addresses(cells, rules, story)
    incomplete = _("Bài vào danh sách cần bổ sung.")
    if not body.blocks and kind != Kind.PHOTO:
        cells.warn("body", _("Không có nội dung."), incomplete, value="")
    if kind == Kind.PHOTO and not own_photos:
        cells.warn("photos", _("Ảnh đăng riêng mà không có tệp ảnh."), incomplete, value="")
    if cells.failed:
        return None, cells.problems
    story.digest = _digest(cells, rules, [*own_photos, *body_photos.values()])
    return story, cells.problems


def _kind(cells: Cells) -> Kind:
    kind = _KINDS.get(fold(cells["kind"]))
    if kind is None:
        raise BadCell(_("Loại không có trong danh sách."), _("Hãy viết article, news, photo hoặc tin_anh."))
    return kind


def _times(cells: Cells, rules: RowRules) -> tuple[datetime, datetime | None, date]:
    """When it came out, the printed time if there is one, and its issue date."""
    today = local(rules.now).date()
    issue_date = _day(cells, "issue_date", today)
    text = cells["published_at"]
    if not text and issue_date is None:
        raise BadCell(_("Thiếu ngày giờ đăng."), _("Hãy điền published_at (14:12, 16/02/2017) hoặc issue_date."))
    if not text:
        assert issue_date is not None
        published_at, printed_at = (
            datetime.combine(issue_date, rules.default_time, local(rules.now).tzinfo),
            None,
        )
    else:
        try:
            published_at = parse_moment(text, today=today, default=rules.default_time)
        except DateProblem as problem:
            raise BadCell(str(problem), _("Hãy viết ngày trước, tháng sau, năm bốn chữ số.")) from None
        printed_at = published_at if _has_clock(text) else None
    if published_at > rules.now:
        raise BadCell(
            _("Ngày giờ đăng ở tương lai: %(moment)s.") % {"moment": format_moment(published_at)},
            _("Kho chỉ nhận tin, bài đã đăng; hãy xem lại ngày."),
        )
    day = local(published_at).date()
    if issue_date is None:
        issue_date = day
    elif abs((issue_date - day).days) > 7:
        cells.warn("issue_date", _("Ngày đăng và giờ đăng cách nhau hơn một tuần."), _("Hãy xem lại hai cột này."))
    if _KINDS.get(fold(cells["kind"])) == Kind.ARTICLE and rules.rhythm.rule(issue_date) is None:
        cells.warn(
            "issue_date" if cells["issue_date"] else "published_at",
            _("Bài viết không ra vào ngày của chuyên mục: %(day)s.") % {"day": format_day(issue_date)},
            _("Nếu ngày đúng thì không cần sửa; bài nằm ngoài kỳ."),
        )
    return published_at, printed_at, issue_date


def _day(cells: Cells, column: str, today: date) -> date | None:
    text = cells[column]
    if not text:
        return None
    try:
        day = parse_day(text, today=today)
    except DateProblem as problem:
        cells.error(column, str(problem), _("Hãy viết ngày trước, tháng sau, năm bốn chữ số."))
        return None
    if day > today:
        cells.error(column, _("Ngày đăng ở tương lai."), _("Kho chỉ nhận tin, bài đã đăng; hãy xem lại ngày."))
        return None
    return day


def _byline(cells: Cells) -> list[Credit]:
    found = parse_byline(cells["byline"])
    for name, _role in found:
        if len(name) > 120:
            raise BadCell(_("Bút danh dài hơn 120 ký tự."), _("Ngăn các tên bằng dấu phẩy."), value=name)
    return found


def _body(cells: Cells) -> Body:
    text = cells["body"]
    if len(text) > LONGEST_BODY:
        raise BadCell(
            _("Nội dung dài %(length)d ký tự, nhiều nhất %(most)d.") % {"length": len(text), "most": LONGEST_BODY},
            _("Tệp có lẽ dính nhiều bài vào một; hãy tách dòng này."),
        )
    body = parse(text)
    for loss in body.losses:
        cells.warn("body", loss, value="")
    return body


def _number(cells: Cells) -> int | None:
    text = cells["number"]
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) == 9 and text[0] != "0"):
        raise BadCell(_("Số của bài phải có chín chữ số."), _("Hãy bỏ trống để hệ thống tự đặt."))
    return int(text)


def _digest(cells: Cells, rules: RowRules, specs: list[PhotoSpec]) -> str:
    """What makes the row the same row next time: its cells and the files of its photos."""
    digest = hashlib.sha256()
    for name in COLUMNS:
        if cell := cells[name]:
            digest.update(f"{name}\0{cell}\0".encode())
    for spec in specs:
        digest.update(rules.pictures.look(spec.name).sha1.encode())
    return digest.hexdigest()


def _has_clock(text: str) -> bool:
    """Whether a moment was written with its time of day."""
    try:
        parse_day(text)
    except DateProblem:
        return True
    return False
