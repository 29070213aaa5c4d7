"""Why two certificates of 100,000 stories differ, against reading both of their lists.

The baseline is what cannot be spared: both lists, number and line, out of the database into memory. Ours is the whole
explanation of the total, and of one cell: read, compared, every differing story followed through the histories, the
parts added up. Two in a hundred stories differ: coded anew, re-dated, taken down, added. SQLite and a temporary
PostgreSQL; a size of a tenth in the same run says how the cost grows.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from bench import Row

STORIES, CHANGED_IN = 100_000, 50
MUST = 3.0
ROUNDS = 3
START = datetime(2026, 1, 1, tzinfo=UTC)


def main(argv: Sequence[str] = ()) -> list[Row]:
    """Two rows for each database: the total explained, and one cell, as ratios to reading both lists."""
    parser = argparse.ArgumentParser(prog="bench.explaining")
    parser.add_argument("--stories", type=int, default=STORIES)
    parser.add_argument("--part", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.part:
        sys.stdout.write(f"{json.dumps(_measure(given.stories))}\n")
        return []
    with tempfile.TemporaryDirectory(prefix="bench-explaining-") as folder:
        rows = _rows("SQLite", f"sqlite:///{folder}/db.sqlite3", given.stories)
    from tests.postgres import Missing, server

    try:
        with server() as url:
            rows += _rows("PostgreSQL", url, given.stories)
    except Missing as reason:
        sys.stderr.write(f"PostgreSQL: skipped, {reason}\n")
    return rows


def _rows(database: str, url: str, stories: int) -> list[Row]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings.test", "DATABASE_URL": url}
    command = [sys.executable, "-m", "bench.explaining", "--part", "--stories", str(stories)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    found = json.loads(done.stdout.splitlines()[-1])
    rows = []
    for what, name in (("tổng", "total"), ("một ô", "cell")):
        ratio = found[name] / found["reading"]
        rows.append(
            Row(f"giải thích chênh lệch, {what}, hai phiếu {stories} tin, bài: {database}", found[name] * 1000,
                found["reading"] * 1000, "ms", ratio, f"≤ {MUST:g}", ratio <= MUST)
        )  # fmt: skip
    small = found["small_total"] / found["small_reading"]
    rows.append(
        Row(f"  bên cạnh: hai phiếu {stories // 10} tin, bài: {database}", found["small_total"] * 1000,
            found["small_reading"] * 1000, "ms", small, f"≤ {MUST:g}", small <= MUST)
    )  # fmt: skip
    return rows


def _measure(stories: int) -> dict[str, float]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    found: dict[str, float] = {}
    for prefix, size in (("small_", stories // 10), ("", stories)):
        old, new = _certificates(size, seed=size)
        found |= {f"{prefix}{name}": seconds for name, seconds in _timed(old, new).items()}
    return found


def _timed(old: int, new: int) -> dict[str, float]:
    from column.tallies.certificates.models import Certificate, FrozenStory
    from column.tallies.explaining.explain import TOTAL, explain
    from column.tallies.explaining.sides import frozen_side

    def reading() -> None:
        for key in (old, new):
            lines = list(FrozenStory.objects.filter(certificate=key).order_by().values_list("number", "line"))
            assert lines

    def explained(cell: Any) -> Callable[[], None]:
        def one() -> None:
            sides = [frozen_side(Certificate.objects.get(pk=key)) for key in (old, new)]
            found = explain(*sides, cell)
            if sum(part.change for part in found.parts) != found.change or found.unknown or not found.parts:
                raise RuntimeError("the parts do not add up")

        return one

    cell = ("so-y-te", "", "ky-cuong")
    ways = {"reading": reading, "total": explained(TOTAL), "cell": explained(cell)}
    took: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _round in range(ROUNDS):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            took[name].append(time.perf_counter() - began)
    return {name: statistics.median(some) for name, some in took.items()}


def _certificates(stories: int, seed: int) -> tuple[int, int]:
    """Two certificates over histories of their own, two in a hundred stories apart; their keys."""
    from column.coverage.models import CoverageChange, Criterion
    from column.departments.models import Department
    from column.inserting import insert_rows
    from column.tallies.states.models import StoryState

    chance = random.Random(seed)  # noqa: S311 - what a story is coded as is no secret
    units = list(Department.objects.order_by("code").values_list("code", flat=True))
    criteria = list(Criterion.objects.order_by("slug").values_list("slug", flat=True))

    def state(number: int, standing: str = "counted", minutes: int = 0) -> Any:
        day = date(2014, 1, 1) + timedelta(days=(number * 7 + minutes) % 4000)
        return StoryState(
            story_id=seed * 10 + number, number=100_000_000 + seed * 10 + number, at=START + timedelta(minutes=minutes),
            by_name="Người sửa", standing=standing, issue_date=day, kind=("article", "news", "photo")[number % 3],
            title=f"Cải thiện lề lối làm việc, số {number}", bylines=["ĐOÀN LƯƠNG"], documents=[],
        )  # fmt: skip

    def change(number: int, action: str, pair: tuple[str, str], minutes: int = 0) -> Any:
        row = {"department": pair[0], "criterion": pair[1], "evidence": "", "role": "subject", "tone": ""}
        before, after = ({}, row) if action == "added" else (row, {})
        return CoverageChange(
            story_id=seed * 10 + number, action=action, before=before, after=after,
            changed_at=START + timedelta(minutes=minutes), via="bulk",
        )  # fmt: skip

    coded = {
        number: sorted({("so-y-te", "ky-cuong") if chance.random() < 0.1 else
                        (chance.choice(units), chance.choice(criteria)) for _ in range(2)})
        for number in range(stories)
    }  # fmt: skip
    insert_rows(StoryState, [state(number) for number in coded])
    insert_rows(CoverageChange, [change(number, "added", pair) for number, pairs in coded.items() for pair in pairs])
    old = _freeze(stories, seed)
    states, changes = [], []
    for place, number in enumerate(chance.sample(range(stories), stories // CHANGED_IN)):
        what, minutes = place % 4, 1 + place
        if what == 0:
            states.append(state(number, "taken_down", minutes))
        elif what == 1:
            states.append(state(number, minutes=minutes))
        elif what == 2:
            changes += [change(number, "removed", pair, minutes) for pair in coded[number]]
        else:
            added = stories + number
            states.append(state(added, minutes=minutes))
            changes.append(change(added, "added", ("so-y-te", "ky-cuong"), minutes))
    insert_rows(CoverageChange, changes)
    insert_rows(StoryState, states)
    return old, _freeze(stories, seed)


def _freeze(stories: int, seed: int) -> int:
    """As ``column.tallies.certificates.freezing`` writes one; the stories themselves are not in this database."""
    from django.http import QueryDict
    from django.utils import timezone

    from column.coverage.selection import Selection
    from column.inserting import insert_rows
    from column.tallies.asked import Asked
    from column.tallies.certificates.canonical import line_of
    from column.tallies.certificates.counter import Counter
    from column.tallies.certificates.frames import make_frame
    from column.tallies.certificates.models import Certificate, FrozenStory
    from column.tallies.states.history import Marks, counted_at

    asked, marks = Asked.parse(QueryDict("dem=tin-bai"))[0], Marks.newest()
    frame = make_frame(asked, Selection.of(asked.filter), {}, timezone.localdate())
    counter = Counter.frozen(asked.url(), frame)
    mine = range(seed * 10, seed * 10 + 3 * stories)
    listed = [known for known in counted_at(marks) if known.story in mine and counter.counts(known)]
    certificate = Certificate.objects.create(
        title="Đo tốc độ", address=asked.url(), sentence="", as_of=timezone.now(), frame=frame,
        state_mark=marks.states, change_mark=marks.changes, total=len(listed), stories=len(listed),
        figures=[[*cell, number] for cell, number in sorted(counter.figures(listed).items())],
    )  # fmt: skip
    insert_rows(FrozenStory, [
        FrozenStory(certificate=certificate, place=place, number=known.number, line=line_of(known))
        for place, known in enumerate(listed, start=1)
    ])  # fmt: skip
    return int(certificate.pk)


if __name__ == "__main__":
    for row in main(sys.argv[1:]):
        sys.stdout.write(f"{row}\n")
