"""The one way in which a certificate's content is written as text, so that equal content has equal hashes. Pure.

Version 1: JSON with sorted keys, no spaces, letters as they are, UTF-8. First the head (all that is frozen but the list
of stories), then one line for each story, in the list's order, each ended by a line feed. SHA-256 over that.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from column.tallies.states.history import Known
from column.tallies.states.models import Standing
from column.tallies.states.recording import Seen

VERSION = 1


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(head: Mapping[str, Any], lines: Iterable[str]) -> str:
    """Sixty-four hexadecimal digits."""
    made = hashlib.sha256(dumps(head).encode())
    for line in lines:
        made.update(b"\n" + line.encode())
    made.update(b"\n")
    return made.hexdigest()


def line_of(known: Known) -> str:
    """A story as it was counted; its rows are in the order of unit and criterion."""
    seen = known.seen
    rows = sorted(
        ([unit, criterion, role, tone] for (unit, criterion), (role, tone) in known.rows.items()),
        key=lambda row: (row[0] or "", row[1] or ""),
    )
    return dumps(
        {
            "number": known.number, "day": seen.issue_date.isoformat() if seen.issue_date else None,
            "kind": seen.kind, "title": seen.title, "bylines": seen.bylines, "documents": seen.documents, "rows": rows,
        }
    )  # fmt: skip


def known_of(line: str) -> Known:
    """The story that a line tells of. ``ValueError`` or ``KeyError`` for a line that nobody wrote so."""
    told = json.loads(line)
    day = date.fromisoformat(told["day"]) if told["day"] else None
    seen = Seen(Standing.COUNTED.value, day, told["kind"], told["title"], told["bylines"], told["documents"])
    rows = {(unit, criterion): (role, tone) for unit, criterion, role, tone in told["rows"]}
    return Known(0, told["number"], seen, rows)
