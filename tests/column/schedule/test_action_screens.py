"""Who may do what to a Thursday, that looking changes nothing, and an article that is *ngoài kỳ*."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page, Revision

from column.people.roles import Role
from column.schedule.holding import hold
from column.schedule.ledger.models import SlotEvent
from column.schedule.listing import slot_rows
from column.schedule.models import Hold, Reserve, Slot
from column.schedule.publishing import publish_due
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import cancel_schedule, schedule_story
from column.schedule.slots import assign, skip
from column.stories.models import Article, Story
from column.stories.takedown import take_down
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
    reserved,
    scheduled,
    slot_on,
)
from tests.column.schedule.test_screens import as_, edit, said
from tests.factories import make_news, make_user

pytestmark = pytest.mark.django_db

NEXT = THURSDAY + timedelta(weeks=1)
FILLERS = {Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.ADMINISTRATOR}
SCHEDULERS = {Role.MANAGING_EDITOR, Role.CHIEF}


@pytest.fixture(autouse=True)
def _before() -> object:
    with time_machine.travel(BEFORE, tick=True) as travelled:
        yield travelled


@pytest.fixture
def desk() -> dict[str, Any]:
    """Address → what a browser would send there."""
    article, other, spare = planned("Bài một"), planned("Bài hai", day=NEXT), reserved("Bài gối", use_by=NEXT)
    slot, empty = slot_on(), slot_on(NEXT + timedelta(weeks=1))
    tet = slot_on(date(2017, 1, 26))
    held = planned("Bài giữ", day=NEXT + timedelta(weeks=2))
    hold(held, "Chờ ý kiến", chief(), BEFORE)
    skip(empty, "Nghỉ", chief())
    return {
        reverse("schedule_substitute", args=[slot.pk]): {"article": spare.pk, "reason": "timing"},
        reverse("schedule_swap", args=[slot.pk]): {"slot": Slot.objects.get(story=other.pk).pk},
        reverse("schedule_day", args=[slot.pk]): {"day": "2017-02-17", "reason": "Họp báo"},
        reverse("schedule_keep", args=[tet.pk]): {},
        reverse("schedule_undo", args=[last_batch()]): {},
        reverse("schedule_reserve"): {"remove": Reserve.objects.get().pk},
        reverse("schedule_hold", args=[article.pk]): {"reason": "timing"},
        reverse("schedule_release", args=[held.pk]): {},
    }


def test_who_may_do_what(desk: dict[str, Any]) -> None:
    """By what is changed: the admin answers whoever may not with a word and the way home."""
    expected = {
        "thay-bai": SCHEDULERS, "doi-cho": FILLERS, "doi-ngay": FILLERS, "van-dang": FILLERS, "hoan-tac": FILLERS,
        "bai-goi-dau": FILLERS, "tam-giu": SCHEDULERS, "bo-tam-giu": SCHEDULERS,
    }  # fmt: skip
    found: dict[str, set[Role]] = {}
    for address, data in desk.items():
        name = next(name for name in sorted(expected, key=len, reverse=True) if name in address)
        found[name] = {role for role in Role if _changes(role, address, data)}
    assert found == expected


def _changes(role: Role, address: str, data: dict[str, Any]) -> bool:
    """Whether that post changes anything; all is as before afterwards."""

    def state() -> list[Any]:
        return [
            list(SlotEvent.objects.values_list("pk")), list(Hold.objects.values_list("story")),
            list(Reserve.objects.values_list("pk")),
        ]  # fmt: skip

    client, before = as_(role), state()
    with transaction.atomic():
        client.post(address, data)
        changed = state() != before
        transaction.set_rollback(True)
    return changed


def test_who_is_shown_the_reserve_in_the_menu() -> None:
    address = reverse("schedule_reserve")
    shown = {
        role
        for role in Role
        if role != Role.COMMITTEE and address in as_(role).get(reverse("wagtailadmin_home")).content.decode()
    }
    assert shown == FILLERS


def test_looking_changes_nothing(desk: dict[str, Any]) -> None:
    client = as_(Role.CHIEF)
    for address in desk:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code in (200, 405), address
        writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert writes == [], address


def test_every_post_needs_the_token(desk: dict[str, Any]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("", Role.CHIEF))
    for address, data in desk.items():
        assert client.post(address, data).status_code == 403, address


def test_what_is_not_there() -> None:
    client = as_(Role.CHIEF)
    for name in ("substitute", "swap", "day", "hold", "release"):
        assert client.get(reverse(f"schedule_{name}", args=[999999])).status_code == 404, name
    assert client.post(reverse("schedule_keep", args=[999999])).status_code == 404


def test_a_drafts_own_card_offers_what_can_be_done() -> None:
    """Exactly these, by state and right."""
    scheduled("Bài một")
    labels = ("Thay bài", "Tạm giữ", "Bỏ tạm giữ", "Chuyển kỳ", "Rút bài", "Hủy hẹn giờ", "Hẹn giờ đăng",
              "Vẫn đăng", "Dời ngày", "Nghỉ kỳ", "Xếp bài", "Mở lại kỳ", "Giờ, lời báo")  # fmt: skip

    def offered(role: Role) -> set[str]:
        user = make_user("", role)
        page = render_to_string(
            "schedule/desk/_slot_actions.html",
            {
                "row": slot_rows([slot_on()], timezone.now())[0], "next_url": "/admin/",
                "may_fill": user.has_perm("column.change_slot"), "may_schedule": user.has_perm("column.schedule_story"),
            },
        )  # fmt: skip
        return {label for label in labels if f">{label}<" in page}

    assert offered(Role.CHIEF) == {"Hủy hẹn giờ", "Thay bài", "Tạm giữ", "Chuyển kỳ", "Giờ, lời báo"}
    assert offered(Role.EDITOR) == {"Giờ, lời báo"}
    cancel_schedule(Article.objects.get(), chief())
    assert offered(Role.CHIEF) == {"Hẹn giờ đăng", "Thay bài", "Tạm giữ", "Chuyển kỳ", "Rút bài", "Giờ, lời báo"}
    assert offered(Role.EDITOR) == {"Chuyển kỳ", "Rút bài", "Giờ, lời báo"}
    hold(Article.objects.get(), "Chờ", chief(), BEFORE)
    assert offered(Role.CHIEF) == {"Bỏ tạm giữ", "Thay bài", "Chuyển kỳ", "Rút bài", "Giờ, lời báo"}
    assert offered(Role.REPORTER) == set()


def test_moving_on_screen_asks_before_it_cancels() -> None:
    article = scheduled("Bài một")
    slot, free = slot_on(), slot_on(NEXT)
    address, client = reverse("schedule_move", args=[slot.pk]), as_(Role.CHIEF)
    assert "Đồng ý hủy hẹn giờ của “Bài một”" in client.get(address).content.decode()
    assert "hãy đánh dấu đồng ý hủy hẹn giờ" in client.post(address, {"slot": free.pk}).content.decode()
    assert "“Bài một” đã hẹn giờ" in as_(Role.EDITOR).post(address, {"slot": free.pk}).content.decode()
    assert due_of(article) == DUE
    page = said(client, client.post(address, {"slot": free.pk, "unschedule": "on"}))
    assert "Đã chuyển bài của kỳ Thứ Năm, 16/02/2017." in page
    assert (due_of(article), Slot.objects.get(story=article.pk).day) == (None, NEXT)
    client.post(reverse("schedule_undo", args=[last_batch()]))
    assert (due_of(article), Slot.objects.get(story=article.pk).day) == (DUE, THURSDAY)


def test_swapping_on_screen() -> None:
    scheduled("Bài một")
    planned("Bài hai", day=NEXT)
    slot, other = slot_on(), slot_on(NEXT)
    address, client = reverse("schedule_swap", args=[slot.pk]), as_(Role.MANAGING_EDITOR)
    assert "Thứ Năm, 23/02/2017 · 14:12 · Bài hai" in client.get(address).content.decode()
    assert "“Bài một” đã hẹn giờ" in client.post(address, {"slot": other.pk}).content.decode()
    page = said(client, client.post(address, {"slot": other.pk, "unschedule": "on"}))
    assert "Đã đổi chỗ bài của kỳ Thứ Năm, 16/02/2017" in page
    assert {slot.day: slot.story.draft_title for slot in Slot.objects.filter(story__isnull=False)} == {
        THURSDAY: "Bài hai", NEXT: "Bài một",
    }  # fmt: skip


# Ngoài kỳ ---------------------------------------------------------------------------------------------------------


def issue_date(story: Story) -> date | None:
    return Story.objects.get(pk=story.pk).issue_date


def test_an_article_without_a_thursday_only_when_said_so() -> None:
    article, when = draft("Bài thứ hai"), DUE + timedelta(hours=9, minutes=47)  # 23:59
    approve(article)
    with pytest.raises(ScheduleProblem, match="hoặc đánh dấu là đăng ngoài kỳ"):
        schedule_story(article, chief(), BEFORE, at=when)
    with pytest.raises(ScheduleProblem, match="Hãy chọn ngày giờ"):
        schedule_story(article, chief(), BEFORE, off_slot=True)
    with pytest.raises(ScheduleProblem, match="đã qua"):
        schedule_story(article, chief(), BEFORE, at=BEFORE, off_slot=True)
    assert schedule_story(article, chief(), BEFORE, at=when, off_slot=True) == when
    assert issue_date(article) == THURSDAY
    cancel_schedule(article, chief())
    assert issue_date(article) is None
    schedule_story(article, chief(), BEFORE, at=when, off_slot=True)
    with time_machine.travel(when + timedelta(hours=3), tick=False):
        assert publish_due(timezone.now()).published == [str(article.pk)]
    assert issue_date(article) == THURSDAY, "the runner was late, the day is the one that was chosen"
    assert not SlotEvent.objects.exists()


def test_news_too_keeps_the_day_that_was_chosen() -> None:
    news, when = make_news("Tin", live=False), DUE + timedelta(hours=9)
    approve(news)
    schedule_story(news, chief(), BEFORE, at=when)
    with time_machine.travel(when + timedelta(hours=26), tick=False):
        publish_due(timezone.now())
    assert issue_date(news) == THURSDAY


def test_off_slot_is_refused_on_a_slot() -> None:
    article = planned("Bài một")
    approve(article)
    with pytest.raises(ScheduleProblem, match="Bài đã có kỳ đăng"):
        schedule_story(article, chief(), BEFORE, at=DUE + timedelta(hours=1), off_slot=True)


def test_the_form_explains_it() -> None:
    article, client = draft("Bài thứ hai"), as_(Role.CHIEF)
    address = reverse("schedule_story", args=[article.pk])
    page = client.get(address).content.decode()
    assert "Bài chưa có kỳ đăng." in page
    assert "Đăng ngoài kỳ" not in page, "not approved, nothing to fill in"
    approve(article)
    page = client.get(address).content.decode()
    assert "Bài thứ hai trong cùng một kỳ thì đăng ngoài kỳ" in page
    assert "ngày đăng của bài là ngày của giờ đã chọn" in page
    page = client.post(address, {"at": "20:00, 16/02/2017"}).content.decode()
    assert "hoặc đánh dấu là đăng ngoài kỳ" in page
    page = said(client, client.post(address, {"at": "20:00, 16/02/2017", "off_slot": "on"}))
    assert "“Bài thứ hai” sẽ tự lên trang lúc 20:00, 16/02/2017 (GMT+7)." in page
    with pytest.raises(ScheduleProblem, match="đã hẹn giờ"):
        assign(slot_on(), article, chief())


# Taking down, and schedules that are stale ------------------------------------------------------------------------


def test_a_take_down_stands_in_the_ledger_once() -> None:
    article = scheduled("Bài một")
    publish_due(DUE)
    take_down(article, chief(), reason="Theo yêu cầu")
    take_down(article, chief(), "Câu khác")
    take_down(make_news("Tin"), chief())
    event = SlotEvent.objects.get(action="taken_down")
    assert (event.slot_id, event.story_title, event.reason, event.by_name) == (
        slot_on().pk, "Bài một", "Theo yêu cầu", "tong-bien-tap",
    )  # fmt: skip


@pytest.mark.parametrize("where", ["page", "revision", "both"])
def test_a_stale_schedule_never_blocks_an_edit(where: str) -> None:
    """A moment that has passed, on the page, in the version or waiting for the publisher: saving works."""
    article, client = planned("Bài một"), as_(Role.CHIEF)
    past = BEFORE - timedelta(days=3)
    if where in ("page", "both"):
        Page.objects.filter(pk=article.pk).update(go_live_at=past)
    if where in ("revision", "both"):
        revision = Revision.objects.get(pk=article.latest_revision_id)
        revision.content["go_live_at"] = past.isoformat()
        revision.save()
    response = edit(client, article, title="Bài một, sửa")
    assert response.status_code == 302
    fresh = Article.objects.get(pk=article.pk)
    assert fresh.draft_title == "Bài một, sửa"
    approve(fresh)
    assert schedule_story(fresh, chief(), BEFORE) == DUE
