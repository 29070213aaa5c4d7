"""Where readers meet a story: each place is a probe, registered at start by the part of the house that serves it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


class Unreachable(Exception):
    """The site did not answer at all, or a proxy said that it does not; the message is Vietnamese."""


@dataclass(frozen=True)
class Facts:
    """What went live. *path* is the story's address without the host, *version* its time of publication, *site* the
    site's own address. *restricted*: an anonymous reader must NOT get it anywhere."""

    story_id: int
    public_id: int
    path: str
    headline: str
    version: datetime
    site: str
    restricted: bool = False


@dataclass(frozen=True)
class Answer:
    """What an anonymous reader was given in the end, redirects followed. *text* as the server sent it."""

    status: int
    text: str


@dataclass(frozen=True)
class Finding:
    """Whether readers see there what they should; *detail* in Vietnamese, *path* what was asked for."""

    ok: bool
    detail: str
    path: str


#: Asks for a path of the site. Raises :class:`Unreachable`.
Fetch = Callable[[str], Answer]
#: A probe that does not apply (an old story and the feed of the newest) finds nothing wrong and says why.
Check = Callable[[Facts, Fetch], Finding]


@dataclass(frozen=True)
class Probe:
    """*name* is data (``Proof.results``), *label* what the desk reads, translated late."""

    name: str
    label: Any
    check: Check


_probes: dict[str, Probe] = {}


def register(name: str, label: Any, check: Check) -> None:
    """Add a probe, or replace the one of that name; called once, when the apps are ready."""
    _probes[name] = Probe(name, label, check)


def registered() -> tuple[Probe, ...]:
    """In the order of their registration."""
    return tuple(_probes.values())
