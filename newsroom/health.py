"""``/health``: is the system able to do its work? For monitors; says nothing that helps an attacker."""

from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from column.schedule.notices.alarms import URGENT
from column.schedule.notices.models import Alarm, Notice
from newsroom.models import JobState, WorkerHeartbeat

PUBLISHED_WITHIN = timedelta(minutes=5)
MAILED_WITHIN = timedelta(minutes=15)


def report(now: datetime) -> tuple[bool, dict[str, Any]]:
    """Whether all is well at ``now``, and the parts of the answer: four queries, one more when a mail waits.

    A fault is: no database, no heartbeat within two minutes, a job that has failed for two minutes, something that
    should be out and is not for five minutes, or mails of which none went out for a quarter of an hour.
    """
    try:
        heartbeat = WorkerHeartbeat.objects.current()
        failing = list(JobState.objects.failing_at(now).order_by("name").values_list("name", flat=True))
        overdue = Alarm.objects.open().filter(kind__in=URGENT, opened_at__lte=now - PUBLISHED_WITHIN).exists()
        stuck = _mails_are_stuck(now)
    except DatabaseError:
        unknown = {"publication": "unknown", "mail": "unknown", "failing_jobs": []}
        return False, {"database": "fault", "worker": "unknown", **unknown}
    worker = "never" if heartbeat is None else "late" if heartbeat.is_late(now) else "ok"
    return worker == "ok" and not failing and not overdue and not stuck, {
        "database": "ok",
        "worker": worker,
        "publication": "fault" if overdue else "ok",
        "mail": "fault" if stuck else "ok",
        "failing_jobs": failing,
    }


def _mails_are_stuck(now: datetime) -> bool:
    """One address that refuses is that person's affair: stuck is when nothing went out since the newest one waits."""
    waiting = Notice.objects.filter(next_mail_at__isnull=False, created_at__lte=now - MAILED_WITHIN)
    newest = waiting.order_by("-created_at").values_list("created_at", flat=True).first()
    return newest is not None and not Notice.objects.filter(mailed_at__gte=newest).exists()


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 with ``status: ok``, or 503 with ``status: fault`` and the part at fault."""
    well, parts = report(timezone.now())
    return JsonResponse({"status": "ok" if well else "fault", **parts}, status=200 if well else 503)
