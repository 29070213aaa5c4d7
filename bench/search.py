"""The archive's page over 20,000 stories against a bare full-text query on the same machine, in the same process.

Ours: the whole of ``GET /tim-kiem/?q=…`` through Django's handler: every filter's counts, ten highlighted hits with
their stories, the rendered page. Bare: ``SELECT rowid … MATCH … ORDER BY bm25 LIMIT 10`` on a plain FTS5 table of the
same texts. Each query is asked of both, one after the other, and the p95 of both are compared. Stock Wagtail's own
backend is asked a few times beside.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from bench import Row

STORIES = 20_000
QUERIES = 200
#: Queries asked of the stock backend: each takes seconds.
STOCK = 3
MUST = {"five": 4.0, "one": 5.0, "suggest": 3.0}
NAMES = {"five": "tìm năm từ, p95", "one": "tìm một từ, p95", "suggest": "gợi ý khi gõ, p95"}


def main(argv: Sequence[str] = ()) -> list[Row]:
    """Rows of the table: five words, one word, and stock Wagtail beside."""
    parser = argparse.ArgumentParser(prog="bench.search")
    parser.add_argument("--stories", type=int, default=STORIES)
    parser.add_argument("--queries", type=int, default=QUERIES)
    parser.add_argument("--no-stock", action="store_true", help="leave stock Wagtail out")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.measure:
        print(json.dumps(_measure(given.stories, given.queries, stock=not given.no_stock)))
        return []
    with tempfile.TemporaryDirectory(prefix="bench-search-") as folder:
        return _rows(_in_own_process(folder, argv), given.stories)


def _in_own_process(folder: str, argv: Sequence[str]) -> dict[str, Any]:
    """Settings are read once a process; this one's database must be a fresh one."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings.test",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
    }
    command = [sys.executable, "-m", "bench.search", *argv, "--measure", folder]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _rows(found: dict[str, Any], stories: int) -> list[Row]:
    rows = []
    for kind, must in MUST.items():
        ours, bare = found[kind]["ours"], found[kind]["bare"]
        ratio = ours / bare
        rows.append(Row(f"{NAMES[kind]}, {stories} tin, bài", ours, bare, "ms", ratio, f"≤ {must:g} ×", ratio <= must))
    if found.get("stock"):
        stock, ours = found["stock"], found["five"]["median"]
        rows.append(Row("Wagtail nguyên bản, năm từ (để so)", ours, stock, "ms", stock / ours, "không đặt", ok=True))
    return rows


def percentile(seconds: Sequence[float], share: float) -> float:
    """The *share* quantile in milliseconds."""
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)] * 1000


def timed(call: Callable[[], object]) -> float:
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


def _measure(stories: int, queries: int, *, stock: bool) -> dict[str, Any]:
    import django

    django.setup()
    # Inline: models exist only now.
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    from bench import corpus
    from column.stories.models import Story
    from search import writing
    from search.models import ArchiveEntry

    call_command("migrate", verbosity=0, interactive=False)
    corpus.make(stories)
    writing.write(Story.objects.order_by("pk").values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("CREATE VIRTUAL TABLE bare USING fts5(title, body, tokenize = 'unicode61 remove_diacritics 2')")
        cursor.execute("INSERT INTO bare(rowid, title, body) SELECT story_id, title, text FROM search_archiveentry")
    rng = random.Random(29)  # noqa: S311 - which queries are asked is no secret
    texts = list(ArchiveEntry.objects.order_by("pk").values_list("title", "text"))
    asked = {
        "five": [" ".join(rng.choice(texts)[0].split()[3:8]) for _ in range(queries)],
        "one": [rng.choice([w for w in rng.choice(texts)[1].split() if w.isalpha()]).lower() for _ in range(queries)],
    }
    asked["suggest"] = [" ".join(rng.choice(texts)[0].split()[2:5])[: rng.randrange(5, 14)] for _ in range(queries)]
    client = Client()

    def ours(text: str) -> None:
        assert client.get(address, {"q": text}).status_code == 200

    def bare(text: str) -> None:
        match = " ".join(f'"{word}"' for word in text.split()) + ending
        with connection.cursor() as cursor:
            cursor.execute("SELECT rowid FROM bare WHERE bare MATCH %s ORDER BY bm25(bare) LIMIT 10", [match])
            assert cursor.fetchall()

    found: dict[str, Any] = {}
    for kind, words in asked.items():
        address, ending = ("/tim-kiem/goi-y/", " *") if kind == "suggest" else ("/tim-kiem/", "")
        for text in words[:10]:
            ours(text), bare(text)
        pairs = [(timed(lambda text=text: ours(text)), timed(lambda text=text: bare(text))) for text in words]  # type: ignore[misc]
        found[kind] = {
            "ours": percentile([pair[0] for pair in pairs], 0.95),
            "bare": percentile([pair[1] for pair in pairs], 0.95),
            "median": percentile([pair[0] for pair in pairs], 0.5),
            "bare_median": percentile([pair[1] for pair in pairs], 0.5),
        }
    if stock:
        found["stock"] = _stock(asked["five"][:STOCK])
    return found


def _stock(queries: Sequence[str]) -> float:
    """The median of Wagtail's own SQLite backend over the same stories, in milliseconds."""
    from wagtail.models import Page
    from wagtail.search.backends import get_search_backend
    from wagtail.search.models import IndexEntry

    from search.models import ArchiveEntry

    types = dict(Page.objects.values_list("pk", "content_type_id"))
    IndexEntry.objects.bulk_create(
        (
            IndexEntry(content_type_id=types[pk], object_id=str(pk), title=title, body=text)
            for pk, title, text in ArchiveEntry.objects.values_list("pk", "title", "text")
        ),
        batch_size=500,
    )
    backend = get_search_backend("wagtail.search.backends.database")
    return percentile([timed(lambda text=text: list(backend.search(text, Page)[:10])) for text in queries], 0.5)  # type: ignore[misc]


if __name__ == "__main__":
    for row in main(sys.argv[1:]):
        print(row)
