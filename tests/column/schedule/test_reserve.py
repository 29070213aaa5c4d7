"""*Bài gối đầu*: what is ready to stand in, until when, and what stands in the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageLogEntry

from column.people.roles import Role
from column.schedule import reserve
from column.schedule.holding import hold
from column.schedule.models import Reserve
from column.schedule.rules import ScheduleProblem
from column.schedule.scheduling import schedule_story
from column.schedule.slots import assign
from tests.column.schedule.desk import (
    BEFORE,
    DUE,
    THURSDAY,
    approve,
    chief,
    draft,
    planned,
    reserved,
    reserves,
    slot_on,
)
from tests.column.schedule.test_screens import as_, said
from tests.factories import column_page, make_news

pytestmark = pytest.mark.django_db

NEXT = THURSDAY + timedelta(weeks=1)


@pytest.fixture(autouse=True)
def _before() -> object:
    with time_machine.travel(BEFORE, tick=True) as travelled:
        yield travelled


def test_added_changed_and_taken_out() -> None:
    article = draft("Bài gối")
    approve(article)
    reserve.add(article, NEXT, " hợp tuần tiếp dân ", chief(), BEFORE)
    reserve.add(article, NEXT + timedelta(days=1), "", chief(), BEFORE)
    kept = Reserve.objects.get()
    assert (kept.article_id, kept.use_by, kept.note, kept.added_by) == (article.pk, date(2017, 2, 24), "", chief())
    reserve.remove(kept, chief())
    with pytest.raises(ScheduleProblem, match="“Bài gối” không còn là bài gối đầu"):
        reserve.remove(kept, chief())
    log = PageLogEntry.objects.filter(page=article.pk, action__startswith="column.reserve.").order_by("pk")
    assert [entry.message for entry in log] == ["Là bài gối đầu", "Là bài gối đầu", "Thôi là bài gối đầu"]


def test_what_cannot_be_kept_ready() -> None:
    article = draft("Bài một")
    for story, day, sentence in (
        (article, NEXT, "“Bài một” chưa được duyệt như đang có"),
        (article, THURSDAY - timedelta(days=1), "Hạn dùng 15/02/2017 đã qua"),
        (make_news("Tin", live=False), NEXT, "Chỉ bài viết"),
    ):
        with pytest.raises(ScheduleProblem, match=sentence):
            reserve.add(story, day, "", chief(), BEFORE)
    approve(article)
    article.get_latest_revision().publish()
    with pytest.raises(ScheduleProblem, match="đã đăng"):
        reserve.add(article, NEXT, "", chief(), BEFORE)
    assert not Reserve.objects.exists()


def test_each_says_whether_it_can_stand_in() -> None:
    reserved("Sẵn sàng", use_by=NEXT)
    reserved("Sắp hết hạn", use_by=THURSDAY)
    assign(slot_on(NEXT), reserved("Đã xếp"), chief())
    schedule_story(reserved("Đã hẹn"), chief(), BEFORE, at=DUE, off_slot=True)
    hold(reserved("Đang giữ"), "Chờ ý kiến", chief(), BEFORE)
    edited = reserved("Đã sửa")
    with time_machine.travel(BEFORE + timedelta(seconds=30), tick=True):
        edited.save_revision()
    reserved("Đã lên").get_latest_revision().publish()
    rows = reserve.reserve_rows(BEFORE)
    assert {(row.story.draft_title, row.obstacle) for row in rows} == {
        ("Sẵn sàng", ""),
        ("Sắp hết hạn", ""),
        ("Đã xếp", "Đã xếp vào kỳ Thứ Năm, 23/02/2017."),
        ("Đã hẹn", "Đã hẹn giờ 14:12, 16/02/2017 (GMT+7)."),
        ("Đang giữ", "Đang tạm giữ: Chờ ý kiến."),
        ("Đã sửa", "Còn thiếu: duyệt."),
    }
    assert [row.story.draft_title for row in rows[:2]] == ["Sắp hết hạn", "Sẵn sàng"], "the one to be used first"
    later = {row.story.draft_title: row.obstacle for row in reserve.reserve_rows(BEFORE, slot=slot_on(NEXT))}
    assert later["Sắp hết hạn"] == "Hết hạn dùng từ 16/02/2017."
    assert later["Sẵn sàng"] == ""


def test_the_list_costs_the_same_for_one_and_for_many() -> None:
    counts = []
    for number in range(4):
        reserved(f"Bài {number}", owner=chief())
        with CaptureQueriesContext(connection) as queries:
            rows = reserve.reserve_rows(BEFORE)
            assert all(row.story.owner and row.use_by for row in rows)
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts


def test_the_screen() -> None:
    editor, article = as_(Role.EDITOR), draft("Bài gối")
    address = reverse("schedule_reserve")
    page = editor.get(address).content.decode()
    assert "Chưa có bài gối đầu nào." in page
    assert "Bài gối ·" not in page, "not approved, not offered"
    approve(article)
    draft("Chưa duyệt")
    page = editor.get(address).content.decode()
    assert f'<option value="{article.pk}">' in page
    assert "Chưa duyệt" not in page
    assert "bắt buộc" in editor.post(address, {"article": article.pk}).content.decode()
    for wrong in ("30/02/2017", "hôm nào đó"):
        assert wrong in editor.post(address, {"article": article.pk, "use_by": wrong}).content.decode()
    assert "đã qua" in editor.post(address, {"article": article.pk, "use_by": "1/2/2017"}).content.decode()
    page = said(editor, editor.post(address, {"article": article.pk, "use_by": "23-2-2017", "note": "đủ ảnh"}))
    for words in ("“Bài gối” là bài gối đầu.", "dùng được đến hết 23/02/2017", "đủ ảnh", "Sẵn sàng"):
        assert words in page, words
    assert reserves() == {"Bài gối"}
    with time_machine.travel(DUE + timedelta(days=9), tick=True):
        editor.force_login(chief())
        assert "Hết hạn dùng từ 23/02/2017." in editor.get(address).content.decode()
        page = said(editor, editor.post(address, {"remove": Reserve.objects.get().pk}))
    assert "Đã bỏ bài khỏi danh sách gối đầu" in page
    assert editor.post(address, {"remove": "999"}).status_code == 404
    assert editor.post(address, {"remove": "x"}).status_code == 404
    assert editor.get(f"{address}?chuyen-muc=abc").status_code == 200
    assert editor.get(f"{address}?chuyen-muc={column_page().pk}").status_code == 200


def test_substituting_on_the_screen() -> None:
    editor, failed = as_(Role.CHIEF), planned("Bài hụt")
    slot = slot_on()
    address = reverse("schedule_substitute", args=[slot.pk])
    assert "Không có bài gối đầu nào dùng được cho kỳ này." in editor.get(address).content.decode()
    other, stale = reserved("Bài gối", use_by=NEXT), reserved("Bài giữ")
    hold(stale, "Chờ ý kiến", chief(), BEFORE)
    page = editor.get(address).content.decode()
    assert "Thay bài và hẹn giờ 14:12, 16/02/2017 (GMT+7)" in page
    assert "1 bài gối đầu không dùng được cho kỳ này" in page
    assert page.count('name="article"') == 1
    wish = {"article": other.pk, "reason": "unverified", "replaces": failed.pk}
    for lacking, sentence in (
        ({"article": ""}, "Hãy chọn một bài gối đầu."),
        ({"article": stale.pk}, "Bài này không dùng được cho kỳ này nữa"),
        ({"article": "x"}, "Bài này không dùng được cho kỳ này nữa"),
        ({"reason": ""}, "Hãy chọn một lý do."),
        ({"replaces": other.pk}, "Kỳ này vừa được người khác thay đổi"),
    ):
        assert sentence in editor.post(address, wish | lacking).content.decode()
    assert slot_on().story_id == failed.pk
    page = said(editor, editor.post(address, wish))
    assert "Đã thay bài của kỳ Thứ Năm, 16/02/2017 và hẹn giờ" in page
    assert slot_on().story_id == other.pk
    assert "Kỳ này chưa có bài nên không có gì để thay." in (
        editor.get(reverse("schedule_substitute", args=[slot_on(NEXT).pk])).content.decode()
    )
