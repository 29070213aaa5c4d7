"""Whether a number that was once printed comes out again. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from column.tallies.published.models import Result
from column.text.dates import format_number


@dataclass(frozen=True)
class Comparison:
    """A published number, and what it was held against: a number, or None where nothing could be counted.

    ``url`` opens what is held against; ``against`` is the same without a host, as a signature keeps it.
    """

    number: int
    held: int | None
    url: str = ""
    why: str = ""

    @property
    def result(self) -> Result:
        if self.held is None:
            return Result.NOT_REPRODUCIBLE
        return Result.MATCHES if self.held == self.number else Result.DIFFERS

    @property
    def difference(self) -> int:
        """What the archive counts, less what was printed."""
        return 0 if self.held is None else self.held - self.number

    @property
    def words(self) -> str:
        return in_words(self.result, self.number, self.held)


def in_words(result: str, number: int, held: int | None) -> str:
    """*khớp*, *chênh +3*, *không tái lập được*."""
    if result == Result.DIFFERS and held is not None:
        return _("chênh %(difference)s") % {"difference": signed(held - number)}
    return str(Result(result).label)


def signed(number: int) -> str:
    """“+3”, “−1” (a real minus sign), “0”."""
    if not number:
        return "0"
    return ("+" if number > 0 else "−") + format_number(abs(number))
