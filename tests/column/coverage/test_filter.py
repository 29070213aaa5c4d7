from __future__ import annotations

from datetime import date

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from column.coverage.filter import FAMILIES, KINDS, NONE, ROLES, TONES, CoverageFilter
from column.coverage.periods import parse_period, quarters
from column.coverage.selection import Selection
from column.text.normalize import nfc

words = st.text(min_size=1, max_size=30).map(lambda text: " ".join(nfc(text).split())).filter(bool)
days = st.none() | st.dates(date(2013, 1, 1), date(2025, 12, 31))
periods = st.sampled_from(["", "2017", "2017-Q1", "2016-H2", "2024-02"])
filters = st.builds(
    CoverageFilter,
    kinds=st.lists(st.sampled_from(list(KINDS))).map(tuple),
    departments=st.lists(words | st.sampled_from(["so-y-te", NONE])).map(tuple),
    branch=st.booleans(),
    lineage=st.booleans(),
    criteria=st.lists(words | st.sampled_from(["ky-cuong", NONE])).map(tuple),
    family=st.sampled_from(["", *FAMILIES]),
    documents=st.lists(st.integers(1, 99).map(str)).map(tuple),
    period=periods,
    since=days,
    until=days,
    bylines=st.lists(words).map(tuple),
    role=st.sampled_from(["", *ROLES]),
    tones=st.lists(st.sampled_from(list(TONES))).map(tuple),
)


@given(filters)
def test_an_address_gives_its_filter_back(asked: CoverageFilter) -> None:
    found, problems = CoverageFilter.parse(QueryDict(asked.query()), staff=True)
    assert found == asked
    assert problems in ([], ["Khoảng ngày trống: ngày bắt đầu đứng sau ngày kết thúc."])
    assert found.url() == asked.url()


@given(st.dictionaries(st.sampled_from(["loai", "don-vi", "ky", "tu", "den", "nhom", "vai-tro", "nhanh"]), st.text()))
def test_nonsense_is_named_and_never_raises(params: dict[str, str]) -> None:
    query = QueryDict(mutable=True)
    query.update(params)
    asked, _problems = CoverageFilter.parse(query)
    assert CoverageFilter.parse(QueryDict(asked.query()))[0] == asked


def parse(query: str, *, staff: bool = False) -> tuple[CoverageFilter, list[str]]:
    return CoverageFilter.parse(QueryDict(query), staff=staff)


def test_days_are_read_day_first() -> None:
    assert parse("tu=03/02/2017&den=16.2.2017")[0].span == (date(2017, 2, 3), date(2017, 2, 16))


def test_period_and_days_narrow_each_other() -> None:
    asked, problems = parse("ky=2017-Q1&tu=16/02/2017&den=2018-01-01")
    assert (asked.span, problems) == ((date(2017, 2, 16), date(2017, 3, 31)), [])


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        ("loai=sach", "“sach” không dùng được cho “loai”; các giá trị có thể là: bai, tin, anh, tin-anh."),
        ("tu=31/02/2017", "Ngày “31/02/2017” không có trong lịch; hãy xem lại ngày và tháng."),
        ("ky=2017-Q5", "Kỳ “2017-Q5” không đọc được; hãy viết năm (2017), quý (2017-Q1) hoặc tháng (2017-02)."),
        ("tu=16/02/2017&den=15/02/2017", "Khoảng ngày trống: ngày bắt đầu đứng sau ngày kết thúc."),
        ("chieu=phe-binh", "Lọc theo vai trò và chiều phản ánh chỉ dành cho cán bộ."),
        ("vai-tro=duoc-nhac", "Lọc theo vai trò và chiều phản ánh chỉ dành cho cán bộ."),
    ],
)
def test_bad_input_is_said_in_vietnamese(query: str, problem: str) -> None:
    assert parse(query)[1] == [problem]


def test_readers_never_get_tone_or_mentions() -> None:
    assert parse("chieu=phe-binh&vai-tro=tat-ca")[0] == CoverageFilter()
    assert parse("chieu=phe-binh&vai-tro=tat-ca", staff=True)[0] == CoverageFilter(tones=("phe-binh",), role="tat-ca")


def test_too_many_values_are_refused() -> None:
    asked, problems = parse("&".join(f"don-vi=x{n}" for n in range(61)))
    assert asked.departments == ()
    assert problems == ["Quá nhiều giá trị cho “don-vi”: nhiều nhất 60."]


def test_periods() -> None:
    assert [(p.first, p.last, p.label) for p in map(parse_period, ("2016", "2016-H1", "2016-Q1", "2016-02"))] == [
        (date(2016, 1, 1), date(2016, 12, 31), "năm 2016"),
        (date(2016, 1, 1), date(2016, 6, 30), "6 tháng đầu năm 2016"),
        (date(2016, 1, 1), date(2016, 3, 31), "quý I/2016"),
        (date(2016, 2, 1), date(2016, 2, 29), "tháng 2/2016"),
    ]
    assert [p.code for p in quarters(date(2016, 12, 31), date(2017, 4, 1))] == ["2016-Q4", "2017-Q1", "2017-Q2"]
    assert quarters(date(2017, 4, 1), date(2017, 3, 1)) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Tin, bài"),
        ("loai=bai&don-vi=so-y-te&ky=2017-Q1", "Bài viết về Sở Y tế, đăng trong quý I/2017"),
        ("loai=tin&loai=anh&nhom=chong", "Tin và ảnh, nhóm 3 chống"),
        (
            "don-vi=cong-an-tp&nhanh=1&tieu-chi=chong-tieu-cuc&tieu-chi=ky-cuong",
            "Tin, bài về Công an thành phố Đà Nẵng (gồm đơn vị trực thuộc), tiêu chí Kỷ cương hoặc Chống tiêu cực",
        ),
        ("don-vi=chua-gan&tieu-chi=chua-gan", "Tin, bài chưa gắn đơn vị, chưa gắn tiêu chí"),
        (
            "tu=01/01/2017&den=16/02/2017&vai-tro=doi-tuong",
            "Tin, bài, đã gắn đơn vị hoặc tiêu chí, đăng từ ngày 01/01/2017 đến hết ngày 16/02/2017",
        ),
        ("don-vi=so-y-te&chieu=phe-binh", "Tin, bài về Sở Y tế, chiều phê bình"),
    ],
)
def test_the_filter_says_itself(query: str, sentence: str) -> None:
    asked, problems = parse(query, staff=True)
    assert problems == []
    assert Selection.of(asked).sentence() == sentence


@pytest.mark.django_db
def test_unknown_names_are_problems_and_count_nothing() -> None:
    asked, _ = parse("don-vi=khong-co&tieu-chi=la&van-ban=x&but-danh=Ai+Đó")
    chosen = Selection.of(asked)
    assert chosen.problems == [
        "Không có đơn vị “khong-co”.", "Không có tiêu chí “la”.", "Không có văn bản “x”.", "Không có bút danh “Ai Đó”.",
    ]  # fmt: skip
    assert chosen.stories().count() == 0
    assert chosen.rows().count() == 0
