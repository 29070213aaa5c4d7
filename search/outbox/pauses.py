"""How long to wait between two attempts."""

from __future__ import annotations

import random

#: Seconds between two attempts grow to this.
LONGEST = 30.0


def pause(attempts: int, shortest: float = 2.0, longest: float = LONGEST) -> float:
    """Seconds to wait after so many attempts: each doubles them, and they are not the same for everybody."""
    most = min(shortest * 2.0 ** min(attempts - 1, 30), longest)
    return random.uniform(most / 2, most)  # noqa: S311 - jitter
