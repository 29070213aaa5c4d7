"""Files that the worker makes: one's own, whole or not at all, whatever happens to the worker."""

from __future__ import annotations

import io
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from column.people.models import User
from column.people.roles import Role
from column.schedule.models import RunnerLease
from column.tallies.exports import formats, jobs
from column.tallies.exports.asking import MOST_WAITING, TooMany, ask_for
from column.tallies.exports.formats import FORMATS
from column.tallies.exports.jobs import MOST_ATTEMPTS, discard, purge_exports, run_exports
from column.tallies.exports.models import KEPT, ExportJob, ExportState
from tests.factories import make_article, make_coverage, make_criterion, make_department, make_user

pytestmark = pytest.mark.django_db
XLSX = FORMATS["xlsx"]


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    yield
    shutil.rmtree(Path(settings.DATA_DIR) / "exports", ignore_errors=True)


@pytest.fixture
def owner() -> User:
    return make_user("can-bo", Role.COMMITTEE)


@pytest.fixture
def client(owner: User) -> Client:
    client = Client()
    client.force_login(owner)
    return client


def make_world() -> None:
    story = make_article("Cải thiện lề lối", issue_date=date(2017, 2, 16))
    make_coverage(story, make_department("Sở Y tế"), make_criterion("kỷ cương"))


def kept() -> set[str]:
    """What lies in the folder of exports, files alone."""
    folder = Path(settings.DATA_DIR) / "exports"
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def ask(owner: User, query: str = "ky=2017", ending: str = "xlsx") -> ExportJob:
    return ask_for(owner, query, FORMATS[ending], title="Bảng", layout="dang")


def test_a_file_is_asked_for_made_and_fetched(owner: User, client: Client) -> None:
    make_world()
    assert client.post("/tong-hop/tep/lap/", {"dang": "xlsx", "bang": "ky=2017"})["Location"] == "/tong-hop/tep/"
    job = ExportJob.objects.get()
    assert [job.state, job.owner, job.title] == [
        ExportState.WAITING, owner, "Tin, bài, đăng trong năm 2017",
    ]  # fmt: skip
    assert "Đang chờ" in client.get("/tong-hop/tep/").content.decode()
    assert client.get(f"/tong-hop/tep/{job.token}/").status_code == 404
    assert run_exports(timezone.now()) is True
    job.refresh_from_db()
    assert [job.state, job.done, job.total, job.attempts, job.error] == [ExportState.DONE, 1, 1, 1, ""]
    assert job.finished_at is not None
    assert job.expires_at == job.finished_at + KEPT
    assert kept() == {job.file.name}
    response = client.get(f"/tong-hop/tep/{job.token}/")
    content = b"".join(response.streaming_content)
    assert [len(content), response["Content-Type"]] == [job.size, XLSX.content_type]
    assert response["Content-Disposition"].startswith('attachment; filename="bang-tong-hop-2017-')
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
    assert [cell.value for cell in sheet[2]][3] == "Cải thiện lề lối"
    page = client.get("/tong-hop/tep/").content.decode()
    assert f"/tong-hop/tep/{job.token}/" in page
    assert run_exports(timezone.now()) is False
    client.post(f"/tong-hop/tep/{job.token}/xoa/")
    assert [ExportJob.objects.count(), kept()] == [0, set()]


@pytest.mark.parametrize("ending", FORMATS)
def test_every_format_is_made_by_the_worker_too(owner: User, ending: str) -> None:
    make_world()
    job = ask(owner, ending=ending)
    run_exports(timezone.now())
    job.refresh_from_db()
    assert [job.state, Path(job.file.name or "").suffix] == [ExportState.DONE, f".{ending}"]


def test_a_file_is_its_owners_alone(owner: User) -> None:
    job = ask(owner)
    run_exports(timezone.now())
    for role in (Role.COMMITTEE, Role.CHIEF, Role.ADMINISTRATOR):
        other = Client()
        other.force_login(make_user("", role))
        assert other.get(f"/tong-hop/tep/{job.token}/").status_code == 404
        assert other.post(f"/tong-hop/tep/{job.token}/xoa/").status_code == 404
        assert str(job.token) not in other.get("/tong-hop/tep/").content.decode()
    assert kept() == {ExportJob.objects.get().file.name}


def test_one_person_fills_no_queue(owner: User, client: Client) -> None:
    assert ask(owner, "ky=2001") == ask(owner, "ky=2001")
    for year in range(2002, 2002 + MOST_WAITING - 1):
        ask(owner, f"ky={year}")
    with pytest.raises(TooMany):
        ask(owner, "ky=2017")
    refused = client.post("/tong-hop/tep/lap/", {"dang": "xlsx", "bang": "ky=2017"})
    assert refused.status_code == 409
    assert "Bạn đang có 5 tệp chờ lập; hãy đợi tệp nào xong, hoặc bỏ bớt, rồi thử lại." in refused.content.decode()
    ask(make_user("", Role.COMMITTEE), "ky=2017")
    assert ExportJob.objects.count() == MOST_WAITING + 1


def test_what_expired_is_thrown_away(owner: User) -> None:
    job = ask(owner)
    run_exports(timezone.now())
    job.refresh_from_db()
    assert job.expires_at is not None
    assert purge_exports(job.expires_at - timedelta(seconds=1)) == 0
    assert purge_exports(job.expires_at) == 1
    assert [ExportJob.objects.count(), kept()] == [0, set()]


def test_a_job_left_behind_by_a_dead_worker_is_begun_anew(owner: User) -> None:
    make_world()
    job = ask(owner)
    half = job.folder / "1"
    half.mkdir(parents=True)
    (half / "nua-chung.xlsx").write_bytes(b"PK half a file")
    ExportJob.objects.update(state=ExportState.RUNNING, attempts=1, done=1)
    run_exports(timezone.now())
    job.refresh_from_db()
    assert [job.state, job.attempts] == [ExportState.DONE, 2]
    assert kept() == {job.file.name}


def test_one_that_brings_the_worker_down_again_and_again_is_given_up(owner: User) -> None:
    job = ask(owner)
    ExportJob.objects.update(state=ExportState.RUNNING, attempts=MOST_ATTEMPTS)
    run_exports(timezone.now())
    job.refresh_from_db()
    assert [job.state, job.error] == [
        ExportState.FAILED,
        "Lập tệp này đã làm máy chủ ngừng nhiều lần; hãy thu hẹp phạm vi rồi thử lại, hoặc báo quản trị.",
    ]


def test_another_worker_holds_the_lease(owner: User) -> None:
    ask(owner)
    RunnerLease.objects.update_or_create(
        name="exports", defaults={"holder": "x", "expires_at": timezone.now() + timedelta(seconds=9)}
    )
    assert run_exports(timezone.now()) is False
    assert ExportJob.objects.get().state == ExportState.WAITING


def test_what_cannot_be_read_fails_in_words(owner: User, client: Client) -> None:
    job = ask(owner, "ky=2017-Q9")
    run_exports(timezone.now())
    job.refresh_from_db()
    assert job.state == ExportState.FAILED
    assert job.error.startswith("Kỳ “2017-Q9” không đọc được")
    assert job.error[:20] in client.get("/tong-hop/tep/").content.decode()
    assert kept() == set()


@pytest.mark.parametrize("ending", FORMATS)
def test_a_full_disk_is_said_and_leaves_nothing(owner: User, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    """/dev/full is a disk without room: every write to it is refused by the system itself."""
    make_world()
    job = ask(owner, ending=ending)
    name = f"bang-tong-hop-2017-{timezone.localtime():%Y%m%d}"
    opened = Path.open

    def full(path: Path, *args: object, **kwargs: object) -> object:
        return opened(Path("/dev/full") if path.name.startswith(name) else path, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", full)
    run_exports(timezone.now())
    job.refresh_from_db()
    assert [job.state, job.error, kept()] == [ExportState.FAILED, jobs.no_room(), set()]


def test_a_job_thrown_away_while_it_is_made_leaves_nothing(owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    make_world()
    job = ask(owner)
    write = XLSX.write

    def thrown_away(report: object, making: formats.Making, file: object) -> None:
        discard(ExportJob.objects.get())
        write(report, making, file)  # type: ignore[arg-type]

    monkeypatch.setitem(jobs.FORMATS, "xlsx", replace(XLSX, write=thrown_away))
    run_exports(timezone.now())
    assert [ExportJob.objects.count(), kept()] == [0, set()]
    assert not job.folder.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_worker_loses_no_file(process_environment: Callable[..., dict[str, str]], tmp_path: Path) -> None:
    """Real processes: the worker dies by SIGKILL in the middle of a file; the next one makes it whole."""
    environment = process_environment()
    script = tmp_path / "hoi.py"
    script.write_text(_SCRIPT, encoding="utf-8")

    def tell(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, str(script), *arguments], env=environment, check=True, stdout=subprocess.PIPE, text=True,
            cwd=settings.BASE_DIR,
        )  # fmt: skip
        return done.stdout.strip()

    tell("ask")
    slow = subprocess.Popen([sys.executable, str(script), "slow"], env=environment, cwd=settings.BASE_DIR)
    until = time.monotonic() + 60
    while not tell("state").startswith("running") and time.monotonic() < until:
        time.sleep(0.2)
    slow.send_signal(signal.SIGKILL)
    slow.wait()
    assert tell("state") == "running 1"
    worker = subprocess.Popen(
        [sys.executable, "manage.py", "worker"], env=environment, cwd=settings.BASE_DIR, stderr=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 90
        while not tell("state").startswith("done") and time.monotonic() < until:
            time.sleep(1)
    finally:
        worker.terminate()
        worker.wait()
    assert tell("state") == "done 2"


_SCRIPT = """
import os, sys, time
sys.path.insert(0, os.getcwd())
import django
django.setup()
from django.utils import timezone
from column.people.models import User
from column.tallies.exports import jobs
from column.tallies.exports.asking import ask_for
from column.tallies.exports.formats import FORMATS
from column.tallies.exports.models import ExportJob
match sys.argv[1]:
    case "ask":
        owner = User.objects.create_user("can-bo")
        ask_for(owner, "ky=2017", FORMATS["csv"], title="Bang")
    case "slow":
        import dataclasses
        made = FORMATS["csv"]
        def slowly(report, making, file):
            file.write(b"half")
            file.flush()
            time.sleep(600)
        jobs.FORMATS["csv"] = dataclasses.replace(made, write=slowly)
        jobs.run_exports(timezone.now())
    case "state":
        job = ExportJob.objects.get()
        print(job.state, job.attempts)
"""
