"""*Báo lỗi bài này*: kept with the story, nothing kept of the reader, programs and floods turned away."""

from __future__ import annotations

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from column.stories.models import Article
from home.models import ErrorReport
from home.views import REPORTS_AN_HOUR
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def story() -> Article:
    return make_article("Bài có lỗi", issue_date=date(2017, 2, 16))


def send(client: Client, story: Article, text: str, **more: str):
    return client.post(f"/bao-loi/{story.public_id}/", {"text": text, **more})


def test_a_report_is_kept_and_thanked_for(client: Client, story: Article):
    response = send(client, story, "Số phường đúng là 55/56, không phải 56/56.", website="")
    assert response.status_code == 302
    assert response["Location"] == f"/bao-loi/{story.public_id}/cam-on/"
    report = ErrorReport.objects.get()
    assert (report.page_id, report.text, report.handled) == (
        story.pk, "Số phường đúng là 55/56, không phải 56/56.", False,
    )  # fmt: skip
    assert {field.name for field in ErrorReport._meta.get_fields()} == {"id", "page", "text", "sent_at", "handled"}
    page = BeautifulSoup(client.get(response["Location"]).content, "html.parser")
    assert page.h1.get_text() == "Cảm ơn bạn đã báo lỗi"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Chưa có nội dung; hãy viết chỗ sai."),
        ("   ngắn  ", "Ngắn quá; hãy viết rõ chỗ sai, ít nhất 10 ký tự."),
        ("x" * 2001, "Dài quá; hãy rút còn 2.000 ký tự."),
    ],
)
def test_what_cannot_be_a_report_is_explained_at_its_field(client: Client, story: Article, text: str, message: str):
    response = send(client, story, text)
    assert response.status_code == 400
    page = BeautifulSoup(response.content, "html.parser")
    assert page.select_one("#text-error").get_text() == message
    assert page.textarea["aria-describedby"] == "text-help text-error"
    assert page.textarea["aria-invalid"] == "true"
    assert ErrorReport.objects.count() == 0


def test_nul_bytes_are_refused_in_words(client: Client, story: Article):
    assert send(client, story, "có ký tự lạ \x00 ở giữa câu").status_code == 400
    assert ErrorReport.objects.count() == 0


def test_a_program_that_fills_every_box_is_thanked_and_forgotten(client: Client, story: Article):
    response = send(client, story, "Mua hàng giá rẻ tại đây.", website="https://spam.example")
    assert response.status_code == 302
    assert ErrorReport.objects.count() == 0


def test_a_flood_is_asked_to_call_instead(client: Client, story: Article):
    ErrorReport.objects.bulk_create([ErrorReport(page_id=story.pk, text=f"Lỗi số {n}") for n in range(REPORTS_AN_HOUR)])
    response = send(client, story, "Còn một lỗi nữa ở đoạn hai.")
    assert response.status_code == 400
    assert "mời bạn gọi điện hoặc gửi thư cho tòa soạn" in response.content.decode()
    assert ErrorReport.objects.count() == REPORTS_AN_HOUR


def test_without_the_forms_token_nothing_is_taken(story: Article):
    response = send(Client(enforce_csrf_checks=True), story, "Đoạn hai ghi nhầm tên phường.")
    assert response.status_code == 403
    assert ErrorReport.objects.count() == 0


def test_no_such_story(client: Client):
    assert client.get("/bao-loi/999999999/").status_code == 404


def test_the_desk_sees_the_reports_and_ticks_them_off(client: Client, story: Article):
    report = ErrorReport.objects.create(page_id=story.pk, text="Đoạn hai ghi nhầm tên phường.")
    client.force_login(make_user(is_superuser=True))
    listing = client.get("/admin/bao-loi/")
    assert listing.status_code == 200
    assert "Đoạn hai ghi nhầm tên phường." in listing.content.decode()
    response = client.post(f"/admin/bao-loi/edit/{report.pk}/", {"handled": "on"})
    assert response.status_code == 302
    report.refresh_from_db()
    assert (report.handled, report.text) == (True, "Đoạn hai ghi nhầm tên phường.")
    assert client.get("/admin/bao-loi/new/").status_code != 200


def test_who_may_not_see_them(client: Client, story: Article):
    ErrorReport.objects.create(page_id=story.pk, text="Đoạn hai ghi nhầm tên phường.")
    client.force_login(make_user())
    assert client.get("/admin/bao-loi/").status_code == 302
