"""What belongs to the story stays; what belongs to a version of its text changes with the version."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone
from wagtail.models import Page

from column.enums import Kind
from column.stories.models import Article, Story
from column.stories.takedown import take_down
from column.text.dates import TZ
from tests.factories import column_page, make_article, make_news, make_photo_story, make_picture, make_user

pytestmark = pytest.mark.django_db

THURSDAY = date(2017, 2, 16)


def test_an_older_draft_never_brings_back_what_belongs_to_the_story():
    story = make_article("Tít cũ", issue_date=date(2016, 1, 7), external_id="cu-1")
    old = story.latest_revision
    number = story.public_id
    Story.objects.filter(pk=story.pk).update(issue_date=THURSDAY, external_id="moi-1", kind=Kind.ARTICLE)
    story = Article.objects.get(pk=story.pk)
    story.title = "Tít mới"
    story.save_revision().publish()
    assert old.content["issue_date"] == "2016-01-07"
    assert old.content["external_id"] == "cu-1"

    old.publish()

    story = Article.objects.get(pk=story.pk)
    assert story.title == "Tít cũ"
    assert (story.issue_date, story.external_id, story.kind, story.public_id) == (
        THURSDAY, "moi-1", Kind.ARTICLE, number,
    )  # fmt: skip


def test_a_version_from_before_a_take_down_is_a_new_publication():
    story = make_article("Bài bị gỡ", issue_date=THURSDAY)
    old = story.latest_revision
    take_down(story, make_user(), "Đã gỡ.")
    down = Article.objects.get(pk=story.pk)
    assert down.taken_down_at is not None
    # A new draft, and the look at an old one, leave it down.
    down.title = "Bản sửa"
    down.save_revision()
    assert old.as_object().taken_down_at == down.taken_down_at
    assert Article.objects.get(pk=story.pk).taken_down_at == down.taken_down_at

    old.publish()

    again = Article.objects.get(pk=story.pk)
    assert (again.live, again.taken_down_at, again.taken_down_note) == (True, None, "")
    assert again.issue_date == THURSDAY


def test_the_first_publication_gives_da_nangs_day_and_a_later_one_keeps_it():
    story = make_article(live=False)
    assert story.issue_date is None
    # Half past midnight of Friday in Đà Nẵng is still Thursday in Greenwich.
    with time_machine.travel(datetime(2017, 2, 17, 0, 30, tzinfo=TZ), tick=False):
        story.save_revision().publish()
    assert Article.objects.get(pk=story.pk).issue_date == date(2017, 2, 17)
    Article.objects.get(pk=story.pk).save_revision().publish()
    assert Article.objects.get(pk=story.pk).issue_date == date(2017, 2, 17)


def test_a_schedule_that_has_passed_never_blocks_an_edit():
    story = make_article(issue_date=THURSDAY)
    story.save_revision()
    Story.objects.filter(pk=story.pk).update(go_live_at=timezone.now() - timedelta(days=1))
    assert Article.objects.get(pk=story.pk).get_latest_revision().as_object().go_live_at is None


@pytest.mark.parametrize("make", [make_article, make_news, make_photo_story])
def test_a_copy_is_a_new_story(make):
    story = make("Điện Bàn đổi mới", issue_date=THURSDAY, external_id="x-1")
    story.save_revision()
    copy = story.copy(update_attrs={"title": "Bản sao", "slug": story.slug}, copy_revisions=True, keep_live=False)
    copy = type(story).objects.get(pk=copy.pk)
    assert copy.public_id != story.public_id
    assert (copy.external_id, copy.issue_date, copy.live, copy.kind) == (None, None, False, story.kind)
    assert copy.slug == f"dien-ban-doi-moi-{copy.public_id}"
    # The copied history publishes under the copy's own number.
    copy.latest_revision.publish()
    copy = type(story).objects.get(pk=copy.pk)
    assert copy.slug == f"dien-ban-doi-moi-{copy.public_id}"
    assert copy.byline_credits.get().byline == story.byline_credits.get().byline


@pytest.mark.parametrize(
    ("title", "wish", "words"),
    [
        ("Điện Bàn", "", "dien-ban"),
        ("Điện Bàn", "khac-hoac-123456789", "khac-hoac"),
        ("Điện Bàn", "Đường phố", "duong-pho"),
        ("“…”", "", "tin-bai"),
        ("中文", "", "tin-bai"),
    ],
)
def test_the_address_is_folded_words_and_the_number(title, wish, words):
    story = Article(title=title, slug=wish)
    column_page().add_child(instance=story)
    assert story.slug == f"{words}-{story.public_id}"
    assert story.url_path.endswith(f"/{words}-{story.public_id}/")


def test_two_stories_with_one_headline_do_not_meet():
    first, second = make_article("Một tít"), make_article("Một tít")
    assert {first.slug, second.slug} == {f"mot-tit-{first.public_id}", f"mot-tit-{second.public_id}"}


def test_page_saves_of_the_tree_keep_the_address():
    story = make_article("Tít", live=False)
    slug = story.slug
    Page.objects.get(pk=story.pk).save()
    assert Article.objects.get(pk=story.pk).slug == slug


def test_photos_of_a_version_are_published_with_it():
    story = make_photo_story(pictures=2)
    old = story.latest_revision
    extra = make_picture("Ảnh thứ ba")
    story.photos.create(image=extra, sort_order=5)
    story.save_revision().publish()
    assert type(story).objects.get(pk=story.pk).photos.count() == 3
    old.publish()
    assert type(story).objects.get(pk=story.pk).photos.count() == 2
