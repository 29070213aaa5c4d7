"""A large table as XLSX against the library that writes it, fed with the same rows from a list; and the peak of memory.

Each side runs in a process of its own on one database. The baseline writes the very lines of the export, read
beforehand, with the same cells, formats and options (rows go out as they are made), and nothing else: ours reads and
words them on the way. Counted in processor time: both sides are one process that hardly waits.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench import Row

STORIES = 100_000
MUST_RATIO, MUST_MEMORY = 0.6, 300


def main(argv: Sequence[str] = ()) -> list[Row]:
    """The rows of the table: the speed of the export as a share of the bare writer's, and its peak memory in MB."""
    parser = argparse.ArgumentParser(prog="bench.exports")
    parser.add_argument("--stories", type=int, default=STORIES)
    parser.add_argument("--part", choices=list(_PARTS), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.part:
        _PARTS[given.part](given.folder, given.stories)
        return []
    with tempfile.TemporaryDirectory(prefix="bench-exports-") as folder:
        _run(folder, "prepare", given.stories)
        ours = _run(folder, "export", given.stories)
        theirs = _run(folder, "list", given.stories)
    ratio = theirs["seconds"] / ours["seconds"]
    return [
        Row(f"XLSX, {given.stories} tin, bài", given.stories / ours["seconds"], given.stories / theirs["seconds"],
            "bài/s CPU", ratio, f"≥ {MUST_RATIO}", ratio >= MUST_RATIO),
        Row("XLSX, bộ nhớ cao nhất", ours["memory"], MUST_MEMORY, "MB", ours["memory"] / MUST_MEMORY,
            f"≤ {MUST_MEMORY} MB", ours["memory"] <= MUST_MEMORY),
    ]  # fmt: skip


def _run(folder: str, part: str, stories: int) -> dict[str, float]:
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings.test",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
    }  # fmt: skip
    command = [sys.executable, "-m", "bench.exports", "--part", part, "--folder", folder, "--stories", str(stories)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    result: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return result


def _setup() -> None:
    import django

    django.setup()


def _prepare(folder: Path, stories: int) -> None:
    _setup()
    from django.core.management import call_command

    from bench.tally_rows import fill

    call_command("migrate", verbosity=0, interactive=False)
    fill(stories)
    _answer({})


def _export(folder: Path, stories: int) -> None:
    _setup()
    from django.http import QueryDict
    from django.utils import timezone

    from column.tallies.exports import xlsx
    from column.tallies.exports.tallied import report_of

    with _watched() as peak:
        start = time.process_time()
        report = report_of(QueryDict("dem=tin-bai"), at=timezone.now())
        with (folder / "bang.xlsx").open("wb") as file:
            xlsx.write(report, file, scratch=folder)
        seconds = time.process_time() - start
    if report.story_count < stories:
        raise SystemExit(f"{report.story_count} stories")
    _answer({"seconds": seconds, "memory": max(peak)})


@contextmanager
def _watched() -> Iterator[list[float]]:
    """The most memory (MB) of the process's own in a list; the database file that SQLite maps is the kernel's cache."""
    peak, done = [0.0], threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            lines = Path("/proc/self/status").read_text().splitlines()
            own = next(int(line.split()[1]) for line in lines if line.startswith("RssAnon"))
            peak[0] = max(peak[0], own / 1024)

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield peak
    finally:
        done.set()
        watcher.join()


def _list(folder: Path, stories: int) -> None:
    """The writer alone: the lines are in memory before the clock starts."""
    _setup()
    import xlsxwriter
    from django.http import QueryDict
    from django.utils import timezone

    from column.tallies.exports.tallied import report_of
    from column.text.spreadsheets import FONT, WORKBOOK_OPTIONS

    lines = [
        (place, line.day, line.kind, line.headline, line.bylines, "; ".join(line.rows), len(line.rows), line.url)
        for place, line in enumerate(report_of(QueryDict("dem=tin-bai"), at=timezone.now()).stories(), start=1)
    ]
    start = time.process_time()
    with xlsxwriter.Workbook(str(folder / "goc.xlsx"), WORKBOOK_OPTIONS | {"tmpdir": str(folder)}) as book:
        sheet = book.add_worksheet()
        text, wrap = book.add_format(FONT), book.add_format(FONT | {"text_wrap": True})
        number = book.add_format(FONT | {"num_format": "#,##0", "align": "right"})
        day = book.add_format(FONT | {"num_format": "dd/mm/yyyy", "align": "left"})
        for row, line in enumerate(lines, start=1):
            sheet.write_number(row, 0, line[0], number)
            sheet.write_datetime(row, 1, line[1], day)
            sheet.write_string(row, 2, line[2], text)
            sheet.write_string(row, 3, line[3], wrap)
            sheet.write_string(row, 4, line[4], text)
            sheet.write_string(row, 5, line[5], wrap)
            sheet.write_number(row, 6, line[6], number)
            sheet.write_string(row, 7, line[7], text)
    _answer({"seconds": time.process_time() - start})


def _answer(result: dict[str, float]) -> None:
    sys.stdout.write(f"{json.dumps(result)}\n")


_PARTS = {"prepare": _prepare, "export": _export, "list": _list}

if __name__ == "__main__":
    for row in main(sys.argv[1:]):
        sys.stdout.write(f"{row}\n")
