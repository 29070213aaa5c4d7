"""Reads cleaned HTML into raw blocks. It never meets a tag that the cleaner of ``body`` does not let through."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape
from html.parser import HTMLParser
from typing import Any

from django.utils.translation import gettext as _

from column.transfer.body_tables import BREAKS, SPACE, TableRows, file_name

SUBHEAD_LENGTH = 255
_CREDIT = re.compile(r"^\s*(?:Ảnh|Nguồn ảnh)\s*:\s*")
_INLINE = {"b": "b", "strong": "b", "i": "i", "em": "i", "sup": "sup", "sub": "sub"}
_HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
_LISTS = {"ul", "ol"}
Attributes = list[tuple[str, str | None]]


class Collector:
    """The plain texts of an element that is no paragraph: by the name of the part they stand in."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.parts: list[tuple[str, str]] = []
        self.part = ""
        self.depth = 0
        self.photos: list[dict[str, str]] = []
        self.stories: list[str] = []
        self.href = ""

    def add(self, text: str) -> None:
        if self.parts and self.parts[-1][0] == self.part:
            self.parts[-1] = (self.part, self.parts[-1][1] + text)
        else:
            self.parts.append((self.part, text))

    def break_line(self) -> None:
        """End a line of the current part without leaving it."""
        if self.parts and self.parts[-1][0] == self.part and not self.parts[-1][1].endswith("\n"):
            self.add("\n")

    def texts(self, *names: str) -> list[str]:
        """The texts of these parts, each squeezed, lines kept; empty ones left out."""
        found = []
        for name, text in self.parts:
            if name in names:
                lines = (SPACE.sub(" ", line).strip() for line in text.split("\n"))
                if squeezed := "\n".join(line for line in lines if line.strip("\u00a0 ")):
                    found.append(squeezed)
        return found

    def text(self, *names: str) -> str:
        return "\n".join(self.texts(*names))


class BodyParser(HTMLParser):
    """``blocks`` holds (type, raw value) in order, ``losses`` what could not be kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[tuple[str, Any]] = []
        self.losses: list[str] = []
        self._html: list[str] = []
        self._open: list[tuple[str, str]] = []
        self._has_text = False
        #: Open lists, innermost last, and whether an item is open in each.
        self._lists: list[str] = []
        self._items: list[bool] = []
        self._breaks = 0
        self._within: Collector | None = None
        self._table: TableRows | None = None

    # What the base class calls ----------------------------------------------------------------------------------

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if self._table is not None:
            self._table.start(tag, dict(attrs), self.losses)
        elif self._within is not None:
            self._start_within(self._within, tag, dict(attrs))
        else:
            self._start(tag, dict(attrs))

    def handle_endtag(self, tag: str) -> None:
        if self._table is not None:
            if self._table.end(tag):
                self._finish_table(self._table)
        elif self._within is not None:
            self._end_within(self._within, tag)
        else:
            self._end(tag)

    def handle_data(self, data: str) -> None:
        if self._table is not None:
            self._table.add(SPACE.sub(" ", data))
            return
        if self._within is not None:
            self._within.add(SPACE.sub(" ", data))
            return
        text = SPACE.sub(" ", data)
        if not self._has_text or (self._html and self._html[-1].endswith(" ")):
            text = text.lstrip(" ")
        seen = bool(text.strip("\u00a0 "))
        if not text or (not seen and self._breaks):
            return
        if self._lists and not self._items[-1]:
            if not seen:
                return
            self._start_item()
        self._flush_breaks()
        self._has_text = self._has_text or seen
        self._html.append(escape(text, quote=False))

    def close(self) -> None:
        super().close()
        if self._table is not None:
            self._finish_table(self._table)
        if self._within is not None:
            self._finish_within(self._within)
        self._end_paragraph()

    # Paragraphs, lists, links -------------------------------------------------------------------------------------

    def _start(self, tag: str, attrs: dict[str, str | None]) -> None:
        if tag in _INLINE:
            self._open_inline(_INLINE[tag], f"<{_INLINE[tag]}>")
        elif tag == "a":
            self._open_inline("a", _link(attrs))
        elif tag == "br":
            self._breaks += 1
        elif tag == "img":
            self._end_paragraph()
            self._photo(
                {"name": file_name(attrs.get("src")), "caption": "", "credit": "", "alt": attrs.get("alt") or ""}
            )
        elif tag == "table":
            self._end_paragraph()
            self._table = TableRows()
        elif tag in _LISTS and attrs.get("data-block") != "related":
            self._start_list(tag)
        elif tag == "li":
            self._start_item()
        elif (kind := _collected(tag, attrs)) is not None:
            self._end_paragraph()
            self._within = Collector(kind)
            self._within.depth = 1
        elif tag in BREAKS:
            self._end_paragraph()

    def _end(self, tag: str) -> None:
        if tag in _INLINE or tag == "a":
            self._close_inline(_INLINE.get(tag, "a"))
        elif tag in _LISTS:
            self._end_list()
        elif tag == "li" and self._lists:
            self._end_item()
        elif tag in BREAKS:
            self._end_paragraph()

    def _open_inline(self, name: str, markup: str) -> None:
        self._open.append((name, markup))
        if markup:
            self._html.append(markup)

    def _close_inline(self, name: str) -> None:
        for place in range(len(self._open) - 1, -1, -1):
            if self._open[place][0] == name:
                markup = self._open.pop(place)[1]
                if markup:
                    self._html.append(f"</{name}>")
                return

    def _flush_breaks(self) -> None:
        """One line break is a break, two are a new paragraph (outside lists)."""
        count, self._breaks = self._breaks, 0
        if count == 0 or not self._has_text:
            return
        if count > 1 and not self._lists:
            self._end_paragraph()
        else:
            self._html.append("<br/>")

    def _end_paragraph(self) -> None:
        """Write what was gathered as a paragraph; open marks are closed here and opened again in the next one."""
        self._breaks = 0
        if self._lists:
            # A paragraph inside an item: the item goes on.
            if self._has_text and self._html and not self._html[-1].endswith((">", " ")):
                self._breaks = 1
            return
        if self._has_text:
            self._add_rich(f"<p>{self._closed_html()}</p>")
        self._html = [markup for _name, markup in self._open if markup]
        self._has_text = False

    def _closed_html(self) -> str:
        closing = "".join(f"</{name}>" for name, markup in reversed(self._open) if markup)
        return _without_empty("".join(self._html).strip(" ") + closing).strip(" ")

    def _add_rich(self, html: str) -> None:
        if self.blocks and self.blocks[-1][0] == "paragraph":
            self.blocks[-1] = ("paragraph", self.blocks[-1][1] + html)
        else:
            self.blocks.append(("paragraph", html))

    def _start_list(self, tag: str) -> None:
        if not self._lists:
            self._end_paragraph()
            self._html = []
            self._open = []
        self._breaks = 0
        if self._lists and not self._items[-1]:
            self._start_item()
        self._strip_end()
        self._lists.append(tag)
        self._items.append(False)
        self._html.append(f"<{tag}>")
        self._has_text = False

    def _start_item(self) -> None:
        if not self._lists:
            # An item without its list is a paragraph.
            self._end_paragraph()
            return
        self._end_item()
        self._items[-1] = True
        self._html.append("<li>")
        self._has_text = False

    def _end_item(self) -> None:
        self._close_open_marks()
        self._breaks = 0
        if self._items[-1]:
            self._strip_end()
            self._html.append("</li>")
            self._items[-1] = False

    def _strip_end(self) -> None:
        while self._html and self._html[-1] != (bare := self._html[-1].rstrip(" ")):
            self._html[-1] = bare
            if not bare:
                self._html.pop()

    def _end_list(self) -> None:
        if not self._lists:
            return
        self._end_item()
        self._items.pop()
        self._html.append(f"</{self._lists.pop()}>")
        if not self._lists:
            html = _without_empty("".join(self._html))
            self._html = []
            if _WORD.search(_TAG.sub("", html)):
                self._add_rich(html)
            self._has_text = False

    def _close_open_marks(self) -> None:
        while self._open:
            name, markup = self._open.pop()
            if markup:
                self._html.append(f"</{name}>")

    # Photos, quotes and our own blocks ----------------------------------------------------------------------------

    def _photo(self, photo: dict[str, str]) -> None:
        if photo["name"]:
            self.blocks.append(("photo", photo))
        else:
            self.losses.append(_("Một ảnh trong bài không có tên tệp, đã bỏ."))

    def _start_within(self, within: Collector, tag: str, attrs: dict[str, str | None]) -> None:
        if tag == "img":
            name = file_name(attrs.get("src"))
            if name:
                within.photos.append({"name": name, "caption": "", "credit": "", "alt": attrs.get("alt") or ""})
            else:
                self.losses.append(_("Một ảnh trong bài không có tên tệp, đã bỏ."))
        elif tag == "br":
            within.add("\n")
        elif tag in {"cite", "dt", "dd", "a"} and within.kind in _PARTED:
            within.part = tag
            within.parts.append((tag, ""))
            if tag == "a":
                within.href = attrs.get("href") or within.href
        elif tag == "li" and within.kind == "related":
            if attrs.get("data-story"):
                within.stories.append(attrs["data-story"] or "")
        elif tag in BREAKS or tag in _HEADINGS or tag == "li":
            within.break_line()
        if tag in _NESTING[within.kind]:
            within.depth += 1

    def _end_within(self, within: Collector, tag: str) -> None:
        if tag in {"cite", "dt", "dd", "a"} and within.kind in _PARTED:
            within.part = ""
        elif tag in BREAKS:
            within.break_line()
        if tag in {"figure", "figcaption"} and within.kind == "gallery":
            self._caption_last(within)
        if tag in _NESTING[within.kind]:
            within.depth -= 1
            if within.depth == 0:
                self._finish_within(within)

    def _caption_last(self, within: Collector) -> None:
        if within.photos and (within.text("") or within.text("cite")):
            _caption(within.photos[-1], within)
        within.parts = []

    def _finish_within(self, within: Collector) -> None:
        self._within = None
        _FINISH[within.kind](self, within)

    def _finish_heading(self, within: Collector) -> None:
        text = " ".join(within.text("").split("\n"))
        if len(text) > SUBHEAD_LENGTH:
            self._add_rich(f"<p><b>{escape(text, quote=False)}</b></p>")
        elif text:
            self.blocks.append(("subhead", text))
        for photo in within.photos:
            self._photo(photo)

    def _finish_quote(self, within: Collector) -> None:
        if text := within.text(""):
            self.blocks.append(("quote", {"text": text, "attribution": " ".join(within.texts("cite"))[:160]}))
        for photo in within.photos:
            self._photo(photo)

    def _finish_figure(self, within: Collector) -> None:
        if len(within.photos) == 1:
            _caption(within.photos[0], within)
        self._photos_of(within)

    def _photos_of(self, within: Collector) -> None:
        if len(within.photos) > 1:
            self.blocks.append(("gallery", within.photos))
        elif within.photos:
            self._photo(within.photos[0])
        left = "" if len(within.photos) == 1 else within.text("", "cite")
        if left:
            # A figure without a photo, or words beside several: they stay as a paragraph.
            self._add_rich("".join(f"<p>{escape(line, quote=False)}</p>" for line in left.split("\n")))

    def _finish_number(self, within: Collector) -> None:
        value, words = within.text("dt"), within.texts("dd")
        if value and words and len(value) <= 60 and len(words[0]) <= 200:
            source = words[1][:160] if len(words) > 1 else ""
            self.blocks.append(("number", {"value": value, "text": words[0], "source": source}))
        elif value or words:
            self._add_rich(f"<p>{escape(' '.join([value, *words]).strip(), quote=False)}</p>")

    def _finish_related(self, within: Collector) -> None:
        if within.stories:
            self.blocks.append(("related", within.stories))

    def _finish_link_card(self, within: Collector) -> None:
        title = within.text("a")
        if within.href.startswith(("http://", "https://")) and title:
            text, source = within.text("")[:400], within.text("cite")[:120]
            card = {"url": within.href, "title": title[:200], "text": text, "source": source}
            self.blocks.append(("link_card", card))
        elif words := within.text("", "a", "cite"):
            self._add_rich("".join(f"<p>{escape(line, quote=False)}</p>" for line in words.split("\n")))

    def _finish_table(self, table: TableRows) -> None:
        self._table = None
        if table.photos:
            # Old systems set a photo and its caption as a table.
            within = Collector("figure")
            within.photos = table.photos
            within.parts = [("", "\n".join(cell for row in table.texts() for cell in row if cell))]
            self._finish_figure(within)
        elif (value := table.value()) is not None:
            self.blocks.append(("table", value))


def _caption(photo: dict[str, str], within: Collector) -> None:
    photo["caption"] = " ".join(within.text("").split("\n"))[:1000]
    photo["credit"] = _CREDIT.sub("", " ".join(within.texts("cite")))[:160]


def _without_empty(html: str) -> str:
    """The same without marks that hold no word."""
    previous = ""
    while previous != html:
        previous, html = html, _EMPTY_INLINE.sub(r"\2", html)
    return _ITEM_EDGE.sub(r"\1\2", _SPACES.sub(" ", html))


def _collected(tag: str, attrs: dict[str, str | None]) -> str | None:
    """The kind of block that this element is gathered for, or None."""
    if tag in _HEADINGS:
        return "heading"
    if tag == "figure":
        return "gallery" if attrs.get("data-block") == "gallery" else "figure"
    named = {("dl", "number"): "number", ("ul", "related"): "related", ("aside", "link_card"): "link_card"}
    return "quote" if tag == "blockquote" else named.get((tag, attrs.get("data-block") or ""))


def _link(attrs: dict[str, str | None]) -> str:
    """The opening of a link that may stay: to a story of ours, or over http(s); else nothing, and its words stay."""
    if story := attrs.get("data-story"):
        return f'<a data-story="{escape(story)}">'
    href = attrs.get("href") or ""
    return f'<a href="{escape(href)}">' if href.lower().startswith(("http://", "https://")) else ""


_TAG = re.compile(r"<[^>]*>")
_SPACES = re.compile(r" {2,}")
_ITEM_EDGE = re.compile(r"(<li>) +| +(</li>|<ul>|<ol>)")
_WORD = re.compile(r"[^\s\u00a0]")
_EMPTY_INLINE = re.compile(r"<(b|i|sup|sub|a)(?:\s[^>]*)?>(\s*)</\1>")
_PARTED = {"quote", "figure", "gallery", "number", "link_card"}
_NESTING = {
    "heading": _HEADINGS, "quote": {"blockquote"}, "figure": {"figure"}, "gallery": {"figure"}, "number": {"dl"},
    "related": {"ul"}, "link_card": {"aside"},
}  # fmt: skip
_FINISH: dict[str, Callable[[BodyParser, Collector], None]] = {
    "heading": BodyParser._finish_heading, "quote": BodyParser._finish_quote, "figure": BodyParser._finish_figure,
    "gallery": BodyParser._photos_of, "number": BodyParser._finish_number, "related": BodyParser._finish_related,
    "link_card": BodyParser._finish_link_card,
}  # fmt: skip
