"""The worker's job: tell Elasticsearch what has changed. A question to our own database when nothing has."""

from __future__ import annotations

import logging
import time
from datetime import datetime

from search.outbox.bumping import in_use
from search.outbox.models import Outgoing
from search.outbox.pauses import pause

logger = logging.getLogger(__name__)

#: Seconds between two looks at which index is searched.
LOOK_EVERY = 60.0


class Patience:
    """How long a cluster that does not answer is left alone; kept by the process that asks it."""

    def __init__(self) -> None:
        self.failures = 0
        self.until = float("-inf")
        self.look_at = float("-inf")

    @property
    def time_to_look(self) -> bool:
        return time.monotonic() >= self.look_at

    def looked(self) -> None:
        self.look_at = time.monotonic() + LOOK_EVERY

    @property
    def waiting(self) -> bool:
        return time.monotonic() < self.until

    def failed(self, error: Exception) -> None:
        self.failures += 1
        self.until = time.monotonic() + pause(self.failures)
        if self.failures == 1:
            logger.warning("Elasticsearch không trả lời, sẽ thử lại: %s", error)

    def answered(self) -> None:
        if self.failures:
            logger.info("Elasticsearch đã trả lời lại.")
        self.failures, self.until = 0, float("-inf")


patience = Patience()


def run(now: datetime) -> None:
    """Write what is due; now and then make sure that it is written to what is searched."""
    if not in_use() or patience.waiting or not (patience.time_to_look or Outgoing.objects.waiting().exists()):
        return
    # Inline: an installation without Elasticsearch never loads its client.
    from search.elastic import rebuilding
    from search.elastic.client import FAULTS
    from search.outbox.draining import drain

    try:
        if patience.time_to_look:
            rebuilding.mend()
            patience.looked()
        drain()
    except FAULTS as error:
        patience.failed(error)
    else:
        patience.answered()
