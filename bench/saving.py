"""A page save and publish beside a small archive and a large one: what an editor waits for must not grow with it.

Two processes, each with a database of its own, save and publish turn about, so that whatever else the machine does
meets both. The medians are compared.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from bench import Row, surroundings
from bench.surroundings import NAMES, POSTGRESQL, SQLITE

SMALL, LARGE = 1_000, 100_000
ROUNDS = 80
#: Not counted: statements, templates and caches that a process meets for the first time.
WARM = 10
MUST = 1.3
#: Bytes of an archived story; what is saved and published is an ordinary one of 3 kB.
ARCHIVED = 1000


def main(argv: Sequence[str] = ()) -> list[Row]:
    """One row: milliseconds of the medians beside the large archive and the small one."""
    parser = surroundings.parser("bench.saving", on=(SQLITE, POSTGRESQL))
    parser.add_argument("--stories", type=int, default=LARGE, help="of the large archive")
    parser.add_argument("--small", type=int, default=SMALL)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    given = parser.parse_args(argv)
    if given.measure:
        _save_when_asked(given.on, given.stories)
        return []
    with ExitStack() as stack:
        editors = {size: stack.enter_context(_editor(given.on, size)) for size in (given.small, given.stories)}
        seconds: dict[int, list[float]] = {size: [] for size in editors}
        for number in range(WARM + given.rounds):
            for size, editor in editors.items():
                taken = _asked(editor)
                if number >= WARM:
                    seconds[size].append(taken)
    small, large = (statistics.median(seconds[size]) * 1000 for size in editors)
    what = f"lưu và đăng một trang, kho {given.stories} so với {given.small} tin, bài, {NAMES[given.on]}"
    return [Row(what, large, small, "ms", large / small, f"≤ {MUST:g} ×", large / small <= MUST)]


@contextmanager
def _editor(on: str, stories: int) -> Iterator[subprocess.Popen[str]]:
    """A process that has filled its archive and waits to be asked."""
    with surroundings.environment(on) as variables:
        command = [sys.executable, "-m", "bench.saving", "--on", on, "--stories", str(stories), "--measure"]
        with subprocess.Popen(  # noqa: S603 - our own command
            command, env={**os.environ, **variables}, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as editor:
            try:
                _answer(editor)
                yield editor
            finally:
                editor.terminate()


def _answer(editor: subprocess.Popen[str]) -> float:
    assert editor.stdout is not None
    line = editor.stdout.readline()
    if not line:
        raise RuntimeError("the process that saves has ended")
    return float(json.loads(line))


def _asked(editor: subprocess.Popen[str]) -> float:
    assert editor.stdin is not None
    editor.stdin.write("\n")
    editor.stdin.flush()
    return _answer(editor)


def _save_when_asked(on: str, stories: int) -> None:
    surroundings.begin(on)
    # Inline: models exist only now.
    from django.core.management.color import no_style
    from django.db import connection
    from wagtail.models import Page

    from bench.writer import Writer
    from column.stories.models import Article, ColumnPage

    surroundings.fill(stories, size=ARCHIVED)
    surroundings.index()
    # Keys were given by hand; PostgreSQL's own counter has to follow.
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Page]):
            cursor.execute(statement)
    writer = Writer(29)
    article = Article(title=writer.words(11).capitalize(), live=False)
    ColumnPage.objects.get().add_child(instance=article)
    print(0.0, flush=True)
    for _line in sys.stdin:
        title = writer.words(11).capitalize()
        body = [("paragraph", f"<p>{text}</p>") for text in writer.paragraphs((), 3000)]
        story = Article.objects.get(pk=article.pk)
        begin = time.perf_counter()
        story.title, story.body = title, body
        story.save_revision().publish()
        print(time.perf_counter() - begin, flush=True)


if __name__ == "__main__":
    for row in main(sys.argv[1:]):
        print(row)
