"""What can be wrong with a row, said so that whoever keeps the file can mend it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

#: A value longer than this is cut in a report.
SHOWN = 80


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"

    @property
    def label(self) -> str:
        return str(_("Lỗi")) if self is Severity.ERROR else str(_("Lưu ý"))


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. ``row`` is the row as a spreadsheet numbers it (the heading is row 1); 0 is the file."""

    row: int
    column: str
    value: str
    reason: str
    mend: str
    severity: Severity = Severity.ERROR
    external_id: str = ""

    @property
    def shown_value(self) -> str:
        """The value on one line, cut, without what a terminal or a spreadsheet would act on."""
        flat = "".join(ch if ch.isprintable() else " " for ch in self.value)
        flat = " ".join(flat.split())
        return flat if len(flat) <= SHOWN else f"{flat[: SHOWN - 1]}…"


class BadFile(ValueError):
    """The file as a whole cannot be read; the message is Vietnamese and says how to mend it."""


class BadCell(ValueError):
    """A cell cannot be used. ``reason`` and ``mend`` are Vietnamese sentences."""

    def __init__(self, reason: str, mend: str, *, value: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.mend, self.value = reason, mend, value
