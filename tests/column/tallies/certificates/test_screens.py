"""The committee's screens of certificates and of differences, as they are read and clicked."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.log_actions import LogContext
from wagtail.models import PageViewRestriction

from column.coverage.models import Criterion
from column.coverage.recording import Row, record
from column.departments.models import Department
from column.people.models import User
from column.people.roles import Role
from column.stories.models import Story
from column.stories.takedown import take_down
from column.tallies.certificates.freezing import draft
from column.tallies.certificates.models import Certificate
from column.tallies.published.models import PublishedFigure
from tests.column.tallies.certificates.test_certificates import asked, without_guards
from tests.factories import make_article, make_news, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return make_user("tonghop", Role.COMMITTEE, display_name="Trần Thị Tổng Hợp")


@pytest.fixture
def staff(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


@pytest.fixture
def stories(person: User) -> list[Story]:
    unit, slug = Department.objects.get(code="so-y-te"), Criterion.objects.get(slug="ky-cuong")
    made: list[Story] = [make_news("Tin một", issue_date=date(2017, 1, 5))]
    made.append(make_article("Bài hai", issue_date=date(2017, 2, 16)))
    for story in made:
        record(story, [Row(unit.pk, slug.pk)], user=person, at=timezone.now())
    return made


def frozen(staff: Client, query: str = "ky=2017&theo=quy") -> Certificate:
    answer = staff.post(f"/tong-hop/phieu/moi/?{query}", {"title": "Quý I/2017", "note": "Gửi Ban Thường vụ."})
    assert answer.status_code == 302
    return Certificate.objects.latest("pk")


def words(answer: Any, selector: str = "main") -> str:
    found = BeautifulSoup(answer.content, "html.parser").select_one(selector)
    assert found is not None, answer.content.decode()[:400]
    return " ".join(found.get_text(" ").split())


def test_freezing_from_the_table_and_proving(staff: Client, stories: list[Story]) -> None:
    form = staff.get("/tong-hop/phieu/moi/?ky=2017&theo=quy")
    assert form.status_code == 200
    assert "Tin, bài, đăng trong năm 2017" in words(form)
    assert not Certificate.objects.exists()
    one = frozen(staff)
    page = staff.get(one.get_absolute_url())
    assert page.status_code == 200
    said = words(page)
    assert "Tái lập đúng" in said
    assert f"Phiếu {one.code}" in said
    assert "Gửi Ban Thường vụ." in said
    assert one.digest_in_groups in said
    # Wrong capitals, spaces for the hyphen: the address of the code all the same.
    assert staff.get(f"/tong-hop/phieu/{one.code.lower()}/").status_code == 200


def test_every_frozen_number_opens_its_list(staff: Client, stories: list[Story], person: User) -> None:
    one = frozen(staff)
    take_down(stories[0], person)
    page = BeautifulSoup(staff.get(one.get_absolute_url()).content, "html.parser")
    links = page.select("table.tally-table td a")
    assert len(links) == 8
    for link in links:
        answer = staff.get(str(link["href"]))
        listed = BeautifulSoup(answer.content, "html.parser").select(".story-table tbody tr")
        assert len(listed) == int(link.text), link["href"]
    whole = words(staff.get(f"{one.get_absolute_url()}danh-sach/"), ".story-table")
    assert "Tin một đã gỡ" in whole
    assert "Sở Y tế – Kỷ cương" in whole
    assert staff.get(f"{one.get_absolute_url()}danh-sach/?hang=khong-co").status_code == 404


def test_a_difference_is_told_story_by_story(staff: Client, stories: list[Story], person: User) -> None:
    one = frozen(staff)
    with LogContext(user=person):
        take_down(stories[0], person)
        third = make_news("Tin ba", issue_date=date(2017, 3, 1))
        record(third, [Row(Department.objects.get(code="cong-an-tp").pk, None)], user=person, at=timezone.now())
    record(stories[1], [Row(Department.objects.get(code="cong-an-tp").pk, None)], user=person, at=timezone.now())
    page = staff.get(f"{one.get_absolute_url()}so-voi/nay/")
    assert words(page, ".difference-table") == (
        "Các phần cộng lại bằng đúng mức chênh Lý do Số lần Thay đổi Đã gỡ 1 −1 Gắn lại đơn vị, tiêu chí 1 +1 Cộng 0"
    )
    said = words(page, ".parts-table")
    assert "−1 Đã gỡ Tin một đã gỡ" in said
    assert said.count("Trần Thị Tổng Hợp") == 2
    cell = staff.get(f"{one.get_absolute_url()}so-voi/nay/?hang=so-y-te&cot=ky-cuong")
    assert "bỏ Sở Y tế – Kỷ cương; thêm Công an thành phố Đà Nẵng" in words(cell, ".parts-table")
    data = staff.get(f"{one.get_absolute_url()}so-voi/nay/giai-thich.json?hang=so-y-te").json()
    assert (data["old"], data["new"], data["change"], data["unknown"]) == (2, 0, -2, 0)
    assert [(part["cause"], part["change"], part["story"]) for part in data["parts"]] == [
        (cause, -1, number)
        for number, cause in sorted([(stories[0].public_id, "go"), (stories[1].public_id, "gan-lai")])
    ]
    file = staff.get(f"{one.get_absolute_url()}so-voi/nay/giai-thich.csv")
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert rows[0] == ["Lý do", "Thay đổi", "Tin, bài", "Số", "Việc", "Người", "Lúc", "Địa chỉ"]
    assert [row[1] for row in rows[1:]].count("0") == 1
    assert rows[-1][:2] == ["Cộng", "0"]
    two = frozen(staff)
    other = staff.get(f"{one.get_absolute_url()}so-voi/?phieu={two.code.lower()}")
    assert (other.status_code, other["Location"]) == (302, f"{one.get_absolute_url()}so-voi/{two.code}/")
    assert words(staff.get(other["Location"]), ".difference-table").endswith("Cộng 0")
    assert staff.get(f"{one.get_absolute_url()}so-voi/?phieu=sai").status_code == 404


def test_what_somebody_changed_is_said(staff: Client, stories: list[Story]) -> None:
    one = frozen(staff)
    without_guards()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE column_frozenstory SET line = replace(line, 'Tin một', 'Tin khác')")
    said = words(staff.get(one.get_absolute_url()))
    assert "Không tái lập được như lúc chốt" in said
    assert "mã băm không còn khớp" in said
    assert str(stories[0].public_id) in said


def test_the_list_and_the_search_by_code(staff: Client, stories: list[Story]) -> None:
    one = frozen(staff)
    draft(asked("ky=2016"), title="Báo cáo năm 2016")
    assert [line.split()[0] for line in lines(staff, "")] == [Certificate.objects.latest("pk").code, one.code]
    assert [line.split()[0] for line in lines(staff, "?trang-thai=frozen")] == [one.code]
    assert [line.split()[0] for line in lines(staff, "?tim=quý i")] == [one.code]
    found = staff.get("/tong-hop/phieu/", {"tim": one.code.lower().replace("-", " ")})
    assert (found.status_code, found["Location"]) == (302, one.get_absolute_url())
    assert "Không tìm thấy phiếu nào" in words(staff.get("/tong-hop/phieu/?tim=khong-co-gi"))


def lines(staff: Client, query: str) -> list[str]:
    page = BeautifulSoup(staff.get(f"/tong-hop/phieu/{query}").content, "html.parser")
    return [" ".join(row.get_text(" ").split()) for row in page.select(".certificate-list tbody tr")]


def test_a_draft_waits_for_a_person(staff: Client, stories: list[Story]) -> None:
    one = draft(asked("ky=2017"), title="Báo cáo năm 2017")
    said = words(staff.get(one.get_absolute_url()))
    assert "Đây là bản nháp" in said
    assert "2 tổng số lúc này" in said
    answer = staff.post(f"{one.get_absolute_url()}chot/")
    assert (answer.status_code, answer["Location"]) == (302, one.get_absolute_url())
    assert "Tái lập đúng" in words(staff.get(one.get_absolute_url()))
    assert "đã chốt rồi" in words(staff.post(f"{one.get_absolute_url()}chot/"))


def test_looking_changes_nothing_and_costs_the_same(staff: Client, stories: list[Story], person: User) -> None:
    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert staff.get(path).status_code == 200
        asked_only = ("SELECT", "SAVEPOINT", "RELEASE", "DECLARE")
        assert [query["sql"] for query in queries if not query["sql"].startswith(asked_only)] == []
        return len(queries)

    one = frozen(staff)
    paths = ["", "danh-sach/", "so-voi/nay/"]
    for path in paths:
        staff.get(one.get_absolute_url() + path)
    before = [cost(one.get_absolute_url() + path) for path in paths] + [cost("/tong-hop/phieu/")]
    unit = Department.objects.get(code="cong-an-tp")
    for number in range(4):
        story = make_news(f"Tin thêm {number}", issue_date=date(2017, 3, 1))
        record(story, [Row(unit.pk, None)], user=person, at=timezone.now())
    two = frozen(staff)
    frozen(staff)
    assert [cost(two.get_absolute_url() + path) for path in paths] + [cost("/tong-hop/phieu/")] == before


@pytest.mark.parametrize("role", [Role.REPORTER, "", None], ids=str)
def test_whoever_may_not_view_tallies_sees_nothing(client: Client, role: Role | str | None, staff: Client) -> None:
    one = draft(asked(), title="Nháp")
    other = Client()
    if role is not None:
        other.force_login(make_user("", role))
    for path in ("", "moi/", f"{one.code}/", f"{one.code}/danh-sach/", f"{one.code}/so-voi/nay/"):
        assert other.get(f"/tong-hop/phieu/{path}").status_code == (302 if role is None else 403), path
    assert other.post(f"{one.get_absolute_url()}chot/").status_code == (302 if role is None else 403)


def test_the_structure_of_a_day_is_said_day_first(staff: Client, stories: list[Story]) -> None:
    one = frozen(staff, "ky=2017&co-cau=2025-07-01")
    said = words(staff.get(one.get_absolute_url()))
    assert "quy về cơ cấu ngày 01/07/2025" in said
    assert "2025-07-01" not in said


def test_a_story_that_was_closed_to_readers_tells_no_new_word_of_itself(staff: Client, stories: list[Story]) -> None:
    """What was frozen and printed stays as it was; the new title, and the address with it, are the newsroom's."""
    one = frozen(staff)
    source = stories[1]
    figure = PublishedFigure.objects.create(
        number=94, counts="bài", as_of=date(2017, 2, 16), passage="94 bài", source_story_id=source.pk
    )
    PageViewRestriction.objects.create(page=source, restriction_type=PageViewRestriction.LOGIN)
    source.title, source.slug = "Bài kín", f"bai-kin-{source.public_id}"
    source.save()
    for path in (
        f"{one.get_absolute_url()}danh-sach/", f"{one.get_absolute_url()}so-voi/nay/", figure.get_absolute_url(),
    ):  # fmt: skip
        answer = staff.get(path)
        assert "Bài hai" in words(answer), path
        assert [word for word in ("Bài kín", "bai-kin") if word in answer.content.decode()] == [], path
        assert not BeautifulSoup(answer.content, "html.parser").select(f'main a[href*="{source.public_id}"]'), path
