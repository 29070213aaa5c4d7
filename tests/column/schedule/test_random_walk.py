"""Whatever people do to the Thursdays, in any order: a story's date is its slot's, a schedule is its slot's time, what
is held waits, and the ledger tells the very state that stands."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from wagtail.models import Revision

from column.schedule import days, holding, reserve, slots, substituting, undoing
from column.schedule.ledger.models import SlotEvent
from column.schedule.ledger.replay import differences
from column.schedule.models import Hold, Slot
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import cancel_schedule, schedule_story
from column.stories.models import Article
from column.text.dates import TZ
from tests.column.schedule.desk import approve, chief, draft, slot_on

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

NOW = datetime(2030, 1, 1, tzinfo=TZ)
FIRST = date(2031, 1, 2)
WEEK = timedelta(weeks=1)
STEPS = 200


def due_of(pk: int) -> datetime | None:
    waiting = Revision.page_revisions.filter(object_id=str(pk), approved_go_live_at__isnull=False)
    return waiting.values_list("approved_go_live_at", flat=True).first()


class Walk:
    """One newsroom of four articles and four Thursdays, and somebody who tries anything."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.user = chief()
        self.articles = [draft(f"Bài {number}") for number in range(4)]
        for article in self.articles:
            approve(article)
        self.slots = [slot_on(FIRST + WEEK * number) for number in range(4)]
        self.batches: list[uuid.UUID] = []

    def step(self) -> bool:
        """Try something; whether it was let."""
        article, batch = self.random.choice(self.articles), uuid.uuid4()
        here, there = self.random.sample(self.slots, 2)
        try:
            self.random.choice(self._ways(article, here, there, batch))()
        except ScheduleProblem:
            return False
        if SlotEvent.objects.filter(batch=batch).exists():
            self.batches.append(batch)
        return True

    def _ways(self, article: Article, here: Slot, there: Slot, batch: uuid.UUID) -> list[Callable[[], object]]:
        user, away = self.user, here.day + timedelta(days=self.random.randrange(-6, 7))

        def substitute() -> None:
            reserve.add(article, FIRST + WEEK * 10, "", user, NOW)
            substituting.substitute(here, article, "Chưa đủ số liệu", user, NOW, batch=batch)

        def undo() -> None:
            if self.batches:
                undoing.undo(self.random.choice(self.batches[-6:]), user, NOW)

        return [
            lambda: slots.assign(here, article, user, batch=batch),
            lambda: slots.unassign(here, user, batch=batch),
            lambda: slots.move(here, there, user, unschedule=True, batch=batch),
            lambda: slots.swap(here, there, user, unschedule=True, batch=batch),
            lambda: slots.skip(here, "Nghỉ", user, batch=batch),
            lambda: schedule_story(article, user, NOW, batch=batch),
            lambda: cancel_schedule(article, user, batch=batch),
            lambda: holding.hold(article, "Chờ số liệu", user, NOW, batch=batch),
            lambda: holding.release(article, user, NOW, schedule=away > here.day, batch=batch),
            lambda: days.move_day(here, away, "Họp", user, NOW, unschedule=True, batch=batch),
            substitute, undo, undo, undo,
        ]  # fmt: skip


def check() -> None:
    for slot in Slot.objects.filter(story__isnull=False).select_related("story"):
        assert slot.story is not None
        assert slot.story.issue_date == slot.issue_day
        assert due_of(slot.story.pk) in (None, slot.due_at)
    for article in Article.objects.filter(slot=None):
        assert (article.issue_date, due_of(article.pk)) == (None, None)
    assert [hold.story_id for hold in Hold.objects.all() if due_of(hold.story_id)] == []


@pytest.mark.parametrize("seed", [16, 2, 2017])
def test_any_steps_in_any_order(seed: int) -> None:
    walk = Walk(seed)
    done = 0
    for _step in range(STEPS):
        done += walk.step()
        check()
    assert done > STEPS / 5, "hardly anything was let"
    assert [str(found) for found in differences(list(Slot.objects.all()))] == []
