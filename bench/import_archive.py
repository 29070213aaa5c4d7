"""The archive's way in against Wagtail's own: 20,000 stories from a file, searchable at the end.

Each side runs in a process of its own, so that memory is that side's, with the same settings of SQLite. The baseline is
a stock Wagtail with the same tables and an archive of the same size in its own search; there 100 of the same texts
are made by ``add_child`` and published by ``save_revision().publish()``. The same calls on our pages, in the archive
that the import has just filled, stand beside it: that is what an editor's *Publish* costs here.

Counted in processor time: both sides are one process that hardly waits, and the sides run minutes apart, so that what
else the machine does meanwhile would be measured too. On an idle machine the clock gives the same ratios.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench import Row

STORIES = 20_000
SAMPLE = 100
#: Bytes of a story's text.
SIZE = 3000
MUST_RATIO = 20
MUST_MEMORY = 400


def main(argv: Sequence[str] = ()) -> list[Row]:
    """The rows of the table: stories a second against both baselines, and the import's peak memory in MB."""
    parser = argparse.ArgumentParser(prog="bench.import_archive")
    parser.add_argument("--stories", type=int, default=STORIES)
    parser.add_argument("--part", choices=list(_PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.part:
        _PARTS[given.part](given.folder, given.stories)
        return []
    with tempfile.TemporaryDirectory(prefix="bench-import-") as folder:
        _run(folder, "prepare", given.stories)
        ours = _run(folder, "import", given.stories)
        beside = _run(folder, "baseline", given.stories)
        theirs = _run(folder, "stock", given.stories, settings="bench.stock.settings")
    ratio = ours["per_second"] / theirs["per_second"]
    return [
        Row(f"import_archive, {given.stories} tin, bài", ours["per_second"], theirs["per_second"], "bài/s CPU", ratio,
            f"≥ {MUST_RATIO}", ratio >= MUST_RATIO),
        Row("  bên cạnh: add_child, publish trên trang của ta", ours["per_second"], beside["per_second"], "bài/s CPU",
            ours["per_second"] / beside["per_second"], "≥ 10", ours["per_second"] >= 10 * beside["per_second"]),
        Row("import_archive, bộ nhớ cao nhất", ours["memory"], MUST_MEMORY, "MB", ours["memory"] / MUST_MEMORY,
            f"< {MUST_MEMORY} MB", ours["memory"] < MUST_MEMORY),
    ]  # fmt: skip


def _run(folder: str, part: str, stories: int, settings: str = "newsroom.settings.test") -> dict[str, float]:
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": settings, "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "STOCK_DATABASE": f"sqlite:///{folder}/stock.sqlite3",
    }  # fmt: skip
    command = [
        sys.executable,
        "-m",
        "bench.import_archive",
        "--part",
        part,
        "--folder",
        folder,
        "--stories",
        str(stories),
    ]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def rows(count: int, units: Sequence[str], criteria: Sequence[str], seed: int = 20170216) -> Iterator[dict[str, str]]:
    """Rows of the archive format: bodies of 3 kB, two to four coverage items each."""
    from bench.writer import Writer  # Django must be set up first

    writer = Writer(seed)
    rng = random.Random(seed)  # noqa: S311 - what a row holds is no secret
    for number in range(count):
        day = date(2014, 1, 2) + timedelta(days=rng.randrange(12 * 365))
        kind = rng.choices(["article", "news", "photo", "tin_anh"], weights=[2, 6, 1, 1])[0]
        moment = f"{rng.randrange(6, 22):02}:{rng.randrange(60):02}, {day:%d/%m/%Y} (GMT+7)"
        covered = [f"{unit}>{rng.choice(criteria)}" for unit in rng.sample(units, rng.randint(1, 3))]
        paragraphs = writer.paragraphs((), SIZE)
        body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs) if number % 2 else "\n\n".join(paragraphs)
        yield {
            "external_id": f"cu-{number}", "kind": kind, "title": writer.words(11).capitalize(),
            "standfirst": writer.sentence(()), "body": body, "byline": f"PHÓNG VIÊN {rng.randrange(60)}",
            "published_at": moment, "departments": "|".join(covered),
            "criteria": rng.choice(criteria), "source_url": f"https://baodanang.vn/channel/5399/{number}/",
        }  # fmt: skip


def _setup() -> None:
    import django

    django.setup()


def _prepare(folder: Path, stories: int) -> None:
    _setup()
    from django.core.management import call_command

    from column.coverage.models import Criterion
    from column.departments.models import Department
    from column.transfer.columns import COLUMNS

    call_command("migrate", verbosity=0, interactive=False)
    # Units without an end: on any day of the archive they exist.
    units = list(Department.objects.filter(earliest_from=None, latest_to=None).values_list("code", flat=True))
    criteria = list(Criterion.objects.values_list("slug", flat=True))
    with (folder / "kho.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows(stories, units, criteria))
    _answer({})


def _import(folder: Path, stories: int) -> None:
    _setup()
    from column.transfer.importing import import_archive
    from column.transfer.report import Report

    start = time.process_time()
    with Report(folder / "bao-cao.csv") as report:
        for _progress in import_archive(folder / "kho.csv", report=report):
            pass
    seconds = time.process_time() - start
    if report.counts.added != stories:
        raise SystemExit(f"{report.counts} {report.shown[:3]}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    _answer({"per_second": stories / seconds, "memory": memory})


def _baseline(folder: Path, stories: int) -> None:
    _setup()
    from column.stories.models import ColumnPage, NewsItem

    _by_hand(NewsItem, ColumnPage.objects.get())


def _stock(folder: Path, stories: int) -> None:
    _setup()
    from bench.stock import filling
    from bench.stock.models import StockArticle

    _by_hand(StockArticle, filling.fill(stories, SIZE))


def _by_hand(model: Any, parent: Any) -> None:
    """Make and publish the sample below *parent*, as a script for stock Wagtail does."""
    from bench.writer import Writer, credit_of

    writer = Writer(7)
    texts = [(writer.words(11).capitalize(), writer.sentence(()), writer.paragraphs((), SIZE)) for _ in range(SAMPLE)]
    start = time.process_time()
    for title, standfirst, paragraphs in texts:
        body = [("paragraph", "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs))]
        story = model(title=title, standfirst=standfirst, live=False, body=body, **credit_of(model))
        parent.add_child(instance=story)
        story.save_revision().publish()
    _answer({"per_second": SAMPLE / (time.process_time() - start)})


def _answer(result: dict[str, float]) -> None:
    sys.stdout.write(f"{json.dumps(result)}\n")


_PARTS = {"prepare": _prepare, "import": _import, "baseline": _baseline, "stock": _stock}

if __name__ == "__main__":
    for row in main(sys.argv[1:]):
        sys.stdout.write(f"{row}\n")
