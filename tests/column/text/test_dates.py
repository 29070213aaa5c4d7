from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from column.text import dates
from column.text.dates import TZ, DateProblem, parse_day, parse_moment

TODAY = date(2026, 11, 23)
THURSDAY = date(2017, 2, 16)
MOMENT = datetime(2017, 2, 16, 14, 12, tzinfo=TZ)


@pytest.mark.parametrize(
    "text",
    [
        "16/02/2017", "16/2/2017", "16-2-2017", "16.2.2017", "16 / 02 / 2017", "2017-02-16", "2017/2/16",
        "ngày 16 tháng 2 năm 2017", "Ngày 16 tháng 02 năm 2017", "16 tháng 2, 2017", "16 tháng 2 năm 2017",
        "ngay 16 thang 2 nam 2017", "nga\u0300y 16 tha\u0301ng 2 na\u0306m 2017",
        "Thứ Năm, 16/02/2017", "thứ 5 ngày 16/2/2017", "  16/02/2017. ", "16/02/2017\u200b",
    ],
)  # fmt: skip
def test_days_as_people_write_them(text: str) -> None:
    assert parse_day(text, today=TODAY) == THURSDAY


def test_day_first_is_the_house_rule() -> None:
    assert parse_day("03/02/2017", today=TODAY) == date(2017, 2, 3)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("03/17/2017", "tháng trước ngày; hãy viết ngày trước: 17/03/2017"),
        ("16/2/17", "hai chữ số"),
        ("16/02/0217", "Năm 0217"),
        ("16/02/217", "không đủ bốn chữ số"),
        ("16/02/2028", "1930–2027"),
        ("31/02/2017", "không có trong lịch"),
        ("29/02/2017", "không có trong lịch"),
        ("00/02/2017", "không có trong lịch"),
        ("32/01/2017", "không có trong lịch"),
        ("13/13/2017", "không có trong lịch"),
        ("45/45/2017", "không có trong lịch"),
        ("2017-16-02", "không có trong lịch"),
        ("16022017", "là một con số"),
        ("42782", "sê-ri"),
        ("42782.5", "sê-ri"),
        ("thứ Tư, 16/02/2017", "16/02/2017 là Thứ Năm"),
        ("16/02-2017", "Không đọc được"),
        ("Feb 16, 2017", "Không đọc được"),
        ("hôm qua", "Không đọc được"),
        ("", "Chưa có ngày"),
        (" \u200b ", "Chưa có ngày"),
    ],
)
def test_refused_with_a_mend(text: str, said: str) -> None:
    with pytest.raises(DateProblem) as problem:
        parse_day(text, today=TODAY)
    assert said in str(problem.value)
    with pytest.raises(DateProblem):
        parse_moment(text, today=TODAY)


def test_next_year_is_still_a_date() -> None:
    assert parse_day("01/01/2027", today=TODAY) == date(2027, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        "14:12, 16/02/2017 (GMT+7)", "14:12, 16/02/2017", "16/02/2017 14:12", "16/02/2017, 14:12 (GMT+7)",
        "14h12 ngày 16/2/2017", "14h12, 16/2/2017", "14 giờ 12 phút ngày 16 tháng 2 năm 2017",
        "14:12 - 16/02/2017", "16/02/2017 - 14:12", "Thứ Năm, 16/02/2017 | 14:12", "16/02/2017 lúc 14h12",
        "lúc 14h12 ngày 16/02/2017", "2017-02-16 14:12", "2017-02-16T14:12:00", "2017-02-16T14:12:00+07:00",
        "2017-02-16T14:12:00+0700", "2017-02-16T14:12+07", "2017-02-16T07:12:00Z", "2017-02-16 07:12:00+00:00",
        "16/02/2017 07:12 UTC", "16/02/2017 03:12 (GMT-4)", "2017-02-16T14:12:00.000+07:00",
    ],
)  # fmt: skip
def test_moments_as_people_write_them(text: str) -> None:
    moment = parse_moment(text, today=TODAY)
    assert moment == MOMENT
    assert moment.utcoffset() == timedelta(hours=7)


def test_moment_without_time() -> None:
    assert parse_moment("16/02/2017", today=TODAY) == datetime(2017, 2, 16, tzinfo=TZ)
    assert parse_moment("16-02-2017", today=TODAY, default=time(6)) == datetime(2017, 2, 16, 6, tzinfo=TZ)
    assert parse_moment("14h ngày 16/2/2017", today=TODAY) == datetime(2017, 2, 16, 14, tzinfo=TZ)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("25:00 16/02/2017", "Giờ trong “25:00 16/02/2017”"),
        ("14:77 16/02/2017", "Giờ trong"),
        ("2017-02-16T14:12:00+19:00", "Múi giờ"),
        ("14:12, 31/02/2017 (GMT+7)", "không có trong lịch"),
    ],
)
def test_impossible_moments(text: str, said: str) -> None:
    with pytest.raises(DateProblem) as problem:
        parse_moment(text, today=TODAY)
    assert said in str(problem.value)


def test_printed_forms() -> None:
    assert dates.format_day(THURSDAY) == "16/02/2017"
    assert dates.format_day(datetime(2017, 2, 15, 18, 0, tzinfo=UTC)) == "16/02/2017"
    assert dates.format_day_long(THURSDAY) == "Thứ Năm, 16/02/2017"
    assert dates.format_day_long(date(2017, 2, 19)) == "Chủ nhật, 19/02/2017"
    assert dates.format_moment(datetime(2017, 2, 16, 7, 12, tzinfo=UTC)) == "14:12, 16/02/2017 (GMT+7)"
    assert dates.format_month(2017, 2) == "tháng 2/2017"
    assert dates.format_date_words(THURSDAY) == "ngày 16 tháng 02 năm 2017"
    assert dates.format_date_words(date(2017, 3, 5)) == "ngày 05 tháng 3 năm 2017"
    assert dates.format_date_words(date(2017, 12, 25)) == "ngày 25 tháng 12 năm 2017"
    assert [dates.quarter_label(2017, dates.quarter_of(date(2017, m, 1))) for m in (1, 4, 9, 12)] == [
        "quý I/2017", "quý II/2017", "quý III/2017", "quý IV/2017",
    ]  # fmt: skip


def test_numbers() -> None:
    assert dates.format_number(1234567) == "1.234.567"
    assert dates.format_number(238) == "238"
    assert dates.format_number(6.5) == "6,5"
    assert dates.format_number(1234.5, 2) == "1.234,50"
    assert dates.format_number(Decimal("71.0")) == "71,0"
    assert dates.format_number(-1200) == "-1.200"


def test_naive_moments_and_wrong_quarters_are_errors() -> None:
    with pytest.raises(ValueError, match="time zone"):
        dates.format_moment(datetime(2017, 2, 16))  # noqa: DTZ001
    with pytest.raises(ValueError, match="quarter"):
        dates.quarter_label(2017, 5)


@given(st.dates(date(1930, 1, 1), date(2027, 12, 31)))
def test_what_is_printed_can_be_read(day: date) -> None:
    for printed in (
        dates.format_day(day), dates.format_day_long(day), dates.format_date_words(day), day.isoformat(),
    ):  # fmt: skip
        assert parse_day(printed, today=TODAY) == day


@given(
    st.datetimes(datetime(1976, 1, 1), datetime(2027, 12, 30)),  # noqa: DTZ001
    st.integers(-12, 14),
)
def test_moments_survive_printing(naive: datetime, hours: int) -> None:
    moment = naive.replace(second=0, microsecond=0, tzinfo=timezone(timedelta(hours=hours)))
    assert parse_moment(dates.format_moment(moment), today=TODAY) == moment
    assert parse_moment(moment.isoformat(), today=TODAY) == moment


@given(st.text(max_size=80))
def test_never_anything_but_a_date_problem(text: str) -> None:
    for parse in (parse_day, parse_moment):
        try:
            parse(text, today=TODAY)
        except DateProblem as problem:
            assert str(problem)  # noqa: PT017 - most inputs raise, some rightly do not


@pytest.mark.parametrize("piece", ["luc ", "- ", "|", "1", " ", "thu hai ", "12:30,", "(gmt "])
def test_endless_texts_are_refused_at_once(piece: str) -> None:
    """Without the bound some of these took minutes: a pattern that is looked for from every place in a text."""
    for parse in (parse_day, parse_moment):
        began = process_time()
        with pytest.raises(DateProblem) as problem:
            parse(piece * (200_000 // len(piece)), today=TODAY)
        assert process_time() - began < 0.5
        assert len(str(problem.value)) < 200
