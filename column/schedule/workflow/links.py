"""The approval link in a mail: for one person, one version as it stood then, and some hours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import Any, Self

from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState, WorkflowState

from column.people.models import User
from column.schedule.approval import is_approved
from column.schedule.workflow.models import APPROVE, FunctionTask
from column.stories.models import Story
from column.text.dates import format_moment

#: How long a link in a mail works.
VALID_FOR = timedelta(hours=48)
#: The separator needs no escaping in an address.
_SIGNER = signing.TimestampSigner(salt="column.schedule.workflow.links", sep=".")


class DeadLink(Exception):
    """The link opens nothing; the message is Vietnamese and says why.

    *status* is the answer's; *newer* an address where the newest version waits for the same person. Before the
    person is known to be the one that the link was sent to, and able to approve, nothing of the story is told.
    """

    def __init__(self, message: str, status: int = 410, newer: str = "") -> None:
        super().__init__(message)
        self.status, self.newer = status, newer


@dataclass(frozen=True)
class Waiting:
    """What an approval link opens: the version, and the step at which it waits."""

    story: Story
    revision: Revision
    task_state: TaskState

    @classmethod
    def at(cls, token: str, user: Any) -> Self:
        """Raises :class:`DeadLink`."""
        revision_id, moment = _of(token, user)
        revision = Revision.page_revisions.filter(pk=revision_id).first()
        story = Story.objects.filter(pk=int(revision.object_id)).first() if revision else None
        if revision is None or story is None:
            raise DeadLink(_("Tin, bài này không còn trong hệ thống."))
        task_state = step_of(story)
        if task_state is None:
            raise DeadLink(_why_not(story, revision))
        if story.latest_revision_id != revision.pk or _moment(revision) != moment:
            newest = Revision.objects.get(pk=story.latest_revision_id)
            raise DeadLink(
                _("“%(title)s” đã được sửa sau khi bạn nhận thư, lúc %(at)s. Hãy đọc bản mới rồi duyệt.")
                % {"title": story.draft_title, "at": format_moment(newest.created_at)},
                newer=address(user, newest),
            )
        _check_age(token)
        return cls(story, revision, task_state)


def address(user: User, revision: Revision) -> str:
    """The path at which *user* may approve this version as it stands now."""
    token = _SIGNER.sign_object([user.pk, revision.pk, _moment(revision)])
    return reverse("workflow_approve", args=[token])


def step_of(story: Story, permission: str = APPROVE) -> TaskState | None:
    """The step at which the story waits just now, if it is the one of that right."""
    state = story.current_workflow_task_state
    task = state.task.specific if state is not None else None
    return state if isinstance(task, FunctionTask) and task.permission == permission else None


def _of(token: str, user: Any) -> tuple[int, str]:
    """The version that the link is for; who it is for comes before everything else."""
    try:
        user_id, revision_id, moment = _SIGNER.unsign_object(token)
    except (signing.BadSignature, ValueError):
        raise DeadLink(
            _("Liên kết này không đúng; có thể nó bị cắt mất một phần. Hãy mở lại từ thư."), status=404
        ) from None
    if user_id != user.pk:
        raise DeadLink(_("Liên kết này được gửi cho người khác. Hãy đăng nhập bằng tài khoản đã nhận thư."), status=403)
    if not user.has_perm(APPROVE):
        raise DeadLink(_("Tài khoản của bạn hiện không có quyền duyệt."), status=403)
    return revision_id, moment


def _check_age(token: str) -> None:
    try:
        _SIGNER.unsign_object(token, max_age=VALID_FOR)
    except signing.SignatureExpired:
        hours = int(VALID_FOR.total_seconds() // 3600)
        raise DeadLink(
            _("Liên kết đã hết hạn: nó chỉ dùng được %(hours)s giờ. Bài vẫn đang chờ bạn duyệt.") % {"hours": hours}
        ) from None


def _moment(revision: Revision) -> str:
    """Autosave overwrites a version in place, and renews its time: then it is another."""
    return revision.created_at.astimezone(UTC).isoformat()


def _why_not(story: Story, revision: Revision) -> str:
    title = {"title": story.draft_title}
    approval = getattr(revision, "approval", None)
    if approval is not None and is_approved(revision):
        who = approval.approved_by.get_full_name() if approval.approved_by else _("tài khoản đã xóa")
        return _("“%(title)s” đã được duyệt rồi: %(who)s, lúc %(at)s.") % {
            **title, "who": who, "at": format_moment(approval.approved_at),
        }  # fmt: skip
    state = story.workflow_states.order_by("created_at", "pk").last()
    status = state.status if state is not None else ""
    sentences = {
        WorkflowState.STATUS_IN_PROGRESS: _("“%(title)s” đang chờ biên tập, chưa đến lượt duyệt."),
        WorkflowState.STATUS_NEEDS_CHANGES: _("“%(title)s” đã được trả lại cho người viết."),
        WorkflowState.STATUS_APPROVED: _("“%(title)s” đã được duyệt ở một bản khác."),
        WorkflowState.STATUS_CANCELLED: _("“%(title)s” không còn chờ duyệt: đã rút bài trình hoặc đã đăng."),
    }
    return sentences.get(status, _("“%(title)s” không chờ duyệt.")) % title
