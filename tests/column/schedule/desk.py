"""A desk at work: people, slots and stories in the states that the schedule knows."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from column.people.models import User
from column.people.roles import Role
from column.schedule import reserve
from column.schedule.approval import record_approval
from column.schedule.ledger.models import SlotEvent
from column.schedule.models import Reserve, Slot
from column.schedule.scheduling import schedule_story
from column.schedule.slots import assign, ensure_slots
from column.stories.models import Article, Story
from column.text.dates import TZ
from tests.factories import column_page, make_article, make_user

THURSDAY = date(2017, 2, 16)
DUE = datetime(2017, 2, 16, 14, 12, tzinfo=TZ)
BEFORE = datetime(2017, 2, 16, 14, 11, tzinfo=TZ)


def chief() -> User:
    return User.objects.filter(username="tong-bien-tap").first() or make_user("tong-bien-tap", Role.CHIEF)


def slot_on(day: date = THURSDAY, at: time = time(14, 12)) -> Slot:
    ensure_slots(column_page(), day, day)
    Slot.objects.filter(day=day).update(publish_time=at)
    return Slot.objects.get(day=day)


def draft(title: str = "", **fields: Any) -> Article:
    return make_article(title, live=False, **fields)


def planned(title: str = "", *, day: date = THURSDAY, at: time = time(14, 12), **fields: Any) -> Article:
    article = draft(title, **fields)
    assign(slot_on(day, at), article, chief())
    return Article.objects.get(pk=article.pk)


def approve(story: Story, now: datetime | None = None) -> None:
    revision = story.get_latest_revision()
    record_approval(story, revision, chief(), now or revision.created_at)


def scheduled(title: str = "", *, now: datetime = BEFORE, **fields: Any) -> Article:
    article = planned(title, **fields)
    approve(article)
    schedule_story(article, chief(), now)
    return Article.objects.get(pk=article.pk)


def reserved(title: str = "", *, use_by: date = THURSDAY, now: datetime = BEFORE, **fields: Any) -> Article:
    """An approved article in the reserve."""
    article = draft(title, **fields)
    approve(article)
    reserve.add(article, use_by, "", chief(), now)
    return Article.objects.get(pk=article.pk)


def reserves() -> set[str]:
    """The titles in the reserve."""
    return set(Reserve.objects.values_list("article__draft_title", flat=True))


def last_batch() -> Any:
    """The newest step on any Thursday."""
    return SlotEvent.objects.latest("pk").batch


def steps(*slots: Slot) -> list[tuple[str, str]]:
    """What happened to these slots, in order: action and title."""
    return list(SlotEvent.objects.filter(slot__in=slots).order_by("pk").values_list("action", "story_title"))


def due_of(article: Story) -> datetime | None:
    """When it will go out by itself."""
    revision = Story.objects.get(pk=article.pk).scheduled_revision
    return revision.approved_go_live_at if revision else None
