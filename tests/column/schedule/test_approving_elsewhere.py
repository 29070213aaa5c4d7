"""Approval from a list or the dashboard: only of what was submitted."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from column.people.roles import Role
from column.schedule.approval import is_approved
from column.stories.models import Article
from tests.column.schedule.desk import draft
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def submitted(title: str) -> Article:
    article = draft(title)
    article.get_workflow().start(article, make_user("nguoi-trinh", Role.EDITOR))
    return Article.objects.get(pk=article.pk)


def approve_from_the_list(client: Client, article: Article) -> str:
    task_state = article.current_workflow_task_state
    address = reverse("wagtailadmin_pages:workflow_action", args=[article.pk, "approve", task_state.pk])
    response = client.post(address, {"comment": ""}, headers={"x-requested-with": "XMLHttpRequest"})
    assert response.status_code == 200
    return response.json()["step"]


def test_what_was_submitted_is_approved(client: Client) -> None:
    article = submitted("Bài đã trình")
    client.force_login(make_user("thu-ky", Role.MANAGING_EDITOR))

    assert approve_from_the_list(client, article) == "success"
    assert is_approved(article.get_latest_revision())
    assert not Article.objects.get(pk=article.pk).workflow_in_progress


def test_a_version_saved_since_must_be_read_first(client: Client) -> None:
    article = submitted("Bài đã trình rồi sửa")
    article.title = "Tiêu đề đổi sau khi trình"
    newest = article.save_revision()
    client.force_login(make_user("thu-ky", Role.MANAGING_EDITOR))

    approve_from_the_list(client, article)

    assert not is_approved(newest)
    assert Article.objects.get(pk=article.pk).workflow_in_progress
    page = client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    assert "Bài đã được sửa sau khi trình" in page
