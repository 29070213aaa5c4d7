"""*Bản tin đầu tuần*: this and the next three Thursdays, what each lacks, and whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState, get_default_page_content_type

from column.enums import NoticeKind, SlotState
from column.people.delegation import holders
from column.schedule.holidays import HolidayCalendar
from column.schedule.listing import SlotRow, StoryStatus, slot_rows
from column.schedule.models import Reserve, ScheduleSettings, Slot
from column.schedule.notices.models import Notice
from column.schedule.notices.telling import tell
from column.schedule.rhythm import Deadlines, deadlines_of
from column.text.dates import TZ, format_day, format_day_long

#: Whoever fills the slots reads it.
READERS = "column.change_slot"
REVIEW, APPROVE, SCHEDULE = "column.review_story", "column.approve_story", "column.schedule_story"
WEEKS = 4
#: Of the reserve, what must be used soon; of Tết, what is still to be decided.
USE_SOON = timedelta(days=21)
TET_AHEAD = timedelta(weeks=12)
MOST_NAMES = 4


def send_digest(now: datetime) -> bool:
    """The worker's job: once in each ISO week, at or after the time that the settings name; whether it went out now.

    A worker that was down sends it when it is back, in the same week.
    """
    settings = ScheduleSettings.load()
    there = now.astimezone(TZ)
    year, week, _weekday = there.isocalendar()
    day = date.fromisocalendar(year, week, settings.digest_weekday + 1)
    if there < datetime.combine(day, settings.digest_time, tzinfo=TZ):
        return False
    key = f"digest:{year}-W{week:02d}"
    if Notice.objects.filter(key=key).exists():
        return False
    # One statement for all: killed before it, the next worker starts anew.
    tell(
        holders(READERS), NoticeKind.DIGEST, key=key,
        subject=_("Bản tin tuần: các kỳ từ %(day)s") % {"day": format_day(_monday(now))},
        text=digest_text(now), url=reverse("schedule_digest"), now=now,
    )  # fmt: skip
    return True


def digest_text(now: datetime) -> str:
    """The whole text, as it is mailed and shown. A constant number of queries."""
    first = _monday(now)
    last = first + timedelta(days=7 * WEEKS - 1)
    slots = list(Slot.objects.filter(issue_day__range=(first, last + TET_AHEAD)).order_by("issue_day", "pk"))
    near = [slot for slot in slots if slot.issue_day <= last]
    calendar = HolidayCalendar.load()
    later = [slot for slot in slots if slot.issue_day > last and calendar.in_tet_break(slot.day)]
    rows = slot_rows([*near, *later], now)
    duty = _Duty.of(rows)
    deadlines = deadlines_of(near, calendar)
    parts = [
        _("Các kỳ từ %(first)s đến %(last)s. Giờ trong bản tin là giờ Đà Nẵng.")
        % {"first": format_day(first), "last": format_day(last)}
    ]
    parts += ["\n".join(_slot_lines(row, deadlines[row.slot.pk], duty, now)) for row in rows[: len(near)]]
    if not near:
        parts.append(_("Không có kỳ đăng nào trong bốn tuần này."))
    parts += _tet([row for row in rows[len(near) :] if row.state == SlotState.ASKS])
    parts += _reserve(timezone.localdate(now, TZ))
    return "\n\n".join(parts)


@dataclass(frozen=True)
class _Duty:
    """Whose turn it is: the names of those who hold a right, and which right each story in review waits for."""

    names: dict[str, str]
    waits_for: dict[int, str]

    @classmethod
    def of(cls, rows: Sequence[SlotRow]) -> _Duty:
        names = {permission: _names(holders(permission)) for permission in (READERS, REVIEW, APPROVE, SCHEDULE)}
        steps = WorkflowState.objects.filter(
            base_content_type=get_default_page_content_type(),
            object_id__in=[str(row.story.pk) for row in rows if row.story is not None],
            status=WorkflowState.STATUS_IN_PROGRESS,
        ).values_list("object_id", "current_task_state__task__functiontask__permission")
        # A step of an administrator's own making: approving is what is left.
        return cls(names, {int(story): permission or APPROVE for story, permission in steps})

    def owed_by(self, row: SlotRow) -> str:
        """Who has the next move, in words; empty when nobody has to do anything."""
        owner = _owner(row.status) if row.status is not None else ""
        review = row.story is not None and self.waits_for.get(row.story.pk) == REVIEW
        lacks = row.status is not None and bool(row.status.gaps.required)
        schedule = (_("bổ sung: %(names)s"), owner) if lacks else (_("hẹn giờ: %(names)s"), self.names[SCHEDULE])
        approve = (_("duyệt: %(names)s"), self.names[APPROVE])
        words = {
            SlotState.EMPTY: (_("xếp bài: %(names)s"), self.names[READERS]),
            SlotState.ASKS: (_("quyết định đăng, dời hay nghỉ: %(names)s"), self.names[READERS]),
            SlotState.HELD: (_("bỏ tạm giữ hoặc thay bài: %(names)s"), self.names[SCHEDULE]),
            SlotState.PLANNED: (_("viết xong và trình duyệt: %(names)s"), owner),
            SlotState.IN_REVIEW: (_("biên tập: %(names)s"), self.names[REVIEW]) if review else approve,
            SlotState.APPROVED: schedule,
            SlotState.OVERDUE: schedule,
        }
        sentence, names = words.get(row.state, ("", ""))
        return sentence % {"names": names} if sentence else ""


def _slot_lines(row: SlotRow, due: Deadlines, duty: _Duty, now: datetime) -> Iterator[str]:
    slot, status = row.slot, row.status
    yield _("KỲ %(day)s, %(time)s – %(state)s") % {
        "day": format_day_long(slot.issue_day), "time": f"{slot.publish_time:%H:%M}", "state": row.state.label,
    }  # fmt: skip
    if slot.skip_reason:
        yield _("Lý do nghỉ: %(reason)s") % {"reason": slot.skip_reason}
    if status is not None:
        yield f"“{status.story.draft_title}” – {_owner(status)}"
        if status.hold is not None:
            yield _("Tạm giữ vì: %(reason)s") % {"reason": status.hold.reason}
    if row.state in _DONE:
        return
    if status is not None and status.gaps.required:
        yield _("Còn thiếu: %(gaps)s") % {"gaps": "; ".join(status.gaps.required)}
    if status is not None and status.gaps.advised:
        yield _("Nên có: %(gaps)s") % {"gaps": ", ".join(status.gaps.advised)}
    if row.state not in {SlotState.SCHEDULED, SlotState.APPROVED}:
        yield _("Hạn nộp: %(draft)s · hạn duyệt: %(approval)s") % {
            "draft": _until(due.draft, now), "approval": _until(due.approval, now),
        }  # fmt: skip
    if owed := duty.owed_by(row):
        yield _("Việc của – %(who)s") % {"who": owed}


_DONE = frozenset(
    {SlotState.PUBLISHED, SlotState.PUBLISHED_LATE, SlotState.SKIPPED, SlotState.NO_DATA, SlotState.MISSED}
)


def _tet(rows: Sequence[SlotRow]) -> list[str]:
    if not rows:
        return []
    lines = [_("Kỳ Tết còn chờ quyết định (đăng, dời hay nghỉ):")]
    return ["\n".join([*lines, *(f"– {format_day_long(row.slot.day)}" for row in rows)])]


def _reserve(today: date) -> list[str]:
    soon = Reserve.objects.filter(
        use_by__lte=today + USE_SOON, article__live=False, article__first_published_at=None, article__slot=None
    ).select_related("article")
    lines = []
    for kept in soon.order_by("use_by", "pk"):
        over = kept.use_by < today
        sentence = _("– “%(title)s”: đã quá hạn dùng từ %(day)s") if over else _("– “%(title)s”: dùng đến %(day)s")
        lines.append(sentence % {"title": kept.article.draft_title, "day": format_day(kept.use_by)})
    return ["\n".join([_("Bài gối đầu sắp hết hạn dùng:"), *lines])] if lines else []


def _until(moment: datetime, now: datetime) -> str:
    words = {"at": f"{moment:%H:%M}", "day": format_day_long(moment)}
    return (_("%(at)s, %(day)s (đã quá)") if moment < now else _("%(at)s, %(day)s")) % words


def _owner(status: StoryStatus) -> str:
    owner = status.story.owner
    return owner.get_full_name() if owner is not None else _("chưa rõ người viết")


def _names(people: Iterable[object]) -> str:
    names = [person.get_full_name() for person in people]  # type: ignore[attr-defined]
    if len(names) > MOST_NAMES:
        return _("%(names)s và %(more)s người khác") % {
            "names": ", ".join(names[:MOST_NAMES]), "more": len(names) - MOST_NAMES,
        }  # fmt: skip
    return ", ".join(names) or _("chưa giao cho ai")


def _monday(now: datetime) -> date:
    today = timezone.localdate(now, TZ)
    return today - timedelta(days=today.weekday())
