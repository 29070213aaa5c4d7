"""A coverage filter against the database: its stories, its rows, and what it says in Vietnamese."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from column.coverage.filter import FAMILIES, KINDS, NONE, ROLES, TONES, CoverageFilter
from column.coverage.models import Coverage, CoverageQuerySet, Criterion, Document, StoryDocument
from column.departments.lineage import Lineage
from column.departments.models import Department
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
    units: frozenset[int] = frozenset()
    criteria: list[Criterion] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    bylines: list[Byline] = field(default_factory=list)

    @classmethod
    def of(cls, wanted: CoverageFilter, problems: Iterable[str] = (), lineage: Lineage | None = None) -> Selection:
        """Look the filter's names up; ``problems`` are those of reading it."""
        found = cls(wanted, list(problems))
        found._find_departments(lineage)
        slugs = set(wanted.criteria) - {NONE}
        if slugs:
            found.criteria = list(Criterion.objects.filter(slug__in=slugs).in_order())
            found._miss(_("tiêu chí"), slugs - {one.slug for one in found.criteria})
        if wanted.documents:
            keys = [int(key) for key in wanted.documents if key.isdecimal() and len(key) < 10]
            found.documents = list(Document.objects.filter(pk__in=keys))
            found._miss(_("văn bản"), set(wanted.documents) - {str(one.pk) for one in found.documents})
        if wanted.bylines:
            names = {byline_key(name): name for name in wanted.bylines}
            found.bylines = list(Byline.objects.filter(match_key__in=names))
            known = {one.match_key for one in found.bylines}
            found._miss(_("bút danh"), {name for key, name in names.items() if key not in known})
        return found

    def _find_departments(self, lineage: Lineage | None) -> None:
        codes = set(self.filter.departments) - {NONE}
        if not codes:
            return
        self.departments = list(Department.objects.filter(code__in=codes).in_report_order())
        self._miss(_("đơn vị"), codes - {unit.code for unit in self.departments})
        # What was coded under a duplicate stands under the unit whose duplicate it is.
        keys = {unit.merged_into_id or unit.pk for unit in self.departments}
        if self.filter.lineage or self.filter.branch:
            graph = lineage or Lineage.load()
            if self.filter.lineage:
                keys = graph.with_predecessors(keys)
            if self.filter.branch:
                keys = graph.with_branch(keys)
        self.units = frozenset(keys)

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
        return self._matching(Coverage.objects.order_by()).filter(story__in=self._published().values("pk"))

    def _published(self) -> StoryQuerySet:
        """Published stories that meet the conditions on the story itself. Without an issue date none is counted."""
        if self.problems:
            return Story.objects.none()
        asked = self.filter
        stories: StoryQuerySet = Story.objects.published().order_by().filter(issue_date__isnull=False)
        first, last = asked.span
        if first:
            stories = stories.filter(issue_date__gte=first)
        if last:
            stories = stories.filter(issue_date__lte=last)
        if asked.kinds:
            stories = stories.filter(kind__in=[KINDS[kind] for kind in asked.kinds])
        if self.documents:
            stories = stories.filter(pk__in=_stories_of(StoryDocument.objects.filter(document__in=self.documents)))
        if self.bylines:
            stories = stories.filter(pk__in=_stories_of(BylineCredit.objects.filter(byline__in=self.bylines)))
        return stories

    def _matching(self, rows: CoverageQuerySet) -> CoverageQuerySet:
        asked = self.filter
        role = ROLES[asked.role] if asked.role else CoverageRole.SUBJECT
        if role is not None:
            rows = rows.filter(role=role)
        if asked.departments:
            where = Q(department__in=self.units)
            rows = rows.filter(where | Q(department__isnull=True) if NONE in asked.departments else where)
        if asked.criteria:
            where = Q(criterion__in=self.criteria)
            rows = rows.filter(where | Q(criterion__isnull=True) if NONE in asked.criteria else where)
        if asked.family:
            rows = rows.filter(criterion__group__family=FAMILIES[asked.family])
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
        if asked.criteria:
            labels = [one.label for one in self.criteria] + ([_("chưa gắn tiêu chí")] if NONE in asked.criteria else [])
            lead = _("tiêu chí ") if self.criteria else ""
            parts.append(lead + _listed(labels, _("hoặc")))
        if asked.family:
            parts.append(_("nhóm %(family)s") % {"family": FAMILIES[asked.family].label})
        if asked.documents:
            parts.append(_("liên quan đến ") + _listed([str(one) for one in self.documents], _("hoặc")))
        if asked.bylines:
            parts.append(_("bút danh ") + _listed([one.name for one in self.bylines], _("hoặc")))
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

    def _how(self) -> list[str]:
        asked, parts = self.filter, []
        others = asked.departments or asked.criteria or asked.family or asked.tones
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


def _stories_of(
    links: QuerySet[StoryDocument] | QuerySet[BylineCredit],
) -> QuerySet[StoryDocument] | QuerySet[BylineCredit]:
    return links.order_by().values("story")  # type: ignore[return-value]


def _listed(words: list[str], last: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
