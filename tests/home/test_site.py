"""What readers see, exactly: front page, archive, stories, feeds, the map of the site; and what they never see."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, time
from typing import Any
from xml.etree import ElementTree

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.views import defaults
from django.views.csrf import csrf_failure
from wagtail.models import PageViewRestriction

from column.coverage.models import Document, StoryDocument
from column.enums import CorrectionKind, CreditRole, Family, Kind
from column.people.models import Byline
from column.schedule.models import Slot
from column.stories.models import Article, BylineCredit, Correction, Story
from column.stories.takedown import take_down
from home.models import Masthead
from tests.factories import (
    column_page,
    make_article,
    make_coverage,
    make_criterion,
    make_department,
    make_news,
    make_photo_story,
    make_picture,
    make_user,
)

pytestmark = pytest.mark.django_db

THURSDAY = date(2017, 2, 16)
#: 15:00 in Đà Nẵng on that Thursday.
NOW = datetime(2017, 2, 16, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _that_thursday() -> Any:
    with time_machine.travel(NOW, tick=False):
        Slot.objects.all().delete()
        yield


def soup(client: Client, path: str, status: int = 200) -> BeautifulSoup:
    response = client.get(path)
    assert response.status_code == status, path
    return BeautifulSoup(response.content, "html.parser")


def words(found: Any) -> str:
    return " ".join(found.get_text(" ", strip=True).split())


def titles(page: BeautifulSoup, selector: str) -> list[str]:
    return [words(one) for one in page.select(selector)]


# --- front page -------------------------------------------------------------------------------------------------


def test_front_page_has_this_thursdays_article_and_the_rest_in_order(client: Client):
    make_article("Kỳ trước", issue_date=date(2017, 2, 9), standfirst="Sa-pô cũ.")
    lead = make_article("Kỳ này", issue_date=THURSDAY, standfirst="Sa-pô của kỳ này.", lead_photo=make_picture())
    make_news("Tin thứ Tư", issue_date=date(2017, 2, 15))
    make_news("Tin thứ Ba", issue_date=date(2017, 2, 14))
    make_photo_story("Chùm ảnh", issue_date=date(2017, 2, 13))
    page = soup(client, "/")
    assert words(page.select_one(".front-label")) == "Bài của kỳ này Thứ Năm, 16/02/2017"
    assert titles(page, ".lead-title") == ["Kỳ này"]
    assert page.select_one(".lead-title a")["href"] == lead.get_url()
    assert words(page.select_one(".lead-standfirst")) == "Sa-pô của kỳ này."
    assert titles(page, ".listing .item-title") == ["Tin thứ Tư", "Tin thứ Ba"]
    assert titles(page, ".photo-row .card-title") == ["Chùm ảnh"]
    assert titles(page, ".cards .card-title") == ["Kỳ trước"]
    assert words(page.select_one(".masthead-date")) == "Thứ Năm, 16/02/2017"


def test_front_page_says_so_when_the_newest_article_is_an_older_one(client: Client):
    make_article("Bài cũ", issue_date=date(2017, 2, 9))
    page = soup(client, "/")
    assert words(page.select_one(".front-label")) == "Bài của kỳ gần nhất Thứ Năm, 09/02/2017"
    assert page.select_one(".lead--plain") is not None


def test_a_second_article_of_the_week_does_not_lead(client: Client):
    thursday = make_article("Của kỳ", issue_date=THURSDAY)
    make_article("Ngoài kỳ, cùng ngày", issue_date=THURSDAY)
    make_article("Ngoài kỳ, thứ Sáu", issue_date=date(2017, 2, 17))
    Slot.objects.create(column=column_page(), day=THURSDAY, publish_time=time(6), story=thursday)
    page = soup(client, "/")
    assert titles(page, ".lead-title") == ["Của kỳ"]
    assert set(titles(page, ".cards .card-title")) == {"Ngoài kỳ, cùng ngày", "Ngoài kỳ, thứ Sáu"}


def test_without_slots_the_columns_weekday_leads(client: Client):
    make_article("Thứ Năm", issue_date=THURSDAY)
    make_article("Thứ Sáu", issue_date=date(2017, 2, 17))
    assert titles(soup(client, "/"), ".lead-title") == ["Thứ Năm"]


def test_an_empty_site_is_a_page_too(client: Client):
    page = soup(client, "/")
    assert words(page.select_one(".empty-title")) == "Chưa có bài nào lên trang"
    assert words(page.select_one(".next-date")) == "Thứ Năm, 23/02/2017"


@pytest.mark.parametrize("teaser", ["", "Kỳ tới nói về quầy một cửa."])
def test_next_thursday_has_a_teaser_only_if_an_editor_wrote_one(client: Client, teaser: str):
    this = make_article("Kỳ này", issue_date=THURSDAY)
    slots = [(THURSDAY, this, ""), (date(2017, 2, 23), None, "nghỉ lễ"), (date(2017, 3, 2), None, "")]
    for day, story, skipped in slots:
        Slot.objects.create(
            column=column_page(), day=day, publish_time=time(6), story=story, skip_reason=skipped,
            teaser=teaser if day.month == 3 else "",
        )  # fmt: skip
    box = soup(client, "/").select_one(".next-issue")
    assert words(box) == f"Kỳ tới Thứ Năm, 02/03/2017 {teaser}".strip()


def test_criteria_index_counts_published_stories_once_and_names_the_fight(client: Client):
    build = make_criterion("chu đáo")
    fight = make_criterion("lãng phí", family=Family.FIGHT, prefix="Chống")
    one, other = make_department(), make_department()
    story = make_article(issue_date=THURSDAY)
    make_coverage(story, one, fight)
    make_coverage(story, other, fight)
    make_coverage(story, one, build, role="mentioned")
    make_coverage(make_article(live=False), one, build)
    lines = {
        words(line.select_one("a")): words(line.select_one(".count"))
        for line in soup(client, "/").select(".criteria-list li")
    }
    assert lines["Chống lãng phí"] == "1 tin, bài"
    assert lines["Chu đáo"] == "0 tin, bài"
    assert "Lãng phí" not in lines


# --- archive ----------------------------------------------------------------------------------------------------


@pytest.fixture
def three_years() -> None:
    make_article("Năm 2015", issue_date=date(2015, 5, 7))
    make_article("Tháng Hai, 9/2", issue_date=date(2017, 2, 9))
    make_article("Tháng Hai, 16/2", issue_date=THURSDAY)
    make_news("Tin tháng Một", issue_date=date(2017, 1, 31))


@pytest.mark.usefixtures("three_years")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("", ["Tháng Hai, 16/2", "Tháng Hai, 9/2", "Tin tháng Một", "Năm 2015"]),
        ("2017/", ["Tháng Hai, 16/2", "Tháng Hai, 9/2", "Tin tháng Một"]),
        ("2017/02/", ["Tháng Hai, 16/2", "Tháng Hai, 9/2"]),
        ("2016/", []),
    ],
)
def test_archive_by_year_and_month(client: Client, path: str, expected: list[str]):
    page = soup(client, f"/5-xay-3-chong/{path}")
    assert titles(page, ".item-title") == expected
    years = {words(link) for link in page.select(".years:not(.years--months) a")}
    assert years == {"2017 3", "2015 1"}


@pytest.mark.usefixtures("three_years")
def test_archive_of_a_year_counts_its_months_and_links_only_those_with_stories(client: Client):
    page = soup(client, "/5-xay-3-chong/2017/")
    months = page.select(".years--months > *")
    assert [words(one) for one in months if one.name == "a"] == ["Tháng 1 1", "Tháng 2 2"]
    assert len(months) == 12
    assert words(page.select_one(".sentence-small")) == "2 bài viết, 1 tin, 0 ảnh"
    make_news("Tin hay ảnh", issue_date=date(2017, 3, 1), kind=Kind.POOLED)
    counted = words(soup(client, "/5-xay-3-chong/2017/").select_one(".sentence-small"))
    assert counted == "2 bài viết, 1 tin, 0 ảnh, 1 tin, ảnh chưa phân loại"


@pytest.mark.parametrize("path", ["2017/13/", "2017/0/", "0217/", "2017/02/16/"])
def test_archive_of_no_such_month_is_not_found(client: Client, path: str):
    assert client.get(f"/5-xay-3-chong/{path}").status_code == 404


def test_archive_pages_through_and_forgives_nonsense(client: Client):
    for number in range(23):
        make_news(f"Tin {number:02d}", issue_date=date(2017, 1, 1 + number))
    assert titles(soup(client, "/5-xay-3-chong/"), ".item-title")[0] == "Tin 22"
    second = soup(client, "/5-xay-3-chong/?trang=2")
    assert titles(second, ".item-title") == ["Tin 02", "Tin 01", "Tin 00"]
    assert second.select_one('.pagination a[rel="prev"]')["href"] == "./"
    for odd in ("0", "x", "-1", "99", "%00"):
        assert client.get(f"/5-xay-3-chong/?trang={odd}").status_code == 200


# --- stories ----------------------------------------------------------------------------------------------------


@pytest.fixture
def full_story() -> Article:
    """A story with everything that a story can have."""
    linked = make_article("Bài được dẫn", issue_date=date(2017, 1, 5))
    hidden = make_article("Bài nháp được dẫn", live=False)
    picture = make_picture()
    story = make_article(
        "Cải thiện lề lối", issue_date=THURSDAY, kicker="Ba năm Chỉ thị 29", standfirst="Sau 3 năm triển khai.",
        lead_photo=picture, printed_at=datetime(2017, 2, 16, 7, 12, tzinfo=UTC), print_issue="6123", print_page="3",
    )  # fmt: skip
    story.body = [
        ("paragraph", f'<p>Đoạn <b>đầu</b>, <a linktype="page" id="{linked.pk}">bài trước</a>.</p>'),
        ("subhead", "Tít phụ <một>"),
        ("quote", {"text": "Lời trích.", "attribution": "Một cán bộ"}),
        ("photo", {"image": picture, "caption": "Chú thích riêng", "credit": ""}),
        ("gallery", {"photos": [{"image": make_picture(), "caption": "", "credit": "AN"} for _ in range(2)]}),
        (
            "table",
            {
                "data": [["Đơn vị", "Hồ sơ"], ["Phường A", "1.204"]],
                "first_row_is_table_header": True, "first_col_is_header": True, "table_caption": "Kết quả",
            },
        ),
        ("number", {"value": "6 % → 71 %", "text": "hồ sơ có thư xin lỗi", "source": "thành phố"}),
        ("related", {"stories": [linked, hidden]}),
        ("link_card", {"url": "https://example.vn/x", "title": "Cổng dịch vụ", "text": "Tra cứu", "source": ""}),
    ]  # fmt: skip
    story.byline_credits.add(BylineCredit(byline=Byline.objects.create(name="KIM LIÊN"), role=CreditRole.PHOTOS))
    story.save_revision().publish()
    unit, fight = make_department("Sở Nội vụ"), make_criterion("quan liêu", family=Family.FIGHT, prefix="Chống")
    make_coverage(story, unit, fight)
    make_coverage(story, make_department("Ban Thường vụ"), role="mentioned")
    document = Document.objects.create(type="chi_thi", number="99-CT/TU", issuer="X", issued_on=date(2013, 11, 6))
    StoryDocument.objects.create(story=story, document=document, relation="carries_out")
    Correction.objects.create(story=story, kind=CorrectionKind.CORRECTION, text="Số đúng là 55/56.")
    return story


def test_a_story_with_everything(client: Client, full_story: Article):
    page = soup(client, full_story.get_url())
    assert words(page.h1) == "Cải thiện lề lối"
    assert words(page.select_one(".kicker")) == "Ba năm Chỉ thị 29"
    assert (
        words(page.select_one(".dateline"))
        == "ĐOÀN LƯƠNG. Ảnh: KIM LIÊN 14:12, 16/02/2017 (GMT+7) Số báo 6123, trang 3"
    )
    assert words(page.select_one(".standfirst")) == "Sau 3 năm triển khai."
    assert words(page.select_one(".signature")) == "ĐOÀN LƯƠNG. Ảnh: KIM LIÊN"
    assert "Số đúng là 55/56." in words(page.select_one(".correction"))
    body = page.select_one(".story-body")
    assert body.select_one("h2").get_text() == "Tít phụ <một>"
    assert words(body.select_one("blockquote")) == "Lời trích."
    assert [words(one) for one in body.select("figcaption")] == [
        "Một cán bộ", "Chú thích riêng Ảnh: KIM LIÊN", *["Cán bộ hướng dẫn người dân làm thủ tục. Ảnh: AN"] * 2,
    ]  # fmt: skip
    assert [(words(cell), cell.get("class")) for cell in body.select("td")] == [("1.204", ["num"])]
    assert words(body.select_one(".figures-apart strong")) == "6 % → 71 %"
    assert titles(page, ".related li a") == ["Bài được dẫn"]
    assert words(body.select_one(".linkcard")) == "Cổng dịch vụ Tra cứu https://example.vn/x ↗"
    covers = page.select_one(".covers")
    assert [words(one) for one in covers.select("li")] == [
        "Sở Nội vụ",
        "Chống quan liêu",
        "Chỉ thị 99-CT/TU (06/11/2013)",
    ]
    assert "Bài nháp" not in page.get_text()


def test_pictures_have_dimensions_widths_and_a_text(client: Client, full_story: Article):
    page = soup(client, full_story.get_url())
    images = page.select("main img")
    assert len(images) == 4
    for image in images:
        assert image["src"].endswith(".webp")
        assert int(image["width"]) > 0
        assert int(image["height"]) > 0
        assert image["alt"] == "Hai người ngồi bên bàn tiếp dân."
        assert re.fullmatch(r"(\S+\.webp \d+w(, )?)+", image["srcset"])
    assert [image.get("loading") for image in images] == [None, "lazy", "lazy", "lazy"]


def test_a_lost_picture_takes_no_words_with_it(client: Client):
    picture = make_picture()
    story = make_article("Ảnh đã mất", issue_date=THURSDAY, lead_photo=picture)
    picture.file.storage.delete(picture.file.name)
    page = soup(client, story.get_url())
    assert words(page.h1) == "Ảnh đã mất"
    assert page.select("main img") == []
    assert client.get("/").status_code == 200
    assert client.get("/rss/").status_code == 200


def test_head_of_a_story(client: Client, full_story: Article):
    page = soup(client, full_story.get_url())
    address = full_story.full_url
    assert page.select_one('link[rel="canonical"]')["href"] == address
    meta = {one.get("property") or one.get("name"): one["content"] for one in page.select("meta[content]")}
    assert meta["og:title"] == "Cải thiện lề lối"
    assert meta["og:url"] == address
    assert meta["og:image"].startswith("http://testserver/media/")
    assert meta["description"] == "Sau 3 năm triển khai."
    data = json.loads(page.select_one('script[type="application/ld+json"]').string)
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == "Cải thiện lề lối"
    assert data["datePublished"] == "2017-02-16T07:12:00+00:00"
    assert [one["name"] for one in data["author"]] == ["ĐOÀN LƯƠNG", "KIM LIÊN"]


def test_structured_data_cannot_leave_its_script(client: Client):
    story = make_article("</script><script>alert(1)</script>", issue_date=THURSDAY)
    response = client.get(story.get_url()).content.decode()
    assert "<script>alert(1)" not in response
    assert json.loads(BeautifulSoup(response, "html.parser").select_one('script[type="application/ld+json"]').string)[
        "headline"
    ].startswith("</script>")


def test_no_script_or_style_stands_inside_a_page(client: Client, full_story: Article):
    """The strict policy to come allows files only."""
    for path in ("/", "/5-xay-3-chong/", full_story.get_url(), f"{full_story.get_url()}in/", "/khong-co/"):
        page = BeautifulSoup(client.get(path).content, "html.parser")
        inline = [
            one for one in page.select("script") if not one.get("src") and one.get("type") != "application/ld+json"
        ]
        assert inline == [], path
        assert page.select("style, [style], [onclick]") == [], path


def test_print_view_is_the_story_on_paper(client: Client, full_story: Article):
    page = soup(client, f"{full_story.get_url()}in/")
    assert words(page.h1) == "Cải thiện lề lối"
    assert page.select_one(".site-nav, .searchbox, .after-story") is None
    assert full_story.full_url in words(page.select_one(".story-address"))
    assert page.select_one('meta[name="robots"]')["content"] == "noindex"


def test_news_and_photo_stories_have_their_own_pages(client: Client):
    news = make_news("Một tin", issue_date=THURSDAY)
    photo = make_photo_story("Một chùm ảnh", pictures=3, issue_date=THURSDAY)
    page = soup(client, news.get_url())
    assert words(page.select_one(".kicker")) == "5 xây, 3 chống · Tin"
    page = soup(client, photo.get_url())
    assert words(page.select_one(".kicker")) == "5 xây, 3 chống · Ảnh"
    assert [words(one) for one in page.select(".photo-number")] == ["1/3", "2/3", "3/3"]
    assert len(page.select(".photo-set img")) == 3


def test_related_stories_share_a_unit_and_leave_out_the_story_itself(client: Client):
    unit, other = make_department(), make_department()
    story = make_article("Chính", issue_date=THURSDAY)
    for made, about in ((story, unit), (make_news("Cùng đơn vị", issue_date=THURSDAY), unit),
                        (make_news("Khác đơn vị", issue_date=THURSDAY), other),
                        (make_news("Cùng đơn vị, nháp", live=False), unit)):  # fmt: skip
        make_coverage(made, about)
    assert titles(soup(client, story.get_url()), ".after-story .card-title") == ["Cùng đơn vị"]


# --- never shown ------------------------------------------------------------------------------------------------


@pytest.fixture
def hidden() -> dict[str, Story]:
    """A draft, a restricted story and one taken down, all covering the same unit as an open one."""
    unit, criterion = make_department("Đơn vị chung", code="don-vi-chung"), make_criterion("gương mẫu chung")
    stories = {
        "draft": make_news("Bí mật nháp", live=False),
        "restricted": make_article("Bí mật hạn chế", issue_date=THURSDAY),
        "down": make_photo_story("Bí mật đã gỡ", issue_date=THURSDAY),
        "open": make_news("Tin mở", issue_date=THURSDAY),
    }
    for story in stories.values():
        make_coverage(story, unit, criterion)
    PageViewRestriction.objects.create(page=stories["restricted"], restriction_type="login")
    take_down(stories["down"], make_user(is_superuser=True), "Tòa soạn đã gỡ bài này.")
    return stories | {"criterion": criterion}  # type: ignore[dict-item]


def test_drafts_restricted_and_taken_down_stories_show_nowhere(client: Client, hidden: dict[str, Any]):
    paths = [
        "/", "/5-xay-3-chong/", "/5-xay-3-chong/2017/", "/5-xay-3-chong/2017/02/", hidden["open"].get_url(),
        "/don-vi/don-vi-chung/", hidden["criterion"].get_absolute_url(), "/tin-bai/", "/rss/", "/rss/5-xay-3-chong/",
        "/rss/don-vi/don-vi-chung/", f"/rss/tieu-chi/{hidden['criterion'].slug}/", "/sitemap.xml", "/sitemap-trang.xml",
    ]  # fmt: skip
    leaks = set()
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        text = response.content.decode()
        numbers = {str(hidden[name].public_id) for name in ("draft", "restricted", "down")}
        if "Bí mật" in text or any(number in text for number in numbers):
            leaks.add(path)
    assert leaks == set()


def test_what_the_hidden_ones_answer_themselves(client: Client, hidden: dict[str, Any]):
    assert client.get(hidden["draft"].get_url()).status_code == 404
    assert client.get(hidden["restricted"].get_url()).status_code == 302
    page = soup(client, hidden["down"].get_url(), 410)
    assert words(page.h1) == "Bài viết đã được gỡ"
    assert "Tòa soạn đã gỡ bài này." in words(page.main)
    assert "Bí mật" not in page.get_text()
    for name in ("draft", "restricted", "down"):
        assert client.get(f"/bao-loi/{hidden[name].public_id}/").status_code == 404


def test_not_found_is_friendly(client: Client):
    page = soup(client, "/khong-co-trang-nay/", 404)
    assert words(page.h1) == "Không tìm thấy trang này"
    assert page.select_one('main form[action="/tim-kiem/"]') is not None


def test_a_page_with_a_password_asks_in_our_own_words(client: Client):
    story = make_article("Bài kín", issue_date=THURSDAY)
    PageViewRestriction.objects.create(page=story, restriction_type="password", password="mo-ra")
    page = soup(client, story.get_url())
    assert words(page.h1) == "Trang này cần mật khẩu"
    assert "Bài kín" not in page.get_text()
    form = page.select_one("main form")
    hidden = {
        one["name"]: one["value"] for one in form.select("input[type=hidden]") if one["name"] != "csrfmiddlewaretoken"
    }
    answer = client.post(form["action"], hidden | {"password": "mo-ra"})
    assert answer.status_code == 302
    assert words(soup(client, story.get_url()).h1) == "Bài kín"


@pytest.mark.parametrize(
    ("view", "status", "title"),
    [
        (defaults.server_error, 500, "Trang đang gặp trục trặc"),
        (lambda request: defaults.bad_request(request, ValueError()), 400, "Yêu cầu không đọc được"),
        (lambda request: csrf_failure(request, reason="x"), 403, "Trang này mở đã lâu"),
    ],
)
def test_pages_of_a_fault_need_no_database(view: Any, status: int, title: str):
    with CaptureQueriesContext(connection) as queries:
        response = view(RequestFactory().get("/"))
    assert response.status_code == status
    assert len(queries) == 0
    assert words(BeautifulSoup(response.content, "html.parser").h1) == title


# --- feeds, map, robots -----------------------------------------------------------------------------------------


def test_feed_holds_title_address_standfirst_time_and_photo(client: Client):
    story = make_article(
        "Bài có ảnh", issue_date=THURSDAY, standfirst="Sa-pô & hơn.", lead_photo=make_picture(),
        printed_at=datetime(2017, 2, 16, 7, 12, tzinfo=UTC),
    )  # fmt: skip
    make_news("Tin", issue_date=date(2017, 2, 14))
    response = client.get("/rss/")
    assert response["Content-Type"] == "application/rss+xml; charset=utf-8"
    items = ElementTree.fromstring(response.content).findall("channel/item")
    assert [item.findtext("title") for item in items] == ["Bài có ảnh", "Tin"]
    first = items[0]
    assert first.findtext("link") == f"http://testserver{story.get_url()}"
    assert first.findtext("description") == "Sa-pô & hơn."
    assert first.findtext("pubDate") == "Thu, 16 Feb 2017 07:12:00 +0000"
    assert first.findtext("guid") == f"5-xay-3-chong:{story.public_id}"
    enclosure = first.find("enclosure")
    assert enclosure is not None
    assert enclosure.get("type") == "image/jpeg"
    assert int(enclosure.get("length", "0")) > 1000
    only = client.get("/rss/5-xay-3-chong/").content.decode()
    assert ("<title>Bài có ảnh</title>" in only, "<title>Tin</title>" in only) == (True, False)


def test_feeds_of_a_unit_and_a_criterion(client: Client):
    unit, criterion = make_department("Sở Nội vụ"), make_criterion("tiêu cực", family=Family.FIGHT, prefix="Chống")
    story = make_news("Tin về sở", issue_date=THURSDAY)
    make_coverage(story, unit, criterion)
    make_news("Tin khác", issue_date=THURSDAY)
    for path, title in (
        (f"/rss/don-vi/{unit.code}/", "5 xây, 3 chống – Sở Nội vụ"),
        (f"/rss/tieu-chi/{criterion.slug}/", "5 xây, 3 chống – Chống tiêu cực"),
    ):
        channel = ElementTree.fromstring(client.get(path).content).find("channel")
        assert channel is not None
        assert channel.findtext("title") == title
        assert [item.findtext("title") for item in channel.findall("item")] == ["Tin về sở"]
    assert client.get("/rss/don-vi/khong-co/").status_code == 404


def test_map_of_the_site(client: Client):
    story = make_article(issue_date=THURSDAY)
    unit, criterion = make_department(), make_criterion()
    make_coverage(story, unit, criterion)
    index = client.get("/sitemap.xml").content.decode()
    sections = re.findall(r"<loc>http://testserver(/sitemap-[\w-]+\.xml)</loc>", index)
    assert sections == ["/sitemap-trang.xml", "/sitemap-don-vi.xml", "/sitemap-tieu-chi.xml", "/sitemap-so-lieu.xml"]
    found = {
        path: set(re.findall(r"<loc>http://[\w.:]+([^<]*)</loc>", client.get(path).content.decode()))
        for path in sections
    }
    assert found == {
        "/sitemap-trang.xml": {"/", "/5-xay-3-chong/", story.get_url()},
        "/sitemap-don-vi.xml": {unit.get_absolute_url()},
        "/sitemap-tieu-chi.xml": {criterion.get_absolute_url()},
        "/sitemap-so-lieu.xml": set(),
    }


@pytest.mark.parametrize("demo", [True, False])
def test_a_demonstration_says_so_on_every_page_and_keeps_machines_out(client: Client, demo: bool):
    masthead = Masthead.load()
    masthead.is_demo = demo
    masthead.save()
    story = make_article(issue_date=THURSDAY)
    for path in ("/", story.get_url(), f"{story.get_url()}in/", "/don-vi/", "/khong-co/"):
        page = BeautifulSoup(client.get(path).content, "html.parser")
        assert ("DỮ LIỆU MINH HỌA" in page.get_text()) is demo, path
        if demo:
            assert "noindex" in page.select_one('meta[name="robots"]')["content"], path
    robots = client.get("/robots.txt").content.decode()
    assert ("Disallow: /\n" in robots) is demo
    assert ("Sitemap: http://testserver/sitemap.xml" in robots) is not demo


def test_imprint_comes_from_the_settings(client: Client):
    masthead = Masthead.load()
    masthead.newspaper, masthead.governing_body = "Báo thử", "Cơ quan thử"
    masthead.licence, masthead.head_title, masthead.head_name = "Số 1/GP, ngày 01/01/2015", "Giám đốc", "Người thử"
    masthead.address, masthead.phone, masthead.email = "Số 1, Đà Nẵng", "0236 1", "thu@example.vn"
    masthead.save()
    assert words(soup(client, "/").select_one(".imprint")) == (
        "Báo thử Cơ quan chủ quản: Cơ quan thử Giấy phép: Số 1/GP, ngày 01/01/2015 Giám đốc: Người thử "
        "Tòa soạn: Số 1, Đà Nẵng Điện thoại: 0236 1 Thư điện tử: thu@example.vn"
    )


# --- the number of queries ----------------------------------------------------------------------------------------


def queries_for(client: Client, path: str) -> int:
    assert client.get(path).status_code == 200  # warms what is kept for good: sites, renditions
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return len(queries)


@pytest.mark.parametrize(
    "path", ["/", "/5-xay-3-chong/", "/5-xay-3-chong/2017/", "/rss/", "/sitemap-trang.xml", "/sitemap-don-vi.xml"]
)
def test_lists_ask_as_often_for_one_story_as_for_thirty(client: Client, path: str):
    unit = make_department()

    def add(number: int) -> None:
        for at in range(number):
            for story in (
                make_article(issue_date=date(2017, 1, 1 + at % 28), lead_photo=make_picture(size=(200, 150))),
                make_news(issue_date=date(2017, 1, 1 + at % 28), lead_photo=make_picture(size=(200, 150))),
                make_photo_story(issue_date=date(2017, 1, 1 + at % 28)),
            ):
                make_coverage(story, unit)

    add(2)
    few = queries_for(client, path)
    add(8)
    assert queries_for(client, path) == few


def test_a_story_asks_as_often_with_one_photo_and_link_as_with_twenty(client: Client):
    linked = make_article(issue_date=date(2017, 1, 5))

    def story(number: int) -> Article:
        link = f'<p>Xem <a linktype="page" id="{linked.pk}">bài trước</a>.</p>'
        made = make_article(issue_date=THURSDAY, lead_photo=make_picture(size=(200, 150)))
        made.body = [
            *[("paragraph", link) for _ in range(number)],
            *[("photo", {"image": make_picture(size=(200, 150)), "caption": "", "credit": ""}) for _ in range(number)],
            (
                "gallery",
                {
                    "photos": [
                        {"image": make_picture(size=(200, 150)), "caption": "", "credit": ""} for _ in range(number)
                    ]
                },
            ),
            ("related", {"stories": [linked]}),
        ]
        for at in range(number):
            made.byline_credits.add(BylineCredit(byline=Byline.objects.create(name=f"BÚT DANH {made.pk} {at}")))
            Correction.objects.create(story=made, kind=CorrectionKind.UPDATE, text=f"Lần {at}")
        made.save_revision().publish()
        for _ in range(number):
            make_coverage(made, make_department(), make_criterion())
        return made

    one, twenty = story(2), story(20)
    assert queries_for(client, one.get_url()) == queries_for(client, twenty.get_url())


def test_no_page_type_breaks_the_system_check():
    call_command("check", fail_level="ERROR")
