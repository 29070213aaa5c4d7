"""Real kills, real processes, real threads, on whichever database the run uses."""

from __future__ import annotations

import json
import os
import signal
import threading
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections, transaction
from wagtail.models import Page, PageLogEntry
from wagtail.signals import page_published

from column.schedule import publishing
from column.schedule.leases import LENGTH
from column.schedule.models import PublishFailure, Slot
from column.schedule.publishing import publish_due
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import cancel_schedule
from column.schedule.slots import assign, ensure_slots, move
from column.stories.models import Article
from tests.column.schedule.desk import BEFORE, DUE, THURSDAY, chief, draft, planned, scheduled, slot_on
from tests.factories import column_page

pytestmark = pytest.mark.django_db(transaction=True)


def in_process(work: Callable[[], Any]) -> tuple[int, Callable[[], Any]]:
    """Start *work* in a process of its own; returns its number and a function that waits for what it returned.

    Both sides open their own connections to the database. A process that was killed returned None.
    """
    connections.close_all()
    reader, writer = os.pipe()
    number = os.fork()
    if number == 0:
        os.close(reader)
        try:
            os.write(writer, json.dumps(work()).encode())
        except BaseException:  # noqa: BLE001 - told to the test that waits
            os.write(writer, json.dumps({"error": traceback.format_exc()}).encode())
        finally:
            os._exit(0)
    os.close(writer)

    def wait() -> Any:
        with os.fdopen(reader, "rb") as pipe:
            said = pipe.read()
        _pid, status = os.waitpid(number, 0)
        if os.WIFSIGNALED(status):
            assert os.WTERMSIG(status) == signal.SIGKILL
            return None
        result = json.loads(said)
        assert not (isinstance(result, dict) and "error" in result), result["error"]
        return result

    return number, wait


def killed_after_statement(number: int) -> Callable[..., Any]:
    """A wrapper of the connection that kills its own process after its n-th statement, so before the next one."""
    seen = 0

    def wrapper(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal seen
        seen += 1
        result = execute(sql, params, many, context)
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return wrapper


def state_of(pk: int) -> tuple[Any, ...]:
    story = Article.objects.get(pk=pk)
    slot = Slot.objects.get(story=pk)
    log = PageLogEntry.objects.filter(page=pk, action__in=["wagtail.publish", "wagtail.publish.scheduled"]).count()
    due = story.scheduled_revision.approved_go_live_at if story.scheduled_revision else None
    return story.live, due, story.go_live_at, slot.published_at, story.issue_date, log


@pytest.mark.slow
def test_killed_at_every_statement_of_a_publication() -> None:
    with time_machine.travel(BEFORE, tick=False):
        article = scheduled("Nụ cười công sở")
    waiting = (False, DUE, DUE, None, THURSDAY, 0)
    assert state_of(article.pk) == waiting

    moment = DUE
    for number in range(1, 500):

        def publish(number: int = number, moment: datetime = moment) -> Any:
            with time_machine.travel(moment, tick=False), connection.execute_wrapper(killed_after_statement(number)):
                return publish_due(moment).published

        _pid, wait = in_process(publish)
        published = wait()
        if published is not None:
            # It came through: there was no such statement any more.
            break
        if state_of(article.pk) != waiting:
            # All of it was done: the kill hit what comes after the commit.
            break
        # The dead runner's lease runs out by itself.
        moment += LENGTH
    assert number > 40, "the publication was not killed where it matters"
    assert state_of(article.pk) == (True, None, None, moment, THURSDAY, 1)
    with time_machine.travel(moment + LENGTH, tick=False):
        assert publish_due(moment + LENGTH).due == []
    assert not PublishFailure.objects.exists()


@pytest.mark.slow
@pytest.mark.parametrize("with_lease", [True, False], ids=["lease", "rows alone"])
def test_three_runners_publish_each_story_once(with_lease: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not with_lease:

        class Nobodys:
            def keep(self) -> bool:
                return True

        monkeypatch.setattr(publishing, "leased", lambda name: nullcontext(Nobodys()))
    with time_machine.travel(BEFORE, tick=False):
        stories = [scheduled(day=THURSDAY + timedelta(weeks=week)) for week in range(8)]
        Page.objects.filter(go_live_at__isnull=False).update(go_live_at=DUE)
        for story in stories:
            story.revisions.update(approved_go_live_at=DUE)

    start_reader, start_writer = os.pipe()

    def run() -> Any:
        signals: list[int] = []
        page_published.connect(lambda instance, **kwargs: signals.append(instance.pk), weak=False)
        os.close(start_writer)
        os.read(start_reader, 1)  # until all are there
        with time_machine.travel(DUE, tick=True):
            report = publish_due(DUE)
        return {"published": report.published, "failed": report.failed, "signals": signals}

    waits = [in_process(run)[1] for _runner in range(3)]
    os.close(start_reader)
    os.close(start_writer)
    results = [wait() for wait in waits]
    keys = sorted(story.pk for story in stories)
    assert [result["failed"] for result in results] == [[], [], []]
    assert sorted(int(key) for result in results for key in result["published"]) == keys
    assert sorted(key for result in results for key in result["signals"]) == keys
    assert sorted(Article.objects.live().values_list("pk", flat=True)) == keys
    log = PageLogEntry.objects.filter(action="wagtail.publish.scheduled").values_list("page_id", flat=True)
    assert sorted(log) == keys


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run the works at once, each on a connection of its own; what each returned or refused, in their order."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(index: int) -> None:
        try:
            barrier.wait()
            results[index] = works[index]()
        except ScheduleProblem as problem:
            results[index] = str(problem)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.parametrize("_again", range(3))
def test_two_articles_for_one_thursday(_again: int) -> None:
    slot, user = slot_on(), chief()
    first, second = draft("Bài một"), draft("Bài hai")
    results = together(lambda: assign(slot, first, user), lambda: assign(slot, second, user))
    refused = [result for result in results if isinstance(result, str)]
    assert refused == ["Kỳ Thứ Năm, 16/02/2017 đã có bài khác, có thể do người khác vừa xếp; mỗi kỳ chỉ một bài."]
    winner = Slot.objects.get(pk=slot.pk).story_id
    dates = dict(Article.objects.filter(pk__in=[first.pk, second.pk]).values_list("pk", "issue_date"))
    assert dates == {first.pk: None, second.pk: None} | {winner: THURSDAY}


@pytest.mark.parametrize("_again", range(3))
def test_one_article_for_two_thursdays(_again: int) -> None:
    ensure_slots(column_page(), THURSDAY, THURSDAY + timedelta(weeks=1))
    one, other = Slot.objects.filter(day__in=[THURSDAY, THURSDAY + timedelta(weeks=1)])
    article, user = draft("Bài một"), chief()
    results = together(lambda: assign(one, article, user), lambda: assign(other, article, user))
    refused = [result for result in results if isinstance(result, str)]
    assert refused == ["“Bài một” đã ở một kỳ khác; hãy chuyển kỳ thay vì xếp thêm."]
    slot = Slot.objects.get(story=article.pk)
    assert Article.objects.get(pk=article.pk).issue_date == slot.day


def test_two_articles_that_change_places_do_not_wait_for_ever() -> None:
    first, second = planned("Bài một"), planned("Bài hai", day=THURSDAY + timedelta(weeks=1))
    one, other = Slot.objects.get(story=first.pk), Slot.objects.get(story=second.pk)
    user = chief()
    results = together(lambda: move(one, other, user), lambda: move(other, one, user))
    assert all(isinstance(result, str) for result in results)
    assert {slot.pk: slot.story_id for slot in Slot.objects.filter(story__isnull=False)} == {
        one.pk: first.pk,
        other.pk: second.pk,
    }


def test_cancelled_by_an_editor_while_the_publisher_looks() -> None:
    with time_machine.travel(BEFORE, tick=False):
        article = scheduled()
    user = chief()
    cancelled, publisher_started = threading.Event(), threading.Event()

    def editor() -> None:
        with transaction.atomic():
            cancel_schedule(article, user)
            cancelled.set()
            publisher_started.wait(5)
            threading.Event().wait(0.3)  # the publisher has met the held row by now

    def publisher() -> Any:
        cancelled.wait(5)
        publisher_started.set()
        return publish_due(DUE)

    _editor, report = together(editor, publisher)
    assert (report.published, report.failed) == ([], [])
    assert state_of(article.pk) == (False, None, None, None, THURSDAY, 0)
    assert publish_due(DUE).due == []
