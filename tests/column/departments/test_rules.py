from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from column.departments.rules import DateBound, candidates_on, existed_on, parse_bound, spoken_forms


@dataclass(frozen=True)
class Unit:
    name: str
    earliest_from: date | None = None
    latest_to: date | None = None


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2014", date(2014, 1, 1), date(2014, 12, 31)),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29)),
        ("2025-06-30", date(2025, 6, 30), date(2025, 6, 30)),
    ],
)
def test_a_bound_admits_all_its_days(text: str, first: date, last: date) -> None:
    assert parse_bound(text) == DateBound(first, last)


@pytest.mark.parametrize("text", ["", "14", "2014-13", "2014-02-30", "02/2014", "2014-5"])
def test_other_bounds_are_refused_in_vietnamese(text: str) -> None:
    with pytest.raises(ValueError, match="không phải"):
        parse_bound(text)


def test_the_last_day_is_inclusive() -> None:
    unit = Unit("x", date(2025, 1, 1), date(2025, 6, 30))
    assert existed_on(unit, date(2025, 6, 30))
    assert not existed_on(unit, date(2025, 7, 1))
    assert not existed_on(unit, date(2024, 12, 31))


def test_where_two_fit_both_are_offered() -> None:
    old = Unit("cũ", None, parse_bound("2018-10").last)
    new = Unit("mới", parse_bound("2018-10").first)
    assert candidates_on([old, new], date(2018, 10, 12)) == [old, new]
    assert candidates_on([old, new], date(2017, 2, 16)) == [old]
    assert candidates_on([old, new], date(2018, 11, 1)) == [new]


def test_spoken_forms() -> None:
    assert {"Cục Thuế thành phố Đà Nẵng", "Cục Thuế thành phố", "Cục Thuế TP", "Cục Thuế"} <= set(
        spoken_forms("Cục Thuế thành phố Đà Nẵng", "Cục Thuế", "nganh")
    )
    council = spoken_forms("Hội đồng nhân dân thành phố Đà Nẵng", "HĐND TP", "chinh_quyen")
    assert {"HĐND thành phố", "HĐND TP Đà Nẵng"} <= set(council)
    assert "HĐND" not in council
    ward = spoken_forms("Phường Hòa Minh", "P. Hòa Minh", "phuong_xa")
    assert {"UBND Phường Hòa Minh", "Đảng ủy Phường Hòa Minh"} <= set(ward)
    assert "Quận ủy Hải Châu" in spoken_forms("Quận Hải Châu", "Q. Hải Châu", "quan_huyen")
    assert spoken_forms("Báo Đà Nẵng", "", "bao_chi") == ["Báo Đà Nẵng"]
