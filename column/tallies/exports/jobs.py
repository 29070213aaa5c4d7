"""Long files, made by the worker one after the other, in a thread of their own: publishing never waits for them.

A file is made whole or not at all. A worker that is killed leaves a job that is *running* without a lease: the next
worker begins it anew in an empty folder.
"""

from __future__ import annotations

import errno
import logging
import shutil
import time
from datetime import datetime
from typing import Final

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from column.schedule.leases import Lease, leased
from column.tallies.exports.formats import FORMATS, Format, Making
from column.tallies.exports.models import KEPT, ExportJob, ExportJobQuerySet, ExportState, ReportLayout
from column.tallies.exports.paper import TooLong
from column.tallies.exports.pdf import PageFailed
from column.tallies.exports.report import Report
from column.tallies.exports.tallied import BadDefinition, report_of

logger = logging.getLogger(__name__)

#: A job that brought the worker down so often is not begun again.
MOST_ATTEMPTS: Final = 3
#: Seconds between two notes of progress.
_NOTED_EVERY: Final = 0.5
NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Overtaken(Exception):
    """The job was thrown away, or another worker has it: what is made here is nobody's."""


def run_exports(now: datetime) -> bool:
    """The worker's job: makes the oldest file that is waited for; whether there was one."""
    if not ExportJob.objects.open().exists():
        return False
    with leased("exports") as lease:
        if lease is None:
            return False
        # Read under the lease: what is running now was left behind by a worker that died.
        job = ExportJob.objects.open().first()
        if job is None:
            return False
        _run(job, lease)
    return True


def purge_exports(now: datetime) -> int:
    """The worker's job: files that nobody fetched in time are thrown away; how many."""
    gone = list(ExportJob.objects.expired(now))
    for job in gone:
        discard(job)
    return len(gone)


def discard(job: ExportJob) -> None:
    """Delete a job and what was made for it."""
    folder = job.folder
    ExportJob.objects.filter(pk=job.pk).delete()
    shutil.rmtree(folder, ignore_errors=True)


def _run(job: ExportJob, lease: Lease) -> None:
    if job.attempts >= MOST_ATTEMPTS:
        ExportJob.objects.filter(pk=job.pk).update(state=ExportState.RUNNING)
        _fail(job, _("Lập tệp này đã làm máy chủ ngừng nhiều lần; hãy thu hẹp phạm vi rồi thử lại, hoặc báo quản trị."))
        return
    job.attempts += 1
    job.state = ExportState.RUNNING
    ExportJob.objects.filter(pk=job.pk).update(state=job.state, attempts=job.attempts, touched_at=timezone.now())
    try:
        _make(job, lease)
    except Overtaken:
        _forget(job)
    except (BadDefinition, TooLong, PageFailed) as problem:
        _fail(job, str(problem))
    except OSError as problem:
        if not _ours(job).exists():
            # Thrown away meanwhile: its folder went from under the writer.
            _forget(job)
            return
        if problem.errno not in NO_ROOM:
            _fail(job, _("Máy chủ không ghi được tệp; hãy báo quản trị."))
            raise
        _fail(job, no_room())
        logger.error("Hết chỗ trống khi lập tệp %s.", job.token)
    except Exception:
        # Told to the person here, and in full to the operator by the worker.
        _fail(job, _("Hệ thống gặp lỗi khi lập tệp; hãy báo quản trị."))
        raise


def _forget(job: ExportJob) -> None:
    """Nothing is left of a job that was thrown away; what another worker makes of it is that one's."""
    if not ExportJob.objects.filter(pk=job.pk).exists():
        shutil.rmtree(job.folder, ignore_errors=True)


def no_room() -> str:
    return _("Máy chủ đã hết chỗ trống nên không lập được tệp; hãy báo quản trị dọn đĩa rồi thử lại.")


def _make(job: ExportJob, lease: Lease) -> None:
    shutil.rmtree(job.folder, ignore_errors=True)
    # A folder for each attempt: a worker that was only slow, and lost its lease, spoils nothing of the next one's.
    folder = job.folder / str(job.attempts)
    scratch = folder / "tam"
    scratch.mkdir(parents=True)
    made = FORMATS[job.format]
    report = report_of(QueryDict(job.query), at=timezone.now())
    job.total = report.story_count if made.has_stories else 0
    progress = _Progress(job, lease)
    layout = ReportLayout.objects.filter(slug=job.layout).first() or ReportLayout.objects.first()
    path = folder / file_name(report, made)
    with path.open("wb") as file:
        made.write(report, Making(layout, progress.tick, scratch), file)
    shutil.rmtree(scratch, ignore_errors=True)
    progress.note(job.total)
    now = timezone.now()
    _ours(job).update(
        state=ExportState.DONE, file=str(path.relative_to(job.folder.parent)), size=path.stat().st_size,
        done=job.total, total=job.total, finished_at=now, touched_at=now, expires_at=now + KEPT, error="",
    )  # fmt: skip


def _ours(job: ExportJob) -> ExportJobQuerySet:
    """The job's row, as long as nobody threw it away and no other worker began it again."""
    return ExportJob.objects.filter(pk=job.pk, state=ExportState.RUNNING, attempts=job.attempts)


class _Progress:
    """Notes how far a job is, keeps the lease, and stops the writer of a file that nobody waits for any more."""

    def __init__(self, job: ExportJob, lease: Lease) -> None:
        self.job, self.lease = job, lease
        self._noted_at = 0.0

    def tick(self, done: int) -> None:
        if time.monotonic() - self._noted_at >= _NOTED_EVERY:
            self.note(done)

    def note(self, done: int) -> None:
        self._noted_at = time.monotonic()
        rows = _ours(self.job)
        if not rows.update(done=done, total=self.job.total, touched_at=timezone.now()) or not self.lease.keep():
            raise Overtaken


def _fail(job: ExportJob, why: str) -> None:
    now = timezone.now()
    if _ours(job).update(state=ExportState.FAILED, error=why, finished_at=now, touched_at=now, expires_at=now + KEPT):
        shutil.rmtree(job.folder, ignore_errors=True)


def file_name(report: Report, made: Format) -> str:
    """ASCII: the certificate's code or the period, and the moment of the figures on Đà Nẵng's clock."""
    about = report.code.lower() or report.layout.get("period") or "tat-ca"
    return f"bang-tong-hop-{about}-{timezone.localtime(report.made_at):%Y%m%d-%H%M}.{made.ending}"
