"""The approval link: for one person, one version as it stood, some hours; opening it changes nothing."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Revision

from column.people.models import Delegation, User
from column.people.roles import Role
from column.schedule.approval import is_approved
from column.schedule.models import Approval
from column.schedule.notices.models import Notice
from column.schedule.workflow.links import VALID_FOR
from column.stories.models import Article
from tests.column.schedule.workflow.way import act, logged_in, person, step_of, submit, written

pytestmark = pytest.mark.django_db

MOMENT = datetime(2017, 2, 14, 2, 0, tzinfo=UTC)


class Sent:
    """A story at the approval, and the link in the managing editor's message."""

    def __init__(self) -> None:
        self.reporter, self.editor = person("phong-vien", Role.REPORTER), person("bien-tap", Role.EDITOR)
        self.managing, self.chief = person("thu-ky", Role.MANAGING_EDITOR), person("tong", Role.CHIEF)
        self.article = written("Tít qmat", self.reporter, paragraphs=("Chữ qmat trong bài.",))
        submit(self.article, self.editor)
        self.url = Notice.objects.get(recipient=self.managing).url

    def newest(self) -> Revision:
        return Article.objects.get(pk=self.article.pk).get_latest_revision()


@pytest.fixture
def sent() -> Sent:
    return Sent()


def test_opening_shows_the_text_and_writes_nothing(sent: Sent) -> None:
    client = logged_in(sent.managing)
    client.get("/admin/")
    for address_ in (sent.url, f"{sent.url}ban-xem/"):
        with CaptureQueriesContext(
            connection,
        ) as queries:
            response = client.get(address_)
        assert response.status_code == 200
        writes = [one["sql"] for one in queries if one["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
        assert writes == []
    assert "Chữ qmat trong bài." in response.content.decode()
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in response["Cache-Control"]
    page = client.get(sent.url).content.decode()
    assert "Nên có, không bắt buộc: ảnh chính, gắn đơn vị, tiêu chí." in page
    assert "Không thiếu gì bắt buộc." in page
    assert (Approval.objects.count(), step_of(sent.article)) == (0, "Duyệt")


def test_the_button_approves_like_the_editors(sent: Sent) -> None:
    response = logged_in(sent.managing).post(sent.url, {"action": "approve"})
    assert (response.status_code, response["Location"]) == (302, "/admin/cho-xu-ly/")
    approval = Approval.objects.get()
    assert (approval.revision_id, approval.approved_by) == (sent.newest().pk, sent.managing)
    assert is_approved(sent.newest())
    assert step_of(sent.article) == ""
    article = Article.objects.get(pk=sent.article.pk)
    assert [one.status for one in article.workflow_states.all()] == ["approved"]
    assert not article.live


def test_returning_needs_words(sent: Sent) -> None:
    client = logged_in(sent.managing)
    response = client.post(sent.url, {"action": "reject", "comment": "  "})
    assert response.status_code == 200
    assert "Hãy ghi cần sửa gì" in response.content.decode()
    assert step_of(sent.article) == "Duyệt"
    client.post(sent.url, {"action": "reject", "comment": "Thiếu ảnh."})
    state = Article.objects.get(pk=sent.article.pk).current_workflow_state
    assert (state.status, state.current_task_state.comment) == ("needs_changes", "Thiếu ảnh.")
    assert not Approval.objects.exists()


@pytest.mark.parametrize("data", [{}, {"action": "delete"}, {"action": "publish"}])
def test_nothing_else_is_done_by_it(sent: Sent, data: dict[str, str]) -> None:
    assert logged_in(sent.managing).post(sent.url, data).status_code == 400
    assert step_of(sent.article) == "Duyệt"


def test_without_login_it_asks_for_one_and_comes_back(sent: Sent) -> None:
    response = Client().get(sent.url)
    assert response.status_code == 302
    assert response["Location"] == f"/dang-nhap/?next={sent.url}"


def dead(client: Client, url: str) -> tuple[int, str]:
    """Status and words, the same for looking and for trying."""
    response = client.get(url)
    assert client.post(url, {"action": "approve"}).status_code == response.status_code
    assert client.get(f"{url}ban-xem/").status_code == response.status_code
    assert not Approval.objects.exists()
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.CHIEF, Role.ADMINISTRATOR])
def test_to_somebody_else_it_tells_nothing(sent: Sent, role: Role) -> None:
    other = logged_in(person("nguoi-khac", role))
    status, page = dead(other, sent.url)
    assert status == 403
    assert "Liên kết này được gửi cho người khác." in page
    assert "qmat" not in page
    sent.article.delete()
    assert dead(other, sent.url)[0] == 403, "nor whether the story exists"


@pytest.mark.parametrize("spoil", [lambda url: url[:-9] + "/", lambda url: "/admin/duyet/abc/"])
def test_a_broken_link(sent: Sent, spoil: object) -> None:
    status, page = dead(logged_in(sent.managing), spoil(sent.url))  # type: ignore[operator]
    assert status == 404
    assert "Liên kết này không đúng" in page
    assert "qmat" not in page


def test_an_edit_kills_it_and_leads_to_the_new_version(sent: Sent) -> None:
    article = Article.objects.get(pk=sent.article.pk)
    article.title = "Tít mới qmat"
    article.save_revision()
    client = logged_in(sent.managing)
    status, page = dead(client, sent.url)
    assert status == 410
    assert "đã được sửa sau khi bạn nhận thư" in page
    found = re.search(r'href="(/admin/duyet/[^"]+/)"', page)
    assert found is not None
    newer = found[1]
    client.post(newer, {"action": "approve"})
    assert is_approved(sent.newest())


def test_autosave_in_place_kills_it(sent: Sent) -> None:
    """Wagtail writes over the newest version and renews its time."""
    article = Article.objects.get(pk=sent.article.pk)
    article.title = "Tít tự lưu"
    article.save_revision(overwrite_revision=article.get_latest_revision())
    assert dead(logged_in(sent.managing), sent.url)[0] == 410


def test_it_expires() -> None:
    with time_machine.travel(MOMENT, tick=False) as clock:
        sent = Sent()
        clock.move_to(MOMENT + VALID_FOR - timedelta(minutes=1))
        assert logged_in(sent.managing).get(sent.url).status_code == 200
        clock.move_to(MOMENT + VALID_FOR + timedelta(minutes=1))
        status, page = dead(logged_in(sent.managing), sent.url)
        assert (status, "Liên kết đã hết hạn: nó chỉ dùng được 48 giờ." in page) == (410, True)


def test_what_was_done_already_is_said(sent: Sent) -> None:
    client = logged_in(sent.managing)
    act(sent.article, sent.chief, "approve")
    page = client.get(sent.url)
    assert page.status_code == 410
    assert "đã được duyệt rồi: tong" in page.content.decode()
    assert client.post(sent.url, {"action": "reject", "comment": "Muộn."}).status_code == 410
    assert is_approved(sent.newest())


@pytest.mark.parametrize(
    ("what", "words"),
    [("return", "đã được trả lại cho người viết"), ("withdraw", "không còn chờ duyệt"), ("delete", "không còn")],
)
def test_what_no_longer_waits(sent: Sent, what: str, words: str) -> None:
    if what == "return":
        act(sent.article, sent.chief, "reject", "Sửa.")
    elif what == "withdraw":
        Article.objects.get(pk=sent.article.pk).current_workflow_state.cancel(user=sent.editor)
    else:
        Article.objects.get(pk=sent.article.pk).delete()
    status, page = dead(logged_in(sent.managing), sent.url)
    assert (status, words in page) == (410, True)


def test_waiting_for_the_editor_it_is_not_yet_the_approvers(sent: Sent) -> None:
    Article.objects.get(pk=sent.article.pk).current_workflow_state.cancel(user=sent.editor)
    submit(sent.article, sent.reporter)
    status, page = dead(logged_in(sent.managing), sent.url)
    assert (status, "đang chờ biên tập" in page) == (410, True)


def test_who_lost_the_right(sent: Sent) -> None:
    sent.managing.groups.clear()
    sent.managing.groups.set([*sent.editor.groups.all()])
    status, page = dead(logged_in(sent.managing), sent.url)
    assert (status, "hiện không có quyền duyệt" in page, "qmat" in page) == (403, True, False)


def test_a_delegate_gets_a_link_that_ends_with_the_delegation() -> None:
    with time_machine.travel(MOMENT, tick=False):
        reporter, editor = person("phong-vien", Role.REPORTER), person("bien-tap", Role.EDITOR)
        managing = person("thu-ky", Role.MANAGING_EDITOR)
        lent = Delegation.objects.create(
            function="approve_story", delegate=editor, granted_by=managing, first_day=MOMENT.date(),
            last_day=MOMENT.date(), reason="Đi công tác",
        )  # fmt: skip
        article = written("Bài thay mặt", reporter)
        submit(article, managing)
        url = Notice.objects.get(recipient=editor, kind="reviewed").url
        assert logged_in(editor).get(url).status_code == 200
        Delegation.objects.filter(pk=lent.pk).update(revoked_at=MOMENT, revoked_by=managing)
        assert dead(logged_in(User.objects.get(pk=editor.pk)), url)[0] == 403
