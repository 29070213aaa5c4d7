"""*Thay bài*: who takes whose place, when, and how it is taken back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.test import Client

from column.schedule import slots
from column.schedule.holding import hold
from column.schedule.ledger.models import SlotEvent
from column.schedule.models import Hold, Reserve, Slot
from column.schedule.preflight import approved_revisions
from column.schedule.publishing import publish_due
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import NotReady, cancel_schedule, schedule_story
from column.schedule.signals import slot_changed
from column.schedule.substituting import substitute
from column.schedule.undoing import undo
from column.stories.models import Article, Story
from tests.column.schedule.desk import (
    DUE,
    THURSDAY,
    approve,
    chief,
    draft,
    due_of,
    last_batch,
    planned,
    reserved,
    reserves,
    scheduled,
    slot_on,
    steps,
)
from tests.column.schedule.faults.harm import together
from tests.factories import column_page, make_news

pytestmark = pytest.mark.django_db

EVENING = DUE - timedelta(hours=17, minutes=12)  # Wednesday 21:00
NEXT = THURSDAY + timedelta(weeks=1)
WHY = "Thông tin chưa xác minh xong"


def slot_of(article: Story) -> Slot:
    return Slot.objects.get(story=article.pk)


def fresh(article: Story) -> Article:
    return Article.objects.get(pk=article.pk)


@pytest.fixture(autouse=True)
def _evening() -> object:
    with time_machine.travel(EVENING, tick=True) as travelled:
        yield travelled


def test_wednesday_evening() -> None:
    failed = scheduled("Bài hụt", now=EVENING)
    other = reserved("Bài gối")
    reserved("Bài gối khác")
    revision = other.latest_revision_id
    assert substitute(slot_of(failed), other, WHY, chief(), EVENING) == DUE

    slot = slot_on()
    assert slot.story_id == other.pk
    assert (fresh(failed).issue_date, due_of(failed), fresh(failed).live) == (None, None, False)
    assert (fresh(other).issue_date, due_of(other), fresh(other).latest_revision_id) == (THURSDAY, DUE, revision)
    assert approved_revisions([fresh(other).get_latest_revision()]) == {revision}
    assert reserves() == {"Bài gối khác"}
    assert steps(slot) == [
        ("assigned", "Bài hụt"),
        ("scheduled", "Bài hụt"),
        ("unscheduled", "Bài hụt"),
        ("substituted", "Bài hụt"),
        ("scheduled", "Bài gối"),
    ]
    event = SlotEvent.objects.get(action="substituted")
    assert (event.story_id, event.reason, event.by_name) == (failed.pk, WHY, "tong-bien-tap")
    assert event.data == {
        "other_story": other.pk,
        "other_title": "Bài gối",
        "reserve": {"use_by": "2017-02-16", "note": ""},
    }
    assert publish_due(DUE).published == [str(other.pk)]
    assert fresh(other).issue_date == THURSDAY
    assert slot_on().late_minutes == 0


@pytest.mark.parametrize("state", ["planned", "approved", "held"])
def test_a_draft_in_any_state_gives_way(state: str) -> None:
    failed = planned("Bài hụt")
    if state == "approved":
        approve(failed)
    if state == "held":
        hold(failed, "Chờ ý kiến", chief(), EVENING)
    other = reserved("Bài gối")
    substitute(slot_of(failed), other, WHY, chief(), EVENING)
    assert due_of(other) == DUE
    assert not Slot.objects.filter(story=failed.pk).exists()
    assert Hold.objects.filter(story=failed.pk).exists() == (state == "held"), "a hold is not lifted by it"


def test_it_is_announced_inside_the_transaction() -> None:
    failed, other = planned("Bài hụt"), reserved("Bài gối")
    heard: list[tuple[str, int, bool]] = []

    def listen(event: SlotEvent, **kwargs: object) -> None:
        heard.append((event.action, event.story_id or 0, transaction.get_connection().in_atomic_block))

    slot_changed.connect(listen)
    substitute(slot_of(failed), other, WHY, chief(), EVENING)
    slot_changed.disconnect(listen)
    assert heard == [("substituted", failed.pk, True), ("scheduled", other.pk, True)]


def test_a_slot_whose_time_has_passed_today_goes_out_at_once() -> None:
    failed, other = planned("Bài hụt"), reserved("Bài gối")
    now = DUE + timedelta(minutes=40)
    assert substitute(slot_of(failed), other, WHY, chief(), now) == DUE
    with time_machine.travel(now, tick=False):
        assert publish_due(now).published == [str(other.pk)]
    assert (slot_on().late_minutes, fresh(other).issue_date) == (40, THURSDAY)


def refused(failed: Article, other: Story, why: str = WHY, now: object = EVENING) -> str:
    before = (steps(slot_of(failed)), reserves(), due_of(failed), due_of(other))
    with pytest.raises(ScheduleProblem) as problem:
        substitute(slot_of(failed), other, why, chief(), now)  # type: ignore[arg-type]
    assert (steps(slot_of(failed)), reserves(), due_of(failed), due_of(other)) == before, "nothing is half done"
    return str(problem.value)


def test_what_cannot_stand_in() -> None:
    failed = scheduled("Bài hụt", now=EVENING)
    assert refused(failed, reserved("Bài gối"), "  ") == "Hãy ghi lý do thay bài."
    assert "không còn là bài gối đầu" in refused(failed, draft("Không gối"))
    stale = reserved("Bài cũ", use_by=THURSDAY - timedelta(days=1), now=EVENING)
    assert refused(failed, stale) == "“Bài cũ” chỉ dùng được đến hết 15/02/2017; hãy chọn bài khác."

    edited = reserved("Bài sửa")
    with time_machine.travel(EVENING + timedelta(minutes=1), tick=True):
        edited.save_revision()
        with pytest.raises(NotReady, match="còn thiếu: duyệt"):
            substitute(slot_of(failed), edited, WHY, chief(), EVENING)
    kept = reserved("Bài giữ")
    hold(kept, "Chờ ý kiến", chief(), EVENING)
    assert refused(failed, kept) == "“Bài giữ” đang tạm giữ (Chờ ý kiến); hãy bỏ tạm giữ trước."
    elsewhere = reserved("Bài nơi khác")
    slots.assign(slot_on(NEXT), elsewhere, chief())
    assert "đã ở một kỳ khác" in refused(failed, elsewhere)
    live = reserved("Bài đã đăng")
    live.get_latest_revision().publish()
    assert "đã đăng" in refused(failed, live)
    off = reserved("Bài ngoài kỳ")
    schedule_story(off, chief(), EVENING, at=DUE + timedelta(days=1), off_slot=True)
    assert "đã hẹn giờ" in refused(failed, off)
    assert "Chỉ bài viết mới vào kỳ đăng" in refused(failed, make_news("Tin", live=False))
    assert "đang ở chính kỳ này" in refused(failed, failed)
    assert slot_of(failed).pk == slot_on().pk


def test_an_article_of_another_column_cannot() -> None:
    from column.stories.models import ColumnPage
    from home.models import HomePage

    failed = planned("Bài hụt")
    column = HomePage.objects.get().add_child(instance=ColumnPage(title="Chuyên mục khác", slug="khac"))
    assert "chuyên mục khác" in refused(failed, reserved("Bài khác", parent=column))


def test_slots_that_cannot_be_substituted() -> None:
    other = reserved("Bài gối")
    with pytest.raises(ScheduleProblem, match="Kỳ này không có bài nào"):
        substitute(slot_on(), other, WHY, chief(), EVENING)
    out = scheduled("Bài đã lên", now=EVENING)
    publish_due(DUE)
    with pytest.raises(ScheduleProblem, match="“Bài đã lên” đã đăng"):
        substitute(slot_of(out), other, WHY, chief(), DUE)
    missed = planned("Bài lỡ", day=THURSDAY - timedelta(weeks=1))
    with pytest.raises(ScheduleProblem, match="Kỳ Thứ Năm, 09/02/2017 đã qua ngày đăng"):
        substitute(slot_of(missed), other, WHY, chief(), EVENING)
    assert reserves() == {"Bài gối"}


def test_taken_back_as_it_was() -> None:
    failed, other = scheduled("Bài hụt", now=EVENING), reserved("Bài gối", use_by=date(2017, 3, 1))
    Reserve.objects.update(note="hợp tuần này")
    slot = slot_of(failed)
    substitute(slot, other, WHY, chief(), EVENING)
    undone = undo(last_batch(), chief(), EVENING)
    assert (undone.slots, undone.remarks) == ([slot], [])
    assert slot_on().story_id == failed.pk
    assert (fresh(failed).issue_date, due_of(failed)) == (THURSDAY, DUE)
    assert (fresh(other).issue_date, due_of(other)) == (None, None)
    kept = Reserve.objects.get()
    assert (kept.article_id, kept.use_by, kept.note) == (other.pk, date(2017, 3, 1), "hợp tuần này")
    assert steps(slot)[5:] == [
        ("unscheduled", "Bài gối"),
        ("removed", "Bài gối"),
        ("assigned", "Bài hụt"),
        ("scheduled", "Bài hụt"),
    ]
    assert publish_due(DUE).published == [str(failed.pk)]


def test_taken_back_without_scheduling_what_was_not() -> None:
    failed, other = planned("Bài hụt"), reserved("Bài gối")
    approve(failed)
    substitute(slot_of(failed), other, WHY, chief(), EVENING)
    undo(last_batch(), chief(), EVENING)
    assert (slot_of(failed).pk, due_of(failed)) == (slot_on().pk, None)
    assert publish_due(DUE).due == []


def test_a_schedule_that_cannot_come_back_is_told() -> None:
    failed, other = scheduled("Bài hụt", now=EVENING), reserved("Bài gối")
    substitute(slot_of(failed), other, WHY, chief(), EVENING)
    batch = last_batch()
    with time_machine.travel(EVENING + timedelta(minutes=1), tick=True):
        fresh(failed).save_revision()
    assert undo(batch, chief(), EVENING).remarks == [
        "“Bài hụt” không được hẹn giờ lại: Chưa đủ điều kiện lên trang; còn thiếu: duyệt."
    ]
    assert (slot_of(failed).pk, due_of(failed)) == (slot_on().pk, None)


def test_a_schedule_whose_time_has_passed_does_not_come_back() -> None:
    failed, other = scheduled("Bài hụt", now=EVENING), reserved("Bài gối")
    substitute(slot_of(failed), other, WHY, chief(), EVENING)
    assert undo(last_batch(), chief(), DUE).remarks == [
        "“Bài hụt” không được hẹn giờ lại: giờ của kỳ, 14:12, 16/02/2017 (GMT+7), đã qua."
    ]
    assert publish_due(DUE).due == []


def test_not_taken_back_once_it_is_out_or_changed() -> None:
    failed, other = scheduled("Bài hụt", now=EVENING), reserved("Bài gối")
    substitute(slot_of(failed), other, WHY, chief(), EVENING)
    batch = last_batch()
    cancel_schedule(other, chief())
    slots.move(slot_on(), slot_on(NEXT), chief())
    with pytest.raises(ScheduleProblem, match="Kỳ Thứ Năm, 16/02/2017 đã thay đổi sau việc này"):
        undo(batch, chief(), EVENING)
    slots.move(slot_on(NEXT), slot_on(), chief())
    schedule_story(other, chief(), EVENING)
    publish_due(DUE)
    with pytest.raises(ScheduleProblem, match="“Bài gối” đã đăng"):
        undo(batch, chief(), DUE)
    assert slot_on().story_id == other.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", range(3))
def test_two_substitutions_at_once(_again: int) -> None:
    failed, one, two = scheduled("Bài hụt", now=EVENING), reserved("Gối một"), reserved("Gối hai")
    slot, user = slot_of(failed), chief()
    results = together(
        lambda: substitute(slot, one, WHY, user, EVENING, failed=failed.pk),
        lambda: substitute(slot, two, WHY, user, EVENING, failed=failed.pk),
    )
    refusals = [result for result in results if isinstance(result, str)]
    assert refusals == ["Kỳ này vừa được người khác thay đổi; hãy tải lại trang."]
    standing = slot_on().story_id
    assert standing in (one.pk, two.pk)
    assert [due_of(article) for article in (failed, one, two)] == [
        None, DUE if standing == one.pk else None, DUE if standing == two.pk else None,
    ]  # fmt: skip
    dates = {article.pk: fresh(article).issue_date for article in (failed, one, two)}
    assert dates == {failed.pk: None, one.pk: None, two.pk: None} | {standing: THURSDAY}


@pytest.mark.django_db(transaction=True)
def test_one_reserve_for_two_thursdays_at_once() -> None:
    first = planned("Bài một")
    second = planned("Bài hai", day=NEXT)
    other, user = reserved("Bài gối", use_by=NEXT), chief()
    one, two = slot_of(first), slot_of(second)
    results = together(
        lambda: substitute(one, other, WHY, user, EVENING), lambda: substitute(two, other, WHY, user, EVENING)
    )
    refusals = [result for result in results if isinstance(result, str)]
    assert refusals == ["“Bài gối” không còn là bài gối đầu; có thể người khác vừa dùng. Hãy chọn bài khác."]
    assert Slot.objects.filter(story=other.pk).count() == 1
    assert not Reserve.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("_again", range(3))
def test_substituted_while_the_publisher_takes_it_up(_again: int) -> None:
    failed, other = scheduled("Bài hụt", now=EVENING), reserved("Bài gối")
    slot, user = slot_of(failed), chief()
    result, _report = together(lambda: substitute(slot, other, WHY, user, DUE), lambda: publish_due(DUE))
    publish_due(DUE)
    live = set(Article.objects.live().values_list("pk", flat=True))
    if isinstance(result, str):
        assert live == {failed.pk}
    else:
        assert live == {other.pk}
    assert slot_on().story_id in live


def test_a_reader_of_the_column_page_learns_nothing() -> None:
    """The failed story's title stands nowhere public once it is replaced."""
    failed, other = scheduled("Bài hụt bí mật", now=EVENING), reserved("Bài gối")
    substitute(slot_of(failed), other, WHY, chief(), EVENING)
    publish_due(DUE)
    page = Client().get(column_page().url).content.decode()
    assert "Bài gối" in page
    assert "Bài hụt bí mật" not in page
