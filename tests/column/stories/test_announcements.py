"""Whatever readers can see is announced, inside the transaction; what they cannot see is not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.db.models import ProtectedError
from wagtail.models import PageViewRestriction

from column.enums import CorrectionKind
from column.people.models import Byline
from column.signals import stories_changed
from column.stories.corrections import add_correction, remove_correction
from column.stories.models import Article, ColumnPage, Photo, StoryPhoto
from column.stories.takedown import take_down
from tests.factories import column_page, make_article, make_news, make_photo_story, make_picture, make_user

pytestmark = pytest.mark.django_db

THURSDAY = date(2017, 2, 16)


@pytest.fixture
def told():
    """Call something; get the keys that were announced meanwhile, each announcement a tuple."""
    heard: list[tuple[int, ...]] = []

    def listen(sender, ids, **kwargs):
        assert connection.in_atomic_block
        heard.append(ids)

    def during(act: Callable[[], object]) -> list[tuple[int, ...]]:
        heard.clear()
        act()
        return list(heard)

    stories_changed.connect(listen)
    yield during
    stories_changed.disconnect(listen)


def test_a_publication_is_announced_once(told):
    story = make_article(live=False)
    assert told(lambda: story.save_revision().publish()) == [(story.pk,)]


def test_the_listener_of_a_publication_reads_the_new_bylines(told):
    story = make_article(byline="ĐOÀN LƯƠNG", issue_date=THURSDAY)
    seen = []

    def listen(sender, ids, **kwargs):
        seen.append([str(credit.byline) for credit in Article.objects.get(pk=ids[0]).byline_credits.all()])

    story.byline_credits.all()[0].byline = Byline.objects.create(name="KIM LIÊN")
    credit = story.byline_credits.get()
    credit.byline = Byline.objects.get(name="KIM LIÊN")
    story.byline_credits = [credit]
    stories_changed.connect(listen)
    try:
        story.save_revision().publish()
    finally:
        stories_changed.disconnect(listen)
    assert seen == [["KIM LIÊN"]]


def test_drafts_are_nobodys_news(told):
    live, draft = make_article(issue_date=THURSDAY), make_article(live=False)

    def write() -> None:
        for story in (live, draft):
            story.title = "Một bản nháp"
            story.save_revision()
        draft.save()
        draft.copy(update_attrs={"slug": ""}, keep_live=False)

    assert told(write) == []


def test_a_save_past_the_revisions_is_announced(told):
    story = make_article(issue_date=THURSDAY)
    story.standfirst = "Sửa thẳng."
    assert told(story.save) == [(story.pk,)]
    assert told(lambda: story.save(update_fields=["standfirst"])) == [(story.pk,)]
    assert told(lambda: story.save(update_fields=["locked", "latest_revision"], clean=False)) == []


def test_leaving_the_site_is_announced(told):
    ways = (
        lambda story: story.unpublish(),
        lambda story: story.page_ptr.unpublish(),
        lambda story: take_down(story, make_user()),
    )
    for leave in ways:
        story = make_article(issue_date=THURSDAY)
        assert set(told(lambda: leave(story))) == {(story.pk,)}  # noqa: B023 - called at once


def test_the_note_of_a_taken_down_story_is_announced(told):
    story = make_article(issue_date=THURSDAY)
    take_down(story, make_user())
    assert told(lambda: take_down(story, make_user(), "Câu khác.")) == [(story.pk,)]


def test_removal_of_a_live_story_is_announced(told):
    story = make_photo_story(issue_date=THURSDAY)
    key = story.pk
    assert (key,) in told(lambda: Photo.objects.get(pk=key).delete())


def test_moves_are_announced_and_new_orders_are_not(told):
    story, sibling, draft = make_article(issue_date=THURSDAY), make_news(issue_date=THURSDAY), make_article(live=False)
    other = ColumnPage(title="Khác", slug="khac")
    column_page().get_parent().add_child(instance=other)
    assert told(lambda: sibling.move(story, pos="left")) == []
    assert told(lambda: Article.objects.get(pk=story.pk).move(other, pos="last-child")) == [(story.pk,)]
    assert told(lambda: Article.objects.get(pk=draft.pk).move(other, pos="last-child")) == []


def test_another_address_of_the_column_is_announced(told):
    story = make_article(issue_date=THURSDAY)
    make_article(live=False)
    column = column_page()
    column.slug = "chuyen-muc"
    assert told(lambda: column.save_revision().publish()) == [(story.pk,)]


@pytest.mark.parametrize("where", ["story", "column"])
def test_privacy_is_announced(told, where):
    story = make_article(issue_date=THURSDAY)
    make_article(live=False)
    page = story if where == "story" else column_page()
    assert told(lambda: PageViewRestriction.objects.create(page=page, restriction_type="login")) == [(story.pk,)]
    assert told(lambda: PageViewRestriction.objects.get().delete()) == [(story.pk,)]


def test_corrections_are_announced(told):
    story, user = make_article(issue_date=THURSDAY), make_user()
    assert told(lambda: add_correction(story, user, CorrectionKind.UPDATE, "Thêm.")) == [(story.pk,)]
    assert told(lambda: remove_correction(story.corrections.get(), user)) == [(story.pk,)]


def test_a_byline_renamed_is_announced_for_its_stories(told):
    story = make_article(issue_date=THURSDAY, byline="KIM LIÊN")
    make_article(live=False, byline="KIM LIÊN")
    make_article(issue_date=THURSDAY, byline="ĐOÀN LƯƠNG")
    byline = Byline.objects.get(name="KIM LIÊN")
    byline.name = "Kim Liên"
    assert told(byline.save) == [(story.pk,)]
    assert told(lambda: Byline.objects.create(name="MỚI")) == []


def body_with(picture):
    return [("paragraph", "<p>Chữ.</p>"), ("photo", {"image": picture, "caption": "", "credit": ""})]


@pytest.fixture
def shown_everywhere():
    """A picture, and the keys of the live stories that show it: as lead, in body, gallery and photo story."""
    picture, other = make_picture(), make_picture()
    lead = make_article(issue_date=THURSDAY, lead_photo=picture)
    body, gallery = make_article(live=False), make_article(live=False)
    body.body = body_with(picture)
    gallery.body = [("gallery", {"photos": [{"image": one, "caption": "", "credit": ""} for one in (other, picture)]})]
    for story in (body, gallery):
        story.save_revision().publish()
    photo = make_photo_story(issue_date=THURSDAY, pictures=0)
    photo.photos = [StoryPhoto(image=picture)]
    photo.save_revision().publish()
    make_article(live=False, lead_photo=picture)
    make_article(issue_date=THURSDAY)
    return picture, {lead.pk, body.pk, gallery.pk, photo.pk}


def test_a_picture_is_announced_for_every_story_that_shows_it(told, shown_everywhere):
    picture, keys = shown_everywhere
    picture.caption = "Chú thích mới."
    (ids,) = told(picture.save)
    assert set(ids) == keys
    assert told(make_picture) == []
    assert told(picture.get_file_size) == []


def test_a_picture_that_leaves_is_announced_for_every_story_that_showed_it(told, shown_everywhere):
    picture, keys = shown_everywhere
    (photo_story,) = Photo.objects.all()
    key = photo_story.pk
    # A photo story holds on to its photos.
    with pytest.raises(ProtectedError):
        picture.delete()
    photo_story.delete()
    (ids,) = told(picture.delete)
    assert set(ids) == keys - {key}


def test_a_picture_asks_two_queries_however_many_stories(django_assert_num_queries, shown_everywhere):
    from column.stories.announcements import stories_showing

    picture, keys = shown_everywhere
    stories_showing(picture)
    with django_assert_num_queries(2):
        assert set(stories_showing(picture)) == keys
