"""Which unit stands for which in the structure of a day: “rolled up to today”, “to the structure of date D”.

A story is coded under the unit as it was on its issue date. Another structure is a second, named view
(domain.md, *Coverage*, rule 4), and this module alone says how one follows from the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from column.departments.models import Department, SplitRule


@dataclass(frozen=True, slots=True)
class Life:
    """What of a unit decides where it stands; unknown bounds are None."""

    earliest_from: date | None = None
    latest_to: date | None = None
    merged_into: int | None = None


@dataclass(frozen=True)
class Structure:
    """The units of a day, each under every unit that leads to it.

    With ``day`` None: “as it was on the day of the story”, every unit itself. A duplicate is always the unit whose
    duplicate it is. Otherwise, for a unit that was over by that day:

    - renamed or merged: its successor, and so on to the unit of that day;
    - split: the successor that its ``SplitRule`` names, else it stays itself (``undecided`` when nobody has said so);
    - abolished: itself.

    For a unit that began only after that day: its predecessor when it has exactly one; a merger is not taken apart.
    A bound that is a year or a month admits all its days, so a unit that may have existed on the day is itself.
    Units in a circle of successors stay themselves.
    """

    day: date | None = None
    #: Only the units whose image differs from themselves.
    images: Mapping[int, int] = field(default_factory=dict)
    #: Units that were split by that day without a rule: they stand beside their successors.
    undecided: frozenset[int] = frozenset()
    #: Codes of the units in ``images`` and of their images, for records that outlive the keys.
    codes: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def load(cls, day: date | None) -> Structure:
        """Read the unit list (three queries)."""
        units: dict[int, Life] = {}
        codes: dict[int, str] = {}
        rows = Department.objects.order_by().values_list("pk", "code", "earliest_from", "latest_to", "merged_into")
        for pk, code, begin, end, same in rows:
            units[pk], codes[pk] = Life(begin, end, same), code
        through = Department.successors.through.objects.order_by("pk")
        links = through.values_list("from_department_id", "to_department_id")
        rules = SplitRule.objects.order_by("pk").values_list("unit_id", "counts_as_id")
        return cls.make(day, units, links, dict(rules), codes)

    @classmethod
    def make(
        cls, day: date | None, units: Mapping[int, Life], links: Iterable[tuple[int, int]],
        rules: Mapping[int, int | None], codes: Mapping[int, str] | None = None,
    ) -> Structure:  # fmt: skip
        """From plain data: ``links`` are (unit, successor), ``rules`` what a unit that was split counts as."""
        walk = _Walk(day, units, links, rules)
        found = {pk: walk.image(pk) for pk in units}
        images = {pk: image for pk, image in found.items() if image != pk}
        named = {pk: codes[pk] for pair in images.items() for pk in pair} if codes else {}
        return cls(day, images, frozenset(walk.undecided), named)

    def image(self, pk: int) -> int:
        return self.images.get(pk, pk)

    def members(self, pk: int) -> frozenset[int]:
        """The units that stand under this one in this structure; none when it stands under another itself."""
        own = [] if pk in self.images else [pk]
        return frozenset([*own, *(unit for unit, image in self.images.items() if image == pk)])

    def by_code(self) -> dict[str, str]:
        """``images`` by code, sorted: what a certificate keeps."""
        return dict(sorted((self.codes[old], self.codes[new]) for old, new in self.images.items()))


class _Walk:
    """From unit to unit until one that may have existed on the day, or as far as anyone can tell."""

    def __init__(
        self, day: date | None, units: Mapping[int, Life], links: Iterable[tuple[int, int]],
        rules: Mapping[int, int | None],
    ) -> None:  # fmt: skip
        self.day, self.units, self.rules = day, units, rules
        self.successors: dict[int, list[int]] = {}
        self.predecessors: dict[int, list[int]] = {}
        self.undecided: set[int] = set()
        for old, new in links:
            one, other = self.own(old), self.own(new)
            if one != other and other not in self.successors.setdefault(one, []):
                self.successors[one].append(other)
                self.predecessors.setdefault(other, []).append(one)

    def own(self, pk: int) -> int:
        """The unit whose record this is, past any duplicates."""
        here, seen = pk, {pk}
        while (same := self.units[here].merged_into) is not None:
            if same in seen:
                return pk
            seen.add(same)
            here = same
        return here

    def image(self, pk: int) -> int:
        start = here = self.own(pk)
        if self.day is None:
            return start
        seen = {here}
        undecided = None
        while True:
            following, undecided = self._step(here, self.day)
            if following is None:
                break
            if following in seen:
                return start
            seen.add(following)
            here = following
        if undecided is not None:
            self.undecided.add(undecided)
        return here

    def _step(self, pk: int, day: date) -> tuple[int | None, int | None]:
        """The next unit on the way, else None; and the unit that lacks a rule, where that is why."""
        life = self.units[pk]
        after, before = self.successors.get(pk, []), self.predecessors.get(pk, [])
        # A unit that has successors is over, even where nobody knows since when.
        if after and (life.latest_to is None or life.latest_to < day):
            return self._forward(pk, after, day)
        if life.earliest_from is not None and life.earliest_from > day and len(before) == 1:
            end = self.units[before[0]].latest_to
            return (before[0] if end is None or end >= day else None), None
        return None, None

    def _forward(self, pk: int, after: Sequence[int], day: date) -> tuple[int | None, int | None]:
        begun = [one for one in after if (begin := self.units[one].earliest_from) is None or begin <= day]
        if not begun:
            return None, None
        if len(after) == 1:
            return after[0], None
        if pk not in self.rules:
            return None, pk
        rule = self.rules[pk]
        rule = self.own(rule) if rule is not None else None
        if rule is None or rule not in begun:
            return None, None
        return rule, None
