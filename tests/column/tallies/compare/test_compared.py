"""Two sides: the period before, the address there and back, exact differences and shares, every number's list."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.http import QueryDict
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from column.coverage.filter import CoverageFilter
from column.coverage.models import Criterion
from column.departments.models import Department
from column.people.roles import Role
from column.tallies.asked import MENTIONS, STORIES, Asked
from column.tallies.compare.asked import Compared, period_before, year_before
from column.tallies.compare.comparing import signed
from tests.factories import make_article, make_coverage, make_news, make_user

filters = st.builds(
    CoverageFilter,
    kinds=st.sampled_from([(), ("bai",), ("tin", "anh")]),
    departments=st.sampled_from([(), ("so-y-te",)]),
    criteria=st.sampled_from([(), ("ky-cuong",)]),
    period=st.sampled_from(["", "2016", "2016-Q1", "2017-H2", "2016-02", "2016-W09"]),
    since=st.sampled_from([None, date(2016, 1, 1)]),
    until=st.sampled_from([None, date(2017, 12, 31)]),
    role=st.sampled_from(["", "tat-ca"]),
)


@given(
    st.builds(
        Compared,
        st.builds(
            Asked, filter=filters, rows=st.sampled_from(["don-vi", "tieu-chi", "loai"]), columns=st.just("tong"),
            measure=st.sampled_from([STORIES, MENTIONS]),
        ),
        filters,
    )
)  # fmt: skip
def test_the_address_of_a_comparison_gives_it_back(asked: Compared) -> None:
    assert Compared.parse(QueryDict(asked.url().partition("?")[2]))[0] == asked
    assert asked.swapped().swapped() == asked


@pytest.mark.parametrize(
    ("asked", "before", "a_year_before"),
    [
        ({"period": "2017"}, {"period": "2016"}, {"period": "2016"}),
        ({"period": "2017-Q1"}, {"period": "2016-Q4"}, {"period": "2016-Q1"}),
        ({"period": "2017-H1"}, {"period": "2016-H2"}, {"period": "2016-H1"}),
        ({"period": "2017-01"}, {"period": "2016-12"}, {"period": "2016-01"}),
        # 2015 has 53 weeks.
        ({"period": "2016-W01"}, {"period": "2015-W53"}, {"period": "2015-W02"}),
        (
            {"since": date(2016, 2, 29), "until": date(2016, 3, 1)},
            {"since": date(2016, 2, 27), "until": date(2016, 2, 28)},
            {"since": date(2015, 2, 28), "until": date(2015, 3, 1)},
        ),
        (
            {"period": "2017-Q1", "since": date(2017, 2, 1)},
            {"since": date(2016, 12, 4), "until": date(2017, 1, 31)},
            {"since": date(2016, 2, 1), "until": date(2016, 3, 31)},
        ),
        ({}, {}, {}),
        ({"since": date(2017, 1, 1)}, {"since": date(2017, 1, 1)}, {"since": date(2016, 1, 1)}),
        ({"period": "1930"}, {"period": "1930"}, {"period": "1930"}),
    ],
)
def test_the_period_before(asked: dict[str, Any], before: dict[str, Any], a_year_before: dict[str, Any]) -> None:
    kinds = ("bai",)
    assert period_before(CoverageFilter(kinds, **asked)) == CoverageFilter(kinds, **before)
    assert year_before(CoverageFilter(kinds, **asked)) == CoverageFilter(kinds, **a_year_before)


def test_without_a_second_side_it_is_the_period_before() -> None:
    asked, problems = Compared.parse(QueryDict("ky=2017-Q1&don-vi=so-y-te&cot=tieu-chi&theo=quy"))
    assert problems == []
    assert asked.second == CoverageFilter(period="2016-Q4", departments=("so-y-te",))
    assert (asked.first.columns, asked.first.split) == ("tong", "")
    assert Compared.parse(QueryDict("ky=2017&voi=tat-ca"))[0].second == CoverageFilter()


def test_problems_of_both_sides_are_named() -> None:
    _asked, problems = Compared.parse(QueryDict("ky=x&voi-ky=y"))
    assert [problem[:9] for problem in problems] == ["Kỳ “x” kh", "Bên thứ h"]
    assert Compared.parse(QueryDict("ky=2017&hang=quy"))[1] == [
        "Hai kỳ không có chung dòng thời gian; hãy chia hàng theo đơn vị, tiêu chí hay cách khác."
    ]


def test_numbers_with_their_sign() -> None:
    assert [signed(number) for number in (1234, 0, -2)] == ["+1.234", "0", "−2"]


@pytest.fixture
def staff(db: None, client: Client) -> Client:
    client.force_login(make_user("can-bo", Role.COMMITTEE))
    return client


@pytest.fixture
def world(db: None) -> None:
    units = {code: Department.objects.get(code=code) for code in ("so-cong-thuong", "cong-an-tp", "so-y-te")}
    discipline = Criterion.objects.get(slug="ky-cuong")
    fight = Criterion.objects.get(slug="chong-tieu-cuc")
    now = make_article("Năm nay", issue_date=date(2017, 2, 16))
    also = make_news("Tin năm nay", issue_date=date(2017, 1, 5))
    old = make_news("Năm trước", issue_date=date(2016, 12, 29))
    make_coverage(now, units["so-cong-thuong"], discipline)
    make_coverage(now, units["cong-an-tp"], fight)
    make_coverage(also, units["so-cong-thuong"], discipline)
    make_coverage(old, units["so-cong-thuong"], fight)
    make_coverage(old, units["so-y-te"], discipline)


def shown(page: bytes) -> list[list[str]]:
    table = BeautifulSoup(page, "html.parser").select_one("table.compare-table")
    assert table is not None
    return [[" ".join(cell.text.split()) for cell in row.select("th, td")] for row in table.select("tr")]


@time_machine.travel("2017-02-16T14:12:00+07:00")
def test_this_year_with_the_last(staff: Client, world: None) -> None:
    first = staff.get("/tong-hop/so-sanh/")
    assert (first.status_code, first["Location"]) == (302, "/tong-hop/so-sanh/?ky=2017&voi-ky=2016")
    page = staff.get(first["Location"])
    assert shown(page.content) == [
        ["Cơ quan, đơn vị", "A", "Phần trong A", "B", "Phần trong B", "A so với B", "Tăng, giảm"],
        ["Sở Công Thương", "2", "100,0 %", "1", "100,0 %", "+1", "+100,0 %"],
        ["Sở Y tế", "0", "0,0 %", "1", "100,0 %", "−1", "−100,0 %"],
        ["Công an thành phố Đà Nẵng", "1", "50,0 %", "0", "0,0 %", "+1", "–"],
        ["Tổng số (không trùng)", "2", "", "1", "", "+1", "+100,0 %"],
    ]
    words = BeautifulSoup(page.content, "html.parser")
    assert [" ".join(one.text.split()) for one in words.select("dd.sentence")] == [
        "Tin, bài, đăng trong năm 2017: 2 tin, bài", "Tin, bài, đăng trong năm 2016: 1 tin, bài",
    ]  # fmt: skip
    for link in words.select("table.compare-table td a"):
        answer = staff.get(str(link["href"]))
        assert answer.status_code == 200
        if "danh-sach" in str(link["href"]):
            listed = BeautifulSoup(answer.content, "html.parser").select(".story-table tbody tr")
            assert len(listed) == int(link.text)
    # What a difference is made of: the same two sides of that unit, by criterion.
    made_of = words.select("table.compare-table tbody tr")[0].select("td a")[-1]
    assert shown(staff.get(str(made_of["href"])).content)[1:] == [
        ["Kỷ cương", "2", "100,0 %", "0", "0,0 %", "+2", "–"],
        ["Chống tiêu cực", "0", "0,0 %", "1", "100,0 %", "−1", "−100,0 %"],
        ["Tổng số (không trùng)", "2", "", "1", "", "+1", "+100,0 %"],
    ]


@time_machine.travel("2017-02-16T14:12:00+07:00")
def test_a_form_becomes_the_one_address(staff: Client, world: None) -> None:
    sent = "hang=tieu-chi&dem=&ky=2017&tu=&den=&don-vi=&voi-ky=2016-Q4&voi-tu=&voi-don-vi=so-y-te"
    answer = staff.get(f"/tong-hop/so-sanh/?{sent}")
    assert answer["Location"] == "/tong-hop/so-sanh/?ky=2017&hang=tieu-chi&voi-don-vi=so-y-te&voi-ky=2016-Q4"
    assert staff.get(answer["Location"]).status_code == 200
    blank = staff.get("/tong-hop/so-sanh/?ky=2017&voi-ky=")
    assert blank["Location"] == "/tong-hop/so-sanh/?ky=2017&voi=tat-ca"


def test_two_filters_side_by_side_and_a_constant_cost(
    staff: Client, world: None, django_assert_max_num_queries: Any
) -> None:
    address = "/tong-hop/so-sanh/?don-vi=so-cong-thuong&hang=tieu-chi&voi-don-vi=cong-an-tp"
    with django_assert_max_num_queries(60) as first:
        page = staff.get(address)
    for number in range(5):
        unit = Department.objects.get(code="so-cong-thuong")
        make_coverage(make_news(f"Thêm {number}"), unit, Criterion.objects.get(slug="guong-mau"))
    with django_assert_max_num_queries(len(first)):
        staff.get(address)
    assert [line[0] for line in shown(page.content)] == [
        "Tiêu chí", "Kỷ cương", "Chống tiêu cực", "Tổng số (không trùng)",
    ]  # fmt: skip


def test_what_cannot_be_read_is_said(staff: Client, world: None) -> None:
    for query in ("ky=x", "ky=2017&voi-ky=x", "ky=2017&voi-don-vi=khong-co", "ky=2017&hang=quy", "ky=2017&dem=x"):
        answer = staff.get(f"/tong-hop/so-sanh/?{query}")
        assert answer.status_code == 400, query
        assert "compare-table" not in answer.content.decode()
