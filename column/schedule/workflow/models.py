"""The steps of the approval workflow: each is done by whoever holds its right, by role or by delegation."""

from __future__ import annotations

from typing import Any, Self

from django import forms
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.locks import WorkflowLock
from wagtail.models import Page, Task, TaskState

from column.schedule.workflow.forms import NoteForm, RemarksForm

REVIEW, APPROVE = "column.review_story", "column.approve_story"

#: The names of the actions are the steps' own: a click on “biên tập xong” in a page that went stale never approves.
REVIEWED, APPROVED, RETURNED = "review", "approve", "reject"


class StepLock(WorkflowLock):
    """While a story waits, only the desk writes in it."""

    def get_message(self, user: Any) -> str | None:
        if not self.for_user(user):
            return None
        words = _("Bài đang chờ biên tập.") if self.task.permission == REVIEW else _("Bài đang chờ duyệt.")
        return f"{words} {self.get_description(user)}"

    def get_locked_by(self, user: Any, can_lock: bool = False) -> str:
        return _("Chưa khóa") if can_lock else _("Khóa trong lúc chờ")

    def get_description(self, user: Any, can_lock: bool = False) -> str:
        if not self.for_user(user):
            return _("Người viết không sửa được cho đến khi bài được duyệt hoặc trả lại.")
        return _("Trong lúc ấy chỉ người biên tập, người duyệt sửa được. Muốn sửa tiếp, hãy rút bài trình.")


class FunctionTask(Task):
    """One step (*biên tập*, *duyệt*) that belongs to a right, not to a group: a delegate may do it too."""

    permission = models.CharField(
        gettext_lazy("Việc của người có quyền"), max_length=60,
        choices=[
            (REVIEW, gettext_lazy("Biên tập tin, bài được trình")),
            (APPROVE, gettext_lazy("Duyệt tin, bài")),
        ],
    )  # fmt: skip

    lock_class = StepLock
    admin_form_fields = [*Task.admin_form_fields, "permission"]
    admin_form_readonly_on_edit_fields = [*Task.admin_form_readonly_on_edit_fields, "permission"]

    class Meta:
        verbose_name = gettext_lazy("bước duyệt theo chức năng")
        verbose_name_plural = gettext_lazy("bước duyệt theo chức năng")

    @classmethod
    def get_description(cls) -> str:
        return _("Ai có quyền ấy, theo vai trò hay theo ủy quyền, đều làm được bước này.")

    def start(self, workflow_state: Any, user: Any = None) -> TaskState:
        """Begin the step. Who may edit needs no editor: the first step is passed at once, the last one never.

        A story that the approver returned goes to the editors again when its writer submits it anew.
        """
        if self.permission == REVIEW and user is not None and user.has_perm(REVIEW):
            return self._passed(workflow_state, user)
        # Wagtail forgets where a returned story stood when it is submitted again, and only then.
        again = workflow_state.current_task_state is None
        if again and self.permission == APPROVE and user is not None and not user.has_perm(REVIEW):
            before = self._editing_in(workflow_state)
            if before is not None:
                return before.start(workflow_state, user)
        self._unlock(workflow_state)
        return super().start(workflow_state, user=user)

    def _passed(self, workflow_state: Any, user: Any) -> TaskState:
        return TaskState.objects.create(
            workflow_state=workflow_state, task=self, status=TaskState.STATUS_SKIPPED, finished_by=user,
            finished_at=timezone.now(), revision=workflow_state.content_object.get_latest_revision(),
        )  # fmt: skip

    def _editing_in(self, workflow_state: Any) -> Self | None:
        steps = type(self).objects.filter(workflow_tasks__workflow=workflow_state.workflow_id, active=True)
        return steps.filter(permission=REVIEW).first()

    def _unlock(self, workflow_state: Any) -> None:
        """A lock of somebody who cannot do the step would keep out those who can."""
        page = workflow_state.content_object
        if page.locked_by and not page.locked_by.has_perm(self.permission):
            Page.objects.filter(pk=page.pk).update(locked=False, locked_by=None, locked_at=None)

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: Any, action_name: str, comment: str = "", **kwargs: Any) -> None:
        if action_name in {REVIEWED, APPROVED}:
            task_state.approve(user=user, comment=comment)
        elif action_name == RETURNED:
            task_state.reject(user=user, comment=comment)

    def get_actions(self, obj: Any, user: Any) -> list[tuple[str, str, bool]]:
        if not user.has_perm(self.permission):
            return []
        back = (RETURNED, _("Trả bài"), True)
        if self.permission == REVIEW:
            return [
                back,
                (REVIEWED, _("Biên tập xong, chuyển duyệt"), False),
                (REVIEWED, _("Biên tập xong, kèm lời nhắn"), True),
            ]
        return [back, (APPROVED, _("Duyệt"), False), (APPROVED, _("Duyệt, kèm lời nhắn"), True)]

    def get_form_for_action(self, action: str) -> type[forms.Form]:
        return RemarksForm if action == RETURNED else NoteForm

    def get_task_states_user_can_moderate(self, user: Any, **kwargs: Any) -> models.QuerySet[TaskState]:
        if not user.has_perm(self.permission):
            return TaskState.objects.none()
        return self.task_states.filter(status=TaskState.STATUS_IN_PROGRESS)

    def user_can_access_editor(self, obj: Any, user: Any) -> bool:
        return bool(user.has_perm(self.permission))

    def locked_for_user(self, obj: Any, user: Any) -> bool:
        """Writers wait; editors may always mend what is under way, and the approver sees that it changed."""
        return not (user.has_perm(self.permission) or user.has_perm(REVIEW))

    def user_can_lock(self, obj: Any, user: Any) -> bool:
        return bool(user.has_perm(self.permission))
