"""The importer at a terminal: a progress bar on standard error, a table of problems, and Ctrl-C that loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from column.text.dates import format_number
from column.transfer.importing import Progress as Step
from column.transfer.problems import Severity
from column.transfer.report import Report, cells, headings

#: Problems shown in the terminal; the file holds all.
SHOWN = 40


class _Rate(ProgressColumn):
    """Rows a second since the start."""

    def render(self, task: Task) -> Text:
        seconds = task.elapsed or 0
        rows = int(task.fields.get("rows", 0))
        return Text(_("%(rate)s dòng/s") % {"rate": format_number(round(rows / seconds)) if seconds else "–"})


def follow(steps: Iterator[Step], *, title: str) -> bool:
    """Take every step under a progress bar; whether they ended (False: the person pressed Ctrl-C)."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[rows]}"), _Rate(),
        TimeRemainingColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, transient=False) as bar:
        task = bar.add_task(title, total=None, rows=0)
        try:
            for step in steps:
                bar.update(task, completed=step.done, total=step.total or None, rows=step.rows)
        except KeyboardInterrupt:
            return False
    return True


def show(report: Report, *, dry_run: bool, path: Path | None) -> None:
    """The outcome in words, and the first problems as a table."""
    console = Console()
    counts = report.counts
    console.print(
        (_("Kiểm tra xong, chưa ghi gì: ") if dry_run else _("Đã nhập: "))
        + _("%(read)s dòng; thêm %(added)s, cập nhật %(updated)s, không đổi %(unchanged)s, không nhận %(refused)s; "
            "%(warnings)s lưu ý.") % {name: format_number(value) for name, value in counts.as_dict().items()},
        highlight=False,
    )  # fmt: skip
    problems = sorted(report.shown, key=lambda problem: problem.severity is Severity.WARNING)[:SHOWN]
    if problems:
        table = Table(*headings(), show_lines=False)
        for problem in problems:
            table.add_row(*(Text(cell) for cell in cells(problem)))
        console.print(table)
    more = counts.refused + counts.warnings - len(problems)
    if path is not None:
        console.print(_("Danh sách đầy đủ: %(path)s") % {"path": path}, highlight=False)
    elif more > 0:
        console.print(
            _("Còn %(count)s mục nữa; dùng --report để ghi tất cả ra tệp.") % {"count": more}, highlight=False
        )
