"""The formats of a report: what each is called, how it is written, and whether it is made while someone waits."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.utils.translation import gettext_lazy as _

from column.tallies.exports import docx, pdf, plain, xlsx
from column.tallies.exports.models import ReportLayout
from column.tallies.exports.report import Report
from column.text.spreadsheets import CSV_TYPE, XLSX_TYPE

#: Above so many stories or lines a file is the worker's: about two seconds of work.
STORIES_AT_ONCE, LINES_AT_ONCE, PRINTED_AT_ONCE = 5_000, 20_000, 500


@dataclass(frozen=True)
class Making:
    """What a writer needs beside the report."""

    layout: ReportLayout | None = None
    tick: xlsx.Tick = xlsx.no_tick
    #: Where temporary files may lie; None: where the machine keeps them.
    scratch: Path | None = None


@dataclass(frozen=True)
class Format:
    """``ending`` is the word in addresses and file names; ``is_printed`` ones are laid out by a ``ReportLayout``."""

    ending: str
    label: Any
    content_type: str
    write: Callable[[Report, Making, IO[bytes]], None]
    is_printed: bool = False
    has_stories: bool = False

    def at_once(self, report: Report) -> bool:
        """Whether it is made in a moment; else the worker makes it."""
        lines = len(report.lines) + len(report.groups) + len(report.totals)
        if self.is_printed:
            return lines <= PRINTED_AT_ONCE
        return lines <= LINES_AT_ONCE and (not self.has_stories or report.story_count <= STORIES_AT_ONCE)


def _xlsx(report: Report, making: Making, file: IO[bytes]) -> None:
    xlsx.write(report, file, tick=making.tick, scratch=making.scratch)


def _csv(report: Report, making: Making, file: IO[bytes]) -> None:
    file.write(plain.as_csv(report).encode())


def _json(report: Report, making: Making, file: IO[bytes]) -> None:
    file.write(json.dumps(plain.as_data(report), ensure_ascii=False).encode())


def _docx(report: Report, making: Making, file: IO[bytes]) -> None:
    assert making.layout is not None, "a printed format has a layout"
    docx.write(report, making.layout, file)


def _pdf(report: Report, making: Making, file: IO[bytes]) -> None:
    assert making.layout is not None, "a printed format has a layout"
    pdf.write(report, making.layout, file)


FORMATS: dict[str, Format] = {
    one.ending: one
    for one in (
        Format("xlsx", _("Bảng tính (XLSX)"), XLSX_TYPE, _xlsx, has_stories=True),
        Format("docx", _("Văn bản (DOCX)"), docx.DOCX_TYPE, _docx, is_printed=True),
        Format("pdf", _("Bản in (PDF)"), pdf.PDF_TYPE, _pdf, is_printed=True),
        Format("csv", _("CSV"), CSV_TYPE, _csv),
        Format("json", _("JSON"), plain.JSON_TYPE, _json),
    )
}
