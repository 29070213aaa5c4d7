"""A coverage filter against the database: its stories, its rows, and what it says in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Page, PageViewRestriction

from column.coverage.filter import GROUPS, KINDS, NONE, NOW, ROLES, TONES, UNIT_GROUPS, UNIT_KINDS, CoverageFilter
from column.coverage.models import (
    Coverage,
    CoverageQuerySet,
    Criterion,
    Document,
    SolutionGroup,
    StoryDocument,
)
from column.departments.lineage import Lineage
from column.departments.models import Department
from column.departments.rules import report_group_name
from column.departments.structure import Structure
from column.enums import CoverageRole
from column.people.models import Byline, byline_key
from column.stories.models import BylineCredit, Story, StoryQuerySet
from column.text.dates import format_day


@dataclass
class Selection:
    """A filter whose names were looked up (a constant number of queries).

    With ``problems`` (Vietnamese: a code that nobody knows, a date that is none) nothing is found:
    a filter that silently lost a condition would count too much.
    """

    filter: CoverageFilter
    problems: list[str] = field(default_factory=list)
    departments: list[Department] = field(default_factory=list)
    #: Whose rows ``departments`` means; and what the other conditions on units leave, None without any.
    units: frozenset[int] = frozenset()
    also_units: frozenset[int] | None = None
    within: list[Department] = field(default_factory=list)
    #: Loaded where the filter asks for units.
    structure: Structure | None = None
    solutions: list[SolutionGroup] = field(default_factory=list)
    offered: frozenset[int] = frozenset()
    criteria: list[Criterion] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    bylines: list[Byline] = field(default_factory=list)
    #: Under which paths only some may read; asked for once.
    _private: list[str] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(
        cls, wanted: CoverageFilter, problems: Iterable[str] = (), lineage: Lineage | None = None,
        today: date | None = None,
    ) -> Selection:  # fmt: skip
        """Look the filter's names up; ``problems`` are those of reading it. ``today`` is for its structure."""
        found = cls(wanted, list(problems))
        found._find_units(lineage, today)
        found._find_solutions()
        slugs = set(wanted.criteria) - {NONE}
        if slugs:
            found.criteria = list(Criterion.objects.filter(slug__in=slugs).in_order())
            found._miss(_("tiêu chí"), slugs - {one.slug for one in found.criteria})
        if wanted.documents:
            keys = [int(key) for key in wanted.documents if key.isdecimal() and len(key) < 10]
            found.documents = list(Document.objects.filter(pk__in=keys))
            found._miss(_("văn bản"), set(wanted.documents) - {NONE} - {str(one.pk) for one in found.documents})
        if wanted.bylines:
            names = {byline_key(name): name for name in wanted.bylines if name != NONE}
            found.bylines = list(Byline.objects.filter(match_key__in=names))
            known = {one.match_key for one in found.bylines}
            found._miss(_("bút danh"), {name for key, name in names.items() if key not in known})
        return found

    def _find_units(self, lineage: Lineage | None, today: date | None) -> None:
        """Which units' rows are meant; a unit stands for all that stand under it in the structure asked for."""
        asked = self.filter
        if not (asked.asks_for_units or asked.structure):
            return
        self.structure = structure = structure_of(asked, today)
        if not asked.asks_for_units:
            return
        codes = set(asked.departments) - {NONE}
        found = Department.objects.filter(code__in=codes | set(asked.within)).in_report_order()
        known = {unit.code: unit for unit in found}
        self.departments = [unit for unit in known.values() if unit.code in codes]
        self.within = [unit for unit in known.values() if unit.code in asked.within]
        self._miss(_("đơn vị"), codes.union(asked.within) - known.keys())
        plain = not (asked.structure or asked.branch or asked.within or asked.unit_kinds or asked.unit_groups)
        facts = {} if plain else dict(_units())
        graph = lineage or (Lineage.load() if asked.lineage else Lineage())
        conditions = []
        if asked.departments:
            keys = {structure.image(unit.pk) for unit in self.departments}
            if asked.lineage:
                keys = graph.with_predecessors(keys)
            if asked.branch:
                keys = {structure.image(key) for key in keys} | below(keys, facts, structure)
            self.units = _standing_under(keys, facts or keys.union(structure.images), structure)
        if asked.within:
            keys = {structure.image(unit.pk) for unit in self.within}
            conditions.append(_standing_under(below(keys, facts, structure), facts, structure))
        if asked.unit_kinds:
            kinds = {UNIT_KINDS[word].value for word in asked.unit_kinds}
            conditions.append(frozenset(pk for pk in facts if facts[structure.image(pk)].kind in kinds))
        if asked.unit_groups:
            groups = {UNIT_GROUPS[word] for word in asked.unit_groups}
            conditions.append(frozenset(pk for pk in facts if facts[structure.image(pk)].report_group in groups))
        if conditions:
            self.also_units = frozenset.intersection(*conditions)

    def _find_solutions(self) -> None:
        """Which criteria the groups of solutions asked for offer."""
        asked = self.filter.solutions
        if not asked:
            return
        keys = [int(key) for key in asked if key.isdecimal() and len(key) < 10]
        self.solutions = list(SolutionGroup.objects.filter(pk__in=keys))
        self._miss(_("nhóm giải pháp"), set(asked) - {NONE} - {str(one.pk) for one in self.solutions})
        offered: dict[int, set[int]] = {}
        for group, criterion in SolutionGroup.criteria.through.objects.values_list("solutiongroup", "criterion"):
            offered.setdefault(group, set()).add(criterion)
        self.offered = frozenset().union(*(offered.get(one.pk, set()) for one in self.solutions))
        if NONE in asked:
            every = set(Criterion.objects.order_by().values_list("pk", flat=True))
            self.offered |= every - set().union(*offered.values())

    def _miss(self, what: str, unknown: Iterable[str]) -> None:
        self.problems += [
            _("Không có %(what)s “%(value)s”.") % {"what": what, "value": value[:60]} for value in sorted(unknown)
        ]

    # --- query sets --------------------------------------------------------------------------------------------

    def stories(self) -> StoryQuerySet:
        """The published stories, each once, unordered: exactly what the filter counts."""
        stories = self._published()
        if self.filter.asks_for_coverage:
            stories = stories.filter(pk__in=self._matching(Coverage.objects.all()).order_by().values("story"))
        return stories

    def rows(self) -> CoverageQuerySet:
        """The coverage rows of published stories that match, unordered."""
        if self.problems:
            return Coverage.objects.none()
        return self._matching(Coverage.objects.order_by()).filter(self._of_stories("story__"))

    def rows_of(self, stories: Any) -> CoverageQuerySet:
        """The rows that match of stories (keys) that :meth:`stories` found: they are not asked for once more."""
        return self._matching(Coverage.objects.order_by().filter(story__in=stories))

    def _published(self) -> StoryQuerySet:
        """Published stories that meet the conditions on the story itself. Without an issue date none is counted."""
        if self.problems:
            return Story.objects.none()
        stories: StoryQuerySet = Story.objects.order_by().filter(self._of_stories(""))
        return stories

    def taken_down(self) -> list[datetime]:
        """When the stories went that the filter would count, had they not been taken down, in order.

        Staff alone may know of them. At most two queries: they are few, and their rows are asked for by themselves.
        """
        if self.problems:
            return []
        gone = Story.objects.order_by().filter(self._of_stories("", live=False), taken_down_at__isnull=False)
        found = dict(gone.values_list("pk", "taken_down_at"))
        if found and self.filter.asks_for_coverage:
            rows = self._matching(Coverage.objects.filter(story__in=found))
            kept = set(rows.order_by().values_list("story_id", flat=True))
            found = {pk: at for pk, at in found.items() if pk in kept}
        return sorted(found.values())

    def _of_stories(self, to: str, *, live: bool = True) -> Q:
        """The same, as a condition on whatever reaches the story by ``to``: one join does for all of it."""
        asked = self.filter
        found = Q(**{f"{to}live": live, f"{to}issue_date__isnull": False})
        if self._private is None:
            # By keys: joined, SQLite walks every page to find the few.
            pages = Page.objects.order_by().filter(pk__in=PageViewRestriction.objects.order_by().values("page"))
            self._private = list(pages.values_list("path", flat=True))
        for restricted in self._private:
            found &= ~Q(**{f"{to}path__startswith": restricted})
        first, last = asked.span
        if first:
            found &= Q(**{f"{to}issue_date__gte": first})
        if last:
            found &= Q(**{f"{to}issue_date__lte": last})
        if asked.kinds:
            found &= Q(**{f"{to}kind__in": [KINDS[kind] for kind in asked.kinds]})
        if asked.documents:
            found &= _linked(to, StoryDocument.objects.all(), "document", self.documents, NONE in asked.documents)
        if asked.bylines:
            found &= _linked(to, BylineCredit.objects.all(), "byline", self.bylines, NONE in asked.bylines)
        return found

    def _matching(self, rows: CoverageQuerySet) -> CoverageQuerySet:
        asked = self.filter
        role = ROLES[asked.role] if asked.role else CoverageRole.SUBJECT
        if role is not None:
            rows = rows.filter(role=role)
        if asked.departments:
            where = Q(department__in=self.units)
            rows = rows.filter(where | Q(department__isnull=True) if NONE in asked.departments else where)
        if self.also_units is not None:
            rows = rows.filter(department__in=self.also_units)
        if asked.criteria:
            where = Q(criterion__in=self.criteria)
            rows = rows.filter(where | Q(criterion__isnull=True) if NONE in asked.criteria else where)
        if asked.family:
            rows = rows.filter(criterion__group__family=GROUPS[asked.family])
        if asked.solutions:
            where = Q(criterion__in=self.offered)
            rows = rows.filter(where | Q(criterion__isnull=True) if NONE in asked.solutions else where)
        if asked.tones:
            rows = rows.filter(tone__in=[TONES[tone] for tone in asked.tones])
        return rows

    # --- in words ----------------------------------------------------------------------------------------------

    def sentence(self) -> str:
        """What the filter asks, as one Vietnamese sentence without a full stop."""
        asked = self.filter
        kinds = [str(KINDS[kind].label) for kind in KINDS if kind in asked.kinds]
        parts = [_listed(kinds, _("và")) if kinds else _("Tin, bài")]
        parts[0] = parts[0][:1].upper() + parts[0][1:].lower()
        if asked.departments:
            parts[0] += f" {self._about()}"
        parts += self._of_units()
        if asked.criteria:
            labels = [one.label for one in self.criteria] + ([_("chưa gắn tiêu chí")] if NONE in asked.criteria else [])
            lead = _("tiêu chí ") if self.criteria else ""
            parts.append(lead + _listed(labels, _("hoặc")))
        if asked.family:
            parts.append(_("nhóm %(family)s") % {"family": GROUPS[asked.family].label})
        if asked.solutions:
            names = [f"“{one.name}”" for one in self.solutions]
            parts.append(_or_none(_("nhóm giải pháp "), names, asked.solutions, _("chưa có nhóm giải pháp")))
        if asked.documents:
            parts.append(
                _or_none(_("liên quan đến "), map(str, self.documents), asked.documents, _("chưa gắn văn bản"))
            )
        if asked.bylines:
            names = [one.name for one in self.bylines]
            parts.append(_or_none(_("bút danh "), names, asked.bylines, _("không ghi bút danh")))
        parts += self._how()
        parts.append(self._when())
        return ", ".join(part for part in parts if part)

    def _about(self) -> str:
        names = [str(unit) for unit in self.departments]
        words = _("về ") + _listed(names, _("hoặc")) if names else ""
        also = [
            text
            for wanted, text in ((self.filter.lineage, _("tiền thân")), (self.filter.branch, _("trực thuộc")))
            if wanted
        ]
        if also and names:
            words += " " + _("(gồm đơn vị %(also)s)") % {"also": _listed(also, _("và"))}
        if NONE in self.filter.departments:
            words = f"{words} {_('hoặc')} {_('chưa gắn đơn vị')}" if words else _("chưa gắn đơn vị")
        return words

    def _of_units(self) -> list[str]:
        asked, parts = self.filter, []
        if asked.within:
            parts.append(_("đơn vị thuộc ") + _listed([str(unit) for unit in self.within], _("hoặc")))
        if asked.unit_kinds:
            kinds = [str(UNIT_KINDS[word].label) for word in asked.unit_kinds]
            parts.append(_("loại đơn vị ") + _listed(kinds, _("hoặc")))
        if asked.unit_groups:
            groups = [f"“{report_group_name(UNIT_GROUPS[word])}”" for word in asked.unit_groups]
            parts.append(_("nhóm đơn vị ") + _listed(groups, _("hoặc")))
        if asked.structure == NOW:
            parts.append(_("đơn vị quy về cơ cấu hiện nay"))
        elif asked.structure:
            day = format_day(date.fromisoformat(asked.structure))
            parts.append(_("đơn vị quy về cơ cấu ngày %(day)s") % {"day": day})
        return parts

    def _how(self) -> list[str]:
        asked, parts = self.filter, []
        others = asked.but(role="").asks_for_coverage
        if asked.role == "doi-tuong" and not others:
            parts.append(_("đã gắn đơn vị hoặc tiêu chí"))
        elif asked.role == "duoc-nhac":
            parts.append(_("đơn vị chỉ được nhắc đến"))
        elif asked.role == "tat-ca":
            parts.append(_("kể cả đơn vị chỉ được nhắc đến"))
        if asked.tones:
            parts.append(_("chiều ") + _listed([str(TONES[tone].label) for tone in asked.tones], _("hoặc")))
        return parts

    def _when(self) -> str:
        named = self.filter.named_period
        days = self.days()
        if named:
            return _("đăng trong %(period)s") % {"period": named.label} + (f" {days}" if days else "")
        return _("đăng %(days)s") % {"days": days} if days else ""

    def days(self) -> str:
        """“từ ngày 01/01/2017 đến hết ngày 31/03/2017”; empty without such bounds."""
        parts = []
        if self.filter.since:
            parts.append(_("từ ngày %(day)s") % {"day": format_day(self.filter.since)})
        if self.filter.until:
            parts.append(_("đến hết ngày %(day)s") % {"day": format_day(self.filter.until)})
        return " ".join(parts)


def day_of_structure(asked: CoverageFilter, today: date | None = None) -> date | None:
    """The day whose structure of units a filter asks for; None for units as they were on the story's day."""
    if asked.structure == NOW:
        return today or timezone.localdate()
    return date.fromisoformat(asked.structure) if asked.structure else None


def structure_of(asked: CoverageFilter, today: date | None = None) -> Structure:
    """The structure of units that a filter asks for; as of the story's day, only duplicates have another image."""
    if asked.structure:
        return Structure.load(day_of_structure(asked, today))
    same = dict(Department.objects.order_by().exclude(merged_into=None).values_list("pk", "merged_into"))

    def own(pk: int) -> int:
        seen = {pk}
        while (other := same.get(pk)) is not None and other not in seen:
            pk = other
            seen.add(pk)
        return pk

    return Structure(images={pk: own(pk) for pk in same if own(pk) != pk})


class _Unit(NamedTuple):
    kind: str
    report_group: int
    parent: int | None


def _units() -> Iterator[tuple[int, _Unit]]:
    for pk, *facts in Department.objects.order_by().values_list("pk", "kind", "report_group", "parent"):
        yield pk, _Unit(*facts)


def above(pk: int, parents: Mapping[int, int | None], structure: Structure) -> list[int]:
    """A unit's image and all above it, each in its image; the unit itself first."""
    found: list[int] = []
    here: int | None = structure.image(pk)
    while here is not None and here not in found:
        found.append(here)
        parent = parents.get(here)
        here = structure.image(parent) if parent is not None else None
    return found


def below(heads: Iterable[int], facts: Mapping[int, _Unit], structure: Structure) -> set[int]:
    """These units and all below them, in their images."""
    wanted = set(heads)
    parents = {pk: unit.parent for pk, unit in facts.items()}
    return {structure.image(pk) for pk in facts if not wanted.isdisjoint(above(pk, parents, structure))}


def _standing_under(keys: Iterable[int], facts: Iterable[int], structure: Structure) -> frozenset[int]:
    """The units, as coded, whose image is one of these or the image of one."""
    images = {structure.image(key) for key in keys}
    return frozenset(pk for pk in facts if structure.image(pk) in images)


def _linked(to: str, links: QuerySet[Any], name: str, wanted: Iterable[Any], also_none: bool) -> Q:
    """Stories with a link to one of those wanted, or where ``also_none`` with no link at all."""
    found = Q(**{f"{to}pk__in": links.filter(**{f"{name}__in": wanted}).order_by().values("story")})
    if also_none:
        story = OuterRef("story" if to else "pk")
        return found | Q(~Exists(links.filter(story=story).order_by()))
    return found


def _or_none(lead: str, names: Iterable[str], asked: Iterable[str], none: str) -> str:
    named = list(names)
    words = [lead + _listed(named, _("hoặc"))] if named else []
    return _listed([*words, *([none] if NONE in asked else [])], _("hoặc"))


def _listed(words: list[str], last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
