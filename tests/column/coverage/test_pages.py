"""Every number on the readers' pages opens exactly the stories that it counts."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import PageViewRestriction

from column.coverage.listing import stories_for_criterion, stories_for_department
from column.coverage.models import Criterion, Document, StoryDocument
from column.departments.models import Department
from column.enums import CoverageRole
from column.stories.models import Article, NewsItem, Photo, Story
from tests.factories import make_article, make_coverage, make_news, make_photo_story, make_user

pytestmark = pytest.mark.django_db


def unit(code: str) -> Department:
    return Department.objects.get(code=code)


def criterion(slug: str) -> Criterion:
    return Criterion.objects.get(slug=slug)


def published() -> dict[str, Story]:
    """Published stories of several kinds and years; a draft, a restricted and a taken-down one beside them."""
    stories: dict[str, Any] = {
        "a": make_article("Bài A", issue_date=date(2017, 2, 16)),
        "b": make_news("Tin B", issue_date=date(2017, 3, 2)),
        "c": make_photo_story("Ảnh C", issue_date=date(2016, 12, 29)),
        "old": make_news("Phường cũ", issue_date=date(2018, 5, 3)),
        "new": make_news("Phường mới", issue_date=date(2025, 8, 7)),
        "both": make_news("Cả hai", issue_date=date(2025, 9, 4)),
        "draft": make_article("Bản nháp", live=False),
        "restricted": make_news("Tin kín", issue_date=date(2017, 2, 20)),
        "down": make_news("Tin đã gỡ", issue_date=date(2017, 2, 21)),
    }
    health, discipline, fight = unit("so-y-te"), criterion("ky-cuong"), criterion("chong-tieu-cuc")
    for key in ("a", "b", "c", "draft", "restricted", "down"):
        make_coverage(stories[key], health, discipline)
    make_coverage(stories["a"], health, fight)
    make_coverage(stories["a"], unit("cong-an-tp"), fight)
    make_coverage(stories["b"], unit("cong-an-tp"), discipline, role=CoverageRole.MENTIONED)
    make_coverage(stories["c"], None, fight)
    make_coverage(stories["b"], unit("phong-csgt"))
    make_coverage(stories["old"], unit("phuong-an-hai-tay"), discipline)
    make_coverage(stories["new"], unit("phuong-an-hai-2025"), discipline)
    make_coverage(stories["both"], unit("phuong-an-hai-2025"), fight)
    make_coverage(stories["both"], unit("phuong-phuoc-my"), fight)
    PageViewRestriction.objects.create(page=stories["restricted"], restriction_type=PageViewRestriction.LOGIN)
    stories["down"].unpublish()
    Story.objects.filter(pk=stories["down"].pk).update(taken_down_at=timezone.now())
    StoryDocument.objects.create(
        story=stories["a"], document=Document.objects.get(number="29-CT/TU"), relation="carries_out"
    )
    return stories


@pytest.fixture(scope="module")
def made(once: Callable[..., Any]) -> dict[str, Story]:
    return once(published)


@pytest.fixture
def world(made: dict[str, Story], db: None) -> dict[str, Story]:
    return deepcopy(made)


def listed(client: Client, url: str) -> list[str]:
    """The titles of every page of a list."""
    titles: list[str] = []
    page = 1
    while True:
        response = client.get(url, {"trang": str(page)} if "?" not in url else None) if page == 1 else client.get(
            f"{url}{'&' if '?' in url else '?'}trang={page}"
        )  # fmt: skip
        assert response.status_code == 200, url
        soup = BeautifulSoup(response.content, "html.parser")
        titles += [link.text for link in soup.select(".listing .item-title a")]
        if page >= response.context["leaf"].paginator.num_pages:
            assert response.context["total"] == len(titles)
            return titles
        page += 1


def numbers(client: Client, url: str) -> dict[str, tuple[int, str]]:
    """Every linked number of a page: words → (number, address)."""
    soup = BeautifulSoup(client.get(url).content, "html.parser")
    found = {}
    for count in soup.select("main .count"):
        link = count.find_parent("li").find("a")  # type: ignore[union-attr]
        found[" ".join(link.text.split())] = (int(count.text.replace(".", "")), link["href"])  # type: ignore[union-attr,index,arg-type]
    return found


@pytest.mark.parametrize(
    "url",
    ["/don-vi/", "/don-vi/so-y-te/", "/don-vi/phuong-an-hai-2025/", "/tieu-chi/", "/tieu-chi/ky-cuong/",
     "/tieu-chi/chong-tieu-cuc/"],
)  # fmt: skip
def test_every_number_opens_exactly_its_stories(client: Client, world: dict[str, Story], url: str) -> None:
    found = numbers(client, url)
    assert found
    for words, (number, link) in found.items():
        assert len(listed(client, link)) == number, (words, link)


def test_a_units_page(client: Client, world: dict[str, Story]) -> None:
    assert set(listed(client, "/don-vi/so-y-te/")) == {"Bài A", "Tin B", "Ảnh C"}
    found = {words: number for words, (number, _) in numbers(client, "/don-vi/so-y-te/").items()}
    assert found == {
        "Kỷ cương": 3, "Chống tiêu cực": 1, "Bài viết": 1, "Tin": 1, "Ảnh": 1, "2017": 2, "2016": 1,
    }  # fmt: skip


def test_mentions_are_not_shown_to_readers(client: Client, world: dict[str, Story]) -> None:
    assert listed(client, "/don-vi/cong-an-tp/") == ["Bài A"]
    response = client.get("/tin-bai/?don-vi=cong-an-tp&vai-tro=tat-ca")
    assert response.status_code == 400
    assert "chỉ dành cho cán bộ" in response.content.decode()


def test_a_branch_holds_the_units_below(client: Client, world: dict[str, Story]) -> None:
    assert listed(client, "/tin-bai/?don-vi=cong-an-tp&nhanh=1") == ["Tin B", "Bài A"]


def test_one_page_a_lineage(client: Client, world: dict[str, Story]) -> None:
    response = client.get("/don-vi/phuong-an-hai-tay/")
    assert (response.status_code, response["Location"]) == (302, "/don-vi/phuong-an-hai-2025/")
    assert listed(client, "/don-vi/phuong-an-hai-2025/") == ["Cả hai", "Phường mới", "Phường cũ"]
    page = client.get("/don-vi/phuong-an-hai-2025/").content.decode()
    assert "Gồm các đơn vị cũ:" in page
    assert "Phường An Hải Tây (đến hết 31/12/2024)" in page
    assert numbers(client, "/don-vi/")["Phường An Hải"][0] == 3


def test_a_split_unit_keeps_its_own_page(client: Client, world: dict[str, Story]) -> None:
    page = client.get("/don-vi/xa-hoa-lien/").content.decode()
    assert "Chia về" in page
    assert "/don-vi/phuong-lien-chieu-2025/" in page
    assert "Nhận một phần từ" in client.get("/don-vi/phuong-lien-chieu-2025/").content.decode()


def test_the_list_says_its_filter_and_each_condition_can_go(client: Client, world: dict[str, Story]) -> None:
    response = client.get("/tin-bai/?ky=2017&don-vi=so-y-te&loai=bai")
    soup = BeautifulSoup(response.content, "html.parser")
    heading = soup.find("h1")
    assert heading is not None
    assert heading.text == "Bài viết về Sở Y tế, đăng trong năm 2017"
    assert {link["href"] for link in soup.select(".chip")} == {
        "/tin-bai/?don-vi=so-y-te&ky=2017", "/tin-bai/?loai=bai&ky=2017", "/tin-bai/?loai=bai&don-vi=so-y-te",
    }  # fmt: skip
    canonical = soup.find("link", rel="canonical")
    assert canonical is not None
    assert canonical["href"] == "http://testserver/tin-bai/?loai=bai&don-vi=so-y-te&ky=2017"


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"Bài A", "Tin B", "Ảnh C", "Phường cũ", "Phường mới", "Cả hai"}),
        ("ky=2017-Q1", {"Bài A", "Tin B"}),
        ("tu=29/12/2016&den=16/02/2017", {"Bài A", "Ảnh C"}),
        ("nhom=chong&ky=2016", {"Ảnh C"}),
        ("don-vi=chua-gan", {"Ảnh C"}),
        ("tieu-chi=chua-gan", {"Tin B"}),
        ("but-danh=đoàn+lương&loai=bai", {"Bài A"}),
        ("don-vi=so-y-te&tieu-chi=chong-tieu-cuc", {"Bài A"}),
        # One row must meet both conditions: the ảnh is about Sở Y tế and, apart from it, about tiêu cực.
        ("don-vi=so-y-te&tieu-chi=chong-tieu-cuc&loai=anh", set()),
    ],
)
def test_lists(client: Client, world: dict[str, Story], query: str, titles: set[str]) -> None:
    found = listed(client, f"/tin-bai/?{query}")
    assert len(found) == len(set(found))
    assert set(found) == titles


def test_by_document(client: Client, world: dict[str, Story]) -> None:
    document = Document.objects.get(number="29-CT/TU")
    assert listed(client, f"/tin-bai/?van-ban={document.pk}") == ["Bài A"]


def test_feeds_list_what_pages_list(world: dict[str, Story]) -> None:
    assert [s.title for s in stories_for_department(unit("phuong-an-hai-2025"))] == [
        "Cả hai",
        "Phường mới",
        "Phường cũ",
    ]
    assert {s.title for s in stories_for_criterion(criterion("chong-tieu-cuc"))} == {"Bài A", "Ảnh C", "Cả hai"}


def test_a_fight_criterion_is_never_without_its_verb(client: Client, world: dict[str, Story]) -> None:
    for url in ("/tieu-chi/", "/tieu-chi/chong-tieu-cuc/", "/don-vi/so-y-te/", "/tin-bai/?tieu-chi=chong-tieu-cuc"):
        text = BeautifulSoup(client.get(url).content, "html.parser").get_text()
        assert "Chống tiêu cực" in text
        assert "Tiêu cực" not in text


def test_bad_pages_and_codes(client: Client, world: dict[str, Story]) -> None:
    assert client.get("/don-vi/khong-co/").status_code == 404
    assert client.get("/tieu-chi/khong-co/").status_code == 404
    assert client.get("/tin-bai/?trang=abc").status_code == 200
    response = client.get("/tin-bai/?ky=2017-13&don-vi=khong-co")
    assert response.status_code == 400
    assert "Kỳ “2017-13” không đọc được" in response.content.decode()
    assert "Không có đơn vị “khong-co”." in response.content.decode()


@pytest.mark.parametrize(
    "url",
    ["/don-vi/", "/don-vi/so-y-te/", "/tieu-chi/", "/tieu-chi/ky-cuong/", "/tin-bai/?don-vi=so-y-te", "/tin-bai/"],
)
def test_queries_do_not_grow(client: Client, world: dict[str, Story], url: str, django_assert_num_queries: Any) -> None:
    client.force_login(make_user())  # a session: never a page out of the cache
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    before = len(captured)
    for cls, maker in ((Article, make_article), (NewsItem, make_news), (Photo, make_photo_story)):
        for n in range(2):
            story = maker(f"Thêm {cls.__name__} {n}", issue_date=date(2019 + n, 1, 3))
            make_coverage(story, unit("so-y-te"), criterion("ky-cuong"))
            make_coverage(story, unit("so-du-lich"), criterion("chong-quan-lieu"))
    client.get(url)
    with django_assert_num_queries(before):
        client.get(url)


def test_a_name_is_told_apart_only_from_another_lineage(client: Client, world: dict[str, Story]) -> None:
    assert "Sở Nội vụ" in numbers(client, "/don-vi/")
    assert {"Sở Văn hóa, Thể thao và Du lịch (đến 5/2016)", "Sở Văn hóa, Thể thao và Du lịch (từ 2025)"} <= set(
        numbers(client, "/don-vi/")
    )
    heading = BeautifulSoup(client.get("/don-vi/so-noi-vu-2025/").content, "html.parser").h1
    assert heading is not None
    assert heading.text == "Sở Nội vụ"


def test_a_former_unit_is_not_listed_below_its_heir(client: Client, world: dict[str, Story]) -> None:
    children = client.get("/don-vi/cong-an-tp/").context["children"]
    assert [unit.code for unit in children] == ["phong-csgt"]
