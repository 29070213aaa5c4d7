"""``make bench``: every measured claim in one table. ``python -m bench --quick`` only shows that the measures work."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bench import (
    Row,
    calendar,
    elastic,
    explaining,
    exports,
    import_archive,
    known_items,
    pages,
    publishing,
    saving,
    search,
    tallies,
)

Measure = Callable[[Sequence[str]], list[Row]]

#: Name, measure, and the arguments of a quick run: sizes too small to claim anything.
MEASURES: dict[str, tuple[Measure, list[str]]] = {
    "import_archive": (import_archive.main, ["--stories", "1000"]),
    "search": (search.main, ["--stories", "1000", "--queries", "20"]),
    "elastic": (elastic.main, ["--stories", "500", "--queries", "10", "--documents", "500"]),
    "known_items": (known_items.main, ["--stories", "1000", "--queries", "20"]),
    "saving": (saving.main, ["--stories", "1000", "--small", "200", "--rounds", "5"]),
    "publishing": (publishing.main, ["--due", "60", "--archive", "1000", "--singles", "10", "--idle", "5"]),
    "explaining": (explaining.main, ["--stories", "2000"]),
    "exports": (exports.main, ["--stories", "2000"]),
    "calendar": (calendar.main, ["--stories", "1000", "--rounds", "3"]),
    "tallies": (tallies.main, ["--stories", "2000", "--sqlite-stories", "1000", "--rounds", "2"]),
    "pages": (pages.main, ["--seconds", "1.5"]),
}


def measured(names: Sequence[str], *, quick: bool, console: Console) -> list[Row]:
    """The rows of the measures named, one after the other: two at once would measure each other."""
    rows: list[Row] = []
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        for name in names:
            measure, small = MEASURES[name]
            task = progress.add_task(name, total=1)
            rows += measure(small if quick else [])
            progress.update(task, completed=1)
    return rows


def table(rows: Sequence[Row]) -> Table:
    """What is claimed, ours, the baseline beside it, their ratio, what it must reach, and whether it does."""
    made = Table("what", title="bench: ratios of one run on this machine")
    for heading in ("ours", "baseline", "unit", "ratio", "must", "ok"):
        made.add_column(heading, justify="left" if heading == "unit" else "right")
    for row in rows:
        ok = "[green]yes[/green]" if row.ok else "[bold red]NO[/bold red]"
        made.add_row(row.what, f"{row.ours:,.1f}", f"{row.baseline:,.1f}", row.unit, f"{row.ratio:.2f}", row.must, ok)
    return made


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(MEASURES)}")
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, claims nothing")
    given = parser.parse_args(argv)
    unknown = [name for name in given.names if name not in MEASURES]
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}; known: {', '.join(MEASURES)}")
    console = Console()
    rows = measured(given.names or list(MEASURES), quick=given.quick, console=console)
    console.print(table(rows))
    if given.quick:
        console.print("--quick: the sizes are too small for the ratios to mean anything.")
        return 0
    return 0 if all(row.ok for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
