"""SIGKILL before and after each statement: done once, or as before."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.db import connection
from wagtail.models import Page, PageLogEntry

from column.schedule.leases import LENGTH
from column.schedule.models import PublishFailure
from column.schedule.publishing import publish_due
from column.stories.models import Article
from search.models import ArchiveEntry
from tests.column.schedule.desk import BEFORE, DUE, THURSDAY, scheduled
from tests.column.schedule.faults.harm import WAITING, in_process, killed_after_statement, out_at, state_of
from tests.factories import make_article

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def killed_at(number: int, moment: Any) -> bool:
    """A publisher in a process of its own, killed after its n-th statement; whether it was, before it came through."""

    def work() -> Any:
        with time_machine.travel(moment, tick=False), connection.execute_wrapper(killed_after_statement(number)):
            publish_due(moment)
            return True

    return in_process(work)[1]() is None


def test_killed_at_every_statement_of_a_publication() -> None:
    with time_machine.travel(BEFORE, tick=False):
        article = scheduled("Nụ cười công sở")
    assert state_of(article.pk) == WAITING
    moment = DUE
    for number in range(1, 500):
        killed = killed_at(number, moment)
        if state_of(article.pk) != WAITING:
            # All of it was done: the kill hit what comes after the commit, or there was no such statement any more.
            break
        assert killed
        # The dead runner's lease runs out by itself.
        moment += LENGTH
    assert number > 40, "the publication was not killed where it matters"
    assert state_of(article.pk) == out_at(moment)
    with time_machine.travel(moment + LENGTH, tick=False):
        assert publish_due(moment + LENGTH).due == []
    assert state_of(article.pk) == out_at(moment)
    assert not PublishFailure.objects.exists()


def test_killed_at_every_statement_of_an_expiry() -> None:
    with time_machine.travel(BEFORE, tick=False):
        article = make_article("Thông báo có hạn", issue_date=THURSDAY)
    Page.objects.filter(pk=article.pk).update(expire_at=DUE)

    def state() -> tuple[Any, ...]:
        story = Article.objects.get(pk=article.pk)
        log = PageLogEntry.objects.filter(page=story.pk, action="wagtail.unpublish.scheduled").count()
        return story.live, story.expired, story.expire_at, log, ArchiveEntry.objects.filter(story=story.pk).count()

    waiting = state()
    assert waiting == (True, False, DUE, 0, 1)
    moment = DUE
    for number in range(1, 500):
        killed = killed_at(number, moment)
        if state() != waiting:
            break
        assert killed
        moment += LENGTH
    assert number > 15, "the expiry was not killed where it matters"
    assert state() == (False, True, DUE, 1, 0)
    with time_machine.travel(moment + LENGTH, tick=False):
        assert publish_due(moment + LENGTH).due == []
