"""Which Thursday holds which article, while an archive is read: one article a slot, the second is *ngoài kỳ*."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Self

from column.enums import Kind
from column.schedule.models import Slot
from column.schedule.rhythm import Rhythm
from column.schedule.slots import ensure_slots
from column.stories.models import ColumnPage


@dataclass
class SlotBook:
    """The column's past days as the database has them, and what the rows read so far claim."""

    column: ColumnPage
    _rhythm: Rhythm
    #: External id of the article in the slot; an empty one is a story made here, None a skipped day.
    _holders: dict[date, str | None] = field(default_factory=dict)

    @classmethod
    def load(cls, column: ColumnPage) -> Self:
        book = cls(column, Rhythm.of(column.pk))
        slots = Slot.objects.filter(column=column).values_list("day", "skip_reason", "story", "story__external_id")
        for day, skip_reason, story, external_id in slots:
            if skip_reason or story:
                book._holders[day] = None if skip_reason else external_id or ""
        return book

    def claim(self, kind: Kind, day: date, external_id: str) -> str:
        """``own`` (the slot is this article's), ``taken``, ``skipped``, or an empty text where no slot is meant."""
        if kind != Kind.ARTICLE or self._rhythm.rule(day) is None:
            return ""
        holder = self._holders.setdefault(day, external_id)
        if holder is None:
            return "skipped"
        return "own" if holder == external_id else "taken"

    def fill(self, claims: dict[date, tuple[int, datetime]]) -> None:
        """Write the slots of these days (story key and time of publication), inside the caller's transaction.

        A slot that someone filled meanwhile stays as it is. Nothing is said of lateness: of an old article only the
        day is known.
        """
        for day, (story, published_at) in sorted(claims.items()):
            ensure_slots(self.column, day, day)
            free = Slot.objects.filter(column=self.column, day=day, story=None, skip_reason="")
            free.update(story=story, published_at=published_at)
