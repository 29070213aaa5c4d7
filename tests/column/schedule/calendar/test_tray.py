"""The tray: which drafts lie in it, how each is called, who sees them, and how an idea gets there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse
from wagtail.models import Page, PageLogEntry, PageSubscription

from column.people.models import User
from column.people.roles import Role
from column.schedule.calendar.tray import SHOWN, add_idea, tray_of
from column.schedule.calendar.viewer import Viewer
from column.schedule.models import Hold, Reserve
from column.stories.models import Article
from tests.column.schedule.desk import approve, chief, draft, planned
from tests.factories import column_page, make_article, make_news, make_picture, make_user

pytestmark = pytest.mark.django_db


def tray(user: User | None = None, asked: str = "") -> Any:
    return tray_of(column_page(), Viewer.of(user or chief(), column_page()), asked)


def titles(user: User | None = None, asked: str = "") -> list[str]:
    return [item.story.draft_title for item in tray(user, asked).items]


def own(title: str, user: User) -> Article:
    article = draft(title)
    Page.objects.filter(pk=article.pk).update(owner=user)
    return article


def test_drafts_on_no_slot_the_newest_first() -> None:
    draft("Cũ")
    planned("Đã có kỳ")
    make_article("Đã đăng")
    make_news("Tin", live=False)
    draft("Mới")
    assert titles() == ["Mới", "Cũ"]


def test_each_in_its_word() -> None:
    people = chief()
    add_idea(column_page(), "Ý tưởng", people)
    draft("Chỉ có ảnh", paragraphs=(), byline="", lead_photo=make_picture())
    draft("Bản nháp")
    approve(draft("Đã duyệt"))
    reserve = draft("Gối đầu")
    approve(reserve)
    Reserve.objects.create(article=reserve, use_by=date(2017, 6, 30))
    held = draft("Giữ")
    Hold.objects.create(story=held, reason="Chờ số liệu")
    submitted = draft("Trình")
    column_page().get_workflow().start(submitted, people)
    assert {item.story.draft_title: (str(item.word.label), item.use_by) for item in tray().items} == {
        "Ý tưởng": ("Ý tưởng", ""), "Chỉ có ảnh": ("Bản nháp", ""), "Bản nháp": ("Bản nháp", ""),
        "Đã duyệt": ("Đã duyệt", ""), "Gối đầu": ("Bài gối đầu", "30/06/2017"), "Giữ": ("Tạm giữ", ""),
        "Trình": ("Chờ duyệt", ""),
    }  # fmt: skip


def test_a_reporter_sees_their_own_alone() -> None:
    people = {role: make_user("", role) for role in Role}
    own("Của phóng viên", people[Role.REPORTER])
    own("Của người khác", make_user("", Role.REPORTER))
    seen = {role: set(titles(user)) for role, user in people.items() if role != Role.COMMITTEE}
    both = {"Của phóng viên", "Của người khác"}
    assert seen == {
        Role.REPORTER: {"Của phóng viên"}, Role.EDITOR: both, Role.MANAGING_EDITOR: both, Role.CHIEF: both,
        Role.ADMINISTRATOR: both,
    }  # fmt: skip
    client = Client()
    client.force_login(people[Role.REPORTER])
    for query in ("", "?tim=c"):
        page = client.get(reverse("schedule_slots") + query).content.decode()
        assert ("Của phóng viên" in page, "Của người khác" in page) == (True, False)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"Chuyện người gác cầu", "Đà Nẵng: một cửa"}), ("da nang", {"Đà Nẵng: một cửa"}),
        ("CẦU", {"Chuyện người gác cầu"}), ("cửa MỘT", {"Đà Nẵng: một cửa"}), ("trần văn", {"Chuyện người gác cầu"}),
        ("không có", set()), ("%", set()), ("_", set()), ("\x00", {"Chuyện người gác cầu", "Đà Nẵng: một cửa"}),
    ],
)  # fmt: skip
def test_the_search_box(asked: str, found: set[str]) -> None:
    own("Chuyện người gác cầu", make_user("gac-cau", Role.REPORTER, display_name="Trần Văn Cầu"))
    draft("Đà Nẵng: một cửa")
    client = Client()
    client.force_login(make_user("", Role.EDITOR))
    soup = BeautifulSoup(client.get(reverse("schedule_slots"), {"tim": asked}).content, "html.parser")
    assert {item.get_text(strip=True) for item in soup.select(".cal-item .cal-title")} == found


def test_a_long_tray_says_how_many_more() -> None:
    for number in range(SHOWN + 2):
        add_idea(column_page(), f"Ý {number:02d}", chief())
    for asked in ("", "ý"):
        found = tray(asked=asked)
        assert [item.story.draft_title for item in found.items] == [f"Ý {n:02d}" for n in range(SHOWN + 1, 1, -1)]
        assert (found.count, found.unshown) == (SHOWN + 2, 2)


def post_idea(client: Client, title: str) -> Any:
    sent = {"title": title, "quy": "2017-1", "next": "/admin/lich-dang/?quy=2017-1"}
    return client.post(reverse("schedule_idea"), sent)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        (Role.REPORTER, True), (Role.EDITOR, True), (Role.MANAGING_EDITOR, True), (Role.CHIEF, True),
        (Role.COMMITTEE, False), (Role.ADMINISTRATOR, False),
    ],
)  # fmt: skip
def test_an_idea_is_an_ordinary_draft_of_ones_own(role: Role, may: bool) -> None:
    user = make_user("", role)
    client = Client()
    client.force_login(user)
    response = post_idea(client, "  Chợ đầu mối Hòa Cường\u200b ")
    if not may:
        assert response.status_code in {302, 403}
        assert not Article.objects.exists()
        return
    assert response["Location"] == "/admin/lich-dang/?quy=2017-1"
    article = Article.objects.get()
    assert (article.title, article.owner, article.live, article.issue_date) == (
        "Chợ đầu mối Hòa Cường", user, False, None,
    )  # fmt: skip
    assert article.slug == f"cho-dau-moi-hoa-cuong-{article.public_id}"
    assert article.get_latest_revision().user == user
    assert article.latest_revision.content["title"] == "Chợ đầu mối Hòa Cường"
    assert set(PageLogEntry.objects.filter(page=article.pk).values_list("action", "user")) == {
        ("wagtail.create", user.pk), ("wagtail.edit", user.pk),
    }  # fmt: skip
    assert PageSubscription.objects.filter(page=article.pk, user=user, comment_notifications=True).count() == 1
    assert client.get(reverse("wagtailadmin_pages:edit", args=[article.pk])).status_code == 200
    assert titles(user) == ["Chợ đầu mối Hòa Cường"]


@pytest.mark.parametrize(
    ("title", "sentence"),
    [
        ("", "Hãy ghi tiêu đề của ý tưởng."), ("   ", "Hãy ghi tiêu đề của ý tưởng."),
        ("\u200b", "Hãy ghi tiêu đề của ý tưởng."), ("ắ" * 256, "Tiêu đề dài quá 255 ký tự; hãy rút ngắn."),
    ],
)  # fmt: skip
def test_an_idea_without_a_headline(title: str, sentence: str) -> None:
    client = Client()
    client.force_login(make_user("", Role.EDITOR))
    page = client.get(post_idea(client, title)["Location"]).content.decode()
    assert sentence in page
    assert not Article.objects.exists()


def test_a_headline_of_255_characters_is_kept_whole() -> None:
    client = Client()
    client.force_login(make_user("", Role.EDITOR))
    post_idea(client, "ắ" * 255)
    assert Article.objects.get().title == "ắ" * 255
