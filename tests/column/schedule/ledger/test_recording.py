"""What the ledger takes down by itself, and that nothing takes it away again."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision

from column.enums import SlotAction, SlotState
from column.people.roles import Role
from column.schedule.ledger.missing import record_missed
from column.schedule.ledger.models import SlotEvent
from column.schedule.ledger.recording import note
from column.schedule.listing import slot_rows
from column.schedule.models import Approval, ScheduleSettings, Slot
from column.schedule.publishing import publish_due
from column.schedule.slots import assign, ensure_slots, skip, unassign
from column.stories.models import Article, Story
from column.stories.reclassify import reclassify
from column.text.dates import TZ
from tests.column.schedule.desk import DUE, THURSDAY, chief, draft, planned, scheduled, slot_on
from tests.column.schedule.faults.harm import together
from tests.factories import column_page, make_article, make_user

pytestmark = pytest.mark.django_db

NEXT = THURSDAY + timedelta(weeks=1)


def at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TZ)


def go_live(day: date | None) -> None:
    settings = ScheduleSettings.load()
    settings.go_live_date = day
    settings.save()


def told(action: str = "") -> list[tuple[str, str, str, str, Any]]:
    events = SlotEvent.objects.select_related("slot").order_by("pk")
    return [
        (event.slot.day.isoformat(), event.action, event.story_title, event.by_name, event.data)
        for event in (events.filter(action=action) if action else events)
    ]


def test_a_day_that_passed_is_noted_once_after_midnight_here() -> None:
    go_live(THURSDAY)
    slot_on(THURSDAY)
    assert record_missed(at(THURSDAY, 23, 59)) == 0
    assert record_missed(at(THURSDAY + timedelta(days=1), 0, 0)) == 1
    assert record_missed(at(THURSDAY + timedelta(days=9))) == 0
    event = SlotEvent.objects.get()
    assert (event.action, event.by, event.by_name, event.story, event.at) == (
        "missed", None, "", None, at(THURSDAY + timedelta(days=1)),
    )  # fmt: skip


def test_only_what_this_system_answers_for_and_nobody_decided() -> None:
    days = [THURSDAY + timedelta(weeks=week) for week in range(7)]
    ensure_slots(column_page(), days[0], days[-1])
    skip(Slot.objects.get(day=days[2]), "Tết", chief())
    Slot.objects.filter(day=days[3]).update(story=make_article(issue_date=days[3]), published_at=at(days[3], 6))
    Slot.objects.filter(day=days[4]).update(story=make_article(issue_date=days[4]))  # live, without more
    planned("Chưa duyệt", day=days[5])
    go_live(None)
    assert record_missed(at(days[6])) == 0
    go_live(days[1])
    assert record_missed(at(days[6])) == 2
    assert told("missed") == [
        (days[1].isoformat(), "missed", "", "", {}),
        (days[5].isoformat(), "missed", "Chưa duyệt", "", {}),
    ]


def test_a_moved_day_is_over_when_its_new_day_is() -> None:
    go_live(THURSDAY)
    slot = slot_on(THURSDAY)
    Slot.objects.filter(pk=slot.pk).update(issue_day=THURSDAY + timedelta(days=2))
    assert record_missed(at(THURSDAY + timedelta(days=2))) == 0
    assert record_missed(at(THURSDAY + timedelta(days=3))) == 1


def test_one_query_when_there_is_nothing_to_note() -> None:
    go_live(THURSDAY)
    slot_on(THURSDAY)
    record_missed(at(NEXT))
    with CaptureQueriesContext(connection) as queries:
        assert record_missed(at(NEXT)) == 0
    assert len(queries) == 1


def test_the_database_holds_one_missed_a_slot() -> None:
    slot = slot_on()
    note(SlotAction.MISSED, slot, None)
    with pytest.raises(IntegrityError), transaction.atomic():
        note(SlotAction.MISSED, slot, None)


@pytest.mark.django_db(transaction=True)
def test_four_runners_at_once_note_each_slot_once() -> None:
    go_live(THURSDAY)
    ensure_slots(column_page(), THURSDAY, THURSDAY + timedelta(weeks=20))
    now = at(THURSDAY + timedelta(weeks=20, days=1))
    noted = together(*[lambda: record_missed(now)] * 4)
    assert sum(noted) == 21
    assert [event.slot.day for event in SlotEvent.objects.select_related("slot").order_by("slot__day")] == [
        THURSDAY + timedelta(weeks=week) for week in range(21)
    ]


def test_a_late_publication_stands_beside_the_miss() -> None:
    go_live(THURSDAY)
    article = scheduled("Bài một")
    after = DUE + timedelta(hours=26)
    assert record_missed(after) == 1
    with time_machine.travel(after, tick=False):
        assert publish_due(timezone.now()).published == [str(article.pk)]
    assert record_missed(after + timedelta(days=1)) == 0
    approval = Approval.objects.get(story=article.pk)
    approved = {"approved_by": "tong-bien-tap", "approved_at": approval.approved_at.isoformat()}
    assert told()[-2:] == [
        ("2017-02-16", "missed", "Bài một", "", {}),
        ("2017-02-16", "published", "Bài một", "", {"late_minutes": 26 * 60, **approved}),
    ]
    slot = Slot.objects.get(day=THURSDAY)
    assert slot_rows([slot], after)[0].state == SlotState.PUBLISHED_LATE
    assert Article.objects.get(pk=article.pk).issue_date == THURSDAY


def test_nothing_changes_or_removes_an_event() -> None:
    planned("Bài một")
    event = SlotEvent.objects.get()
    event.reason = "khác"
    for work in (
        event.save, event.delete, SlotEvent.objects.all().delete, lambda: SlotEvent.objects.update(reason="khác"),
        lambda: SlotEvent.objects.bulk_update([event], ["reason"]), event.slot.events.all().delete,
        lambda: event.slot.events.update(reason="khác"),
        lambda: SlotEvent.objects.update_or_create(pk=event.pk, defaults={"reason": "khác"}),
    ):  # fmt: skip
        with pytest.raises(TypeError, match="append-only"), transaction.atomic():
            work()
    with pytest.raises(Exception, match="protected"):
        Slot.objects.filter(pk=event.slot_id).delete()
    assert told() == [("2017-02-16", "assigned", "Bài một", "tong-bien-tap", {})]


def test_no_screen_edits_it() -> None:
    from wagtail.snippets.models import get_snippet_models

    assert SlotEvent not in get_snippet_models()
    assert apps.is_installed("django.contrib.admin") is False or not admin.site.is_registered(SlotEvent)


def test_a_deleted_person_and_a_deleted_draft_stay_by_name() -> None:
    person = make_user("phong-vien", Role.EDITOR, display_name="Nguyễn Thị Hồng Nhung")
    article, slot = draft("Bài bị xóa"), slot_on()
    assign(slot, article, person)
    person.delete()
    Article.objects.get(pk=article.pk).delete()
    assert not Page.objects.filter(pk=article.pk).exists()
    assert Slot.objects.get(pk=slot.pk).story_id is None
    assert told() == [
        ("2017-02-16", "assigned", "Bài bị xóa", "Nguyễn Thị Hồng Nhung", {}),
        ("2017-02-16", "removed", "Bài bị xóa", "", {"deleted": True}),
    ]


@pytest.mark.parametrize("way", ["page", "bulk"])
def test_who_deletes_a_draft_on_screen_is_named(client: Client, way: str) -> None:
    article = planned("Bài bị xóa")
    client.force_login(make_user("quan-tri", is_superuser=True, display_name="Trần Văn Quản"))
    if way == "page":
        address = reverse("wagtailadmin_pages:delete", args=[article.pk])
    else:
        address = f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'delete'])}?id={article.pk}"
    assert client.post(address).status_code == 302
    assert told("removed") == [("2017-02-16", "removed", "Bài bị xóa", "Trần Văn Quản", {"deleted": True})]


def test_query_set_deletes_leave_it_whole_too() -> None:
    article = planned("Bài bị xóa")
    Page.objects.filter(pk=article.pk).delete()
    other = planned("Bài khác")
    Article.objects.filter(pk=other.pk).delete()
    assert [row[1:3] for row in told("removed")] == [("removed", "Bài bị xóa"), ("removed", "Bài khác")]


def test_another_kind_keeps_its_past_as_an_article() -> None:
    article = planned("Thành tin")
    unassign(Slot.objects.get(story=article.pk), chief())
    reclassify(Story.objects.get(pk=article.pk), "news", chief())
    assert [(event.story_id, event.story_title, event.action) for event in SlotEvent.objects.order_by("pk")] == [
        (article.pk, "Thành tin", "assigned"), (article.pk, "Thành tin", "removed"),
    ]  # fmt: skip
    assert Story.objects.get(pk=article.pk).kind == "news"
    assert Revision.page_revisions.filter(object_id=str(article.pk)).exists()
