"""What is due goes out: 500 articles of one moment in an archive of 20,000, against Wagtail's own command.

Both sides publish as many texts of the same length, each in a database of its own: ours articles on Thursdays, with
byline, ledger, index and proof, and a version among them that cannot be published; the baseline pages of the same
tables in a stock Wagtail, by its ``publish_scheduled``, none of them broken, since it would stop there. SQLite with
the same settings for both, and a temporary PostgreSQL. Then the worker as it runs in the newsroom, beside the web
server: what it costs idle, and how soon a single story is out.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench import Row
from bench.load import serving

DUE, ARCHIVE, SINGLES, IDLE = 500, 20_000, 60, 20.0
MUST = {"SQLite": 1.3, "PostgreSQL": 0.9}
MUST_BE_OUT = 3.0
MUST_IDLE, MUST_MEMORY = 1.0, 200.0
#: Bytes of a text that is published, and of those that only lie in the archive.
TEXT, ARCHIVED = 3000, 600
#: Seconds between two single stories, on average; none divides the worker's tick.
APART = 0.67


def main(argv: Sequence[str] = ()) -> list[Row]:
    """Stories a second on both databases, the delay of single ones, the idle worker's processor time and memory."""
    parser = argparse.ArgumentParser(prog="bench.publishing")
    parser.add_argument("--due", type=int, default=DUE)
    parser.add_argument("--archive", type=int, default=ARCHIVE)
    parser.add_argument("--singles", type=int, default=SINGLES)
    parser.add_argument("--idle", type=float, default=IDLE)
    parser.add_argument("--part", choices=list(_PARTS), help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.part:
        sys.stdout.write(f"{json.dumps(_PARTS[given.part](given))}\n")
        return []
    with tempfile.TemporaryDirectory(prefix="bench-publishing-") as name:
        folder = Path(name)
        rows = _against_stock("SQLite", f"sqlite:///{folder}/ours.sqlite3", f"sqlite:///{folder}/stock.sqlite3", given)
        rows += _postgres(given)
        rows += _worker(folder, given)
    return rows


def _against_stock(database: str, ours: str, stock: str, given: argparse.Namespace) -> list[Row]:
    at_work = {"DATABASE_URL": ours, "DJANGO_SETTINGS_MODULE": "newsroom.settings.dev"}
    beside = {"STOCK_DATABASE": stock, "DJANGO_SETTINGS_MODULE": "bench.stock.settings"}
    _part("fill", given, at_work)
    _part("fill_stock", given, beside)
    done = _part("publish", given, at_work)
    baseline = _part("publish_stock", given, beside)
    if done["live"] != given.due or done["failed"] != 1 or baseline["live"] != given.due:
        raise RuntimeError(f"not all are out: {done} {baseline}")
    ratio, must = done["per_second"] / baseline["per_second"], MUST[database]
    return [
        Row(f"{given.due} bài cùng đến giờ, kho {given.archive}, một bản hỏng: {database}", done["per_second"],
            baseline["per_second"], "bài/s", ratio, f"≥ {must:g}", ratio >= must),
    ]  # fmt: skip


def _postgres(given: argparse.Namespace) -> list[Row]:
    from tests.postgres import Missing, server

    try:
        with server() as url:
            base = url.rpartition("/")[0]
            _part("databases", given, {"DATABASE_URL": url})
            return _against_stock("PostgreSQL", f"{base}/ours", f"{base}/stock", given)
    except Missing as reason:
        sys.stderr.write(f"PostgreSQL: skipped, {reason}\n")
        return []


def _worker(folder: Path, given: argparse.Namespace) -> list[Row]:
    """On the database that the 500 went out of: a web server, a worker, and one story after the other."""
    environment = {"DATABASE_URL": f"sqlite:///{folder}/ours.sqlite3", "DATA_DIR": str(folder / "data"),
                   "DJANGO_SETTINGS_MODULE": "newsroom.settings.dev", "ALLOWED_HOSTS": "127.0.0.1"}  # fmt: skip
    subprocess.run(
        [sys.executable, "manage.py", "prepare"], env={**os.environ, **environment}, check=True, stdout=sys.stderr
    )
    with serving("newsroom.wsgi:application", environment, folder / "web.log", 1) as port:
        environment["SITE_URL"] = f"http://127.0.0.1:{port}"
        command = [sys.executable, "manage.py", "worker"]
        with (
            (folder / "worker.log").open("wb") as log,
            subprocess.Popen(  # noqa: S603 - our own command
                command, env={**os.environ, **environment}, stdout=log, stderr=log
            ) as worker,
        ):
            try:
                _part("wait_for_proofs", given, environment)
                began, used = time.monotonic(), _processor_seconds(worker.pid)
                time.sleep(given.idle)
                idle = (_processor_seconds(worker.pid) - used) / (time.monotonic() - began) * 100
                memory = _memory(worker.pid)
                delays = sorted(_part("singles", given, environment)["delays"])
            finally:
                worker.terminate()
    p99 = delays[min(int(len(delays) * 0.99), len(delays) - 1)]
    return [
        Row(f"đến giờ → lên trang, p99 của {len(delays)} bài lẻ (trung vị {statistics.median(delays):.2f} s)", p99,
            MUST_BE_OUT, "s", p99 / MUST_BE_OUT, f"< {MUST_BE_OUT:g} s", p99 < MUST_BE_OUT),
        Row("tiến trình nền khi rảnh", idle, MUST_IDLE, "% một nhân", idle / MUST_IDLE, f"< {MUST_IDLE:g} %",
            idle < MUST_IDLE),
        Row("tiến trình nền, bộ nhớ", memory, MUST_MEMORY, "MB", memory / MUST_MEMORY, f"< {MUST_MEMORY:g} MB",
            memory < MUST_MEMORY),
    ]  # fmt: skip


def _processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    """The most that the process ever held, in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _part(name: str, given: argparse.Namespace, environment: dict[str, str]) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.publishing", "--part", name, "--due", str(given.due),
               "--archive", str(given.archive), "--singles", str(given.singles)]  # fmt: skip
    done = subprocess.run(  # noqa: S603 - our own command
        command,
        env={**os.environ, **environment},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return dict(json.loads(done.stdout.splitlines()[-1]))


# In processes of their own; Django's models exist only after the setup -------------------------------------------


def _setup() -> None:
    import django

    django.setup()


def _databases(given: argparse.Namespace) -> dict[str, Any]:
    import psycopg

    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        for name in ("ours", "stock"):
            admin.execute(f'CREATE DATABASE "{name}"')
    return {}


def _texts(count: int) -> list[tuple[str, list[str]]]:
    from bench.writer import Writer

    writer = Writer(29)
    return [(writer.words(11).capitalize(), writer.paragraphs((), TEXT)) for _ in range(count)]


def _fill(given: argparse.Namespace) -> dict[str, Any]:
    _setup()
    from django.core.management import call_command
    from django.db import connection

    from bench import corpus
    from bench.writer import go_on_counting
    from column.schedule.models import Slot
    from column.stories.models import Article, Story
    from search import writing

    call_command("migrate", verbosity=0, interactive=False)
    column = corpus.make(given.archive, size=ARCHIVED)
    go_on_counting()
    writing.write(Story.objects.order_by("pk").values_list("pk", flat=True))
    Slot.objects.all().delete()
    texts = _texts(given.due + 1 + given.singles)
    stories = _drafts(Article, column, texts)
    first = date(1990, 1, 4)
    days = [first + timedelta(weeks=number) for number in range(len(stories))]
    slots = [
        Slot(column=column, day=day, story_id=story.pk, publish_time="06:00")
        for story, day in zip(stories, days, strict=True)
    ]
    Slot.objects.bulk_create(slots, batch_size=500)
    _poison(stories[0])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {}


def _drafts(model: Any, column: Any, texts: list[tuple[str, list[str]]]) -> list[Any]:
    """Drafts below *column*, each with one version, made as an editor makes them."""
    from django.db import transaction

    from bench.writer import credit_of

    stories = []
    with transaction.atomic():
        for title, paragraphs in texts:
            body = [("paragraph", f"<p>{paragraph}</p>") for paragraph in paragraphs]
            story = column.add_child(instance=model(title=title, live=False, body=body, **credit_of(model)))
            story.save_revision()
            stories.append(story)
    return stories


def _poison(story: Any) -> None:
    revision = story.latest_revision
    revision.content = {**revision.content, "title": ""}
    revision.save(update_fields=["content"])


def _schedule(model: Any, number: int) -> None:
    """The first drafts are due since a minute ago."""
    from wagtail.models import Page, Revision

    due = datetime.now(UTC) - timedelta(minutes=1)
    keys = list(model.objects.filter(live=False).order_by("pk").values_list("pk", flat=True)[:number])
    Revision.objects.filter(object_id__in=[str(key) for key in keys]).update(approved_go_live_at=due)
    Page.objects.filter(pk__in=keys).update(go_live_at=due)


def _publish(given: argparse.Namespace) -> dict[str, Any]:
    _setup()
    import logging

    from django.utils import timezone

    from column.schedule.publishing import publish_due
    from column.stories.models import Article

    logging.disable()  # the poison tells of itself
    _schedule(Article, given.due + 1)
    before = Article.objects.live().count()
    began = time.perf_counter()
    report = publish_due(timezone.now())
    seconds = time.perf_counter() - began
    live = Article.objects.live().count() - before
    return {"per_second": given.due / seconds, "live": live, "failed": len(report.failed)}


def _fill_stock(given: argparse.Namespace) -> dict[str, Any]:
    _setup()
    from bench.stock import filling
    from bench.stock.models import StockArticle

    _drafts(StockArticle, filling.fill(given.archive, ARCHIVED), _texts(given.due))
    return {}


def _publish_stock(given: argparse.Namespace) -> dict[str, Any]:
    _setup()
    from django.core.management import call_command

    from bench.stock.models import StockArticle

    _schedule(StockArticle, given.due)
    before = StockArticle.objects.live().count()
    began = time.perf_counter()
    call_command("publish_scheduled", verbosity=0)
    seconds = time.perf_counter() - began
    return {"per_second": given.due / seconds, "live": StockArticle.objects.live().count() - before}


def _wait_for_proofs(given: argparse.Namespace) -> dict[str, Any]:
    """Let go of what the 500 left to prove, and of the broken version: a worker measured idle has nothing to do."""
    _setup()
    from wagtail.models import Revision

    from column.schedule.proof.models import Proof

    Proof.objects.update(next_check_at=None)
    Revision.objects.update(approved_go_live_at=None)
    time.sleep(8)
    return {}


def _singles(given: argparse.Namespace) -> dict[str, Any]:
    """Seconds from each story's time until another process sees it live."""
    _setup()
    from django.utils import timezone
    from wagtail.models import Page, Revision

    from column.stories.models import Article

    keys = list(Article.objects.filter(live=False).order_by("-pk").values_list("pk", flat=True)[: given.singles])
    start = timezone.now() + timedelta(seconds=2)
    dues = {key: start + timedelta(seconds=APART * number) for number, key in enumerate(keys)}
    for key, due in dues.items():
        Revision.objects.filter(object_id=str(key)).update(approved_go_live_at=due)
        Page.objects.filter(pk=key).update(go_live_at=due)
    delays: dict[int, float] = {}
    until = max(dues.values()) + timedelta(seconds=30)
    while len(delays) < len(dues) and timezone.now() < until:
        for key in Page.objects.filter(pk__in=dues.keys() - delays.keys(), live=True).values_list("pk", flat=True):
            delays[key] = (timezone.now() - dues[key]).total_seconds()
        time.sleep(0.02)
    if len(delays) < len(dues):
        raise SystemExit(f"only {len(delays)} of {len(dues)} went out")
    return {"delays": list(delays.values())}


_PARTS = {
    "databases": _databases, "fill": _fill, "fill_stock": _fill_stock, "publish": _publish,
    "publish_stock": _publish_stock, "wait_for_proofs": _wait_for_proofs, "singles": _singles,
}  # fmt: skip

if __name__ == "__main__":
    for row in main(sys.argv[1:]):
        sys.stdout.write(f"{row}\n")
