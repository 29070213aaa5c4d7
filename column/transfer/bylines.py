"""Printed bylines: “ĐOÀN LƯƠNG”, “Bài và ảnh: A, B; Ảnh: C”, read into ordered credits and written back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

from column.enums import CreditRole
from column.text.normalize import fold

Credit = tuple[str, CreditRole]

#: How a role is printed before its names; plain names are text credits.
LABELS = {
    CreditRole.TEXT: "Bài",
    CreditRole.TEXT_AND_PHOTOS: "Bài và ảnh",
    CreditRole.NEWS: "Tin",
    CreditRole.NEWS_AND_PHOTOS: "Tin, ảnh",
    CreditRole.PHOTOS: "Ảnh",
    CreditRole.EDITED: "Biên soạn",
}
_SPELLINGS = {
    **{fold(label): role for role, label in LABELS.items()},
    "bai, anh": CreditRole.TEXT_AND_PHOTOS,
    "bai - anh": CreditRole.TEXT_AND_PHOTOS,
    "bai va anh": CreditRole.TEXT_AND_PHOTOS,
    "tin va anh": CreditRole.NEWS_AND_PHOTOS,
    "tin - anh": CreditRole.NEWS_AND_PHOTOS,
    "thuc hien": CreditRole.TEXT,
    "tac gia": CreditRole.TEXT,
}
_ROLE = re.compile(
    r"(?:^|[;.,\s])\s*(Bài\s*(?:và|,|-|–)\s*ảnh|Tin\s*(?:và|,|-|–)\s*ảnh|Bài|Tin|Ảnh|Biên soạn|Thực hiện|Tác giả)\s*:",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*(?:[,;&\n]|\s[-–—]\s|\s(?i:và)\s)\s*")


def parse_byline(text: str) -> list[Credit]:
    """Names with their roles, in the printed order; a name twice in one role counts once.

    A name within straight double quotes is taken whole, whatever it holds.
    """
    found: list[Credit] = []
    kept: list[str] = []

    def put_aside(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\x01{len(kept) - 1}\x01"

    for role, names in _parts(_QUOTED.sub(put_aside, text)):
        for part in _BETWEEN.split(names):
            name = _ASIDE.sub(lambda match: kept[int(match[1])], " ".join(part.split()).strip(" ."))
            if name and (name, role) not in found:
                found.append((name, role))
    return found


_QUOTED = re.compile(r'"([^"]+)"')
_ASIDE = re.compile("\x01(\\d+)\x01")


def _parts(text: str) -> Iterable[tuple[CreditRole, str]]:
    role, start = CreditRole.TEXT, 0
    for match in _ROLE.finditer(text):
        yield role, text[start : match.start()]
        role, start = _SPELLINGS[fold(match[1]).replace("–", "-").replace(" ,", ",")], match.end()
    yield role, text[start:]


def format_byline(byline: Iterable[Credit]) -> str:
    """The byline as printed; :func:`parse_byline` reads it back to the same credits."""
    parts: list[str] = []
    for role, group in groupby(byline, key=lambda credit: credit[1]):
        names = ", ".join(_whole(name) for name, _role in group)
        parts.append(names if role == CreditRole.TEXT and not parts else f"{LABELS[role]}: {names}")
    return "; ".join(parts)


def _whole(name: str) -> str:
    """The name, quoted where it would be read as several."""
    return name if parse_byline(name) == [(name, CreditRole.TEXT)] else f'"{name}"'
