"""Figures that stories report: read as printed, shown over time, never of a story that readers may not see."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from column.coverage.filter import CoverageFilter
from column.coverage.selection import Selection
from column.figures.models import Indicator, ReportedFigure
from column.figures.picture import points
from column.figures.rules import Parts, parse_printed
from column.people.roles import Role
from tests.factories import make_article, make_coverage, make_department, make_user

D = Decimal


@pytest.mark.parametrize(
    ("printed", "parts"),
    [
        ("105", Parts(D(105))), ("55/56", Parts(D(55), D(56))), ("71 %", Parts(D(71))), ("71%", Parts(D(71))),
        ("6 % → 71 %", Parts(D(71), None, D(6))), ("1.234,5", Parts(D("1234.5"))),
        ("12.345.678", Parts(D(12345678))), ("50/56 → 55/56", Parts(D(55), D(56), D(50))), ("0", Parts(D(0))),
        ("hơn 100", None), ("", None), ("1/2/3", None), ("→ 5", None), ("9" * 30, None), ("71 % rồi", None),
    ],
)  # fmt: skip
def test_as_printed(printed: str, parts: Parts | None):
    assert parse_printed(printed) == parts


@pytest.fixture
def known() -> dict[str, Any]:
    indicator = Indicator.objects.create(slug="mot-cua", name="Phường, xã có bộ phận một cửa", unit="phường, xã")
    first = make_article("Bài năm 2016", issue_date=date(2016, 12, 1))
    second = make_article("Bài năm 2017", issue_date=date(2017, 2, 16))
    draft = make_article("Bản nháp", live=False)
    for story, printed, day in ((first, "40/56", "2015"), (second, "55/56", "2017-02"), (draft, "56/56", "2018")):
        ReportedFigure.objects.create(
            story=story, indicator=indicator, printed=printed, about="phường, xã", measured_on=day,
            passage=f"Đã có {printed} phường, xã.", reported_by="Sở Nội vụ",
        )  # fmt: skip
    return {"indicator": indicator, "first": first, "second": second, "draft": draft}


@pytest.mark.django_db
class TestPages:
    def rows(self, page: Any) -> list[str]:
        soup = BeautifulSoup(page.content, "html.parser")
        return [row.td.text for row in soup.select(".story-table tbody tr") if row.td]

    def test_an_indicator_over_time(self, client: Client, known: dict[str, Any]):
        page = client.get("/so-lieu/mot-cua/")
        assert self.rows(page) == ["40/56", "55/56"]
        assert len(BeautifulSoup(page.content, "html.parser").select(".figure-line circle")) == 2
        assert "Bản nháp" not in page.content.decode()
        assert client.get("/so-lieu/khong-co/").status_code == 404

    def test_all_of_them_found_with_and_without_accents(self, client: Client, known: dict[str, Any]):
        assert self.rows(client.get("/so-lieu/")) == ["55/56", "40/56"]
        assert self.rows(client.get("/so-lieu/?q=so noi vu 40")) == ["40/56"]
        assert self.rows(client.get("/so-lieu/?q=khong co")) == []
        with CaptureQueriesContext(connection) as few:
            client.get("/so-lieu/")
        for number in range(10):
            ReportedFigure.objects.create(story=known["first"], printed=str(number), about="x", passage="y")
        with CaptureQueriesContext(connection) as many:
            client.get("/so-lieu/")
        assert len(many) == len(few)

    def test_figures_of_a_units_stories_and_the_ways_there(self, client: Client, known: dict[str, Any]):
        unit = make_department("Sở Thử")
        for name in ("second", "draft"):
            make_coverage(known[name], unit)
        page = client.get(f"/so-lieu/?don-vi={unit.code}")
        assert self.rows(page) == ["55/56"]
        assert "Tin, bài về Sở Thử" in page.content.decode()
        assert self.rows(client.get(f"/so-lieu/?don-vi={unit.code}&q=40")) == []
        assert client.get("/so-lieu/?don-vi=khong-co").status_code == 400
        of_unit = BeautifulSoup(client.get(unit.get_absolute_url()).content, "html.parser")
        link = of_unit.select_one(f'main a[href="/so-lieu/?don-vi={unit.code}"]')
        assert link is not None
        assert link.parent is not None
        assert link.parent.text == "Số liệu nêu trong các bài này (1)"
        story = BeautifulSoup(client.get(known["second"].url).content, "html.parser")
        assert [one.text for one in story.select('[aria-labelledby="so-lieu-neu"] li strong')] == ["55/56"]
        assert story.select_one('main a[href="/so-lieu/mot-cua/"]') is not None
        places = [one.text for one in BeautifulSoup(client.get("/sitemap-so-lieu.xml").content, "xml").select("loc")]
        assert [place.split("/", 3)[3] for place in places] == ["so-lieu/", "so-lieu/mot-cua/"]

    def test_an_indicator_of_drafts_alone_is_not_there(self, client: Client, known: dict[str, Any]):
        ReportedFigure.objects.exclude(story=known["draft"]).delete()
        assert client.get("/so-lieu/mot-cua/").status_code == 404
        assert "mot-cua" not in client.get("/so-lieu/").content.decode()
        assert "so-lieu" not in client.get("/sitemap-so-lieu.xml").content.decode()

    def test_points_are_whole_numbers_in_order_of_time(self, known: dict[str, Any]):
        one = ReportedFigure.objects.create(
            story=known["first"],
            printed="6 % → 71 %",
            about="hồ sơ",
            passage="x",
            measured_on="2016",
            earlier_on="2014",
        )
        assert (one.value, one.earlier, one.day, one.earlier_day) == (D(71), D(6), date(2016, 1, 1), date(2014, 1, 1))
        assert [(point.x, point.y, point.value) for point in points([one])] == [(20, 259, D(6)), (980, 20, D(71))]
        assert points([]) == []

    def test_never_tallied(self, known: dict[str, Any]):
        assert Selection.of(CoverageFilter()).rows().count() == 0

    def test_entered_corrected_and_removed_on_the_storys_screen(self, client: Client, known: dict[str, Any]):
        lan = make_user("lan", Role.EDITOR)
        client.force_login(lan)
        story = make_article("Bài", issue_date=date(2017, 3, 2))
        address = f"/admin/tin-bai/{story.pk}/so-lieu/"
        sent = {
            "printed": "hơn 100",
            "about": "dịch vụ công",
            "passage": "Đã có 105 dịch vụ.",
            "measured_on": "12/2016",
        }
        assert "Hãy ghi con số như in" in client.post(address, sent).content.decode()
        client.post(address, sent | {"printed": "105"})
        one = ReportedFigure.objects.get(story=story)
        assert (one.value, one.measured_on, one.entered_by) == (D(105), "2016-12", lan)
        client.post(f"{address}?sua={one.pk}", sent | {"printed": "106"})
        one.refresh_from_db()
        assert one.value == D(106)
        client.post(address, {"bo": str(one.pk)})
        assert not ReportedFigure.objects.filter(story=story).exists()
        history = client.get(f"/admin/pages/{story.pk}/history/").content.decode()
        assert "Bỏ số liệu nêu trong bài: 106 (dịch vụ công)" in history
        assert "Ghi số liệu nêu trong bài: 105 (dịch vụ công)" in history

    def test_who_may(self, client: Client, known: dict[str, Any]):
        address = f"/admin/tin-bai/{known['second'].pk}/so-lieu/"
        for role, status in ((Role.EDITOR, 200), (Role.CHIEF, 200), (Role.REPORTER, 302), (Role.COMMITTEE, 302)):
            client.force_login(make_user("", role))
            assert client.get(address).status_code == status, role
