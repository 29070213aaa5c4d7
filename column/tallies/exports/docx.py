"""A report as DOCX: docxtpl puts the texts into the layout's Word template; tables and pictures go to their marks."""

from __future__ import annotations

import io
from typing import IO, Any

from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docxtpl import DocxTemplate
from lxml import etree

from column.tallies.charts.picture import Picture
from column.tallies.exports.docx_templates import (
    CELL_CENTER,
    CELL_HEAD,
    CELL_NUMBER,
    CELL_TEXT,
    FOLDER,
    NAME,
    NOTE,
    PICTURE_MARK,
    TABLE_MARK,
    TITLE,
)
from column.tallies.exports.models import ReportLayout
from column.tallies.exports.paper import Paper, PrintedLine, PrintedTable, paper_of
from column.tallies.exports.report import Report

DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_MM = 1440 / 25.4
_LOOK = {"number": CELL_NUMBER, "center": CELL_CENTER, "left": CELL_TEXT}
_SVG = "http://schemas.microsoft.com/office/drawing/2016/SVG/main"


def write(report: Report, layout: ReportLayout, file: IO[bytes]) -> None:
    """Write the document into ``file``. Raises ``paper.TooLong``."""
    paper = paper_of(report, layout)
    template = DocxTemplate(str(FOLDER / f"{layout.form}.docx"))
    template.render(paper.as_data(), autoescape=True)
    document = template.docx
    _page(document, paper)
    _sizes(document, paper)
    _tables(document, paper)
    _pictures(document, paper, list(report.pictures))
    core = document.core_properties
    core.title, core.author, core.subject = paper.document_title[:255], paper.issuer, paper.sentence[:255]
    core.created = core.modified = report.made_at
    # Whole first: a ZIP that a full disk broke off would try to end itself again when it is thrown away.
    made = io.BytesIO()
    document.save(made)
    file.write(made.getvalue())


def _page(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    width, height = paper.size
    section.page_width, section.page_height = Mm(width), Mm(height)
    section.orientation = WD_ORIENT.LANDSCAPE if paper.landscape else WD_ORIENT.PORTRAIT
    for side, measure in paper.margins.items():
        setattr(section, f"{side}_margin", Mm(measure))
    # The first two tables of the template: the heading, the signatures.
    inner = width - paper.margins["left"] - paper.margins["right"]
    share = 0.5 if paper.landscape or not paper.motto else 0.4
    for table in document.tables:
        # Word goes by the cells, LibreOffice by the columns.
        for place, part in enumerate((share, 1 - share)):
            table.rows[0].cells[place].width = table.columns[place].width = Mm(inner * part)


def _sizes(document: Any, paper: Paper) -> None:
    sizes = {
        "Normal": paper.body_size, TITLE: paper.title_size, NAME: paper.body_size,
        **dict.fromkeys((CELL_HEAD, CELL_TEXT, CELL_NUMBER, CELL_CENTER, NOTE), paper.table_size),
    }  # fmt: skip
    for name, size in sizes.items():
        document.styles[name].font.size = Pt(size)
    for paragraph in document.tables[0].rows[0].cells[1].paragraphs:
        if paragraph.text == paper.heading:
            for run in paragraph.runs:
                run.font.size = Pt(paper.heading_size)


def _mark(document: Any, mark: str) -> Any:
    return next(paragraph for paragraph in document.paragraphs if paragraph.text == mark)


# --- tables --------------------------------------------------------------------------------------------------------


def _tables(document: Any, paper: Paper) -> None:
    mark = _mark(document, TABLE_MARK)
    ids = {name: document.styles[name].style_id for name in (CELL_HEAD, *_LOOK.values())}
    for place, table in enumerate(paper.tables):
        if place:
            between = mark.insert_paragraph_before(style=document.styles[NOTE])
            between.add_run(paper.continued).italic = True
        mark._p.addprevious(_table(table, ids, paper.title))
    mark._p.getparent().remove(mark._p)


def _table(table: PrintedTable, ids: dict[str, str], title: str) -> Any:
    """The XML of one table, its first row repeated on every page. Built whole: cell by cell takes minutes."""
    made = parse_xml(
        f'<w:tbl xmlns:w="{_W}"><w:tblPr><w:tblW w:w="0" w:type="auto"/><w:tblBorders>'
        + "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        + '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        '<w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'
        '<w:tblLook w:firstRow="1" w:firstColumn="0" w:lastRow="0" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        "</w:tblPr><w:tblGrid/></w:tbl>"
    )
    etree.SubElement(made.tblPr, f"{_T}tblCaption").set(f"{_T}val", title)
    grid = made.find(f"{_T}tblGrid")
    for width in table.widths:
        etree.SubElement(grid, f"{_T}gridCol").set(f"{_T}w", str(round(width * _MM)))
    _row(made, table, [(text, ids[CELL_HEAD]) for text in table.head], "head")
    looks = [ids[_LOOK[word]] for word in table.alignment]
    for line in table.lines:
        _line(made, table, line, looks)
    return made


def _line(made: Any, table: PrintedTable, line: PrintedLine, looks: list[str]) -> None:
    _row(made, table, list(zip(line.cells, looks, strict=True)), line.kind)


def _row(made: Any, table: PrintedTable, cells: list[tuple[str, str]], kind: str) -> None:
    row = etree.SubElement(made, f"{_T}tr")
    properties = etree.SubElement(row, f"{_T}trPr")
    etree.SubElement(properties, f"{_T}cantSplit")
    if kind == "head":
        etree.SubElement(properties, f"{_T}tblHeader")
    for (text, look), width in zip(cells, table.widths, strict=True):
        cell = etree.SubElement(row, f"{_T}tc")
        inner = etree.SubElement(cell, f"{_T}tcPr")
        measure = etree.SubElement(inner, f"{_T}tcW")
        measure.set(f"{_T}w", str(round(width * _MM)))
        measure.set(f"{_T}type", "dxa")
        etree.SubElement(inner, f"{_T}vAlign").set(f"{_T}val", "center")
        paragraph = etree.SubElement(cell, f"{_T}p")
        etree.SubElement(etree.SubElement(paragraph, f"{_T}pPr"), f"{_T}pStyle").set(f"{_T}val", look)
        run = etree.SubElement(paragraph, f"{_T}r")
        if kind in {"total", "part"}:
            etree.SubElement(etree.SubElement(run, f"{_T}rPr"), f"{_T}{'b' if kind == 'total' else 'i'}")
        content = etree.SubElement(run, f"{_T}t")
        content.text = text
        content.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_T = f"{{{_W}}}"


# --- pictures ------------------------------------------------------------------------------------------------------


def _pictures(document: Any, paper: Paper, pictures: list[Picture]) -> None:
    mark = _mark(document, PICTURE_MARK)
    width, height = paper.size
    inner = Mm(width - paper.margins["left"] - paper.margins["right"])
    for picture in pictures:
        paragraph = mark.insert_paragraph_before(style=document.styles[CELL_CENTER])
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(io.BytesIO(picture.png()), width=inner)
        most = Mm(min(paper.picture_height + 40, height - 90))
        if shape.height > most:
            shape.width, shape.height = round(shape.width * most / shape.height), most
        shape._inline.docPr.set("descr", picture.description)
        shape._inline.docPr.set("title", picture.title)
        _as_drawing(document, shape, picture)
        caption = mark.insert_paragraph_before(style=document.styles[CELL_CENTER])
        caption.add_run(picture.title).italic = True
    mark._p.getparent().remove(mark._p)


def _as_drawing(document: Any, shape: Any, picture: Picture) -> None:
    """The screen's own SVG beside the pixels: newer programs show it sharp at any size, older ones the pixels."""
    name = PackURI(f"/word/media/{picture.key}.svg")
    part = Part(name, "image/svg+xml", picture.svg().encode(), document.part.package)
    key = document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    blip = next(shape._inline.iter(qn("a:blip")))
    blip.append(
        parse_xml(
            f'<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
            f' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
            f'<a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">'
            f'<asvg:svgBlip xmlns:asvg="{_SVG}" r:embed="{key}"/></a:ext></a:extLst>'
        )
    )
