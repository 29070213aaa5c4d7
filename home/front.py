"""What stands on the front page, and in the column's archive: chosen here, decided nowhere else than in the rooms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page as Leaf
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.db.models.functions import ExtractMonth, ExtractYear
from django.utils import timezone

from column.coverage.listing import Counted, criterion_lines
from column.coverage.models import Criterion
from column.enums import Family, Kind
from column.schedule.models import Slot
from column.schedule.rhythm import Rhythm
from column.stories.listing import listed, with_photos
from column.stories.models import ColumnPage, Story

NEWS, PHOTOS, EARLIER, A_PAGE = 6, 4, 4, 20


@dataclass(frozen=True)
class NextIssue:
    day: date
    teaser: str


@dataclass(frozen=True)
class Front:
    lead: Story | None
    lead_is_this_week: bool
    news: list[Story]
    photos: list[Story]
    earlier: list[Story]
    build: list[Counted]
    fight: list[Counted]
    next_issue: NextIssue | None
    column: ColumnPage | None


def same_week(day: date, today: date) -> bool:
    """Whether two days lie in one week, Monday to Sunday."""
    return day - timedelta(days=day.weekday()) == today - timedelta(days=today.weekday())


def newest(kinds: list[Kind], number: int) -> list[Story]:
    stories = Story.objects.published().filter(kind__in=kinds, issue_date__isnull=False)
    return listed(stories.newest_first()[:number], "thumb")


def leading(articles: list[Story], column: ColumnPage | None) -> Story | None:
    """Of articles, newest first, the one to stand large: of the newest week that has any, the slot's own article, else
    the one of a day of the column's; a second article (*ngoài kỳ*) leads only a week without either."""
    dated = [(one.issue_date, one) for one in articles if one.issue_date is not None]
    week = [(day, one) for day, one in dated if same_week(day, dated[0][0])]
    in_slots = set(Slot.objects.filter(story__in=[one.pk for _day, one in week]).values_list("story", flat=True))
    rhythm = Rhythm.of(column.pk if column else 0)
    found = max(week, key=lambda pair: (pair[1].pk in in_slots, rhythm.rule(pair[0]) is not None), default=None)
    return found[1] if found else None


def next_issue(column: ColumnPage | None, today: date) -> NextIssue | None:
    """The first Thursday not out yet, from the slots, else by the column's rules; a teaser only if written."""
    if column is None:
        return None
    waiting = Slot.objects.upcoming(today).filter(column=column, skip_reason="").exclude(story__live=True)
    slot = waiting.only("day", "issue_day", "teaser").first()
    if slot is not None:
        return NextIssue(slot.issue_day, slot.teaser)
    day = Rhythm.of(column.pk).next_day(today)
    return NextIssue(day, "") if day else None


def front_page(today: date | None = None) -> Front:
    """The front page on a day (Đà Nẵng's), in a constant number of queries."""
    today = today or timezone.localdate()
    column = ColumnPage.objects.live().public().first()
    articles = newest([Kind.ARTICLE], 1 + EARLIER)
    lead = leading(articles, column)
    earlier = [article for article in articles if article is not lead]
    if lead is not None:
        with_photos([lead], "front")
    criteria = criterion_lines(Criterion.objects.in_use(today).in_order())
    return Front(
        lead=lead,
        lead_is_this_week=lead is not None and lead.issue_date is not None and same_week(lead.issue_date, today),
        news=newest([Kind.NEWS, Kind.POOLED], NEWS),
        photos=newest([Kind.PHOTO], PHOTOS),
        earlier=earlier,
        build=[line for line in criteria if line.about.family == Family.BUILD],
        fight=[line for line in criteria if line.about.family == Family.FIGHT],
        next_issue=next_issue(column, today),
        column=column,
    )


@dataclass(frozen=True)
class Archive:
    """The column's archive, whole, of a year, or of a month."""

    leaf: Leaf[Any]
    stories: list[Story]
    years: list[tuple[int, int]]
    months: list[tuple[int, int]]
    year: int | None
    month: int | None
    total: int
    counts: dict[str, int]


def archive(column: ColumnPage, year: int | None, month: int | None, page: str | None) -> Archive:
    """One page of the archive, newest first, with the number of stories of each year, and of each month of the year.

    *page* is what the reader's address says; nonsense becomes the first page, too much the last.
    """
    stories = Story.objects.child_of(column).published().filter(issue_date__isnull=False)
    years = _per(stories, ExtractYear("issue_date"))
    months: list[tuple[int, int]] = []
    shown = stories
    if year is not None:
        shown = shown.filter(issue_date__year=year)
        by_month = dict(_per(shown, ExtractMonth("issue_date")))
        months = [(number, by_month.get(number, 0)) for number in range(1, 13)]
    if month is not None:
        shown = shown.filter(issue_date__month=month)
    kinds = shown.order_by().aggregate(
        articles=Count("pk", filter=Q(kind=Kind.ARTICLE)),
        news=Count("pk", filter=Q(kind=Kind.NEWS)),
        photos=Count("pk", filter=Q(kind=Kind.PHOTO)),
        # Old figures that pool kinds stay pooled: nobody splits them by guessing.
        pooled=Count("pk", filter=Q(kind=Kind.POOLED)),
        total=Count("pk"),
    )
    paginator = Paginator(shown.newest_first().defer("body"), A_PAGE)
    paginator.count = kinds["total"]  # already counted: not a second time
    leaf = paginator.get_page(page)
    return Archive(
        leaf=leaf, stories=with_photos(list(leaf.object_list), "thumb"), years=years, months=months, year=year,
        month=month, total=kinds["total"], counts=kinds,
    )  # fmt: skip


def _per(stories: Any, part: Any) -> list[tuple[int, int]]:
    rows = stories.order_by().annotate(part=part).values_list("part").annotate(n=Count("pk")).order_by("-part")
    return list(rows)
