"""Alarms for other programs: one address is called, by the worker alone, until it says that it understood."""

from __future__ import annotations

import json
import logging
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from column.schedule.notices.alarms import message_to_paste
from column.schedule.notices.mail import full_url
from column.schedule.notices.models import Alarm
from column.schedule.rules import pause_after

logger = logging.getLogger(__name__)

#: Seconds for each step of a call.
TIMEOUT = 5
GIVE_UP_AFTER = timedelta(days=1)
BATCH = 20
ERROR_LENGTH = 300


class _NoRedirects(HTTPRedirectHandler):
    """The address was checked at the start; where it would send us was not."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> None:
        return None


def call_webhook(now: datetime) -> int:
    """The worker's job: tell of each alarm that opened or closed; return how many calls were understood.

    At least once: killed between the answer and our note of it, the call is repeated with the same ``id`` and
    ``event``. One query when there is nothing to tell.
    """
    waiting = list(Alarm.objects.filter(next_call_at__lte=now).order_by("next_call_at")[:BATCH])
    if not waiting:
        return 0
    done = 0
    for alarm in waiting:
        try:
            _post(settings.ALARM_WEBHOOK_URL, payload(alarm))
        except (OSError, HTTPException, ValueError) as error:
            logger.warning("Không gọi được ALARM_WEBHOOK_URL: %s", _named(error))
            _failed(alarm, error)
            # The same address: the others need not wait for it one by one.
            break
        # What changed while we called (it closed, or opened again) is told by the next run.
        unchanged = Alarm.objects.filter(pk=alarm.pk, next_call_at=alarm.next_call_at)
        unchanged.update(next_call_at=None, call_error="")
        done += 1
    return done


def payload(alarm: Alarm) -> dict[str, Any]:
    """What is posted. ``text`` alone is a whole message: chat programs show just that."""
    return {
        "event": "alarm.closed" if alarm.closed_at else "alarm.opened",
        "id": alarm.pk,
        "kind": alarm.kind,
        "title": alarm.title,
        "text": message_to_paste(alarm),
        "url": full_url(alarm.url),
        "opened_at": alarm.opened_at.isoformat(),
        "closed_at": alarm.closed_at.isoformat() if alarm.closed_at else None,
    }


def _post(url: str, content: dict[str, Any]) -> None:
    """Raises ``OSError`` (an answer of 300 and more among them), ``HTTPException``, ``ValueError``."""
    request = Request(  # noqa: S310 - https, or http on the loopback: newsroom.environment
        url,
        json.dumps(content, ensure_ascii=False).encode(),
        {"Content-Type": "application/json; charset=utf-8", "User-Agent": "newsroom-alarm"},
        method="POST",
    )
    with build_opener(_NoRedirects).open(request, timeout=TIMEOUT) as answer:
        answer.read(1024)


def _failed(alarm: Alarm, error: Exception) -> None:
    now = timezone.now()
    over = now - (alarm.closed_at or alarm.opened_at) >= GIVE_UP_AFTER
    Alarm.objects.filter(pk=alarm.pk, next_call_at=alarm.next_call_at).update(
        next_call_at=None if over else now + pause_after(alarm.call_attempts + 1),
        call_attempts=F("call_attempts") + 1,
        call_error=_named(error)[:ERROR_LENGTH],
    )


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
