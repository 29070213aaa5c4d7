"""The archive format: its columns, in order, and how a cell holds a list.

The first fourteen are the ones every archive is expected to have; the others are written by the export so that a
round trip loses nothing, and may be left out of a file. docs/import.md is the description for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

BASE_COLUMNS = (
    "external_id", "kind", "title", "standfirst", "body", "byline", "published_at", "departments", "criteria",
    "source_url", "photos", "captions", "credits", "issue_date",
)  # fmt: skip
#: One value per photo, in the order of ``photos``.
PHOTO_COLUMNS = ("captions", "credits", "alts", "rights", "taken_at", "places", "people")
EXTRA_COLUMNS = (
    "number", "kicker", "kicker_printed", "evidence", "alts", "rights", "taken_at", "places", "people",
    "source_name", "print_issue", "print_page", "documents", "corrections",
)  # fmt: skip
COLUMNS = BASE_COLUMNS + EXTRA_COLUMNS
REQUIRED_COLUMNS = ("external_id", "kind", "title")

_SEPARATOR = "|"
_ESCAPED = re.compile(r"\\([\\|])|(\|)")


def split_list(cell: str) -> list[str]:
    r"""The values of a list cell: ``a|b``; ``\|`` and ``\\`` stand for the characters themselves.

    Spaces around a value are dropped. An empty cell is an empty list; ``|b`` holds an empty value and b.
    """
    if not cell.strip():
        return []
    if "\\" not in cell:
        return [part.strip() for part in cell.split(_SEPARATOR)]
    values, start, current = [], 0, ""
    for match in _ESCAPED.finditer(cell):
        current += cell[start : match.start()]
        start = match.end()
        if match[2]:
            values.append(current.strip())
            current = ""
        else:
            current += match[1]
    values.append((current + cell[start:]).strip())
    return values


def join_list(values: Iterable[str]) -> str:
    """The cell that :func:`split_list` reads back; trailing empty values are dropped."""
    kept = list(values)
    while kept and not kept[-1]:
        kept.pop()
    return _SEPARATOR.join(value.replace("\\", "\\\\").replace(_SEPARATOR, "\\|") for value in kept)


_RISKY = re.compile(r"'*[=+\-@\t\r]")


def escape_cell(text: str) -> str:
    """A CSV cell that no spreadsheet runs as a formula: one ``'`` more before = + - @, tab or CR."""
    return f"'{text}" if _RISKY.match(text) else text


def unescape_cell(text: str) -> str:
    """Take back what :func:`escape_cell` put there."""
    return text[1:] if text[:1] == "'" and _RISKY.match(text) else text
