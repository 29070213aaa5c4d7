"""*Kho cũ* in the admin: upload, check, import by the worker, report, stop, export, and the queue of pooled items."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from column.enums import Kind
from column.people.roles import Role
from column.stories.models import Article, NewsItem, Photo, Story
from column.transfer import jobs
from column.transfer.models import ImportJob, JobState
from tests.column.transfer.archives import jpeg, row, write_csv
from tests.factories import make_article, make_news, make_photo_story, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("bien-tap", Role.EDITOR))
    return client


@pytest.fixture(autouse=True)
def _no_pass_left() -> Iterator[None]:
    yield
    jobs._forget()


def upload(client: Client, data: bytes, name: str = "kho.csv", **more: Any) -> ImportJob:
    answer = client.post(reverse("import_archive"), {"archive": SimpleUploadedFile(name, data), **more})
    assert answer.status_code == 302, answer.context["form"].errors
    return ImportJob.objects.latest("pk")


def as_csv(folder: Path, *rows: dict[str, Any]) -> bytes:
    return write_csv(folder / "x.csv", list(rows)).read_bytes()


def act(client: Client, job: ImportJob, action: str) -> ImportJob:
    assert client.post(reverse("import_job_action", args=[job.pk, action])).status_code == 302
    return ImportJob.objects.get(pk=job.pk)


def work() -> None:
    while jobs.run_imports(timezone.now()):
        pass


def test_a_file_is_checked_first_and_imported_when_told(editor: Client, tmp_path: Path) -> None:
    job = upload(editor, as_csv(tmp_path, row(1), row(2, kind="bài thơ"), row(3, kind="news")))
    assert job.state == JobState.CHECKING
    work()

    job.refresh_from_db()
    assert (job.state, Story.objects.count()) == (JobState.CHECKED, 0)
    assert {name: job.counts[name] for name in ("read", "added", "refused")} == {"read": 3, "added": 2, "refused": 1}
    page = editor.get(reverse("import_job", args=[job.pk])).content.decode()
    assert "Loại không có trong danh sách." in page
    assert "Hãy viết article, news, photo hoặc tin_anh." in page

    job = act(editor, job, "nhap")
    work()
    job.refresh_from_db()
    assert job.state == JobState.DONE
    assert set(Story.objects.values_list("external_id", "owner__username")) == {
        ("cu-1", "bien-tap"),
        ("cu-3", "bien-tap"),
    }


def test_the_problems_can_be_taken_away_as_a_file(editor: Client, tmp_path: Path) -> None:
    job = upload(editor, as_csv(tmp_path, row(2, title="", external_id="=1+1")))
    work()

    answer = editor.get(reverse("import_job_report", args=[job.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows == [
        ["Dòng", "Mức", "Mã", "Cột", "Giá trị", "Lý do", "Cách sửa"],
        ["2", "Lỗi", "'=1+1", "title", "", "Thiếu tiêu đề.", "Hãy điền tiêu đề."],
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="loi-kho.csv"'


def test_photos_come_along_as_a_zip(editor: Client, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("anh/a.jpg", jpeg())
    job = upload(
        editor,
        as_csv(tmp_path, row(1, kind="photo", photos="a.jpg")),
        photos=SimpleUploadedFile("anh.zip", packed.getvalue()),
    )
    work()
    act(editor, job, "nhap")
    work()
    assert Photo.objects.get().photos.get().image.file.name.endswith(".jpg")


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [("kho.xlsx", b"PK", "Đuôi tệp phải là"), ("kho.csv", b"", "rỗng")],
)
def test_a_file_that_is_none_is_refused_at_once(editor: Client, name: str, data: bytes, says: str) -> None:
    answer = editor.post(reverse("import_archive"), {"archive": SimpleUploadedFile(name, data)})
    assert answer.status_code == 400
    assert says in answer.content.decode()
    assert not ImportJob.objects.exists()


def test_a_file_that_cannot_be_read_says_why(editor: Client) -> None:
    job = upload(editor, b"tieu_de;noi_dung\nx;y\n")
    work()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "Thiếu cột “external_id”" in job.error
    assert job.error in editor.get(reverse("import_job", args=[job.pk])).content.decode()


def test_stopping_leaves_whole_batches_and_goes_on_where_it_was(
    editor: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("column.transfer.importing.BATCH", 2)
    monkeypatch.setattr(jobs, "SLICE", 0)
    job = upload(editor, as_csv(tmp_path, *(row(number, kind="news") for number in range(1, 8))))
    work()
    job = act(editor, job, "nhap")
    jobs.run_imports(timezone.now())
    assert Story.objects.count() == 2
    progress = editor.get(reverse("import_job_progress", args=[job.pk])).json()
    assert (progress["state"], progress["facts"][:2]) == ("running", ["2", "2"])

    job = act(editor, job, "dung")
    assert not jobs.run_imports(timezone.now())
    assert (job.state, Story.objects.count()) == (JobState.STOPPED, 2)

    act(editor, job, "nhap")
    work()
    job.refresh_from_db()
    assert (job.state, Story.objects.count()) == (JobState.DONE, 7)
    assert (job.counts["added"], job.counts["unchanged"]) == (5, 2)


def test_a_worker_that_dies_is_replaced_by_one_that_goes_on(
    editor: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("column.transfer.importing.BATCH", 2)
    monkeypatch.setattr(jobs, "SLICE", 0)
    job = upload(editor, as_csv(tmp_path, *(row(number, kind="news") for number in range(1, 6))))
    work()
    act(editor, job, "nhap")
    jobs.run_imports(timezone.now())
    jobs._forget()

    work()
    job.refresh_from_db()
    assert (job.state, Story.objects.count(), job.counts["added"], job.counts["unchanged"]) == (JobState.DONE, 5, 3, 2)


def test_discarding_removes_the_files_and_keeps_the_stories(editor: Client, tmp_path: Path) -> None:
    job = upload(editor, as_csv(tmp_path, row(1)))
    work()
    act(editor, job, "nhap")
    work()
    folder = job.report_path.parent
    assert folder.exists()

    editor.post(reverse("import_job_action", args=[job.pk, "xoa"]))
    assert (folder.exists(), ImportJob.objects.exists(), Story.objects.count()) == (False, False, 1)


def test_a_running_job_says_when_nobody_works_on_it(editor: Client, tmp_path: Path) -> None:
    job = upload(editor, as_csv(tmp_path, row(1)))
    ImportJob.objects.update(touched_at=timezone.now() - timezone.timedelta(minutes=5))
    assert "Tiến trình nền chưa làm việc này" in editor.get(reverse("import_job", args=[job.pk])).content.decode()


@pytest.mark.parametrize("form", ["csv", "jsonl", "zip"])
def test_the_archive_is_downloaded_and_drafts_are_not(editor: Client, form: str) -> None:
    make_photo_story("Ảnh đã đăng")
    make_news("Bản nháp", live=False)

    answer = editor.get(reverse("export_archive", args=[form]))
    data = b"".join(answer.streaming_content)
    if form == "zip":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            assert [Path(name).suffix for name in names] == [".csv", ".jpg"]
            data = packed.read(names[0])
    assert "Ảnh đã đăng" in data.decode("utf-8-sig")
    assert "Bản nháp" not in data.decode("utf-8-sig")


def test_only_those_who_may_import_see_any_of_it(client: Client) -> None:
    job = ImportJob.objects.create(archive="x/kho.csv")
    addresses = [
        reverse("import_archive"), reverse("export_archive", args=["csv"]), reverse("import_job", args=[job.pk]),
        reverse("import_job_progress", args=[job.pk]), reverse("import_job_report", args=[job.pk]),
        reverse("sort_pooled"),
    ]  # fmt: skip
    client.force_login(make_user("phong-vien", Role.REPORTER))
    for address in addresses:
        # Wagtail answers a refusal inside the admin with its own page and a redirect.
        assert client.get(address).status_code == 302, address
    assert client.post(reverse("import_job_action", args=[job.pk, "xoa"])).status_code == 302
    assert ImportJob.objects.filter(pk=job.pk).exists()
    assert "Kho cũ" not in client.get("/admin/").content.decode()


# The queue ----------------------------------------------------------------------------------------------------------


def pooled(title: str) -> NewsItem:
    return make_news(title, kind=Kind.POOLED)


def test_pooled_items_are_sorted_many_at_once(editor: Client) -> None:
    first, second, third = pooled("Một"), pooled("Hai"), pooled("Ba")
    other = make_article("Bài")

    editor.post(reverse("sort_pooled"), {"tin": [first.pk, second.pk, other.pk], "loai": "photo"})
    editor.post(reverse("sort_pooled"), {"tin": [third.pk], "loai": "news"})

    assert dict(Story.objects.values_list("title", "kind")) == {
        "Một": "photo",
        "Hai": "photo",
        "Ba": "news",
        "Bài": "article",
    }
    assert set(Photo.objects.values_list("title", flat=True)) == {"Một", "Hai"}
    assert Article.objects.count() == 1
    assert "Không còn mục nào chờ phân loại." in editor.get(reverse("sort_pooled")).content.decode()


@pytest.mark.parametrize(
    "data", [{}, {"loai": "photo"}, {"tin": "1", "loai": "article"}, {"tin": "x" * 99, "loai": "news"}]
)
def test_a_choice_that_is_none_changes_nothing(editor: Client, data: dict[str, str]) -> None:
    pooled("Một")
    answer = editor.post(reverse("sort_pooled"), data, follow=True)
    assert "Hãy chọn ít nhất một mục" in answer.content.decode()
    assert Story.objects.get().kind == Kind.POOLED


def test_the_queue_is_the_same_number_of_queries_for_any_length(
    editor: Client, django_assert_max_num_queries: Any, django_assert_num_queries: Any
) -> None:
    pooled("Một")
    editor.get(reverse("sort_pooled"))
    with django_assert_max_num_queries(40) as few:
        editor.get(reverse("sort_pooled"))
    for number in range(6):
        pooled(f"Tin {number}")
    with django_assert_num_queries(len(few)):
        editor.get(reverse("sort_pooled"))
