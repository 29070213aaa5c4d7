"""The schedule as iCalendar (RFC 5545), for one person: every slot, and the deadlines that this person owes.

Times are Đà Nẵng's, with their zone; never floating, so a phone elsewhere shows the right hour.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event, Timezone, TimezoneStandard, vDuration, vText
from wagtail.models import WorkflowState, get_default_page_content_type

from column.enums import SlotState
from column.schedule.holidays import HolidayCalendar
from column.schedule.ledger.models import SlotEvent
from column.schedule.listing import SlotRow, slot_rows
from column.schedule.models import Approval, Slot
from column.schedule.rhythm import Deadlines, deadlines_of
from column.schedule.slots import AHEAD
from column.schedule.workflow.models import APPROVE
from column.text.dates import TZ, format_day_long, format_moment, quarter_of

BACK = timedelta(weeks=13)
#: Empty days further ahead than this are nobody's deadline yet.
EMPTY_AHEAD = timedelta(weeks=5)
#: A publication takes no time; a calendar shows what has some.
LENGTH = timedelta(minutes=15)
WARNING = timedelta(days=1)

FILL = "column.change_slot"
#: After the ``@`` of every UID; names this kind of calendar, not the server, which may change its address.
DOMAIN = "lich-dang.5-xay-3-chong"

_SURE = frozenset({SlotState.SCHEDULED, SlotState.PUBLISHED, SlotState.PUBLISHED_LATE})


@dataclass(frozen=True)
class _Change:
    """How often a slot was changed, and when it last looked different."""

    count: int
    at: datetime


@dataclass(frozen=True)
class _Debt:
    """A deadline that the reader of the calendar owes."""

    kind: str
    words: str
    due: datetime


def feed(user: Any, now: datetime, base_url: str) -> bytes:
    """The calendar of one person, from 13 weeks back to a year ahead; a constant number of queries.

    *base_url* is the site's address without a slash at its end. Whoever calls has checked that *user* may read it.
    """
    today = timezone.localdate(now, TZ)
    span = (today - BACK, today + AHEAD)
    slots = list(Slot.objects.filter(issue_day__range=span).select_related("column").order_by("issue_day", "column"))
    deadlines = deadlines_of(slots, HolidayCalendar.load())
    rows = slot_rows(slots, now)
    reviews = _reviews(rows)
    changes = _changes(rows, reviews, now)
    calendar = _calendar()
    for row in rows:
        change, due, url = changes[row.slot.pk], deadlines[row.slot.pk], _url(row.slot, base_url)
        calendar.add_component(_slot_event(row, due, change, url))
        for debt in _debts(row, due, user, reviews, now):
            calendar.add_component(_debt_event(row, debt, change, url, now))
    return bytes(calendar.to_ical())


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", "-//Bao Da Nang//5 xay 3 chong//VI")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", vText(_("Lịch đăng 5 xây, 3 chống")))
    calendar.add("x-wr-timezone", TZ.key)
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(timedelta(hours=1)))
    zone = Timezone()
    zone.add("tzid", TZ.key)
    standard = TimezoneStandard()
    # One rule is all that the zone has had since then; nothing in this calendar is older.
    standard.add("dtstart", datetime(1975, 6, 13))  # noqa: DTZ001 - a zone's own beginning has no zone
    standard.add("tzoffsetfrom", timedelta(hours=8))
    standard.add("tzoffsetto", timedelta(hours=7))
    standard.add("tzname", "+07")
    zone.add_component(standard)
    calendar.add_component(zone)
    return calendar


def _slot_event(row: SlotRow, due: Deadlines, change: _Change, url: str) -> Event:
    event = _event(f"ky-{row.slot.pk}", change, url)
    event.add("summary", _summary(row))
    event.add("dtstart", row.slot.due_at)
    event.add("dtend", row.slot.due_at + LENGTH)
    event.add("status", "CONFIRMED" if row.state in _SURE else "TENTATIVE")
    event.add("categories", [row.slot.column.title])
    event.add("description", "\n".join(_description(row, due, url)))
    return event


def _debt_event(row: SlotRow, debt: _Debt, change: _Change, url: str, now: datetime) -> Event:
    event = _event(f"{debt.kind}-{row.slot.pk}", change, url)
    event.add("summary", _("Quá hạn: %(what)s") % {"what": debt.words} if debt.due < now else debt.words)
    event.add("dtstart", debt.due)
    event.add("dtend", debt.due + LENGTH)
    event.add("description", "\n".join([format_day_long(row.slot.issue_day), url]))
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", debt.words)
    alarm.add("trigger", -WARNING)
    event.add_component(alarm)
    return event


def _event(name: str, change: _Change, url: str) -> Event:
    event = Event()
    event.add("uid", f"{name}@{DOMAIN}")
    event.add("sequence", change.count)
    event.add("dtstamp", change.at)
    event.add("last-modified", change.at)
    event.add("url", url)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event


def _summary(row: SlotRow) -> str:
    what = row.story.draft_title if row.story else row.slot.column.title
    return f"{row.state.label}: {' '.join(what.split())}"


def _description(row: SlotRow, due: Deadlines, url: str) -> Iterator[str]:
    slot, status = row.slot, row.status
    yield f"{format_day_long(slot.issue_day)}, {slot.publish_time:%H:%M}: {row.state.label}"
    if slot.moved:
        yield _("Dời từ %(day)s") % {"day": format_day_long(slot.day)}
    if slot.skip_reason:
        yield _("Lý do nghỉ: %(reason)s") % {"reason": slot.skip_reason}
    if status is not None:
        yield f"“{status.story.draft_title}”"
        if status.story.owner:
            yield _("Người viết: %(name)s") % {"name": status.story.owner.get_full_name()}
        if status.hold:
            yield _("Tạm giữ: %(reason)s") % {"reason": status.hold.reason}
        waits = not status.story.live and not slot.published_at
        if waits and status.gaps.required:
            yield _("Còn thiếu: %(gaps)s") % {"gaps": "; ".join(status.gaps.required)}
        if waits and status.gaps.advised:
            yield _("Nên có: %(gaps)s") % {"gaps": ", ".join(status.gaps.advised)}
    if row.state in {SlotState.EMPTY, SlotState.ASKS, SlotState.PLANNED, SlotState.IN_REVIEW}:
        yield _("Hạn nộp bài: %(at)s") % {"at": format_moment(due.draft)}
        yield _("Hạn duyệt: %(at)s") % {"at": format_moment(due.approval)}
    yield url


def _debts(row: SlotRow, due: Deadlines, user: Any, reviews: dict[int, _Review], now: datetime) -> Iterator[_Debt]:
    """What the person has to do about a slot, and until when; nothing that is another's turn."""
    day = format_day_long(row.slot.issue_day)
    if row.state in {SlotState.EMPTY, SlotState.ASKS}:
        if row.slot.due_at - now <= EMPTY_AHEAD and user.has_perm(FILL):
            words = _("Hạn nộp bài, kỳ còn trống: %(day)s")
            if row.state == SlotState.ASKS:
                words = _("Hạn quyết định kỳ Tết (đăng, dời hay nghỉ): %(day)s")
            yield _Debt("han-nop", words % {"day": day}, due.draft)
    elif row.story is None:
        return
    elif row.state == SlotState.PLANNED and row.story.owner_id == user.pk:
        title = " ".join(row.story.draft_title.split())
        yield _Debt("han-nop", _("Hạn nộp bài: “%(title)s”") % {"title": title}, due.draft)
    elif row.state == SlotState.IN_REVIEW:
        review = reviews.get(row.story.pk)
        if review is not None and user.has_perm(review.permission):
            title = " ".join(row.story.draft_title.split())
            yield _Debt("han-duyet", _("Hạn duyệt: “%(title)s”") % {"title": title}, due.approval)


@dataclass(frozen=True)
class _Review:
    """The step at which a submitted story stands: the right that it waits for, and since when."""

    permission: str
    since: datetime


def _reviews(rows: Iterable[SlotRow]) -> dict[int, _Review]:
    states = WorkflowState.objects.filter(
        base_content_type=get_default_page_content_type(), status=WorkflowState.STATUS_IN_PROGRESS,
        object_id__in=[str(row.story.pk) for row in rows if row.story is not None],
    ).values_list(
        "object_id", "current_task_state__task__functiontask__permission", "created_at",
        "current_task_state__started_at",
    )  # fmt: skip
    return {int(key): _Review(right or APPROVE, started or since) for key, right, since, started in states}


def _changes(rows: Iterable[SlotRow], reviews: dict[int, _Review], now: datetime) -> dict[int, _Change]:
    """By the slot's key. Events are only ever added, so their number is a sequence; a version is one more change."""
    listed = list(rows)
    stories = {row.story.pk: row for row in listed if row.story is not None}
    told = SlotEvent.objects.filter(slot__in=[row.slot.pk for row in listed]).order_by().values("slot")
    events = {
        slot: (n, at) for slot, n, at in told.annotate(n=Count("pk"), at=Max("at")).values_list("slot", "n", "at")
    }
    approvals = dict(
        Approval.objects.filter(story__in=stories).order_by().values_list("story").annotate(Max("approved_at"))
    )
    found = {}
    for row in listed:
        count, last = events.get(row.slot.pk, (0, None))
        # As early as a slot can be there; a rule or the clock may have changed what it shows since.
        moments = [datetime.combine(row.slot.day, time(), tzinfo=TZ) - AHEAD, last]
        if row.story is not None:
            review = reviews.get(row.story.pk)
            moments += [
                row.story.latest_revision_created_at, approvals.get(row.story.pk), review.since if review else None,
            ]  # fmt: skip
        if row.slot.due_at <= now:
            moments.append(row.slot.due_at)
        found[row.slot.pk] = _Change(count, min(now, max(moment for moment in moments if moment is not None)))
    return found


def _url(slot: Slot, base_url: str) -> str:
    """The slot's card in the calendar."""
    day = slot.day
    query = urlencode({"quy": f"{day.year}-{quarter_of(day)}", "chuyen-muc": slot.column_id})
    return f"{base_url}{reverse('schedule_list')}?{query}#ky-{day:%Y-%m-%d}"
