from __future__ import annotations

import pytest
from django.test import Client

from column.people.models import User
from column.people.roles import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "mat-khau-thu"


def log_in(user: User, query: str = "", **more: str) -> str:
    response = Client().post(f"/dang-nhap/{query}", {"username": user.username, "password": PASSWORD, **more})
    assert response.status_code == 302
    return str(response["Location"])


@pytest.mark.parametrize(
    ("role", "home"),
    [(Role.COMMITTEE, "/tong-hop/"), (Role.REPORTER, "/admin/"), (Role.CHIEF, "/admin/")],
)
def test_each_goes_to_their_work(role: Role, home: str) -> None:
    assert log_in(make_user("", role)) == home


@pytest.mark.parametrize(
    ("wish", "goes"),
    [
        ("/admin/lich-dang/", "/admin/lich-dang/"),
        ("/5-xay-3-chong/", "/5-xay-3-chong/"),
        ("https://nguoi-la.example/", "/admin/"),
        ("//nguoi-la.example/", "/admin/"),
        ("javascript:alert(1)", "/admin/"),
    ],
)
def test_only_a_safe_address_is_followed(wish: str, goes: str) -> None:
    assert log_in(make_user("", Role.EDITOR), next=wish) == goes


def test_the_committee_sent_here_by_the_admin_goes_to_its_tallies() -> None:
    assert log_in(make_user("", Role.COMMITTEE), next="/admin/") == "/tong-hop/"


def test_a_wrong_password_says_so_in_vietnamese() -> None:
    response = Client().post("/dang-nhap/", {"username": "ai-do", "password": "sai"})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert "noindex" in response.content.decode()


def test_an_inactive_account_stays_outside() -> None:
    user = make_user("", Role.EDITOR, is_active=False)
    response = Client().post("/dang-nhap/", {"username": user.username, "password": PASSWORD})
    assert response.status_code == 200


def test_the_committee_is_told_why_the_admin_does_not_open() -> None:
    client, user = Client(), make_user("can-bo", Role.COMMITTEE, display_name="Cán bộ Một")
    client.force_login(user)
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain == [("/dang-nhap/?next=/admin/", 302)]
    assert response.status_code == 403
    page = response.content.decode()
    assert "Tài khoản này không mở được trang ấy" in page
    assert "Cán bộ Một" in page
    assert 'href="/tong-hop/"' in page
    assert "Đến bảng tổng hợp" in page


def test_a_reporter_is_told_why_the_tallies_do_not_open() -> None:
    client = Client()
    client.force_login(make_user("", Role.REPORTER))
    response = client.get("/dang-nhap/?next=/tong-hop/")
    assert (response.status_code, "Đến trang biên tập" in response.content.decode()) == (403, True)


@pytest.mark.parametrize(("query", "goes"), [("", "/admin/"), ("?next=/admin/reports/", "/admin/reports/")])
def test_someone_logged_in_passes_through(query: str, goes: str) -> None:
    client = Client()
    client.force_login(make_user("", Role.EDITOR))
    response = client.get(f"/dang-nhap/{query}")
    assert (response.status_code, response["Location"]) == (302, goes)


def test_a_page_that_refuses_for_other_reasons_makes_no_circle() -> None:
    client = Client()
    client.force_login(make_user("", Role.EDITOR))
    assert client.get("/dang-nhap/?next=/5-xay-3-chong/").status_code == 403
    assert client.get("/dang-nhap/?next=//nguoi-la.example/").status_code == 403


def test_logging_out_is_a_post() -> None:
    client = Client()
    client.force_login(make_user("", Role.EDITOR))
    assert client.get("/dang-xuat/").status_code == 405
    response = client.post("/dang-xuat/")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert "_auth_user_id" not in client.session


def test_the_form_is_safe_from_other_sites() -> None:
    client = Client(enforce_csrf_checks=True)
    user = make_user("", Role.EDITOR)
    assert client.post("/dang-nhap/", {"username": user.username, "password": PASSWORD}).status_code == 403


def test_wagtails_own_login_still_stands() -> None:
    assert Client().get("/admin/login/").status_code == 200
