"""Alarms: opened when something due is not out, told to those who may act, closed by themselves when it is mended."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from column.enums import AlarmKind, NoticeKind
from column.people.delegation import holders
from column.schedule.notices.causes import Cause, causes
from column.schedule.notices.mail import full_url
from column.schedule.notices.models import Alarm
from column.schedule.notices.telling import tell
from column.text.dates import format_moment

#: Who may act, and is told.
ACT = "column.schedule_story"
#: The same cause back so soon is the same alarm: nobody is told twice of something that flickers.
SAME_WITHIN = timedelta(minutes=30)
#: What is not out though it should be; anything else may wait until people have come to work.
URGENT = (AlarmKind.NOT_OUT, AlarmKind.FAILED, AlarmKind.PROOF)


@dataclass
class AlarmReport:
    """Keys of the causes."""

    opened: list[str] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)


def check_alarms(now: datetime) -> AlarmReport:
    """Open and close alarms so that exactly what is wrong at *now* is open; safe to run at any time, by anyone.

    The worker's job, and part of ``manage.py publish_due``, the net below it. Six queries when all is well.
    """
    report = AlarmReport()
    wrong = causes(now)
    known = {alarm.key: alarm for alarm in Alarm.objects.open()}
    for key, cause in wrong.items():
        if key not in known and _open(cause, now):
            report.opened.append(key)
    for key, alarm in known.items():
        if key not in wrong and _close(alarm, now):
            report.closed.append(key)
    return report


def mark_seen(alarm: Alarm, user: Any, now: datetime) -> bool:
    """Somebody has it in hand; whoever was first stands. False when one was before."""
    return bool(Alarm.objects.filter(pk=alarm.pk, seen_at=None).update(seen_at=now, seen_by=user))


def message_to_paste(alarm: Alarm) -> str:
    """What to paste into a chat on a phone: complete in itself, addresses in full."""
    lines = [
        _("5 XÂY, 3 CHỐNG – BÁO ĐỘNG lúc %(at)s") % {"at": format_moment(alarm.opened_at)},
        f"{alarm.title}.",
        alarm.text,
        full_url(alarm.url),
        _("Mọi báo động: %(url)s") % {"url": full_url(reverse("schedule_alarms"))},
    ]
    if alarm.closed_at is not None:
        lines.insert(1, _("ĐÃ HẾT lúc %(at)s") % {"at": format_moment(alarm.closed_at)})
    return "\n".join(line for line in lines if line)


def _open(cause: Cause, now: datetime) -> bool:
    try:
        with transaction.atomic():
            back = Alarm.objects.filter(key=cause.key, closed_at__gte=now - SAME_WITHIN).order_by("-pk").first()
            if back is not None:
                return bool(Alarm.objects.filter(pk=back.pk).update(closed_at=None, next_call_at=_first_call(now)))
            alarm = Alarm.objects.create(
                kind=cause.kind, key=cause.key, title=cause.title[:255], text=cause.text, url=cause.url,
                slot_id=cause.slot_id, story_id=cause.story_id, opened_at=now, next_call_at=_first_call(now),
            )  # fmt: skip
            tell(
                holders(ACT), NoticeKind.ALARM, key=f"alarm:{alarm.pk}",
                subject=_("Báo động: %(title)s") % {"title": cause.title},
                text=f"{cause.title}.\n\n{cause.text}",
                url=f"{reverse('schedule_alarms')}#bao-dong-{alarm.pk}", now=now,
            )  # fmt: skip
    except IntegrityError:
        # Another runner opened it between our look and this; the index lets one stand.
        return False
    return True


def _close(alarm: Alarm, now: datetime) -> bool:
    still_open = Alarm.objects.filter(pk=alarm.pk, closed_at=None)
    return bool(still_open.update(closed_at=now, next_call_at=_first_call(now), call_attempts=0))


def _first_call(now: datetime) -> datetime | None:
    return now if settings.ALARM_WEBHOOK_URL else None
