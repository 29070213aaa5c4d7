"""What the search box offers while someone types: units, criteria, bylines and titles.

Each word typed may go on, marks or none. Units answer to every name they ever had; titles come from the archive alone,
so that nothing is offered that a reader may not see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from weakref import WeakKeyDictionary

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from wagtail.search.utils import get_descendants_content_types_pks

from column.coverage.models import Criterion
from column.departments.models import CITYWIDE, Department
from column.people.models import Byline
from column.stories.models import Story
from column.text.dates import format_number
from column.text.normalize import nfc
from column.text.tokens import analyse, tokenize
from search import asking, catalogue
from search.admin_words import admin_words
from search.catalogue import Catalogue
from search.expressions import Words, all_of
from search.models import ArchiveEntry
from search.port import BYLINE, CRITERION, SearchQuery
from search.query import MOST_CHARACTERS

MOST_NAMES, MOST_TITLES = 4, 6
#: Words of a title that are looked at.
MOST_WORDS = 8
#: Titles, the newest of those that fit, of which the best are offered.
MOST_LOOKED_AT = 100


@dataclass(frozen=True)
class Name:
    """*words* are its folded words, each with a blank before it, *shown* what is offered, *url* where it leads."""

    words: str
    exact: str
    shown: str
    note: str
    url: str


class _Names:
    """Every name that is not a title, in memory: some hundreds. Made once for a catalogue."""

    def __init__(self, known: Catalogue) -> None:
        self.all = [*self._units(known), *self._criteria(known), *self._bylines(known)]

    @staticmethod
    def _name(text: str, shown: str, note: str, url: str) -> Name:
        analysed = analyse(text)
        return Name(f" {analysed.folded}", f" {analysed.exact}", shown, note, url)

    def _units(self, known: Catalogue) -> Iterator[Name]:
        values = known.units(SearchQuery())
        for unit in Department.objects.in_report_order().prefetch_related("aliases", "predecessors"):
            if unit.code == CITYWIDE or unit.code not in values:
                continue
            count = _("%(count)s tin, bài") % {"count": format_number(values[unit.code].stories.bit_count())}
            names = dict.fromkeys([unit.name, unit.short_name, *(alias.text for alias in unit.aliases.all())])
            for name in names:
                if name:
                    also = "" if name == unit.name else f" ({name})"
                    yield self._name(
                        name, f"{unit}{also}", _("Đơn vị · %(count)s") % {"count": count}, unit.get_absolute_url()
                    )
            for old in unit.predecessors.all():
                note = _("Đơn vị · trước đây là %(old)s") % {"old": old.name}
                yield self._name(old.name, str(unit), note, unit.get_absolute_url())

    def _criteria(self, known: Catalogue) -> Iterator[Name]:
        for criterion in Criterion.objects.in_order():
            value = known.filters[CRITERION].get(criterion.slug)
            if value:
                yield self._name(criterion.label, criterion.label, _("Tiêu chí"), criterion.get_absolute_url())

    def _bylines(self, known: Catalogue) -> Iterator[Name]:
        for byline in Byline.objects.all():
            if byline.name in known.filters[BYLINE]:
                url = asking.address(SearchQuery(chosen={BYLINE: frozenset({byline.name})}))
                yield self._name(byline.name, byline.name, _("Bút danh"), url)


_names: WeakKeyDictionary[Catalogue, _Names] = WeakKeyDictionary()


def names(known: Catalogue, typed: str) -> list[Name]:
    """Names that have the typed words in a row, the last perhaps unfinished; those in the typed marks lead."""
    if known not in _names:
        _names[known] = _Names(known)
    tokens = tokenize(typed)
    if not tokens:
        return []
    exact_run = " " + " ".join(token.exact for token in tokens)
    folded_run = " " + " ".join(token.folded for token in tokens)
    found: dict[str, tuple[tuple[bool, bool, int, int], Name]] = {}
    for place, name in enumerate(_names[known].all):
        if folded_run in name.words:
            rank = (exact_run not in name.exact, not name.words.startswith(folded_run), len(name.words), place)
            if name.url not in found or rank < found[name.url][0]:
                found[name.url] = (rank, name)
    return [name for _rank, name in sorted(found.values(), key=lambda item: item[0])[:MOST_NAMES]]


def titles(typed: str) -> list[ArchiveEntry]:
    """Titles of the archive with all the typed words: in the typed marks first, then in a row, then the newest."""
    tokens = tokenize(typed)[:MOST_WORDS]
    # One letter begins most titles there are: names are offered, and titles when more is typed.
    if not tokens or (len(tokens) == 1 and len(tokens[0].folded) < 2):
        return []
    *whole, last = tokens
    asked = all_of([*(Words((token.folded,)) for token in whole), Words((last.folded,), prefix=True)])
    types = get_descendants_content_types_pks(Story)
    ids = [int(found) for found in admin_words().newest(asked, types, MOST_LOOKED_AT)]
    exact_run = " " + " ".join(token.exact for token in tokens)
    folded_run = " " + " ".join(token.folded for token in tokens)
    ranked = []
    # The admin knows drafts, too: what is offered is what the archive says, and says in its own title.
    for pk, title, day in ArchiveEntry.objects.filter(pk__in=ids).values_list("pk", "title", "day"):
        analysed = analyse(title)
        exact, folded = f" {analysed.exact} ", f" {analysed.folded} "
        if f" {last.folded}" in folded and all(f" {token.folded} " in folded for token in whole):
            age = -(day or date.min).toordinal()
            ranked.append(
                (exact_run not in exact, folded_run not in folded, not folded.startswith(folded_run), age, pk)
            )
    best = [rank[-1] for rank in sorted(ranked)[:MOST_TITLES]]
    entries = ArchiveEntry.objects.select_related("story").defer("text", "story__body").in_bulk(best)
    return [entries[pk] for pk in best if pk in entries]


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """``{"suggestions": [{"text", "note", "url"}, …]}``; at most ten. Nothing typed, nothing offered."""
    typed = nfc(request.GET.get("q", "")[:MOST_CHARACTERS]).strip()
    offered = [{"text": name.shown, "note": name.note, "url": name.url} for name in names(catalogue.current(), typed)]
    offered += [
        {
            "text": entry.title,
            "note": _("Tin, bài") if not entry.day else f"{entry.get_kind_display()} · {entry.day:%d/%m/%Y}",
            "url": entry.story.get_url(request) or "",
        }
        for entry in titles(typed)
    ]
    return JsonResponse({"suggestions": offered}, json_dumps_params={"ensure_ascii": False})
