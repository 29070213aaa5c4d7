"""Sentences from templates: the demo's own words, put together by chance, the same for the same chance.

The templates stand in ``words/*.txt``, one file a subject and a section a part of a story (``= titles``). In a line:

* ``[a|b]`` one of them; ``{12-48}`` a number; ``{91.5-98.9%}`` a percentage, printed the Vietnamese way;
* ``{unit}`` the unit as it acts (“UBND phường Thọ Quang”), ``{name}`` and ``{Name}`` as a headline has it, ``{place}``
  where it is, ``{other}`` a second unit;
* at the start, in this order: ``@`` only for units that are places; ``2020..`` or ``..2024`` only for stories of
  those years; ``tn`` and the like: the criterion that the sentence is evidence for.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files

from column.departments.models import Department
from column.enums import DepartmentKind
from column.text.dates import format_number

#: Subjects of stories, in a fixed order, and how often each is chosen.
SUBJECTS = {
    "mot-cua": 14, "truc-tuyen": 11, "xin-loi": 7, "tiep-dan": 8, "do-thi": 10, "ky-luat": 9, "tap-huan": 6,
    "thi-truong": 6, "truong-hoc": 6, "y-te": 6, "chua-chay": 5, "giao-thong": 6, "hop-hanh": 6, "xay-dung": 7,
    "bien": 5, "nong-thon": 6,
}  # fmt: skip
#: The marks of criteria in the word files.
CRITERIA = {
    "tn": "trach-nhiem", "tt": "trung-thuc", "cn": "chuyen-nghiep", "kc": "ky-cuong", "gm": "guong-mau",
    "ql": "chong-quan-lieu", "tc": "chong-tieu-cuc", "ht": "chong-benh-hinh-thuc",
}  # fmt: skip

_YEARS = re.compile(r"^(\d{4})?\.\.(\d{4})? ")
_MARK = re.compile(rf"^({'|'.join(CRITERIA)}) ")
_CHOICE = re.compile(r"\[([^\]]*\|[^\]]*)\]")
_RANGE = re.compile(r"\{(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)(%?)\}")
_NAME = re.compile(r"\{(\w+)\}")
_AREAS = (DepartmentKind.DISTRICT, DepartmentKind.WARD)


@dataclass(frozen=True, slots=True)
class Line:
    """One template; ``criterion`` is a slug or empty."""

    text: str
    criterion: str = ""
    first_year: int = 0
    last_year: int = 9999
    places_only: bool = False

    def fits(self, year: int, unit: Department) -> bool:
        return self.first_year <= year <= self.last_year and (not self.places_only or unit.kind in _AREAS)


@dataclass(frozen=True)
class Subject:
    """What stories are about: their templates by section, the scenes that fit, the units with their weights."""

    name: str
    sections: Mapping[str, Sequence[Line]]
    scenes: frozenset[str]
    units: Sequence[tuple[str, int]]

    def lines(self, section: str, year: int, unit: Department) -> list[Line]:
        return [line for line in self.sections[section] if line.fits(year, unit)]


def load_subject(name: str) -> Subject:
    """Read ``words/<name>.txt``."""
    text = (files(__package__) / "words" / f"{name}.txt").read_text(encoding="utf-8")
    sections: dict[str, list[str]] = {}
    current: list[str] = []
    for row in text.splitlines():
        if row.startswith("= "):
            current = sections.setdefault(row[2:].strip(), [])
        elif row.strip():
            current.append(row.strip())
    scenes = " ".join(sections.pop("scenes", []))
    units = [(code, int(weight)) for code, weight in (row.split() for row in sections.pop("units", []))]
    return Subject(
        name, {key: tuple(map(_line, rows)) for key, rows in sections.items()}, frozenset(scenes.split()), units
    )


def _line(row: str) -> Line:
    first, last, criterion = 0, 9999, ""
    places_only = row.startswith("@ ")
    row = row.removeprefix("@ ")
    if match := _YEARS.match(row):
        first, last = int(match[1] or first), int(match[2] or last)
        row = row[match.end() :]
    if match := _MARK.match(row):
        criterion = CRITERIA[match[1]]
        row = row[match.end() :]
    return Line(row, criterion, first, last, places_only)


def acting(unit: Department) -> str:
    """The unit as the one who does something: a ward acts through its committee."""
    return f"UBND {_lower(unit.name)}" if unit.kind in _AREAS else spoken(unit)


def briefly(unit: Department) -> str:
    """The unit when the paragraph has named it already: “phường”, “sở”, “đơn vị”."""
    word = _lower(unit.name.split()[0])
    return word if unit.kind in _AREAS or word in {"sở", "cục"} else "đơn vị"


def spoken(unit: Department) -> str:
    """The unit's name as a headline has it: short, small where it is a place."""
    if unit.kind in _AREAS:
        return _lower(unit.name)
    name = unit.name.replace("Ủy ban nhân dân", "UBND")
    return name.removesuffix(" Đà Nẵng") if name.endswith("thành phố Đà Nẵng") else name


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


@dataclass
class Voice:
    """Turns templates into sentences for one story."""

    chance: random.Random
    unit: Department
    other: Department | None = None
    #: Whether the unit is to be named in full the next time.
    in_full: bool = True
    _names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        name = spoken(self.unit)
        self._names = {
            "name": name, "Name": name[:1].upper() + name[1:],
            "place": name if self.unit.kind in _AREAS else "thành phố",
            "other": acting(self.other) if self.other else "",
        }  # fmt: skip

    def say(self, text: str) -> str:
        """The template with everything filled in; the unit in full once, then in short until ``in_full`` is set."""
        text = _CHOICE.sub(lambda match: self.chance.choice(match[1].split("|")), text)
        text = _RANGE.sub(self._number, text)
        text = _NAME.sub(lambda match: self._filled(match[1]), text)
        return text[:1].upper() + text[1:]

    def _filled(self, name: str) -> str:
        if name != "unit":
            return self._names[name]
        full, self.in_full = self.in_full, False
        return acting(self.unit) if full else briefly(self.unit)

    def _number(self, match: re.Match[str]) -> str:
        low, high, percent = match.groups()
        if "." in low:
            value = round(self.chance.uniform(float(low), float(high)), 1)
            return f"{format_number(value, 1)}{percent}"
        return f"{format_number(self.chance.randint(int(low), int(high)))}{percent}"
