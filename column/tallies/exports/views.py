"""Fetching a table as a file: small ones at once, large ones through the worker; and the paragraph to paste."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import IO, Any, cast

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from column.people.models import User
from column.tallies.access import POST, staff_only
from column.tallies.exports import jobs
from column.tallies.exports.asking import TooMany, ask_for
from column.tallies.exports.formats import FORMATS, Format, Making
from column.tallies.exports.models import KEPT, ExportJob, ExportState, ReportLayout, private_storage
from column.tallies.exports.paper import TooLong
from column.tallies.exports.pdf import PageFailed
from column.tallies.exports.prose import paragraph
from column.tallies.exports.report import Report
from column.tallies.exports.tallied import BadDefinition, report_of

#: Up to so many bytes a file is made in memory.
_IN_MEMORY = 4 * 1024 * 1024
#: How many files the page shows; older ones are gone by themselves.
_SHOWN = 50


def _format(ending: str) -> Format:
    if ending not in FORMATS:
        raise Http404
    return FORMATS[ending]


def _layout(params: QueryDict) -> ReportLayout:
    """The layout asked for (``mau``), else the first."""
    asked = params.get("mau", "")
    layouts = {one.slug: one for one in ReportLayout.objects.all()}
    if asked and asked not in layouts:
        raise BadDefinition(
            _("Không có mẫu trình bày “%(slug)s”; các mẫu có thể dùng: %(known)s.")
            % {"slug": asked[:60], "known": ", ".join(layouts)}
        )
    if not layouts:
        raise BadDefinition(_("Chưa có mẫu trình bày báo cáo nào; hãy báo quản trị."))
    return layouts[asked] if asked else next(iter(layouts.values()))


def _refused(why: object, status: int = 400) -> HttpResponse:
    return HttpResponse(str(why), status=status, content_type="text/plain; charset=utf-8")


@staff_only()
def download(request: HttpRequest, ending: str) -> HttpResponseBase:
    """The table as a file; a large one is offered to be made by the worker, on a page with a button."""
    made = _format(ending)
    try:
        layout = _layout(request.GET) if made.is_printed else None
        report = report_of(request.GET, at=timezone.now(), pictures=made.is_printed)
    except BadDefinition as problem:
        return _refused(problem)
    if not made.at_once(report):
        context = {"report": report, "format": made, "query": request.GET.urlencode(), "noindex": True}
        return render(request, "tallies/exports/ask.html", context)
    return send(report, made, layout)


def send(report: Report, made: Format, layout: ReportLayout | None) -> HttpResponseBase:
    """Make a file now and send it. What cannot be made is said in Vietnamese."""
    folder = Path(private_storage().base_location)
    folder.mkdir(parents=True, exist_ok=True)
    # Large tables go to the disk, not into memory; the response closes the file.
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=str(folder))  # noqa: SIM115
    try:
        made.write(report, Making(layout, scratch=folder), cast("IO[bytes]", file))
        file.seek(0)
    except (TooLong, PageFailed) as problem:
        file.close()
        return _refused(problem)
    except OSError as problem:
        file.close()
        if problem.errno in jobs.NO_ROOM:
            return _refused(jobs.no_room(), status=507)
        raise
    name = jobs.file_name(report, made)
    return FileResponse(file, as_attachment=True, filename=name, content_type=made.content_type)


@staff_only()
def prose(request: HttpRequest) -> HttpResponseBase:
    """*Đoạn số liệu*: the figures of the table as a paragraph, in a box to copy from."""
    try:
        report = report_of(request.GET, at=timezone.now())
    except BadDefinition as problem:
        return _refused(problem)
    context = {"report": report, "text": paragraph(report), "noindex": True}
    return render(request, "tallies/exports/prose.html", context)


# --- the files that the worker makes -------------------------------------------------------------------------------


@staff_only()
def files(request: HttpRequest) -> HttpResponseBase:
    """*Tệp của tôi*."""
    return _files(request)


def _files(request: HttpRequest, problem: str = "") -> HttpResponse:
    mine = list(ExportJob.objects.filter(owner=_user(request))[:_SHOWN])
    labels = {made.ending: made.label for made in FORMATS.values()}
    lines = [(job, labels.get(job.format, job.format)) for job in mine]
    context = {
        "lines": lines, "is_open": any(job.is_open for job in mine), "problem": problem, "days": KEPT.days,
        "noindex": True,
    }  # fmt: skip
    return render(request, "tallies/exports/files.html", context, status=409 if problem else 200)


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


@staff_only(methods=POST)
def ask(request: HttpRequest) -> HttpResponseBase:
    """Put a file into the worker's queue."""
    made = _format(request.POST.get("dang", ""))
    params = QueryDict(request.POST.get("bang", ""))
    try:
        layout = _layout(params).slug if made.is_printed else ""
        report = report_of(params, at=timezone.now(), pictures=False)
        ask_for(_user(request), params.urlencode(), made, title=report.sentence, layout=layout)
    except BadDefinition as problem:
        return _refused(problem)
    except TooMany as problem:
        return _files(request, str(problem))
    return redirect("tally_files")


def _mine(request: HttpRequest, token: Any) -> ExportJob:
    """One's own alone: another's file does not exist."""
    return get_object_or_404(ExportJob, token=token, owner=_user(request))


@staff_only()
def fetch(request: HttpRequest, token: Any) -> HttpResponseBase:
    """A finished file."""
    job = _mine(request, token)
    if job.state != ExportState.DONE or not job.file.name or not job.file.storage.exists(job.file.name):
        raise Http404
    name = job.file.name.rpartition("/")[2]
    return FileResponse(
        job.file.open("rb"), as_attachment=True, filename=name, content_type=FORMATS[job.format].content_type
    )


@staff_only(methods=POST)
def throw_away(request: HttpRequest, token: Any) -> HttpResponseBase:
    """Delete a file, or stop one that is being made."""
    jobs.discard(_mine(request, token))
    return redirect("tally_files")
