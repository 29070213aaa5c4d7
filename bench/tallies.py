"""Tallies against hand-written SQL for the same figures, each asked in turn in one process on one archive.

*Counts as data*: unit × criterion × quarter over the whole archive with every distinct total, against one SQL statement
that a database administrator would write for those very figures (``GROUPING SETS`` on PostgreSQL; SQLite has none, so
four SELECTs). *The screen*: one year, through Django's handler as a committee member, against that SQL for the year and
the same page of cells in a bare template. *The list*: a page of stories behind a cell, the first and the last, against
the bare SELECTs of that page; and against a whole page written by hand, behind the same login and in the site's frame,
for of a short list most is that. How cost grows is told by running the first measure at a hundredth of the size too.
What is written by hand is in ``bench.tally_bare``.
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
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from bench import Row
from bench import tally_bare as bare

STORIES, SQLITE_STORIES, ROUNDS = 1_000_000, 20_000, 3
#: The whole page written by hand is for comparison only.
MUST = {"data": 1.3, "screen": 2.0, "list": 1.5, "last": 1.5}
NAMES = {
    "data": "đơn vị × tiêu chí × quý, số liệu", "screen": "đơn vị × tiêu chí một năm, cả màn hình",
    "list": "từ ô đến danh sách, trang đầu", "last": "từ ô đến danh sách, trang cuối",
    "page": "… so với cả trang viết tay, trang đầu", "last_page": "… so với cả trang viết tay, trang cuối",
}  # fmt: skip


def main(argv: Sequence[str] = ()) -> list[Row]:
    """Rows of the table: PostgreSQL where it is installed, and SQLite."""
    parser = argparse.ArgumentParser(prog="bench.tallies")
    parser.add_argument("--stories", type=int, default=STORIES, help="on PostgreSQL")
    parser.add_argument("--sqlite-stories", type=int, default=SQLITE_STORIES)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--part", type=int, help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.part:
        sys.stdout.write(f"{json.dumps(_measure(given.part, given.rounds))}\n")
        return []
    from tests.postgres import Missing, server  # a tool of the tests: not needed to measure a part

    rows = []
    try:
        with server() as url:
            small = _in_own_process(url, max(given.stories // 100, 100), given.rounds)
        with server() as url:
            large = _in_own_process(url, given.stories, given.rounds)
        rows += _rows(large, "PostgreSQL", given.stories)
        rows += [_growth(key, small, large, given.stories) for key in ("data", "screen", "list", "last")]
    except Missing as reason:
        sys.stderr.write(f"PostgreSQL: {reason}\n")
    with tempfile.TemporaryDirectory(prefix="bench-tallies-") as folder:
        found = _in_own_process(f"sqlite:///{folder}/db.sqlite3", given.sqlite_stories, given.rounds)
    return [*rows, *_rows(found, "SQLite", given.sqlite_stories)]


def _growth(key: str, small: dict[str, list[float]], large: dict[str, list[float]], stories: int) -> Row:
    """How ours grows, and beside it how the baseline does."""
    label = f"… {stories // 100:,} → {stories:,} tin, bài, tăng: {NAMES[key]}"
    ours, other = (large[key][side] / small[key][side] for side in (0, 1))
    return Row(label, ours, other, "×", ours / other, "(100 ×)", True)


def _rows(found: dict[str, list[float]], database: str, stories: int) -> list[Row]:
    rows = []
    for key, (ours, other) in found.items():
        must = MUST.get(key)
        ok = must is None or ours / other <= must
        label = f"{NAMES[key]}, {database}, {stories:,}"
        rows.append(Row(label, ours, other, "ms", ours / other, f"≤ {must:g}" if must else "–", ok))
    return rows


def _in_own_process(url: str, stories: int, rounds: int) -> dict[str, list[float]]:
    environment = {
        **os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings.test", "DATABASE_URL": url,
    }  # fmt: skip
    command = [sys.executable, "-m", "bench.tallies", "--part", str(stories), "--rounds", str(rounds)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    found: dict[str, list[float]] = json.loads(done.stdout.splitlines()[-1])
    return found


def _measure(stories: int, rounds: int) -> dict[str, list[float]]:
    import django

    django.setup()
    from django.core.management import call_command

    from bench.tally_rows import fill

    call_command("migrate", verbosity=0, interactive=False)
    fill(stories)
    return measured(rounds)


def measured(rounds: int) -> dict[str, list[float]]:
    """Milliseconds of ours and of the baseline, medians of turns, on the archive that is there."""
    # Models exist only after Django was set up.
    from django.contrib.auth.models import Group
    from django.test import Client

    from column.coverage.filter import CoverageFilter
    from column.coverage.selection import Selection
    from column.people.models import User
    from column.people.roles import Role
    from column.tallies.asked import Asked
    from column.tallies.binding import Binder
    from column.tallies.counting import count
    from newsroom import urls

    user = User.objects.create_user(f"can-bo-{time.time_ns()}", password="mat-khau-thu")  # noqa: S106 - of a database that ends with the measure
    user.groups.set(Group.objects.filter(name=Role.COMMITTEE))
    client = Client()
    client.force_login(user)
    asked = Asked(CoverageFilter(role="doi-tuong"), split="quy")

    def data() -> object:
        chosen = Selection.of(asked.filter)
        return count(chosen, Binder(asked, chosen, date(2026, 1, 1)).bind(), asked.measure, kinds=False)

    cell = _a_cell()
    urls.urlpatterns[:0] = bare.pages(cell)
    year = Asked(CoverageFilter(period=str(bare.YEAR)))

    def page(number: str) -> Callable[[], object]:
        address = cell.url("/tong-hop/danh-sach/", ("trang", number))
        return lambda: _opened(client, address)

    return {
        "data": _turns(rounds, data, lambda: bare.sql(bare.quarters())),
        "screen": _turns(rounds * 3, lambda: _opened(client, year.url()), bare.screen),
        "list": _turns(rounds * 3, page("1"), lambda: bare.stories(cell, last=False)),
        "last": _turns(rounds * 3, page("9999"), lambda: bare.stories(cell, last=True)),
        "page": _turns(rounds * 3, page("1"), lambda: _opened(client, "/bare/first/")),
        "last_page": _turns(rounds * 3, page("9999"), lambda: _opened(client, "/bare/last/")),
    }


def _turns(rounds: int, ours: Callable[[], object], bare: Callable[[], object]) -> list[float]:
    ours(), bare()
    pairs = [(_timed(ours), _timed(bare)) for _ in range(rounds)]
    return [statistics.median(pair[side] for pair in pairs) for side in (0, 1)]


def _timed(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return (time.perf_counter() - begin) * 1000


def _opened(client: Any, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    content: bytes = answer.content
    return content


def _a_cell() -> Any:
    """The filter of the cell with the most stories."""
    from column.coverage.filter import CoverageFilter
    from column.coverage.models import Criterion
    from column.departments.models import Department

    unit, criterion = bare.sql(
        f"SELECT c.department_id, c.criterion_id, count(*) {bare.FROM} GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1"
    )[0][:2]
    return CoverageFilter(
        departments=(Department.objects.get(pk=unit).code,), criteria=(Criterion.objects.get(pk=criterion).slug,),
        role="doi-tuong",
    )  # fmt: skip


if __name__ == "__main__":
    for row in main(sys.argv[1:]):
        sys.stdout.write(f"{row}\n")
