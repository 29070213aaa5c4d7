"""The readers' pages of a unit and of a criterion count as the tallies do."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.utils import timezone

from column.coverage import listing
from column.coverage.filter import CoverageFilter
from column.coverage.models import Criterion
from column.departments.models import Department
from column.enums import CoverageRole
from column.tallies.asked import Asked
from column.tallies.shown import Shown
from column.tallies.table import Tally
from tests.factories import make_article, make_coverage, make_news

pytestmark = pytest.mark.django_db

UNITS = ("so-cong-thuong", "cong-an-tp", "so-noi-vu", "so-noi-vu-2025")
CRITERIA = ("ky-cuong", "trach-nhiem", "chong-tieu-cuc")


@pytest.fixture(autouse=True)
def _archive() -> None:
    """Stories with several units and criteria, mentions, a draft; units that became others."""
    units = [Department.objects.get(code=code) for code in UNITS]
    criteria = [Criterion.objects.get(slug=slug) for slug in CRITERIA]
    for number in range(12):
        make = make_article if number % 3 else make_news
        story = make(f"Chuyện {number}", issue_date=date(2016 + number % 3, 1 + number, 9), live=number != 5)
        for unit in {units[number % 4], units[number % 3]}:
            for criterion in {criteria[number % 3], criteria[number % 2]}:
                role = CoverageRole.MENTIONED if number == 7 else CoverageRole.SUBJECT
                make_coverage(story, unit, criterion, role=role)
        make_coverage(story, None, criteria[2])


def counted(asked: Asked) -> Shown:
    return Shown(Tally.make(asked, (), today=date(2018, 12, 31), at=timezone.now()))


@pytest.mark.parametrize("code", UNITS)
def test_a_unit(client: Client, code: str) -> None:
    unit = Department.objects.get(code=code)
    page = client.get(unit.get_absolute_url(), follow=True).context
    asked = listing.filter_for_department(page["department"])
    shown = counted(Asked(asked, rows="nam", columns="tieu-chi"))
    assert page["total"] == shown.totals[0].total.number > 0
    criteria = {one.key: figure.number for one, figure in zip(shown.columns, shown.totals[0].figures, strict=True)}
    assert {one.about.slug: one.number for one in page["by_criterion"]} == {
        key: number for key, number in criteria.items() if number and key in CRITERIA
    }
    years = {line.key: line.total.number for line in shown.lines(0, shown.count)}
    assert {one.label: one.number for one in page["by_year"]} == {key: n for key, n in years.items() if n}


@pytest.mark.parametrize("slug", CRITERIA)
def test_a_criterion(client: Client, slug: str) -> None:
    page = client.get(f"/tieu-chi/{slug}/").context
    shown = counted(Asked(CoverageFilter(criteria=(slug,)), rows="don-vi", columns="loai"))
    assert page["total"] == shown.totals[0].total.number > 0
    units = {line.key: line.total.number for line in shown.unit_lines()}
    assert {one.about.code: one.number for one in page["by_department"]} == units
    assert sum(one.number for one in page["by_kind"]) == page["total"]


def test_the_list_of_criteria(client: Client) -> None:
    lines = client.get("/tieu-chi/").context["lines"]
    shown = counted(Asked(rows="tieu-chi", columns="tong"))
    rows = {line.key: line.total.number for line in shown.lines(0, shown.count)}
    assert {one.about.slug: one.number for one in lines} == {key: n for key, n in rows.items() if key != "chua-gan"}
