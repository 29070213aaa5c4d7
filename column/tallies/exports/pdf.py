"""A report as PDF: tagged (PDF/UA-1), its fonts embedded; typst lays out the template of the layout. No network."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO

import fontpkg_be_vietnam_pro
import typst
from django.utils.translation import gettext as _

from column.tallies.exports.models import ReportLayout
from column.tallies.exports.paper import paper_of
from column.tallies.exports.report import Report

PDF_TYPE = "application/pdf"
TEMPLATES = Path(__file__).parent / "layouts"
#: TeX Gyre Termes: as wide as Times New Roman, letter by letter, with all of Vietnamese (GUST Font License).
FONTS = Path(__file__).parent / "fonts"
#: What the pictures are lettered in, as on the screen.
PICTURE_FONTS = Path(str(fontpkg_be_vietnam_pro.__file__)).parent / "files"
STANDARD = "ua-1"


class PageFailed(Exception):
    """The page could not be laid out; the message is Vietnamese."""


def write(report: Report, layout: ReportLayout, file: IO[bytes]) -> None:
    """Write the pages into ``file``. Raises ``paper.TooLong`` and :class:`PageFailed`."""
    file.write(typeset(_files(report, layout), report))


def _files(report: Report, layout: ReportLayout) -> dict[str, bytes]:
    data = json.dumps(paper_of(report, layout).as_data(), ensure_ascii=False)
    return {
        "main.typ": (TEMPLATES / f"{layout.form}.typ").read_bytes(),
        "common.typ": (TEMPLATES / "common.typ").read_bytes(),
        "data.json": data.encode(),
        **{f"{one.key}.svg": one.svg().encode() for one in report.pictures},
    }


def typeset(files: dict[str, bytes], report: Report) -> bytes:
    """The same report made at the same moment gives the same file."""
    try:
        # A dictionary of files is an input too; the stubs do not say so.
        made = typst.compile(  # type: ignore[call-overload]
            files, font_paths=[str(FONTS), str(PICTURE_FONTS)], ignore_system_fonts=True, format="pdf",
            pdf_standards=[STANDARD], timestamp=int(report.made_at.timestamp()),
        )  # fmt: skip
    except typst.TypstError as problem:
        raise PageFailed(_("Không dàn được trang PDF: %(why)s") % {"why": problem}) from problem
    return bytes(made)
