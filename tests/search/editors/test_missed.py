"""What readers looked for in vain: counted by words, never by reader."""

from datetime import date, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from column.people.roles import Role
from search.editors import missed
from search.models import MissedSearch
from tests.factories import make_news, make_user

pytestmark = pytest.mark.django_db
READER = {"User-Agent": "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"}


def handed_back(client: Client, query: str) -> str:
    soup = BeautifulSoup(client.get("/tim-kiem/", {"q": query}).content, "html.parser")
    empty = soup.select_one("[data-missed]")
    return str(empty["data-missed"]) if empty else ""


def note(client: Client, token: str, **headers: str) -> None:
    response = client.post("/tim-kiem/khong-thay/", {"tim": token}, headers={**READER, **headers})
    assert (response.status_code, response.content) == (204, b"")


def rows() -> list[tuple[str, int]]:
    return list(MissedSearch.objects.order_by("words").values_list("words", "times"))


def test_words_are_counted(client: Client) -> None:
    make_news("Có bài")
    assert handed_back(client, "có bài") == ""
    token = handed_back(client, "Xe buýt ĐIỆN")
    assert rows() == []  # looking writes nothing
    note(client, token)
    note(client, token)
    note(client, handed_back(client, "xe buýt điện"))
    assert rows() == [("xe buýt điện", 3)]
    assert {field.name for field in MissedSearch._meta.get_fields()} == {"id", "day", "words", "times"}


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": "Googlebot/2.1"},
        {"User-Agent": "python-requests/2"},
        {"User-Agent": ""},
        {"DNT": "1"},
        {"Sec-GPC": "1"},
    ],
)
def test_robots_and_those_who_ask_not_to_be_followed_are_not(client: Client, headers: dict[str, str]) -> None:
    note(client, missed.token("xe buýt điện"), **headers)
    assert rows() == []


def test_only_what_our_page_failed_to_find(client: Client) -> None:
    for token in ("", "x", "xe buýt", missed.token("xe buýt")[:-1] + "x", "x" * 10_000):
        note(client, token)
    with time_machine.travel(timezone.now() - timedelta(days=3), tick=False):
        old = missed.token("xe buýt")
    note(client, old)
    client.force_login(make_user())
    note(client, missed.token("xe buýt"))
    assert rows() == []
    assert client.get("/tim-kiem/khong-thay/").status_code == 405


@pytest.mark.parametrize("typed", ["0905 123 456", "ban.doc@thu.vn", "cccd 048099001234", "?!", ""])
def test_peoples_own_affairs_are_not_noted(typed: str) -> None:
    assert missed.token(typed) == ""


def test_ninety_days() -> None:
    today = date(2026, 11, 23)
    for age in (0, 90, 91):
        missed.count("xe buýt", today - timedelta(days=age))
    with time_machine.travel("2026-11-23T03:00:00+00:00", tick=False):
        assert missed.forget_old(timezone.now()) == 1
    assert sorted(MissedSearch.objects.values_list("day", flat=True)) == [date(2026, 8, 25), today]


def test_a_flood_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(missed, "MOST_A_DAY", 3)
    for number in range(6):
        missed.count(f"từ {number}", date(2026, 11, 23))
    missed.count("từ 0", date(2026, 11, 23))
    assert rows() == [("từ 0", 2), ("từ 1", 1), ("từ 2", 1)]


def test_the_report(client: Client) -> None:
    for words, days in (("xe buýt", 2), ("rác thải", 3)):
        for age in range(days):
            missed.count(words, date(2026, 11, 23) - timedelta(days=age))
    client.force_login(make_user("btv", Role.EDITOR))
    soup = BeautifulSoup(client.get(reverse("missed_searches")).content, "html.parser")
    lines = [[cell.get_text(strip=True) for cell in row.select("td")] for row in soup.select("table.listing tbody tr")]
    assert lines == [["rác thải", "3", "3", "23/11/2026"], ["xe buýt", "2", "2", "23/11/2026"]]
    assert reverse("missed_searches") in client.get("/admin/").content.decode()
    sheet = client.get(reverse("missed_searches"), {"export": "csv"})
    assert sheet.status_code == 200
    client.force_login(make_user("pv", Role.REPORTER))
    assert client.get(reverse("missed_searches")).status_code in (302, 403)
