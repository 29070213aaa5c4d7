"""Which period's report is due, on the days that matter."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from column.tallies.reports.models import Rhythm
from column.tallies.reports.rules import due, ended, next_day


@pytest.mark.parametrize(
    ("rhythm", "today", "after", "code"),
    [
        (Rhythm.MONTHLY, date(2017, 3, 1), 0, "2017-02"), (Rhythm.MONTHLY, date(2017, 2, 28), 0, "2017-01"),
        (Rhythm.MONTHLY, date(2016, 2, 29), 0, "2016-01"), (Rhythm.MONTHLY, date(2017, 3, 3), 3, "2017-01"),
        (Rhythm.MONTHLY, date(2017, 3, 4), 3, "2017-02"), (Rhythm.QUARTERLY, date(2017, 3, 31), 0, "2016-Q4"),
        (Rhythm.QUARTERLY, date(2017, 4, 1), 0, "2017-Q1"), (Rhythm.QUARTERLY, date(2017, 4, 1), 1, "2016-Q4"),
        (Rhythm.YEARLY, date(2016, 12, 31), 0, "2015"), (Rhythm.YEARLY, date(2017, 1, 1), 0, "2016"),
        (Rhythm.YEARLY, date(2017, 2, 16), 60, "2015"), (Rhythm.MONTHLY, date(2017, 3, 2), 60, "2016-12"),
    ],
)  # fmt: skip
def test_the_newest_period_that_may_be_told(rhythm: str, today: date, after: int, code: str) -> None:
    assert ended(rhythm, today, after).code == code


def test_what_a_worker_missed_is_made_up_for_once() -> None:
    since = date(2016, 11, 20)
    asked = {"since": since, "today": date(2017, 2, 16), "days_after": 1}
    assert [one.code for one in due(Rhythm.MONTHLY, made=(), **asked)] == ["2016-11", "2016-12", "2017-01"]
    assert [one.code for one in due(Rhythm.MONTHLY, made={"2016-12"}, **asked)] == ["2016-11", "2017-01"]
    assert due(Rhythm.MONTHLY, made={"2016-11", "2016-12", "2017-01"}, **asked) == []


def test_nothing_is_made_for_what_ended_before_the_schedule() -> None:
    for rhythm in Rhythm:
        assert due(rhythm, since=date(2017, 2, 16), today=date(2017, 2, 16), days_after=0, made=()) == []


@given(st.sampled_from(list(Rhythm)), st.dates(date(2013, 1, 1), date(2030, 1, 1)), st.integers(0, 60))
def test_the_next_report_comes_on_the_day_told_and_not_before(rhythm: Rhythm, today: date, after: int) -> None:
    now, then = ended(rhythm, today, after), next_day(rhythm, today, after)
    assert then > today
    assert ended(rhythm, then - timedelta(days=1), after) == now
    assert ended(rhythm, then, after).first == now.last + timedelta(days=1)
    assert now.last + timedelta(days=after) < today
