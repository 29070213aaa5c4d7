"""Tallies as JSON: the screen's figures, for holders of a working key, with refusals in Vietnamese."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from column.coverage.models import Criterion
from column.departments.models import Department
from column.enums import Tone
from column.people.roles import Role
from column.tallies.api.access import A_MINUTE
from column.tallies.api.keys import make_key
from column.tallies.api.models import ApiKey
from tests.factories import make_article, make_coverage, make_news, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2017, 2, 16, 7, 12, tzinfo=UTC)
API = "/api/v1/tallies/"
HOST = "http://testserver"


@pytest.fixture(autouse=True)
def _clock() -> Any:
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


class Program:
    """Someone's program: asks with a key, and has the answer's status and body."""

    def __init__(self, role: Role | str = Role.COMMITTEE) -> None:
        self.user = make_user("", role)
        self.key, self.secret = make_key(self.user, "Thử", 30, NOW)

    def __call__(self, path: str, **headers: str) -> tuple[int, dict[str, Any]]:
        answer = Client().get(path, headers={"Authorization": f"Bearer {self.secret}"} | headers)
        return answer.status_code, answer.json()


@pytest.fixture
def world() -> None:
    units = {code: Department.objects.get(code=code) for code in ("so-cong-thuong", "cong-an-tp")}
    article = make_article("Cải thiện lề lối", issue_date=date(2017, 2, 16))
    make_coverage(article, units["so-cong-thuong"], Criterion.objects.get(slug="ky-cuong"), tone=Tone.PRAISE)
    make_coverage(article, units["so-cong-thuong"], Criterion.objects.get(slug="chong-tieu-cuc"))
    make_coverage(article, units["cong-an-tp"], Criterion.objects.get(slug="ky-cuong"))
    news = make_news("Chuyện đầu năm", issue_date=date(2017, 1, 5))
    make_coverage(news, units["so-cong-thuong"], Criterion.objects.get(slug="ky-cuong"))
    old = make_news("Chuyện năm trước", issue_date=date(2016, 12, 29))
    make_coverage(old, units["so-cong-thuong"], Criterion.objects.get(slug="ky-cuong"))
    draft = make_article("Bản nháp qdraft", live=False)
    make_coverage(draft, units["so-cong-thuong"], Criterion.objects.get(slug="ky-cuong"))


def test_the_table_with_every_number_and_its_list(world: None) -> None:
    program = Program()
    status, said = program(f"{API}?ky=2017")
    assert status == 200
    assert said["sentence"] == "Tin, bài, đăng trong năm 2017"
    assert said["address"] == f"{HOST}/tong-hop/?ky=2017"
    assert said["contract"] == f"{HOST}/tong-hop/quy-uoc/"
    assert (said["measure"], said["rows"], said["page"], said["pages"], said["next"]) == ("tin-bai", 2, 1, 1, None)
    assert [one["key"] for one in said["columns"]] == [
        "trach-nhiem", "trung-thuc", "chuyen-nghiep", "ky-cuong", "guong-mau", "chong-quan-lieu", "chong-tieu-cuc",
        "chong-benh-hinh-thuc",
    ]  # fmt: skip
    assert said["columns"][6]["label"] == "Chống tiêu cực"
    first = said["lines"][0]
    assert (first["key"], first["label"], first["part"]) == ("so-cong-thuong", "Sở Công Thương", "")
    assert [one["number"] for one in first["figures"]] == [0, 0, 0, 2, 0, 0, 1, 0]
    assert first["total"]["number"] == 2
    assert first["figures"][0] == {"number": 0, "url": "", "api": ""}
    query = "don-vi=so-cong-thuong&tieu-chi=ky-cuong&ky=2017&vai-tro=doi-tuong"
    assert first["figures"][3] == {
        "number": 2, "url": f"{HOST}/tong-hop/danh-sach/?{query}", "api": f"{HOST}{API}stories/?{query}",
    }  # fmt: skip
    assert [one["total"]["number"] for one in said["totals"]] == [2]
    assert any("không cộng lại" in note for note in said["notes"])


@pytest.mark.parametrize("query", ["ky=2017&theo=quy", "dem=luot", "vai-tro=tat-ca&dem=luot", "ky=2017&hang=loai"])
def test_the_figures_are_the_screens_and_each_list_has_so_many(world: None, client: Client, query: str) -> None:
    program = Program()
    client.force_login(program.user)
    said = program(f"{API}?{query}")[1]
    table = BeautifulSoup(client.get(f"/tong-hop/?{query}").content, "html.parser").select_one("table.tally-table")
    assert table is not None
    screen = [[int(cell.text) for cell in row.select("td.num")] for row in table.select("tbody tr, tfoot tr")]
    lines = [*said["lines"], *said["totals"]]
    assert [[one["number"] for one in (*line["figures"], line["total"])] for line in lines] == screen
    counts = "mentions" if said["measure"] == "luot" else "stories"
    figures = [one for line in lines for one in (*line["figures"], line["total"]) if one["number"]]
    assert len(figures) > 4
    for figure in figures:
        status, listed = program(figure["api"].removeprefix(HOST))
        assert (status, listed[counts]) == (200, figure["number"]), figure["url"]
        assert listed["stories"] == len(listed["list"])


def test_the_stories_behind_a_number(world: None) -> None:
    said = Program()(f"{API}stories/?don-vi=so-cong-thuong&ky=2017&so-luong=1")[1]
    assert (said["stories"], said["mentions"], said["page"], said["pages"]) == (2, 3, 1, 2)
    assert said["next"] == f"{HOST}{API}stories/?don-vi=so-cong-thuong&ky=2017&so-luong=1&trang=2"
    [story] = said["list"]
    assert (story["day"], story["kind"], story["headline"]) == ("2017-02-16", "Bài viết", "Cải thiện lề lối")
    assert story["coverage"] == ["Sở Công Thương – Kỷ cương (biểu dương)", "Sở Công Thương – Chống tiêu cực"]


def test_two_sides(world: None) -> None:
    status, said = Program()(f"{API}compare/?ky=2017&voi-ky=2016")
    assert status == 200
    assert (said["first"], said["second"]) == ("Tin, bài, đăng trong năm 2017", "Tin, bài, đăng trong năm 2016")
    found = [
        (one["key"], one["first"]["number"], one["second"]["number"], one["difference"], one["change"])
        for one in said["lines"]
    ]
    assert found == [("so-cong-thuong", 2, 1, 1, 1.0), ("cong-an-tp", 1, 0, 1, None)]
    assert (said["total"]["difference"], said["total"]["first_share"]) == (1, 1.0)


def test_the_words_that_may_be_asked() -> None:
    said = Program()(f"{API}dimensions/")[1]
    assert {"word": "tieu-chi", "label": "Tiêu chí", "overlaps": True} in said["dimensions"]
    assert [one["key"] for one in said["measures"]] == ["tin-bai", "luot", "ky-dang"]


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("?ki=2017", "Không có tham số “ki”"),
        ("?ky=2017-13", "Kỳ “2017-13” không đọc được"),
        ("?don-vi=khong-co", "Không có đơn vị “khong-co”"),
        ("?hang=x", "“x” không dùng được cho “hang”"),
        ("?so-luong=201", "“so-luong” phải là số nguyên từ 1 đến 200."),
        ("?trang=0", "“trang” phải là số nguyên từ 1 đến 1000000."),
        ("?trang=²", "“trang” phải là số nguyên"),
        ("?hang=don-vi&cot=don-vi", "Hàng, cột và dòng con"),
        ("stories/?hang=don-vi", "Không có tham số “hang”"),
        ("stories/?but-danh=KHÔNG AI", "Không có bút danh"),
        ("compare/?ky=2017&voi-ky=x", "Bên thứ hai"),
        ("compare/?voi-hang=loai", "Không có tham số “voi-hang”"),
        ("dimensions/?a=1", "Không có tham số “a”"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(path: str, problem: str) -> None:
    status, said = Program()(f"{API}{path}")
    assert (status, said["detail"]) == (422, "Yêu cầu có chỗ không đọc được.")
    assert any(one.startswith(problem) for one in said["problems"]), said["problems"]


def test_without_a_working_key_nothing_is_told(world: None) -> None:
    program = Program()
    anonymous = Client().get(API)
    assert (anonymous.status_code, anonymous["WWW-Authenticate"]) == (401, "Bearer")
    assert anonymous.json()["detail"].startswith("Cần khóa API")
    for shown in ("Bearer x", f"Basic {program.secret}", "Bearer", f"Bearer {program.secret} x", "Bearer \u00e9"):
        status, said = program(API, Authorization=shown)
        assert (status, said["detail"]) == (401, "Khóa không đúng, đã hết hạn hoặc đã bị thu hồi."), shown
    ApiKey.objects.update(revoked_at=NOW)
    assert program(API)[0] == 401
    # A login is not enough: a page of another site could make a browser ask.
    client = Client()
    client.force_login(program.user)
    assert client.get(API).status_code == 401


@pytest.mark.parametrize("role", [*Role, ""], ids=str)
def test_a_program_may_what_its_person_may(world: None, role: Role | str) -> None:
    program = Program(role)
    allowed = role in {Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.COMMITTEE, Role.ADMINISTRATOR}
    for path in (f"{API}?ky=2017", f"{API}stories/", f"{API}compare/?ky=2017", f"{API}dimensions/"):
        status, said = program(path)
        assert status == (200 if allowed else 403), path
        assert "qdraft" not in str(said)
        if not allowed:
            assert said["detail"] == "Tài khoản của khóa này không còn quyền xem bảng tổng hợp."
    program.user.groups.clear()
    assert program(API)[0] == 403


def test_so_many_questions_a_minute() -> None:
    program, other = Program(), Program()
    assert {program(f"{API}dimensions/")[0] for _ in range(A_MINUTE)} == {200}
    answer = Client().get(f"{API}dimensions/", headers={"Authorization": f"Bearer {program.secret}"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert answer.json()["detail"] == (
        "Hỏi quá nhiều: mỗi khóa nhiều nhất 120 lần một phút; hãy thử lại sau 60 giây."
    )  # fmt: skip
    assert other(f"{API}dimensions/")[0] == 200
    with time_machine.travel(datetime(2017, 2, 16, 7, 13, tzinfo=UTC), tick=False):
        assert program(f"{API}dimensions/")[0] == 200


def test_it_only_reads() -> None:
    program = Program()
    for method in ("post", "put", "patch", "delete"):
        answer = getattr(Client(), method)(API, headers={"Authorization": f"Bearer {program.secret}"})
        assert answer.status_code == 405


def test_a_table_costs_the_same_whatever_its_size(world: None, django_assert_num_queries: Any) -> None:
    program = Program()
    program(f"{API}?ky=2017")
    with CaptureQueriesContext(connection) as first:
        program(f"{API}?ky=2017")
    for number in range(6):
        unit = Department.objects.in_report_order()[number]
        make_coverage(make_news(f"Thêm {number}", issue_date=date(2017, 1, 9)), unit)
    with django_assert_num_queries(len(first)):
        program(f"{API}?ky=2017")


def test_the_description_for_programs() -> None:
    said = Client().get("/api/v1/openapi.json").json()
    ours = {path for path in said["paths"] if path.startswith(API)}
    assert ours == {f"{API}{name}" for name in ("", "stories/", "compare/", "dimensions/")}
    tally = said["paths"][API]["get"]
    assert {"hang", "cot", "theo", "dem", "ky", "co-cau", "trang"} <= {one["name"] for one in tally["parameters"]}
    assert set(tally["responses"]) == {"200", "401", "403", "422", "429"}
    sides = said["paths"][f"{API}compare/"]["get"]["parameters"]
    assert {"ky", "voi", "voi-ky", "voi-don-vi"} <= {one["name"] for one in sides}
    assert tally["security"] == [{"PersonalKey": []}]
    assert said["components"]["securitySchemes"] == {"PersonalKey": {"type": "http", "scheme": "bearer"}}
