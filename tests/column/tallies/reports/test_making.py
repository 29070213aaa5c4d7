"""A report that comes by itself: a draft, once for each period, told to those it is for; a person freezes it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
import time_machine
from django.test import Client

from column.people.models import User
from column.people.roles import Role
from column.schedule.notices.models import Notice
from column.tallies.certificates.models import Certificate
from column.tallies.reports.making import make_reports
from column.tallies.reports.models import ReportSchedule, Rhythm, ScheduledReport
from column.text.dates import TZ
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def author() -> User:
    return make_user("can-bo", Role.COMMITTEE, email="can-bo@danang.vn")


@pytest.fixture
def staff(author: User) -> Client:
    client = Client()
    client.force_login(author)
    return client


def make_schedule(author: User | None, **fields: object) -> ReportSchedule:
    defaults = {
        "name": "Báo cáo quý", "query": "theo=quy", "rhythm": Rhythm.QUARTERLY, "days_after": 1, "made_by": author,
        "first_day": date(2016, 12, 1),
    }  # fmt: skip
    return ReportSchedule.objects.create(**(defaults | fields))


def at(day: int, month: int, year: int = 2017) -> datetime:
    return datetime(year, month, day, 6, 0, tzinfo=TZ)


def test_a_draft_comes_once_for_each_period_and_is_told(author: User) -> None:
    schedule = make_schedule(author)
    assert make_reports(at(1, 1)) == 0
    with time_machine.travel(at(2, 1)):
        assert [make_reports(at(2, 1)) for _again in range(3)] == [1, 0, 0]
    record = ScheduledReport.objects.get()
    draft = record.certificate
    assert draft is not None
    assert [record.period, draft.state, draft.title, draft.address, draft.made_by] == [
        "2016-Q4", "draft", "Báo cáo quý: quý IV/2016", "/tong-hop/?ky=2016-Q4&theo=quy", None,
    ]  # fmt: skip
    notice = Notice.objects.get()
    assert [notice.recipient, notice.kind, notice.subject, notice.url, notice.next_mail_at] == [
        author, "report", "Dự thảo báo cáo: Báo cáo quý: quý IV/2016", draft.get_absolute_url(), at(2, 1),
    ]  # fmt: skip
    with time_machine.travel(at(5, 7)):
        assert make_reports(at(5, 7)) == 2
    assert set(ScheduledReport.objects.values_list("period", flat=True)) == {"2016-Q4", "2017-Q1", "2017-Q2"}
    schedule.delete()
    assert Certificate.objects.count() == 3


def test_nothing_of_a_draft_that_a_person_threw_away_comes_back(author: User) -> None:
    make_schedule(author)
    make_reports(at(2, 1))
    Certificate.objects.all().delete()
    assert make_reports(at(3, 1)) == 0
    assert ScheduledReport.objects.waiting().count() == 0


def test_one_that_is_off_makes_nothing_and_begins_anew_when_it_is_on(author: User, staff: Client) -> None:
    schedule = make_schedule(author, is_active=False)
    assert make_reports(at(2, 1)) == 0
    sent = {"name": "Báo cáo quý", "query": "theo=quy", "rhythm": "quarter", "days_after": 1, "is_active": "on"}
    with time_machine.travel(at(20, 4)):
        assert staff.post(f"/tong-hop/bao-cao-dinh-ky/{schedule.pk}/", sent).status_code == 302
        assert make_reports(at(20, 4)) == 0
    schedule.refresh_from_db()
    assert [schedule.is_active, schedule.first_day] == [True, date(2017, 4, 20)]


def test_only_those_who_may_see_tallies_are_told(author: User) -> None:
    schedule = make_schedule(author)
    other = make_user("khac", Role.CHIEF)
    schedule.readers.set(
        [other, make_user("phong-vien", Role.REPORTER), make_user("nghi", Role.CHIEF, is_active=False)]
    )
    make_reports(at(2, 1))
    assert set(Notice.objects.values_list("recipient__username", flat=True)) == {"khac"}


def test_a_table_that_nobody_can_make_is_said_once_a_day(author: User, staff: Client) -> None:
    make_schedule(author, query="hang=x")
    assert [make_reports(at(2, 1)), make_reports(at(2, 1))] == [0, 0]
    notice = Notice.objects.get()
    assert notice.subject == "Không lập được báo cáo định kỳ “Báo cáo quý”"
    assert "“x” không dùng được cho “hang”" in notice.text
    assert [ScheduledReport.objects.count(), Certificate.objects.count()] == [0, 0]
    assert "“x” không dùng được cho “hang”" in staff.get("/tong-hop/bao-cao-dinh-ky/").content.decode()


@time_machine.travel("2017-02-16T14:12:00+07:00")
def test_a_schedule_is_made_from_the_address_of_its_table(staff: Client, author: User) -> None:
    sent = {
        "name": "Báo cáo tháng", "query": "https://baodanang.vn/tong-hop/?ky=2017-Q1&dem=luot&tu=01/01/2017",
        "rhythm": "month", "days_after": 3, "is_active": "on", "readers": [author.pk],
    }  # fmt: skip
    assert staff.post("/tong-hop/bao-cao-dinh-ky/them/", sent)["Location"] == "/tong-hop/bao-cao-dinh-ky/"
    schedule = ReportSchedule.objects.get()
    assert [schedule.query, schedule.made_by, schedule.first_day, list(schedule.readers.all())] == [
        "dem=luot", author, date(2017, 2, 16), [author],
    ]  # fmt: skip
    page = staff.get("/tong-hop/bao-cao-dinh-ky/").content.decode()
    assert "Báo cáo tháng" in page
    assert "04/03/2017" in page
    refused = staff.post("/tong-hop/bao-cao-dinh-ky/them/", sent | {"query": "?don-vi=x"})
    assert refused.status_code == 400
    assert "Không có đơn vị “x”." in refused.content.decode()
    staff.post(f"/tong-hop/bao-cao-dinh-ky/{schedule.pk}/xoa/")
    assert ReportSchedule.objects.count() == 0


def test_the_draft_waits_on_the_screen_until_a_person_freezes_it(staff: Client, author: User) -> None:
    make_schedule(author)
    make_reports(at(2, 1))
    draft = Certificate.objects.get()
    page = staff.get("/tong-hop/bao-cao-dinh-ky/").content.decode()
    assert "Dự thảo chờ chốt" in page
    assert draft.get_absolute_url() in page
    pdf = staff.get(f"/tong-hop/bang-tong-hop.pdf?phieu={draft.code}")
    assert pdf.status_code == 200
    assert staff.post(f"{draft.get_absolute_url()}chot/").status_code == 302
    assert "Dự thảo chờ chốt" not in staff.get("/tong-hop/bao-cao-dinh-ky/").content.decode()
