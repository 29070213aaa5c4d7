"""The workflow's buttons in Wagtail's editor: who may write when, remarks, stale pages, the desk's words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from column.people.models import User
from column.people.roles import Role
from column.schedule.approval import is_approved
from column.stories.models import Article
from tests.column.schedule.workflow.way import act, edit, form_of, logged_in, person, step_of, submit, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def reporter() -> User:
    return person("phong-vien", Role.REPORTER)


@pytest.fixture
def editor() -> User:
    return person("bien-tap", Role.EDITOR)


@pytest.fixture
def managing() -> User:
    return person("thu-ky", Role.MANAGING_EDITOR)


def press(client: Client, article: Article, name: str, comment: str | None = None, **more: str) -> Any:
    """One of the workflow's buttons, as the editor's page posts it."""
    extra = {} if comment is None else {"workflow-action-extra-data": json.dumps({"comment": comment})}
    data = form_of(client, article, **{"action-workflow-action": "true", "workflow-action-name": name, **extra, **more})
    return client.post(edit(article), data, follow=True)


def newest(article: Article) -> Article:
    return Article.objects.get(pk=article.pk)


def test_by_the_editors_page(reporter: User, editor: User, managing: User) -> None:
    article = written("Bài qua màn hình", reporter)
    client = logged_in(reporter)
    client.post(edit(article), form_of(client, article, **{"action-submit": "1"}))
    assert step_of(article) == "Biên tập"
    page = press(logged_in(editor), article, "review", title="Bài qua màn hình, đã gọn").content.decode()
    assert "Đã biên tập xong “Bài qua màn hình, đã gọn”, chuyển người duyệt." in page
    page = press(logged_in(managing), article, "approve", "Tốt.").content.decode()
    assert "Duyệt chưa phải là đăng" in page
    article = newest(article)
    assert is_approved(article.get_latest_revision())
    assert (article.live, article.draft_title) == (False, "Bài qua màn hình, đã gọn")


def test_a_reporter_waits_and_may_withdraw(reporter: User, editor: User) -> None:
    article = written("Bài đang chờ", reporter)
    client = logged_in(reporter)
    data = form_of(client, article, title="Sửa lúc đang chờ")
    submit(article, reporter)
    page = client.get(edit(article)).content.decode()
    assert "Bài đang chờ biên tập. Trong lúc ấy chỉ người biên tập, người duyệt sửa được." in page
    before = newest(article).latest_revision_id
    client.post(edit(article), data)
    assert newest(article).latest_revision_id == before
    assert logged_in(editor).get(edit(article)).context["locked_for_user"] is False

    client.post(edit(article), {**data, "action-cancel-workflow": "1"})
    assert step_of(article) == ""
    assert [state.status for state in newest(article).workflow_states.all()] == ["cancelled"]
    client.post(edit(article), data)
    assert newest(article).draft_title == "Sửa lúc đang chờ"


@pytest.mark.parametrize("comment", [None, "", "   ", "\u200b"])
def test_nothing_is_returned_without_a_word(reporter: User, editor: User, comment: str | None) -> None:
    article = written("Bài trả", reporter)
    submit(article, reporter)
    page = press(logged_in(editor), article, "reject", comment).content.decode()
    assert "Hãy ghi cần sửa gì" in page
    assert step_of(article) == "Biên tập"


@pytest.mark.parametrize("extra", ["không phải JSON", "[1]", '"chữ"', '{"comment": 5, "user": 1}'])
def test_what_the_page_sends_along_is_not_believed(reporter: User, editor: User, extra: str) -> None:
    article = written("Bài lạ", reporter)
    submit(article, reporter)
    response = press(logged_in(editor), article, "review", **{"workflow-action-extra-data": extra})
    assert response.status_code == 200
    assert step_of(article) == "Duyệt"


def test_the_remarks_stand_where_the_writer_opens_the_story(reporter: User, editor: User) -> None:
    article = written("Bài có nhận xét", reporter)
    submit(article, reporter)
    press(logged_in(editor), article, "reject", "Thiếu <b>số</b> liệu.")
    client = logged_in(reporter)
    page = client.get(edit(article)).content.decode()
    assert "<b>Bài bị trả lại. Cần sửa:</b> Thiếu &lt;b&gt;số&lt;/b&gt; liệu." in page
    assert "Bị trả lại, cần sửa rồi trình lại." in page
    assert "Trình duyệt lại" in page
    client.post(edit(article), form_of(client, article, title="Đã sửa", **{"action-submit": "1"}))
    assert step_of(article) == "Biên tập"
    assert [state.status for state in newest(article).workflow_states.all()] == ["in_progress"]
    assert "Bài bị trả lại" not in client.get(edit(article)).content.decode()


def test_a_click_in_a_page_that_went_stale_does_nothing(reporter: User, editor: User, managing: User) -> None:
    """Above all: *biên tập xong*, clicked after somebody else did, is no approval."""
    article = written("Bài hai người", reporter)
    submit(article, reporter)
    client = logged_in(managing)
    data = form_of(client, article, **{"action-workflow-action": "true", "workflow-action-name": "review"})
    act(article, editor, "review")
    before = newest(article).latest_revision_id
    page = client.post(edit(article), data, follow=True).content.decode()
    assert "Bài không còn ở bước này" in page
    assert step_of(article) == "Duyệt"
    assert newest(article).latest_revision_id == before


def test_a_version_saved_meanwhile_is_not_passed_on_unread(reporter: User, editor: User) -> None:
    article = written("Bài sửa song song", reporter)
    submit(article, reporter)
    client = logged_in(editor)
    data = form_of(client, article, **{"action-workflow-action": "true", "workflow-action-name": "review"})
    changed = newest(article)
    changed.title = "Sửa bởi người khác"
    changed.save_revision()
    page = client.post(edit(article), data, follow=True).content.decode()
    assert "Bài vừa được người khác sửa" in page
    assert step_of(article) == "Biên tập"


def test_from_a_list_a_step_is_done_once_and_only_of_its_own_story(
    reporter: User, editor: User, managing: User
) -> None:
    first, second = written("Một", reporter), written("Hai", reporter)
    submit(first, reporter)
    submit(second, reporter)
    state = newest(first).current_workflow_task_state
    client = logged_in(editor)

    def post(story: Article, action: str) -> Any:
        return client.post(
            reverse("wagtailadmin_pages:workflow_action", args=[story.pk, action, state.pk]), follow=True
        )

    assert post(second, "review").status_code == 404
    assert post(first, "review").status_code == 200
    assert "Bài không còn ở bước này" in post(first, "review").content.decode()
    assert (step_of(first), step_of(second)) == ("Duyệt", "Biên tập")


#: The buttons of the editor, by role, while the story waits at a step.
BUTTONS = {
    ("Biên tập", Role.REPORTER): {"Rút bài trình"},
    ("Biên tập", Role.EDITOR): {"Biên tập xong, chuyển duyệt", "Biên tập xong, kèm lời nhắn", "Trả bài"},
    ("Biên tập", Role.MANAGING_EDITOR): {"Biên tập xong, chuyển duyệt", "Biên tập xong, kèm lời nhắn", "Trả bài"},
    ("Duyệt", Role.REPORTER): {"Rút bài trình"},
    ("Duyệt", Role.EDITOR): set(),
    ("Duyệt", Role.MANAGING_EDITOR): {"Duyệt", "Duyệt, kèm lời nhắn", "Trả bài", "Rút bài trình"},
}
ENGLISH = ("moderation", "Workflow", "workflow &#x27;", "Approve", "Request changes", "Cancel workflow", "awaiting")


@pytest.mark.parametrize(("step", "role"), list(BUTTONS))
def test_the_buttons(reporter: User, editor: User, managing: User, step: str, role: Role) -> None:
    article = written("Bài có nút", reporter)
    submit(article, reporter)
    if step == "Duyệt":
        act(article, editor, "review")
    user = {Role.REPORTER: reporter, Role.EDITOR: editor, Role.MANAGING_EDITOR: managing}[role]
    menu = logged_in(user).get(edit(article)).context["action_menu"]
    items = [menu.default_item, *menu.menu_items]
    labels = {str(getattr(item, "label", "")) for item in items} | {
        "Rút bài trình" for item in items if type(item).__name__ == "WithdrawMenuItem"
    }
    known = {label for labels_ in BUTTONS.values() for label in labels_}
    assert labels & known == BUTTONS[step, role]
    html = menu.render_html()
    assert [word for word in ENGLISH if word in html] == []
