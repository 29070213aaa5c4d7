"""The filters beside a search with what each of their values would give.

The other filters apply, the filter's own choice does not. Made from sets of stories (:mod:`search.catalogue`), so that
an adapter needs to say no more than which stories it found.
"""

from __future__ import annotations

from collections.abc import Callable

from column.coverage.periods import parse_period
from search.catalogue import Catalogue, Value, periods_of
from search.port import CRITERION, FAMILY, FILTERS, KIND, OVERLAPPING, PERIOD, PHOTOS, Facet, FacetValue, SearchQuery

#: Few, and listed whether the archive has a story of them or not.
_ALWAYS = frozenset({KIND, FAMILY, CRITERION, PHOTOS})


#: How many hits a value would give: ``(filter, value, the set of stories that have it)``.
Count = Callable[[str, str, int], int]


def facets(known: Catalogue, found: int, query: SearchQuery) -> list[Facet]:
    """*found* is the set of stories that the words find, whatever the filters say."""
    among = {name: found & known.allowed(query, but=name) for name in FILTERS}
    return counted(known, query, lambda name, _value, stories: (among[name] & stories).bit_count())


def counted(known: Catalogue, query: SearchQuery, count: Count) -> list[Facet]:
    """The filters, their counts by *count*: for an adapter that counts by itself."""
    return [_facet(known, name, query, count) for name in FILTERS]


def _facet(known: Catalogue, name: str, query: SearchQuery, count: Count) -> Facet:
    picked = {known.spelled(name, value) for value in query.chosen.get(name, ())}
    listed = known.values(name, query)
    if name == PERIOD:
        return Facet(name, _periods(known, picked, count), overlaps=False)
    values = [
        FacetValue(value, one.label, count(name, value, one.stories), value in picked)
        for value, one in listed.items()
        if one.stories or value in picked or name in _ALWAYS
    ]
    values += [FacetValue(value, value, 0, chosen=True) for value in sorted(picked - listed.keys())]
    return Facet(name, values, name in OVERLAPPING)


def _periods(known: Catalogue, picked: set[str], count: Count) -> list[FacetValue]:
    """The years of the archive, the newest first; months below a year of which something is chosen."""
    opened = {code[:4] for code in picked}
    values: list[FacetValue] = []
    years: dict[str, Value] = dict(known.filters[PERIOD])
    for year, one in years.items():
        values.append(FacetValue(year, one.label, count(PERIOD, year, one.stories), year in picked))
        if year in opened:
            values += [_period(known, f"{year}-{month:02d}", picked, year, count) for month in range(1, 13)]
    told = {value.value for value in values}
    others = [period for period in periods_of(picked) if period.code not in told]
    values += [_period(known, one.code, picked, one.code[:4] if one.code[:4] in years else "", count) for one in others]
    told |= {period.code for period in others}
    return values + [FacetValue(value, value, 0, chosen=True) for value in sorted(picked - told)]


def _period(known: Catalogue, code: str, picked: set[str], within: str, count: Count) -> FacetValue:
    period = parse_period(code)
    label = period.label[:1].upper() + period.label[1:] if within else period.label
    return FacetValue(code, label, count(PERIOD, code, known.period(period)), code in picked, within)
