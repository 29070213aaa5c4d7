"""Three runners at once, sixty stories due: each goes out once, in every count."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import nullcontext
from typing import Any

import pytest
import time_machine
from django.db import connection
from wagtail.models import PageLogEntry
from wagtail.signals import page_published

from column.enums import SlotAction
from column.schedule import publishing
from column.schedule.ledger.models import SlotEvent
from column.schedule.proof.models import Proof
from column.schedule.publishing import publish_due
from column.signals import stories_changed
from column.stories.models import Article
from home.models import PageGeneration
from search.models import ArchiveEntry
from tests.column.schedule.desk import BEFORE, DUE
from tests.column.schedule.faults.harm import PUBLISHED, in_process, scheduled_together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

STORIES, RUNNERS = 60, 3


@pytest.mark.parametrize("with_lease", [True, False], ids=["lease", "rows alone"])
def test_three_runners_publish_each_story_once(with_lease: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if not with_lease:

        class Nobodys:
            def keep(self) -> bool:
                return True

        monkeypatch.setattr(publishing, "leased", lambda name: nullcontext(Nobodys()))
    with time_machine.travel(BEFORE, tick=False):
        stories = scheduled_together(STORIES)
    generations = PageGeneration.objects.count()
    start_reader, start_writer = os.pipe()

    def run() -> Any:
        signals: list[int] = []
        announced: list[int] = []
        indexed: list[int] = []

        def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.startswith('INSERT INTO "search_archiveentry"'):
                indexed.append(params[0])
            return execute(sql, params, many, context)

        page_published.connect(lambda instance, **kwargs: signals.append(instance.pk), weak=False)
        stories_changed.connect(lambda ids, **kwargs: announced.extend(ids), weak=False)
        os.close(start_writer)
        os.read(start_reader, 1)  # until all are there
        with time_machine.travel(DUE, tick=True), connection.execute_wrapper(watch):
            report = publish_due(DUE)
        return {
            "published": [int(key) for key in report.published], "failed": report.failed, "signals": signals,
            "announced": announced, "indexed": indexed,
        }  # fmt: skip

    waits = [in_process(run)[1] for _runner in range(RUNNERS)]
    os.close(start_reader)
    os.close(start_writer)
    results = [wait() for wait in waits]
    once = dict.fromkeys((story.pk for story in stories), 1)
    assert [result["failed"] for result in results] == [[]] * RUNNERS
    for what in ("published", "signals", "announced", "indexed"):
        assert Counter(key for result in results for key in result[what]) == once, what
    assert set(Article.objects.live().values_list("pk", flat=True)) == once.keys()
    tables = {
        "log": PageLogEntry.objects.filter(action__in=PUBLISHED).values_list("page_id", flat=True),
        "ledger": SlotEvent.objects.filter(action=SlotAction.PUBLISHED).values_list("story_id", flat=True),
        "index": ArchiveEntry.objects.values_list("story_id", flat=True),
        "proofs": Proof.objects.values_list("story_id", flat=True),
    }
    for what, keys in tables.items():
        assert Counter(keys) == once, what
    assert PageGeneration.objects.count() == generations + STORIES
    late = SlotEvent.objects.filter(action=SlotAction.PUBLISHED).values_list("data__late_minutes", flat=True)
    assert set(late) == {0}
