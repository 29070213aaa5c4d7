"""Tallies against hand-written SQL for the same figures, each asked in turn in one process on one archive.

*Counts as data*: unit × criterion × quarter over the whole archive with every distinct total, against one SQL statement
that a database administrator would write for those very figures (``GROUPING SETS`` on PostgreSQL; SQLite has none, so
four SELECTs). *The screen*: one year, through Django's handler as a committee member, against that SQL for the year and
the same page of cells in a bare template. *The list*: a page of stories behind a cell, the first and the last, against
the bare SELECT of that page. How cost grows is told by running the first measure at a hundredth of the size too.
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

STORIES, SQLITE_STORIES, ROUNDS = 1_000_000, 20_000, 3
MUST = {"data": 1.3, "screen": 2.0, "list": 1.5}
NAMES = {
    "data": "đơn vị × tiêu chí × quý, số liệu", "screen": "đơn vị × tiêu chí một năm, cả màn hình",
    "list": "từ ô đến danh sách, trang đầu", "last": "từ ô đến danh sách, trang cuối",
}  # fmt: skip
YEAR = 2017

_FROM = (
    "FROM column_coverage c JOIN column_story s ON s.page_ptr_id = c.story_id "
    "JOIN wagtailcore_page p ON p.id = s.page_ptr_id "
    "WHERE p.live AND s.issue_date IS NOT NULL AND c.role = 'subject'"
)
_IN_YEAR = f" AND s.issue_date BETWEEN '{YEAR}-01-01' AND '{YEAR}-12-31'"


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
        growth = large["data"][0] / small["data"][0]
        rows.append(Row(f"… {given.stories // 100:,} → {given.stories:,} tin, bài: tăng", large["data"][0],
                        small["data"][0], "ms", growth, "(100 ×)", True))  # fmt: skip
    except Missing as reason:
        sys.stderr.write(f"PostgreSQL: {reason}\n")
    with tempfile.TemporaryDirectory(prefix="bench-tallies-") as folder:
        found = _in_own_process(f"sqlite:///{folder}/db.sqlite3", given.sqlite_stories, given.rounds)
    return [*rows, *_rows(found, "SQLite", given.sqlite_stories)]


def _rows(found: dict[str, list[float]], database: str, stories: int) -> list[Row]:
    rows = []
    for key, (ours, bare) in found.items():
        must = MUST.get(key, MUST["list"])
        ok = ours / bare <= must
        label = f"{NAMES[key]}, {database}, {stories:,}"
        rows.append(Row(label, ours, bare, "ms", ours / bare, f"≤ {must:g}", ok))
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

    user = User.objects.create_user(f"can-bo-{time.time_ns()}", password="mat-khau-thu")  # noqa: S106 - of a database that ends with the measure
    user.groups.set(Group.objects.filter(name=Role.COMMITTEE))
    client = Client()
    client.force_login(user)
    asked = Asked(CoverageFilter(role="doi-tuong"), split="quy")

    def data() -> object:
        chosen = Selection.of(asked.filter)
        return count(chosen, Binder(asked, chosen, date(2026, 1, 1)).bind(), asked.measure, kinds=False)

    year = Asked(CoverageFilter(period=str(YEAR)))
    cell = _a_cell()

    def page(number: str) -> Callable[[], object]:
        address = cell.url("/tong-hop/danh-sach/", ("trang", number))
        return lambda: _opened(client, address)

    return {
        "data": _turns(rounds, data, lambda: _sql(_by_hand(""))),
        "screen": _turns(rounds * 3, lambda: _opened(client, year.url()), _bare_screen),
        "list": _turns(rounds * 3, page("1"), lambda: _bare_list(cell, last=False)),
        "last": _turns(rounds * 3, page("9999"), lambda: _bare_list(cell, last=True)),
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


def _sql(statement: str) -> list[tuple[Any, ...]]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _by_hand(where: str) -> str:
    """Cells, lines, columns and totals of every quarter, each distinct."""
    from django.db import connection

    if connection.vendor == "postgresql":
        quarter = "date_trunc('quarter', s.issue_date)"
        return (
            f"SELECT c.department_id, c.criterion_id, {quarter}, count(DISTINCT c.story_id) {_FROM}{where} "
            "GROUP BY GROUPING SETS ((1, 2, 3), (1, 3), (2, 3), (3))"
        )
    quarter = "substr(s.issue_date, 1, 4) || ((substr(s.issue_date, 6, 2) + 2) / 3)"
    return " UNION ALL ".join(
        f"SELECT {unit}, {criterion}, {quarter} AS q, count(DISTINCT c.story_id) {_FROM}{where} GROUP BY 1, 2, 3"
        for unit in ("c.department_id", "NULL") for criterion in ("c.criterion_id", "NULL")
    )  # fmt: skip


_TEMPLATE = """<!DOCTYPE html><table>
{% for name, cells in rows %}<tr><th>{{ name }}</th>{% for number, url in cells %}
<td>{% if number %}<a href="{{ url }}">{{ number }}</a>{% else %}0{% endif %}</td>{% endfor %}</tr>
{% endfor %}</table>"""


def _bare_screen() -> str:
    """The year's cells, lines, columns and total by one statement, and the first fifty lines with their links."""
    from django.db import connection
    from django.template import Context, Template

    if connection.vendor == "postgresql":
        sets = "GROUP BY GROUPING SETS ((1, 2), (1), (2), ())"
        counted = "SELECT c.department_id, c.criterion_id, count(DISTINCT c.story_id)"
        rows = _sql(f"{counted} {_FROM}{_IN_YEAR} {sets}")
    else:
        rows = _sql(" UNION ALL ".join(
            f"SELECT {unit}, {criterion}, count(DISTINCT c.story_id) {_FROM}{_IN_YEAR} GROUP BY 1, 2"
            for unit in ("c.department_id", "NULL") for criterion in ("c.criterion_id", "NULL")
        ))  # fmt: skip
    names = dict(_sql("SELECT id, name FROM column_department ORDER BY report_group, sort_key"))
    slugs = dict(_sql("SELECT id, slug FROM column_criterion"))
    cells = {(unit, criterion): number for unit, criterion, number in rows}
    codes = dict(_sql("SELECT id, code FROM column_department"))
    shown = [
        (name, [
            (cells.get((unit, one), 0),
             f"/tong-hop/danh-sach/?don-vi={codes[unit]}&tieu-chi={slug}&ky={YEAR}&vai-tro=doi-tuong")
            for one, slug in [*slugs.items(), (None, "")]
        ])
        for unit, name in list(names.items())[:50]
    ]  # fmt: skip
    made: str = Template(_TEMPLATE).render(Context({"rows": shown}))
    return made


def _a_cell() -> Any:
    """The filter of the cell with the most stories."""
    from column.coverage.filter import CoverageFilter
    from column.coverage.models import Criterion
    from column.departments.models import Department

    unit, criterion = _sql(
        f"SELECT c.department_id, c.criterion_id, count(*) {_FROM} GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 1"
    )[0][:2]
    return CoverageFilter(
        departments=(Department.objects.get(pk=unit).code,), criteria=(Criterion.objects.get(pk=criterion).slug,),
        role="doi-tuong",
    )  # fmt: skip


def _bare_list(cell: Any, *, last: bool) -> str:
    """How many there are, one page of them with their bylines and rows, and a bare template."""
    from django.template import Context, Template

    keys = _sql(
        "SELECT d.id, k.id FROM column_department d, column_criterion k "
        f"WHERE d.code = '{cell.departments[0]}' AND k.slug = '{cell.criteria[0]}'"
    )[0]
    where = f"{_FROM} AND c.department_id = {keys[0]} AND c.criterion_id = {keys[1]}"
    number = _sql(f"SELECT count(*) {where}")[0][0]
    offset = (number - 1) // 50 * 50 if last else 0
    stories = _sql(
        f"SELECT p.id, s.issue_date, s.kind, p.title, p.slug {where} "
        f"ORDER BY s.issue_date DESC, p.first_published_at DESC, p.id DESC LIMIT 50 OFFSET {offset}"
    )
    some = ", ".join(str(story[0]) for story in stories)
    _sql(
        "SELECT b.story_id, n.name FROM column_bylinecredit b "
        f"JOIN column_byline n ON n.id = b.byline_id WHERE b.story_id IN ({some})"
    )
    _sql(f"SELECT story_id, department_id, criterion_id FROM column_coverage WHERE story_id IN ({some})")
    rows = [(story[3], [(story[1], story[4])]) for story in stories]
    made: str = Template(_TEMPLATE).render(Context({"rows": rows}))
    return made


if __name__ == "__main__":
    for row in main(sys.argv[1:]):
        sys.stdout.write(f"{row}\n")
