"""Tables of known stories: what has a line, what is said beside, how time is cut, what slots became."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import pairwise
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from column.coverage.filter import NONE, CoverageFilter
from column.coverage.models import Criterion, Document, StoryDocument
from column.departments.models import Department
from column.schedule.models import ScheduleSettings, Slot
from column.stories.models import Story
from column.tallies.asked import MEASURES, MENTIONS, SLOTS, Asked
from column.tallies.models import MonitoredList, ReportingPeriod, ReportingSeries
from column.tallies.slots import slot_lines
from column.tallies.table import Tally
from column.tallies.times import add_months, recurring, with_gaps, years_of
from column.text.dates import TZ
from tests.factories import column_page, make_coverage, make_news

pytestmark = pytest.mark.django_db

TODAY = date(2018, 3, 15)


def unit(code: str) -> Department:
    return Department.objects.get(code=code)


def criterion(slug: str) -> Criterion:
    return Criterion.objects.get(slug=slug)


def coded(day: date, *units: str | None, slug: str | None = "ky-cuong") -> Story:
    story: Story = make_news(f"Tin ngày {day}", issue_date=day)
    for code in units:
        make_coverage(story, unit(code) if code else None, criterion(slug) if slug else None)
    return story


def made(asked: Asked, today: date = TODAY) -> Tally:
    tally = Tally.make(asked, [], today=today, at=timezone.now())
    assert tally.chosen.problems == []
    return tally


def numbers(tally: Tally) -> dict[str, tuple[list[int], int]]:
    return {value.slug: tally.numbers(value) for value in tally.units}


# --- lines and columns ---------------------------------------------------------------------------------------------


def test_rows_are_in_report_order_and_those_without_a_unit_last() -> None:
    for code in ("phuong-an-hai-tay", None, "cong-an-tp", "so-y-te"):
        coded(date(2017, 2, 16), code)
    tally = made(Asked())
    assert [value.slug for value in tally.units] == ["so-y-te", "cong-an-tp", "phuong-an-hai-tay", NONE]
    assert tally.column_labels == [
        "Trách nhiệm", "Trung thực", "Chuyên nghiệp", "Kỷ cương", "Gương mẫu", "Chống quan liêu", "Chống tiêu cực",
        "Chống bệnh hình thức",
    ]  # fmt: skip


def test_a_story_with_three_units_and_four_criteria_is_one_story() -> None:
    story = make_news("Ba đơn vị", issue_date=date(2016, 2, 29))
    slugs = ("ky-cuong", "trach-nhiem", "guong-mau", "chong-tieu-cuc")
    for code in ("so-y-te", "cong-an-tp", "so-du-lich"):
        for slug in slugs:
            make_coverage(story, unit(code), criterion(slug))
    tally = made(Asked())
    assert {total for _cells, total in numbers(tally).values()} == {1}
    assert tally.total_numbers() == ([1, 0, 0, 1, 1, 0, 1, 0], 1)
    assert made(Asked(measure=MENTIONS)).total_numbers() == ([3, 0, 0, 3, 3, 0, 3, 0], 12)


def test_stories_without_coverage_count_where_no_row_is_asked_for() -> None:
    make_news("Chưa gắn", issue_date=date(2017, 2, 16))
    coded(date(2017, 2, 17), "so-y-te")
    assert made(Asked(rows="loai", columns="nam")).total.number == 2
    assert made(Asked(rows="loai", columns="nam", measure=MENTIONS)).total.number == 1
    assert made(Asked(rows="don-vi", columns="nam")).total.number == 1


def test_a_tally_costs_the_same_whatever_its_size(django_assert_max_num_queries: Any) -> None:
    coded(date(2017, 2, 16), "so-y-te")
    with django_assert_max_num_queries(10):
        made(Asked(split="quy"))
    for year in range(2014, 2018):
        coded(date(year, 5, 5), "so-y-te", "so-du-lich", None)
    with django_assert_max_num_queries(10) as queries:
        tally = made(Asked(split="quy", zeros=True))
        list(tally.rows(tally.units))
        list(tally.total_rows())
    assert sum("ROW_NUMBER" in query["sql"] for query in queries.captured_queries) == 1


def test_zeros_are_about_the_units_of_that_time() -> None:
    coded(date(2017, 2, 16), "so-y-te")
    tally = made(Asked(CoverageFilter(period="2017"), zeros=True))
    codes = {value.slug for value in tally.units}
    assert {"so-y-te", "phuong-an-hai-tay", "so-van-hoa-the-thao"} <= codes
    assert codes.isdisjoint({"phuong-an-hai-2025", "so-noi-vu-2025", "so-van-hoa-the-thao-du-lich-cu"})
    assert tally.zero_units == len(codes) - 1
    assert tally.list_note().startswith("Gồm mọi đơn vị có trong danh mục ở khoảng thời gian này:")
    police = CoverageFilter(period="2017", departments=("cong-an-tp",), branch=True)
    branch = {value.slug for value in made(Asked(police, zeros=True)).units}
    assert {"cong-an-tp", "phong-csgt"} <= branch
    assert "so-y-te" not in branch


def test_the_zeros_of_a_named_dated_list() -> None:
    coded(date(2017, 2, 16), "so-y-te", "so-du-lich")
    watched = MonitoredList.objects.create(slug="so", name="Các sở", as_of=date(2017, 1, 1))
    watched.units.set([unit("so-y-te"), unit("so-cong-thuong")])
    tally = made(Asked(CoverageFilter(period="2017"), monitored="so"))
    assert {slug: total for slug, (_cells, total) in numbers(tally).items()} == {
        "so-y-te": 1, "so-du-lich": 1, "so-cong-thuong": 0,
    }  # fmt: skip
    assert [value.slug for value in tally.zero_rows] == ["so-cong-thuong"]
    assert tally.list_note() == "Số 0 theo danh sách “Các sở”, lập theo ngày 01/01/2017: 1 đơn vị bằng 0."
    unknown = Tally.make(Asked(monitored="x"), [], today=TODAY, at=timezone.now())
    assert unknown.chosen.problems == ["Không có danh sách đơn vị theo dõi “x”."]


def test_subtotals_of_report_groups_count_a_story_once() -> None:
    coded(date(2017, 2, 16), "so-y-te", "so-du-lich")
    coded(date(2017, 2, 17), "so-y-te", "cong-an-tp")
    tally = made(Asked(subtotals=True))
    lines = {row.unit.slug: row for row in tally.group_rows() if row.unit}
    assert {slug: row.total.number for slug, row in lines.items()} == {"4": 2, "6": 1}
    assert lines["4"].total.url == "/tong-hop/danh-sach/?nhom-don-vi=4&vai-tro=doi-tuong"
    assert "có thể thuộc nhiều nhóm" in tally.groups_note()
    assert not list(made(Asked()).group_rows())


def test_what_was_taken_down_is_foot_noted() -> None:
    gone = coded(date(2017, 2, 16), "so-y-te")
    tally = made(Asked(CoverageFilter(period="2017")))
    assert tally.taken_down_note() == ""
    at = datetime.combine(date(2017, 3, 1), time(9), tzinfo=TZ)
    Story.objects.filter(pk=gone.pk).update(live=False, taken_down_at=at)
    tally = made(Asked(CoverageFilter(period="2017")))
    assert tally.total.number == 0
    assert tally.taken_down_note() == (
        "1 tin, bài của phạm vi này đã gỡ, không còn được đếm (gỡ gần nhất ngày 01/03/2017)."
    )
    assert made(Asked(CoverageFilter(period="2016"))).taken_down_note() == ""


def test_documents_repeat_a_story_and_a_filter_shows_those_asked_for() -> None:
    story = coded(date(2017, 2, 16), "so-y-te")
    one, other = (Document.objects.create(type="chi_thi", number=f"{n}-X", issuer="Y") for n in (1, 2))
    for document in (one, other):
        StoryDocument.objects.create(story=story, document=document, relation="mentions")
    both = made(Asked(rows="van-ban", columns="tong"))
    assert {slug: total for slug, (_cells, total) in numbers(both).items()} == {str(one.pk): 1, str(other.pk): 1}
    assert both.total.number == 1
    asked = made(Asked(CoverageFilter(documents=(str(one.pk),)), rows="van-ban", columns="tong"))
    assert list(numbers(asked)) == [str(one.pk)]


# --- time ------------------------------------------------------------------------------------------------------------


def test_quarters_go_no_further_than_today_or_the_last_story() -> None:
    coded(date(2017, 2, 16), "so-y-te")
    asked = Asked(CoverageFilter(period="2017"), split="quy")
    assert [value.slug for value in made(asked, date(2017, 4, 1)).quarters] == ["2017-Q1", "2017-Q2"]
    assert [value.slug for value in made(asked, date(2017, 1, 1)).quarters] == ["2017-Q1"]


def test_many_quarters_show_only_those_with_stories() -> None:
    coded(date(2015, 12, 31), "so-y-te")
    coded(date(2018, 1, 1), "so-y-te")
    tally = made(Asked(split="quy"))
    assert len(tally.quarters) == 10
    assert [value.slug for value in tally.quarters_of(tally.units[0])] == ["2015-Q4", "2018-Q1"]


def test_weeks_of_a_year_with_53() -> None:
    for day in (date(2015, 12, 31), date(2016, 1, 3), date(2016, 1, 4)):
        coded(day, "so-y-te")
    tally = made(Asked(rows="tuan", columns="nam"))
    assert {slug: cells for slug, (cells, _total) in numbers(tally).items() if slug < "2016-W02"} == {
        "2015-W53": [1, 1], "2016-W01": [0, 1],
    }  # fmt: skip
    straddling = next(row for row in tally.rows(tally.units) if row.unit and row.unit.slug == "2015-W53")
    assert straddling.figures[0].url == "/tong-hop/danh-sach/?ky=2015-W53&tu=2015-01-01&den=2015-12-31"


def test_custom_cut_offs_and_the_years_of_a_directive() -> None:
    ReportingSeries.objects.create(slug="nam", name="15/12–14/12", starts_on=date(2020, 12, 15), months=12)
    for day in (date(2016, 12, 14), date(2016, 12, 15), date(2017, 12, 14)):
        coded(day, "so-y-te")
    tally = made(Asked(CoverageFilter(until=date(2017, 12, 31)), rows="ky-bao-cao:nam", columns="tong"))
    assert [(value.label, tally.numbers(value)[1]) for value in tally.units] == [
        ("15/12/2015–14/12/2016", 1), ("15/12/2016–14/12/2017", 2), ("15/12/2017–14/12/2018", 0),
    ]  # fmt: skip
    directive = Document.objects.create(type="chi_thi", number="X", issuer="Y", issued_on=date(2016, 12, 15))
    years = made(Asked(rows=f"nam-thu:{directive.pk}", columns="tong"))
    assert [(value.label, years.numbers(value)[1]) for value in years.units][:2] == [
        ("trước ngày 15/12/2016", 1), ("năm thứ 1 (15/12/2016–14/12/2017)", 2),
    ]  # fmt: skip
    assert next(iter(years.rows(years.units))).total.url == "/tong-hop/danh-sach/?den=2016-12-14"


def test_written_periods_leave_gaps_that_are_told() -> None:
    series = ReportingSeries.objects.create(slug="x", name="X")
    for first, last in ((date(2017, 1, 1), date(2017, 1, 31)), (date(2017, 3, 1), date(2017, 3, 31))):
        ReportingPeriod.objects.create(series=series, name=f"kỳ tháng {first.month}", first_day=first, last_day=last)
    for day in (date(2017, 1, 31), date(2017, 2, 1), date(2017, 3, 1)):
        coded(day, "so-y-te")
    tally = made(Asked(rows="ky-bao-cao:x", columns="tong"))
    assert [value.label for value in tally.units] == [
        "kỳ tháng 1", "ngoài các kỳ: 01/02/2017–28/02/2017", "kỳ tháng 3",
    ]  # fmt: skip


def test_months_are_added_by_the_calendar() -> None:
    assert add_months(date(2016, 2, 29), 12) == date(2017, 3, 1)
    assert add_months(date(2016, 2, 29), 48) == date(2020, 2, 29)
    assert add_months(date(2016, 12, 15), -24) == date(2014, 12, 15)
    found = recurring(date(2016, 1, 31), 1, date(2016, 1, 31), date(2016, 4, 1))
    assert [(one.first, one.last) for one in found] == [
        (date(2016, 1, 31), date(2016, 2, 29)), (date(2016, 3, 1), date(2016, 3, 30)),
        (date(2016, 3, 31), date(2016, 4, 30)),
    ]  # fmt: skip
    first, *_rest = years_of(date(2016, 2, 29), date(2015, 1, 1), date(2016, 1, 1))
    assert (first.first, first.last) == (date.min, date(2016, 2, 28))
    assert [one.label for one in with_gaps([])] == ["ngoài các kỳ"]


@given(st.dates(date(2010, 1, 1), date(2020, 12, 31)), st.sampled_from([1, 3, 6, 12]), st.dates(date(2012, 1, 1)))
def test_recurring_periods_follow_one_another(start: date, months: int, day: date) -> None:
    last = min(date(day.year + 2, 1, 1), date(2199, 1, 1)) if day.year < 2197 else date(2199, 1, 1)
    first = min(day, last)
    found = recurring(start, months, first, last)
    assert found[0].first <= first
    assert found[-1].last >= last
    assert all((after.first - before.last).days == 1 for before, after in pairwise(found))


# --- slots -----------------------------------------------------------------------------------------------------------


def test_slots_are_counted_by_what_became_of_them() -> None:
    Slot.objects.all().delete()
    settings = ScheduleSettings.load()
    settings.go_live_date = date(2017, 1, 12)
    settings.save()
    page = column_page()
    published = datetime.combine(date(2017, 1, 12), time(6), tzinfo=TZ)
    for day, fields in (
        (date(2017, 1, 5), {}), (date(2017, 1, 12), {"published_at": published, "late_minutes": 0}),
        (date(2017, 1, 19), {"published_at": published, "late_minutes": 90}), (date(2017, 1, 26), {}),
        (date(2017, 2, 2), {"skip_reason": "Tết"}), (date(2017, 4, 6), {}),
    ):  # fmt: skip
        Slot.objects.create(column=page, day=day, publish_time=time(6), **fields)
    now = datetime.combine(date(2017, 3, 1), time(9), tzinfo=TZ)
    asked, problems = Asked.parse(QueryDict("dem=ky-dang&ky=2017"))
    assert problems == []
    tally = Tally.make(asked, [], today=now.date(), at=now)
    assert [value.slug for value in tally.columns] == [
        "da-dang", "dang-muon", "nghi-ky", "bo-lo", "chua-co-du-lieu", "chua-den",
    ]  # fmt: skip
    assert numbers(tally) == {"2017-Q1": ([1, 1, 1, 1, 1, 0], 5), "2017-Q2": ([0, 0, 0, 0, 0, 1], 1)}
    for row in tally.rows(tally.units):
        for figure in row.figures:
            if figure.number:
                path, _, query = figure.url.partition("?")
                assert path == "/tong-hop/ky-dang/"
                wanted, _problems = CoverageFilter.parse(QueryDict(query), staff=True)
                assert len(slot_lines(wanted, now, QueryDict(query)["trang-thai"])) == figure.number


def test_slots_take_no_condition_on_stories() -> None:
    _asked, problems = Asked.parse(QueryDict("dem=ky-dang&don-vi=so-y-te&hang=don-vi"))
    assert problems == [
        "Kỳ đăng không chia được theo “Cơ quan, đơn vị”; chỉ theo thời gian và trạng thái.",
        "Kỳ đăng chỉ lọc được theo thời gian; hãy bỏ các điều kiện khác.",
    ]


# --- the definition --------------------------------------------------------------------------------------------------

WORDS = ("don-vi", "loai-don-vi", "tieu-chi", "quy", "nam-thu:3", "ky-bao-cao:nam", "tong", "loai")


@given(
    st.builds(
        Asked,
        filter=st.builds(
            CoverageFilter, structure=st.sampled_from(["", "nay", "2017-01-01"]), within=st.sampled_from([(), ("a",)]),
            unit_groups=st.sampled_from([(), ("4", "12")]), period=st.sampled_from(["", "2015-W53"]),
            solutions=st.sampled_from([(), ("3", NONE)]),
        ),
        rows=st.sampled_from(WORDS), columns=st.sampled_from(WORDS), split=st.sampled_from(["", *WORDS]),
        measure=st.sampled_from(MEASURES), zeros=st.booleans(), subtotals=st.booleans(),
        monitored=st.sampled_from(["", "so"]),
    )
)  # fmt: skip
def test_the_address_of_a_tally_gives_it_back(asked: Asked) -> None:
    assert Asked.parse(QueryDict(asked.url().partition("?")[2]))[0] == asked


def test_nonsense_in_the_layout_is_said() -> None:
    problems = Asked.parse(QueryDict("hang=x&cot=tieu-chi&theo=tieu-chi"))[1]
    assert problems[0].startswith("“x” không dùng được cho “hang”; các giá trị có thể là: don-vi, ")
    assert problems[1] == "Hàng, cột và dòng con phải theo ba cách chia khác nhau."
    tally = Tally.make(Asked(rows="nam-thu:9", columns="ky-bao-cao:khong"), [], today=TODAY, at=timezone.now())
    assert tally.chosen.problems == ["Không có văn bản “9”.", "Không có cách chia kỳ báo cáo “khong”."]
    assert (tally.units, tally.columns, tally.total.number) == ([], [], 0)
    assert SLOTS in MEASURES
