"""What is wrong around a publication is told once, to those who may act, and closes when it is mended."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Revision

from column.enums import AlarmKind, NoticeKind, ProofState
from column.people.roles import Role
from column.schedule.holding import hold
from column.schedule.models import PublishFailure, ScheduleSettings, Slot
from column.schedule.notices.alarms import check_alarms, mark_seen, message_to_paste
from column.schedule.notices.models import Alarm, Notice
from column.schedule.proof.models import Proof
from column.schedule.publishing import publish_due
from column.schedule.scheduling import cancel_schedule
from column.schedule.slots import skip
from column.stories.models import Article
from tests.column.schedule.desk import BEFORE, DUE, THURSDAY, approve, chief, draft, planned, scheduled, slot_on
from tests.column.schedule.faults.harm import in_process
from tests.factories import make_user

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
DAY = "Thứ Năm, 16/02/2017"


@pytest.fixture(autouse=True)
def _in_operation() -> None:
    settings = ScheduleSettings.load()
    settings.go_live_date = THURSDAY
    settings.save()


def check(now: datetime) -> tuple[list[str], list[str]]:
    with time_machine.travel(now, tick=False):
        report = check_alarms(now)
    return report.opened, report.closed


def at(now: datetime) -> time_machine.travel:
    return time_machine.travel(now, tick=False)


def test_all_is_well_in_six_queries_and_nothing_is_written():
    with at(BEFORE):
        scheduled("Nụ cười công sở")
    early = DUE - timedelta(days=3)
    with CaptureQueriesContext(connection) as queries:
        assert check(early) == ([], [])
    assert len(queries) == 6
    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert check(BEFORE) == ([], [])
    assert check(DUE + MINUTE) == ([], [])
    assert not Alarm.objects.exists()


def test_due_and_not_out_is_told_after_two_minutes_and_closes_with_the_publication():
    with at(BEFORE):
        article = scheduled("Nụ cười công sở")
        editor, deputy = make_user("bien-tap", Role.EDITOR), make_user("thu-ky", Role.MANAGING_EDITOR)
        make_user("phong-vien", Role.REPORTER)
    key = f"not_out:revision:{article.latest_revision_id}"
    assert check(DUE + 2 * MINUTE - timedelta(seconds=1)) == ([], [])
    assert check(DUE + 2 * MINUTE) == ([key], [])
    assert check(DUE + 3 * MINUTE) == ([], [])
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.story_id, alarm.opened_at, alarm.closed_at) == (
        AlarmKind.NOT_OUT, article.pk, DUE + 2 * MINUTE, None,
    )  # fmt: skip
    assert alarm.title == f"“{article.draft_title}” đến giờ mà chưa lên trang"
    assert alarm.text == (
        "Giờ hẹn là 14:12, 16/02/2017 (GMT+7). Việc cần làm: mở bài và bấm “Xuất bản”. Nếu sau đó vẫn chưa lên trang,"
        " hãy báo ngay người quản trị: có thể tiến trình nền đã dừng."
    )
    assert alarm.url == reverse("wagtailadmin_pages:edit", args=[article.pk])
    told = Notice.objects.filter(kind=NoticeKind.ALARM)
    assert set(told.values_list("recipient__username", flat=True)) == {chief().username, deputy.username}
    assert editor.username not in told.values_list("recipient__username", flat=True)
    assert set(told.values_list("subject", "text", "url")) == {
        (f"Báo động: {alarm.title}", f"{alarm.title}.\n\n{alarm.text}", f"/admin/bao-dong/#bao-dong-{alarm.pk}")
    }

    with at(DUE + 6 * MINUTE):
        assert publish_due(DUE + 6 * MINUTE).published == [str(article.pk)]
    assert check(DUE + 6 * MINUTE) == ([], [key])
    alarm.refresh_from_db()
    assert alarm.closed_at == DUE + 6 * MINUTE
    assert told.count() == 2


@pytest.mark.parametrize("minutes", [0, 4])
def test_the_minutes_are_the_settings(minutes: int):
    ScheduleSettings.objects.update(alarm_after_minutes=minutes)
    with at(BEFORE):
        scheduled()
    assert check(DUE + minutes * MINUTE - timedelta(seconds=1)) == ([], [])
    assert len(check(DUE + minutes * MINUTE)[0]) == 1


def test_a_cancelled_schedule_is_no_alarm_of_the_version_but_of_the_slot():
    with at(BEFORE):
        article = scheduled("Nụ cười công sở")
    late = DUE + 2 * MINUTE
    key, slot = f"not_out:revision:{article.latest_revision_id}", Slot.objects.get(story=article)
    assert check(late) == ([key], [])
    with at(late):
        cancel_schedule(article, chief())
    assert check(late + MINUTE) == ([f"not_out:slot:{slot.pk}"], [key])
    alarm = Alarm.objects.open().get()
    assert (alarm.kind, alarm.slot_id, alarm.story_id) == (AlarmKind.NOT_OUT, slot.pk, article.pk)
    assert alarm.title == f"Kỳ {DAY} đến giờ mà bài đã duyệt chưa được hẹn giờ"
    assert alarm.text == (
        f"“{article.draft_title}” đã duyệt nhưng không tự lên trang. Việc cần làm: mở bài và bấm “Hẹn giờ đăng”; giờ"
        " của kỳ đã qua nên bài lên trang ngay."
    )
    assert alarm.url == f"/admin/lich-dang/?quy=2017-1&chuyen-muc={slot.column_id}#ky-2017-02-16"


def fail(article: Article, attempts: int, now: datetime) -> None:
    PublishFailure.objects.update_or_create(
        revision_id=article.latest_revision_id,
        defaults={"attempts": attempts, "next_attempt_at": now + MINUTE, "failed_at": now, "error": "KeyError: 'khóa'"},
    )


def test_a_failure_is_told_at_its_second_attempt_and_once_whatever_follows():
    with at(BEFORE):
        article = scheduled("Nụ cười công sở")
    key = f"failed:revision:{article.latest_revision_id}"
    fail(article, 1, DUE)
    assert check(DUE + timedelta(seconds=15)) == ([], [])
    fail(article, 2, DUE)
    assert check(DUE + timedelta(seconds=30)) == ([key], [])
    fail(article, 9, DUE)
    assert check(DUE + 5 * MINUTE) == ([], [])
    alarm = Alarm.objects.get()
    assert (alarm.kind, alarm.title) == (AlarmKind.FAILED, f"“{article.draft_title}”: đăng bị lỗi")
    assert "khóa" not in alarm.text
    PublishFailure.objects.all().delete()
    # It failed and is still not out: another cause, which says what to do about it.
    assert check(DUE + 6 * MINUTE) == ([f"not_out:revision:{article.latest_revision_id}"], [key])


def test_a_failure_of_a_version_that_is_due_no_more_is_none():
    with at(BEFORE):
        article = scheduled()
    fail(article, 5, DUE)
    Revision.objects.filter(pk=article.latest_revision_id).update(approved_go_live_at=None)
    settings_day = DUE + timedelta(days=30)
    assert "failed" not in str(check(settings_day))


def test_what_cannot_leave_the_site():
    with at(BEFORE):
        article = draft("Thông báo ngắn")
        revision = article.get_latest_revision()
        revision.publish()
        Article.objects.filter(pk=article.pk).update(expire_at=DUE)
    article.refresh_from_db()
    fail(article, 2, DUE)
    skip(slot_on(), "Nghỉ", chief())
    assert check(DUE + MINUTE) == ([f"failed:expiry:{article.pk}"], [])
    assert Alarm.objects.get().title == "“Thông báo ngắn” hết hạn mà chưa hạ được khỏi trang"
    Article.objects.filter(pk=article.pk).update(live=False)
    assert check(DUE + 2 * MINUTE) == ([], [f"failed:expiry:{article.pk}"])


def test_a_red_proof_until_the_newest_is_green():
    with at(BEFORE):
        article = scheduled("Nụ cười công sở")
    with at(DUE):
        publish_due(DUE)
    proof = Proof.objects.get(story=article.pk)
    assert check(DUE + MINUTE) == ([], [])
    proof.state = ProofState.RED
    proof.results = [
        {"probe": "page", "label": "Trang bài", "ok": True, "detail": "", "url": "/x/"},
        {"probe": "search", "label": "Tìm kiếm", "ok": False, "detail": "không thấy bài", "url": "/y/"},
    ]
    proof.save()
    key = f"proof:{article.pk}"
    assert check(DUE + 2 * MINUTE) == ([key], [])
    alarm = Alarm.objects.get()
    assert alarm.kind == AlarmKind.PROOF
    assert alarm.text.startswith("Chưa đúng: Tìm kiếm: không thấy bài. Hệ thống đã tự làm lại")
    newer = Proof.objects.create(story_id=article.pk, went_live_at=DUE + 3 * MINUTE, state=ProofState.PENDING)
    assert check(DUE + 3 * MINUTE) == ([], [key])
    newer.state = ProofState.RED
    newer.save()
    # Within half an hour the same alarm goes on; nobody is told twice.
    assert check(DUE + 4 * MINUTE) == ([key], [])
    assert (Alarm.objects.count(), Notice.objects.filter(kind=NoticeKind.ALARM).count()) == (1, 1)
    assert Alarm.objects.get().closed_at is None
    Article.objects.filter(pk=article.pk).update(live=False)
    assert check(DUE + 5 * MINUTE) == ([], [key])
    Article.objects.filter(pk=article.pk).update(live=True)
    # Much later it is a new one.
    assert check(DUE + 36 * MINUTE) == ([key], [])
    assert (Alarm.objects.count(), Notice.objects.filter(kind=NoticeKind.ALARM).count()) == (2, 2)


def test_an_empty_thursday_is_told_a_day_ahead_and_missed_when_it_is_over():
    slot, day_before = slot_on(), DUE - timedelta(hours=24)
    chief()
    assert check(day_before - timedelta(seconds=1)) == ([], [])
    assert check(day_before) == ([f"empty:slot:{slot.pk}"], [])
    alarm = Alarm.objects.get()
    assert alarm.title == f"Kỳ {DAY} sắp đến mà chưa có bài hẹn giờ"
    assert alarm.text == "Kỳ chưa có bài. Việc cần làm: xếp bài, hoặc dùng bài gối đầu."
    assert check(DUE + MINUTE) == ([], [])
    # Two minutes after its time it is told again, whoever saw the first warning.
    assert check(DUE + 2 * MINUTE) == ([f"unfilled:slot:{slot.pk}"], [f"empty:slot:{slot.pk}"])
    due = Alarm.objects.open().get()
    assert (due.kind, due.title) == (AlarmKind.UNFILLED, f"Kỳ {DAY} đến giờ mà chưa có bài hẹn giờ")
    last_minute = datetime(2017, 2, 16, 23, 59, tzinfo=DUE.tzinfo)
    assert check(last_minute) == ([], [])
    midnight = last_minute + MINUTE
    assert check(midnight) == ([f"missed:slot:{slot.pk}"], [f"unfilled:slot:{slot.pk}"])
    missed = Alarm.objects.open().get()
    assert (missed.kind, missed.title) == (AlarmKind.MISSED, f"Bỏ lỡ kỳ {DAY}")
    assert set(Notice.objects.filter(kind=NoticeKind.ALARM).values_list("recipient__username", flat=True)) == {
        chief().username
    }
    # A reason ends it; without one it ends after a week, and the ledger keeps it.
    with at(midnight):
        skip(slot, "Mất điện cả ngày", chief())
    assert check(midnight + MINUTE) == ([], [f"missed:slot:{slot.pk}"])
    Slot.objects.update(skip_reason="")
    assert check(midnight + timedelta(hours=1)) == ([f"missed:slot:{slot.pk}"], [])
    Slot.objects.exclude(pk=slot.pk).filter(day__lt=THURSDAY + timedelta(days=30)).update(skip_reason="Nghỉ")
    assert check(midnight + timedelta(days=8)) == ([], [f"missed:slot:{slot.pk}"])


def test_what_an_almost_empty_thursday_still_needs():
    now = DUE - timedelta(hours=3)
    with at(now):
        article = planned("Nụ cười công sở")
    slot, name = Slot.objects.get(story=article), article.draft_title
    assert check(now) == ([f"empty:slot:{slot.pk}"], [])
    assert Alarm.objects.get().text == (f"“{name}” còn thiếu: duyệt. Việc cần làm: bổ sung rồi hẹn giờ, hoặc thay bài.")
    Alarm.objects.all().delete()
    with at(now):
        approve(article)
    assert check(now) == ([f"empty:slot:{slot.pk}"], [])
    assert Alarm.objects.get().text == f"“{name}” đã duyệt. Việc cần làm: mở bài và bấm “Hẹn giờ đăng”."
    Alarm.objects.all().delete()
    with at(now):
        hold(article, "Chờ số liệu", chief(), now)
    # Held on purpose: past its time nobody forgot to schedule it, but the Thursday has nothing.
    assert check(DUE + 5 * MINUTE) == ([f"unfilled:slot:{slot.pk}"], [])
    assert Alarm.objects.get().text == f"“{name}” đang tạm giữ. Việc cần làm: bỏ tạm giữ rồi hẹn giờ, hoặc thay bài."


def test_a_thursday_in_the_tet_break_asks():
    day = date(2018, 2, 15)  # the last day of the year of the Rooster
    slot = slot_on(day)
    assert check(slot.due_at - timedelta(hours=2)) == ([f"empty:slot:{slot.pk}"], [])
    assert Alarm.objects.get().text == "Kỳ rơi vào kỳ nghỉ Tết. Việc cần làm: quyết định đăng, dời hay nghỉ kỳ này."


@pytest.mark.parametrize("go_live", [None, THURSDAY + timedelta(days=1)])
def test_before_this_system_answers_an_empty_thursday_is_nobodys_alarm(go_live: date | None):
    slot_on()
    ScheduleSettings.objects.update(go_live_date=go_live)
    for now in (DUE - MINUTE, DUE + 5 * MINUTE, DUE + timedelta(days=1)):
        assert check(now) == ([], [])


def test_a_skipped_and_a_published_thursday_are_quiet():
    with at(BEFORE):
        scheduled()
    with at(DUE):
        publish_due(DUE)
    skip(slot_on(THURSDAY + timedelta(weeks=1)), "Nghỉ", chief())
    for hours in (1, 10, 30, 100, 166, 200):
        assert check(DUE + timedelta(hours=hours)) == ([], [])


def test_seen_by_the_first_who_says_so():
    slot_on()
    check(DUE - MINUTE)
    alarm, first, second = Alarm.objects.get(), chief(), make_user("thu-ky", Role.MANAGING_EDITOR)
    assert mark_seen(alarm, first, DUE)
    assert not mark_seen(alarm, second, DUE + MINUTE)
    alarm.refresh_from_db()
    assert (alarm.seen_by, alarm.seen_at, alarm.closed_at) == (first, DUE, None)


def test_the_message_to_paste(settings: Any):
    settings.SITE_URL = "https://chuyenmuc.example.vn"
    slot_on()
    check(DUE - MINUTE)
    alarm = Alarm.objects.get()
    assert alarm.slot is not None
    body = (
        f"Kỳ {DAY} sắp đến mà chưa có bài hẹn giờ.\nKỳ chưa có bài. Việc cần làm: xếp bài, hoặc dùng bài gối đầu.\n"
        f"https://chuyenmuc.example.vn/admin/lich-dang/?quy=2017-1&chuyen-muc={alarm.slot.column_id}#ky-2017-02-16\n"
        "Mọi báo động: https://chuyenmuc.example.vn/admin/bao-dong/"
    )
    head = "5 XÂY, 3 CHỐNG – BÁO ĐỘNG lúc 14:11, 16/02/2017 (GMT+7)\n"
    assert message_to_paste(alarm) == head + body
    alarm.closed_at = DUE
    assert message_to_paste(alarm) == f"{head}ĐÃ HẾT lúc 14:12, 16/02/2017 (GMT+7)\n{body}"


def test_the_net_below_the_worker_tells_too():
    with at(BEFORE):
        article = scheduled("Nụ cười công sở")
        Revision.objects.filter(pk=article.latest_revision_id).update(content={"pk": article.pk})
    fail(article, 5, DUE)
    with at(DUE + 5 * MINUTE), pytest.raises(CommandError):
        call_command("publish_due", verbosity=0)
    assert set(Alarm.objects.values_list("key", flat=True)) == {f"failed:revision:{article.latest_revision_id}"}
    Alarm.objects.all().delete()
    with at(DUE + 5 * MINUTE):
        call_command("publish_due", "--dry-run", verbosity=0)
    assert not Alarm.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_several_runners_open_and_tell_once():
    settings = ScheduleSettings.load()
    settings.go_live_date = THURSDAY
    settings.save()
    slot_on()
    chief()
    waits = [in_process(lambda: check(DUE - MINUTE)[0])[1] for _runner in range(3)]
    assert sorted(len(wait()) for wait in waits) == [0, 0, 1]
    assert (Alarm.objects.count(), Notice.objects.filter(kind=NoticeKind.ALARM).count()) == (1, 1)
