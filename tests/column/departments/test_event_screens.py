"""Units over time in the admin: who may, previews, exact outcomes, looking changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from column.departments.models import Department, SplitRule, UnitEvent
from column.departments.structure import Structure
from column.people.roles import Role
from tests.factories import make_article, make_coverage, make_department, make_user

pytestmark = pytest.mark.django_db

SCREENS = (
    "/admin/don-vi/", "/admin/don-vi/viec/", "/admin/don-vi/viec/doi-ten/", "/admin/don-vi/viec/sap-nhap/",
    "/admin/don-vi/viec/chia-tach/", "/admin/don-vi/viec/giai-the/", "/admin/don-vi/viec/thanh-lap/",
    "/admin/don-vi/so-y-te/", "/admin/don-vi/quan-hai-chau/", "/admin/don-vi/gop-ban-ghi-trung/",
)  # fmt: skip


def unit(code: str) -> Department:
    return Department.objects.get(code=code)


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_user("lan", Role.EDITOR, display_name="Lan"))
    return client


@pytest.mark.parametrize("path", SCREENS)
def test_who_may_and_looking_changes_nothing(client: Client, path: str):
    for role, status in (
        (Role.EDITOR, 200), (Role.MANAGING_EDITOR, 200), (Role.CHIEF, 200), (Role.ADMINISTRATOR, 200),
        (Role.REPORTER, 302), (Role.COMMITTEE, 302), (None, 302),
    ):  # fmt: skip
        client.logout()
        if role:
            client.force_login(make_user("", role))
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == status, role
        writes = ("INSERT", "UPDATE", "DELETE")
        assert [one["sql"] for one in queries if one["sql"].startswith(writes) and "session" not in one["sql"]] == []


def test_the_tree_of_a_day(desk: Client):
    def names(query: str) -> set[str]:
        soup = BeautifulSoup(desk.get(f"/admin/don-vi/{query}").content, "html.parser")
        return {one.text for one in soup.select(".units-tree a")}

    assert "Phường Hải Châu I" in names("?ngay=31/12/2024")
    assert "Phường Hải Châu I" not in names("?ngay=01/01/2025")
    assert "31/02/2025" in desk.get("/admin/don-vi/?ngay=31/02/2025").content.decode()
    soup = BeautifulSoup(desk.get("/admin/don-vi/").content, "html.parser")
    assert "Quận Hải Châu" in soup.select_one(".help-warning").text  # type: ignore[union-attr]


def test_renaming_is_shown_before_it_is_done(desk: Client):
    old = make_department("Sở Một", code="so-mot")
    story = make_article("Bài")
    make_coverage(story, old)
    sent = {"from_units": [old.pk], "day": "1/3/2026", "new_names": "Sở Hai | so-hai-moi", "source": "NQ thử"}
    page = desk.post("/admin/don-vi/viec/doi-ten/", sent).content.decode()
    text = " ".join(BeautifulSoup(page, "html.parser").select_one(".units-preview").text.split())  # type: ignore[union-attr]
    assert text.startswith(
        "Việc này sẽ làm Sở Một hoạt động đến hết 28/02/2026. 1 dòng đã gắn giữ nguyên dưới đơn vị này."
    )
    assert "Thêm đơn vị mới Sở Hai (mã so-hai-moi)." in text
    assert not UnitEvent.objects.exists()
    response = desk.post("/admin/don-vi/viec/doi-ten/", sent | {"xac-nhan": "1"})
    assert response["Location"] == "/admin/don-vi/so-mot/"
    assert [one.code for one in old.successors.all()] == ["so-hai-moi"]
    event = UnitEvent.objects.get()
    assert (event.day, event.recorded_by.username if event.recorded_by else "") == ("2026-03-01", "lan")
    assert story.coverage.get().department == old
    life = desk.get("/admin/don-vi/so-hai-moi/").content.decode()
    assert "Sở Hai" in life
    assert "NQ thử" in life
    history = desk.get(f"/admin/snippets/column/department/history/{old.pk}/").content.decode()
    assert "Đổi tên, có hiệu lực 01/03/2026 (NQ thử)" in history


@pytest.mark.parametrize(
    ("typed", "bound"), [("2025", "2025"), ("7/2025", "2025-07"), ("2025-07", "2025-07"), ("01/07/2025", "2025-07-01")]
)
def test_a_day_as_people_write_it(desk: Client, typed: str, bound: str):
    old = make_department("Sở Một")
    desk.post("/admin/don-vi/viec/giai-the/", {"from_units": [old.pk], "day": typed, "source": "x", "xac-nhan": "1"})
    assert UnitEvent.objects.get().day == bound


def test_nonsense_is_refused_in_words(desk: Client):
    sent: dict[str, Any] = {"from_units": ["x", "9" * 30], "day": "hôm qua", "new_names": "", "source": ""}
    response = desk.post("/admin/don-vi/viec/doi-ten/", sent)
    assert response.status_code == 400
    assert "Hãy viết năm (2025), tháng (07/2025) hoặc ngày (01/07/2025)." in response.content.decode()
    assert desk.get("/admin/don-vi/viec/abc/").status_code == 404


def test_undoing_needs_a_reason(desk: Client):
    old = make_department("Sở Một", code="so-mot")
    sent = {"from_units": [old.pk], "day": "2026", "new_names": "Sở Hai", "source": "x", "xac-nhan": "1"}
    desk.post("/admin/don-vi/viec/doi-ten/", sent)
    event = UnitEvent.objects.get()
    page = desk.post(f"/admin/don-vi/viec/{event.pk}/huy/", follow=True).content.decode()
    assert "Hãy ghi lý do hủy." in page
    desk.post(f"/admin/don-vi/viec/{event.pk}/huy/", {"ly-do": "Ghi nhầm"})
    assert list(UnitEvent.objects.values_list("kind", "source")) == [("renamed", "x"), ("undone", "Ghi nhầm")]
    assert "(đã hủy)" in desk.get("/admin/don-vi/viec/").content.decode()


def test_a_rule_for_a_split_unit(desk: Client):
    old, one = unit("quan-hai-chau"), unit("phuong-hai-chau-2025")
    assert "Chưa có quy tắc" in desk.get("/admin/don-vi/quan-hai-chau/").content.decode()
    desk.post("/admin/don-vi/quan-hai-chau/", {"counts_as": one.pk, "source": "Công văn 1"})
    assert SplitRule.objects.values_list("unit", "counts_as", "source").get() == (old.pk, one.pk, "Công văn 1")
    from datetime import date

    assert Structure.load(date(2026, 11, 23)).image(old.pk) == one.pk
    page = desk.get("/admin/don-vi/quan-hai-chau/").content.decode()
    assert "Khi quy về tổ chức sau, tính là" in page


def test_merging_duplicates_is_shown_first(desk: Client):
    true, double = unit("so-y-te"), make_department("Sở Y tế hai", code="so-y-te-hai")
    story = make_article("Bài")
    make_coverage(story, double)
    sent = {"unit": double.pk, "same_as": true.pk, "source": "Nhập hai lần"}
    page = desk.post("/admin/don-vi/gop-ban-ghi-trung/", sent).content.decode()
    assert "1 dòng gắn của 1 tin, bài chuyển sang" in page
    assert story.coverage.get().department == double
    response = desk.post("/admin/don-vi/gop-ban-ghi-trung/", sent | {"xac-nhan": "1"})
    assert response["Location"] == "/admin/don-vi/so-y-te/"
    assert story.coverage.get().department == true
    same = desk.post("/admin/don-vi/gop-ban-ghi-trung/", {"unit": true.pk, "same_as": true.pk, "source": "x"})
    assert "Hãy chọn hai bản ghi khác nhau." in same.content.decode()


def test_the_readers_page_shows_the_life(client: Client):
    page = BeautifulSoup(client.get("/don-vi/so-noi-vu-2025/").content, "html.parser")
    assert {one.text for one in page.select(".unit-life-name")} == {
        str(unit(code)) for code in ("so-noi-vu", "so-lao-dong-tbxh", "so-noi-vu-2025")
    }
    assert page.select(".unit-life-bar") != []
    assert BeautifulSoup(client.get("/don-vi/so-y-te/").content, "html.parser").select(".unit-life") == []
