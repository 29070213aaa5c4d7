"""Which adapter answers a reader: Elasticsearch where it is in use, well and told of everything; else the embedded.

While a single change has not reached Elasticsearch, the embedded index answers, which knows every change that was
committed: what was taken back is in no count, what was published is found, whatever the cluster does.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection
from threading import Lock

from django.conf import settings

from search import writing
from search.embedded import EmbeddedArchive
from search.outbox.models import Outgoing
from search.outbox.pauses import pause
from search.port import SearchQuery, SearchResult

logger = logging.getLogger(__name__)


class Breaker:
    """After a failure nobody asks for a while, then one asks for all. Each failure doubles the while, to a minute."""

    LONGEST = 60.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._failures = 0
        self._closed_until = float("-inf")

    @property
    def open(self) -> bool:
        return self._failures > 0

    def may_ask(self) -> bool:
        """Whether this one may ask; of those that find the time come, only the first may."""
        with self._lock:
            if not self._failures:
                return True
            if self._clock() < self._closed_until:
                return False
            self._closed_until = self._clock() + self.LONGEST
            return True

    def failed(self) -> bool:
        """Note a failure; return whether it was the first."""
        with self._lock:
            self._failures += 1
            self._closed_until = self._clock() + pause(self._failures, longest=self.LONGEST)
            return self._failures == 1

    def answered(self) -> bool:
        """Note an answer; return whether failures went before it."""
        with self._lock:
            again = self._failures > 0
            self._failures = 0
            return again


breaker = Breaker()


class SteadyArchive:
    """Elasticsearch with the embedded index behind it; each answer says who gave it."""

    name = "elasticsearch"

    def __init__(self) -> None:
        self.embedded = EmbeddedArchive()

    def write(self, ids: Collection[int]) -> int:
        return writing.write(ids)

    def search(self, query: SearchQuery) -> SearchResult:
        if Outgoing.objects.waiting().exists() or not breaker.may_ask():
            return self.embedded.search(query)
        # Inline: an installation without Elasticsearch never loads its client.
        from search.elastic.adapter import ElasticArchive
        from search.elastic.client import FAULTS

        begin = time.monotonic()
        try:
            result = ElasticArchive().search(query)
        except FAULTS as error:
            if breaker.failed():
                logger.warning("Elasticsearch không trả lời, dùng chỉ mục sẵn có: %s", error)
            return self.embedded.search(query)
        if time.monotonic() - begin > settings.ELASTICSEARCH_PATIENCE / 2:
            # Taken all the same; but a page may ask several times, and nobody waits so long for each.
            if breaker.failed():
                logger.warning("Elasticsearch trả lời chậm, dùng chỉ mục sẵn có một lúc.")
        elif breaker.answered():
            logger.info("Elasticsearch đã trả lời lại.")
        return result
