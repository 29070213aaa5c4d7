"""The counting contract once more, in plain Python on plain data: slow, without SQL, and nothing of ours but names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import product

NONE, WHOLE = "chua-gan", ""
KINDS = {"article": "bai", "news": "tin", "photo": "anh", "tin_anh": "tin-anh"}
ROLES = {"subject": "doi-tuong", "mentioned": "duoc-nhac"}
TONES = {"praise": "bieu-duong", "criticism": "phe-binh", "information": "thong-tin", "": "chua-ro"}


@dataclass(frozen=True)
class Unit:
    code: str
    kind: str
    group: int
    parent: str | None = None
    first: date | None = None
    last: date | None = None
    successors: tuple[str, ...] = ()
    #: What a split unit counts as; absent (no rule) or itself.
    rule: str | None = None
    same_as: str | None = None


@dataclass(frozen=True)
class Row:
    unit: str | None
    criterion: str | None
    role: str
    tone: str


@dataclass(frozen=True)
class Fact:
    number: int
    day: date
    kind: str
    seen: bool
    rows: tuple[Row, ...]
    documents: tuple[str, ...] = ()
    bylines: tuple[str, ...] = ()


@dataclass(frozen=True)
class World:
    facts: tuple[Fact, ...]
    units: dict[str, Unit]
    families: dict[str, str]
    solutions: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def own(self, code: str) -> str:
        same = self.units[code].same_as
        return self.own(same) if same else code

    def image(self, code: str, day: date | None) -> str:
        here = start = self.own(code)
        seen = {here}
        while day is not None and (after := self._next(here, day)) is not None:
            if after in seen:
                return start
            seen.add(after)
            here = after
        return here

    def _next(self, code: str, day: date) -> str | None:
        unit = self.units[code]
        after = self._after(code)
        if after and (unit.last is None or unit.last < day):
            begun = [one for one in after if (first := self.units[one].first) is None or first <= day]
            if len(after) == 1:
                return after[0] if begun else None
            return self.own(unit.rule) if unit.rule and self.own(unit.rule) in begun else None
        if unit.first is not None and unit.first > day:
            before = [one for one in self.units if self.own(one) == one and code in self._after(one)]
            if len(before) == 1 and ((last := self.units[before[0]].last) is None or last >= day):
                return before[0]
        return None

    def _after(self, code: str) -> list[str]:
        """The successors of a unit and of its duplicates."""
        mine = [one for one in self.units if self.own(one) == code]
        found = [self.own(new) for one in mine for new in self.units[one].successors]
        return [one for one in dict.fromkeys(found) if one != code]

    def above(self, code: str, day: date | None) -> list[str]:
        found: list[str] = []
        here: str | None = self.image(code, day)
        while here and here not in found:
            found.append(here)
            parent = self.units[here].parent
            here = self.image(parent, day) if parent else None
        return found


@dataclass(frozen=True)
class Question:
    """A filter and a layout in plain words; ``structure`` is a day or None."""

    rows: str
    columns: str
    split: str = ""
    mentions: bool = False
    structure: date | None = None
    first: date | None = None
    last: date | None = None
    kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    branch: bool = False
    within: tuple[str, ...] = ()
    unit_kinds: tuple[str, ...] = ()
    unit_groups: tuple[str, ...] = ()
    criteria: tuple[str, ...] = ()
    family: str = ""
    solutions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    bylines: tuple[str, ...] = ()
    role: str = ""
    tones: tuple[str, ...] = ()
    #: Custom periods by dimension: (key, first day, last day).
    periods: tuple[tuple[str, tuple[tuple[str, date, date], ...]], ...] = ()

    @property
    def layout(self) -> tuple[str, str, str]:
        return self.rows, self.split, self.columns


OF_ROWS = {"don-vi", "loai-don-vi", "nhom-don-vi", "nhanh-don-vi", "tieu-chi", "nhom", "giai-phap", "vai-tro", "chieu"}


def figures(world: World, asked: Question) -> dict[tuple[str, str, str], int]:
    """Every figure that is not zero, by (row, inner line, column)."""
    found: Counter[tuple[str, str, str]] = Counter()
    for fact in world.facts:
        mine: Counter[tuple[str, str, str]] = Counter()
        for row in counted_rows(world, asked, fact):
            axes = [{WHOLE, *values(world, asked, word, fact, row)} for word in asked.layout]
            mine.update(set(product(*axes)))
        found.update(mine if asked.mentions else dict.fromkeys(mine, 1))
    return dict(found)


def counted_rows(world: World, asked: Question, fact: Fact) -> Iterator[Row | None]:
    """The rows by which a story counts; None once where it counts without any."""
    if not fact.seen or (asked.first and fact.day < asked.first) or (asked.last and fact.day > asked.last):
        return
    if asked.kinds and KINDS[fact.kind] not in asked.kinds:
        return
    if asked.documents and not set(asked.documents) & set(fact.documents or (NONE,)):
        return
    if asked.bylines and not set(asked.bylines) & set(fact.bylines or (NONE,)):
        return
    coded = asked.mentions or bool(OF_ROWS & set(asked.layout)) or bool(
        asked.units or asked.within or asked.unit_kinds or asked.unit_groups or asked.criteria or asked.family
        or asked.solutions or asked.role or asked.tones
    )  # fmt: skip
    if not coded:
        yield None
        return
    role = asked.role or ("tat-ca" if "vai-tro" in asked.layout else "doi-tuong")
    for row in fact.rows:
        if row_matches(world, asked, row, role):
            yield row


def row_matches(world: World, asked: Question, row: Row, role: str) -> bool:
    day = asked.structure
    image = world.image(row.unit, day) if row.unit else NONE
    up = world.above(row.unit, day) if row.unit else []
    wanted = {world.image(code, day) if code != NONE else NONE for code in asked.units}
    return (
        role in {"tat-ca", ROLES[row.role]}
        and (not asked.tones or TONES[row.tone] in asked.tones)
        and (not asked.units or image in wanted or (asked.branch and bool(wanted & set(up))))
        and (not asked.within or bool({world.image(code, day) for code in asked.within} & set(up)))
        and (not asked.unit_kinds or (image != NONE and world.units[image].kind.replace("_", "-") in asked.unit_kinds))
        and (not asked.unit_groups or (image != NONE and str(world.units[image].group) in asked.unit_groups))
        and (not asked.criteria or (row.criterion or NONE) in asked.criteria)
        and (not asked.family or (row.criterion is not None and world.families[row.criterion] == asked.family))
        and (not asked.solutions or bool(set(asked.solutions) & set(solutions(world, row))))
    )


def solutions(world: World, row: Row) -> tuple[str, ...]:
    return (world.solutions.get(row.criterion, ()) if row.criterion else ()) or (NONE,)


def values(world: World, asked: Question, word: str, fact: Fact, row: Row | None) -> list[str]:
    """Under which values of a dimension a story stands by one of its rows."""
    found: list[str] = []
    day, slug = fact.day, word.partition(":")[0]
    if slug in {"", "tong"}:
        return []
    if slug in {"tuan", "thang", "quy", "nua-nam", "nam"}:
        return [period(slug, day)]
    if slug in {"ky-bao-cao", "nam-thu"}:
        return [key for key, first, last in dict(asked.periods)[word] if first <= day <= last]
    if slug == "loai":
        return [KINDS[fact.kind]]
    if slug == "van-ban":
        found = [one for one in fact.documents or (NONE,) if not asked.documents or one in asked.documents]
    elif slug == "but-danh":
        found = [one for one in fact.bylines or (NONE,) if not asked.bylines or one in asked.bylines]
    elif row is not None:
        found = of_row(world, asked, slug, row)
    return found


def of_row(world: World, asked: Question, slug: str, row: Row) -> list[str]:
    image = world.image(row.unit, asked.structure) if row.unit else NONE
    if slug == "don-vi":
        return [image]
    if slug == "loai-don-vi":
        return [world.units[image].kind.replace("_", "-") if image != NONE else NONE]
    if slug == "nhom-don-vi":
        return [str(world.units[image].group) if image != NONE else NONE]
    if slug == "nhanh-don-vi":
        heads = world.above(row.unit, asked.structure) if row.unit else [NONE]
        inside = {world.image(code, asked.structure) for code in asked.within}
        return [one for one in heads if one == NONE or not inside or inside & set(world.above(one, asked.structure))]
    if slug == "tieu-chi":
        return [row.criterion or NONE]
    if slug == "nhom":
        return [world.families[row.criterion] if row.criterion else NONE]
    if slug == "giai-phap":
        return [one for one in solutions(world, row) if not asked.solutions or one in asked.solutions]
    return [ROLES[row.role] if slug == "vai-tro" else TONES[row.tone]]


def period(slug: str, day: date) -> str:
    if slug == "tuan":
        thursday = day - timedelta(days=day.weekday()) + timedelta(days=3)
        week = (thursday - date(thursday.year, 1, 1)).days // 7 + 1
        return f"{thursday.year}-W{week:02d}"
    return {
        "thang": f"{day.year}-{day.month:02d}",
        "quy": f"{day.year}-Q{(day.month + 2) // 3}",
        "nua-nam": f"{day.year}-H{1 if day.month < 7 else 2}",
        "nam": str(day.year),
    }[slug]
