"""From the cells of a row to a story that can be written, or to everything that is wrong with the row."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from column.coverage.recording import MAX_EVIDENCE, Row
from column.enums import CorrectionKind, CoverageRole, DocumentRelation, Kind, Rights, Tone
from column.text.dates import DateProblem, format_day, format_moment, local, parse_day, parse_moment
from column.text.normalize import fold
from column.transfer.body import Block, Body, PhotoRef, parse
from column.transfer.bylines import Credit, parse_byline
from column.transfer.columns import COLUMNS, PHOTO_COLUMNS, split_list
from column.transfer.pictures import PhotoSpec, PictureStore
from column.transfer.problems import BadCell, Problem, Severity
from column.transfer.reading import RawRow
from column.transfer.vocabulary import Vocabulary

#: Characters of a body; a longer one is a broken export (the longest printed story has some 30,000).
LONGEST_BODY = 1_000_000
_LENGTHS = {
    "external_id": 80, "title": 255, "kicker": 120, "kicker_printed": 200, "print_issue": 20, "print_page": 20,
    "source_name": 160, "standfirst": 5000,
}  # fmt: skip
_PHOTO_LENGTHS = {"captions": 1000, "credits": 160, "alts": 300, "places": 160, "people": 300}
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_MARKED_ITEM = re.compile(r"^(.*?)\s*\[([^\]]*)\]$")
_CREDIT_LABEL = re.compile(r"^(?:Ảnh|Nguồn ảnh)\s*:\s*", re.IGNORECASE)
_KINDS = {
    **{kind.value: kind for kind in Kind},
    **{fold(str(kind.label)): kind for kind in Kind},
    "bai": Kind.ARTICLE, "tin, anh": Kind.POOLED, "tin_anh": Kind.POOLED,
}  # fmt: skip
_ROLES = {
    **{fold(word): role for role in CoverageRole for word in (role.value, str(role.label))},
    "nhac den": CoverageRole.MENTIONED, "doi tuong": CoverageRole.SUBJECT,
}  # fmt: skip
_TONES = {fold(word): tone for tone in Tone if tone for word in (tone.value, str(tone.label))}
_RELATIONS = {fold(word): relation for relation in DocumentRelation for word in (relation.value, str(relation.label))}
_RIGHTS = {fold(word): right for right in Rights for word in (right.value, str(right.label))}
_CORRECTIONS = {fold(word): kind for kind in CorrectionKind for word in (kind.value, str(kind.label))}
_url = URLValidator(schemes=["http", "https"])
T = TypeVar("T")


@dataclass
class StoryRow:
    """A row that can be written. Every datetime is aware."""

    row: int
    external_id: str
    kind: Kind
    title: str
    published_at: datetime
    issue_date: date
    digest: str
    #: The printed time; None when the file gives only the day.
    printed_at: datetime | None = None
    standfirst: str = ""
    body: Body = field(default_factory=Body)
    credits: list[Credit] = field(default_factory=list)
    coverage: list[Row] = field(default_factory=list)
    documents: dict[int, str] = field(default_factory=dict)
    #: Addresses on our own domain, to be redirected.
    old_paths: list[str] = field(default_factory=list)
    source_url: str = ""
    source_name: str = ""
    #: The photo story's photos; elsewhere the lead photo alone, or none.
    own_photos: list[PhotoSpec] = field(default_factory=list)
    #: Every photo that the body shows, by the name of its file.
    body_photos: dict[str, PhotoSpec] = field(default_factory=dict)
    kicker: str = ""
    kicker_printed: str = ""
    print_issue: str = ""
    print_page: str = ""
    number: int | None = None
    corrections: list[tuple[CorrectionKind, datetime, str]] = field(default_factory=list)


@dataclass
class RowRules:
    """What a row is checked against."""

    words: Vocabulary
    pictures: PictureStore
    own_hosts: frozenset[str]
    now: datetime
    weekday: int = 3
    default_time: time = time(6, 0)
    #: A photo that cannot be used is left out with a warning instead of holding its row back.
    lenient_photos: bool = False

    def check(self, raw: RawRow) -> tuple[StoryRow | None, list[Problem]]:
        """The story, or None when one of the problems is an error."""
        return _Check(self, raw).run()


class _Check:
    """One row on its way. Each reader returns its value and gathers what is wrong with its cell."""

    def __init__(self, rules: RowRules, raw: RawRow) -> None:
        self.rules, self.raw = rules, raw
        self.problems: list[Problem] = []
        self.cells = {name: self._clean(name, cell) for name, cell in raw.cells.items()}
        self.external_id = self.cells.get("external_id", "")

    def run(self) -> tuple[StoryRow | None, list[Problem]]:
        self._lengths()
        kind = self._try("kind", self._kind)
        if not self.external_id:
            self._error("external_id", _("Thiếu mã."), _("Mỗi dòng cần một mã riêng, không đổi giữa các lần nhập."))
        if not self.cells.get("title"):
            self._error("title", _("Thiếu tiêu đề."), _("Hãy điền tiêu đề."))
        times = self._try("published_at", self._times)
        credits = self._try("byline", self._byline) or []
        if kind is None or times is None:
            return None, self.problems
        published_at, printed_at, issue_date = times
        body = self._try("body", self._body) or Body()
        own_photos, body_photos = self._photos(kind, body)
        story = StoryRow(
            row=self.raw.row, external_id=self.external_id, kind=kind, title=self.cells.get("title", ""),
            published_at=published_at, printed_at=printed_at, issue_date=issue_date,
            standfirst=self.cells.get("standfirst", ""), body=body, credits=credits,
            coverage=self._coverage(issue_date), documents=self._documents(), own_photos=own_photos, body_photos=body_photos,
            corrections=self._corrections(), number=self._try("number", self._number), digest="",
            **{name: self.cells.get(name, "") for name in
               ("kicker", "kicker_printed", "source_name", "print_issue", "print_page")},
        )  # fmt: skip
        self._addresses(story)
        if not body.blocks and kind != Kind.PHOTO:
            self._warn("body", _("Không có nội dung."), _("Bài vào danh sách cần bổ sung."), value="")
        if kind == Kind.PHOTO and not own_photos:
            self._warn(
                "photos", _("Ảnh đăng riêng mà không có tệp ảnh."), _("Bài vào danh sách cần bổ sung."), value=""
            )
        if any(problem.severity is Severity.ERROR for problem in self.problems):
            return None, self.problems
        story.digest = self._digest([*own_photos, *body_photos.values()])
        return story, self.problems

    # Gathering ----------------------------------------------------------------------------------------------------

    def _error(self, column: str, reason: str, mend: str, *, value: str | None = None) -> None:
        self._tell(column, reason, mend, value, Severity.ERROR)

    def _warn(self, column: str, reason: str, mend: str = "", *, value: str | None = None) -> None:
        self._tell(column, reason, mend, value, Severity.WARNING)

    def _tell(self, column: str, reason: str, mend: str, value: str | None, severity: Severity) -> None:
        shown = self.raw.cells.get(column, "") if value is None else value
        self.problems.append(Problem(
            self.raw.row, column, shown[:200], reason, mend, severity, self.raw.cells.get("external_id", "")[:80]
        ))  # fmt: skip

    def _try(self, column: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except BadCell as problem:
            self._error(column, problem.reason, problem.mend, value=problem.value)
        return None

    def _clean(self, name: str, cell: str) -> str:
        """Text as written, but composed, with plain line ends and without control characters."""
        if cell.isascii() and cell.isprintable():
            return cell.strip()
        if not unicodedata.is_normalized("NFC", cell):
            cell = unicodedata.normalize("NFC", cell)
            self._warn(name, _("Chữ viết ở dạng Unicode tổ hợp (dấu rời)."), _("Đã ghép dấu vào chữ; không cần sửa."))
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
        if _CONTROLS.search(cell):
            cell = _CONTROLS.sub("", cell)
            self._warn(name, _("Ô có ký tự điều khiển không nhìn thấy."), _("Đã bỏ các ký tự đó."))
        cell = cell.strip(" \t\n\ufeff")
        return cell if name in _MANY_LINES or "\n" not in cell else " ".join(cell.split())

    def _lengths(self) -> None:
        for name, most in _LENGTHS.items():
            if len(self.cells.get(name, "")) > most:
                self._error(
                    name, _("Dài %(length)d ký tự, nhiều nhất %(most)d.")
                    % {"length": len(self.cells[name]), "most": most}, _("Hãy rút gọn."),
                )  # fmt: skip

    # The columns --------------------------------------------------------------------------------------------------

    def _kind(self) -> Kind:
        kind = _KINDS.get(fold(self.cells.get("kind", "")))
        if kind is None:
            raise BadCell(_("Loại không có trong danh sách."), _("Hãy viết article, news, photo hoặc tin_anh."))
        return kind

    def _times(self) -> tuple[datetime, datetime | None, date]:
        """When it came out, the printed time if there is one, and its issue date."""
        today = local(self.rules.now).date()
        issue_date = self._day("issue_date", today)
        text = self.cells.get("published_at", "")
        if not text and issue_date is None:
            raise BadCell(_("Thiếu ngày giờ đăng."), _("Hãy điền published_at (14:12, 16/02/2017) hoặc issue_date."))
        if not text:
            assert issue_date is not None
            published_at, printed_at = (
                datetime.combine(issue_date, self.rules.default_time, local(self.rules.now).tzinfo),
                None,
            )
        else:
            try:
                published_at = parse_moment(text, today=today, default=self.rules.default_time)
            except DateProblem as problem:
                raise BadCell(str(problem), _("Hãy viết ngày trước, tháng sau, năm bốn chữ số.")) from None
            printed_at = published_at if _has_clock(text) else None
        if published_at > self.rules.now:
            raise BadCell(
                _("Ngày giờ đăng ở tương lai: %(moment)s.") % {"moment": format_moment(published_at)},
                _("Kho chỉ nhận tin, bài đã đăng; hãy xem lại ngày."),
            )
        day = local(published_at).date()
        if issue_date is None:
            issue_date = day
        elif abs((issue_date - day).days) > 7:
            self._warn("issue_date", _("Ngày đăng và giờ đăng cách nhau hơn một tuần."), _("Hãy xem lại hai cột này."))
        if _KINDS.get(fold(self.cells.get("kind", ""))) == Kind.ARTICLE and issue_date.weekday() != self.rules.weekday:
            self._warn(
                "issue_date" if self.cells.get("issue_date") else "published_at",
                _("Bài viết không ra vào thứ Năm: %(day)s.") % {"day": format_day(issue_date)},
                _("Nếu ngày đúng thì không cần sửa; bài nằm ngoài kỳ."),
            )
        return published_at, printed_at, issue_date

    def _day(self, column: str, today: date) -> date | None:
        text = self.cells.get(column, "")
        if not text:
            return None
        try:
            day = parse_day(text, today=today)
        except DateProblem as problem:
            self._error(column, str(problem), _("Hãy viết ngày trước, tháng sau, năm bốn chữ số."))
            return None
        if day > today:
            self._error(column, _("Ngày đăng ở tương lai."), _("Kho chỉ nhận tin, bài đã đăng; hãy xem lại ngày."))
            return None
        return day

    def _byline(self) -> list[Credit]:
        credits = parse_byline(self.cells.get("byline", ""))
        for name, _role in credits:
            if len(name) > 120:
                raise BadCell(_("Bút danh dài hơn 120 ký tự."), _("Ngăn các tên bằng dấu phẩy."), value=name)
        return credits

    def _body(self) -> Body:
        text = self.cells.get("body", "")
        if len(text) > LONGEST_BODY:
            raise BadCell(
                _("Nội dung dài %(length)d ký tự, nhiều nhất %(most)d.") % {"length": len(text), "most": LONGEST_BODY},
                _("Tệp có lẽ dính nhiều bài vào một; hãy tách dòng này."),
            )
        body = parse(text)
        for loss in body.losses:
            self._warn("body", loss, value="")
        return body

    def _number(self) -> int | None:
        text = self.cells.get("number", "")
        if not text:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) == 9 and text[0] != "0"):
            raise BadCell(_("Số của bài phải có chín chữ số."), _("Hãy bỏ trống để hệ thống tự đặt."))
        return int(text)

    # Coverage and documents ---------------------------------------------------------------------------------------

    def _coverage(self, day: date) -> list[Row]:
        """``unit``, ``unit>criterion`` in departments, bare criteria in criteria; nothing is multiplied."""
        evidence = split_list(self.cells.get("evidence", ""))
        items = [("departments", item) for item in split_list(self.cells.get("departments", "")) if item]
        items += [("criteria", item) for item in split_list(self.cells.get("criteria", "")) if item]
        if len(evidence) > len(items):
            self._error(
                "evidence", _("Có nhiều đoạn dẫn chứng hơn số đơn vị, tiêu chí."),
                _("Mỗi đoạn ứng với một mục, theo thứ tự của departments rồi criteria."),
            )  # fmt: skip
        rows: dict[tuple[int | None, int | None], Row] = {}
        for place, (column, item) in enumerate(items):
            passage = evidence[place] if place < len(evidence) else ""
            row = self._try(column, lambda c=column, i=item, p=passage: self._coverage_row(c, i, p, day))  # type: ignore[misc]
            if row is None:
                continue
            if row.key in rows:
                self._warn(column, _("Mục này ghi hai lần."), _("Đã giữ mục đầu."), value=item)
            rows.setdefault(row.key, row)
        return list(rows.values())

    def _coverage_row(self, column: str, item: str, evidence: str, day: date) -> Row:
        name, role, tone = item, CoverageRole.SUBJECT, Tone.UNSET
        if match := _MARKED_ITEM.match(item):
            name = match[1]
            for mark in re.split(r"\s*[;,]\s*", match[2].strip()):
                if fold(mark) in _ROLES:
                    role = _ROLES[fold(mark)]
                elif fold(mark) in _TONES:
                    tone = _TONES[fold(mark)]
                else:
                    raise BadCell(
                        _("Trong ngoặc vuông có chữ không hiểu được: “%(mark)s”.") % {"mark": mark},
                        _("Chỉ viết: nhắc đến, biểu dương, phê bình, thông tin."), value=item,
                    )  # fmt: skip
        if len(evidence) > MAX_EVIDENCE:
            raise BadCell(
                _("Đoạn dẫn chứng dài quá %(most)d ký tự.") % {"most": MAX_EVIDENCE}, _("Hãy rút gọn."), value=evidence
            )
        if column == "criteria":
            return Row(None, self.rules.words.criterion(name)[1], evidence, role, tone)
        unit_name, arrow, criterion_name = name.partition(">")
        unit, warning = self.rules.words.unit(unit_name, day)
        if warning:
            self._warn(column, warning, _("Nếu đúng là đơn vị này thì không cần sửa."), value=unit_name)
        criterion = self.rules.words.criterion(criterion_name)[1] if arrow else None
        return Row(unit.pk, criterion, evidence, role, tone)

    def _documents(self) -> dict[int, str]:
        found: dict[int, str] = {}
        for item in split_list(self.cells.get("documents", "")):
            relation_name, colon, name = item.partition(":")
            relation = _RELATIONS.get(fold(relation_name))
            if not colon or relation is None:
                self._error(
                    "documents", _("Không rõ quan hệ với văn bản."),
                    _("Hãy viết: thực hiện: 29-CT/TU (06/11/2013); các quan hệ: thực hiện, gắn với, nhắc đến."), value=item,
                )  # fmt: skip
                continue
            document = self._try("documents", lambda n=name: self.rules.words.document(n.strip()))  # type: ignore[misc]
            if document is not None:
                found[document.pk] = relation
        return found

    def _corrections(self) -> list[tuple[CorrectionKind, datetime, str]]:
        found = []
        for item in split_list(self.cells.get("corrections", "")):
            head, at, rest = item.partition(" @ ")
            when, colon, text = rest.partition(" = ")
            kind = _CORRECTIONS.get(fold(head))
            try:
                moment = parse_moment(when)
            except DateProblem:
                moment = None
            if not (at and colon and kind and moment and text) or len(text) > 2000:
                self._error(
                    "corrections", _("Đính chính viết không đúng dạng."),
                    _("Hãy viết: đính chính @ 09:00, 20/02/2017 = nội dung (nhiều nhất 2000 ký tự)."), value=item,
                )  # fmt: skip
            else:
                found.append((kind, moment, text))
        return found

    # Addresses and photos -----------------------------------------------------------------------------------------

    def _addresses(self, story: StoryRow) -> None:
        for address in split_list(self.cells.get("source_url", "")):
            if not address:
                continue
            try:
                _url(address)
                parts = urlsplit(address)
            except (ValidationError, ValueError):
                self._error(
                    "source_url", _("Địa chỉ không đúng."), _("Hãy viết đủ, bắt đầu bằng https://."), value=address
                )
                continue
            if (parts.hostname or "").lower() in self.rules.own_hosts:
                self._own_address(story, address)
            elif story.source_url:
                self._error("source_url", _("Có hai địa chỉ nguồn ở nơi khác."), _("Hãy giữ một."), value=address)
            elif len(address) > 500:
                self._error("source_url", _("Địa chỉ dài quá 500 ký tự."), _("Hãy rút gọn."), value=address)
            else:
                story.source_url = address

    def _own_address(self, story: StoryRow, address: str) -> None:
        # The redirect app's own form of a path, so that its middleware finds it.
        from wagtail.contrib.redirects.models import Redirect  # a model: not to be imported with the rules

        path = Redirect.normalise_path(address)
        if path == "/":
            self._warn("source_url", _("Địa chỉ cũ là trang nhất, không chuyển hướng được."), value=address)
        elif len(path) > 255:
            self._warn("source_url", _("Địa chỉ cũ dài quá 255 ký tự, không chuyển hướng được."), value=address)
        else:
            story.old_paths.append(path)

    def _photos(self, kind: Kind, body: Body) -> tuple[list[PhotoSpec], dict[str, PhotoSpec]]:
        """The story's own photos and those of its body.

        Photos before the first empty value are the story's own: all of a photo story's, else the first is the lead
        photo. The others belong to the body; those that the body does not place go to its end.
        """
        names = split_list(self.cells.get("photos", ""))
        columns = {name: split_list(self.cells.get(name, "")) for name in PHOTO_COLUMNS}
        for column, values in columns.items():
            if len(values) > len(names):
                self._error(
                    column, _("Có %(values)d giá trị cho %(photos)d ảnh.") % {"values": len(values), "photos": len(names)},
                    _("Mỗi ảnh một giá trị, ngăn bằng |; dấu | ở trong chữ viết là \\|."),
                )  # fmt: skip
        before = names.index("") if "" in names else len(names)
        owned = before if kind == Kind.PHOTO else min(before, 1)
        own: list[PhotoSpec] = []
        placed: dict[str, PhotoSpec] = {}
        for place, name in enumerate(names):
            texts = {column: values[place] if place < len(values) else "" for column, values in columns.items()}
            if name and (spec := self._photo(name, texts)) is not None:
                if place < owned:
                    own.append(spec)
                else:
                    placed.setdefault(name, spec)
        shown = {spec.name: spec for spec in own}
        for ref in body.photos:
            if ref.name not in placed:
                spec = shown.get(ref.name) or self._photo(ref.name, {"alts": ref.alt[:300]})
                if spec is not None:
                    placed[ref.name] = spec
        _keep_usable(body, set(placed))
        _append(body, [name for name in placed if name not in {ref.name for ref in body.photos}])
        return own, placed

    def _photo(self, name: str, texts: dict[str, str]) -> PhotoSpec | None:
        credit = _CREDIT_LABEL.sub("", texts.get("credits", ""))
        for column, most in _PHOTO_LENGTHS.items():
            if len(texts.get(column, "")) > most:
                self._error(
                    column, _("Dài hơn %(most)d ký tự.") % {"most": most}, _("Hãy rút gọn."), value=texts[column]
                )
        rights = _RIGHTS.get(fold(texts.get("rights", "")))
        if rights is None:
            self._error(
                "rights", _("Bản quyền không có trong danh sách."),
                _("Hãy viết một trong: %(values)s.") % {"values": ", ".join(value for value in Rights.values if value)},
                value=texts["rights"],
            )  # fmt: skip
        taken_at = None
        if taken := texts.get("taken_at"):
            try:
                taken_at = parse_moment(taken)
            except DateProblem as problem:
                self._error("taken_at", str(problem), _("Hãy viết: 14:12, 16/02/2017."), value=taken)
        try:
            self.rules.pictures.look(name)
        except BadCell as problem:
            if self.rules.lenient_photos:
                self._warn(
                    "photos",
                    problem.reason,
                    _("Đã nhập bài mà không có ảnh này. %(mend)s") % {"mend": problem.mend},
                    value=name,
                )
            else:
                self._error("photos", problem.reason, problem.mend, value=name)
            return None
        return PhotoSpec(
            name, texts.get("captions", ""), credit, texts.get("alts", ""), rights or "", taken_at,
            texts.get("places", ""), texts.get("people", ""),
        )  # fmt: skip

    def _digest(self, photos: list[PhotoSpec]) -> str:
        """What makes the row the same row next time: its cells and the files of its photos."""
        digest = hashlib.sha256()
        for name in COLUMNS:
            if cell := self.cells.get(name):
                digest.update(f"{name}\0{cell}\0".encode())
        for spec in photos:
            digest.update(self.rules.pictures.look(spec.name).sha1.encode())
        return digest.hexdigest()


#: Columns whose line ends mean something.
_MANY_LINES = {"body", "standfirst", "captions", "evidence", "corrections", "alts"}


def _has_clock(text: str) -> bool:
    """Whether a moment was written with its time of day."""
    try:
        parse_day(text)
    except DateProblem:
        return True
    return False


def _keep_usable(body: Body, usable: set[str]) -> None:
    """Drop photos that are not there from the body (only when the caller allows it)."""
    if all(ref.name in usable for ref in body.photos):
        return
    kept = []
    for block in body.blocks:
        if block.type == "photo" and block.value.name not in usable:
            continue
        if block.type == "gallery":
            block.value = [ref for ref in block.value if ref.name in usable]
            if len(block.value) == 1:
                block.type, block.value = "photo", block.value[0]
            elif not block.value:
                continue
        kept.append(block)
    body.blocks = kept


def _append(body: Body, names: list[str]) -> None:
    """Photos that the row lists and the body does not place."""
    refs = [PhotoRef(name) for name in names]
    if len(refs) > 1:
        body.blocks.append(Block("gallery", refs))
    elif refs:
        body.blocks.append(Block("photo", refs[0]))
