"""Long work at a terminal: a bar with share, rate and time left, on standard error."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

from column.text.dates import format_number
from search.upkeep import Step


class _Rate(ProgressColumn):
    """Objects a second since the start."""

    def render(self, task: Task) -> Text:
        rate = format_number(round(task.completed / task.elapsed)) if task.elapsed else "–"
        return Text(_("%(rate)s mục/s") % {"rate": rate})


def follow(steps: Iterator[Step], *, title: str) -> bool:
    """Take every step under a bar; return whether they came to their end (False: Ctrl-C)."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), _Rate(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(title, total=None)
        try:
            for step in steps:
                bar.update(task, completed=step.done, total=step.total)
        except KeyboardInterrupt:
            return False
    return True
