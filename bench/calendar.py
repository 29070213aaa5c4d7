"""The calendar with ten years of Thursdays against Wagtail's own page explorer, on one archive in one process.

Both are asked in turn as a managing editor, through every layer but the network: the explorer shows the first fifty of
the column's 20,000 stories, the year its fifty-two Thursdays, the board and the list a quarter with drafts ahead.
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
from datetime import timedelta
from pathlib import Path

from bench import Row

STORIES, YEARS, ROUNDS = 20_000, 10, 15
MUST_RATIO = 2.0
#: Bytes of a text; no screen here shows one.
TEXT = 600
#: Thursdays ahead that hold a draft; the tray holds as many.
AHEAD = 8


def main(argv: Sequence[str] = ()) -> list[Row]:
    """A row each for year, board and list: milliseconds, medians of turns, as a ratio to the explorer's."""
    parser = argparse.ArgumentParser(prog="bench.calendar")
    parser.add_argument("--stories", type=int, default=STORIES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--part", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.part:
        sys.stdout.write(f"{json.dumps(_measure(given.stories, given.rounds))}\n")
        return []
    with tempfile.TemporaryDirectory(prefix="bench-calendar-") as name:
        environment = {
            "DJANGO_SETTINGS_MODULE": "newsroom.settings.dev", "DATA_DIR": name, "DEBUG": "false",
            "ALLOWED_HOSTS": "testserver", "DATABASE_URL": f"sqlite:///{Path(name) / 'ours.sqlite3'}",
        }  # fmt: skip
        _run(["manage.py", "prepare"], environment)
        wanted = ["--part", "--stories", str(given.stories), "--rounds", str(given.rounds)]
        taken = json.loads(_run(["-m", "bench.calendar", *wanted], environment).splitlines()[-1])
    baseline = taken.pop("explorer")
    return [
        Row(f"lịch đăng, {YEARS} năm kỳ đăng, kho {given.stories}: {name}", spent, baseline, "ms", spent / baseline,
            f"≤ {MUST_RATIO:g}", spent / baseline <= MUST_RATIO)
        for name, spent in taken.items()
    ]  # fmt: skip


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *command], env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _measure(stories: int, rounds: int) -> dict[str, float]:
    """Milliseconds by screen; *explorer* is the baseline."""
    import django

    django.setup()
    from django.contrib.auth.models import Group
    from django.test import Client
    from django.urls import reverse

    from bench.corpus import make
    from column.people.models import User
    from column.people.roles import Role

    column = make(stories, size=TEXT)
    editor = User.objects.create_user("do-thu")
    editor.groups.add(Group.objects.get(name=Role.MANAGING_EDITOR))
    _fill(column, editor)
    client = Client()
    client.force_login(editor)
    addresses = {
        "explorer": reverse("wagtailadmin_explore", args=[column.pk]), "một năm": reverse("schedule_year"),
        "bảng quý": reverse("schedule_slots"), "danh sách quý": reverse("schedule_list"),
    }  # fmt: skip
    spent: dict[str, list[float]] = {name: [] for name in addresses}
    for number in range(rounds + 2):
        for name, address in addresses.items():
            start = time.perf_counter()
            status = client.get(address).status_code
            if status != 200:
                raise RuntimeError(f"{address} answered {status}")
            if number >= 2:  # the first looks fill caches of templates and of the tree
                spent[name].append((time.perf_counter() - start) * 1000)
    return {name: statistics.median(times) for name, times in spent.items()}


def _fill(column: object, editor: object) -> None:
    """Ten years of Thursdays: each past one with a story of the archive, the next with drafts; as many in the tray."""
    from django.utils import timezone

    from column.schedule.models import Slot
    from column.schedule.slots import assign, ensure_slots
    from column.stories.models import Article, ColumnPage

    assert isinstance(column, ColumnPage)
    today = timezone.localdate()
    ensure_slots(column, today.replace(year=today.year - YEARS, day=1), today + timedelta(days=371))
    past = list(Slot.objects.filter(day__lt=today).order_by("-day"))
    for slot, story in zip(past, Article.objects.filter(live=True).order_by("-pk")[: len(past)], strict=False):
        slot.story, slot.published_at, slot.late_minutes = story, slot.due_at, 0
    Slot.objects.bulk_update(past, ["story", "published_at", "late_minutes"], batch_size=200)
    ahead = list(Slot.objects.filter(day__gte=today).order_by("day")[:AHEAD])
    for number in range(2 * AHEAD):
        article = Article(title=f"Bản nháp số {number}", owner=editor, live=False)
        column.add_child(instance=article)
        article.save_revision()
        if number < AHEAD:
            assign(ahead[number], article, editor)


if __name__ == "__main__":
    for row in main(sys.argv[1:]):
        sys.stdout.write(f"{row}\n")
