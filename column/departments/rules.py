"""Pure decisions about units over time."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

_BOUND = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


@dataclass(frozen=True, slots=True)
class DateBound:
    """A bound of year, month or day precision: its first and last possible day, inclusive."""

    first: date
    last: date


def parse_bound(text: str) -> DateBound:
    """Read ``2014``, ``2014-05`` or ``2014-05-20``; ValueError (Vietnamese) for anything else."""
    match = _BOUND.fullmatch(text.strip())
    if not match:
        raise ValueError(f"“{text}” không phải năm (2014), tháng (2014-05) hay ngày (2014-05-20).")
    year, month, day = int(match[1]), match[2], match[3]
    try:
        if day:
            exact = date(year, int(month), int(day))
            return DateBound(exact, exact)
        if month:
            last = calendar.monthrange(year, int(month))[1]
            return DateBound(date(year, int(month), 1), date(year, int(month), last))
        return DateBound(date(year, 1, 1), date(year, 12, 31))
    except ValueError:
        raise ValueError(f"“{text}” không phải một ngày có thật.") from None


class Span(Protocol):
    """Whatever existed for a while; an unknown bound is None."""

    @property
    def earliest_from(self) -> date | None: ...

    @property
    def latest_to(self) -> date | None: ...


S = TypeVar("S", bound=Span)


def existed_on(unit: Span, day: date) -> bool:
    """Whether a unit may have existed on a day: a bound that is a year or a month admits all its days."""
    return (unit.earliest_from is None or unit.earliest_from <= day) and (
        unit.latest_to is None or unit.latest_to >= day
    )


def candidates_on(units: Iterable[S], day: date) -> list[S]:
    """The units of one name that may be meant on a day, in their order; where several fit, a person chooses."""
    return [unit for unit in units if existed_on(unit, day)]


#: Written in full or short; each word is tried both ways.
_SHORTENINGS = (
    ("Ủy ban nhân dân", "UBND"),
    ("Hội đồng nhân dân", "HĐND"),
    ("Ủy ban Mặt trận Tổ quốc Việt Nam", "UBMTTQVN"),
    ("Bảo hiểm xã hội", "BHXH"),
    ("Tòa án nhân dân", "TAND"),
    ("Viện Kiểm sát nhân dân", "VKSND"),
    ("Trung tâm", "TT"),
    ("Ban Quản lý", "BQL"),
    ("Công an", "CA"),
)
_CITY_TAILS = (" thành phố Đà Nẵng", " TP Đà Nẵng", " thành phố", " TP", " Đà Nẵng")
_OFFICES = ("UBND", "Ủy ban nhân dân", "HĐND", "Hội đồng nhân dân", "Đảng ủy", "chính quyền")


def spoken_forms(name: str, short_name: str, kind: str) -> list[str]:
    """The ways in which texts write a unit's name, the full name first.

    “Cục Thuế thành phố Đà Nẵng” is also “Cục Thuế thành phố” and “Cục Thuế”; “Quận Hải Châu” acts as
    “UBND quận Hải Châu” and “Quận ủy Hải Châu”. A shortened form keeps at least two words, and a city-wide
    council or committee keeps the city in its name (every ward has one).
    """
    forms = [name, short_name]
    for tail in _CITY_TAILS:
        stem = name.removesuffix(tail)
        if stem != name and len(stem.split()) > 1:
            forms += [stem + other for other in _CITY_TAILS]
            if kind in _STANDS_ALONE:
                forms.append(stem)
            break
    if kind in {"quan_huyen", "phuong_xa"}:
        level, _, place = name.partition(" ")
        forms += [f"{office} {name}" for office in _OFFICES]
        if kind == "quan_huyen":
            forms.append(f"{level} ủy {place}")
    for long, short in _SHORTENINGS:
        forms += [form.replace(long, short) for form in forms if long in form]
    return list(dict.fromkeys(form for form in forms if form))


#: Kinds whose name is theirs alone in the city even without the city in it.
_STANDS_ALONE = frozenset({"nganh", "don_vi_su_nghiep", "bao_chi", "dang"})


#: Headings of ``report_group``, in the order of the committee's reports.
REPORT_GROUPS: dict[int, str] = {
    0: "Thành phố",
    1: "Cơ quan Đảng",
    2: "Hội đồng nhân dân, Ủy ban nhân dân thành phố",
    3: "Mặt trận, đoàn thể",
    4: "Sở, cơ quan ngang sở",
    5: "Cơ quan ngành dọc",
    6: "Công an",
    7: "Quân sự, biên phòng",
    8: "Tòa án, viện kiểm sát, thi hành án",
    9: "Ban quản lý",
    10: "Đơn vị sự nghiệp",
    11: "Báo chí",
    12: "Quận, huyện",
    13: "Phường, xã, đặc khu",
}


def report_group_name(group: int) -> str:
    return REPORT_GROUPS.get(group, "Đơn vị khác")


def bound_in_words(bound: str) -> str:
    """“năm 2025”, “tháng 10/2018” or “28/02/2025”; empty for an unknown bound."""
    year, _, rest = bound.partition("-")
    month, _, day = rest.partition("-")
    if day:
        return f"{day}/{month}/{year}"
    if month:
        return f"tháng {int(month)}/{year}"
    return f"năm {year}" if year else ""


def lifetime_in_words(valid_from: str, valid_to: str) -> str:
    """“từ 01/03/2025”, “đến hết 28/02/2025”, both, or nothing when no bound is known."""
    parts = []
    if valid_from:
        parts.append(f"từ {bound_in_words(valid_from)}")
    if valid_to:
        parts.append(f"đến hết {bound_in_words(valid_to)}")
    return " ".join(parts)
