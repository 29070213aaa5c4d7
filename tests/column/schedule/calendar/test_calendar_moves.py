"""Letting go of a card: what it does, what it asks, whom it refuses, and that it can be taken back."""

from __future__ import annotations

import threading
import uuid
from datetime import date, time
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse

from column.enums import SlotAction
from column.people.models import User
from column.people.roles import Role
from column.schedule.ledger.models import SlotEvent
from column.schedule.locking import is_scheduled
from column.schedule.models import Slot
from column.schedule.scheduling import schedule_story
from column.schedule.slots import assign, ensure_slots, skip, unassign
from column.stories.models import Article, Story
from tests.column.schedule.desk import BEFORE, approve, chief, draft
from tests.factories import column_page, make_article, make_news, make_user

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = date(2017, 2, 23), date(2017, 3, 2), date(2017, 3, 9)


@pytest.fixture(autouse=True)
def february() -> Any:
    with time_machine.travel(BEFORE, tick=False):
        Slot.objects.all().delete()
        ensure_slots(column_page(), date(2017, 1, 1), date(2017, 3, 31))
        Slot.objects.update(publish_time=time(14, 12))
        yield


def as_(role: Role) -> Client:
    client = Client(headers={"x-requested-with": "XMLHttpRequest"})
    client.force_login(make_user("", role))
    return client


def slot(day: date) -> Slot:
    return Slot.objects.get(day=day)


def on(day: date) -> Article | None:
    return slot(day).story


def put(title: str, day: date) -> Article:
    article = draft(title)
    assign(slot(day), article, chief())
    return Article.objects.get(pk=article.pk)


def set_time(article: Article) -> None:
    approve(article)
    schedule_story(article, chief(), BEFORE)


def drop(
    client: Client,
    story: Story,
    source: date | None,
    target: date | None,
    *,
    replaces: Story | None = None,
    **more: Any,
) -> Any:
    return client.post(reverse("schedule_drop"), {
        "story": story.pk,
        "source": slot(source).pk if source else "",
        "target": slot(target).pk if target else "",
        "replaces": replaces.pk if replaces else "",
        "quy": "2017-1",
        **more,
    })  # fmt: skip


def undo(client: Client, batch: Any) -> Any:
    return client.post(reverse("schedule_undo"), {"batch": batch, "quy": "2017-1"})


def board() -> dict[date, str]:
    return {one.day: one.story.title for one in Slot.objects.select_related("story") if one.story}


def test_from_the_tray_to_a_slot_and_back() -> None:
    client, article = as_(Role.EDITOR), draft("Một cửa")
    answer = drop(client, article, None, FIRST).json()
    assert (answer["state"], answer["message"]) == (
        "done", "Đã xếp “Một cửa” vào kỳ Thứ Năm, 23/02/2017. Bài chưa được hẹn giờ.",
    )  # fmt: skip
    assert list(answer["cards"]) == ["ky-2017-02-23"]
    assert "Một cửa" in answer["cards"]["ky-2017-02-23"]
    assert "Một cửa" not in answer["tray"]
    assert board() == {FIRST: "Một cửa"}
    assert Article.objects.get(pk=article.pk).issue_date == FIRST
    answer = drop(client, article, FIRST, None).json()
    assert (answer["state"], answer["message"]) == ("done", "Đã rút “Một cửa” về khay.")
    assert "Một cửa" in answer["tray"]
    assert board() == {}
    assert not Article.objects.get(pk=article.pk).live


def test_from_slot_to_slot_and_taken_back() -> None:
    client, article = as_(Role.EDITOR), put("Một cửa", FIRST)
    answer = drop(client, article, FIRST, SECOND).json()
    assert answer["message"] == "Đã chuyển “Một cửa” sang kỳ Thứ Năm, 02/03/2017. Bài chưa được hẹn giờ."
    assert list(answer["cards"]) == ["ky-2017-02-23", "ky-2017-03-02"]
    assert board() == {SECOND: "Một cửa"}
    events = SlotEvent.objects.filter(batch=answer["batch"]).order_by("pk")
    assert [(event.slot.day, event.action) for event in events] == [
        (FIRST, SlotAction.REMOVED), (SECOND, SlotAction.ASSIGNED),
    ]  # fmt: skip
    back = undo(client, answer["batch"]).json()
    assert (back["state"], back["message"]) == ("done", "Đã hoàn tác.")
    assert set(back["cards"]) == {"ky-2017-02-23", "ky-2017-03-02"}
    assert board() == {FIRST: "Một cửa"}
    again = undo(client, answer["batch"])
    assert (again.status_code, again.json()["message"]) == (409, "Việc này đã được hoàn tác rồi.")


def test_a_filled_slot_asks_and_swaps() -> None:
    client, one, other = as_(Role.EDITOR), put("Một cửa", FIRST), put("Đúng hẹn", SECOND)
    asked = drop(client, one, FIRST, SECOND, replaces=other).json()
    assert asked == {
        "state": "ask", "title": "Kỳ này đã có bài", "button": "Đổi chỗ", "agree": ["swap"],
        "sentences": ["Kỳ Thứ Năm, 02/03/2017 đang có “Đúng hẹn”. Hai bài sẽ đổi chỗ cho nhau."],
    }  # fmt: skip
    assert board() == {FIRST: "Một cửa", SECOND: "Đúng hẹn"}
    answer = drop(client, one, FIRST, SECOND, replaces=other, agreed="swap").json()
    assert answer["state"] == "done"
    assert board() == {FIRST: "Đúng hẹn", SECOND: "Một cửa"}
    assert undo(client, answer["batch"]).json()["state"] == "done"
    assert board() == {FIRST: "Một cửa", SECOND: "Đúng hẹn"}


def test_from_the_tray_onto_a_filled_slot_the_other_goes_to_the_tray() -> None:
    client, fresh, other = as_(Role.EDITOR), draft("Bài mới"), put("Đúng hẹn", SECOND)
    asked = drop(client, fresh, None, SECOND, replaces=other).json()
    assert (asked["state"], asked["button"], asked["sentences"]) == (
        "ask", "Thay vào", ["Kỳ Thứ Năm, 02/03/2017 đang có “Đúng hẹn”. Bài ấy sẽ trở lại khay."],
    )  # fmt: skip
    answer = drop(client, fresh, None, SECOND, replaces=other, agreed="swap").json()
    assert answer["message"] == "Đã xếp “Bài mới” vào kỳ Thứ Năm, 02/03/2017; “Đúng hẹn” trở lại khay."
    assert "Đúng hẹn" in answer["tray"]
    assert board() == {SECOND: "Bài mới"}
    assert undo(client, answer["batch"]).json()["state"] == "done"
    assert board() == {SECOND: "Đúng hẹn"}


@pytest.mark.parametrize("target", [SECOND, None])
def test_a_scheduled_story_asks_first_and_is_not_scheduled_any_more(target: date | None) -> None:
    client, article = as_(Role.MANAGING_EDITOR), put("Nụ cười", FIRST)
    set_time(article)
    asked = drop(client, article, FIRST, target).json()
    assert (asked["state"], asked["title"], asked["button"], asked["agree"]) == (
        "ask", "Hủy hẹn giờ và chuyển?", "Hủy hẹn giờ và chuyển", ["unschedule"],
    )  # fmt: skip
    assert "“Nụ cười” đã hẹn giờ tự lên trang." in asked["sentences"][0]
    assert is_scheduled(article.pk)
    assert board() == {FIRST: "Nụ cười"}
    answer = drop(client, article, FIRST, target, agreed="unschedule").json()
    assert answer["state"] == "done"
    assert not is_scheduled(article.pk)
    assert not Article.objects.get(pk=article.pk).live
    assert board() == ({target: "Nụ cười"} if target else {})
    assert undo(client, answer["batch"]).json()["state"] == "done"
    assert is_scheduled(article.pk)
    assert board() == {FIRST: "Nụ cười"}


def test_two_scheduled_stories_swap_after_one_question() -> None:
    client, one, other = as_(Role.CHIEF), put("Một cửa", FIRST), put("Đúng hẹn", SECOND)
    set_time(one)
    set_time(other)
    asked = drop(client, one, FIRST, SECOND, replaces=other).json()
    assert (asked["agree"], len(asked["sentences"])) == (["swap", "unschedule"], 3)
    assert drop(client, one, FIRST, SECOND, replaces=other, agreed="swap").json()["state"] == "ask"
    answer = drop(client, one, FIRST, SECOND, replaces=other, agreed=["swap", "unschedule"]).json()
    assert answer["state"] == "done"
    assert board() == {FIRST: "Đúng hẹn", SECOND: "Một cửa"}
    assert {is_scheduled(story.pk) for story in (one, other)} == {False}


def test_who_may_not_schedule_cannot_drag_a_schedule_away_or_back() -> None:
    article = put("Nụ cười", FIRST)
    set_time(article)
    editor = as_(Role.EDITOR)
    response = drop(editor, article, FIRST, SECOND, agreed="unschedule")
    assert (response.status_code, response.json()["message"]) == (
        409, "“Nụ cười” đã hẹn giờ; nhờ người có quyền hẹn giờ hủy hẹn trước khi chuyển.",
    )  # fmt: skip
    assert is_scheduled(article.pk)
    batch = drop(as_(Role.CHIEF), article, FIRST, SECOND, agreed="unschedule").json()["batch"]
    response = undo(editor, batch)
    assert (response.status_code, response.json()["message"]) == (
        409, "Việc này có hủy hoặc đặt hẹn giờ; nhờ người có quyền hẹn giờ hoàn tác.",
    )  # fmt: skip
    assert not is_scheduled(article.pk)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.REPORTER, False), (Role.EDITOR, True), (Role.MANAGING_EDITOR, True), (Role.CHIEF, True),
        (Role.COMMITTEE, False), (Role.ADMINISTRATOR, True),
    ],
)  # fmt: skip
def test_who_moves(role: Role, may: bool) -> None:
    client, article = as_(role), put("Một cửa", FIRST)
    response = drop(client, article, FIRST, SECOND)
    assert (response.status_code == 200) is may
    assert board() == {(SECOND if may else FIRST): "Một cửa"}
    batch = response.json()["batch"] if may else SlotEvent.objects.latest("pk").batch
    response = undo(client, batch)
    assert (response.status_code == 200) is may
    if not may:
        assert response.status_code == 403


def test_the_token_is_asked_for_and_a_look_is_no_move() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("", Role.CHIEF))
    for name in ("schedule_drop", "schedule_undo", "schedule_idea"):
        assert client.post(reverse(name), {}).status_code == 403
        assert client.get(reverse(name)).status_code == 405


def test_a_stale_board_is_told_and_renewed() -> None:
    client, article = as_(Role.EDITOR), put("Một cửa", FIRST)
    drop(as_(Role.CHIEF), article, FIRST, THIRD)
    response = drop(client, article, FIRST, SECOND)
    answer = response.json()
    assert (response.status_code, answer["state"], answer["message"]) == (
        409, "problem", "“Một cửa” vừa được người khác chuyển đi; bảng nay đã mới, hãy xem lại.",
    )  # fmt: skip
    assert list(answer["cards"]) == ["ky-2017-02-23", "ky-2017-03-02", "ky-2017-03-09"]
    assert "Một cửa" in answer["cards"]["ky-2017-03-09"]
    assert board() == {THIRD: "Một cửa"}


def test_a_slot_filled_in_the_meantime_is_told() -> None:
    client, article = as_(Role.EDITOR), draft("Một cửa")
    put("Đúng hẹn", FIRST)
    response = drop(client, article, None, FIRST)
    assert (response.status_code, response.json()["message"]) == (
        409, "Kỳ Thứ Năm, 23/02/2017 vừa được người khác xếp bài khác; bảng nay đã mới, hãy xem lại.",
    )  # fmt: skip
    assert "Đúng hẹn" in response.json()["cards"]["ky-2017-02-23"]
    assert board() == {FIRST: "Đúng hẹn"}


def test_what_is_on_a_slot_already_is_not_taken_from_the_tray() -> None:
    client, article = as_(Role.EDITOR), put("Một cửa", FIRST)
    assert drop(client, article, None, SECOND).status_code == 409
    assert board() == {FIRST: "Một cửa"}


def test_a_slot_emptied_in_the_meantime_is_simply_taken() -> None:
    client, one, other = as_(Role.EDITOR), put("Một cửa", FIRST), put("Đúng hẹn", SECOND)
    unassign(slot(SECOND), chief())
    assert drop(client, one, FIRST, SECOND, replaces=other, agreed="swap").json()["state"] == "done"
    assert board() == {SECOND: "Một cửa"}


def test_a_skipped_slot_and_a_published_story_refuse() -> None:
    client = as_(Role.CHIEF)
    skip(slot(SECOND), "Nghỉ", chief())
    response = drop(client, draft("Một cửa"), None, SECOND)
    assert response.json()["message"] == "Kỳ này đã báo nghỉ; hãy mở lại kỳ trước khi xếp bài."
    for story in (make_article("Đã đăng"), make_news("Tin", live=False)):
        assert drop(client, story, None, FIRST).status_code == 409
    assert board() == {}


@pytest.mark.parametrize(
    "sent",
    [
        {}, {"story": "abc"}, {"story": "999999999"}, {"story": "1", "source": "", "target": ""},
        {"story": "9" * 30, "target": "1"}, {"story": "١"}, {"story": "1", "source": "7", "target": "7"},
        {"story": "1", "target": "999999999"}, {"story": "1\x00", "target": "2\x00", "tim": "\x00"},
    ],
)  # fmt: skip
def test_nonsense_is_refused_in_words(sent: dict[str, str]) -> None:
    response = as_(Role.CHIEF).post(reverse("schedule_drop"), sent)
    assert (response.status_code, response.json()["state"]) == (409, "problem")
    assert response.json()["message"]


@pytest.mark.parametrize("batch", ["", "abc", str(uuid.UUID(int=5)), "\x00"])
def test_an_unknown_step_is_refused_in_words(batch: str) -> None:
    response = undo(as_(Role.CHIEF), batch)
    assert (response.status_code, response.json()["state"]) == (409, "problem")
    assert response.json()["message"]


def test_the_answer_speaks_text_alone() -> None:
    title = "<img src=x onerror=alert(1)>"
    answer = drop(as_(Role.EDITOR), draft(title), None, FIRST).json()
    assert "<img src=x" not in "".join([*answer["cards"].values(), answer["tray"]])


@pytest.mark.django_db(transaction=True)
def test_four_editors_let_go_at_once() -> None:
    """Four stories on one empty slot: one gets it, three are told; nobody meets a fault."""
    stories = [draft(f"Bài {number}") for number in range(4)]
    users = [make_user("", Role.EDITOR) for _ in stories]
    target, answers = slot(FIRST).pk, []
    start = threading.Barrier(4)

    def let_go(user: User, story: Article) -> None:
        client = Client()
        client.force_login(user)
        start.wait()
        answers.append(client.post(reverse("schedule_drop"), {"story": story.pk, "target": target}).status_code)
        connection.close()

    threads = [threading.Thread(target=let_go, args=pair) for pair in zip(users, stories, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409, 409, 409]
    assert len(board()) == 1
