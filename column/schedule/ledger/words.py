"""The events of a slot as sentences. What an event holds is described in ``SlotEvent``."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from django.utils.translation import gettext as _

from column.enums import SlotAction
from column.schedule.ledger.models import SlotEvent
from column.text.dates import format_day_long, format_moment

#: Icon of each action in the admin's own sprite; the sentence always stands beside it.
ICONS = {
    SlotAction.ASSIGNED: "calendar", SlotAction.REMOVED: "circle-xmark", SlotAction.SUBSTITUTED: "resubmit",
    SlotAction.SCHEDULED: "calendar-check", SlotAction.UNSCHEDULED: "cross", SlotAction.HELD: "lock",
    SlotAction.RELEASED: "lock-open", SlotAction.PUBLISHED: "success", SlotAction.MISSED: "error",
    SlotAction.TAKEN_DOWN: "bin", SlotAction.SKIPPED: "no-view", SlotAction.REOPENED: "rotate",
    SlotAction.KEPT: "check", SlotAction.DAY_CHANGED: "date", SlotAction.CHANGED: "edit",
}  # fmt: skip


def sentence(event: SlotEvent, late_after: int, *, taken_back: bool = False) -> str:
    """What happened, without who, when and why.

    *late_after* is in minutes; that many are *đăng muộn*. *taken_back*: it took an earlier step back.
    """
    words = _WORDS[SlotAction(event.action)](event)
    if event.action == SlotAction.PUBLISHED:
        words = f"{words}, {lateness(event.data.get('late_minutes'), late_after)}"
    if not taken_back:
        return words
    return _("Hoàn tác: %(what)s") % {"what": words[:1].lower() + words[1:]}


def lateness(minutes: int | None, late_after: int) -> str:
    """*minutes* None or 0 is on time."""
    if not minutes:
        return _("đúng giờ")
    if minutes >= late_after:
        return _("đăng muộn %(late)s") % {"late": duration(minutes)}
    return _("chậm %(late)s") % {"late": duration(minutes)}


def duration(minutes: int) -> str:
    """40 phút; 26 giờ 5 phút."""
    hours, rest = divmod(minutes, 60)
    parts = [_("%(n)d giờ") % {"n": hours}] if hours else []
    if rest or not hours:
        parts.append(_("%(n)d phút") % {"n": rest})
    return " ".join(parts)


def who(event: SlotEvent) -> str:
    return event.by_name or _("Hệ thống")


def _title(event: SlotEvent) -> dict[str, str]:
    return {"title": event.story_title or _("bài không còn tên")}


def _day(value: str) -> str:
    return format_day_long(date.fromisoformat(value))


def _assigned(event: SlotEvent) -> str:
    if day := event.data.get("other_day"):
        return _("Chuyển “%(title)s” từ kỳ %(day)s đến kỳ này") % {**_title(event), "day": _day(day)}
    return _("Xếp “%(title)s” vào kỳ") % _title(event)


def _removed(event: SlotEvent) -> str:
    if day := event.data.get("other_day"):
        return _("Chuyển “%(title)s” sang kỳ %(day)s") % {**_title(event), "day": _day(day)}
    if event.data.get("deleted"):
        return _("Bản nháp “%(title)s” bị xóa, kỳ trống trở lại") % _title(event)
    return _("Rút “%(title)s” khỏi kỳ") % _title(event)


def _substituted(event: SlotEvent) -> str:
    other = event.data.get("other_title") or _("bài không còn tên")
    return _("Thay “%(title)s” bằng “%(other)s”") % {**_title(event), "other": other}


def _scheduled(event: SlotEvent) -> str:
    if at := event.data.get("at"):
        return _("Hẹn giờ “%(title)s” lên trang lúc %(at)s") % {
            **_title(event), "at": format_moment(datetime.fromisoformat(at)),
        }  # fmt: skip
    return _("Hẹn giờ “%(title)s” lên trang") % _title(event)


def _kept(event: SlotEvent) -> str:
    if event.data.get("after", {}).get("kept_in_break", True):
        return _("Quyết định kỳ vẫn đăng trong kỳ nghỉ Tết")
    return _("Hỏi lại kỳ có đăng trong kỳ nghỉ Tết hay không")


def _day_changed(event: SlotEvent) -> str:
    before, after = event.data.get("before", {}).get("issue_day"), event.data.get("after", {}).get("issue_day")
    if before and after:
        return _("Dời ngày đăng từ %(before)s sang %(after)s") % {"before": _day(before), "after": _day(after)}
    return _("Dời ngày đăng")


def _changed(event: SlotEvent) -> str:
    before, after = event.data.get("before", {}), event.data.get("after", {})
    parts = []
    if before.get("publish_time") != after.get("publish_time"):
        parts.append(_("giờ lên trang từ %(before)s thành %(after)s") % {
            "before": before.get("publish_time", "?"), "after": after.get("publish_time", "?"),
        })  # fmt: skip
    if before.get("teaser", "") != after.get("teaser", ""):
        new = after.get("teaser", "")
        parts.append(_("lời báo trước thành “%(teaser)s”") % {"teaser": new} if new else _("bỏ lời báo trước"))
    return _("Sửa kỳ: %(parts)s") % {"parts": "; ".join(parts)} if parts else _("Sửa kỳ")


_WORDS: dict[SlotAction, Callable[[SlotEvent], str]] = {
    SlotAction.ASSIGNED: _assigned,
    SlotAction.REMOVED: _removed,
    SlotAction.SUBSTITUTED: _substituted,
    SlotAction.SCHEDULED: _scheduled,
    SlotAction.UNSCHEDULED: lambda event: _("Hủy hẹn giờ “%(title)s”") % _title(event),
    SlotAction.HELD: lambda event: _("Tạm giữ “%(title)s”") % _title(event),
    SlotAction.RELEASED: lambda event: _("Bỏ tạm giữ “%(title)s”") % _title(event),
    SlotAction.PUBLISHED: lambda event: _("“%(title)s” lên trang") % _title(event),
    SlotAction.MISSED: lambda event: _("Hết ngày mà kỳ không có bài lên trang"),
    SlotAction.TAKEN_DOWN: lambda event: _("Gỡ “%(title)s” khỏi trang") % _title(event),
    SlotAction.SKIPPED: lambda event: _("Cho nghỉ kỳ"),
    SlotAction.REOPENED: lambda event: _("Mở lại kỳ đã cho nghỉ"),
    SlotAction.KEPT: _kept,
    SlotAction.DAY_CHANGED: _day_changed,
    SlotAction.CHANGED: _changed,
}
