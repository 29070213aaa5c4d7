"""What is due goes out: the heart of the worker (docs and design: *scheduled publishing*).

The database is the only clock and the only queue. Each due version has a transaction of its own, which holds the
story's row, asks again whether the version is still due, publishes and records the slot's outcome. Killed anywhere,
everything is as before or all of it is done. One that fails keeps its schedule, is tried again with growing pauses,
and never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import Exists, Q
from wagtail.models import DraftStateMixin, Page, Revision, RevisionMixin

from column.schedule.leases import Lease, leased
from column.schedule.models import Hold, PublishFailure
from column.schedule.rules import pause_after
from column.schedule.scheduling import cancel_schedule, schedule_story
from column.stories.models import Story
from column.text.dates import format_moment

__all__ = ["PublishReport", "cancel_schedule", "next_due", "publish_due", "publish_stories_due", "schedule_story"]

logger = logging.getLogger(__name__)

LEASE = "publish"
ERROR_LENGTH = 2000


@dataclass(frozen=True)
class Due:
    """One thing to do: a version to publish, or an object whose time is over."""

    at: datetime
    name: str
    object_id: str
    run: Callable[[datetime], bool] = field(compare=False)
    #: The version to blame when it fails.
    revision_id: int | None = None

    def __str__(self) -> str:
        return f"{format_moment(self.at)}  {self.name}"


@dataclass
class PublishReport:
    """What one run did, as keys of objects; ``due`` are the sentences of what there was to do."""

    due: list[str] = field(default_factory=list)
    published: list[str] = field(default_factory=list)
    expired: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    #: Cancelled, moved or done by another while we looked.
    passed_over: list[str] = field(default_factory=list)
    #: Another runner is at it.
    busy: bool = False


def publish_due(now: datetime, *, dry_run: bool = False) -> PublishReport:
    """Publish and expire everything that is due at *now*; with *dry_run* only say what that is.

    Idempotent; any number of runners may call it at any time. With nothing due it costs two queries, of which the
    one for expiries reads the whole table of pages (10 ms in an archive of 20,000). A failure of the database itself
    is raised, after what was done is done.
    """
    return _run(list(_publications(now)), list(_expiries(now)), now, dry_run=dry_run)


def publish_stories_due(now: datetime) -> PublishReport:
    """What the worker asks every second: :func:`publish_due` without the expiries. One query on an index when idle."""
    return _run(list(_publications(now)), [], now)


def _run(publications: list[Due], expiries: list[Due], now: datetime, *, dry_run: bool = False) -> PublishReport:
    report = PublishReport(due=[str(due) for due in (*publications, *expiries)])
    if dry_run or not report.due:
        return report
    with leased(LEASE) as lease:
        if lease is None:
            report.busy = True
            return report
        _work(publications, now, lease, report, report.published)
        _work(expiries, now, lease, report, report.expired)
    return report


def next_due(now: datetime) -> datetime | None:
    """When there is something to do next: *now* or earlier when something is due already, None when nothing is."""
    waiting = Revision.objects.filter(approved_go_live_at__isnull=False)
    moments = [
        waiting.filter(publish_failure__isnull=True).aggregate(at=models.Min("approved_go_live_at"))["at"],
        waiting.aggregate(at=models.Min("publish_failure__next_attempt_at"))["at"],
        *(
            model._default_manager.filter(live=True).aggregate(at=models.Min("expire_at"))["at"]
            for model in _models_with_drafts()
        ),
    ]
    return min((moment for moment in moments if moment is not None), default=None)


def _work(dues: list[Due], now: datetime, lease: Lease, report: PublishReport, done: list[str]) -> None:
    for due in dues:
        if not lease.keep():
            report.busy = True
            return
        try:
            (done if due.run(now) else report.passed_over).append(due.object_id)
        except Exception as error:
            # The wall between stories: told in the log and in the database, and the next one has its turn. When the
            # database cannot even take that down, the failure is the database's and goes to whoever called.
            logger.exception("Không đăng được “%s”, sẽ thử lại.", due.name)
            report.failed.append(due.object_id)
            _note_failure(due, now, error)


def _note_failure(due: Due, now: datetime, error: Exception) -> None:
    if due.revision_id is None:
        return
    with transaction.atomic():
        failure, _new = PublishFailure.objects.select_for_update().get_or_create(
            revision_id=due.revision_id, defaults={"next_attempt_at": now, "failed_at": now, "error": ""}
        )
        failure.attempts += 1
        failure.next_attempt_at = now + pause_after(failure.attempts)
        failure.error = f"{type(error).__name__}: {error}"[:ERROR_LENGTH]
        failure.failed_at = now
        failure.save()


def _resting(now: datetime, path: str = "") -> Q:
    """Failed lately. A failure from the future means that the clock was set back: no reason to wait."""
    failure = f"{path}publish_failure__"
    return Q((f"{failure}next_attempt_at__gt", now), (f"{failure}failed_at__lte", now))


def _publications(now: datetime) -> Iterator[Due]:
    rows = (
        Revision.objects.filter(approved_go_live_at__lte=now)
        .exclude(_resting(now))
        .order_by("approved_go_live_at", "pk")
        .values_list(
            "pk",
            "object_id",
            "object_str",
            "approved_go_live_at",
            "content_type",
            "base_content_type",
            "publish_failure",
        )
    )
    for pk, object_id, name, at, kind, base, failure in rows:
        yield Due(at, name, object_id, _publication(pk, object_id, kind, base, failed_before=failure is not None), pk)


def _publication(pk: int, object_id: str, kind: int, base: int, *, failed_before: bool) -> Callable[[datetime], bool]:
    def publish(now: datetime) -> bool:
        with transaction.atomic():
            if not _hold(_model(base), object_id):
                return False
            # Read again under the story's lock: the last word of the database counts.
            still_due = Revision.objects.filter(pk=pk, approved_go_live_at__lte=now)
            if _model(base) is Page:
                still_due = still_due.exclude(Exists(Hold.objects.filter(story=int(object_id))))
            revision = still_due.select_for_update(skip_locked=True, of=("self",)).first()
            if revision is None:
                return False
            model = _model(kind)
            if issubclass(model, Story):
                # ``Story.publish`` reads the story itself, under its lock.
                model(pk=int(object_id)).publish(revision, log_action="wagtail.publish.scheduled", now=now)
            else:
                revision.publish(log_action="wagtail.publish.scheduled")
            if failed_before:
                PublishFailure.objects.filter(revision=pk).delete()
        return True

    return publish


def _expiries(now: datetime) -> Iterator[Due]:
    for model in _models_with_drafts():
        over = model._default_manager.filter(live=True, expire_at__lte=now).exclude(_resting(now, "latest_revision__"))
        for found in over.order_by("expire_at"):
            yield Due(found.expire_at, str(found), str(found.pk), _expiry(model, found.pk), found.latest_revision_id)


def _expiry(model: Any, pk: int) -> Callable[[datetime], bool]:
    def expire(now: datetime) -> bool:
        with transaction.atomic():
            if not _hold(model, str(pk)):
                return False
            found = model._default_manager.filter(pk=pk, live=True, expire_at__lte=now).first()
            if found is None:
                return False
            specific = found.specific if isinstance(found, Page) else found
            specific.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled")
            PublishFailure.objects.filter(revision=specific.latest_revision_id).delete()
        return True

    return expire


def _model(content_type: int) -> type[models.Model]:
    kind = ContentType.objects.get_for_id(content_type)
    model = kind.model_class()
    if model is None:
        raise LookupError(f"the type {kind.app_label}.{kind.model} is no more")
    return model


def _hold(model: type[models.Model], pk: str) -> bool:
    """Hold the object's row; False when somebody else has it just now, or it is gone."""
    rows = model._default_manager.select_for_update(skip_locked=True, of=("self",)).only("pk").filter(pk=pk)
    return rows.first() is not None


def _models_with_drafts() -> list[Any]:
    """What can be scheduled: pages (all in one table), and whatever snippets have drafts."""
    snippets = [
        model for model in apps.get_models()
        if issubclass(model, DraftStateMixin) and issubclass(model, RevisionMixin) and not issubclass(model, Page)
    ]  # fmt: skip
    return [Page, *snippets]
