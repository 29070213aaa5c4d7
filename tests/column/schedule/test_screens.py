"""The schedule's screens, and Wagtail's own screens of a story, through real requests."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import Page, Revision, TaskState
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield

from column.people.models import Byline
from column.people.roles import Role
from column.schedule.models import Approval, Slot
from column.schedule.publishing import publish_due
from column.stories.models import Article, NewsItem, Story
from tests.column.schedule.desk import BEFORE, DUE, THURSDAY, approve, draft, planned, scheduled, slot_on
from tests.factories import column_page, make_article, make_news, make_user

pytestmark = pytest.mark.django_db

NEXT = THURSDAY + timedelta(weeks=1)


def as_(role: Role) -> Client:
    client = Client()
    client.force_login(make_user("", role))
    return client


def said(client: Client, response: Any) -> str:
    """The text of the page to which a post leads, messages included."""
    target = response["Location"] if response.status_code == 302 else None
    page = client.get(target) if target else response
    return page.content.decode()


def form_of(story: Story | None = None, **fields: Any) -> dict[str, Any]:
    """What a browser sends from the editing form."""
    byline = Byline.objects.named("ĐOÀN LƯƠNG").first() or Byline.objects.create(name="ĐOÀN LƯƠNG")
    credit = {"byline": byline.pk, "role": "text"}
    known = list(story.byline_credits.all()) if story else []
    data = {
        "title": story.title if story else "Bài mới",
        "slug": story.slug if story else "bai-moi",
        "kicker": "", "standfirst": "", "lead_photo": "", "lead_caption": "", "printed_at": "", "kicker_printed": "",
        "print_issue": "", "print_page": "", "print_scan": "", "source_name": "", "source_url": "",
        "search_description": "", "comment_notifications": "",
        "body": streamfield([("paragraph", rich_text("<p>Nội dung.</p>"))]),
        "byline_credits": inline_formset([credit | ({"id": known[0].pk} if known else {})], initial=len(known)),
        "comments": inline_formset([]),
        "photos": inline_formset([]),
    }  # fmt: skip
    if story:
        data["loaded_revision_id"] = story.latest_revision_id
        data["loaded_revision_created_at"] = story.get_latest_revision().created_at.isoformat()
    return nested_form_data(data | fields)


def edit(client: Client, story: Story, **fields: Any) -> Any:
    fresh = Article.objects.get(pk=story.pk)
    return client.post(reverse("wagtailadmin_pages:edit", args=[story.pk]), form_of(fresh, **fields))


# The screens ----------------------------------------------------------------------------------------------------


@pytest.fixture
def quarter() -> list[Slot]:
    return [slot_on(THURSDAY + timedelta(weeks=week)) for week in range(4)]


def test_a_get_never_changes_anything(quarter: list[Slot]) -> None:
    with time_machine.travel(BEFORE, tick=False):
        article = scheduled()
        client = as_(Role.CHIEF)
        slot, empty = quarter[0], quarter[1]
        for name, key in [
            ("schedule_assign", empty.pk), ("schedule_skip", empty.pk), ("schedule_change", slot.pk),
            ("schedule_move", slot.pk), ("schedule_unassign", slot.pk), ("schedule_reopen", slot.pk),
            ("schedule_story", article.pk), ("schedule_cancel", article.pk), ("schedule_plan_story", article.pk),
        ]:  # fmt: skip
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(name, args=[key])).status_code in (200, 405), name
            writes = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
            assert writes == [], name


def test_every_post_needs_the_token(quarter: list[Slot]) -> None:
    article = planned()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("", Role.CHIEF))
    for name, key in [
        ("schedule_assign", quarter[1].pk), ("schedule_skip", quarter[1].pk), ("schedule_change", quarter[1].pk),
        ("schedule_move", quarter[0].pk), ("schedule_unassign", quarter[0].pk), ("schedule_reopen", quarter[0].pk),
        ("schedule_story", article.pk), ("schedule_cancel", article.pk), ("schedule_plan_story", article.pk),
    ]:  # fmt: skip
        assert client.post(reverse(name, args=[key]), {}).status_code == 403, name


def test_a_quarter_by_hand(quarter: list[Slot]) -> None:
    """Assign, move, take off, skip, reopen, change the time: through the screens."""
    client, article = as_(Role.EDITOR), draft("Một cửa")
    first, second = quarter[0], quarter[1]
    back = "/admin/lich-dang/?quy=2017-1"

    page = client.get(reverse("schedule_assign", args=[first.pk])).content.decode()
    assert "Một cửa" in page
    response = client.post(reverse("schedule_assign", args=[first.pk]), {"article": article.pk, "next": back})
    assert response["Location"] == back
    assert "Đã xếp bài vào kỳ Thứ Năm, 16/02/2017. Bài chưa được hẹn giờ." in said(client, response)
    assert Slot.objects.get(pk=first.pk).story_id == article.pk

    client.post(reverse("schedule_move", args=[first.pk]), {"slot": second.pk})  # a past slot is no target any more
    assert Slot.objects.get(pk=first.pk).story_id == article.pk
    with time_machine.travel(BEFORE, tick=False):
        client.force_login(make_user("", Role.EDITOR))
        client.post(reverse("schedule_move", args=[first.pk]), {"slot": second.pk})
    assert Slot.objects.get(pk=second.pk).story_id == article.pk

    client.force_login(make_user("", Role.EDITOR))
    response = client.post(reverse("schedule_unassign", args=[second.pk]), {"next": back})
    assert "bài trở lại danh sách bản nháp" in said(client, response)
    response = client.post(reverse("schedule_unassign", args=[second.pk]), {"next": back})
    assert "Kỳ này không có bài nào" in said(client, response)

    page = client.post(reverse("schedule_skip", args=[second.pk]), {"reason": "  "}).content.decode()
    assert "Trường này là bắt buộc" in page or "bắt buộc" in page
    client.post(reverse("schedule_skip", args=[second.pk]), {"reason": "Nghỉ Tết"})
    assert Slot.objects.get(pk=second.pk).skip_reason == "Nghỉ Tết"
    page = client.post(reverse("schedule_assign", args=[second.pk]), {"article": article.pk}).content.decode()
    assert "hãy mở lại kỳ trước khi xếp bài" in page
    client.post(reverse("schedule_reopen", args=[second.pk]))
    assert Slot.objects.get(pk=second.pk).skip_reason == ""

    page = client.post(reverse("schedule_change", args=[first.pk]), {"publish_time": "25:99"}).content.decode()
    assert "Hãy ghi giờ theo dạng 06:00." in page
    client.post(reverse("schedule_change", args=[first.pk]), {"publish_time": "6h30", "teaser": "Kỳ tới"})
    fresh = Slot.objects.get(pk=first.pk)
    assert (fresh.publish_time.isoformat("minutes"), fresh.teaser) == ("06:30", "Kỳ tới")


@pytest.mark.parametrize("key", ["999999", "abc", ""])
def test_a_slot_that_is_not_there(key: str) -> None:
    client = as_(Role.EDITOR)
    assert client.get(f"/admin/lich-dang/{key}/xep-bai/").status_code == 404
    assert client.post("/admin/lich-dang/999999/rut-bai/").status_code == 404


def test_a_next_address_elsewhere_is_not_followed(quarter: list[Slot]) -> None:
    planned()
    response = as_(Role.EDITOR).post(
        reverse("schedule_unassign", args=[quarter[0].pk]), {"next": "https://nguoi-la.example/"}
    )
    assert response["Location"] == "/admin/lich-dang/?quy=2017-1"


# Scheduling -----------------------------------------------------------------------------------------------------


def test_schedule_and_cancel_by_hand() -> None:
    with time_machine.travel(BEFORE, tick=False):
        client, article = as_(Role.MANAGING_EDITOR), planned("Nụ cười công sở")
        address = reverse("schedule_story", args=[article.pk])
        page = client.get(address).content.decode()
        assert "Phải có trước khi lên trang:" in page
        assert "<li>duyệt</li>" in page
        page = client.post(address).content.decode()
        assert "Chưa đủ điều kiện lên trang; còn thiếu: duyệt." in page

        approve(article)
        page = client.get(address).content.decode()
        assert "Bài sẽ tự lên trang lúc <strong>14:12, 16/02/2017 (GMT+7)</strong>" in page
        response = client.post(address)
        edit_url = reverse("wagtailadmin_pages:edit", args=[article.pk])
        assert response["Location"] == edit_url
        assert "“Nụ cười công sở” sẽ tự lên trang lúc 14:12, 16/02/2017 (GMT+7)." in said(client, response)
        assert "Bài đã hẹn giờ lên trang lúc 14:12, 16/02/2017 (GMT+7)." in client.get(address).content.decode()

        # Held against edits while it waits.
        edit(client, article, title="Sửa lén")
        assert Article.objects.get(pk=article.pk).draft_title == "Nụ cười công sở"
        assert Article.objects.get(pk=article.pk).approved_schedule

        response = client.post(reverse("schedule_cancel", args=[article.pk]))
        assert "vẫn là bản nháp" in said(client, response)
        assert not Article.objects.get(pk=article.pk).approved_schedule


def test_wagtails_own_unschedule_button_clears_everything() -> None:
    with time_machine.travel(BEFORE, tick=False):
        article = scheduled("Bài một")
        client = as_(Role.CHIEF)
        revision = article.scheduled_revision
        response = client.post(reverse("wagtailadmin_pages:revisions_unschedule", args=[article.pk, revision.pk]))
        assert "Đã hủy hẹn giờ của “Bài một”." in said(client, response)
        fresh = Article.objects.get(pk=article.pk)
        assert (fresh.go_live_at, fresh.approved_schedule) == (None, False)
        response = client.post(reverse("wagtailadmin_pages:revisions_unschedule", args=[article.pk, revision.pk]))
        assert "không còn hẹn giờ" in said(client, response)


def test_an_article_without_a_thursday_is_shown_the_way() -> None:
    article = draft()
    page = as_(Role.CHIEF).get(reverse("schedule_story", args=[article.pk])).content.decode()
    assert "Bài chưa có kỳ đăng." in page
    assert reverse("schedule_plan_story", args=[article.pk]) in page
    assert '<button type="submit" class="button">' not in page


def test_news_is_scheduled_for_a_moment() -> None:
    with time_machine.travel(BEFORE, tick=False):
        news = make_news("Tin một", live=False)
        approve(news)
        client = as_(Role.CHIEF)
        address = reverse("schedule_story", args=[news.pk])
        page = client.post(address, {"at": "16/02/2017"}).content.decode()
        assert "đã qua" in page
        page = client.post(address, {"at": "16/13/2017 9:00"}).content.decode()
        assert "16/13/2017" in page
        response = client.post(address, {"at": "14h12 ngày 16/2/2017"})
        assert "sẽ tự lên trang lúc 14:12, 16/02/2017 (GMT+7)" in said(client, response)
    assert NewsItem.objects.get(pk=news.pk).scheduled_revision.approved_go_live_at == DUE


def test_from_the_story_to_its_thursday() -> None:
    with time_machine.travel(BEFORE, tick=False):
        slot, article, client = slot_on(), draft("Bài một"), as_(Role.EDITOR)
        address = reverse("schedule_plan_story", args=[article.pk])
        assert "Thứ Năm, 16/02/2017 · 14:12" in client.get(address).content.decode()
        response = client.post(address, {"slot": slot.pk})
        page = said(client, response)
    assert "Đã xếp bài vào kỳ Thứ Năm, 16/02/2017." in page
    assert Article.objects.get(pk=article.pk).issue_date == THURSDAY


def test_the_side_panel_says_what_is_missing() -> None:
    with time_machine.travel(BEFORE, tick=False):
        article = planned("Bài một", byline="")
        page = as_(Role.CHIEF).get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
    panel = page[page.index('data-side-panel="slot"') :]
    for words in ("Thứ Năm, 16/02/2017", "Còn thiếu:", "<li>bút danh</li>", "<li>duyệt</li>", "Chuyển kỳ"):
        assert words in panel, words


# Approval -------------------------------------------------------------------------------------------------------


def test_submitted_approved_scheduled_published() -> None:
    with time_machine.travel(BEFORE, tick=True):
        editor, chief = as_(Role.EDITOR), as_(Role.CHIEF)
        article = planned("Nụ cười công sở")
        edit(editor, article, **{"action-submit": "1"})
        # An editor passes the first step by submitting.
        state = TaskState.objects.latest("pk")
        assert state.status == TaskState.STATUS_IN_PROGRESS

        # Its author may not approve, nor change it while it is read.
        edit(editor, article, **{"action-workflow-action": "1", "workflow-action-name": "approve"})
        assert not Approval.objects.exists()

        page = chief.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
        assert "Duyệt" in page
        assert "and Publish" not in page
        edit(chief, article, **{"action-workflow-action": "1", "workflow-action-name": "approve"})
        approval = Approval.objects.get()
        assert (approval.story_id, approval.revision_id) == (
            article.pk,
            Article.objects.get(pk=article.pk).latest_revision_id,
        )
        assert approval.approved_by.groups.get().name == Role.CHIEF
        assert not Article.objects.get(pk=article.pk).live, "approval alone never publishes"

        page = chief.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).content.decode()
        assert reverse("schedule_story", args=[article.pk]) in page
        chief.post(reverse("schedule_story", args=[article.pk]))
    with time_machine.travel(DUE, tick=False):
        assert publish_due(DUE).published == [str(article.pk)]


def test_an_edit_after_approval_takes_the_button_away() -> None:
    with time_machine.travel(BEFORE, tick=True):
        article, chief = planned(), as_(Role.CHIEF)
        approve(article)
        address = reverse("wagtailadmin_pages:edit", args=[article.pk])
        button = f'href="{reverse("schedule_story", args=[article.pk])}"'
        assert "Hẹn giờ đăng" in chief.get(address).content.decode()
        edit(chief, article, title="Sửa sau khi duyệt")
        page = chief.get(address).content.decode()
    menu = page[: page.index('data-side-panel="slot"')] if 'data-side-panel="slot"' in page else page
    assert button not in menu


def test_nobody_approves_what_they_did_not_see() -> None:
    article, chief = planned("Bài một"), as_(Role.CHIEF)
    edit(as_(Role.EDITOR), article, **{"action-submit": "1"})
    seen = form_of(
        Article.objects.get(pk=article.pk), **{"action-workflow-action": "1", "workflow-action-name": "approve"}
    )
    other = Article.objects.get(pk=article.pk)
    other.title = "Sửa trong lúc đọc"
    other.save_revision()
    response = chief.post(reverse("wagtailadmin_pages:edit", args=[article.pk]), seen)
    assert "Bài vừa được người khác sửa" in said(chief, response)
    assert not Approval.objects.exists()


# Wagtail's Publish button ---------------------------------------------------------------------------------------


def test_publish_is_stopped_by_what_is_missing() -> None:
    chief, article = as_(Role.CHIEF), planned("Bài một", byline="")
    response = edit(chief, article, **{"action-publish": "1", "byline_credits": inline_formset([])})
    assert "Chưa xuất bản được, còn thiếu: bút danh. Nội dung đã được lưu thành bản nháp." in said(chief, response)
    assert not Article.objects.get(pk=article.pk).live


def test_publish_by_an_approver_is_an_approval() -> None:
    with time_machine.travel(BEFORE, tick=True):
        chief, article = as_(Role.CHIEF), planned("Bài một")
        response = edit(chief, article, title="Bài một, sửa", **{"action-publish": "1"})
        assert "“Bài một, sửa” đã lên trang." in said(chief, response)
    fresh = Article.objects.get(pk=article.pk)
    assert (fresh.live, fresh.title, fresh.issue_date) == (True, "Bài một, sửa", THURSDAY)
    assert Approval.objects.get().revision_id == fresh.live_revision_id
    assert Slot.objects.get(story=article.pk).late_minutes == 0


def test_publish_without_the_right_to_approve_needs_an_approval() -> None:
    from django.contrib.auth.models import Group, Permission

    Group.objects.get(name=Role.MANAGING_EDITOR).permissions.remove(Permission.objects.get(codename="approve_story"))
    client, article = as_(Role.MANAGING_EDITOR), planned("Bài một")
    response = edit(client, article, **{"action-publish": "1"})
    assert "còn thiếu: duyệt" in said(client, response)
    assert not Article.objects.get(pk=article.pk).live


def test_a_live_story_may_always_be_put_right() -> None:
    chief, article = as_(Role.CHIEF), make_article("Bài cũ", issue_date=date(2017, 2, 9), byline="")
    response = edit(
        chief, article, title="Bài cũ, đã sửa", **{"action-publish": "1", "byline_credits": inline_formset([])}
    )
    assert "đã lên trang" in said(chief, response)
    fresh = Article.objects.get(pk=article.pk)
    assert (fresh.title, fresh.issue_date) == ("Bài cũ, đã sửa", date(2017, 2, 9))


def test_an_editor_cannot_publish() -> None:
    article = planned("Bài một")
    edit(as_(Role.EDITOR), article, **{"action-publish": "1"})
    assert not Article.objects.get(pk=article.pk).live


def create(client: Client, **fields: Any) -> Any:
    return client.post(
        reverse("wagtailadmin_pages:add", args=["column", "article", column_page().pk]), form_of(**fields)
    )


def test_a_new_story_published_at_once() -> None:
    with time_machine.travel(BEFORE, tick=True):
        create(as_(Role.CHIEF), title="Bài viết vội", **{"action-publish": "1"})
    article = Article.objects.get(title="Bài viết vội")
    assert (article.live, article.issue_date) == (True, THURSDAY)
    assert article.live_revision_id == Approval.objects.get().revision_id


def test_a_new_story_that_lacks_something_is_a_draft() -> None:
    chief = as_(Role.CHIEF)
    response = create(chief, title="Bài viết vội", byline_credits=inline_formset([]), **{"action-publish": "1"})
    assert "còn thiếu: bút danh" in said(chief, response)
    article = Article.objects.get(title="Bài viết vội")
    assert (article.live, article.first_published_at, article.issue_date) == (False, None, None)
    assert Client().get(article.url).status_code == 404


def bulk(client: Client, *stories: Story, **data: Any) -> Any:
    keys = "&".join(f"id={story.pk}" for story in stories)
    return client.post(f"/admin/bulk/wagtailcore/page/publish/?next=/admin/&{keys}", data)


def test_publishing_in_bulk_goes_the_same_way() -> None:
    chief, good, bad = as_(Role.CHIEF), planned("Bài tốt"), draft("Bài thiếu", byline="")
    response = bulk(chief, good, bad)
    assert "Chưa xuất bản gì cả. “Bài thiếu” còn thiếu: bút danh." in said(chief, response)
    assert not Story.objects.live().exists()
    response = bulk(chief, column_page(), include_descendants="on")
    assert "hãy chọn từng tin, bài" in said(chief, response)
    assert not Story.objects.live().exists()
    bulk(chief, good)
    assert [story.pk for story in Story.objects.live()] == [good.pk]
    assert Article.objects.get(pk=good.pk).issue_date == THURSDAY
    assert Approval.objects.get().story_id == good.pk


@pytest.mark.django_db(transaction=True)
def test_four_editors_publish_at_once() -> None:
    article = planned("Bài một")
    clients = [as_(Role.CHIEF) for _editor in range(4)]
    form = form_of(Article.objects.get(pk=article.pk), **{"action-publish": "1"})
    barrier, statuses = threading.Barrier(4), []

    def publish(number: int) -> None:
        try:
            barrier.wait()
            data = form | {"title": f"Bản của {number}"}
            answer = clients[number].post(reverse("wagtailadmin_pages:edit", args=[article.pk]), data)
            statuses.append(answer.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=publish, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert statuses == [302] * 4
    titles = {
        content["title"] for content in Revision.objects.filter(object_id=article.pk).values_list("content", flat=True)
    }
    assert titles >= {f"Bản của {number}" for number in range(4)}
    fresh = Article.objects.get(pk=article.pk)
    newest = Revision.objects.get(pk=fresh.latest_revision_id)
    assert (fresh.live, fresh.title, fresh.live_revision_id) == (True, newest.content["title"], newest.pk)
    assert not Page.objects.get(pk=article.pk).has_unpublished_changes
