"""How the fault tests do harm: processes that are killed, threads that meet, and what became of a story after it."""

from __future__ import annotations

import json
import os
import signal
import threading
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from django.db import connection, connections
from wagtail.models import Page, PageLogEntry, Revision

from column.enums import SlotAction
from column.schedule.ledger.models import SlotEvent
from column.schedule.proof.models import Proof
from column.schedule.rules import ScheduleProblem
from column.stories.models import Article
from search.models import ArchiveEntry
from tests.column.schedule.desk import DUE, THURSDAY, scheduled

PUBLISHED = ["wagtail.publish", "wagtail.publish.scheduled"]


class State(NamedTuple):
    """All that a publication writes about one story; the numbers count rows."""

    live: bool
    due: Any
    go_live_at: Any
    slot_published_at: Any
    issue_date: Any
    log: int
    ledger: int
    index: int
    proofs: int


WAITING = State(False, DUE, DUE, None, THURSDAY, 0, 0, 0, 0)


def out_at(moment: Any) -> State:
    """Published exactly once, at that moment."""
    return State(True, None, None, moment, THURSDAY, 1, 1, 1, 1)


def state_of(pk: int) -> State:
    story = Article.objects.select_related("slot").get(pk=pk)
    due = story.scheduled_revision.approved_go_live_at if story.scheduled_revision else None
    return State(
        story.live, due, story.go_live_at, story.slot.published_at, story.issue_date,
        log=PageLogEntry.objects.filter(page=pk, action__in=PUBLISHED).count(),
        ledger=SlotEvent.objects.filter(story=pk, action=SlotAction.PUBLISHED).count(),
        index=ArchiveEntry.objects.filter(story=pk).count(),
        proofs=Proof.objects.filter(story=pk).count(),
    )  # fmt: skip


def scheduled_together(number: int) -> list[Article]:
    """Articles on as many Thursdays, all due at one moment."""
    stories = [scheduled(day=THURSDAY + timedelta(weeks=week)) for week in range(number)]
    Page.objects.filter(go_live_at__isnull=False).update(go_live_at=DUE)
    Revision.objects.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=DUE)
    return stories


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
