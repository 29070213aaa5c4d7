"""When a proof is checked, and what the outcome of a look makes of it. The clock is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from column.enums import ProofState

#: The site's processes believe a kept page for half a second (home/pagecache.py): the first look comes after it.
FIRST_LOOK = timedelta(seconds=1)
#: The pauses after the first looks that failed. With the last of them spent, the proof is red and replayed.
SOON = (timedelta(seconds=2), timedelta(seconds=4))
#: After a replay: has it helped?
AFTER_REPLAY = timedelta(seconds=2)
#: A red proof is looked at again and again, with pauses that double from the first to the longest.
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=10)


@dataclass(frozen=True)
class Verdict:
    """What one look makes of a proof. *next_check_at* None: nothing more to check. *replay*: announce again first."""

    state: ProofState
    next_check_at: datetime | None
    replay: bool = False


def verdict(*, good: bool, answered: bool, attempts: int, now: datetime) -> Verdict:
    """*attempts* counts the looks so far, this one included.

    What did not answer at all is not mended by announcing it again; it is red as soon as the rest would be.
    """
    if good:
        return Verdict(ProofState.GREEN, None)
    if attempts <= len(SOON):
        return Verdict(ProofState.PENDING, now + SOON[attempts - 1])
    red = attempts - len(SOON)
    if red == 1:
        return Verdict(ProofState.RED, now + AFTER_REPLAY, replay=answered)
    pause = min(FIRST_PAUSE * 2 ** min(red - 2, 10), LONGEST_PAUSE)
    return Verdict(ProofState.RED, now + pause, replay=answered)
