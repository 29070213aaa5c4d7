"""Makes the two DOCX templates, run by hand: ``python -m column.tallies.exports.docx_templates``.

A template is an ordinary Word file: styles, the heading block, the header with the page number, and Jinja's tags
where a layout's texts go (docxtpl). ``[[BANG]]`` and ``[[HINH]]`` mark where the tables and the pictures go; the
styles *Bảng – …* say how their cells look. Measures that staff change (margins, sizes) are set when a report is made.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

FOLDER = Path(__file__).parent / "layouts"
FONT = "Times New Roman"
TABLE_MARK, PICTURE_MARK = "[[BANG]]", "[[HINH]]"
LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT

#: Name → bold, italic, alignment. Sizes are set from the layout: those of a table, of the heading, of the title.
CELL_HEAD, CELL_TEXT, CELL_NUMBER, CELL_CENTER = "Bảng – đầu", "Bảng – chữ", "Bảng – số", "Bảng – giữa"
NOTE, NAME, TITLE, BODY_CENTER = "Bảng – chú thích", "Tên văn bản", "Tên bảng", "Giữa"
STYLES: dict[str, tuple[bool, bool, Any]] = {
    CELL_HEAD: (True, False, CENTER), CELL_TEXT: (False, False, LEFT), CELL_NUMBER: (False, False, RIGHT),
    CELL_CENTER: (False, False, CENTER), NOTE: (False, False, LEFT), NAME: (True, False, CENTER),
    TITLE: (True, False, CENTER), BODY_CENTER: (False, False, CENTER),
}  # fmt: skip


def make(form: str) -> Any:
    """The template of a form (``party`` or ``state``)."""
    document = Document()
    _styles(document)
    _page(document)
    _heading_block(document, form)
    _titles(document)
    _add(document, TABLE_MARK)
    _loop(document, "note in notes", NOTE, ("{{ note[0] }}: ", "b"), ("{{ note[1] }}", ""))
    _loop(document, "line in footnotes", NOTE, ("{{ line }}", "i"))
    _optional(document, "code", NOTE, ("{{ code_label }}: ", "b"), ("{{ code }}", ""))
    _signing(document)
    _add(document, PICTURE_MARK)
    core = document.core_properties
    core.title, core.author, core.language, core.comments = "{{ document_title }}", "{{ issuer }}", "vi-VN", ""
    return document


def _styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _font(normal)
    normal.font.size = Pt(14)
    normal.paragraph_format.space_after = Pt(0)
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "vi-VN")
    normal.element.get_or_add_rPr().append(language)
    for name, (bold, italic, alignment) in STYLES.items():
        # The table's own title is a heading: a reader who hears the page finds it.
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _font(style)
        style.font.bold, style.font.italic = bold, italic
        style.paragraph_format.alignment = alignment
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1)
        if name == TITLE:
            level = OxmlElement("w:outlineLvl")
            level.set(qn("w:val"), "0")
            style.element.get_or_add_pPr().append(level)


def _font(style: Any) -> None:
    style.font.name = FONT
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)


def _page(document: Any) -> None:
    """The page number, top centre, not on page 1."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.header_distance = Mm(12)
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.style = document.styles[BODY_CENTER]
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _heading_block(document: Any, form: str) -> None:
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    left, right = table.rows[0].cells
    left.paragraphs[0].style = right.paragraphs[0].style = document.styles[BODY_CENTER]
    _loop(left, "line in superior", BODY_CENTER, ("{{ line }}", ""), first=left.paragraphs[0])
    issuer = _add(left, "{{ issuer }}", NAME)
    if form == "party":
        _add(left, "*", BODY_CENTER)
        _rule(_add(right, "{{ heading }}", NAME, into=right.paragraphs[0]))
    else:
        _rule(issuer)
        _add(right, "{{ heading }}", NAME, into=right.paragraphs[0])
        _rule(_add(right, "{{ motto }}", NAME))
    _add(left, "{{ number_line }}", BODY_CENTER)
    date = _add(right, "", BODY_CENTER)
    date.add_run("{{ place_and_date }}").italic = True
    date.paragraph_format.space_before = Pt(6)


def _rule(paragraph: Any) -> None:
    """A line as long as the text: the text's own underlining, which no reader takes for a border of the page."""
    for run in paragraph.runs:
        run.underline = True


def _titles(document: Any) -> None:
    _add(document, "", BODY_CENTER)
    _optional(document, "appendix", NAME, ("{{ appendix }}", ""))
    _add(document, "{{ title }}", TITLE)
    _add(document, "{{ sentence }}", NAME)
    _optional(document, "attached", BODY_CENTER, ("{{ attached }}", "i"))
    _optional(document, "draft", BODY_CENTER, ("{{ draft }}", "i"))
    _add(document, "", BODY_CENTER)
    _optional(document, "empty", BODY_CENTER, ("{{ empty }}", "i"))


def _signing(document: Any) -> None:
    """Two columns without a border; the room for signature and seal is left blank."""
    _add(document, "", NOTE)
    table = document.add_table(rows=1, cols=2)
    left, right = table.rows[0].cells
    for cell, loop in ((left, "line in compiler"), (right, "line in signer")):
        cell.paragraphs[0].style = document.styles[NAME]
        _loop(cell, loop, NAME, ("{{ line }}", "b"), first=cell.paragraphs[0])
        for _blank in range(4):
            _add(cell, "", BODY_CENTER)
    rows = table.rows[0]._tr.get_or_add_trPr()
    rows.append(OxmlElement("w:cantSplit"))


def _add(place: Any, text: str, style: str = NOTE, into: Any = None) -> Any:
    paragraph = into if into is not None else place.add_paragraph()
    paragraph.style = place.part.document.styles[style]
    if text:
        paragraph.add_run(text)
    return paragraph


def _runs(paragraph: Any, parts: tuple[tuple[str, str], ...]) -> None:
    for text, how in parts:
        run = paragraph.add_run(text)
        if how:
            run.bold, run.italic = "b" in how or None, "i" in how or None


def _loop(place: Any, loop: str, style: str, *parts: tuple[str, str], first: Any = None) -> None:
    _add(place, f"{{%p for {loop} %}}", style, into=first)
    _runs(_add(place, "", style), parts)
    _add(place, "{%p endfor %}", style)


def _optional(place: Any, what: str, style: str, *parts: tuple[str, str]) -> None:
    _add(place, f"{{%p if {what} %}}", style)
    _runs(_add(place, "", style), parts)
    _add(place, "{%p endif %}", style)


def main() -> None:
    for form in ("party", "state"):
        make(form).save(str(FOLDER / f"{form}.docx"))


if __name__ == "__main__":
    main()
