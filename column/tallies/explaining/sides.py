"""The sides of a difference: a certificate, the present, or a number that was once printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from column.tallies.asked import Asked
from column.tallies.certificates.canonical import line_of
from column.tallies.certificates.counter import Cell, Counter
from column.tallies.certificates.models import Certificate
from column.tallies.certificates.tables import frame_of
from column.tallies.published.models import OwnArticle, PublishedFigure
from column.tallies.states.history import Marks, counted_at
from column.tallies.table import Tally


@dataclass
class Side:
    """Figures with the list of stories behind them; ``lines`` are canonical, by the story's public number."""

    name: str
    url: str
    at: datetime
    address: str
    frame: Mapping[str, Any]
    marks: Marks
    figures: Mapping[Cell, int]
    lines: Mapping[int, str] = field(default_factory=dict)
    code: str = ""

    def counter(self, frame: Mapping[str, Any] | None = None) -> Counter:
        """What the side counts by; with another side's frame: the same question, put to that frame."""
        return Counter.frozen(self.address, frame or self.frame)


@dataclass
class Bare:
    """A number without a list: nothing can be told of its stories but whether its own article is one of them."""

    name: str
    url: str
    number: int
    at: datetime | None = None
    #: Public number and title of the article that printed the number and that the number counts.
    own: tuple[int, str] | None = None


def frozen_side(certificate: Certificate) -> Side:
    """Read a certificate's figures and list (one query)."""
    assert certificate.as_of is not None
    figures = {(row, inner, column): number for row, inner, column, number in certificate.figures}
    return Side(
        name=_("phiếu %(code)s") % {"code": certificate.code}, url=certificate.get_absolute_url(), at=certificate.as_of,
        address=certificate.address, frame=certificate.frame, figures=figures, code=certificate.code,
        marks=Marks(certificate.state_mark or 0, certificate.change_mark or 0),
        lines=dict(certificate.list.order_by().values_list("number", "line")),
    )  # fmt: skip


def present_side(asked: Asked) -> Side:
    """The same tally now: its figures from the tables, its list from the histories."""
    now, marks = timezone.now(), Marks.newest()
    today = timezone.localdate(now)
    tally = Tally.make(asked, (), today=today, at=now)
    frame = frame_of(asked, tally, today)
    side = Side(_("hiện nay"), asked.url(), now, asked.url(), frame, marks, tally.counts)
    counter = side.counter()
    first, last = counter.span
    told = counted_at(marks, first, last, counter.kinds)
    side.lines = {known.number: line_of(known) for known in told if counter.counts(known)}
    return side


def bare_side(figure: PublishedFigure) -> Bare:
    own = None
    story = figure.source_story
    if figure.includes_own == OwnArticle.YES and story is not None:
        own = story.public_id, story.title
    return Bare(_("số đã công bố"), figure.get_absolute_url(), figure.number, own=own)
