"""Where a search is measured: a process of its own, an empty database, and Elasticsearch if it is asked for."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

SQLITE, POSTGRESQL, ELASTICSEARCH = "sqlite", "postgresql", "elasticsearch"
NAMES = {SQLITE: "SQLite", POSTGRESQL: "PostgreSQL", ELASTICSEARCH: "Elasticsearch"}
#: Stories made at a time: what is made stands in memory.
CHUNK = 10_000


def parser(prog: str, *, on: Sequence[str] = tuple(NAMES)) -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog=prog)
    made.add_argument("--on", choices=on, default=SQLITE, help="who is asked")
    made.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    return made


@contextmanager
def environment(on: str) -> Iterator[Mapping[str, str]]:
    """The variables of a process with an empty database of its own; it goes with the context."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-search-")))
        made = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "newsroom.settings.test",
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        }
        if on == POSTGRESQL:
            from tests import postgres  # the servers of the tests serve here, too

            made["DATABASE_URL"] = stack.enter_context(postgres.server())
        elif on == ELASTICSEARCH and "ELASTICSEARCH_URL" not in os.environ:
            from tests import elasticsearch

            made["ELASTICSEARCH_URL"] = stack.enter_context(elasticsearch.server()).url
        yield made


def measured(module: str, argv: Sequence[str], on: str) -> dict[str, Any]:
    """What ``python -m module … --measure`` says in its last line: settings are read once a process."""
    with environment(on) as variables:
        command = [sys.executable, "-m", module, *argv, "--measure"]
        done = subprocess.run(command, env=variables, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - ours
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def begin(on: str) -> None:
    """Set up Django and an empty, migrated database."""
    import django

    django.setup()
    # Inline: Django is set up only now.
    from django.conf import settings
    from django.core.management import call_command

    settings.ELASTICSEARCH_URL = os.environ["ELASTICSEARCH_URL"] if on == ELASTICSEARCH else ""
    # Its own answers are measured, however slow; and never beside an index of anybody else's.
    settings.ELASTICSEARCH_PATIENCE = 20
    settings.ELASTICSEARCH_INDEX = f"bench-{os.getpid()}"
    settings.ELASTICSEARCH_REPLICAS = 0
    call_command("migrate", verbosity=0, interactive=False)


def fill(stories: int, **more: Any) -> None:
    """So many stories, straight into the tables; nothing is indexed yet."""
    from bench import corpus

    for start in range(0, stories, CHUNK):
        corpus.make(min(CHUNK, stories - start), seed=20170216 + start, **more)


def index() -> None:
    """Make all that is there findable, as ``rebuild_search`` leaves it."""
    from django.core.management import call_command
    from django.db import connection

    from column.stories.models import Story
    from search import writing
    from search.outbox.bumping import in_use
    from search.outbox.draining import drain
    from search.words import archive_words

    writing.write(Story.objects.order_by("pk").values_list("pk", flat=True))
    archive_words().tidy()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE")
    if in_use():
        call_command("rebuild_search", only="elasticsearch", stdout=sys.stderr)
        while drain().left:
            pass


def leave() -> None:
    """Take our index away from a server that may be somebody else's."""
    from search.outbox.bumping import in_use

    if in_use():
        from search.elastic import rebuilding
        from search.elastic.client import writing

        for name in rebuilding.existing():
            writing().indices.delete(index=name)
