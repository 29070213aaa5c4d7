"""The unit that a query names, shown before the stories: its names through the years and the way to its page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from column.departments.models import CITYWIDE, Department
from column.departments.names import Gazetteer
from column.text.phrases import PhraseMatcher
from column.text.tokens import tokenize
from search import asking
from search.catalogue import Catalogue
from search.port import UNIT, SearchQuery

MOST = 3


@dataclass(frozen=True)
class UnitCard:
    """*stories* is how many the archive has of it alone, *with_former* with all that wholly became it."""

    unit: Department
    before: list[Department]
    after: list[Department]
    stories: int
    with_former: int

    @property
    def its_stories(self) -> str:
        """The address of those stories, whatever words they use."""
        return asking.address(self._asked)

    @property
    def with_former_stories(self) -> str:
        return asking.address(replace(self._asked, lineage=True))

    @property
    def _asked(self) -> SearchQuery:
        return SearchQuery(chosen={UNIT: frozenset({self.unit.code})})


class _Names:
    """Every name of every unit, to be found in a query; made once for a catalogue."""

    def __init__(self) -> None:
        gazetteer = Gazetteer.load()
        self.units = gazetteer.by_name
        names = [(key, key) for key in self.units]
        self.exact: PhraseMatcher[str] = PhraseMatcher(names)
        self.folded: PhraseMatcher[str] = PhraseMatcher(names, folded=True)

    def named(self, text: str) -> list[Department]:
        """Units whose whole name stands in *text*: by marks where there are any, else without."""
        tokens = tokenize(text)
        marked = any(token.exact != token.folded for token in tokens)
        found: dict[int, Department] = {}
        for match in (self.exact if marked else self.folded).find(text):
            size = sum(match.start <= token.start and token.end <= match.end for token in tokens)
            # One word (“Hòa”) inside a longer query is rarely meant as a name.
            if size > 1 or size == len(tokens):
                found.update({unit.pk: unit for unit in self.units[match.key] if unit.code != CITYWIDE})
        return list(found.values())


_names: WeakKeyDictionary[Catalogue, _Names] = WeakKeyDictionary()


def cards(known: Catalogue, text: str) -> list[UnitCard]:
    """The cards of the units that *text* names, at most three. Three queries when there are any."""
    if not text:
        return []
    if known not in _names:
        _names[known] = _Names()
    named = _names[known].named(text)
    if not named:
        return []
    # Of several bodies with one name those that live on come first.
    named.sort(key=lambda unit: (unit.latest_to is not None, unit.report_group, unit.sort_key))
    found = Department.objects.prefetch_related("predecessors", "successors")
    by_key = found.in_bulk([unit.pk for unit in named[:MOST]])
    alone, widened = known.units(SearchQuery()), known.units(SearchQuery(lineage=True))
    return [
        UnitCard(
            unit,
            sorted(unit.predecessors.all(), key=lambda one: one.sort_key),
            sorted(unit.successors.all(), key=lambda one: one.sort_key),
            alone[unit.code].stories.bit_count(),
            widened[unit.code].stories.bit_count(),
        )
        for one in named[:MOST]
        if (unit := by_key.get(one.pk)) and unit.code in alone
    ]
