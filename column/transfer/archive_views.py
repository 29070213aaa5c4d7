"""*Kho cũ* in the admin: upload an archive, see what is wrong with it, let the worker import it; download all."""

from __future__ import annotations

import io
import tempfile
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView, View
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.people.models import User
from column.text.dates import format_day, format_number
from column.transfer.exporting import add_photos, archivist_here, write_stories
from column.transfer.models import ImportJob, JobState
from column.transfer.reading import CSV_SUFFIXES, JSON_SUFFIXES
from column.transfer.report import headings

IMPORT = "column.import_archive"
#: Bytes of an uploaded archive and of its photos' ZIP; larger ones are for the command line.
LARGEST_ARCHIVE = 512 * 1024 * 1024
LARGEST_PHOTOS = 2 * 1024 * 1024 * 1024
#: A job untouched for so long is not being worked on.
IDLE = timedelta(seconds=20)
_MEGA = 1024 * 1024


#: The columns that every archive has, for the person who prepares one; docs/import.md has them all.
MEANINGS = (
    ("external_id", gettext_lazy("Mã ở hệ thống cũ; cùng mã là cùng một bài mãi mãi.")),
    ("kind", gettext_lazy("article (bài viết), news (tin), photo (ảnh), tin_anh (chưa rõ tin hay ảnh).")),
    ("title", gettext_lazy("Tiêu đề.")),
    ("standfirst", gettext_lazy("Sa-pô.")),
    ("body", gettext_lazy("Nội dung: các đoạn cách nhau một dòng trống, hoặc HTML.")),
    ("byline", gettext_lazy("Bút danh như in: ĐOÀN LƯƠNG; Bài và ảnh: A, B; Ảnh: C.")),
    ("published_at", gettext_lazy("Ngày giờ đăng: 14:12, 16/02/2017.")),
    (
        "departments",
        gettext_lazy("Đơn vị, hoặc đơn vị>tiêu chí: so-y-te>trach-nhiem; thêm [nhắc đến] nếu chỉ nhắc đến."),
    ),
    ("criteria", gettext_lazy("Tiêu chí không gắn với đơn vị nào: ky-cuong, Chống tiêu cực.")),
    ("source_url", gettext_lazy("Địa chỉ cũ; địa chỉ trên tên miền của báo sẽ tự chuyển hướng.")),
    ("photos", gettext_lazy("Tên tệp ảnh trong ZIP; ảnh đầu là ảnh chính.")),
    ("captions", gettext_lazy("Chú thích, theo thứ tự của ảnh.")),
    ("credits", gettext_lazy("Nguồn ảnh, theo thứ tự của ảnh.")),
    ("issue_date", gettext_lazy("Ngày đăng để tính số liệu; bỏ trống thì lấy ngày của published_at.")),
)


class Guarded(WagtailAdminTemplateMixin):
    """Only for those who may import and export the archive."""

    header_icon = "folder-open-inverse"
    page_title: ClassVar[Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(IMPORT):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class UploadForm(forms.ModelForm[ImportJob]):
    class Meta:
        model = ImportJob
        fields = ("archive", "photos", "lenient_photos")
        labels = {"archive": gettext_lazy("Tệp kho (.csv hoặc .jsonl)"), "photos": gettext_lazy("Ảnh đi kèm (.zip)")}
        help_texts = {
            "photos": gettext_lazy("Bỏ trống nếu kho không có ảnh."),
            "lenient_photos": gettext_lazy("Nếu không chọn, dòng có ảnh hỏng hoặc thiếu sẽ không được nhận."),
        }
        widgets = {
            "archive": forms.FileInput(attrs={"accept": ",".join(sorted(CSV_SUFFIXES | JSON_SUFFIXES))}),
            "photos": forms.FileInput(attrs={"accept": ".zip"}),
        }

    def clean_archive(self) -> Any:
        return self._checked("archive", CSV_SUFFIXES | JSON_SUFFIXES, LARGEST_ARCHIVE)

    def clean_photos(self) -> Any:
        return self._checked("photos", {".zip"}, LARGEST_PHOTOS)

    def _checked(self, name: str, suffixes: set[str], largest: int) -> Any:
        upload = self.cleaned_data.get(name)
        if not upload:
            return upload
        if Path(upload.name).suffix.lower() not in suffixes:
            raise forms.ValidationError(_("Đuôi tệp phải là %(suffixes)s.") % {"suffixes": ", ".join(sorted(suffixes))})
        if upload.size > largest:
            raise forms.ValidationError(
                _("Tệp nặng hơn %(most)s MB; hãy dùng lệnh import_archive trên máy chủ.")
                % {"most": format_number(largest // _MEGA)}
            )
        return upload


class ArchiveView(Guarded, FormView[UploadForm]):
    """Upload, the list of jobs, and the downloads."""

    template_name = "transfer/desk/archive.html"
    form_class = UploadForm
    page_title = gettext_lazy("Nhập và xuất kho")

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        jobs = ImportJob.objects.select_related("created_by")[:20]
        return super().get_context_data(jobs=jobs, columns=MEANINGS, **kwargs)

    def form_valid(self, form: UploadForm) -> HttpResponse:
        assert isinstance(self.request.user, User)
        form.instance.created_by = self.request.user
        job = form.save()
        return redirect("import_job", job.pk)

    def form_invalid(self, form: UploadForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)


class JobView(Guarded, TemplateView):
    """One job: how far it is, what is wrong, and the button for the next step."""

    template_name = "transfer/desk/job.html"

    @cached_property
    def job(self) -> ImportJob:
        return get_object_or_404(ImportJob, pk=self.kwargs["job_id"])

    def get_page_title(self) -> str:
        return self.job.name

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("import_archive"), "label": ArchiveView.page_title},
            {"url": "", "label": self.job.name},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        counts = self.job.counts
        return super().get_context_data(
            job=self.job, headings=headings(), problems=self.job.sample,
            more=max(0, counts.get("refused", 0) + counts.get("warnings", 0) - len(self.job.sample)),
            facts=_facts(self.job), idle=self.job.is_waiting and timezone.now() - self.job.touched_at > IDLE,
            has_report=self.job.report_path.exists() and not self.job.is_waiting,
            may_run=self.job.state in {JobState.CHECKED, JobState.STOPPED, JobState.DONE},
            may_stop=self.job.is_waiting, **kwargs,
        )  # fmt: skip


def _facts(job: ImportJob) -> list[tuple[str, str]]:
    counts = job.counts
    names = (
        ("read", _("Dòng đã đọc")), ("added", _("Thêm mới")), ("updated", _("Cập nhật")), ("unchanged", _("Không đổi")),
        ("refused", _("Không nhận")), ("warnings", _("Lưu ý")),
    )  # fmt: skip
    return [(label, format_number(counts.get(name, 0))) for name, label in names]


class JobProgressView(Guarded, View):
    """The numbers of a job, for the page that shows it."""

    def get(self, request: HttpRequest, job_id: int) -> JsonResponse:
        job = get_object_or_404(ImportJob, pk=job_id)
        return JsonResponse({
            "state": job.state, "label": job.get_state_display(), "percent": job.percent,
            "facts": [value for _name, value in _facts(job)],
        })  # fmt: skip


class JobActionView(Guarded, View):
    """Start, stop or discard a job; each only from the states that allow it."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, job_id: int, action: str) -> HttpResponse:
        job = get_object_or_404(ImportJob, pk=job_id)
        waiting = [JobState.CHECKING, JobState.RUNNING]
        if action == "xoa":
            job.discard()
            messages.success(request, _("Đã xóa tệp “%(name)s”. Tin, bài đã nhập vẫn còn.") % {"name": job.name})
            return redirect("import_archive")
        steps = {
            "nhap": ([JobState.CHECKED, JobState.STOPPED, JobState.DONE], JobState.RUNNING),
            "kiem-tra": ([JobState.CHECKED, JobState.STOPPED, JobState.DONE, JobState.FAILED], JobState.CHECKING),
            "dung": (waiting, JobState.STOPPED),
        }
        if action not in steps:
            raise Http404
        before, after = steps[action]
        changed = ImportJob.objects.filter(pk=job.pk, state__in=before).update(
            state=after, bytes_done=0, error="", touched_at=timezone.now()
        )
        if not changed:
            messages.warning(request, _("Việc này vừa đổi trạng thái; hãy xem lại rồi bấm lần nữa nếu cần."))
        return redirect("import_job", job.pk)


class JobReportView(Guarded, View):
    """All problems of the last pass as a CSV file."""

    def get(self, request: HttpRequest, job_id: int) -> FileResponse:
        job = get_object_or_404(ImportJob, pk=job_id)
        if not job.report_path.exists():
            raise Http404
        name = f"loi-{Path(job.name).stem}.csv"
        return FileResponse(job.report_path.open("rb"), as_attachment=True, filename=name, content_type="text/csv")


class ExportView(Guarded, View):
    """All published stories as one file, with or without their photos."""

    def get(self, request: HttpRequest, form: str) -> FileResponse:
        if form not in {"csv", "jsonl", "zip"}:
            raise Http404
        name = f"kho-{format_day(timezone.localdate()).replace('/', '-')}"
        if form == "zip":
            return FileResponse(
                _packed(name), as_attachment=True, filename=f"{name}.zip", content_type="application/zip"
            )
        file = _temporary()
        _write(file, archivist_here(), as_json=form == "jsonl")
        kind = "application/jsonl" if form == "jsonl" else "text/csv"
        return FileResponse(file, as_attachment=True, filename=f"{name}.{form}", content_type=kind)


def _temporary() -> IO[bytes]:
    """A file without a name, gone when the answer is sent. In the data folder: it may be larger than memory."""
    return tempfile.TemporaryFile(dir=settings.DATA_DIR)


def _write(file: IO[bytes], archivist: Any, *, as_json: bool) -> None:
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    write_stories(text, archivist, as_json=as_json)
    text.detach()
    file.seek(0)


def _packed(name: str) -> IO[bytes]:
    """A ZIP of the CSV file and, in a folder, the photos."""
    archivist = archivist_here()
    with _temporary() as table:
        _write(table, archivist, as_json=False)
        file = _temporary()
        with zipfile.ZipFile(file, "w") as packed:
            with packed.open(zipfile.ZipInfo(f"{name}.csv"), "w") as entry:
                while part := table.read(_MEGA):
                    entry.write(part)
            add_photos(packed, archivist.photos, folder="photos/")
    file.seek(0)
    return file
