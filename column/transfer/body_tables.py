"""Tables of a cleaned body, as rows of plain text, and the names of the files that a body shows."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext as _

SPACE = re.compile(r"[ \t\r\n\f]+")
#: Elements that end a line of text.
BREAKS = {"p", "div", "section", "article", "center", "pre", "hr", "dt", "dd"}


class TableRows:
    """A table as rows of plain text; tables inside it give their text to the cell they stand in."""

    def __init__(self) -> None:
        self.photos: list[dict[str, str]] = []
        self._depth = 1
        self._rows: list[list[dict[str, Any]]] = []
        self._cell: dict[str, Any] | None = None
        self._caption: list[str] | None = None
        self._caption_text = ""

    def start(self, tag: str, attrs: dict[str, str | None], losses: list[str]) -> None:
        if tag == "table":
            self._depth += 1
        elif tag == "img":
            if name := file_name(attrs.get("src")):
                self.photos.append({"name": name, "caption": "", "credit": "", "alt": attrs.get("alt") or ""})
            else:
                losses.append(_("Một ảnh trong bài không có tên tệp, đã bỏ."))
        elif tag == "caption" and self._depth == 1:
            self._caption = []
        elif tag == "tr" and self._depth == 1:
            self._rows.append([])
        elif tag in {"td", "th"} and self._depth == 1:
            self._cell = {
                "tag": tag, "text": [], "class": attrs.get("data-class") or "",
                "colspan": _span(attrs.get("colspan")), "rowspan": _span(attrs.get("rowspan")),
            }  # fmt: skip
            if not self._rows:
                self._rows.append([])
            self._rows[-1].append(self._cell)
        elif tag == "br" or tag in BREAKS:
            self.add("\n")

    def end(self, tag: str) -> bool:
        """Whether the outermost table ends here."""
        if tag == "table":
            self._depth -= 1
        elif tag in {"td", "th"} and self._depth == 1:
            self._cell = None
        elif tag == "caption" and self._caption is not None:
            self._caption_text = " ".join("".join(self._caption).split())
            self._caption = None
        elif tag in BREAKS:
            self.add("\n")
        return self._depth == 0

    def add(self, text: str) -> None:
        if self._caption is not None:
            self._caption.append(text)
        elif self._cell is not None:
            self._cell["text"].append(text)

    def texts(self) -> list[list[str]]:
        return [[_cell_text(cell) for cell in row] for row in self._rows]

    def value(self) -> dict[str, Any] | None:
        """The value of the editor's table block; None for a table without a word. Spanned places hold an empty text."""
        grid: list[list[str]] = []
        tags: list[list[str]] = []
        spans: list[dict[str, int]] = []
        classes: list[dict[str, Any]] = []
        taken: set[tuple[int, int]] = set()
        for r, row in enumerate(self._rows):
            line: dict[int, tuple[str, str]] = {}
            c = 0
            for cell in row:
                while (r, c) in taken:
                    c += 1
                line[c] = (_cell_text(cell), cell["tag"])
                rows, cols = min(cell["rowspan"], len(self._rows) - r), cell["colspan"]
                if rows > 1 or cols > 1:
                    spans.append({"row": r, "col": c, "rowspan": rows, "colspan": cols})
                    taken.update((r + i, c + j) for i in range(rows) for j in range(cols))
                if cell["class"]:
                    classes.append({"row": r, "col": c, "className": cell["class"]})
                c += cols
            width = max([*line, *(col for at, col in taken if at == r)], default=-1) + 1
            grid.append([line.get(i, ("", ""))[0] for i in range(width)])
            tags.append([line.get(i, ("", ""))[1] for i in range(width)])
        columns = max(map(len, grid), default=0)
        if not any(cell for line in grid for cell in line):
            return None
        return {
            "data": [line + [""] * (columns - len(line)) for line in grid],
            **_headers(tags),
            "table_caption": self._caption_text,
            "cell": classes,
            "mergeCells": spans,
        }


def _headers(tags: list[list[str]]) -> dict[str, Any]:
    first_row = bool(tags and tags[0]) and all(tag in {"th", ""} for tag in tags[0])
    first_column = len(tags) > 1 and all(row and row[0] in {"th", ""} for row in tags[1:])
    choice = {(True, True): "both", (True, False): "row", (False, True): "column", (False, False): "neither"}
    return {
        "first_row_is_table_header": first_row, "first_col_is_header": first_column,
        "table_header_choice": choice[first_row, first_column],
    }  # fmt: skip


def _cell_text(cell: dict[str, Any]) -> str:
    lines = (SPACE.sub(" ", line).strip(" \u00a0") for line in "".join(cell["text"]).split("\n"))
    return "\n".join(line for line in lines if line)


def _span(value: str | None) -> int:
    return min(max(int(value), 1), 100) if value and value.isdecimal() else 1


def file_name(src: str | None) -> str:
    """The name of the photo's file: a relative path as it stands, the last part of an address."""
    src = (src or "").strip()
    if src.lower().startswith(("http://", "https://", "//", "/")):
        return unquote(urlsplit(src).path).rsplit("/", 1)[-1]
    return "" if src.lower().startswith("data:") else unquote(src)
