"""The same archive again: nothing twice, what changed becomes a version, what staff did stays."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import PageLogEntry

from column.coverage import recording
from column.coverage.models import CoverageChange, Criterion
from column.departments.models import Department
from column.schedule.models import Slot
from column.signals import stories_changed
from column.stories.models import Article, NewsItem, Story
from column.stories.takedown import take_down
from column.text.dates import TZ
from column.transfer.importing import BATCH
from search.models import ArchiveEntry
from tests.column.transfer.archives import bring_in, jpeg, row, run, told, write_csv
from tests.factories import column_page, make_article, make_user

pytestmark = pytest.mark.django_db


def test_the_same_file_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(jpeg())
    rows = [
        row(1, photos="a.jpg", departments="so-y-te"),
        row(2, kind="news", corrections="đính chính @ 09:00, 20/02/2017 = Sửa."),
    ]
    bring_in(tmp_path, *rows)
    before = (PageLogEntry.objects.count(), CoverageChange.objects.count())

    again = bring_in(tmp_path, *rows)

    assert (again.counts.unchanged, again.counts.added, again.counts.updated) == (2, 0, 0)
    assert (PageLogEntry.objects.count(), CoverageChange.objects.count()) == before
    assert Story.objects.get(external_id="cu-2").corrections.count() == 1


def test_a_changed_row_becomes_a_version_of_the_same_story(tmp_path: Path) -> None:
    bring_in(tmp_path, row(1, source_url="https://baodanang.vn/cu/bai-1/"))
    first = Article.objects.get()

    report = bring_in(
        tmp_path, row(1, title="Tiêu đề mới", body="Chữ mới.", source_url="https://baodanang.vn/cu/bai-1/")
    )

    story = Article.objects.get()
    assert (report.counts.updated, told(report)) == (1, [])
    assert (story.pk, story.public_id, story.title) == (first.pk, first.public_id, "Tiêu đề mới")
    assert story.first_published_at == first.first_published_at
    assert story.slot.day == date(2017, 2, 16)
    assert story.revisions.count() == 2
    assert ArchiveEntry.objects.get(story=story.pk).title == "Tiêu đề mới"
    assert Redirect.objects.filter(redirect_page=story.pk, automatically_created=False).count() == 1
    assert (
        bring_in(
            tmp_path, row(1, title="Tiêu đề mới", body="Chữ mới.", source_url="https://baodanang.vn/cu/bai-1/")
        ).counts.unchanged
        == 1
    )


def test_a_new_date_moves_the_article_to_its_slot(tmp_path: Path) -> None:
    bring_in(tmp_path, row(1))
    bring_in(tmp_path, row(1, published_at="06:00, 23/02/2017"))
    story = Article.objects.get()
    assert (story.issue_date, story.slot.day) == (date(2017, 2, 23), date(2017, 2, 23))
    assert Slot.objects.get(day=date(2017, 2, 16)).story is None
    assert story.first_published_at == datetime(2017, 2, 23, 6, tzinfo=TZ)


def test_what_staff_edited_is_told_and_kept_in_the_history(tmp_path: Path) -> None:
    bring_in(tmp_path, row(1))
    story = Article.objects.get()
    story.title = "Sửa tay"
    story.save_revision().publish()

    assert bring_in(tmp_path, row(1)).counts.unchanged == 1
    assert Article.objects.get().title == "Sửa tay"

    report = bring_in(tmp_path, row(1, title="Từ tệp"))
    assert [reason for _row, _column, reason in told(report)] == [
        "Bài đã được sửa tay sau lần nhập trước; bản trong tệp thay vào, bản cũ còn trong lịch sử."
    ]
    assert [revision.content["title"] for revision in Article.objects.get().revisions.order_by("pk")] == [
        "Một cửa hiện đại ở phường", "Sửa tay", "Từ tệp",
    ]  # fmt: skip


def test_what_staff_coded_survives_and_what_the_import_wrote_follows_the_file(tmp_path: Path) -> None:
    bring_in(tmp_path, row(1, departments="so-y-te|so-cong-thuong>trach-nhiem"))
    story = Article.objects.get()
    units, criteria = (
        dict(Department.objects.values_list("code", "pk")),
        dict(Criterion.objects.values_list("slug", "pk")),
    )
    kept = recording.Row(units["so-cong-thuong"], criteria["trach-nhiem"], "Bằng chứng của người", tone="praise")
    by_hand = recording.Row(units["so-tu-phap"], None)
    recording.record(
        story, [recording.Row(units["so-y-te"]), kept, by_hand], user=make_user("nguoi"), at=timezone.now()
    )

    bring_in(tmp_path, row(1, departments="so-noi-vu|so-cong-thuong>trach-nhiem"))

    rows = story.coverage.values_list("department__code", "criterion__slug", "evidence", "tone")
    assert set(rows) == {
        ("so-noi-vu", None, "", ""),
        ("so-cong-thuong", "trach-nhiem", "Bằng chứng của người", "praise"),
        ("so-tu-phap", None, "", ""),
    }


def test_a_story_of_another_kind_or_taken_down_is_left_alone(tmp_path: Path) -> None:
    bring_in(tmp_path, row(1), row(2, kind="news"))
    take_down(NewsItem.objects.get(), make_user("tbt", is_superuser=True), reason="x")

    rows = [row(1, kind="news"), row(2, kind="news", title="Khác")]
    dry = bring_in(tmp_path, *rows, dry_run=True)
    report = bring_in(tmp_path, *rows)

    assert [problem.reason for problem in report.shown] == [
        "Loại trong tệp (Tin) khác loại của bài đã nhập (Bài viết).", "Bài này đã bị gỡ.",
    ]  # fmt: skip
    assert (dry.counts, dry.shown) == (report.counts, report.shown)
    assert report.counts.refused == 2
    assert set(Story.objects.values_list("title", flat=True)) == {"Một cửa hiện đại ở phường"}


def test_an_unpublished_story_gets_a_draft_and_stays_unseen(tmp_path: Path) -> None:
    bring_in(tmp_path, row(1))
    Article.objects.get().unpublish()
    bring_in(tmp_path, row(1, title="Bản trong tệp"))
    story = Article.objects.get()
    assert (story.live, story.get_latest_revision_as_object().title) == (False, "Bản trong tệp")


def test_stories_that_name_later_rows_are_linked_at_the_end(tmp_path: Path) -> None:
    body = (
        '<p>Xem <a data-story="cu-2">bài sau</a> và <a data-story="cu-9">bài mất</a>.</p>'
        '<ul data-block="related"><li data-story="cu-2"></li></ul>'
    )
    rows = [row(1, body=body), row(2, kind="news")]
    report = bring_in(tmp_path, *rows)

    first, second = Article.objects.get(), NewsItem.objects.get()
    assert first.body[0].value.source == f'<p>Xem <a linktype="page" id="{second.pk}">bài sau</a> và bài mất.</p>'
    assert [story.pk for story in first.body[1].value["stories"]] == [second.pk]
    assert told(report) == [(2, "body", "Bài nhắc đến tin, bài không có trong kho: cu-9.")]
    assert bring_in(tmp_path, *rows).counts.unchanged == 2


def test_a_full_slot_keeps_its_article(tmp_path: Path) -> None:
    ours = make_article("Của ta", issue_date=date(2017, 2, 16))
    Slot.objects.update_or_create(
        column=column_page(), day=date(2017, 2, 16), defaults={"story": ours, "publish_time": "06:00"}
    )
    Slot.objects.update_or_create(
        column=column_page(), day=date(2017, 2, 23), defaults={"skip_reason": "Nghỉ", "publish_time": "06:00"}
    )
    report = bring_in(tmp_path, row(1), row(2, published_at="23/02/2017"), row(3, published_at="02/03/2017"))

    assert [reason for _row, _column, reason in told(report)] == [
        "Kỳ thứ Năm này đã có bài khác.", "Kỳ thứ Năm này đã ghi là nghỉ kỳ.",
    ]  # fmt: skip
    held = {
        slot.day: slot.story and slot.story.title
        for slot in Slot.objects.filter(day__range=("2017-02-16", "2017-03-02"))
    }
    assert held == {date(2017, 2, 16): "Của ta", date(2017, 2, 23): None, date(2017, 3, 2): "Một cửa hiện đại ở phường"}


def test_an_old_address_that_leads_elsewhere_stays(tmp_path: Path, client: Any) -> None:
    rows = [
        row(1, source_url="https://www.baodanang.vn/a/b/?x=1"), row(2, kind="news", source_url="https://baodanang.vn/a/b?x=1"),
    ]  # fmt: skip
    report = bring_in(tmp_path, *rows)
    assert told(report) == [(3, "source_url", "Địa chỉ cũ “/a/b?x=1” đã dẫn tới bài khác.")]
    assert told(bring_in(tmp_path, *rows)) == told(report)
    story = Article.objects.get()
    answer = client.get("/a/b/?x=1")
    assert (answer.status_code, answer["Location"]) == (301, story.get_url())


def test_listeners_hear_of_every_story_inside_the_transaction(tmp_path: Path) -> None:
    from django.db import connection

    heard: list[tuple[tuple[int, ...], bool]] = []

    def listen(ids: tuple[int, ...], **kwargs: Any) -> None:
        heard.append((ids, connection.in_atomic_block))

    stories_changed.connect(listen)
    try:
        bring_in(tmp_path, row(1), row(2, kind="news"))
    finally:
        stories_changed.disconnect(listen)
    assert [(set(ids), inside) for ids, inside in heard] == [(set(Story.objects.values_list("pk", flat=True)), True)]


# Commands and interruption ------------------------------------------------------------------------------------------


def test_the_command_tells_and_writes_its_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_csv(tmp_path / "kho.csv", [row(1), row(2, title="")])
    with pytest.raises(SystemExit) as ended:
        call_command("import_archive", path, report=tmp_path / "loi.csv")
    assert ended.value.code == 2
    out = capsys.readouterr()
    assert "2 dòng; thêm 1, cập nhật 0, không đổi 0, không nhận 1" in " ".join(out.out.split())
    assert "dòng/s" in out.err
    assert (tmp_path / "loi.csv").read_text(encoding="utf-8-sig").splitlines()[1].startswith("3,Lỗi,cu-2,title,")

    call_command("export_archive", tmp_path / "ra.jsonl")
    assert run(tmp_path / "ra.jsonl").counts.unchanged == 1


def test_the_command_says_what_is_wrong_with_the_file(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không mở được tệp"):
        call_command("import_archive", tmp_path / "nope.csv")
    with pytest.raises(CommandError, match="Đuôi tệp"):
        call_command("export_archive", tmp_path / "ra.xlsx")


@pytest.mark.slow
@pytest.mark.parametrize("blow", [signal.SIGINT, signal.SIGKILL])
def test_an_import_that_was_struck_down_goes_on(
    tmp_path: Path, process_environment: Callable[..., dict[str, str]], blow: signal.Signals
) -> None:
    total = 3 * BATCH + 100
    path = write_csv(
        tmp_path / "kho.csv", [row(number, kind="news", departments="so-y-te") for number in range(1, total + 1)]
    )
    environment = process_environment()
    command = [sys.executable, "manage.py", "import_archive", str(path)]
    root = Path(__file__).parents[3]
    first = subprocess.Popen(
        command, env=environment, cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        # A shell's background job ignores Ctrl-C, and so would its children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - one thread
    )  # fmt: skip
    deadline = time.monotonic() + 60
    while stories(environment) == 0 and time.monotonic() < deadline and first.poll() is None:
        time.sleep(0.01)
    os.kill(first.pid, blow)
    _out, err = first.communicate(timeout=60)
    if blow == signal.SIGINT:
        assert "chạy lại đúng lệnh này để nhập tiếp" in err
    left = stories(environment)
    assert 0 < left < total
    assert left % BATCH == 0

    again = subprocess.run(command, env=environment, cwd=root, check=True, capture_output=True, text=True)
    assert f"thêm {total - left:,}".replace(",", ".") in " ".join(again.stdout.split())
    checks = subprocess.run(
        [sys.executable, "-c", _CHECK], env=environment, cwd=root, check=True, capture_output=True, text=True
    )
    counts, sound = [*[str(total)] * 3, str(2 * total), str(total)], ["([],", "[],", "[],", "[],", "[])"]
    assert checks.stdout.split() == counts + sound


def stories(environment: dict[str, str]) -> int:
    """How many stories another process has committed; a look that costs milliseconds."""
    url = environment["DATABASE_URL"]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            return int(database.execute("SELECT count(*) FROM column_story").fetchone()[0])
    import psycopg

    with psycopg.connect(url) as server:
        row_ = server.execute("SELECT count(*) FROM column_story").fetchone()
        return int(row_[0]) if row_ else 0


_SETUP = "import django; django.setup()\nfrom column.stories.models import Story\n"
_CHECK = f"""{_SETUP}
from column.coverage.models import Coverage
from search.models import ArchiveEntry
from wagtail.models import Page, PageLogEntry, Revision
log = PageLogEntry.objects.filter(action__in=["wagtail.create", "wagtail.publish"], content_type__model="newsitem")
print(Story.objects.live().count(), Coverage.objects.count(), Revision.objects.count(), log.count())
print(ArchiveEntry.objects.count(), Page.find_problems())
"""
