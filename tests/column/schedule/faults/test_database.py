"""The database goes away in the middle of a publication: a clean error, nothing half-published, and on it goes."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import time_machine
from django.conf import settings
from django.db import DatabaseError, connection, connections

from column.schedule.models import PublishFailure
from column.schedule.publishing import publish_due
from tests.column.schedule.desk import BEFORE, DUE, scheduled
from tests.column.schedule.faults.harm import WAITING, in_process, out_at, state_of
from tests.postgres import Server

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

KILOBYTE = 1024


def out_of_room() -> None:
    """No file of this process may grow any more, but by what hardly anything needs; the kernel refuses the rest."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    log = Path(f"{settings.DATABASES['default']['NAME']}-wal")
    room = log.stat().st_size if log.exists() else 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (room + 64 * KILOBYTE, resource.RLIM_INFINITY))


def few_pages() -> None:
    """SQLite's own limit: the file is as large as it may be."""
    with connection.cursor() as cursor:
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")


@pytest.mark.parametrize("fill", [out_of_room, few_pages])
def test_sqlite_without_room(fill: Callable[[], None]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own disk")
    with time_machine.travel(BEFORE, tick=False):
        article = scheduled("Bài dài", paragraphs=("Cán bộ trực giải thích từng bước, ghi rõ ngày hẹn trả. " * 4000,))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def work() -> Any:
        fill()
        with time_machine.travel(DUE, tick=False):
            try:
                report = publish_due(DUE)
            except DatabaseError as error:
                return {"raised": str(error)}
            reasons = PublishFailure.objects.values_list("error", flat=True)
            return {"published": report.published, "failed": report.failed, "raised": " ".join(reasons)}

    told = in_process(work)[1]()
    assert told.get("published", []) == [], told
    assert told.get("failed", [str(article.pk)]) == [str(article.pk)], told
    assert "full" in told["raised"] or "disk I/O" in told["raised"], told
    assert state_of(article.pk) == WAITING
    # There is room again. Whatever was written down about the failure, its pause is short; the lease runs out.
    later = DUE + timedelta(minutes=1)
    with time_machine.travel(later, tick=False):
        assert publish_due(later).published == [str(article.pk)]
        assert publish_due(later).due == []
    assert state_of(article.pk) == out_at(later)
    assert not PublishFailure.objects.exists()


#: The worker as it is, but for a pause in its first publication, in the middle of the transaction.
WORKER = """
import sys, time
from pathlib import Path
import django
django.setup()
from django.core.management import call_command
from wagtail.signals import page_published
marker = Path(sys.argv[1])
def pause(**kwargs):
    if not marker.exists():
        marker.touch()
        time.sleep(4)
page_published.connect(pause, weak=False)
call_command("worker")
"""


@pytest.fixture
def second_server() -> Iterator[Server]:
    server = Server()
    try:
        server.make()
        server.start()
        yield server
        server.stop()
    finally:
        server.remove()


def copied_to(server: Server) -> str:
    """This test's database as it stands, on the other server; its address there."""
    connections.close_all()
    kept = connection.settings_dict
    target = server.url.rpartition("/")[0] + "/copy"
    with psycopg.connect(server.url, autocommit=True) as admin:
        admin.execute("CREATE DATABASE copy")
    source = ["--host", kept["HOST"], "--username", kept["USER"], kept["NAME"]]
    dump = subprocess.run([str(server.bin / "pg_dump"), *source], capture_output=True, check=True)
    subprocess.run(
        [str(server.bin / "psql"), "--quiet", "--set", "ON_ERROR_STOP=1", "--host", str(server.folder), "--username",
         "newsroom", "copy"],
        input=dump.stdout, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    return target


def waited_for(what: Callable[[], Any], seconds: float) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.1)
    return what()


def counts(url: str, pk: int) -> tuple[Any, ...]:
    """Live, still scheduled, entries in the log, in the ledger, in the index, proofs."""
    with psycopg.connect(url) as reader:
        row = reader.execute(
            """
            SELECT page.live,
                (SELECT count(*) FROM wagtailcore_revision
                 WHERE object_id = page.id::text AND approved_go_live_at IS NOT NULL),
                (SELECT count(*) FROM wagtailcore_pagelogentry
                 WHERE page_id = page.id AND action IN ('wagtail.publish', 'wagtail.publish.scheduled')),
                (SELECT count(*) FROM column_slotevent WHERE story_id = page.id AND action = 'published'),
                (SELECT count(*) FROM search_archiveentry WHERE story_id = page.id),
                (SELECT count(*) FROM column_proof WHERE story_id = page.id)
            FROM wagtailcore_page AS page WHERE page.id = %s
            """,
            [pk],
        ).fetchone()
    assert row is not None
    return tuple(row)


def test_postgres_is_stopped_in_the_middle(second_server: Server, tmp_path: Path) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    with time_machine.travel(BEFORE, tick=False):
        article = scheduled()
    url = copied_to(second_server)
    waiting, out = (False, 1, 0, 0, 0, 0), (True, 0, 1, 1, 1, 1)
    assert counts(url, article.pk) == waiting
    marker, log = tmp_path / "in-the-middle", tmp_path / "worker.log"
    environment = {
        **{key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")},
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings.dev",
        "DATA_DIR": str(tmp_path / "data"),
    }
    with (
        log.open("wb") as out_file,
        subprocess.Popen(
            [sys.executable, "-c", WORKER, str(marker)], env=environment, stdout=out_file, stderr=out_file
        ) as worker,
    ):
        try:
            assert waited_for(marker.exists, 60), log.read_text()
            second_server.stop()
            # It finds out while nobody answers, and goes on asking.
            time.sleep(6)
            assert worker.poll() is None, log.read_text()
            # Held still for a moment, so that we can look before it goes on by itself.
            worker.send_signal(signal.SIGSTOP)
            second_server.start()
            assert counts(url, article.pk) == waiting
            worker.send_signal(signal.SIGCONT)
            assert waited_for(lambda: counts(url, article.pk)[0], 60), log.read_text()
            assert counts(url, article.pk) == out
            time.sleep(2)
            assert counts(url, article.pk) == out
        finally:
            worker.send_signal(signal.SIGCONT)
            worker.terminate()
    assert worker.returncode == 0, log.read_text()
