"""A report as printed pages: the texts of its layout, its table cut to the width of A4. Shared by DOCX and PDF."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from column.tallies.exports.models import ReportLayout
from column.tallies.exports.report import Line, Report
from column.text.dates import TZ, format_date_words, format_number

#: Columns of numbers on an upright page; more lie across.
UPRIGHT = 4
#: And on a page across: more columns are printed as a second table with the same rows.
ACROSS = 11
#: Lines that a printed file holds: some 150 pages. Above, a spreadsheet is the right file.
MOST_LINES = 3000
A4 = (210, 297)
#: Millimetres: TT, the inner line, one number, the remarks.
_ORDINAL, _PART, _NUMBER, _NOTE, _NAME_LEAST = 9, 24, 15, 24, 40


class TooLong(Exception):
    """A table that no printed file should hold; the message is Vietnamese."""


@dataclass(frozen=True)
class PrintedLine:
    """``kind`` is ``row``, ``part`` (a line within a row) or ``total``; cells are printed as they are."""

    cells: list[str]
    kind: str


@dataclass(frozen=True)
class PrintedTable:
    """``widths`` in millimetres; ``alignment`` holds ``left``, ``center`` or ``number``."""

    head: list[str]
    lines: list[PrintedLine]
    widths: list[float]
    alignment: list[str]


@dataclass(frozen=True)
class Paper:
    """All that a template needs; every text is plain, every measure a number."""

    document_title: str
    heading: str
    motto: str
    superior: list[str]
    issuer: str
    number_line: str
    place_and_date: str
    appendix: str
    title: str
    sentence: str
    attached: str
    draft: str
    continued: str
    tables: list[PrintedTable]
    empty: str
    notes: list[tuple[str, str]]
    footnotes: list[str]
    code: str
    code_label: str
    compiler: list[str]
    signer: list[str]
    landscape: bool
    body_size: int
    heading_size: int
    title_size: int
    table_size: int
    picture_height: int
    margins: dict[str, int]
    pictures: list[dict[str, str]] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the page in millimetres."""
        return (A4[1], A4[0]) if self.landscape else A4


def paper_of(report: Report, layout: ReportLayout) -> Paper:
    """Lay a report out. Raises :class:`TooLong`."""
    lines = len(report.lines) + len(report.groups) + len(report.totals)
    if lines > MOST_LINES:
        raise TooLong(
            _(
                "Bảng có %(lines)s dòng, dài quá để in (nhiều nhất %(most)s dòng);"
                " hãy thu hẹp phạm vi hoặc tải XLSX, CSV."
            )
            % {"lines": format_number(lines), "most": format_number(MOST_LINES)}
        )
    across = len(report.columns) > UPRIGHT
    margins = {side: getattr(layout, f"margin_{side}") for side in ("top", "bottom", "left", "right")}
    width = A4[1 if across else 0] - margins["left"] - margins["right"]
    return Paper(
        document_title=f"{layout.title.capitalize()}: {report.sentence}",
        heading=layout.heading, motto=layout.motto, superior=_lines(layout.superior), issuer=layout.issuer,
        number_line=layout.number_line,
        place_and_date=f"{layout.place}, {format_date_words(report.made_at.astimezone(TZ))}",
        appendix=layout.appendix, title=layout.title, sentence=report.sentence, attached=layout.attached,
        draft=_("(Dự thảo: số liệu chưa chốt)") if report.is_draft else "",
        continued=_("(Tiếp theo: các cột còn lại của cùng bảng)"),
        tables=_tables(report, across=across, width=width),
        empty="" if report.lines else _("Không có tin, bài nào trong phạm vi này."),
        notes=list(report.notes), footnotes=list(report.footnotes), code=report.code,
        code_label=_("Mã phiếu chốt số liệu"), compiler=_lines(layout.compiler), signer=_lines(layout.signer),
        landscape=across, body_size=layout.body_size, heading_size=layout.heading_size, title_size=layout.title_size,
        table_size=layout.table_size, picture_height=110 if across else 120, margins=margins,
        pictures=[
            {"key": one.key, "title": one.title, "description": one.description} for one in report.pictures
        ],
    )  # fmt: skip


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _tables(report: Report, *, across: bool, width: int) -> list[PrintedTable]:
    """The table, or several side by side where it has more columns than a page: the last one has the totals."""
    most = ACROSS if across else UPRIGHT
    count = len(report.columns)
    # The total and the remarks take the place of two columns.
    starts = list(range(0, count, most)) or [0]
    return [_table(report, start, min(start + most, count), width, is_last=start == starts[-1]) for start in starts]


def _table(report: Report, first: int, end: int, width: int, *, is_last: bool) -> PrintedTable:
    split = bool(report.split_title)
    head = [_("TT"), report.row_title, *([report.split_title] if split else [])]
    head += [one.label for one in report.columns[first:end]]
    alignment = ["center", "left", *(["left"] if split else []), *["number"] * (end - first)]
    fixed = [_ORDINAL, 0, *([_PART] if split else [])]
    tail: list[float] = []
    if is_last:
        head += [report.total_label, _("Ghi chú")]
        alignment += ["number", "left"]
        tail = [_NUMBER + 3, _NOTE]
    room = width - sum(fixed) - sum(tail) - _NAME_LEAST
    number = max(9.0, min(22.0, room / max(1, end - first)))
    widths = [*fixed, *[round(number, 1)] * (end - first), *tail]
    widths[1] = round(width - sum(widths), 1)
    totals = {id(line) for line in (*report.groups, *report.totals)}
    lines = [
        PrintedLine(_cells(line, first, end, split=split, is_last=is_last), _kind(line, id(line) in totals))
        for line in report.all_lines()
    ]
    return PrintedTable(head, lines, widths, alignment)


def _kind(line: Line, is_total: bool) -> str:
    if line.part:
        return "part"
    return "total" if is_total else "row"


def _cells(line: Line, first: int, end: int, *, split: bool, is_last: bool) -> list[str]:
    # Within a row its name is not said again.
    cells = [str(line.ordinal or ""), "" if line.part else line.name]
    if split:
        cells.append(line.part or _("Cả kỳ"))
    cells += [format_number(number) for number in line.numbers[first:end]]
    if is_last:
        cells += [format_number(line.total), line.note]
    return cells
