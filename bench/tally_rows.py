"""Very many coded stories, made by the database itself: copies of one story's rows, with their own number and day.

Nothing is random: what a story is follows from its number, so both databases hold the same archive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection, transaction

from bench import corpus
from column.coverage.models import Criterion
from column.departments.models import Department
from column.stories.models import Story

#: Twelve years, as ``bench.corpus``.
DAYS = 4380
#: Coverage rows a story; the second one is now of another unit, now of the same on another criterion.
ROWS = 2


def fill(count: int) -> None:
    """Add *count* published stories with two coverage rows each (a few seconds for 100,000)."""
    corpus.make(1, size=600)
    story = Story.objects.order_by("-pk")[0]
    units = list(Department.objects.order_by("pk").values_list("pk", flat=True))
    criteria = list(Criterion.objects.order_by("pk").values_list("pk", flat=True))
    base = story.pk
    number = "(%s + n)" % base  # noqa: UP031 - it stands inside SQL, where braces mean nothing
    day = _day("(n * 7919) % {days}".format(days=DAYS))  # noqa: UP032
    copies = _numbers(count)
    page = {
        "id": number, "path": f"SUBSTR(path, 1, LENGTH(path) - 4) || 'Z' || SUBSTR('0000000' || {_text('n')}, -7)"
        if connection.vendor == "sqlite" else f"LEFT(path, -4) || 'Z' || LPAD({_text('n')}, 7, '0')",
        "slug": f"'tin-' || {_text('600000000 + n')}", "url_path": f"'/x/tin-' || {_text('600000000 + n')} || '/'",
        "translation_key": _uuid("n"), "title": f"'Tin số ' || {_text('n')}", "depth": "depth + 0",
    }  # fmt: skip
    own = {
        "page_ptr_id": number, "public_id": "600000000 + n", "issue_date": day,
        "kind": "CASE WHEN n % 5 = 0 THEN 'article' WHEN n % 5 = 1 THEN 'photo' ELSE 'news' END",
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_copied("wagtailcore_page", page, f"id = {base}", copies))
        cursor.execute(_copied("column_story", own, f"page_ptr_id = {base}", copies))
        _code(cursor, base, copies, units, criteria)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _code(cursor: object, base: int, copies: str, units: Sequence[int], criteria: Sequence[int]) -> None:
    """Two rows a story: the n-th story's units and criteria go round, each at its own pace."""
    for table, keys in (("bench_unit", units), ("bench_criterion", criteria)):
        cursor.execute(f"CREATE TEMPORARY TABLE {table} (place integer PRIMARY KEY, key bigint)")  # type: ignore[attr-defined]
        values = ", ".join(f"({place}, {key})" for place, key in enumerate(keys))
        cursor.execute(f"INSERT INTO {table} VALUES {values}")  # type: ignore[attr-defined]
    for row in range(ROWS):
        # Every fourth story is about one unit on two criteria; the others about two units.
        unit = f"(n * 31 + CASE WHEN n % 4 = 0 THEN 0 ELSE {row} * 17 END) % {len(units)}"
        criterion = f"(n * 13 + n / 97 + {row} * 3) % {len(criteria)}"
        cursor.execute(  # type: ignore[attr-defined]
            "INSERT INTO column_coverage (story_id, department_id, criterion_id, evidence, role, tone, coded_at) "
            f"SELECT {base} + n, u.key, c.key, '', "
            f"CASE WHEN (n + {row}) % 10 = 0 THEN 'mentioned' ELSE 'subject' END, '', CURRENT_TIMESTAMP "
            f"FROM {copies} JOIN bench_unit u ON u.place = {unit} JOIN bench_criterion c ON c.place = {criterion} "
        )


def _copied(table: str, changed: Mapping[str, str], where: str, copies: str) -> str:
    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    selected = ", ".join(changed.get(name, f'"{name}"') for name in names)
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({quoted}) SELECT {selected} FROM {table}, {copies} WHERE {where}"


def _numbers(count: int) -> str:
    if connection.vendor == "postgresql":
        return f"generate_series(CAST(1 AS bigint), {count}) AS numbers(n)"
    series = f"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {count}) SELECT n FROM c"
    return f"({series}) AS numbers"


def _text(number: str) -> str:
    return f"CAST({number} AS text)"


def _day(days: str) -> str:
    if connection.vendor == "postgresql":
        return f"DATE '2014-01-02' + CAST({days} AS integer)"
    return f"DATE('2014-01-02', '+' || ({days}) || ' days')"


def _uuid(number: str) -> str:
    if connection.vendor == "postgresql":
        return f"CAST(LPAD({_text(number)}, 32, '0') AS uuid)"
    return f"SUBSTR('{'0' * 32}' || {_text(number)}, -32)"
