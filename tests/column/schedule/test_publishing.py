from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageLogEntry, Revision
from wagtail.signals import page_published

from column.schedule.leases import LENGTH, Lease
from column.schedule.models import PublishFailure, RunnerLease, Slot
from column.schedule.publishing import next_due, publish_due, publish_stories_due
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import NotReady, cancel_schedule, schedule_story
from column.signals import stories_changed
from column.stories.models import Article, NewsItem, Story
from column.text.dates import TZ
from tests.column.schedule.desk import BEFORE, DUE, THURSDAY, approve, chief, draft, planned, scheduled, slot_on
from tests.factories import column_page, make_article, make_news

pytestmark = pytest.mark.django_db


@contextmanager
def heard(signal: Any) -> Iterator[list[dict[str, Any]]]:
    calls: list[dict[str, Any]] = []

    def listen(**kwargs: Any) -> None:
        calls.append(kwargs)

    signal.connect(listen, weak=False)
    try:
        yield calls
    finally:
        signal.disconnect(listen)


def entries(story: Story, *actions: str) -> list[str]:
    log = PageLogEntry.objects.filter(page=story.pk).order_by("pk").values_list("action", flat=True)
    return [action for action in log if not actions or action in actions]


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(BEFORE, tick=False) as traveller:
        yield traveller


def at(clock: Any, moment: datetime) -> datetime:
    clock.move_to(moment)
    return moment


def test_a_scheduled_article_goes_out_at_its_slots_time_and_not_before(clock: Any) -> None:
    article = scheduled("Nụ cười công sở")
    assert Page.objects.get(pk=article.pk).go_live_at == DUE
    assert [revision.approved_go_live_at for revision in article.revisions.all()] == [DUE]

    assert publish_due(at(clock, DUE - timedelta(seconds=1))).due == []
    assert not Article.objects.get(pk=article.pk).live

    with heard(page_published) as published, heard(stories_changed) as changed:
        report = publish_due(at(clock, DUE))
    assert (report.published, report.failed, report.busy) == ([str(article.pk)], [], False)
    live = Article.objects.get(pk=article.pk)
    assert (live.live, live.issue_date, live.first_published_at) == (True, THURSDAY, DUE)
    assert (live.go_live_at, live.has_unpublished_changes, live.approved_schedule) == (None, False, False)
    assert [call["instance"].pk for call in published] == [article.pk]
    assert [call["ids"] for call in changed] == [(article.pk,)]
    assert entries(article, "wagtail.publish.scheduled", "wagtail.publish") == ["wagtail.publish.scheduled"]
    slot = Slot.objects.get(day=THURSDAY)
    assert (slot.published_at, slot.late_minutes, slot.story_id) == (DUE, 0, article.pk)

    assert publish_due(at(clock, DUE + timedelta(seconds=1))).due == []


def test_an_edit_after_publication_is_not_an_invalid_schedule(clock: Any) -> None:
    article = scheduled()
    publish_due(at(clock, DUE))
    live = Article.objects.get(pk=article.pk)
    live.title = "Tiêu đề mới"
    version = live.save_revision().as_object()
    assert version.go_live_at is None
    version.full_clean()
    Article.objects.get(pk=article.pk).get_latest_revision().publish()
    assert Article.objects.get(pk=article.pk).title == "Tiêu đề mới"


def test_late_by_26_hours_keeps_its_thursday(clock: Any) -> None:
    article = scheduled()
    publish_due(at(clock, DUE + timedelta(hours=26)))
    live = Article.objects.get(pk=article.pk)
    assert (live.live, live.issue_date) == (True, THURSDAY)
    assert live.first_published_at == DUE + timedelta(hours=26)
    assert Slot.objects.get(day=THURSDAY).late_minutes == 1560


@pytest.mark.parametrize("clock_time", [time(0, 0), time(6, 59), time(23, 59)])
def test_the_edges_of_the_day_are_da_nangs(clock: Any, clock_time: time, settings: Any) -> None:
    article = scheduled(at=clock_time, now=datetime(2017, 2, 15, 12, tzinfo=TZ))
    due = datetime.combine(THURSDAY, clock_time, tzinfo=TZ)
    assert publish_due(at(clock, due - timedelta(seconds=1))).published == []
    assert publish_due(at(clock, due)).published == [str(article.pk)]
    assert Article.objects.get(pk=article.pk).issue_date == THURSDAY


def test_over_midnight_the_issue_date_stays(clock: Any) -> None:
    article = scheduled(at=time(23, 59))
    publish_due(at(clock, datetime(2017, 2, 17, 0, 3, tzinfo=TZ)))
    assert Article.objects.get(pk=article.pk).issue_date == THURSDAY
    assert Slot.objects.get(day=THURSDAY).late_minutes == 4


def test_a_news_item_is_dated_by_its_publication_in_da_nang(clock: Any) -> None:
    news = make_news(live=False)
    approve(news)
    moment = datetime(2017, 2, 17, 0, 30, tzinfo=TZ)  # still the 16th in UTC
    assert schedule_story(news, chief(), BEFORE, at=moment) == moment
    publish_due(at(clock, moment))
    assert NewsItem.objects.get(pk=news.pk).issue_date == date(2017, 2, 17)


def test_cancelled_while_due_it_stays_a_draft(clock: Any) -> None:
    article = scheduled()
    at(clock, DUE)
    cancel_schedule(article, chief())
    assert publish_due(DUE).due == []
    fresh = Article.objects.get(pk=article.pk)
    assert (fresh.live, fresh.go_live_at, fresh.issue_date) == (False, None, THURSDAY)
    assert entries(article, "wagtail.publish.schedule", "wagtail.schedule.cancel") == [
        "wagtail.publish.schedule",
        "wagtail.schedule.cancel",
    ]
    with pytest.raises(ScheduleProblem, match="không còn hẹn giờ"):
        cancel_schedule(article, chief())


def test_rescheduled_while_due_the_new_time_counts(clock: Any) -> None:
    article = scheduled()
    at(clock, DUE)
    cancel_schedule(article, chief())
    Slot.objects.filter(day=THURSDAY).update(publish_time=time(15, 0))
    assert schedule_story(article, chief(), DUE) == DUE.replace(hour=15, minute=0)
    assert publish_due(DUE).due == []
    assert publish_due(at(clock, DUE.replace(hour=15, minute=0))).published == [str(article.pk)]
    assert Slot.objects.get(day=THURSDAY).late_minutes == 0


def test_moved_between_the_look_and_the_lock(clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of what is due was read; before the story's turn an editor cancelled."""
    first, second = scheduled(), scheduled(day=date(2017, 2, 23), now=BEFORE)
    Revision.objects.filter(object_id=second.pk).update(approved_go_live_at=DUE)

    def cancel_second(**kwargs: Any) -> None:
        if kwargs["instance"].pk == first.pk:
            cancel_schedule(second, chief())

    page_published.connect(cancel_second)
    try:
        report = publish_due(at(clock, DUE))
    finally:
        page_published.disconnect(cancel_second)
    assert (report.published, report.passed_over) == ([str(first.pk)], [str(second.pk)])
    assert not Article.objects.get(pk=second.pk).live


def test_a_poison_version_among_ten(clock: Any, caplog: pytest.LogCaptureFixture) -> None:
    stories = [scheduled(day=THURSDAY + timedelta(weeks=week)) for week in range(10)]
    Revision.objects.filter(approved_go_live_at__isnull=False).update(approved_go_live_at=DUE)
    Page.objects.filter(go_live_at__isnull=False).update(go_live_at=DUE)
    poison = stories[3]
    revision = Revision.objects.get(object_id=poison.pk)
    healthy = revision.content
    # A required relation that is gone: Wagtail's own command would stop here.
    revision.content = healthy | {"lead_photo": 999_999, "title": ""}
    revision.save(update_fields=["content"])

    report = publish_due(at(clock, DUE))
    others = [str(story.pk) for story in stories if story is not poison]
    assert (sorted(report.published), report.failed) == (sorted(others), [str(poison.pk)])
    assert set(Article.objects.live().values_list("pk", flat=True)) == {int(pk) for pk in others}
    failure = PublishFailure.objects.get()
    assert (failure.revision_id, failure.attempts) == (revision.pk, 1)
    assert failure.next_attempt_at == DUE + timedelta(seconds=15)
    assert "ValidationError" in failure.error
    assert "Không đăng được" in caplog.text
    assert Revision.objects.get(pk=revision.pk).approved_go_live_at == DUE
    assert Page.objects.get(pk=poison.pk).go_live_at == DUE
    assert next_due(DUE) == DUE + timedelta(seconds=15)

    # It rests, then is tried again with growing pauses.
    assert publish_due(at(clock, DUE + timedelta(seconds=14))).due == []
    assert publish_due(at(clock, DUE + timedelta(seconds=15))).failed == [str(poison.pk)]
    assert PublishFailure.objects.get().next_attempt_at == DUE + timedelta(seconds=45)
    # The clock was set back: what looked like a long rest is none.
    assert publish_due(at(clock, DUE)).failed == [str(poison.pk)]

    # Mended, it goes out by itself.
    Revision.objects.filter(pk=revision.pk).update(content=healthy)
    assert publish_due(at(clock, DUE + timedelta(minutes=5))).published == [str(poison.pk)]
    assert not PublishFailure.objects.exists()
    assert Article.objects.get(pk=poison.pk).live


def test_a_version_of_a_type_that_is_gone_does_not_stop_the_others(clock: Any) -> None:
    article = scheduled()
    from django.contrib.contenttypes.models import ContentType

    gone = ContentType.objects.create(app_label="column", model="gone")
    Revision.objects.create(
        content_type=gone, base_content_type=gone, object_id="1", content={}, created_at=BEFORE,
        approved_go_live_at=DUE - timedelta(hours=1),
    )  # fmt: skip
    report = publish_due(at(clock, DUE))
    assert (report.published, report.failed) == ([str(article.pk)], ["1"])


def test_a_dry_run_changes_nothing(clock: Any, capsys: pytest.CaptureFixture[str]) -> None:
    article = scheduled("Nụ cười công sở")
    report = publish_due(at(clock, DUE), dry_run=True)
    assert report.due == ["14:12, 16/02/2017 (GMT+7)  Nụ cười công sở"]
    call_command("publish_due", "--dry-run")
    assert "14:12, 16/02/2017 (GMT+7)  Nụ cười công sở" in capsys.readouterr().out
    assert (report.published, Article.objects.get(pk=article.pk).live) == ([], False)
    assert not RunnerLease.objects.exists()


def test_the_command_publishes(clock: Any, capsys: pytest.CaptureFixture[str]) -> None:
    article = scheduled()
    at(clock, DUE)
    call_command("publish_due")
    assert Article.objects.get(pk=article.pk).live
    assert "Đã đăng: 1" in capsys.readouterr().out


def test_expiry_the_same_way(clock: Any) -> None:
    article = make_article(issue_date=THURSDAY)
    Page.objects.filter(pk=article.pk).update(expire_at=DUE)
    assert next_due(BEFORE) == DUE
    assert publish_due(at(clock, DUE - timedelta(seconds=1))).due == []
    report = publish_due(at(clock, DUE))
    assert (report.expired, report.published) == ([str(article.pk)], [])
    fresh = Article.objects.get(pk=article.pk)
    assert (fresh.live, fresh.expired, fresh.issue_date) == (False, True, THURSDAY)
    assert entries(article, "wagtail.unpublish.scheduled") == ["wagtail.unpublish.scheduled"]
    assert publish_due(DUE).due == []


def test_an_idle_tick_of_the_worker_costs_one_query(clock: Any) -> None:
    scheduled()
    with CaptureQueriesContext(connection) as queries:
        assert publish_stories_due(BEFORE).due == []
    assert len(queries) == 1
    make_article(issue_date=THURSDAY)
    Page.objects.filter(live=True, depth=4).update(expire_at=BEFORE)
    assert publish_stories_due(BEFORE).due == []
    assert len(publish_stories_due(at(clock, DUE)).published) == 1


def test_an_idle_look_at_everything_costs_two_queries(clock: Any) -> None:
    scheduled()
    with CaptureQueriesContext(connection) as queries:
        assert publish_due(BEFORE).due == []
    assert len(queries) == 2
    assert next_due(BEFORE) == DUE


def test_nothing_due_ever() -> None:
    assert next_due(BEFORE) is None


def test_another_runner_holds_the_lease(clock: Any) -> None:
    article = scheduled()
    at(clock, DUE)
    other = Lease("publish")
    assert other.take()
    assert publish_due(DUE).busy
    assert not Article.objects.get(pk=article.pk).live
    # It died: nobody drops the lease, it runs out.
    clock.move_to(DUE + LENGTH)
    assert publish_due(DUE + LENGTH).published == [str(article.pk)]


def test_a_lease_from_a_clock_that_was_set_back_holds_nobody(clock: Any) -> None:
    article = scheduled()
    RunnerLease.objects.create(name="publish", holder="x", expires_at=DUE + timedelta(days=400))
    assert publish_due(at(clock, DUE)).published == [str(article.pk)]


def test_the_lease_is_free_again_afterwards(clock: Any) -> None:
    scheduled()
    publish_due(at(clock, DUE))
    assert Lease("publish").take()


# Scheduling -----------------------------------------------------------------------------------------------------


def test_an_unapproved_or_incomplete_story_is_not_scheduled(clock: Any) -> None:
    article = planned(byline="")
    with pytest.raises(NotReady) as caught:
        schedule_story(article, chief(), BEFORE)
    assert caught.value.gaps.required == ("bút danh", "duyệt")
    assert str(caught.value) == "Chưa đủ điều kiện lên trang; còn thiếu: bút danh; duyệt."
    assert not article.approved_schedule


def test_an_edit_after_approval_is_not_approved(clock: Any) -> None:
    article = planned()
    approve(article)
    clock.shift(60)
    article.title = "Sửa sau khi duyệt"
    article.save_revision()
    with pytest.raises(NotReady, match="duyệt"):
        schedule_story(article, chief(), BEFORE)


def test_an_autosave_over_the_approved_version_is_an_edit(clock: Any) -> None:
    article = planned()
    approve(article)
    clock.shift(60)
    revision = article.get_latest_revision()
    article.title = "Gõ tiếp sau khi duyệt"
    assert article.save_revision(overwrite_revision=revision).pk == revision.pk
    with pytest.raises(NotReady, match="duyệt"):
        schedule_story(article, chief(), BEFORE)


def test_an_article_without_a_slot_is_not_scheduled(clock: Any) -> None:
    article = draft()
    approve(article)
    with pytest.raises(ScheduleProblem, match="chưa có kỳ đăng"):
        schedule_story(article, chief(), BEFORE)


def test_twice_is_refused(clock: Any) -> None:
    article = scheduled()
    with pytest.raises(ScheduleProblem, match=r"đã hẹn giờ lên trang lúc 14:12, 16/02/2017 \(GMT\+7\)"):
        schedule_story(article, chief(), BEFORE)


def test_an_article_cannot_leave_its_slots_time(clock: Any) -> None:
    article = planned()
    approve(article)
    with pytest.raises(ScheduleProblem, match="giờ lên trang là giờ của kỳ"):
        schedule_story(article, chief(), BEFORE, at=DUE + timedelta(hours=1))


def test_news_needs_a_time_in_the_future(clock: Any) -> None:
    news = make_news(live=False)
    approve(news)
    with pytest.raises(ScheduleProblem, match="chọn ngày giờ"):
        schedule_story(news, chief(), BEFORE)
    with pytest.raises(ScheduleProblem, match="đã qua"):
        schedule_story(news, chief(), BEFORE, at=BEFORE)


def test_a_new_version_of_a_live_story_is_scheduled(clock: Any) -> None:
    article = make_article("Bản cũ", issue_date=date(2017, 2, 9))
    with pytest.raises(ScheduleProblem, match="không có gì mới"):
        schedule_story(article, chief(), BEFORE, at=DUE)
    article.title = "Bản mới"
    article.save_revision()
    approve(article)
    schedule_story(article, chief(), BEFORE, at=DUE)
    assert Article.objects.get(pk=article.pk).live
    publish_due(at(clock, DUE))
    fresh = Article.objects.get(pk=article.pk)
    assert (fresh.title, fresh.issue_date, fresh.go_live_at) == ("Bản mới", date(2017, 2, 9), None)


def test_a_slots_time_that_has_passed_goes_out_at_the_next_look(clock: Any) -> None:
    late = DUE + timedelta(minutes=20)
    article = planned()
    approve(article)
    assert schedule_story(article, chief(), at(clock, late)) == DUE
    assert publish_due(late).published == [str(article.pk)]
    assert Slot.objects.get(day=THURSDAY).late_minutes == 20


# Story.publish, whoever calls -----------------------------------------------------------------------------------


def test_published_by_hand_before_its_time_it_keeps_its_thursday(clock: Any) -> None:
    article = planned()
    article.get_latest_revision().publish(user=chief())
    assert Article.objects.get(pk=article.pk).issue_date == THURSDAY
    slot = Slot.objects.get(day=THURSDAY)
    assert (slot.published_at, slot.late_minutes) == (BEFORE, 0)


def test_an_older_draft_brings_back_neither_date_nor_number(clock: Any) -> None:
    article = draft("Bản đầu")
    old = article.get_latest_revision()
    slot = slot_on()
    from column.schedule.slots import assign

    assign(slot, article, chief())
    Story.objects.filter(pk=article.pk).update(external_id="kho-17")
    old.refresh_from_db()
    old.publish()
    fresh = Article.objects.get(pk=article.pk)
    assert (fresh.issue_date, fresh.external_id, fresh.public_id) == (THURSDAY, "kho-17", article.public_id)


def test_a_stale_copy_in_memory_brings_nothing_back(clock: Any) -> None:
    article = draft()
    stale = article.get_latest_revision()
    _ = stale.content_object  # read before somebody else works on the story
    newer = Article.objects.get(pk=article.pk)
    newer.title = "Bản mới hơn"
    newest = newer.save_revision()
    Page.objects.filter(pk=article.pk).update(locked=True)
    stale.publish()
    fresh = Article.objects.get(pk=article.pk)
    assert (fresh.latest_revision_id, fresh.locked, fresh.has_unpublished_changes) == (newest.pk, True, True)
    assert fresh.draft_title == "Bản mới hơn"


def test_a_schedule_in_the_future_is_wagtails_schedule(clock: Any) -> None:
    """Not what our screens do; an explicit call must not publish early."""
    article = draft()
    Page.objects.filter(pk=article.pk).update(go_live_at=DUE)
    with heard(page_published) as published:
        article.get_latest_revision().publish()
    assert [call["instance"].live for call in published] == [False]
    fresh = Article.objects.get(pk=article.pk)
    assert (fresh.live, fresh.issue_date, fresh.scheduled_revision.approved_go_live_at) == (False, None, DUE)
    publish_due(at(clock, DUE))
    assert Article.objects.get(pk=article.pk).live


def test_a_page_of_another_type_is_published_too(clock: Any) -> None:
    column_page().save_revision().publish()
    page = column_page()
    page.intro = "Lời giới thiệu mới"
    page.go_live_at = DUE
    page.save_revision().publish()
    assert column_page().intro == ""
    assert publish_due(at(clock, DUE)).published == [str(page.pk)]
    assert column_page().intro == "Lời giới thiệu mới"
