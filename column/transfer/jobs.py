"""Imports that people started on the screen, done by the worker: about a second's work at a time.

The file itself is the queue: what was imported is found unchanged when a worker starts over, so a worker that dies
loses nothing, and two of them do no harm.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from column.schedule.leases import leased
from column.transfer.importing import Progress, import_archive
from column.transfer.models import ImportJob, JobState
from column.transfer.problems import BadFile
from column.transfer.report import Report, cells

#: Seconds of work before the worker looks at its other jobs (publishing, above all).
SLICE = 1.0
#: How a pass ends.
_AFTER = {JobState.CHECKING: JobState.CHECKED, JobState.RUNNING: JobState.DONE}


class Pass:
    """One reading of a job's file, held in the worker's memory between two slices."""

    def __init__(self, job: ImportJob) -> None:
        self.job_id, self.state = job.pk, job.state
        job.report_path.parent.mkdir(parents=True, exist_ok=True)
        self._report = Report(job.report_path)
        self._steps = self._run(job)

    def _run(self, job: ImportJob) -> Iterator[Progress]:
        with self._report:
            yield from import_archive(
                Path(job.archive.path), report=self._report, photos=Path(job.photos.path) if job.photos else None,
                user=job.created_by, dry_run=self.state == JobState.CHECKING, lenient_photos=job.lenient_photos,
            )  # fmt: skip

    def work(self, job: ImportJob, now: datetime) -> bool:
        """Steps for :data:`SLICE` seconds; whether the pass is over. Records where it is."""
        until = time.monotonic() + SLICE
        over = True
        for step in self._steps:
            job.bytes_done, job.bytes_total = step.done, step.total
            if time.monotonic() >= until:
                over = False
                break
        job.counts = self._report.counts.as_dict()
        job.sample = [cells(problem) for problem in self._report.shown]
        job.touched_at = now
        return over

    def close(self) -> None:
        self._steps.close()  # type: ignore[attr-defined]


#: The pass under way in this process, if there is one.
_current: list[Pass] = []


def run_imports(now: datetime) -> bool:
    """The worker's job: a slice of the oldest waiting import; whether there was one."""
    job = ImportJob.objects.waiting().first()
    if job is None:
        _forget()
        return False
    with leased("import") as lease:
        if lease is None:
            return False
        _slice(job, now)
    return True


def _slice(job: ImportJob, now: datetime) -> None:
    if not _current or (_current[0].job_id, _current[0].state) != (job.pk, job.state):
        _forget()
        _current.append(Pass(job))
    state = job.state
    try:
        over = _current[0].work(job, now)
    except BadFile as problem:
        _end(job, state, JobState.FAILED, str(problem))
    except FileNotFoundError:
        _end(job, state, JobState.FAILED, _("Tệp đã tải lên không còn trên máy chủ; hãy tải lên lại."))
    except Exception:
        # Told to the person here, and in full to the operator by the worker.
        _end(
            job, state, JobState.FAILED, _("Hệ thống gặp lỗi khi đọc tệp; hãy báo quản trị. Những gì đã nhập vẫn còn.")
        )
        raise
    else:
        if over:
            _end(job, state, _AFTER[JobState(state)], "")
        else:
            # A person may have stopped it meanwhile: the state is not written back.
            _note(job, state)


def _note(job: ImportJob, while_in: str, **more: str) -> None:
    ImportJob.objects.filter(pk=job.pk, state=while_in).update(
        bytes_done=job.bytes_done, bytes_total=job.bytes_total, counts=job.counts, sample=job.sample,
        touched_at=job.touched_at, **more,
    )  # fmt: skip


def _end(job: ImportJob, state: str, after: str, error: str) -> None:
    _forget()
    _note(job, state, state=after, error=error)


def _forget() -> None:
    while _current:
        _current.pop().close()
