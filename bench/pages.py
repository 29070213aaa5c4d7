"""An article page, warm, against a stock Wagtail page of the same size; and how soon a change shows in every process.

Both sites run on two granian processes with a database of their own, and are asked in turn, over loopback, by the same
client.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bench import Row
from bench.load import ask, pages_per_second, serving

SECONDS = 6.0
ROUNDS = 3
MUST_RATIO = 20
MUST_SHOW = 1.0
#: Answers in a row, each over a new connection, that must all be new: with two processes none is missed.
SAMPLE = 40
#: A body of this many paragraphs makes the 3 kB article of an ordinary Thursday.
PARAGRAPHS = 10


def main(argv: Sequence[str] = ()) -> list[Row]:
    """Two rows: pages a second, and the slowest of five changes to be seen everywhere, in seconds."""
    parser = argparse.ArgumentParser(prog="bench.pages")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    parser.add_argument("--part", choices=["article", "title", "stock"], help=argparse.SUPPRESS)
    parser.add_argument("--value", default="", help=argparse.SUPPRESS)
    given = parser.parse_args(argv)
    if given.part:
        print({"article": _make_article, "title": _change_title, "stock": _make_stock}[given.part](given.value))
        return []
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as name:
        return _measure(Path(name), given.seconds)


def _measure(folder: Path, seconds: float) -> list[Row]:
    ours = {"DJANGO_SETTINGS_MODULE": "newsroom.settings.dev", "DATA_DIR": str(folder), "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": f"sqlite:///{folder / 'ours.sqlite3'}"}  # fmt: skip
    stock = {"DJANGO_SETTINGS_MODULE": "bench.stock.settings", "STOCK_DATABASE": str(folder / "stock.sqlite3")}
    _run(["manage.py", "prepare"], ours)
    path = _part("article", "", ours)
    _run(["-m", "django", "migrate", "--verbosity", "0"], stock)
    with serving("newsroom.wsgi:application", ours, folder / "ours.log") as port:
        # Each process has it once.
        size = max(len(ask(port, path)[1]) for _ in range(SAMPLE))
        stock_path = _part("stock", str(size), stock)
        with serving("bench.stock.wsgi:application", stock, folder / "stock.log") as stock_port:
            for _ in range(SAMPLE):
                ask(stock_port, stock_path)
            # Turn about, so that whatever else the machine does meets both.
            rounds = [
                (
                    pages_per_second(port, path, seconds / ROUNDS),
                    pages_per_second(stock_port, stock_path, seconds / ROUNDS),
                )
                for _ in range(ROUNDS)
            ]
        shown = [_seen_after(port, path, f"Tít mới lần {number}", ours) for number in range(5)]
    rate, baseline = (statistics.median(side) for side in zip(*rounds, strict=True))
    ratio = rate / baseline
    slowest = max(shown)
    return [
        Row("trang bài viết, đã ấm", rate, baseline, "trang/s", ratio, f"≥ {MUST_RATIO}", ratio >= MUST_RATIO),
        Row(f"một thay đổi hiện ở mọi tiến trình (trung vị {statistics.median(shown):.2f} s)", slowest, MUST_SHOW, "s",
            slowest / MUST_SHOW, f"≤ {MUST_SHOW:g} s", slowest <= MUST_SHOW),
    ]  # fmt: skip


def _seen_after(port: int, path: str, title: str, environment: dict[str, str]) -> float:
    """Seconds from the commit of a new headline until SAMPLE answers in a row carry it; asked all the while."""
    wanted, in_a_row, last_old = title.encode(), 0, 0.0
    command = [sys.executable, "-m", "bench.pages", "--part", "title", "--value", title]
    with subprocess.Popen(  # noqa: S603 - our own command
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    ) as editor:
        until = time.time() + 60
        while (in_a_row < SAMPLE or editor.poll() is None) and time.time() < until:
            asked_at = time.time()
            if wanted in ask(port, path)[1]:
                in_a_row += 1
            else:
                in_a_row, last_old = 0, asked_at
            time.sleep(0.005)
        committed = float(editor.communicate()[0].splitlines()[-1])
    if in_a_row < SAMPLE:
        raise RuntimeError(f"“{title}” was not seen everywhere within a minute")
    return max(0.0, last_old - committed)


def _run(command: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, *command], env={**os.environ, **environment}, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


def _part(name: str, value: str, environment: dict[str, str]) -> str:
    return _run(["-m", "bench.pages", "--part", name, "--value", value], environment).splitlines()[-1]


def _text(paragraphs: int) -> list[str]:
    sentence = "Cán bộ trực giải thích từng bước, ghi rõ ngày hẹn trả, và gửi thư xin lỗi trước khi trễ hẹn. "
    return [f"<p>{number}. {sentence * 3}</p>" for number in range(paragraphs)]


def _make_article(_value: str) -> str:
    import django

    django.setup()
    from column.stories.models import Article, ColumnPage

    article = Article(
        title="Bài đo tốc độ",
        standfirst="Sa-pô của bài đo tốc độ.",
        body=[("paragraph", text) for text in _text(PARAGRAPHS)],
    )
    ColumnPage.objects.get().add_child(instance=article)
    article.save_revision().publish()
    return str(Article.objects.get(pk=article.pk).get_url())


def _change_title(title: str) -> str:
    import django

    django.setup()
    from column.stories.models import Article

    article = Article.objects.get()
    article.title = title
    article.save_revision().publish()
    return str(time.time())


def _make_stock(size: str) -> str:
    import django

    django.setup()
    from django.test import RequestFactory
    from wagtail.models import Page, Site

    from bench.stock.models import StockPage

    root = Page.objects.get(slug="home")
    page = StockPage(title="Bài đo tốc độ", date=date(2017, 2, 16), intro="Sa-pô của bài đo tốc độ.")
    root.add_child(instance=page)
    Site.objects.update(hostname="127.0.0.1", root_page=root)
    paragraphs = PARAGRAPHS
    while True:
        page.body = [("paragraph", text) for text in _text(paragraphs)]
        page.save_revision().publish()
        page = StockPage.objects.get(pk=page.pk)
        if len(page.serve(RequestFactory().get("/", headers={"host": "127.0.0.1"})).render().content) >= int(size):
            return str(page.url_path.removeprefix("/home"))
        paragraphs += 2


if __name__ == "__main__":
    for row in main(sys.argv[1:]):
        print(row)
