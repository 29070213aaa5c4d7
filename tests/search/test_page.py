"""/tim-kiem/ as a reader meets it."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import PageViewRestriction

from column.signals import announce
from column.stories.models import Story
from search import asking
from search.port import FILTERS, Order, SearchQuery
from tests.factories import (
    make_article,
    make_coverage,
    make_criterion,
    make_department,
    make_news,
    make_photo_story,
)

pytestmark = pytest.mark.django_db


def page(client: Client, **parameters: object) -> BeautifulSoup:
    response = client.get("/tim-kiem/", parameters)
    assert response.status_code == 200
    return BeautifulSoup(response.content, "html.parser")


def titles(soup: BeautifulSoup) -> list[str]:
    return [" ".join(link.get_text().split()) for link in soup.select(".listing .item-title a")]


def sentence(soup: BeautifulSoup) -> str:
    return " ".join(soup.select_one(".sentence").get_text().split())


def test_a_reader_without_diacritics(client: Client) -> None:
    story = make_article(
        "Cải thiện lề lối", issue_date=date(2017, 2, 16), paragraphs=("Tăng cường trách nhiệm giải trình cho dân.",)
    )
    make_news("Chuyện khác")
    soup = page(client, q="trach nhiem giai trinh")
    assert titles(soup) == ["Cải thiện lề lối"]
    assert soup.select_one(".item-title a")["href"] == story.get_url()
    assert soup.select_one(".item-text mark").get_text() == "trách nhiệm giải trình"
    assert "Thứ Năm, 16/02/2017" in soup.select_one(".item .meta").get_text()
    assert sentence(soup) == "Tìm thấy 1 tin, bài có “trach nhiem giai trinh”."
    assert soup.title.get_text().startswith("Tìm “trach nhiem giai trinh”")
    assert soup.find("meta", {"name": "robots"})["content"] == "noindex, nofollow"


def test_the_form_works_without_a_script(client: Client) -> None:
    story, unit, criterion = (
        make_article("Một cửa", issue_date=date(2017, 2, 16)),
        make_department("Sở Y tế"),
        make_criterion(),
    )
    make_coverage(story, unit, criterion)
    announce([story.pk])
    soup = page(client, q="cửa", **{"don-vi": unit.code, "sap-xep": "moi-nhat"})
    form = soup.select_one("form[role=search]")
    assert (form["action"], form["method"], form["id"]) == ("/tim-kiem/", "get", "tim")
    assert form.select_one("input[type=search]")["value"] == "cửa"
    boxes = soup.select(".filters input[type=checkbox]")
    with_hits = {
        (box["form"], box["name"], box["value"], box.has_attr("checked"))
        for box in boxes
        if not box.find_parent("li").select_one(".count") or box.find_parent("li").select_one(".count").text != "0"
    }
    assert with_hits == {
        ("tim", "loai", "bai", False),
        ("tim", "nhom", "xay", False),
        ("tim", "don-vi", unit.code, True),
        ("tim", "nhanh", "1", False),
        ("tim", "tien-than", "1", False),
        ("tim", "tieu-chi", criterion.slug, False),
        ("tim", "ky", "2017", False),
        ("tim", "but-danh", "ĐOÀN LƯƠNG", False),
        ("tim", "co-anh", "0", False),
    }
    assert [r["value"] for r in soup.select("input[type=radio]") if r.has_attr("checked")] == ["moi-nhat"]
    assert {count.get_text() for count in soup.select(".filters .count")} == {"0", "1"}
    assert sentence(soup) == "Tìm thấy 1 tin, bài về Sở Y tế, có “cửa”."
    (chip,) = soup.select(".chip")
    assert chip["href"] == "/tim-kiem/?q=c%E1%BB%ADa&sap-xep=moi-nhat"
    # The only script adds suggestions to a form that works without it.
    assert len(soup.select("script[src*=search]")) == 1


def test_sentences(client: Client) -> None:
    one, two = make_department("Sở Một"), make_department("Sở Hai")
    criterion = make_criterion("quan liêu", prefix="Chống")
    for unit in (one, two):
        story = make_news("Tin", issue_date=date(2016, 1, 7))
        make_coverage(story, unit, criterion)
        announce([story.pk])
    assert sentence(page(client)) == "Kho bài có 2 tin, bài."
    chosen = {
        "don-vi": [one.code, two.code],
        "tieu-chi": criterion.slug,
        "nam": ["2016", "1999"],  # as old addresses say
        "loai": ["tin", "bai"],
    }
    assert sentence(page(client, **chosen)) == (
        "Tìm thấy 2 bài viết và tin về Sở Hai hoặc Sở Một, tiêu chí Chống quan liêu, đăng trong năm 1999 hoặc năm 2016."
    )
    assert sentence(page(client, q="xe", ky="2016-02")) == (
        "Không tìm thấy tin, bài, đăng trong tháng 2/2016, có “xe”."
    )
    assert sentence(page(client, q="<b>")) == "Không tìm thấy tin, bài có “<b>”."


def test_nothing_found_is_friendly(client: Client) -> None:
    soup = page(client, q="không có đâu", loai="bai")
    assert soup.select_one(".empty-title").get_text() == "Không tìm thấy kết quả"
    assert soup.select_one(".empty .button")["href"] == "/tim-kiem/?q=kh%C3%B4ng+c%C3%B3+%C4%91%C3%A2u"


def test_near_misses_and_shortened_queries_are_said(client: Client) -> None:
    make_news("Cải cách thủ tục ở phường")
    soup = page(client, q="cải cách thủ tục quận")
    assert titles(soup) == ["Cải cách thủ tục ở phường"]
    assert "chứa gần đủ" in soup.select_one(".notice").get_text()
    assert sentence(soup) == "Tìm thấy 1 tin, bài có gần đủ các từ “cải cách thủ tục quận”."
    assert "20 từ" in page(client, q="từ " * 40).select_one(".notice").get_text()


def test_pages(client: Client) -> None:
    for number in range(25):
        make_news(f"Tin {number}")
    first = page(client, q="tin")
    assert len(titles(first)) == 10
    assert first.select_one(".pagination .is-current").get_text().split() == ["Trang", "1"]
    assert len(titles(page(client, q="tin", trang=3))) == 5
    # Too far, and nonsense, are the last and the first page.
    assert titles(page(client, q="tin", trang=99)) == titles(page(client, q="tin", trang=3))
    for nonsense in ("0", "-1", "x", "1e9", "٣", "9" * 30, ""):
        assert page(client, q="tin", trang=nonsense)
    everything = {title for number in (1, 2, 3) for title in titles(page(client, q="tin", trang=number))}
    assert len(everything) == 25


def test_titles_and_snippets_are_escaped(client: Client) -> None:
    make_news("<script>alert(1)</script> tin", paragraphs=("&lt;img src=x onerror=y&gt; tin",))
    html = client.get("/tim-kiem/", {"q": 'tin "<svg onload=x>'}).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "<svg onload" not in html
    html = client.get("/tim-kiem/", {"don-vi": '"><svg onload=x>', "q": "tin"}).content.decode()
    assert "<svg onload" not in html


def test_nobody_sees_what_they_may_not(client: Client) -> None:
    hidden, draft, shown = make_news("Tin kín"), make_news("Tin nháp", live=False), make_news("Tin mở")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    soup = page(client, q="tin")
    assert titles(soup) == ["Tin mở"]
    assert {count.get_text() for count in soup.select(".filters .count")} == {"0", "1"}
    # Even were the index behind: what is found is read as readers may.
    Story.objects.filter(pk=shown.pk).update(live=False)
    assert titles(page(client, q="tin")) == []
    assert draft.title not in client.get("/tim-kiem/rss/?q=tin").content.decode()


def test_the_number_of_queries_does_not_grow(client: Client) -> None:
    def cost() -> int:
        client.get("/tim-kiem/", {"q": "bài ảnh"})  # the catalogue is made once after a change
        with CaptureQueriesContext(connection) as captured:
            soup = page(client, q="bài ảnh")
        assert titles(soup)
        return len(captured)

    def add(number: int) -> None:
        story = make_photo_story(f"Bài ảnh {number}")
        make_coverage(story, make_department())
        announce([story.pk])

    add(0)
    # One hit does not fill the page: two more ranks are asked, for any number of hits.
    few = cost()
    for number in range(1, 11):
        add(number)
    full = cost()
    for number in range(11, 24):
        add(number)
    assert cost() == full == few - 2
    assert few <= 14


def test_signs_that_no_feed_may_hold(client: Client) -> None:
    make_news("Tin thử")
    response = client.get("/tim-kiem/rss/", {"q": "t\x03in\x0b \ufffethử\x7f"})
    assert "<title>5 xây, 3 chống – tìm “tin thử”</title>" in response.content.decode()
    assert "Tin thử" in response.content.decode()


def test_rss(client: Client) -> None:
    old, new = make_news("Tin cũ", issue_date=date(2016, 1, 7)), make_news("Tin mới", issue_date=date(2017, 2, 16))
    make_news("Khác")
    response = client.get("/tim-kiem/rss/", {"q": "tin", "loai": "tin"})
    assert response["Content-Type"].startswith("application/rss+xml")
    channel = ElementTree.fromstring(response.content).find("channel")
    assert channel.findtext("title") == "5 xây, 3 chống – tìm “tin”"
    assert channel.findtext("link").endswith("/tim-kiem/?q=tin&loai=tin")
    assert [item.findtext("title") for item in channel.iter("item")] == ["Tin mới", "Tin cũ"]
    assert [item.findtext("guid") for item in channel.iter("item")] == [
        f"5-xay-3-chong:{story.public_id}" for story in (new, old)
    ]
    assert page(client, q="tin").select_one("link[type='application/rss+xml']")["href"] == "/tim-kiem/rss/?q=tin"
    assert client.get("/tim-kiem/rss/").status_code == 200


def test_only_reading(client: Client) -> None:
    assert client.post("/tim-kiem/").status_code == 405
    assert client.head("/tim-kiem/").status_code == 200


@given(
    st.builds(
        SearchQuery,
        st.text('aàđ "<&%+', max_size=20).map(lambda text: " ".join(text.split())),
        st.dictionaries(
            st.sampled_from(FILTERS), st.frozensets(st.text("ab-1&=", min_size=1, max_size=5), min_size=1, max_size=3)
        ),
        st.sampled_from(Order),
        st.integers(1, 500),
    )
)
def test_the_address_is_read_back(query: SearchQuery) -> None:
    url = asking.address(query)
    assert asking.read(QueryDict(url.partition("?")[2])) == query


@given(st.text(), st.text(), st.text())
def test_any_address_is_read(text: str, value: str, number: str) -> None:
    params = QueryDict(mutable=True)
    params.update({"q": text, "loai": value, "trang": number, "sap-xep": value})
    query = asking.read(params)
    assert 1 <= query.page <= asking.LAST_PAGE
    assert not re.search(r"\s\s\Z", query.text)
