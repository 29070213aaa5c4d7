"""``/health``: is the system able to do its work? For monitors; says nothing that helps an attacker."""

from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from newsroom.models import JobState, WorkerHeartbeat


def report(now: datetime) -> tuple[bool, dict[str, Any]]:
    """Whether all is well at ``now``, and the parts of the answer: three queries at most.

    A fault is: no database, no heartbeat within two minutes, or a job that has failed for two minutes.
    """
    try:
        heartbeat = WorkerHeartbeat.objects.current()
        failing = list(JobState.objects.failing_at(now).order_by("name").values_list("name", flat=True))
    except DatabaseError:
        return False, {"database": "fault", "worker": "unknown", "failing_jobs": []}
    worker = "never" if heartbeat is None else "late" if heartbeat.is_late(now) else "ok"
    return worker == "ok" and not failing, {"database": "ok", "worker": worker, "failing_jobs": failing}


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 with ``status: ok``, or 503 with ``status: fault`` and the part at fault."""
    well, parts = report(timezone.now())
    return JsonResponse({"status": "ok" if well else "fault", **parts}, status=200 if well else 503)
