"""What an import did and what it refused: kept while it runs, shown in a terminal, written as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from django.utils.translation import gettext as _

from column.transfer.problems import Problem, Severity

#: Errors, and warnings, kept in memory for a screen; the file holds all of them.
SHOWN = 200
_RISKY = ("=", "+", "-", "@", "\t", "\r")


@dataclass
class Counts:
    """``read`` rows, of which ``added + updated + unchanged + refused``."""

    read: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    warnings: int = 0

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def headings() -> list[str]:
    return [_("Dòng"), _("Mức"), _("Mã"), _("Cột"), _("Giá trị"), _("Lý do"), _("Cách sửa")]


def safe_cell(text: str) -> str:
    """Text that a spreadsheet shows and never runs."""
    return f"'{text}" if text.startswith(_RISKY) else text


def cells(problem: Problem) -> list[str]:
    return [
        str(problem.row or ""), problem.severity.label, problem.external_id, problem.column, problem.shown_value,
        problem.reason, problem.mend,
    ]  # fmt: skip


@dataclass
class Report:
    """Gathers problems; with a path, every one of them goes to a CSV file at once."""

    path: Path | None = None
    counts: Counts = field(default_factory=Counts)
    _errors: list[Problem] = field(default_factory=list)
    _warnings: list[Problem] = field(default_factory=list)
    _file: IO[str] | None = None

    def __enter__(self) -> Self:
        if self.path is not None:
            self._file = self.path.open("w", encoding="utf-8-sig", newline="")
            csv.writer(self._file).writerow(headings())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            if problem.severity is Severity.WARNING:
                self.counts.warnings += 1
            kept = self._warnings if problem.severity is Severity.WARNING else self._errors
            if len(kept) < SHOWN:
                kept.append(problem)
            if self._file is not None:
                csv.writer(self._file).writerow([safe_cell(cell) for cell in cells(problem)])

    @property
    def shown(self) -> list[Problem]:
        """The first errors and the first warnings, in the order of their rows."""
        return sorted([*self._errors, *self._warnings], key=lambda problem: problem.row)

    def refuse(self, problems: Iterable[Problem]) -> None:
        """A row that does not land."""
        self.counts.refused += 1
        self.add(problems)
