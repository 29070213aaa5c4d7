"""*Hoàn tác*: every step, once, while it still may be; moves and swaps with what they write."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from column.people.roles import Role
from column.schedule import slots
from column.schedule.ledger.models import SlotEvent
from column.schedule.ledger.recording import note
from column.schedule.models import Slot
from column.schedule.publishing import publish_due
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import cancel_schedule, schedule_story
from column.schedule.undoing import undo
from column.stories.models import Article
from tests.column.schedule.desk import (
    BEFORE,
    DUE,
    THURSDAY,
    approve,
    chief,
    draft,
    due_of,
    last_batch,
    planned,
    scheduled,
    slot_on,
    steps,
)
from tests.column.schedule.faults.harm import together
from tests.column.schedule.test_screens import as_, said

pytestmark = pytest.mark.django_db

NEXT = THURSDAY + timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _before() -> object:
    with time_machine.travel(BEFORE, tick=True) as travelled:
        yield travelled


def desk() -> dict[str, Any]:
    """All that a step can change, as the database has it."""
    return {
        "slots": list(
            Slot.objects.filter(day__in=[THURSDAY, NEXT])
            .order_by("day")
            .values_list("story__draft_title", "skip_reason", "publish_time", "teaser", "issue_day")
        ),
        "stories": {
            article.draft_title: (article.issue_date, due_of(article), article.live)
            for article in Article.objects.order_by("pk")
        },
    }


def here() -> Slot:
    return slot_on()


def there() -> Slot:
    slots.ensure_slots(slot_on().column, NEXT, NEXT)
    return Slot.objects.get(day=NEXT)


def article(title: str = "Bài một") -> Article:
    return Article.objects.get(draft_title=title)


def _swap_scheduled() -> None:
    planned("Bài hai", day=NEXT)
    scheduled("Bài một")


STEPS: dict[str, tuple[Callable[[], Any], Callable[[], Any]]] = {
    "assign": (lambda: (here(), draft("Bài một")), lambda: slots.assign(here(), article(), chief())),
    "unassign": (lambda: planned("Bài một"), lambda: slots.unassign(here(), chief())),
    "move": (lambda: planned("Bài một"), lambda: slots.move(here(), there(), chief())),
    "move, scheduled": (
        lambda: scheduled("Bài một"),
        lambda: slots.move(here(), there(), chief(), unschedule=True),
    ),
    "swap": (
        lambda: (planned("Bài một"), planned("Bài hai", day=NEXT)),
        lambda: slots.swap(here(), there(), chief()),
    ),
    "swap, scheduled": (_swap_scheduled, lambda: slots.swap(here(), there(), chief(), unschedule=True)),
    "skip": (here, lambda: slots.skip(here(), "Nghỉ Tết", chief())),
    "reopen": (lambda: slots.skip(here(), "Nghỉ Tết", chief()), lambda: slots.reopen(here(), chief())),
    "change": (
        lambda: planned("Bài một"),
        lambda: slots.change(here(), publish_time=time(7, 30), teaser="Kỳ tới", user=chief()),
    ),
    "schedule": (
        lambda: approve(planned("Bài một")),
        lambda: schedule_story(article(), chief(), BEFORE),
    ),
    "cancel": (lambda: scheduled("Bài một"), lambda: cancel_schedule(article(), chief())),
}


@pytest.mark.parametrize("name", STEPS)
def test_taken_back_once(name: str) -> None:
    prepare, step = STEPS[name]
    prepare()
    there()
    Slot.objects.filter(day=THURSDAY).update(publish_time=time(14, 12))
    before = desk()
    step()
    after, batch = desk(), last_batch()
    assert after != before
    undone = undo(batch, chief(), BEFORE)
    assert desk() == before
    assert undone.remarks == []
    told = SlotEvent.objects.filter(undoes=batch)
    assert {event.slot_id for event in told} == {slot.pk for slot in undone.slots}
    with pytest.raises(ScheduleProblem, match="đã được hoàn tác rồi"):
        undo(batch, chief(), BEFORE)
    with pytest.raises(ScheduleProblem, match="không hoàn tác được"):
        undo(told[0].batch, chief(), BEFORE)
    assert desk() == before


def test_a_step_that_nobody_took() -> None:
    with pytest.raises(ScheduleProblem, match="không hoàn tác được"):
        undo(uuid.uuid4(), chief(), BEFORE)


def test_what_was_published_or_missed_is_not_taken_back() -> None:
    scheduled("Bài một")
    publish_due(DUE)
    assert SlotEvent.objects.latest("pk").action == "published"
    with pytest.raises(ScheduleProblem, match="không hoàn tác được"):
        undo(last_batch(), chief(), BEFORE)


def test_moves_and_swaps_in_the_ledger() -> None:
    planned("Bài một")
    planned("Bài hai", day=NEXT)
    one, two = here(), there()
    slots.swap(one, two, chief())
    assert steps(one, two)[2:] == [
        ("removed", "Bài một"),
        ("removed", "Bài hai"),
        ("assigned", "Bài một"),
        ("assigned", "Bài hai"),
    ]
    newest = SlotEvent.objects.order_by("-pk")[:4]
    assert len({event.batch for event in newest}) == 1
    assert [(event.slot_id, event.data["other_slot"]) for event in reversed(newest)] == [
        (one.pk, two.pk), (two.pk, one.pk), (two.pk, one.pk), (one.pk, two.pk),
    ]  # fmt: skip
    dates = {story.draft_title: story.issue_date for story in Article.objects.all()}
    assert dates == {"Bài một": NEXT, "Bài hai": THURSDAY}


def test_a_scheduled_story_moves_only_when_asked() -> None:
    scheduled("Bài một")
    planned("Bài hai", day=NEXT)
    free = slot_on(NEXT + timedelta(weeks=1))
    for step in (
        lambda: slots.move(here(), free, chief()),
        lambda: slots.swap(here(), there(), chief()),
        lambda: slots.swap(there(), here(), chief()),
        lambda: slots.unassign(here(), chief()),
    ):
        with pytest.raises(ScheduleProblem, match="“Bài một” đã hẹn giờ; hãy hủy hẹn giờ trước"):
            step()
    assert due_of(article()) == DUE
    slots.move(here(), free, chief(), unschedule=True)
    assert due_of(article()) is None, "moved, it is a plan again"
    assert publish_due(DUE + timedelta(weeks=3)).due == []


def test_steps_onto_the_same_day() -> None:
    planned("Bài một")
    for step in (slots.move, slots.swap):
        with pytest.raises(ScheduleProblem, match="Bài đang ở chính kỳ này"):
            step(here(), here(), chief())


def test_not_taken_back_after_other_changes() -> None:
    planned("Bài một")
    slots.unassign(here(), chief())
    removed = last_batch()
    slots.skip(here(), "Nghỉ", chief())
    skipped = last_batch()
    with pytest.raises(ScheduleProblem, match="Kỳ này đã báo nghỉ"):
        undo(removed, chief(), BEFORE)
    slots.reopen(here(), chief())
    with pytest.raises(ScheduleProblem, match="Kỳ Thứ Năm, 16/02/2017 đã thay đổi sau việc này"):
        undo(skipped, chief(), BEFORE)
    slots.assign(there(), article(), chief())
    with pytest.raises(ScheduleProblem, match="“Bài một” đã ở một kỳ khác"):
        undo(removed, chief(), BEFORE)
    slots.assign(here(), draft("Bài hai"), chief())
    with pytest.raises(ScheduleProblem, match="Kỳ Thứ Năm, 16/02/2017 đã có bài khác"):
        undo(removed, chief(), BEFORE)


def test_a_changed_hour_is_not_taken_back_under_a_schedule() -> None:
    planned("Bài một")
    slot = Slot.objects.get(day=THURSDAY)
    slots.change(slot, publish_time=time(14, 30), teaser="", user=chief())
    batch = last_batch()
    approve(article())
    schedule_story(article(), chief(), BEFORE)
    with pytest.raises(ScheduleProblem, match="đã hẹn giờ"):
        undo(batch, chief(), BEFORE)
    assert Slot.objects.get(pk=slot.pk).publish_time == time(14, 30)


def test_a_cancelled_schedule_that_cannot_come_back() -> None:
    scheduled("Bài một")
    cancel_schedule(article(), chief())
    with pytest.raises(ScheduleProblem, match="“Bài một” không được hẹn giờ lại: giờ của kỳ"):
        undo(last_batch(), chief(), DUE)
    assert due_of(article()) is None


def test_a_deleted_draft() -> None:
    planned("Bài một")
    slots.unassign(here(), chief())
    batch = last_batch()
    article().delete()
    with pytest.raises(ScheduleProblem, match="đã bị xóa"):
        undo(batch, chief(), BEFORE)


def test_the_database_takes_back_once() -> None:
    slots.skip(here(), "Nghỉ", chief())
    batch = last_batch()
    undo(batch, chief(), BEFORE)
    with pytest.raises(IntegrityError), transaction.atomic():
        note(SlotEvent.objects.latest("pk").action, here(), chief(), undoes=batch)  # type: ignore[arg-type]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", range(3))
def test_taken_back_twice_at_once(_again: int) -> None:
    planned("Bài một")
    slots.move(here(), there(), chief())
    batch, user = last_batch(), chief()
    results = together(lambda: undo(batch, user, BEFORE), lambda: undo(batch, user, BEFORE))
    assert [result for result in results if isinstance(result, str)] == ["Việc này đã được hoàn tác rồi."]
    assert Slot.objects.get(story=article().pk).day == THURSDAY


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", range(3))
def test_swapped_twice_at_once(_again: int) -> None:
    """Both in a row: the second may find the first one's work and turn it round, or be refused; nothing is lost."""
    planned("Bài một")
    planned("Bài hai", day=NEXT)
    one, two, user = here(), there(), chief()
    together(lambda: slots.swap(one, two, user), lambda: slots.swap(two, one, user))
    standing = dict(Slot.objects.filter(pk__in=[one.pk, two.pk]).values_list("day", "story__draft_title"))
    assert sorted(standing.values()) == ["Bài hai", "Bài một"]
    assert {story.draft_title: story.issue_date for story in Article.objects.all()} == {
        title: day for day, title in standing.items()
    }


# The button -------------------------------------------------------------------------------------------------------


def test_every_change_on_screen_offers_it() -> None:
    draft("Bài một")
    slot, other, editor = here(), there(), as_(Role.CHIEF)
    posts: list[tuple[str, int, dict[str, Any]]] = [
        ("schedule_assign", slot.pk, {"article": article().pk}),
        ("schedule_move", slot.pk, {"slot": other.pk}),
        ("schedule_unassign", other.pk, {}),
        ("schedule_skip", slot.pk, {"reason": "Nghỉ"}),
        ("schedule_reopen", slot.pk, {}),
        ("schedule_change", slot.pk, {"publish_time": "15:00"}),
        ("schedule_plan_story", article().pk, {"slot": slot.pk}),
        ("schedule_hold", article().pk, {"reason": "timing"}),
        ("schedule_release", article().pk, {}),
    ]
    for name, key, data in posts:
        page = said(editor, editor.post(reverse(name, args=[key]), data))
        assert reverse("schedule_undo", args=[last_batch()]) in page, name
    approve(article())
    for name in ("schedule_story", "schedule_cancel"):
        page = said(editor, editor.post(reverse(name, args=[article().pk])))
        assert reverse("schedule_undo", args=[last_batch()]) in page, name


def test_the_button_takes_back_and_returns() -> None:
    planned("Bài một")
    slot, editor = here(), as_(Role.EDITOR)
    editor.post(reverse("schedule_unassign", args=[slot.pk]))
    address = reverse("schedule_undo", args=[last_batch()])
    assert editor.get(address).status_code == 405
    response = editor.post(address, {"next": "/admin/"})
    assert response["Location"] == "/admin/"
    assert "Đã hoàn tác." in said(editor, response)
    assert Slot.objects.get(pk=slot.pk).story_id == article().pk
    assert "Việc này đã được hoàn tác rồi." in said(editor, editor.post(address))
    assert as_(Role.EDITOR).post(address, {"next": "https://nguoi-la.example/"})["Location"] == "/admin/lich-dang/"
    assert editor.post(f"/admin/lich-dang/hoan-tac/{uuid.uuid4()}/").status_code == 302
    assert editor.post("/admin/lich-dang/hoan-tac/abc/").status_code == 404


def test_who_may_take_back_what() -> None:
    """What cancels or sets a schedule needs that right; the others are sent away and nothing happens."""
    scheduled("Bài một")
    free = slot_on(NEXT + timedelta(weeks=1))
    for step, expected in (
        (
            lambda: slots.move(here(), there(), chief(), unschedule=True),
            {Role.MANAGING_EDITOR, Role.CHIEF},
        ),
        (
            lambda: slots.skip(free, "Nghỉ", chief()),
            {Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.ADMINISTRATOR},
        ),
    ):
        allowed = set()
        for role in Role:
            step()
            batch = last_batch()
            as_(role).post(reverse("schedule_undo", args=[batch]))
            if SlotEvent.objects.filter(undoes=batch).exists():
                allowed.add(role)
            else:
                undo(batch, chief(), BEFORE)
        assert allowed == expected
