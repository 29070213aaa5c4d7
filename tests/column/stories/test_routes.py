"""Which address answers with what, and to whom nothing is said."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from column.stories.models import Article, ColumnPage, Story
from column.stories.takedown import NEUTRAL, take_down
from tests.factories import column_page, make_article, make_news, make_photo_story, make_user

pytestmark = pytest.mark.django_db

THURSDAY = date(2017, 2, 16)
COLUMN = "/5-xay-3-chong/"


def restrict(page):
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)


@pytest.mark.parametrize("make", [make_article, make_news, make_photo_story])
def test_a_story_and_its_print_view(client: Client, make):
    story = make("Điện Bàn đổi mới", issue_date=THURSDAY)
    address = f"{COLUMN}dien-ban-doi-moi-{story.public_id}/"
    assert story.url == address
    for path in (address, f"{address}in/"):
        response = client.get(path)
        assert response.status_code == 200
        assert "Điện Bàn đổi mới" in response.content.decode()


@pytest.mark.parametrize("tail", ["", "in/"])
@pytest.mark.parametrize("words", ["sai-chu-", "dien-ban-doi-mo-", ""])
def test_wrong_words_lead_to_the_right_ones_with_the_query(client: Client, words, tail):
    story = make_article("Điện Bàn đổi mới", issue_date=THURSDAY)
    response = client.get(f"{COLUMN}{words}{story.public_id}/{tail}?tu=bao-in&x=1")
    assert response.status_code == 301
    assert response["Location"] == f"{story.url}{tail}?tu=bao-in&x=1"


def test_a_changed_slug_redirects_and_back_again(client: Client):
    story = make_article("Tít đầu", issue_date=THURSDAY)
    first = story.url
    story.title, story.slug = "Tít sau", "tit-sau"
    story.save_revision().publish()
    second = Article.objects.get(pk=story.pk).url
    assert second == f"{COLUMN}tit-sau-{story.public_id}/"
    redirect = client.get(first)
    assert (redirect.status_code, redirect["Location"]) == (301, second)
    # A browser that kept this for ever would run in a circle once the words are changed back.
    assert redirect["Cache-Control"] == "max-age=300"
    assert client.get(second).status_code == 200


def test_a_story_in_another_column_is_found_from_the_old_one(client: Client):
    story = make_article("Tít", issue_date=THURSDAY)
    old = story.url
    other = ColumnPage(title="Chuyên mục khác", slug="chuyen-muc-khac")
    column_page().get_parent().add_child(instance=other)
    story.move(other, pos="last-child")
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, f"/chuyen-muc-khac/tit-{story.public_id}/")


def test_unknown_numbers_and_further_paths_are_404(client: Client):
    story = make_article("Tít", issue_date=THURSDAY)
    for path in (
        f"{COLUMN}tit-100000000/",
        f"{story.url}khac/",
        f"{story.url}in/in/",
        f"{COLUMN}sai-{story.public_id}/x/",
    ):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("tail", ["", "in/"])
def test_nothing_is_said_of_a_draft(client: Client, tail):
    story = make_article("Tít kín", live=False)
    for words in ("tit-kin", "sai-chu"):
        response = client.get(f"{COLUMN}{words}-{story.public_id}/{tail}")
        assert response.status_code == 404
        assert "tit-kin" not in response.get("Location", "")


def test_a_taken_down_story_answers_410_under_any_words(client: Client):
    story = make_article("Tên người trong tít", issue_date=THURSDAY)
    take_down(story, make_user(), "Đã gỡ để kiểm tra lại.")
    for path in (story.url, f"{COLUMN}chu-khac-{story.public_id}/"):
        response = client.get(path)
        assert response.status_code == 410
        text = response.content.decode()
        assert "Đã gỡ để kiểm tra lại." in text
        assert "Tên người" not in text
    assert client.get(f"{story.url}in/").status_code == 404


def test_without_a_sentence_the_neutral_one_stands(client: Client):
    story = make_article("Tít", issue_date=THURSDAY)
    take_down(story, make_user())
    assert str(NEUTRAL) in client.get(story.url).content.decode()


def test_published_again_it_is_back(client: Client):
    story = make_article("Tít", issue_date=THURSDAY)
    take_down(story, make_user())
    Article.objects.get(pk=story.pk).get_latest_revision().publish()
    assert client.get(story.url).status_code == 200


@pytest.mark.parametrize("where", ["story", "column"])
@pytest.mark.parametrize("state", ["live", "down"])
def test_a_restricted_story_is_shown_by_no_route(client: Client, where, state):
    story = make_article("Chỉ nội bộ", issue_date=THURSDAY)
    if state == "down":
        take_down(story, make_user(), "Câu nội bộ.")
    restrict(story if where == "story" else column_page())
    for path in (
        story.url,
        f"{story.url}in/",
        f"{COLUMN}sai-chu-{story.public_id}/",
        f"{COLUMN}sai-chu-{story.public_id}/in/",
    ):
        response = client.get(path)
        # Wagtail asks for the login before anything of the story is told, its right words included.
        assert response.status_code in {302, 404}
        assert "/dang-nhap/" in response["Location"] if response.status_code == 302 else True
        assert "chi-noi-bo" not in response.get("Location", "").replace(path, "")
        assert "Câu nội bộ" not in response.content.decode()
    assert not Story.objects.published().filter(pk=story.pk).exists()


def test_the_archive_of_a_year_and_of_a_month(client: Client):
    make_article("Bài tháng hai", issue_date=THURSDAY)
    make_article("Bài tháng ba", issue_date=date(2017, 3, 2))
    make_article("Bài năm trước", issue_date=date(2016, 2, 18))
    titles = {"Bài tháng hai", "Bài tháng ba", "Bài năm trước"}

    def shown(path: str) -> set[str]:
        text = client.get(path).content.decode()
        return {title for title in titles if title in text}

    assert shown(f"{COLUMN}2017/02/") == {"Bài tháng hai"}
    assert shown(f"{COLUMN}2017/") == {"Bài tháng hai", "Bài tháng ba"}


@pytest.mark.parametrize("path", ["2017/13/", "2017/0/", "2017/xx/", "1800/", "2017/02/03/", "201/"])
def test_what_is_no_month_is_404(client: Client, path):
    assert client.get(f"{COLUMN}{path}").status_code == 404
