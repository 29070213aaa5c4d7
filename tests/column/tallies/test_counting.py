"""The counts against a brute-force count in plain Python, and every figure against the list that it opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from column.coverage.filter import NONE, ROLES, CoverageFilter
from column.coverage.models import Coverage, Criterion
from column.coverage.periods import parse_period
from column.coverage.selection import Selection
from column.departments.models import Department
from column.enums import CoverageRole, Kind, Tone
from column.stories.models import Story
from column.tallies.asked import MENTIONS, STORIES, Asked
from column.tallies.counting import WHOLE
from column.tallies.table import Tally
from column.text.dates import quarter_of
from tests.factories import make_news

pytestmark = pytest.mark.django_db

TODAY = date(2018, 3, 15)
UNITS = ("so-y-te", "cong-an-tp", "phong-csgt", "phuong-an-hai-tay", None)
CRITERIA = ("ky-cuong", "trach-nhiem", "chong-tieu-cuc", None)
#: Edges of quarters, a leap day, a year of 53 weeks.
DAYS = (
    date(2015, 12, 31), date(2016, 1, 1), date(2016, 2, 29), date(2016, 3, 31), date(2016, 4, 1), date(2017, 2, 16),
    date(2017, 12, 31), date(2018, 1, 1),
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    story: int
    day: date
    kind: str
    seen: bool
    unit: str | None
    criterion: str | None
    role: str
    tone: str


@st.composite
def worlds(draw: st.DrawFn, stories: int) -> list[Fact]:
    facts = []
    for story in range(stories):
        day, kind = draw(st.sampled_from(DAYS)), draw(st.sampled_from(Kind.values))
        seen = draw(st.integers(0, 4)) > 0
        pairs = draw(st.sets(st.tuples(st.sampled_from(UNITS), st.sampled_from(CRITERIA)), max_size=5))
        for unit, criterion in sorted(pairs - {(None, None)}, key=str):
            role, tone = draw(st.sampled_from(CoverageRole.values)), draw(st.sampled_from(Tone.values))
            facts.append(Fact(story, day, kind, seen, unit, criterion, role, tone))
    return facts


filters = st.builds(
    CoverageFilter,
    kinds=st.sampled_from([(), ("bai",), ("tin", "anh")]),
    departments=st.sampled_from([(), ("so-y-te",), ("cong-an-tp", NONE)]),
    branch=st.booleans(),
    criteria=st.sampled_from([(), ("ky-cuong", NONE), ("chong-tieu-cuc",)]),
    family=st.sampled_from(["", "xay", "chong"]),
    period=st.sampled_from(["", "2016", "2016-Q1", "2017-H2", "2016-02"]),
    since=st.sampled_from([None, date(2016, 1, 1)]),
    until=st.sampled_from([None, date(2017, 12, 31)]),
    role=st.sampled_from(["", *ROLES]),
    tones=st.sampled_from([(), ("phe-binh",)]),
)


@pytest.fixture
def stories() -> list[Story]:
    """Eight stories that every example re-dates and re-codes: the third is restricted where it should not be seen."""
    return [make_news(f"Tin {number}", issue_date=date(2016, 1, 1)) for number in range(8)]


def lay_out(stories: list[Story], facts: list[Fact]) -> None:
    """Put the facts into the database: unseen stories are a draft, taken down, or restricted in turn."""
    units = dict(Department.objects.filter(code__in=[u for u in UNITS if u]).values_list("code", "pk"))
    criteria = dict(Criterion.objects.values_list("slug", "pk"))
    Coverage.objects.all().delete()
    PageViewRestriction.objects.all().delete()
    for number, story in enumerate(stories):
        mine = [fact for fact in facts if fact.story == number]
        day, kind, seen = (mine[0].day, mine[0].kind, mine[0].seen) if mine else (DAYS[0], Kind.NEWS, True)
        hidden_how = number % 3 if not seen else None
        Story.objects.filter(pk=story.pk).update(
            issue_date=day, kind=kind, live=hidden_how not in {0, 1},
            taken_down_at=timezone.now() if hidden_how == 1 else None,
        )  # fmt: skip
        if hidden_how == 2:
            PageViewRestriction.objects.create(page=story, restriction_type=PageViewRestriction.LOGIN)
        Coverage.objects.bulk_create(
            Coverage(
                story=story, department_id=units[fact.unit] if fact.unit else None,
                criterion_id=criteria[fact.criterion] if fact.criterion else None, role=fact.role, tone=fact.tone,
            )
            for fact in mine
        )  # fmt: skip


def matching(facts: list[Fact], asked: CoverageFilter) -> list[Fact]:
    """The filter in plain Python."""
    kinds = {"bai": "article", "tin": "news", "anh": "photo"}
    wanted_units = set(asked.departments)
    if asked.branch and "cong-an-tp" in wanted_units:
        wanted_units.add("phong-csgt")
    first, last = asked.span

    def fits(fact: Fact) -> bool:
        role = {"": "subject", "doi-tuong": "subject", "duoc-nhac": "mentioned", "tat-ca": fact.role}[asked.role]
        return (
            fact.seen
            and fact.role == role
            and (not asked.kinds or fact.kind in {kinds[kind] for kind in asked.kinds})
            and (not asked.departments or (fact.unit or NONE) in wanted_units)
            and (not asked.criteria or (fact.criterion or NONE) in asked.criteria)
            and (
                not asked.family
                or (fact.criterion is not None and fact.criterion.startswith("chong") == (asked.family == "chong"))
            )
            and (not asked.tones or fact.tone == Tone.CRITICISM)
            and (first is None or fact.day >= first)
            and (last is None or fact.day <= last)
        )

    return [fact for fact in facts if fits(fact)]


def quarter_of_fact(fact: Fact) -> str:
    return f"{fact.day.year}-Q{quarter_of(fact.day)}"


def measure(facts: list[Fact], how: str) -> int:
    return len(facts) if how == MENTIONS else len({fact.story for fact in facts})


SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@SETTINGS
@given(facts=worlds(8), asked=filters, how=st.sampled_from([STORIES, MENTIONS]))
def test_every_count_is_the_plain_count(
    stories: list[Story], facts: list[Fact], asked: CoverageFilter, how: str
) -> None:
    first, last = asked.span
    problems = ["Khoảng ngày trống"] if first and last and first > last else []
    lay_out(stories, facts)
    tally = Tally.make(Asked(asked, how, by_quarter=True), problems, today=TODAY, at=timezone.now())
    expected = [] if problems else matching(facts, asked)
    periods = [WHOLE, *(period.code for period in tally.quarters)]
    assert {quarter_of_fact(fact) for fact in expected} <= set(periods)
    for period in periods:
        inside = [fact for fact in expected if period in {WHOLE, quarter_of_fact(fact)}]
        for unit in tally.units:
            mine = [fact for fact in inside if fact.unit == (unit.code if unit else None)]
            numbers, total = tally.numbers(unit, period)
            for one, number in zip(tally.columns, numbers, strict=True):
                assert number == measure([f for f in mine if f.criterion == (one.slug if one else None)], how)
            assert total == measure(mine, how)
        numbers, total = tally.total_numbers(period)
        for one, number in zip(tally.columns, numbers, strict=True):
            assert number == measure([f for f in inside if f.criterion == (one.slug if one else None)], how)
        assert total == measure(inside, how)
    assert {unit.code if unit else None for unit in tally.units} == {fact.unit for fact in expected}
    assert {fact.criterion for fact in expected} <= {one.slug if one else None for one in tally.columns}
    assert sum(figure.figure.number for figure in tally.kind_figures()) == measure(expected, how)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(facts=worlds(8), asked=filters, how=st.sampled_from([STORIES, MENTIONS]))
def test_every_figure_opens_exactly_what_it_counts(
    stories: list[Story], facts: list[Fact], asked: CoverageFilter, how: str
) -> None:
    lay_out(stories, facts)
    tally = Tally.make(Asked(asked, how, by_quarter=True), [], today=TODAY, at=timezone.now())
    figures: list[Any] = [kind.figure for kind in tally.kind_figures()] + [tally.total]
    for row in [*tally.rows(tally.units), *tally.total_rows()]:
        figures += [*row.figures, row.total]
    for figure in figures:
        if not figure.number:
            assert figure.url == ""
            continue
        path, _, query = figure.url.partition("?")
        assert path == "/tong-hop/danh-sach/"
        found, problems = CoverageFilter.parse(QueryDict(query), staff=True)
        chosen = Selection.of(found, problems)
        listed = list(chosen.stories().values_list("pk", flat=True))
        assert len(listed) == len(set(listed))
        assert figure.number == (chosen.rows().count() if how == MENTIONS else len(listed)), figure.url


def test_a_tally_costs_the_same_whatever_its_size(stories: list[Story], django_assert_num_queries: Any) -> None:
    facts = [Fact(n, DAYS[n], Kind.NEWS, True, "so-y-te", "ky-cuong", "subject", "") for n in range(8)]
    lay_out(stories, facts[:1])
    # Restrictions, the counts in one statement, units, criteria.
    with django_assert_num_queries(4):
        Tally.make(Asked(by_quarter=True), [], today=TODAY, at=timezone.now())
    lay_out(stories, facts)
    with django_assert_num_queries(4):
        list(Tally.make(Asked(by_quarter=True, zeros=True), [], today=TODAY, at=timezone.now()).total_rows())


def test_zeros_are_about_the_units_of_that_time(stories: list[Story]) -> None:
    lay_out(stories, [Fact(0, date(2017, 2, 16), Kind.NEWS, True, "so-y-te", "ky-cuong", "subject", "")])
    asked = Asked(CoverageFilter(period="2017"), zeros=True)
    tally = Tally.make(asked, [], today=TODAY, at=timezone.now())
    codes = {unit.code for unit in tally.units if unit}
    assert {"so-y-te", "phuong-an-hai-tay", "so-van-hoa-the-thao"} <= codes
    assert codes.isdisjoint({"phuong-an-hai-2025", "so-noi-vu-2025", "so-van-hoa-the-thao-du-lich-cu"})
    assert tally.zero_units == len(codes) - 1
    assert tally.list_note().startswith("Gồm mọi đơn vị có trong danh mục ở khoảng thời gian này:")
    police = Asked(CoverageFilter(period="2017", departments=("cong-an-tp",), branch=True), zeros=True)
    branch = Tally.make(police, [], today=TODAY, at=timezone.now())
    assert {"cong-an-tp", "phong-csgt"} <= {unit.code for unit in branch.units if unit}
    assert "so-y-te" not in {unit.code for unit in branch.units if unit}


def test_quarters_go_no_further_than_today_or_the_last_story(stories: list[Story]) -> None:
    lay_out(stories, [Fact(0, date(2017, 2, 16), Kind.NEWS, True, "so-y-te", "ky-cuong", "subject", "")])
    tally = Tally.make(
        Asked(CoverageFilter(period="2017"), by_quarter=True), [], today=date(2017, 4, 1), at=timezone.now()
    )
    assert [quarter.code for quarter in tally.quarters] == ["2017-Q1", "2017-Q2"]
    early = Tally.make(
        Asked(CoverageFilter(period="2017"), by_quarter=True), [], today=date(2017, 1, 1), at=timezone.now()
    )
    assert [quarter.code for quarter in early.quarters] == ["2017-Q1"]
    assert parse_period("2017-Q1") == early.quarters[0]


def test_many_quarters_show_only_those_with_stories(stories: list[Story]) -> None:
    lay_out(
        stories,
        [
            Fact(0, date(2015, 12, 31), Kind.NEWS, True, "so-y-te", "ky-cuong", "subject", ""),
            Fact(1, date(2018, 1, 1), Kind.NEWS, True, "so-y-te", "ky-cuong", "subject", ""),
        ],
    )
    tally = Tally.make(Asked(by_quarter=True), [], today=TODAY, at=timezone.now())
    assert len(tally.quarters) == 10
    assert [quarter.code for quarter in tally.quarters_of(tally.units[0])] == ["2015-Q4", "2018-Q1"]


def test_rows_are_in_report_order_and_those_without_a_unit_last(stories: list[Story]) -> None:
    lay_out(
        stories,
        [
            Fact(n, DAYS[5], Kind.NEWS, True, unit, "ky-cuong", "subject", "")
            for n, unit in enumerate(["phuong-an-hai-tay", None, "cong-an-tp", "so-y-te"])
        ],
    )
    tally = Tally.make(Asked(), [], today=TODAY, at=timezone.now())
    assert [unit.code if unit else None for unit in tally.units] == ["so-y-te", "cong-an-tp", "phuong-an-hai-tay", None]
    assert tally.column_labels == [
        "Trách nhiệm", "Trung thực", "Chuyên nghiệp", "Kỷ cương", "Gương mẫu", "Chống quan liêu", "Chống tiêu cực",
        "Chống bệnh hình thức",
    ]  # fmt: skip


@given(
    st.builds(
        Asked,
        filter=filters,
        measure=st.sampled_from([STORIES, MENTIONS]),
        by_quarter=st.booleans(),
        zeros=st.booleans(),
    )
)
def test_the_address_of_a_tally_gives_it_back(asked: Asked) -> None:
    assert Asked.parse(QueryDict(asked.url().partition("?")[2]))[0] == asked
