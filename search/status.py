"""How the archive's search is: for the terminal and for the admin's page. Reads, changes nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from search.models import ArchiveEntry
from search.outbox.bumping import in_use
from search.outbox.models import Outgoing, Target

#: Refused documents that are named.
SHOWN = 20


@dataclass(frozen=True)
class Refused:
    """A document that Elasticsearch refuses, and its own words for it."""

    page_id: int
    title: str
    problem: str


@dataclass(frozen=True)
class Index:
    """One of our indices in Elasticsearch."""

    name: str
    documents: int
    searched: bool
    whole: bool
    current: bool


@dataclass
class Status:
    """*problem*: why Elasticsearch cannot be asked; empty when it can. *waiting*: changes that it has yet to be told
    of, the longest waiting since *waiting_since*."""

    entries: int = 0
    in_use: bool = False
    problem: str = ""
    version: str = ""
    health: str = ""
    indices: list[Index] = field(default_factory=list)
    waiting: int = 0
    waiting_since: datetime | None = None
    quarantined: int = 0
    refused: list[Refused] = field(default_factory=list)

    @property
    def answering(self) -> str:
        """The name of the adapter that answers readers now."""
        ready = self.in_use and not self.problem and not self.waiting and any(one.searched for one in self.indices)
        return "elasticsearch" if ready else "embedded"


def status() -> Status:
    """Ask the database, and Elasticsearch where there is one."""
    found = Status(entries=ArchiveEntry.objects.count(), in_use=in_use())
    if not found.in_use:
        return found
    waiting = Outgoing.objects.waiting()
    found.waiting = waiting.count()
    found.waiting_since = waiting.order_by("next_attempt_at").values_list("next_attempt_at", flat=True).first()
    quarantined = Outgoing.objects.quarantined()
    found.quarantined = quarantined.count()
    rows = list(quarantined.order_by("page_id").values_list("page_id", "problem")[:SHOWN])
    titles = dict(ArchiveEntry.objects.filter(pk__in=[row[0] for row in rows]).values_list("pk", "title"))
    found.refused = [Refused(page_id, titles.get(page_id, ""), problem) for page_id, problem in rows]
    # Inline: an installation without Elasticsearch never loads its client.
    from search.elastic.client import FAULTS

    try:
        _ask(found)
    except FAULTS as error:
        found.problem = str(error)[:300] or type(error).__name__
    return found


def _ask(found: Status) -> None:
    from search.elastic import rebuilding
    from search.elastic.client import client
    from search.elastic.mapping import SHAPE, alias

    found.version = client().info().body["version"]["number"]
    found.health = client().cluster.health().body["status"]
    searched = rebuilding.searched()
    whole = {target.name: target.whole_at is not None for target in Target.objects.all()}
    shapes = client().indices.get_mapping(index=f"{alias()}-*", allow_no_indices=True).body
    for name in sorted(shapes):
        found.indices.append(
            Index(
                name=name,
                documents=int(client().count(index=name).body["count"]),
                searched=name == searched,
                whole=whole.get(name, False),
                current=shapes[name]["mappings"].get("_meta", {}).get("shape") == SHAPE,
            )
        )
