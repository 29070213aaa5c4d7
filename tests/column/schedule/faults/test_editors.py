"""Editors and the publisher at the same moment: the last word of the database counts, and nobody's work is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, Revision

from column.enums import SlotAction
from column.people.roles import Role
from column.schedule import slots
from column.schedule.holding import hold
from column.schedule.ledger.models import SlotEvent
from column.schedule.models import Hold, Slot
from column.schedule.publishing import publish_due
from column.schedule.scheduling import cancel_schedule, schedule_story
from column.schedule.slots import assign, ensure_slots, move
from column.stories.models import Article
from column.text.dates import TZ
from tests.column.schedule.desk import BEFORE, DUE, THURSDAY, approve, chief, draft, planned, scheduled, slot_on
from tests.column.schedule.faults.harm import WAITING, out_at, state_of, together
from tests.column.schedule.test_screens import form_of
from tests.factories import column_page, make_user

pytestmark = pytest.mark.django_db(transaction=True)

NEXT_WEEK = THURSDAY + timedelta(weeks=1)


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


def cancel(article: Article) -> None:
    cancel_schedule(article, chief())


def reschedule(article: Article) -> None:
    cancel_schedule(article, chief())
    Slot.objects.filter(story=article.pk).update(publish_time=time(15, 0))
    schedule_story(article, chief(), BEFORE)


def keep_back(article: Article) -> None:
    hold(article, "chờ xác minh", chief(), BEFORE)


def move_on(article: Article) -> None:
    cancel_schedule(article, chief())
    move(Slot.objects.get(story=article.pk), slot_on(NEXT_WEEK), chief())


CANCELLED = WAITING._replace(due=None, go_live_at=None)
AT_THREE = datetime(2017, 2, 16, 15, 0, tzinfo=TZ)


@pytest.mark.parametrize(
    ("what", "after"),
    [
        (cancel, CANCELLED),
        (reschedule, WAITING._replace(due=AT_THREE, go_live_at=AT_THREE)),
        (keep_back, CANCELLED),
        (move_on, CANCELLED._replace(issue_date=NEXT_WEEK)),
    ],
)
def test_while_the_publisher_looks(what: Callable[[Article], None], after: Any) -> None:
    """The editor holds the row when the story is due; the publisher met it, and finds the editor's word."""
    with time_machine.travel(BEFORE, tick=False):
        article = scheduled()
    chief()
    changed, publisher_started = threading.Event(), threading.Event()

    def editor() -> None:
        with transaction.atomic():
            what(article)
            changed.set()
            publisher_started.wait(5)
            threading.Event().wait(0.3)  # the publisher has met the held row by now

    def publisher() -> Any:
        changed.wait(5)
        publisher_started.set()
        return publish_due(DUE)

    _editor, report = together(editor, publisher)
    assert (report.published, report.failed) == ([], [])
    assert state_of(article.pk) == after
    assert publish_due(DUE).published == []
    assert state_of(article.pk) == after


def test_moved_back_while_due_it_goes_out_on_the_other_thursday() -> None:
    with time_machine.travel(BEFORE, tick=False):
        article = scheduled()
    with time_machine.travel(DUE, tick=False):
        move_on(article)
        schedule_story(article, chief(), DUE)
        assert publish_due(DUE).due == []
    other = DUE + timedelta(weeks=1)
    with time_machine.travel(other, tick=False):
        assert publish_due(other).published == [str(article.pk)]
    assert state_of(article.pk) == out_at(other)._replace(issue_date=NEXT_WEEK)


def test_edited_while_due_the_approved_version_goes_out_and_the_edit_stays_a_draft() -> None:
    with time_machine.travel(BEFORE, tick=False):
        article = scheduled("Bản được duyệt")
    approved = article.scheduled_revision.pk
    with time_machine.travel(DUE, tick=False):
        article.title = "Sửa lúc đến giờ"
        edit = article.save_revision()
        assert publish_due(DUE).published == [str(article.pk)]
    assert state_of(article.pk) == out_at(DUE)
    fresh = Article.objects.get(pk=article.pk)
    assert (fresh.title, fresh.live_revision_id, fresh.latest_revision_id) == ("Bản được duyệt", approved, edit.pk)
    assert (fresh.has_unpublished_changes, fresh.draft_title) == (True, "Sửa lúc đến giờ")


def test_a_held_story_is_never_published_even_with_a_schedule_left_behind() -> None:
    with time_machine.travel(BEFORE, tick=False):
        article = scheduled()
    kept = Hold.objects.create(story=article, reason="chờ xác minh")
    assert publish_due(DUE).published == []
    assert publish_due(DUE + timedelta(days=1)).published == []
    assert state_of(article.pk) == WAITING
    kept.delete()
    with time_machine.travel(DUE, tick=False):
        assert publish_due(DUE).published == [str(article.pk)]
    assert state_of(article.pk) == out_at(DUE)


def test_four_editors_publish_four_stories_with_titles_of_one_length() -> None:
    """Side by side in one tree, in one column, into one index: nobody gets an error and every edit is out."""
    stories = [planned(f"Bài số {number}", day=THURSDAY + timedelta(weeks=number)) for number in range(4)]
    clients = []
    for story in stories:
        approve(story)
        client = Client()
        client.force_login(make_user("", Role.CHIEF))
        clients.append(client)
    forms = [
        form_of(Article.objects.get(pk=story.pk), title=f"Tít mới {number}", **{"action-publish": "1"})
        for number, story in enumerate(stories)
    ]

    def publish(number: int) -> Callable[[], int]:
        address = reverse("wagtailadmin_pages:edit", args=[stories[number].pk])
        return lambda: clients[number].post(address, forms[number]).status_code

    assert together(*(publish(number) for number in range(4))) == [302] * 4
    for number, story in enumerate(stories):
        fresh = Article.objects.get(pk=story.pk)
        newest = Revision.objects.get(pk=fresh.latest_revision_id)
        assert (fresh.live, fresh.title, fresh.live_revision_id) == (True, f"Tít mới {number}", newest.pk)
        state = state_of(story.pk)
        assert (state.log, state.ledger, state.index, state.proofs) == (1, 1, 1, 1)
    assert Page.objects.get(pk=column_page().pk).numchild == 4


def test_the_button_and_the_worker_at_one_moment() -> None:
    """The editor publishes the very story that is due: one of the two does it."""
    with time_machine.travel(BEFORE, tick=False):
        article = scheduled()
    user = chief()
    revision = article.scheduled_revision

    def button() -> None:
        with transaction.atomic():
            slots.lock_story(article.pk)
            revision.refresh_from_db()
            if not Article.objects.get(pk=article.pk).live:
                revision.publish(user=user)

    together(button, lambda: publish_due(DUE))
    state = state_of(article.pk)
    assert (state.live, state.due, state.log, state.ledger, state.index, state.proofs) == (True, None, 1, 1, 1, 1)
    assert SlotEvent.objects.filter(action=SlotAction.PUBLISHED).count() == 1
    assert connection.is_usable()
