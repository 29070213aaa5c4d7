"""The page of a proof: what was found, and another look for those who may ask."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from column.enums import ProofState
from column.people.roles import Role
from column.schedule.proof.models import Proof
from column.stories.takedown import take_down
from tests.column.schedule.desk import chief, draft
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

RESULTS = [
    {"probe": "page", "label": "Trang tin, bài", "ok": True, "detail": "Đúng tít.", "url": "http://127.0.0.1:8000/a/"},
    {"probe": "search", "label": "Tìm kiếm", "ok": False, "detail": "Tìm theo tít mà không ra.",
     "url": "http://127.0.0.1:8000/tim-kiem/?q=a"},
]  # fmt: skip


def as_(role: Role) -> Client:
    client = Client()
    client.force_login(make_user("", role))
    return client


def proven(**fields: Any) -> Proof:
    article = make_article("Nụ cười công sở", issue_date=date(2017, 2, 16))
    Proof.objects.filter(story=article).update(**fields)
    return Proof.objects.get(story=article)


def writes(queries: CaptureQueriesContext) -> list[str]:
    """But for the session, which Wagtail touches on every page of the admin."""
    changing = ("INSERT", "UPDATE", "DELETE")
    return [
        query["sql"] for query in queries
        if query["sql"].startswith(changing) and "django_session" not in query["sql"]
    ]  # fmt: skip


def test_what_was_found_is_shown_and_looking_changes_nothing() -> None:
    proof = proven(state=ProofState.RED, results=RESULTS, attempts=3, checked_at=timezone.now())
    client = as_(Role.EDITOR)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(reverse("schedule_proof", args=[proof.story_id]))
    page = response.content.decode()
    assert response.status_code == 200
    for words in ("Bạn đọc chưa thấy đủ", "Trang tin, bài", "Tìm theo tít mà không ra.", "Đạt", "Chưa đạt",
                  "http://127.0.0.1:8000/tim-kiem/?q=a", "Đã kiểm tra 3 lần"):  # fmt: skip
        assert words in page, words
    assert writes(queries) == []


def test_a_site_that_does_not_answer_is_told_apart() -> None:
    proof = proven(state=ProofState.RED, answered=False)
    page = as_(Role.EDITOR).get(reverse("schedule_proof", args=[proof.story_id])).content.decode()
    assert "Trang web không trả lời" in page
    assert "Bạn đọc chưa thấy đủ" not in page


def test_another_look() -> None:
    proof = proven(state=ProofState.GREEN, next_check_at=None, attempts=1, results=RESULTS)
    before = timezone.now()
    response = as_(Role.EDITOR).post(reverse("schedule_proof_again", args=[proof.story_id]))
    assert (response.status_code, response["Location"]) == (302, reverse("schedule_proof", args=[proof.story_id]))
    proof.refresh_from_db()
    assert (proof.state, proof.attempts) == (ProofState.PENDING, 0)
    assert proof.next_check_at is not None
    assert timedelta() <= proof.next_check_at - before < timedelta(seconds=20)


def test_a_red_one_stays_red_until_it_is_green() -> None:
    proof = proven(state=ProofState.RED, next_check_at=timezone.now() + timedelta(minutes=10), attempts=9)
    as_(Role.CHIEF).post(reverse("schedule_proof_again", args=[proof.story_id]))
    proof.refresh_from_db()
    assert (proof.state, proof.attempts) == (ProofState.RED, 9)
    assert proof.next_check_at is not None
    assert proof.next_check_at <= timezone.now()


def test_who_may_not_ask() -> None:
    proof = proven(state=ProofState.GREEN, next_check_at=None)
    reporter = as_(Role.REPORTER)
    refused = reporter.post(reverse("schedule_proof_again", args=[proof.story_id]))
    assert (refused.status_code, refused["Location"]) == (302, "/admin/")  # Wagtail's answer to a lacking permission
    assert reporter.get(reverse("schedule_proof_again", args=[proof.story_id])).status_code == 405
    page = reporter.get(reverse("schedule_proof", args=[proof.story_id])).content.decode()
    assert "Kiểm tra lại" not in page
    assert Client().get(reverse("schedule_proof", args=[proof.story_id])).status_code == 302
    proof.refresh_from_db()
    assert proof.state == ProofState.GREEN


def test_what_is_not_on_the_site_is_not_checked() -> None:
    article = make_article(issue_date=date(2017, 2, 16))
    take_down(article, chief())
    client = as_(Role.CHIEF)
    response = client.post(reverse("schedule_proof_again", args=[article.pk]), follow=True)
    assert "không còn trên trang" in response.content.decode()
    assert Proof.objects.get().attempts == 0
    assert "chưa lên trang" in client.get(reverse("schedule_proof", args=[draft().pk])).content.decode()
    assert client.get(reverse("schedule_proof", args=[999_999])).status_code == 404


def test_what_came_by_an_import_is_proven_when_somebody_asks() -> None:
    article = make_article(issue_date=date(2017, 2, 16))
    Proof.objects.all().delete()
    client = as_(Role.EDITOR)
    assert "chưa được kiểm tra" in client.get(reverse("schedule_proof", args=[article.pk])).content.decode()
    client.post(reverse("schedule_proof_again", args=[article.pk]))
    proof = Proof.objects.get()
    assert (proof.went_live_at, proof.state) == (article.last_published_at, ProofState.PENDING)


def test_the_side_panel_of_a_live_story_shows_it() -> None:
    proof = proven(state=ProofState.GREEN)
    page = as_(Role.CHIEF).get(reverse("wagtailadmin_pages:edit", args=[proof.story_id])).content.decode()
    assert reverse("schedule_proof", args=[proof.story_id]) in page
    assert "Bạn đọc đã thấy đủ" in page
