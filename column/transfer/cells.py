"""The cells of one row: cleaned, read one after another, and everything that is wrong with them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from column.transfer.problems import BadCell, Problem, Severity
from column.transfer.reading import RawRow

_LENGTHS = {
    "external_id": 80, "title": 255, "kicker": 120, "kicker_printed": 200, "print_issue": 20, "print_page": 20,
    "source_name": 160, "standfirst": 5000,
}  # fmt: skip
#: Columns whose line ends mean something.
_MANY_LINES = {"body", "standfirst", "captions", "evidence", "corrections", "alts"}
_CONTROLS = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
T = TypeVar("T")


class Cells:
    """``cells[name]`` is the cleaned text, empty where the column is missing; ``problems`` gathers."""

    def __init__(self, raw: RawRow) -> None:
        self.raw = raw
        self.problems: list[Problem] = []
        self._cells = {name: self._clean(name, cell) for name, cell in raw.cells.items()}
        self._lengths()

    def __getitem__(self, name: str) -> str:
        return self._cells.get(name, "")

    @property
    def failed(self) -> bool:
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def error(self, column: str, reason: str, mend: str, *, value: str | None = None) -> None:
        self._tell(column, reason, mend, value, Severity.ERROR)

    def warn(self, column: str, reason: str, mend: str = "", *, value: str | None = None) -> None:
        self._tell(column, reason, mend, value, Severity.WARNING)

    def _tell(self, column: str, reason: str, mend: str, value: str | None, severity: Severity) -> None:
        shown = self.raw.cells.get(column, "") if value is None else value
        self.problems.append(Problem(
            self.raw.row, column, shown[:200], reason, mend, severity, self.raw.cells.get("external_id", "")[:80]
        ))  # fmt: skip

    def attempt(self, column: str, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except BadCell as problem:
            self.error(column, problem.reason, problem.mend, value=problem.value)
        return None

    def _clean(self, name: str, cell: str) -> str:
        """Text as written, but composed, with plain line ends and without control characters."""
        if cell.isascii() and cell.isprintable():
            return cell.strip()
        if not unicodedata.is_normalized("NFC", cell):
            cell = unicodedata.normalize("NFC", cell)
            self.warn(name, _("Chữ viết ở dạng Unicode tổ hợp (dấu rời)."), _("Đã ghép dấu vào chữ; không cần sửa."))
        cell = cell.replace("\r\n", "\n").replace("\r", "\n")
        if _CONTROLS.search(cell):
            cell = _CONTROLS.sub("", cell)
            self.warn(name, _("Ô có ký tự điều khiển không nhìn thấy."), _("Đã bỏ các ký tự đó."))
        cell = cell.strip(" \t\n\ufeff")
        return cell if name in _MANY_LINES or "\n" not in cell else " ".join(cell.split())

    def _lengths(self) -> None:
        for name, most in _LENGTHS.items():
            if len(self[name]) > most:
                self.error(
                    name, _("Dài %(length)d ký tự, nhiều nhất %(most)d.")
                    % {"length": len(self[name]), "most": most}, _("Hãy rút gọn."),
                )  # fmt: skip
