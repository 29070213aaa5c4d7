"""*Tạm giữ*: what is held goes out by no way, until it is let go."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageLogEntry, Revision

from column.enums import SlotState
from column.people.roles import Role
from column.schedule.holding import hold, release, was_scheduled
from column.schedule.listing import slot_rows
from column.schedule.models import Hold, Slot
from column.schedule.publishing import publish_due
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import NotReady, schedule_story
from column.schedule.undoing import undo
from column.stories.models import Article, NewsItem
from tests.column.schedule.desk import (
    BEFORE,
    DUE,
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
from tests.column.schedule.test_screens import as_, bulk, edit, said
from tests.factories import make_news

pytestmark = pytest.mark.django_db

WHY = "Chờ ý kiến"
HELD = "“Bài một” đang tạm giữ (Chờ ý kiến); hãy bỏ tạm giữ trước."


@pytest.fixture(autouse=True)
def _before() -> object:
    with time_machine.travel(BEFORE, tick=True) as travelled:
        yield travelled


def test_a_scheduled_story_is_held_and_let_go() -> None:
    article, user = scheduled("Bài một"), chief()
    kept = hold(article, f" {WHY} ", user, BEFORE)
    assert (kept.reason, kept.held_by, kept.held_at) == (WHY, user, BEFORE)
    assert due_of(article) is None
    assert publish_due(DUE).due == []
    assert slot_rows([slot_on()], BEFORE)[0].state == SlotState.HELD
    with pytest.raises(ScheduleProblem, match="đang tạm giữ"):
        hold(article, "Lần nữa", user, BEFORE)
    with pytest.raises(ScheduleProblem) as problem:
        schedule_story(article, user, BEFORE)
    assert str(problem.value) == HELD

    assert was_scheduled(article)
    assert release(article, user, BEFORE) is None
    assert due_of(article) is None, "letting go schedules nothing unless asked"
    with pytest.raises(ScheduleProblem, match="không còn bị tạm giữ"):
        release(article, user, BEFORE)
    assert [action for action, _title in steps(slot_on())] == [
        "assigned", "scheduled", "unscheduled", "held", "released",
    ]  # fmt: skip


def test_let_go_and_scheduled_again() -> None:
    article, user = scheduled("Bài một"), chief()
    hold(article, WHY, user, BEFORE)
    assert release(article, user, BEFORE, schedule=True) == DUE
    assert publish_due(DUE).published == [str(article.pk)]


def test_letting_go_is_refused_as_a_whole_when_it_cannot_be_scheduled() -> None:
    article, user = planned("Bài một"), chief()
    hold(article, WHY, user, BEFORE)
    assert not was_scheduled(article)
    with pytest.raises(NotReady):
        release(article, user, BEFORE, schedule=True)
    assert Hold.objects.get().story_id == article.pk


def test_what_cannot_be_held() -> None:
    with pytest.raises(ScheduleProblem, match="Hãy ghi lý do tạm giữ"):
        hold(planned("Bài một"), " ", chief(), BEFORE)
    live = draft("Bài đã lên")
    live.get_latest_revision().publish()
    with pytest.raises(ScheduleProblem, match="hãy gỡ bài"):
        hold(live, WHY, chief(), BEFORE)
    assert not Hold.objects.exists()


def test_a_story_without_a_thursday_is_held_in_its_own_history() -> None:
    news = make_news("Tin một", live=False)
    approve(news)
    schedule_story(news, chief(), BEFORE, at=DUE)
    hold(news, WHY, chief(), BEFORE)
    release(news, chief(), BEFORE)
    assert due_of(news) is None
    log = PageLogEntry.objects.filter(page=news.pk, action__startswith="column.slot.").order_by("pk")
    assert [(entry.action, entry.message) for entry in log] == [
        ("column.slot.held", "Tạm giữ (Chờ ý kiến)"),
        ("column.slot.released", "Bỏ tạm giữ (Chờ ý kiến)"),
    ]
    assert NewsItem.objects.get(pk=news.pk).issue_date is None


def test_no_button_publishes_it() -> None:
    article, editor = planned("Bài một"), as_(Role.CHIEF)
    approve(article)
    hold(article, WHY, chief(), BEFORE)
    response = edit(editor, article, **{"action-publish": "1"})
    assert f"{HELD} Nội dung đã được lưu thành bản nháp." in said(editor, response)
    assert "Chưa xuất bản gì cả. “Bài một” đang tạm giữ." in said(editor, bulk(editor, article))
    assert "Bài đang tạm giữ: Chờ ý kiến." in editor.get(reverse("schedule_story", args=[article.pk])).content.decode()
    assert not Article.objects.live().exists()
    release(article, chief(), BEFORE)
    assert "đã lên trang" in said(editor, edit(editor, article, **{"action-publish": "1"}))


def test_the_publisher_asks_again_under_its_lock() -> None:
    """A schedule that stands in spite of the hold, by whatever way."""
    article = planned("Bài một")
    approve(article)
    hold(article, WHY, chief(), BEFORE)
    Revision.objects.filter(pk=article.latest_revision_id).update(approved_go_live_at=DUE)
    report = publish_due(DUE)
    assert (report.published, report.passed_over, report.failed) == ([], [str(article.pk)], [])
    release(article, chief(), BEFORE)
    assert publish_due(DUE).published == [str(article.pk)]


def test_taken_back() -> None:
    article, user = scheduled("Bài một"), chief()
    hold(article, WHY, user, BEFORE)
    first = last_batch()
    undo(first, user, BEFORE)
    assert (due_of(article), Hold.objects.count()) == (DUE, 0)

    hold(article, WHY, user, BEFORE)
    release(article, user, BEFORE, schedule=True)
    undo(last_batch(), user, BEFORE)
    assert (due_of(article), Hold.objects.get().reason) == (None, WHY)
    with pytest.raises(ScheduleProblem, match="đã được hoàn tác rồi"):
        undo(first, user, BEFORE)


def test_a_hold_is_not_put_back_on_what_was_scheduled_since() -> None:
    article, user = scheduled("Bài một"), chief()
    hold(article, WHY, user, BEFORE)
    release(article, user, BEFORE)
    batch = last_batch()
    schedule_story(article, user, BEFORE)
    with pytest.raises(ScheduleProblem, match="đã hẹn giờ"):
        undo(batch, user, BEFORE)
    publish_due(DUE)
    with pytest.raises(ScheduleProblem, match="đã đăng"):
        undo(batch, user, BEFORE)
    assert not Hold.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_held_while_the_publisher_looks() -> None:
    article, user = scheduled("Bài một"), chief()
    holding, looking = threading.Event(), threading.Event()

    def editor() -> None:
        with transaction.atomic():
            hold(article, WHY, user, BEFORE)
            holding.set()
            looking.wait(5)
            threading.Event().wait(0.3)  # the publisher has met the held row by now

    def publisher() -> object:
        holding.wait(5)
        looking.set()
        return publish_due(DUE)

    _editor, report = together(editor, publisher)
    assert (report.published, report.failed) == ([], [])
    assert (Article.objects.live().count(), Hold.objects.count()) == (0, 1)
    assert publish_due(DUE).due == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", range(3))
def test_held_and_published_at_once(_again: int) -> None:
    article, user = scheduled("Bài một"), chief()
    held, _report = together(lambda: hold(article, WHY, user, DUE) and True, lambda: publish_due(DUE))
    publish_due(DUE)
    live = Article.objects.get(pk=article.pk).live
    assert live == (not Hold.objects.exists()) == isinstance(held, str), "one of the two, never both"


def test_screens() -> None:
    with time_machine.travel(BEFORE - timedelta(hours=1), tick=True):
        article, editor = scheduled("Bài một", now=BEFORE - timedelta(hours=1)), as_(Role.MANAGING_EDITOR)
        address = reverse("schedule_hold", args=[article.pk])
        page = editor.get(address).content.decode()
        assert "Bài đã hẹn giờ lên trang lúc 14:12, 16/02/2017 (GMT+7). Tạm giữ sẽ hủy hẹn giờ." in page
        assert "Hãy chọn một lý do." in editor.post(address).content.decode()
        assert "Hãy ghi lý do" in editor.post(address, {"reason": "other"}).content.decode()
        page = said(editor, editor.post(address, {"reason": "unverified", "own_words": "hỏi lại Sở"}))
        assert "Đã tạm giữ “Bài một”" in page
        assert reverse("schedule_undo", args=[last_batch()]) in page
        assert Hold.objects.get().reason == "Thông tin chưa xác minh xong: hỏi lại Sở"

        address = reverse("schedule_release", args=[article.pk])
        page = editor.get(address).content.decode()
        assert "Trước khi tạm giữ, bài đã được hẹn giờ." in page
        assert "Hẹn giờ lại: lên trang lúc 14:12, 16/02/2017 (GMT+7)" in page
        assert 'name="schedule"' in page
        assert "checked" in page[page.index('name="schedule"') :][:120]
        page = said(editor, editor.post(address, {"schedule": "on"}))
        assert "Đã bỏ tạm giữ; “Bài một” sẽ tự lên trang lúc 14:12, 16/02/2017 (GMT+7)." in page
        assert due_of(article) == DUE
        assert "Bài không bị tạm giữ." in editor.get(address).content.decode()
        assert "không còn bị tạm giữ" in editor.post(address).content.decode()
    assert Slot.objects.get(story=article.pk)
    assert Client().get(Page.objects.get(pk=article.pk).specific.url).status_code == 404
