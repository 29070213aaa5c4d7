"""*Hàng chờ gắn mã*: stories without any coverage, and stories with rows whose passage changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.permission_policies.pages import PagePermissionPolicy

from column.coverage.filter import KINDS, CoverageFilter
from column.coverage.models import Coverage
from column.people.models import byline_key
from column.stories.models import BylineCredit, Story

UNCODED, STALE, BOTH = "chua-gan", "can-xem-lai", "tat-ca"
STATES = (UNCODED, STALE, BOTH)
PUBLISHED, DRAFTS = "da-dang", "ban-nhap"
#: Drafts have no issue date yet: they come first.
_LATER = date(9999, 12, 31)


@dataclass(frozen=True)
class Queue:
    """What the queue shows to one person: of the one coverage filter the kinds, the days and the byline."""

    user: Any
    filter: CoverageFilter
    state: str = BOTH
    where: str = ""
    problems: tuple[str, ...] = ()

    @classmethod
    def parse(cls, params: QueryDict, user: Any) -> Queue:
        """Read an address; what means nothing is named in ``problems``, or (a state, a place) left out."""
        asked, problems = CoverageFilter.parse(params, staff=True)
        kept = CoverageFilter(
            kinds=asked.kinds, period=asked.period, since=asked.since, until=asked.until, bylines=asked.bylines
        )
        state, where = params.get("tinh-trang", ""), params.get("o-dau", "")
        return cls(
            user, kept, state if state in STATES else BOTH, where if where in {PUBLISHED, DRAFTS} else "",
            tuple(problems),
        )  # fmt: skip

    def pairs(self) -> list[tuple[str, str]]:
        more = [("tinh-trang", self.state)] if self.state != BOTH else []
        return [*self.filter.pairs(), *more, *([("o-dau", self.where)] if self.where else [])]

    def query(self) -> str:
        return self.filter.query(*[pair for pair in self.pairs() if pair[0] in {"tinh-trang", "o-dau"}])

    def url(self, **changes: Any) -> str:
        query = Queue(self.user, self.filter, **{"state": self.state, "where": self.where, **changes}).query()
        address = reverse("coverage_queue")
        return f"{address}?{query}" if query else address

    def stories(self) -> Any:
        """The stories of the chosen state, each once, drafts first and then the newest issue."""
        rows = Coverage.objects.filter(story=OuterRef("pk"))
        uncoded, stale = ~Exists(rows), Exists(rows.filter(stale_since__isnull=False))
        where = {UNCODED: Q(uncoded), STALE: Q(stale), BOTH: Q(uncoded) | Q(stale)}[self.state]
        return self._mine().filter(where).annotate(is_stale=stale, place=_place()).order_by("-place", "-pk")

    def counts(self) -> dict[str, int]:
        """How many stories there are of each state (two queries)."""
        rows = Coverage.objects.filter(story=OuterRef("pk"))
        mine = self._mine().order_by()
        uncoded = mine.filter(~Exists(rows)).count()
        stale = mine.filter(
            pk__in=Coverage.objects.filter(stale_since__isnull=False).order_by().values("story")
        ).count()
        return {UNCODED: uncoded, STALE: stale, BOTH: uncoded + stale}

    def after(self, story: Story) -> int | None:
        """The story that follows, whether or not this one still waits."""
        place = story.issue_date or _LATER
        later = self.stories().filter(Q(place__lt=place) | Q(place=place, pk__lt=story.pk))
        return later.values_list("pk", flat=True).first()

    def before(self, story: Story) -> int | None:
        place = story.issue_date or _LATER
        earlier = self.stories().filter(Q(place__gt=place) | Q(place=place, pk__gt=story.pk))
        return earlier.order_by("place", "pk").values_list("pk", flat=True).first()

    def _mine(self) -> Any:
        """Stories that this person may code and that meet the filter; one taken down waits for nobody."""
        pages = PagePermissionPolicy().instances_user_has_permission_for(self.user, "change")
        stories = Story.objects.filter(pk__in=pages.order_by().values("pk"), taken_down_at__isnull=True)
        if self.problems:
            return stories.none()
        if not self.user.has_perm("column.bulk_code"):
            stories = stories.filter(live=False)  # a reporter's own drafts
        first, last = self.filter.span
        if first:
            stories = stories.filter(issue_date__gte=first)
        if last:
            stories = stories.filter(issue_date__lte=last)
        if self.filter.kinds:
            stories = stories.filter(kind__in=[KINDS[kind] for kind in self.filter.kinds])
        if self.filter.bylines:
            keys = [byline_key(name) for name in self.filter.bylines]
            credits_ = BylineCredit.objects.filter(byline__match_key__in=keys).order_by().values("story")
            stories = stories.filter(pk__in=credits_)
        if self.where:
            stories = stories.filter(live=self.where == PUBLISHED)
        return stories

    def words(self) -> str:
        return {
            UNCODED: _("chưa gắn đơn vị, tiêu chí"), STALE: _("có đoạn dẫn chứng cần xem lại"),
            BOTH: _("chưa gắn hoặc cần xem lại"),
        }[self.state]  # fmt: skip


def _place() -> Any:
    return Coalesce(F("issue_date"), Value(_LATER, output_field=DateField()))
