"""Reporter submits, editor reviews, managing editor approves; returned, resubmitted, withdrawn."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, TaskState, Workflow, WorkflowState, WorkflowTask

from column.people.models import SetupStep
from column.people.roles import Role
from column.schedule.approval import is_approved
from column.schedule.models import Approval
from column.schedule.notices.models import Notice
from column.schedule.workflow.models import FunctionTask
from column.schedule.workflow.setup import SINGLE_STEP, ensure_workflow
from column.schedule.workflow.waiting import waiting_for
from column.stories.models import Article
from tests.column.schedule.workflow.way import act, fresh, person, step_of, submit, written
from tests.factories import column_page

pytestmark = pytest.mark.django_db


def history(state: WorkflowState) -> list[tuple[str, str]]:
    return [(one.task.name, one.status) for one in state.task_states.order_by("pk").select_related("task")]


def test_two_steps() -> None:
    reporter, editor, managing = (
        person("phong-vien", Role.REPORTER), person("bien-tap", Role.EDITOR), person("thu-ky", Role.MANAGING_EDITOR),
    )  # fmt: skip
    article = written("Bài hai bước", reporter)
    state = submit(article, reporter)
    assert step_of(article) == "Biên tập"

    act(article, editor, "review")
    assert step_of(article) == "Duyệt"
    assert not Approval.objects.exists()

    act(article, managing, "approve", "Tốt.")
    assert step_of(article) == ""
    article = Article.objects.get(pk=article.pk)
    assert is_approved(article.get_latest_revision())
    assert not article.live
    assert history(state) == [("Biên tập", "approved"), ("Duyệt", "approved")]


@pytest.mark.parametrize(
    ("role", "step", "passed"),
    [
        (Role.REPORTER, "Biên tập", []),
        (Role.EDITOR, "Duyệt", [("Biên tập", "skipped")]),
        (Role.MANAGING_EDITOR, "Duyệt", [("Biên tập", "skipped")]),
        (Role.CHIEF, "Duyệt", [("Biên tập", "skipped")]),
        (Role.ADMINISTRATOR, "Biên tập", []),
    ],
)
def test_who_may_edit_needs_no_editor_but_nobody_approves_by_submitting(
    role: Role, step: str, passed: list[tuple[str, str]]
) -> None:
    user = person("nguoi-trinh", role)
    article = written("Bài tự trình", user)
    state = submit(article, user)
    assert step_of(article) == step
    assert history(state)[:-1] == passed
    assert not Approval.objects.exists()


#: What each may do at which step; the names of the actions are the steps' own.
ACTIONS: dict[str, dict[Role, set[str]]] = {
    "Biên tập": {
        Role.REPORTER: set(), Role.EDITOR: {"reject", "review"}, Role.MANAGING_EDITOR: {"reject", "review"},
        Role.CHIEF: {"reject", "review"}, Role.COMMITTEE: set(), Role.ADMINISTRATOR: set(),
    },
    "Duyệt": {
        Role.REPORTER: set(), Role.EDITOR: set(), Role.MANAGING_EDITOR: {"reject", "approve"},
        Role.CHIEF: {"reject", "approve"}, Role.COMMITTEE: set(), Role.ADMINISTRATOR: set(),
    },
}  # fmt: skip


def test_role_by_step() -> None:
    article = written("Bài nhiều mắt nhìn", person("tac-gia", Role.REPORTER))
    for name, permission in (("Biên tập", "column.review_story"), ("Duyệt", "column.approve_story")):
        task = FunctionTask.objects.get(permission=permission)
        found = {}
        for role in Role:
            user = person(f"{role.name}-{name}", role)
            found[role] = {action for action, _label, _modal in task.get_actions(article, user)}
            able = bool(found[role])
            assert task.user_can_access_editor(article, user) is able
            assert task.user_can_lock(article, user) is able
            # Editors may mend what waits for approval; everybody else waits.
            assert task.locked_for_user(article, user) is not user.has_perm("column.review_story")
        assert found == ACTIONS[name]


def test_the_moderation_lists_follow_the_right() -> None:
    reporter, editor, managing = (
        person("phong-vien", Role.REPORTER), person("bien-tap", Role.EDITOR), person("thu-ky", Role.MANAGING_EDITOR),
    )  # fmt: skip
    first, second = written("Một", reporter), written("Hai", reporter)
    submit(first, reporter)
    submit(second, editor)
    titles = {
        user.username: {
            state.revision.content_object.title for state in TaskState.objects.reviewable_by(fresh(user))
        } for user in (reporter, editor, managing)
    }  # fmt: skip
    assert titles == {"phong-vien": set(), "bien-tap": {"Một"}, "thu-ky": {"Một", "Hai"}}


def test_returned_by_the_approver_it_goes_to_the_editors_again() -> None:
    reporter, editor, managing = (
        person("phong-vien", Role.REPORTER), person("bien-tap", Role.EDITOR), person("thu-ky", Role.MANAGING_EDITOR),
    )  # fmt: skip
    article = written("Bài đi lại", reporter)
    state = submit(article, reporter)
    act(article, editor, "review")
    act(article, managing, "reject", "Thiếu số liệu.")
    state.refresh_from_db()
    assert state.status == "needs_changes"

    state.resume(fresh(reporter))
    assert step_of(article) == "Biên tập"
    act(article, editor, "review")
    act(article, managing, "approve")
    assert is_approved(Article.objects.get(pk=article.pk).get_latest_revision())
    assert history(state) == [
        ("Biên tập", "approved"), ("Duyệt", "rejected"), ("Biên tập", "approved"), ("Duyệt", "approved"),
    ]  # fmt: skip


def test_resubmitted_by_an_editor_it_goes_on_to_the_approver() -> None:
    editor, managing = person("bien-tap", Role.EDITOR), person("thu-ky", Role.MANAGING_EDITOR)
    article = written("Bài biên tập viên sửa", person("phong-vien", Role.REPORTER))
    state = submit(article, editor)
    act(article, managing, "reject", "Đổi tít.")
    WorkflowState.objects.get(pk=state.pk).resume(fresh(editor))
    assert step_of(article) == "Duyệt"
    act(article, managing, "approve")
    assert step_of(article) == ""


def test_a_lock_of_somebody_who_cannot_do_the_step_is_opened() -> None:
    reporter, editor = person("phong-vien", Role.REPORTER), person("bien-tap", Role.EDITOR)
    article = written("Bài bị khóa", reporter)
    article.locked, article.locked_by = True, editor
    article.save()
    submit(article, editor)
    assert step_of(article) == "Duyệt"
    assert not Article.objects.get(pk=article.pk).locked


# Installations that have the single step ------------------------------------------------------------------------


@pytest.fixture
def single() -> GroupApprovalTask:
    """As the first version of this system set it up."""
    SetupStep.objects.filter(name="workflow:two-steps").delete()
    workflow = Workflow.objects.get(name="Duyệt bài")
    WorkflowTask.objects.all().delete()
    FunctionTask.objects.all().delete()
    task = GroupApprovalTask.objects.create(name=SINGLE_STEP)
    task.groups.set(Group.objects.filter(name__in=[Role.MANAGING_EDITOR, Role.CHIEF]))
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    return task


def steps() -> list[str]:
    return [type(task.specific).__name__ + ":" + task.name for task in Workflow.objects.get(name="Duyệt bài").tasks]


def test_an_installation_with_one_step_gets_two_once(single: GroupApprovalTask) -> None:
    ensure_workflow(column_page())
    assert steps() == ["FunctionTask:Biên tập", "FunctionTask:Duyệt"]
    single.refresh_from_db()
    assert not single.active

    WorkflowTask.objects.filter(task__name="Biên tập").delete()
    ensure_workflow(column_page())
    assert steps() == ["FunctionTask:Duyệt"], "what an administrator took away stays away"


def test_what_was_submitted_before_is_approved_as_before(single: GroupApprovalTask) -> None:
    reporter, editor, managing = (
        person("phong-vien", Role.REPORTER), person("bien-tap", Role.EDITOR), person("thu-ky", Role.MANAGING_EDITOR),
    )  # fmt: skip
    running, returned, done = (written(title, reporter) for title in ("Đang chờ", "Bị trả", "Đã duyệt"))
    for article in (running, returned, done):
        submit(article, reporter)
    act(returned, managing, "reject", "Ngắn quá.")
    act(done, managing, "approve")

    ensure_workflow(column_page())

    assert {article.title: step_of(article) for article in (running, returned, done)} == {
        "Đang chờ": "Duyệt", "Bị trả": "", "Đã duyệt": "",
    }  # fmt: skip
    act(running, managing, "approve")
    assert is_approved(Article.objects.get(pk=running.pk).get_latest_revision())
    assert step_of(running) == ""
    state = Article.objects.get(pk=returned.pk).current_workflow_state
    assert state.current_task_state.comment == "Ngắn quá."
    state.resume(fresh(reporter))
    assert step_of(returned) == "Biên tập"
    act(returned, editor, "review")
    act(returned, managing, "approve")
    assert is_approved(Article.objects.get(pk=returned.pk).get_latest_revision())
    assert {one.task.name for one in TaskState.objects.filter(workflow_state__object_id=str(done.pk))} == {SINGLE_STEP}


def test_a_step_that_an_administrator_changed_stays(single: GroupApprovalTask) -> None:
    single.groups.add(Group.objects.get(name=Role.EDITOR))
    ensure_workflow(column_page())
    assert steps() == [f"GroupApprovalTask:{SINGLE_STEP}"]


def test_a_step_that_an_administrator_added_is_told_and_waits_like_the_others() -> None:
    reporter, editor, managing = (
        person("phong-vien", Role.REPORTER), person("bien-tap", Role.EDITOR), person("thu-ky", Role.MANAGING_EDITOR),
    )  # fmt: skip
    administrator = person("quan-tri", Role.ADMINISTRATOR)
    extra = GroupApprovalTask.objects.create(name="Đọc bông")
    extra.groups.set(Group.objects.filter(name=Role.ADMINISTRATOR))
    workflow = Workflow.objects.get(name="Duyệt bài")
    WorkflowTask.objects.filter(task__name="Duyệt").update(sort_order=2)
    WorkflowTask.objects.create(workflow=workflow, task=extra, sort_order=1)
    article = written("Bài qua ba bước", reporter)
    submit(article, reporter)
    act(article, editor, "review")
    assert step_of(article) == "Đọc bông"
    told = Notice.objects.filter(recipient=administrator).values_list("kind", "subject", "text")
    assert list(told) == [
        ("submitted", "Trình duyệt: “Bài qua ba bước”", "bien-tap trình “Bài qua ba bước”, chờ bước “Đọc bông”.")
    ]
    assert [(line.story.pk, str(line.duty)) for line in waiting_for(fresh(administrator))] == [(article.pk, "review")]
    assert waiting_for(fresh(editor)) == []
    act(article, administrator, "approve")
    assert step_of(article) == "Duyệt"
    act(article, managing, "approve")
    assert step_of(article) == ""


def test_without_the_step_of_approving_nobody_has_approved() -> None:
    FunctionTask.objects.get(permission="column.approve_story").deactivate()
    editor = person("bien-tap", Role.EDITOR)
    article = written("Bài chỉ qua biên tập", editor)
    assert submit(article, editor).status == WorkflowState.STATUS_APPROVED
    assert not Approval.objects.exists()
