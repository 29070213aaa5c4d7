"""The one way in which coverage is written, by hand and in bulk: rows, their history, and the announcement.

Everything happens in one transaction; the history holds codes and slugs, not keys, so that it can be read
when the unit list has changed.
"""

from column.coverage.recording.many import record_bulk, relate_bulk, set_bulk, take_back
from column.coverage.recording.moving import Move, move_unit, moves_of
from column.coverage.recording.one import record
from column.coverage.recording.rows import (
    MAX_EVIDENCE,
    Key,
    Outcome,
    Row,
    StaleCoverage,
    fingerprint,
)
from column.coverage.recording.standing import confirm, review

__all__ = [
    "MAX_EVIDENCE", "Key", "Move", "Outcome", "Row", "StaleCoverage", "confirm", "fingerprint", "move_unit", "moves_of",
    "record", "record_bulk", "relate_bulk", "review", "set_bulk", "take_back",
]  # fmt: skip
