"""The balance panel: exact weeks and numbers, and every number with exactly its stories behind it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from column.coverage.filter import CoverageFilter
from column.coverage.models import Criterion
from column.coverage.selection import Selection
from column.departments.models import Department
from column.enums import CoverageRole
from column.people.roles import Role
from column.schedule.calendar.balance import Line, balance
from column.stories.models import Story
from tests.column.schedule.desk import chief, planned
from tests.factories import (
    column_page,
    make_article,
    make_coverage,
    make_criterion,
    make_department,
    make_news,
    make_photo_story,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = date(2026, 12, 3)
TODAY = date(2026, 11, 30)


def ago(weeks: int, days: int = 0) -> date:
    return DAY - timedelta(weeks=weeks, days=days)


class World:
    """Few units and criteria, all ours: those of a new installation are ended."""

    def __init__(self) -> None:
        Department.objects.update(latest_to=date(2020, 1, 1))
        for book in {one.group.codebook for one in Criterion.objects.select_related("group__codebook")}:
            book.in_use_to = date(2020, 1, 1)
            book.save()
        self.build = make_criterion("kỷ cương", family="xay")
        self.fight = make_criterion("tiêu cực", family="chong", prefix="Chống")
        self.former = make_department("Sở Cũ", valid_to="2025-02-28")
        self.renamed = make_department("Sở Mới", valid_from="2025-03-01")
        self.former.successors.add(self.renamed)
        self.lately = make_department("Sở Gần đây")
        self.never = make_department("Sở Chưa từng")
        self.city = make_department("Thành phố", kind="thanh_pho", report_group=0)
        self.press = make_department("Báo", kind="bao_chi", report_group=11)
        self.speaker = make_department("Ban chỉ đạo", speaks_only=True)
        old = make_article("Sở Cũ làm", issue_date=ago(104))
        make_coverage(old, self.former, self.fight)
        new = make_news("Sở gần đây làm", issue_date=ago(2, 3))
        make_coverage(new, self.lately, self.build)
        make_coverage(new, self.lately, self.fight)
        photo = make_photo_story("Ảnh", issue_date=ago(2, 3))
        make_coverage(photo, self.lately, self.build)
        older = make_article("Trước nữa", issue_date=ago(13))
        make_coverage(older, self.lately, self.build)
        mentioned = make_article("Chỉ nhắc", issue_date=ago(1))
        make_coverage(mentioned, self.never, self.build, role=CoverageRole.MENTIONED)
        hidden = make_article("Chưa đăng", live=False, issue_date=ago(1))
        make_coverage(hidden, self.never, self.build)
        ahead = make_article("Sau kỳ này", issue_date=DAY + timedelta(days=1))
        make_coverage(ahead, self.never, self.build)
        make_coverage(make_article("Báo viết", issue_date=ago(1)), self.press)


@pytest.fixture
def world() -> World:
    return World()


def told(line: Line) -> tuple[str, int | None, int]:
    return (line.label, line.weeks, line.recent.number)


def stories_at(url: str) -> list[Story]:
    path, _, query = url.partition("?")
    assert path == "/tin-bai/"
    asked, problems = CoverageFilter.parse(QueryDict(query))
    assert problems == []
    return list(Selection.of(asked).stories())


def test_units_and_criteria_by_weeks(world: World) -> None:
    found = balance(column_page(), DAY, today=TODAY)
    assert [told(line) for line in found.units] == [("Sở Mới", 104, 0), ("Sở Gần đây", 2, 2)]
    assert [told(line) for line in found.never] == [("Sở Chưa từng", None, 0)]
    assert [told(line) for line in found.criteria] == [("Kỷ cương", 2, 2), ("Chống tiêu cực", 2, 1)]
    assert [line.since for line in (*found.units, *found.never)] == ["104 tuần", "2 tuần", "chưa từng"]
    assert [line.bar for line in found.units] == [100, 2]
    assert (found.build.recent.number, found.fight.recent.number) == (2, 1)
    assert (found.build.share, found.fight.share) == (67, 33)


def test_the_window_is_so_many_whole_weeks(world: World) -> None:
    """The story of 13 weeks ago to the day is the first one outside of 13 weeks, and inside of 26."""
    assert balance(column_page(), DAY, today=TODAY, weeks=13).build.recent.number == 2
    assert balance(column_page(), DAY, today=TODAY, weeks=26).build.recent.number == 3
    assert balance(column_page(), DAY - timedelta(days=1), today=TODAY).build.recent.number == 3


def test_before_a_renaming_it_is_the_unit_of_that_time(world: World) -> None:
    found = balance(column_page(), date(2025, 2, 27), today=TODAY)
    assert [told(line)[:2] for line in found.units] == [("Sở Cũ", 12)]
    assert {line.label for line in found.never} == {"Sở Chưa từng", "Sở Gần đây"}


def test_a_split_starts_anew(world: World) -> None:
    world.former.successors.add(world.never)
    found = balance(column_page(), DAY, today=TODAY)
    assert [line.label for line in found.never] == ["Sở Chưa từng", "Sở Mới"]


def test_one_that_has_followers_is_over_even_without_a_date(world: World) -> None:
    world.lately.successors.add(world.never)
    found = balance(column_page(), DAY, today=TODAY)
    assert [told(line) for line in (*found.units, *found.never)] == [("Sở Mới", 104, 0), ("Sở Chưa từng", 2, 2)]


def test_every_number_leads_to_exactly_its_stories(world: World) -> None:
    for weeks in (4, 13, 52):
        found = balance(column_page(), DAY, today=TODAY, weeks=weeks)
        lines = [*found.units, *found.never, *found.criteria]
        for counted in [line.recent for line in lines] + [found.build.recent, found.fight.recent]:
            assert bool(counted.url) == bool(counted.number)
            if counted.url:
                assert len(stories_at(counted.url)) == counted.number, counted
        for line in lines:
            if line.weeks is None:
                assert line.last_url == ""
            else:
                days = {story.issue_date for story in stories_at(line.last_url)}
                (last,) = days
                assert last is not None
                assert (DAY - last).days // 7 == line.weeks


def test_the_public_list_shows_them_too(world: World, client: Client) -> None:
    found = balance(column_page(), DAY, today=TODAY)
    for counted in (found.units[1].recent, found.criteria[0].recent, found.fight.recent):
        assert len(client.get(counted.url).context["stories"]) == counted.number


def test_what_the_plan_already_holds(world: World) -> None:
    with time_machine.travel("2026-11-30T09:00:00+07:00", tick=False):
        first = planned("Sở Cũ đổi tên", day=DAY)
        make_coverage(first, world.renamed, world.fight)
        second = planned("Lần nữa", day=DAY + timedelta(weeks=5))
        make_coverage(second, world.never, world.fight)
        make_coverage(second, world.renamed, role=CoverageRole.MENTIONED)
    found = balance(column_page(), DAY, today=TODAY)
    plans = {line.label: line.plan for line in (*found.units, *found.never, *found.criteria)}
    assert plans == {
        "Sở Mới": "đã có trong kế hoạch 03/12", "Sở Gần đây": "", "Sở Chưa từng": "đã có trong kế hoạch 07/01/2027",
        "Kỷ cương": "", "Chống tiêu cực": "đã có trong kế hoạch 03/12, 07/01/2027",
    }  # fmt: skip
    assert (found.build.plan, found.fight.plan) == ("", plans["Chống tiêu cực"])
    assert balance(column_page(), DAY, today=DAY + timedelta(days=1)).units[0].plan == ""


def test_the_same_cost_for_few_and_for_many(world: World) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            found = balance(column_page(), DAY, today=TODAY)
            assert [line.label for line in found.units]
        return len(queries)

    make_coverage(planned(day=DAY), world.never, world.build)
    few = cost()
    for week in range(1, 20):
        unit = make_department()
        story = make_article(issue_date=ago(week))
        make_coverage(story, unit, world.fight)
        make_coverage(planned(day=DAY + timedelta(weeks=week)), unit, world.build)
    assert few == cost() <= 14, few


def test_an_empty_archive() -> None:
    found = balance(column_page(), DAY, today=TODAY)
    assert (list(found.units), found.build.share, found.fight.share) == ([], 0, 0)
    assert {line.since for line in (*found.never, *found.criteria)} == {"chưa từng"}
    assert len(found.criteria) == 8
    assert len(found.never) == sum(len(lines) for _name, lines in found.never_groups) > 50


def test_the_page(world: World, client: Client) -> None:
    client.force_login(make_user("", Role.REPORTER))
    response = client.get(f"{reverse('schedule_balance')}?ngay=2026-12-03&tuan=26")
    page = BeautifulSoup(response.content, "html.parser")
    assert response.status_code == 200
    numbers = [line.get_text(" ", strip=True) for line in page.select(".balance-ratio li")]
    assert numbers == ["5 xây: 3 tin, bài", "3 chống: 1 tin, bài"]
    assert [item.get_text(strip=True) for item in page.select(".balance-never li")] == ["Sở Chưa từng"]
    assert "(1)" in page.select_one("#chua-tung").get_text()  # type: ignore[union-attr]
    current = page.select_one(".balance-windows [aria-current]")
    assert current is not None
    assert current.get_text() == "26 tuần"


@pytest.mark.parametrize(
    ("query", "words"),
    [("?ngay=31-02-2026", "không có trong lịch"), ("?ngay=x", "Không đọc được ngày"), ("?tuan=-1", "")],
)
def test_what_cannot_be_asked_is_said(client: Client, query: str, words: str) -> None:
    client.force_login(chief())
    response = client.get(reverse("schedule_balance") + query)
    assert response.status_code == 200
    assert words in response.content.decode()


def test_the_page_begins_with_the_next_empty_day(client: Client) -> None:
    client.force_login(chief())
    with time_machine.travel("2026-11-30T09:00:00+07:00", tick=False):
        client.force_login(chief())
        planned(day=DAY)
        response = client.get(reverse("schedule_balance"))
    assert response.context["balance"].day == DAY + timedelta(weeks=1)


def test_the_committee_is_not_let_in(client: Client) -> None:
    client.force_login(make_user("", Role.COMMITTEE))
    assert client.get(reverse("schedule_balance")).status_code in {302, 403}
