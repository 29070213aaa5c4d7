"""Whether a certificate is what was frozen, and whether its figures come out again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from column.tallies.certificates.canonical import VERSION, digest, line_of
from column.tallies.certificates.counter import Cell, Counter
from column.tallies.certificates.frozen import Frozen
from column.tallies.certificates.models import Certificate
from column.tallies.states.history import Marks, counted_at

#: As many differing stories as are named.
SHOWN = 20


def head(certificate: Certificate) -> dict[str, Any]:
    """All that is frozen but the list."""
    assert certificate.as_of is not None
    return {
        "version": VERSION, "code": certificate.code, "title": certificate.title, "note": certificate.note,
        "address": certificate.address, "sentence": certificate.sentence, "as_of": certificate.as_of.isoformat(),
        "by": certificate.frozen_by_name, "marks": [certificate.state_mark, certificate.change_mark],
        "frame": certificate.frame, "figures": certificate.figures, "table": certificate.table,
        "total": certificate.total, "stories": certificate.stories,
    }  # fmt: skip


@dataclass
class Proof:
    """What was found. ``same`` is *tái lập đúng*; else what differs is named.

    ``intact``: head and list hash to what was written at the freezing. ``adds_up``: the frozen list gives the frozen
    figures. ``numbers``: public numbers of stories whose frozen line is not what the history tells (at most ``SHOWN``
    of ``differing``). ``cells``: how many figures come out otherwise from the history; ``total`` is what it gives.
    """

    intact: bool
    adds_up: bool
    total: int
    cells: int = 0
    differing: int = 0
    numbers: list[int] = field(default_factory=list)

    @property
    def same(self) -> bool:
        return self.intact and self.adds_up and not self.cells and not self.differing


def prove(certificate: Certificate) -> Proof:
    """Hash anew, count the frozen list anew, and count the history as of the freezing anew. Nothing is written."""
    texts = list(certificate.list.order_by("place").values_list("number", "line"))
    intact = digest(head(certificate), (line for _number, line in texts)) == certificate.digest
    try:
        frozen = Frozen(certificate)
        listed = [known for _story, known in frozen.known()]
        adds_up = frozen.counter.figures(listed) == frozen.figures and len(listed) == certificate.stories
        adds_up = adds_up and frozen.counter.total(listed) == certificate.total
    except (ValueError, KeyError, TypeError, AttributeError):
        # Somebody wrote what no freezing writes: nothing can be counted from it.
        return Proof(intact=False, adds_up=False, total=0)
    again, told = _from_history(certificate, frozen.counter)
    known = dict(texts)
    differing = sorted(number for number in known.keys() | told.keys() if known.get(number) != told.get(number))
    cells = sum(1 for cell in again.keys() | frozen.figures.keys() if again.get(cell, 0) != frozen.number(cell))
    total = again.get(frozen.counter.whole, 0)
    return Proof(intact, adds_up, total, cells, len(differing), differing[:SHOWN])


def _from_history(certificate: Certificate, counter: Counter) -> tuple[dict[Cell, int], dict[int, str]]:
    marks = Marks(certificate.state_mark or 0, certificate.change_mark or 0)
    first, last = counter.span
    told = [known for known in counted_at(marks, first, last, counter.kinds) if counter.counts(known)]
    return counter.figures(told), {known.number: line_of(known) for known in told}
