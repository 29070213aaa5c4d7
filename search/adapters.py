"""Which adapter answers."""

from __future__ import annotations

from search.answering import SteadyArchive
from search.embedded import EmbeddedArchive
from search.outbox.bumping import in_use
from search.port import Archive


def archive() -> Archive:
    """The adapter in use. Pages, feeds and the API ask it through ``search.finding``; nobody names one himself."""
    return SteadyArchive() if in_use() else EmbeddedArchive()
