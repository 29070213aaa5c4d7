"""A story's body between the archive file (plain paragraphs or HTML) and the blocks of the editor.

``parse`` accepts what old systems write and keeps what our blocks can hold; ``settled`` writes the one HTML form that
``parse`` reads back without a change. Photos are named, not numbered; stories are named by their external id.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

import nh3

from column.transfer.body_parser import BodyParser

#: ``data-block`` says which of our blocks an element is; the export writes it, old systems do not.
_CLEANER = nh3.Cleaner(
    tags={
        "p", "br", "hr", "div", "section", "article", "center", "pre", "b", "strong", "i", "em", "sup", "sub", "a",
        "ul", "ol", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "cite", "figure", "figcaption", "img",
        "table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "dl", "dt", "dd", "aside",
    },
    clean_content_tags={"script", "style", "iframe", "object", "noscript", "template", "svg", "math", "title", "head"},
    attributes={
        "a": {"href", "data-story"}, "img": {"src", "alt"}, "figure": {"data-block"}, "dl": {"data-block"},
        "ul": {"data-block"}, "li": {"data-story"}, "aside": {"data-block"},
        "td": {"colspan", "rowspan", "data-class"}, "th": {"colspan", "rowspan", "data-class"},
    },
    url_schemes={"http", "https"},
    link_rel=None,
)  # fmt: skip
_HTML = re.compile(
    r"</?(?:p|br|hr|div|span|b|i|u|strong|em|a|ul|ol|li|h[1-6]|blockquote|figure|img|table|tr|td|font|script|style"
    r"|sup|sub|center|section|article|dl|aside|iframe)\b[^>]*>",
    re.IGNORECASE,
)
_BLANK_LINE = re.compile(r"\n[ \t\u00a0]*\n\s*")
_PLAIN_HTML = re.compile(r"(?:\s*<p>[^<]*</p>)*\s*")
_PLAIN_PARAGRAPH = re.compile(r"<p>([^<]*)</p>")
_SPACE = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class PhotoRef:
    """A photo by the name of its file, as the body shows it; empty texts mean the photo's own."""

    name: str
    caption: str = ""
    credit: str = ""
    alt: str = ""


@dataclass(slots=True)
class Block:
    """A block before photos and stories are looked up. ``value`` by type: paragraph HTML; subhead text; quote, number,
    link_card and table dicts as the editor stores them; photo a :class:`PhotoRef`, gallery a list of them; related
    the external ids."""

    type: str
    value: Any


@dataclass(slots=True)
class Body:
    blocks: list[Block] = field(default_factory=list)
    #: Vietnamese sentences about what could not be kept.
    losses: list[str] = field(default_factory=list)

    @property
    def photos(self) -> list[PhotoRef]:
        """Every photo in reading order."""
        found: list[PhotoRef] = []
        for block in self.blocks:
            if block.type == "photo":
                found.append(block.value)
            elif block.type == "gallery":
                found.extend(block.value)
        return found


def parse(text: str) -> Body:
    """Read a body: HTML when it holds a tag that HTML bodies have, else plain paragraphs."""
    if "<" in text and _HTML.search(text):
        return parse_html(text)
    return Body(plain_blocks(text))


def plain_blocks(text: str) -> list[Block]:
    """Paragraphs parted by blank lines, or by line ends where there is no blank line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    parts = _BLANK_LINE.split(text) if _BLANK_LINE.search(text) else text.split("\n")
    paragraphs = (_SPACE.sub(" ", part).strip(" \u00a0") for part in parts)
    html = "".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs if paragraph)
    return [Block("paragraph", html)] if html else []


def parse_html(html: str) -> Body:
    """Clean HTML and read its blocks; scripts, styles and foreign elements are gone, their text stays."""
    cleaned = _CLEANER.clean(html)
    if _PLAIN_HTML.fullmatch(cleaned):
        # Most bodies are paragraphs and nothing else; they need no parser.
        texts = (_SPACE.sub(" ", unescape(text)).strip(" ") for text in _PLAIN_PARAGRAPH.findall(cleaned))
        plain = "".join(f"<p>{escape(text, quote=False)}</p>" for text in texts if text.strip("\u00a0"))
        return Body([Block("paragraph", plain)] if plain else [])
    parser = BodyParser()
    parser.feed(cleaned)
    parser.close()
    body = Body(losses=parser.losses)
    for kind, value in parser.blocks:
        if kind == "photo":
            body.blocks.append(Block(kind, PhotoRef(**value)))
        elif kind == "gallery":
            body.blocks.append(Block(kind, [PhotoRef(**one) for one in value]))
        else:
            body.blocks.append(Block(kind, value))
    return body


def render(blocks: Iterable[Block]) -> str:
    """The HTML of the archive file: one line a block."""
    return "\n".join(filter(None, (_RENDER[block.type](block.value) for block in blocks)))


def settled(blocks: Iterable[Block]) -> str:
    """The file's HTML of blocks that people made, in the form that reading it again does not change."""
    written = render(blocks)
    for _attempt in range(8):
        again = render(parse_html(written).blocks)
        if again == written:
            break
        written = again
    return written


def _text(value: object) -> str:
    return escape(str(value or ""), quote=False)


def _attribute(value: object) -> str:
    return escape(str(value or ""), quote=True)


def _lines(text: str) -> str:
    return "".join(f"<p>{_text(line)}</p>" for line in text.split("\n") if line.strip())


def _quote(value: dict[str, Any]) -> str:
    cite = f"<cite>{_text(value['attribution'])}</cite>" if value.get("attribution") else ""
    return f"<blockquote>{_lines(value['text'])}{cite}</blockquote>"


def _photo(photo: PhotoRef) -> str:
    cite = f"<cite>{_text(photo.credit)}</cite>" if photo.credit else ""
    words = f"<figcaption>{_text(photo.caption)}{cite}</figcaption>" if photo.caption or cite else ""
    return f'<figure><img src="{_attribute(photo.name)}">{words}</figure>'


def _gallery(photos: list[PhotoRef]) -> str:
    return f'<figure data-block="gallery">{"".join(map(_photo, photos))}</figure>'


def _number(value: dict[str, Any]) -> str:
    source = f"<dd>{_text(value['source'])}</dd>" if value.get("source") else ""
    return f'<dl data-block="number"><dt>{_text(value["value"])}</dt><dd>{_text(value["text"])}</dd>{source}</dl>'


def _related(stories: list[str]) -> str:
    items = "".join(f'<li data-story="{_attribute(story)}"></li>' for story in stories)
    return f'<ul data-block="related">{items}</ul>' if items else ""


def _link_card(value: dict[str, Any]) -> str:
    text = f"<p>{_text(value['text'])}</p>" if value.get("text") else ""
    cite = f"<cite>{_text(value['source'])}</cite>" if value.get("source") else ""
    link = f'<a href="{_attribute(value["url"])}">{_text(value["title"])}</a>'
    return f'<aside data-block="link_card">{link}{text}{cite}</aside>'


def _table(value: dict[str, Any]) -> str:
    rows: list[list[Any]] = value.get("data") or []
    choice = value.get("table_header_choice") or ""
    classes = {(cell["row"], cell["col"]): cell.get("className", "") for cell in value.get("cell") or []}
    spans = {(span["row"], span["col"]): span for span in value.get("mergeCells") or []}
    hidden = {
        (row, col)
        for span in spans.values()
        for row in range(span["row"], span["row"] + span["rowspan"])
        for col in range(span["col"], span["col"] + span["colspan"])
    } - set(spans)
    lines = []
    for r, row in enumerate(rows):
        cells = []
        for c, cell in enumerate(row):
            if (r, c) in hidden:
                continue
            tag = "th" if (r == 0 and choice in {"row", "both"}) or (c == 0 and choice in {"column", "both"}) else "td"
            span = spans.get((r, c), {})
            marks = "".join(
                f' {name}="{span[name]}"' for name in ("colspan", "rowspan") if span.get(name, 1) > 1
            ) + (f' data-class="{_attribute(classes[r, c])}"' if classes.get((r, c)) else "")  # fmt: skip
            cells.append(f"<{tag}{marks}>{_text(cell).replace(chr(10), '<br>')}</{tag}>")
        lines.append(f"<tr>{''.join(cells)}</tr>")
    caption = f"<caption>{_text(value['table_caption'])}</caption>" if value.get("table_caption") else ""
    return f"<table>{caption}<tbody>{''.join(lines)}</tbody></table>" if lines else ""


_RENDER: dict[str, Callable[[Any], str]] = {
    "paragraph": str,
    "subhead": lambda text: f"<h2>{_text(text)}</h2>",
    "quote": _quote,
    "photo": _photo,
    "gallery": _gallery,
    "table": _table,
    "number": _number,
    "related": _related,
    "link_card": _link_card,
}
