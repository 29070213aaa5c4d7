"""Who is told what on a story's way: messages made inside the transaction of what happened, never mails.

Wagtail's own mails (English, sent while the editor waits) give up their places to these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.dispatch import Signal
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import AbstractGroupApprovalTask, TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from column.enums import NoticeKind, SlotAction
from column.people.delegation import delegation_changed, holders, stands_in
from column.people.models import Delegation, User
from column.people.roles import ACCESS_ADMIN
from column.schedule.holidays import HolidayCalendar
from column.schedule.ledger.models import SlotEvent
from column.schedule.models import Slot
from column.schedule.notices.telling import tell
from column.schedule.rhythm import deadlines_of
from column.schedule.signals import slot_changed
from column.schedule.workflow import links
from column.schedule.workflow.models import APPROVE, FunctionTask
from column.stories.models import Story
from column.text.dates import format_day, format_day_long, format_moment


def connect() -> None:
    """Called once, when the application is ready."""
    for signal, receiver, sender, theirs in (
        (task_submitted, _step_begun, TaskState, "group_approval_task_submitted_email_notification"),
        (workflow_submitted, _nobody_else, WorkflowState, "workflow_state_submitted_email_notification"),
        (workflow_rejected, _returned, WorkflowState, "workflow_state_rejected_email_notification"),
        (workflow_approved, _approved, WorkflowState, "workflow_state_approved_email_notification"),
    ):
        _in_place_of(signal, receiver, sender, theirs)
    slot_changed.connect(_slot_changed, dispatch_uid="announcing.slot")
    delegation_changed.connect(_delegation_changed, dispatch_uid="announcing.delegation")


def _in_place_of(signal: Signal, receiver: Callable[..., None], sender: Any, theirs: str) -> None:
    """A signal keeps one receiver under a name: ours stands there, whether Wagtail comes before or after."""
    signal.disconnect(dispatch_uid=theirs, sender=sender)
    signal.connect(receiver, sender=sender, dispatch_uid=theirs)


def _nobody_else(**kwargs: Any) -> None:
    """That something was submitted is told step by step."""


def edit_url(story: Story) -> str:
    return reverse("wagtailadmin_pages:edit", args=[story.pk])


def _step_begun(instance: Any, user: Any, **kwargs: Any) -> None:
    task, story = instance.task.specific, _story_of(instance.workflow_state)
    if story is None:
        return
    now, when = timezone.now(), _when(story)
    words = {"title": story.draft_title, "who": _name(user)}
    key = f"step:{instance.pk}"
    people = _others(_people_at(task), user)
    if not isinstance(task, FunctionTask) or task.permission != APPROVE:
        tell(
            people, NoticeKind.SUBMITTED, key=key, url=edit_url(story), now=now,
            subject=_("Trình duyệt: “%(title)s”") % words,
            text=_lines(_("%(who)s trình “%(title)s”, chờ bước “%(step)s”.") % {**words, "step": task.name}, when),
        )  # fmt: skip
        return
    note = _comment_before(instance)
    for person in people:
        tell(
            [person], NoticeKind.REVIEWED, key=key, url=links.address(person, instance.revision), now=now,
            subject=_("Chờ duyệt: “%(title)s”") % words,
            text=_lines(
                _("%(who)s chuyển “%(title)s”, chờ bạn duyệt.") % words, when, note,
                _("Mở liên kết để đọc rồi duyệt hoặc trả bài; mở ra chưa phải là duyệt. Liên kết dùng được "
                  "%(hours)s giờ, và chỉ cho đúng bản này.")
                % {"hours": int(links.VALID_FOR.total_seconds() // 3600)},
            ),
        )  # fmt: skip


def _people_at(task: Any) -> Iterable[User]:
    """Whose turn it is: those with the step's right; of a step that an administrator added, those in its groups."""
    if isinstance(task, FunctionTask):
        return holders(task.permission)
    if isinstance(task, AbstractGroupApprovalTask):
        return holders(ACCESS_ADMIN).filter(groups__in=task.groups.all()).distinct()
    return ()


def _returned(instance: Any, user: Any, **kwargs: Any) -> None:
    story, step = _story_of(instance), instance.current_task_state
    if story is None:
        return
    words = {"title": story.draft_title, "who": _doer(user)}
    tell(
        _writers(story, instance, user), NoticeKind.RETURNED, key=f"returned:{step.pk}", url=edit_url(story),
        now=timezone.now(), subject=_("Trả bài: “%(title)s”") % words,
        text=_lines(
            _("%(who)s trả lại “%(title)s”.") % words,
            _("Cần sửa: %(remarks)s") % {"remarks": step.comment} if step.comment else "",
            _when(story), _("Sửa xong, hãy trình lại."),
        ),
    )  # fmt: skip


def _approved(instance: Any, user: Any, **kwargs: Any) -> None:
    story, step = _story_of(instance), instance.current_task_state
    if story is None:
        return
    words = {"title": story.draft_title, "who": _doer(user)}
    tell(
        _writers(story, instance, user), NoticeKind.APPROVED, key=f"approved:{instance.pk}", url=edit_url(story),
        now=timezone.now(), subject=_("Đã duyệt: “%(title)s”") % words,
        text=_lines(
            _("%(who)s đã duyệt “%(title)s”.") % words, _note(step.comment if step else ""), _when(story),
            _("Duyệt chưa phải là đăng: bài lên trang khi được hẹn giờ hoặc xuất bản."),
        ),
    )  # fmt: skip


def _slot_changed(event: SlotEvent, **kwargs: Any) -> None:
    """To the writer of the story that fell through, is held or may go again."""
    told = _told_of(event)
    story = Story.objects.filter(pk=event.story_id).select_related("owner").first() if told else None
    if told is None or story is None or story.owner is None or story.owner_id == event.by_id:
        return
    kind, subject, sentence = told
    words = {
        "title": story.draft_title, "day": format_day_long(event.slot.day),
        "who": event.by_name or _("Hệ thống"), "other": event.data.get("other_title", ""),
    }  # fmt: skip
    tell(
        able([story.owner], story), kind, key=f"slot:{event.pk}", url=edit_url(story), now=event.at,
        subject=subject % words,
        text=_lines(
            sentence % words, _("Lý do: %(reason)s") % {"reason": event.reason} if event.reason else ""
        ),
    )  # fmt: skip


def _told_of(event: SlotEvent) -> tuple[NoticeKind, str, str] | None:
    match event.action:
        case SlotAction.SUBSTITUTED:
            return (
                NoticeKind.SUBSTITUTED, _("Thay bài: “%(title)s” rời kỳ %(day)s"),
                _("%(who)s thay “%(title)s” ở kỳ %(day)s bằng “%(other)s”. Bài trở lại danh sách bản nháp."),
            )  # fmt: skip
        case SlotAction.ASSIGNED if _takes_back_a_substitution(event):
            return (
                NoticeKind.SUBSTITUTED, _("Hoàn tác thay bài: “%(title)s” trở lại kỳ %(day)s"),
                _("%(who)s hoàn tác việc thay bài: “%(title)s” trở lại kỳ %(day)s."),
            )  # fmt: skip
        case SlotAction.HELD:
            return (
                NoticeKind.HELD, _("Tạm giữ: “%(title)s”"),
                _("%(who)s tạm giữ “%(title)s” (kỳ %(day)s); bài chưa lên trang cho đến khi bỏ tạm giữ."),
            )  # fmt: skip
        case SlotAction.RELEASED:
            return (
                NoticeKind.HELD, _("Bỏ tạm giữ: “%(title)s”"),
                _("%(who)s bỏ tạm giữ “%(title)s” (kỳ %(day)s)."),
            )  # fmt: skip
    return None


def _takes_back_a_substitution(event: SlotEvent) -> bool:
    step = SlotEvent.objects.filter(batch=event.batch, undoes__isnull=False).values("undoes")
    return SlotEvent.objects.filter(
        action=SlotAction.SUBSTITUTED, story=event.story_id, batch__in=step
    ).exists()  # fmt: skip


def _delegation_changed(delegation: Delegation, user: Any, **kwargs: Any) -> None:
    if delegation.delegate_id == user.pk:
        return
    words = {
        "who": _name(user), "function": delegation.get_function_display(),
        "first": format_day(delegation.first_day), "last": format_day(delegation.last_day),
    }  # fmt: skip
    revoked = delegation.revoked_at is not None
    key = f"delegation:{delegation.pk}:{'ended' if revoked else 'given'}"
    sentence = (
        _("%(who)s thu hồi ủy quyền “%(function)s” (từ %(first)s đến hết %(last)s).")
        if revoked
        else _("%(who)s ủy quyền cho bạn “%(function)s” từ %(first)s đến hết %(last)s.")
    )
    tell(
        [delegation.delegate], NoticeKind.DELEGATED, key=key,
        url=reverse("people_delegations"), now=timezone.now(),
        subject=(_("Thu hồi ủy quyền: %(function)s") if revoked else _("Ủy quyền: %(function)s")) % words,
        text=_lines(sentence % words, _("Lý do: %(reason)s") % {"reason": delegation.reason}),
    )  # fmt: skip


def _story_of(state: Any) -> Story | None:
    page = state.content_object
    story = page.specific if page is not None else None
    return story if isinstance(story, Story) else None


def _writers(story: Story, state: Any, doer: Any) -> list[User]:
    """Who wrote it and who submitted it, but not who did it just now."""
    people = {person.pk: person for person in (story.owner, state.requested_by) if person is not None}
    return able(_others(people.values(), doer), story)


def able(people: Iterable[User], story: Story) -> list[User]:
    """Those who may open the story in the admin."""
    return [
        person for person in people
        if person.is_active and person.has_perm(ACCESS_ADMIN) and story.permissions_for_user(person).can_edit()
    ]  # fmt: skip


def _others(people: Iterable[User], doer: Any) -> list[User]:
    return [person for person in people if doer is None or person.pk != doer.pk]


def _name(user: Any) -> str:
    return user.get_full_name() if user is not None else _("Hệ thống")


def _doer(user: Any) -> str:
    """Who approved or returned; in whose stead is said too."""
    lent = stands_in(user, APPROVE) if user is not None else None
    if lent is None:
        return _name(user)
    return _("%(who)s (theo ủy quyền của %(granter)s)") % {"who": _name(user), "granter": _name(lent.granted_by)}


def _when(story: Story) -> str:
    """The story's Thursday and when it must be approved; empty without one."""
    slot = Slot.objects.filter(story=story.pk).first()
    if slot is None:
        return ""
    due = deadlines_of([slot], HolidayCalendar.load())[slot.pk]
    return _("Kỳ đăng: %(day)s. Hạn duyệt: %(due)s.") % {
        "day": format_day_long(slot.day), "due": format_moment(due.approval),
    }  # fmt: skip


def _comment_before(step: Any) -> str:
    """What the editor wrote along when passing the story on."""
    before = step.workflow_state.task_states.exclude(pk=step.pk).order_by("finished_at").last()
    approved = before is not None and before.status == TaskState.STATUS_APPROVED
    return _note(before.comment) if approved else ""


def _note(comment: str) -> str:
    return _("Lời nhắn: %(comment)s") % {"comment": comment} if comment else ""


def _lines(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
