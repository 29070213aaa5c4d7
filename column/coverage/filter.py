"""The one coverage filter: what an address asks for, cleaned, and back to its one address.

Pages, tallies, exports and feeds all use it. ``column.coverage.selection`` turns it into query sets and
into a Vietnamese sentence; this module knows no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from column.coverage.periods import Period, parse_period
from column.enums import CoverageRole, DepartmentKind, Family, Kind, Tone
from column.text.dates import DateProblem, parse_day
from column.text.normalize import nfc

#: In place of a unit's code, a criterion's slug, a document …: rows or stories that have none.
NONE = "chua-gan"
#: In place of a day: the structure of units of today.
NOW = "nay"
MOST_VALUES = 60

KINDS: Mapping[str, Kind] = {"bai": Kind.ARTICLE, "tin": Kind.NEWS, "anh": Kind.PHOTO, "tin-anh": Kind.POOLED}
FAMILIES: Mapping[str, Family] = {"xay": Family.BUILD, "chong": Family.FIGHT}
#: All that a criterion can belong to; criteria of other codebooks belong to neither family.
GROUPS: Mapping[str, Family] = {**FAMILIES, "khac": Family.OTHER}
UNIT_GROUPS: Mapping[str, int] = {str(number): number for number in range(100)}
UNIT_KINDS: Mapping[str, DepartmentKind] = {kind.value.replace("_", "-"): kind for kind in DepartmentKind}
#: Which rows count; without it those whose unit is the subject, and stories without any row where no
#: other condition asks for one.
ROLES: Mapping[str, CoverageRole | None] = {
    "doi-tuong": CoverageRole.SUBJECT,
    "duoc-nhac": CoverageRole.MENTIONED,
    "tat-ca": None,
}
TONES: Mapping[str, Tone] = {
    "bieu-duong": Tone.PRAISE,
    "phe-binh": Tone.CRITICISM,
    "thong-tin": Tone.INFORMATION,
    "chua-ro": Tone.UNSET,
}
#: Staff alone may ask by role and tone (design: never public).
_PUBLIC_ROLES = frozenset({"", "doi-tuong"})


_LISTS = (
    "kinds", "departments", "within", "unit_kinds", "unit_groups", "criteria", "solutions", "documents", "bylines",
    "tones",
)  # fmt: skip

#: The parameters of an address, in their one order, and the conditions that they say.
_KEYS = (
    ("loai", "kinds"), ("don-vi", "departments"), ("nhanh", "branch"), ("tien-than", "lineage"), ("thuoc", "within"),
    ("loai-don-vi", "unit_kinds"), ("nhom-don-vi", "unit_groups"), ("co-cau", "structure"), ("tieu-chi", "criteria"),
    ("nhom", "family"), ("giai-phap", "solutions"), ("van-ban", "documents"), ("ky", "period"), ("tu", "since"),
    ("den", "until"), ("but-danh", "bylines"), ("vai-tro", "role"), ("chieu", "tones"),
)  # fmt: skip


@dataclass(frozen=True)
class CoverageFilter:
    """A question about coverage. Lists are sorted and without repeats, so equal questions are equal.

    Conditions hold together; several values of one condition are alternatives. ``departments``, ``branch`` and
    ``unit_kinds`` are about units as ``structure`` has them: as they were on the story's day (empty), rolled up to
    today's (``NOW``) or to a day's structure (ISO). ``within`` is a branch (a unit and all below it), like
    ``departments`` with ``branch`` but a condition of its own; ``unit_groups`` are groups of reports.
    """

    kinds: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    branch: bool = False
    lineage: bool = False
    within: tuple[str, ...] = ()
    unit_kinds: tuple[str, ...] = ()
    unit_groups: tuple[str, ...] = ()
    structure: str = ""
    criteria: tuple[str, ...] = ()
    family: str = ""
    solutions: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    period: str = ""
    since: date | None = None
    until: date | None = None
    bylines: tuple[str, ...] = ()
    role: str = ""
    tones: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in _LISTS:
            values = getattr(self, name)
            if not isinstance(values, tuple) or len(values) > 1:
                object.__setattr__(self, name, tuple(sorted(set(values))))
        if not self.departments:
            object.__setattr__(self, "branch", False)
            object.__setattr__(self, "lineage", False)

    # --- from an address ---------------------------------------------------------------------------------------

    @classmethod
    def parse(cls, params: QueryDict, *, staff: bool = False) -> tuple[CoverageFilter, list[str]]:
        """Read an address; what cannot be read is left out and named in the second value (Vietnamese).

        Parameters of others (``trang`` …) are ignored. Only ``staff`` may ask for mentions and tones.
        """
        problems: list[str] = []
        read: dict[str, Any] = {
            "kinds": _choices(params, "loai", KINDS, problems),
            "departments": _values(params, "don-vi", problems),
            "branch": _flag(params, "nhanh"),
            "lineage": _flag(params, "tien-than"),
            "within": _values(params, "thuoc", problems),
            "unit_groups": _choices(params, "nhom-don-vi", UNIT_GROUPS, problems),
            "unit_kinds": _choices(params, "loai-don-vi", UNIT_KINDS, problems),
            "structure": _structure(params, problems),
            "criteria": _values(params, "tieu-chi", problems),
            "family": _choice(params, "nhom", GROUPS, problems),
            "solutions": _values(params, "giai-phap", problems),
            "documents": _values(params, "van-ban", problems),
            "period": _period(params, problems),
            "since": _day(params, "tu", problems),
            "until": _day(params, "den", problems),
            "bylines": _values(params, "but-danh", problems),
            "role": _choice(params, "vai-tro", ROLES, problems),
            "tones": _choices(params, "chieu", TONES, problems),
        }
        if not staff and (read["tones"] or read["role"] not in _PUBLIC_ROLES):
            problems.append(_("Lọc theo vai trò và chiều phản ánh chỉ dành cho cán bộ."))
            read |= {"tones": (), "role": ""}
        found = cls(**read)
        first, last = found.span
        if first and last and first > last:
            problems.append(_("Khoảng ngày trống: ngày bắt đầu đứng sau ngày kết thúc."))
        return found, problems

    # --- back to the address -----------------------------------------------------------------------------------

    def pairs(self) -> list[tuple[str, str]]:
        """The canonical parameters, in their one order; what is not asked is not written."""
        found: list[tuple[str, str]] = []
        for key, name in _KEYS:
            if value := getattr(self, name):
                found += [(key, one) for one in (value if isinstance(value, tuple) else _written(value))]
        return found

    def query(self, *more: tuple[str, str]) -> str:
        return "&".join([_quoted(key, value) for key, value in (*self.pairs(), *more)])

    def url(self, path: str = "/tin-bai/", *more: tuple[str, str]) -> str:
        """The canonical address under ``path``; parsing it gives this filter back."""
        query = self.query(*more)
        return f"{path}?{query}" if query else path

    def but(self, **changes: Any) -> CoverageFilter:
        return replace(self, **changes)

    def is_empty(self) -> bool:
        return all(getattr(self, field.name) == field.default for field in fields(self))

    # --- what it means -----------------------------------------------------------------------------------------

    @property
    def asks_for_coverage(self) -> bool:
        """Whether a story must have a row to be found."""
        return bool(
            self.asks_for_units or self.criteria or self.family or self.solutions or self.role or self.tones
        )  # fmt: skip

    @property
    def asks_for_units(self) -> bool:
        return bool(self.departments or self.within or self.unit_kinds or self.unit_groups)

    @property
    def named_period(self) -> Period | None:
        return parse_period(self.period) if self.period else None

    @property
    def span(self) -> tuple[date | None, date | None]:
        """First and last day asked for, both included; the named period and the days narrow each other."""
        named = self.named_period
        firsts = [day for day in (self.since, named.first if named else None) if day]
        lasts = [day for day in (self.until, named.last if named else None) if day]
        return max(firsts, default=None), min(lasts, default=None)


@lru_cache(maxsize=4096)
def _quoted(key: str, value: str) -> str:
    """One parameter of an address; a table writes the same few a thousand times."""
    return urlencode([(key, value)])


def _written(value: str | bool | date | None) -> tuple[str, ...]:
    if value is True:
        return ("1",)
    if isinstance(value, date):
        return (value.isoformat(),)
    return (value,) if value else ()


def _clean(value: str) -> str:
    return " ".join(nfc(value).split())


def _values(params: QueryDict, key: str, problems: list[str]) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(clean for value in params.getlist(key) if (clean := _clean(value))))
    if len(values) > MOST_VALUES:
        problems.append(_("Quá nhiều giá trị cho “%(key)s”: nhiều nhất %(most)d.") % {"key": key, "most": MOST_VALUES})
        return ()
    return values


def _choices(params: QueryDict, key: str, known: Mapping[str, object], problems: list[str]) -> tuple[str, ...]:
    values = _values(params, key, problems)
    _refuse(key, (value for value in values if value not in known), known, problems)
    return tuple(value for value in values if value in known)


def _choice(params: QueryDict, key: str, known: Mapping[str, object], problems: list[str]) -> str:
    value = _clean(params.get(key, ""))
    if value and value not in known:
        _refuse(key, [value], known, problems)
        return ""
    return value


def _refuse(key: str, values: Iterable[str], known: Mapping[str, object], problems: list[str]) -> None:
    problems += [
        _("“%(value)s” không dùng được cho “%(key)s”; các giá trị có thể là: %(known)s.")
        % {"value": value[:60], "key": key, "known": ", ".join(known)}
        for value in values
    ]


def _flag(params: QueryDict, key: str) -> bool:
    return params.get(key, "") in {"1", "on", "co"}


def _day(params: QueryDict, key: str, problems: list[str]) -> date | None:
    value = _clean(params.get(key, ""))
    if not value:
        return None
    try:
        return parse_day(value)
    except DateProblem as problem:
        problems.append(str(problem))
        return None


def _structure(params: QueryDict, problems: list[str]) -> str:
    if _clean(params.get("co-cau", "")) == NOW:
        return NOW
    return "".join(_written(_day(params, "co-cau", problems)))


def _period(params: QueryDict, problems: list[str]) -> str:
    value = _clean(params.get("ky", ""))
    if not value:
        return ""
    try:
        return parse_period(value).code
    except ValueError as problem:
        problems.append(str(problem))
        return ""
