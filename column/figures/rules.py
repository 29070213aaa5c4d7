"""Pure decisions about figures as they are printed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:,\d+)?"
_PART = rf"({_NUMBER})(?:\s*/\s*({_NUMBER}))?"
_UNIT = r"\s*(?:%|‰)?"
_PRINTED = re.compile(rf"(?:{_PART}{_UNIT}\s*(?:→|->|–>|lên)\s*)?{_PART}{_UNIT}")
_MOST_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Parts:
    """``value`` of ``whole`` (55 of 56), after ``earlier`` (6, then 71); what was not printed is None."""

    value: Decimal
    whole: Decimal | None = None
    earlier: Decimal | None = None


def parse_printed(text: str) -> Parts | None:
    """Read a figure as the newspaper prints it: thousands point, decimal comma; None when it is none."""
    match = _PRINTED.fullmatch(text.strip())
    if not match or len(text) > 120:
        return None
    earlier, _earlier_whole, value, whole = (_number(group) for group in match.groups())
    if value is None or any(one is not None and one >= 10**_MOST_DIGITS for one in (earlier, value, whole)):
        return None
    return Parts(value, whole, earlier)


def _number(text: str | None) -> Decimal | None:
    return Decimal(text.replace(".", "").replace(",", ".")) if text else None
