"""The measured claims, each as a ratio against a baseline that runs in the same process on the same machine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table. *ours* and *baseline* in *unit*; *ratio* is what *must* speaks of (“≤ 4”, “≥ 20”)."""

    what: str
    ours: float
    baseline: float
    unit: str
    ratio: float
    must: str
    ok: bool
