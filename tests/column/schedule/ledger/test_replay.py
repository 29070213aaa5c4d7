"""The ledger against the slots: a real desk at work agrees, and every kind of drift is named."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Revision

from column.enums import SlotAction
from column.schedule import days, slots
from column.schedule.holding import hold, release
from column.schedule.ledger.models import SlotEvent
from column.schedule.ledger.recording import note
from column.schedule.ledger.replay import differences, replay
from column.schedule.models import Reserve, Slot
from column.schedule.publishing import publish_due
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import cancel_schedule, schedule_story
from column.schedule.substituting import substitute
from column.schedule.undoing import undo
from column.stories.models import Article
from column.stories.takedown import take_down
from tests.column.schedule.desk import BEFORE, DUE, THURSDAY, approve, chief, draft, planned, scheduled, slot_on
from tests.factories import make_article

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)
NEXT = THURSDAY + WEEK


def found() -> list[str]:
    return [str(one) for one in differences(list(Slot.objects.select_related("story").order_by("day")))]


def test_a_desk_at_work_agrees_with_its_ledger() -> None:
    boss = chief()
    with time_machine.travel(BEFORE - timedelta(days=3), tick=False):
        now = timezone.now()
        one, two, three = slot_on(), slot_on(NEXT), slot_on(NEXT + WEEK)
        article = scheduled("Bài một", now=now)
        other = planned("Bài hai", day=NEXT)
        slots.swap(one, two, boss, unschedule=True)
        undo(SlotEvent.objects.order_by("pk").last().batch, boss, now)  # type: ignore[union-attr]
        slots.change(three, publish_time=time(6, 30), teaser="Một cửa", user=boss)
        slots.skip(three, "Tết", boss)
        slots.reopen(three, boss)
        days.move_day(three, NEXT + WEEK + timedelta(days=1), "Họp", boss, now)
        slots.move(two, three, boss)
        hold(other, "Chờ", boss, now)
        release(other, boss, now)
        stand_in = draft("Gối đầu")
        approve(stand_in)
        Reserve.objects.create(article=stand_in, use_by=NEXT + WEEK * 2)
        substitute(three, stand_in, "Chưa xong", boss, now)
        assert found() == []
        undo(SlotEvent.objects.get(action="substituted").batch, boss, now)
        deleted = draft("Bị xóa")
        slots.assign(two, deleted, boss)
        Article.objects.get(pk=deleted.pk).delete()
        assert found() == []
    with time_machine.travel(DUE + timedelta(minutes=20), tick=False):
        assert publish_due(timezone.now()).published == [str(article.pk)]
    assert found() == []


def test_archive_slots_need_no_events() -> None:
    slot = slot_on()
    article = make_article("Trong kho", issue_date=THURSDAY)
    slots.assign(slot, draft("Nháp"), chief())
    slots.unassign(slot, chief())
    Slot.objects.filter(pk=slot.pk).update(story=article, published_at=article.first_published_at)
    assert found() == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"story": None}, "bài: sổ ghi “Bài một” (%(pk)s), thực tế trống"),
        ({"story": None, "skip_reason": "Tết"}, "nghỉ kỳ: sổ ghi không, thực tế “Tết”"),
        ({"issue_day": date(2017, 2, 17)}, "ngày đăng: sổ ghi 16/02/2017, thực tế 17/02/2017"),
        ({"kept_in_break": True}, "đăng trong kỳ nghỉ Tết: sổ ghi không, thực tế có"),
        ({"teaser": "Khác"}, "lời báo trước: sổ ghi không, thực tế “Khác”"),
        ({"published_at": DUE, "late_minutes": 0}, "giờ lên trang: sổ ghi không, thực tế 14:12, 16/02/2017 (GMT+7)"),
        ({"late_minutes": 7}, "số phút chậm: sổ ghi 0, thực tế 7"),
    ],
)
def test_a_slot_changed_behind_the_ledger(changed: dict[str, Any], words: str) -> None:
    article = planned("Bài một")
    Slot.objects.filter(story=article).update(**changed)
    assert f"Kỳ Thứ Năm, 16/02/2017, {words % {'pk': article.pk}}." in found()


def test_the_other_ways_to_drift() -> None:
    with time_machine.travel(BEFORE - timedelta(days=1), tick=False):
        article = scheduled("Bài một", now=timezone.now())
    Revision.page_revisions.filter(object_id=str(article.pk)).update(approved_go_live_at=None)
    assert found() == ["Kỳ Thứ Năm, 16/02/2017, hẹn giờ: sổ ghi 14:12, 16/02/2017 (GMT+7), thực tế không."]
    slots.change(slot_on(NEXT), publish_time=time(6, 30), teaser="", user=chief())
    Slot.objects.filter(day=NEXT).update(publish_time=time(7, 0))
    assert found()[1:] == ["Kỳ Thứ Năm, 23/02/2017, giờ của kỳ: sổ ghi 06:30, thực tế 07:00."]


def test_an_event_of_something_that_never_happened() -> None:
    note(SlotAction.ASSIGNED, slot_on(), None, story=draft("Ma"))
    (line,) = found()
    assert line.startswith("Kỳ Thứ Năm, 16/02/2017, bài: sổ ghi “Ma” (")
    assert line.endswith("), thực tế trống.")


def test_replay_alone() -> None:
    with time_machine.travel(BEFORE - timedelta(days=1), tick=False):
        article = scheduled("Bài một", now=timezone.now())
        account = replay(SlotEvent.objects.order_by("pk"))
        assert (account.stories, account.scheduled_at) == ({article.pk}, DUE)
        cancel_schedule(article, chief())
    assert replay(SlotEvent.objects.order_by("pk")).scheduled_at is None


def test_a_scheduled_draft_that_is_deleted_takes_its_schedule_along() -> None:
    scheduled("Bài một").delete()
    assert found() == []


def test_a_story_taken_down_goes_out_again_at_its_own_time_and_no_slot_s() -> None:
    article, again = scheduled("Bài một"), DUE + timedelta(days=3)
    publish_due(DUE)
    outcome = Slot.objects.filter(story=article.pk).values("published_at", "late_minutes")
    before = outcome.get()
    take_down(Article.objects.get(pk=article.pk), chief(), reason="Sai tên")
    Article.objects.get(pk=article.pk).save_revision()
    article = Article.objects.get(pk=article.pk)
    approve(article)
    with pytest.raises(ScheduleProblem, match="Hãy chọn ngày giờ lên trang"):
        schedule_story(article, chief(), DUE + timedelta(days=1))
    assert schedule_story(article, chief(), DUE + timedelta(days=1), at=again) == again
    assert found() == []
    publish_due(again)
    article.refresh_from_db()
    assert (article.live, article.issue_date) == (True, THURSDAY)
    assert found() == []
    assert outcome.get() == before


def test_three_queries_when_all_is_well() -> None:
    for week in range(5):
        planned(f"Bài {week}", day=THURSDAY + week * WEEK)
    listed = list(Slot.objects.select_related("story"))
    with CaptureQueriesContext(connection) as queries:
        assert list(differences(listed)) == []
    assert len(queries) <= 3


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    planned("Bài một")
    call_command("check_ledger")
    assert capsys.readouterr().out == f"Sổ kỳ đăng khớp với {Slot.objects.count()} kỳ.\n"
    Slot.objects.filter(day=THURSDAY).update(teaser="Khác", kept_in_break=True)
    with pytest.raises(CommandError, match="Sổ kỳ đăng lệch 2 chỗ") as refused:
        call_command("check_ledger")
    assert refused.value.returncode == 1
    assert capsys.readouterr().out.splitlines() == [
        "Kỳ Thứ Năm, 16/02/2017, đăng trong kỳ nghỉ Tết: sổ ghi không, thực tế có.",
        "Kỳ Thứ Năm, 16/02/2017, lời báo trước: sổ ghi không, thực tế “Khác”.",
    ]
