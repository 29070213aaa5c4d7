"""A story in another class is the same story: number, address, coverage, history; only its photos move."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision

from column.enums import Kind
from column.schedule.models import Slot
from column.signals import stories_changed
from column.stories.corrections import add_correction
from column.stories.models import Article, NewsItem, Photo, Story, StoryPhoto
from column.stories.reclassify import CannotReclassify, moved_photos, reclassify
from tests.factories import (
    column_page,
    make_article,
    make_coverage,
    make_department,
    make_news,
    make_photo_story,
    make_picture,
    make_user,
)  # fmt: skip

pytestmark = pytest.mark.django_db

THURSDAY = date(2017, 2, 16)


def pooled(**fields):
    story = make_news("Tin hay ảnh", issue_date=THURSDAY, external_id="cu-7", **fields)
    Story.objects.filter(pk=story.pk).update(kind=Kind.POOLED)
    return NewsItem.objects.get(pk=story.pk)


def with_photos(story, *, lead=None):
    """Publish a body with one photo and a gallery of two; returns the pictures in order."""
    one, two, three = (make_picture(f"Ảnh {number}") for number in range(3))
    story.lead_photo = lead
    story.lead_caption = "Lời ảnh chính." if lead else ""
    story.body = [
        ("paragraph", "<p>Đoạn đầu.</p>"),
        ("photo", {"image": one, "caption": "Lời một.", "credit": "TTXVN"}),
        ("subhead", "Tít phụ"),
        ("gallery", {"photos": [{"image": image, "caption": "", "credit": ""} for image in (two, three)]}),
    ]
    story.save_revision().publish()
    return one, two, three


def same(story):
    return (
        story.pk, story.public_id, story.external_id, story.slug, story.url_path, story.issue_date, story.live,
        story.first_published_at, story.title, story.path, story.translation_key,
    )  # fmt: skip


def photos_of(story):
    return [(row.image_id, row.caption) for row in StoryPhoto.objects.filter(story=story.pk).order_by("sort_order")]


def test_pooled_to_news_changes_the_word_alone():
    story = pooled()
    before = same(story)
    news = reclassify(story, Kind.NEWS, make_user())
    assert (type(news), news.kind, same(news)) == (NewsItem, Kind.NEWS, before)


def test_pooled_to_photo_keeps_the_story_and_moves_the_photos(client):
    user, unit = make_user(), make_department("Sở Nội vụ")
    story = pooled()
    lead = make_picture("Ảnh chính")
    one, two, three = with_photos(story, lead=lead)
    make_coverage(story, unit)
    add_correction(story, user, "update", "Thêm một câu.")
    story = NewsItem.objects.get(pk=story.pk)
    before, history, log = same(story), story.revisions.count(), PageLogEntry.objects.filter(page=story.pk).count()

    photo = reclassify(story, Kind.PHOTO, user)

    assert (type(photo), photo.kind, same(photo)) == (Photo, Kind.PHOTO, before)
    assert not NewsItem.objects.filter(pk=story.pk).exists()
    assert type(Page.objects.get(pk=story.pk).specific) is Photo
    assert photos_of(photo) == [
        (lead.pk, "Lời ảnh chính."), (one.pk, "Lời một. (Ảnh: TTXVN)"), (two.pk, ""), (three.pk, ""),
    ]  # fmt: skip
    assert (photo.lead_photo, photo.lead_caption) == (None, "")
    assert [(block.block_type, str(block.value)) for block in photo.body][1:] == [("subhead", "Tít phụ")]
    assert photo.revisions.count() == history
    assert PageLogEntry.objects.filter(page=story.pk).count() == log + 1
    assert photo.coverage.get().department == unit
    assert photo.corrections.get().text == "Thêm một câu."
    assert photo.byline_credits.get().byline.name == "ĐOÀN LƯƠNG"
    entry = PageLogEntry.objects.filter(page=story.pk).latest("timestamp")
    assert (entry.action, entry.user) == ("column.reclassify", user)
    assert entry.data == {"before": "tin_anh", "after": "photo"}
    assert client.get(photo.url).status_code == 200


def test_the_history_belongs_to_the_new_class_and_can_be_published():
    story = pooled()
    first = story.latest_revision
    one, *_ = with_photos(story)
    NewsItem.objects.get(pk=story.pk).save_revision()

    photo = reclassify(story, Kind.PHOTO, make_user())

    type_ = ContentType.objects.get_for_model(Photo)
    assert set(Revision.objects.for_instance(photo).values_list("content_type", flat=True)) == {type_.pk}
    assert set(PageLogEntry.objects.filter(page=photo.pk).values_list("content_type", flat=True)) == {type_.pk}
    photo.latest_revision.publish()
    photo = Photo.objects.get(pk=photo.pk)
    assert len(photos_of(photo)) == 3
    Revision.objects.get(pk=first.pk).publish()
    photo = Photo.objects.get(pk=photo.pk)
    assert (photos_of(photo), photo.kind, photo.live) == ([], Kind.PHOTO, True)
    assert one.pk not in dict(photos_of(photo))


def test_the_index_of_references_follows():
    story = pooled()
    pictures = with_photos(story)
    photo = reclassify(story, Kind.PHOTO, make_user())
    for picture in pictures:
        reference = ReferenceIndex.get_references_to(picture).get()
        assert (reference.object_id, reference.content_type.model) == (str(photo.pk), "photo")
        assert reference.model_path == "photos.item.image"
    index = ReferenceIndex.objects.filter(
        object_id=str(photo.pk), base_content_type=ContentType.objects.get_for_model(Page)
    ).values_list("model_path", "to_object_id")
    before = set(index.all())
    call_command("rebuild_references_index", verbosity=0)
    assert set(index.all()) == before


def test_a_photo_story_to_news_and_back_loses_nothing():
    user = make_user()
    story = make_photo_story("Chùm ảnh", issue_date=THURSDAY, pictures=3)
    rows = list(story.photos.order_by("sort_order"))
    before = [(row.image_id, row.caption) for row in rows]
    whole = same(story)
    news = reclassify(story, Kind.NEWS, user)
    assert (type(news), same(news)) == (NewsItem, whole)
    assert news.lead_photo_id == before[0][0]
    assert [block.value["image"].pk for block in news.body if block.block_type == "photo"] == [
        key for key, _ in before[1:]
    ]
    assert not StoryPhoto.objects.exists()
    again = reclassify(news, Kind.PHOTO, user)
    assert (type(again), same(again), photos_of(again)) == (Photo, whole, before)
    assert [block.block_type for block in again.body] == ["paragraph"]


def test_news_to_article_and_a_draft():
    draft = make_news("Còn nháp", live=False)
    article = reclassify(draft, Kind.ARTICLE, make_user())
    assert (type(article), article.kind, article.live) == (Article, Kind.ARTICLE, False)
    article.latest_revision.publish()
    assert Article.objects.get(pk=article.pk).live


def test_the_change_is_announced_for_readers_only():
    heard = []

    def listen(sender, ids, **kwargs):
        heard.append((ids, type(Page.objects.get(pk=ids[0]).specific)))

    live, draft = pooled(), make_news("Còn nháp", live=False)
    stories_changed.connect(listen)
    try:
        reclassify(live, Kind.PHOTO, make_user())
        reclassify(draft, Kind.PHOTO, make_user())
        reclassify(live, Kind.PHOTO, make_user())
    finally:
        stories_changed.disconnect(listen)
    assert heard == [((live.pk,), Photo)]


def test_a_photo_that_is_gone_is_dropped_everywhere():
    story = pooled()
    one, two, three = with_photos(story)
    two.delete()
    photo = reclassify(NewsItem.objects.get(pk=story.pk), Kind.PHOTO, make_user())
    assert [key for key, _caption in photos_of(photo)] == [one.pk, three.pk]
    photo.latest_revision.publish()
    assert [key for key, _caption in photos_of(photo)] == [one.pk, three.pk]


@pytest.mark.parametrize(("kind", "word"), [(Kind.POOLED, "chưa phân loại"), ("truyen", "truyen")])
def test_no_way_to_an_unclear_kind(kind, word):
    with pytest.raises(CannotReclassify, match=word):
        reclassify(make_news(), kind, make_user())


def test_an_article_in_a_slot_leaves_it_first():
    article = make_article(issue_date=THURSDAY)
    Slot.objects.create(column=column_page(), day=THURSDAY, publish_time=time(6, 0), story=article)
    with pytest.raises(CannotReclassify, match="kỳ đăng"):
        reclassify(article, Kind.NEWS, make_user())
    assert type(Page.objects.get(pk=article.pk).specific) is Article


def test_moved_photos_is_pure_and_happens_once():
    content = {"pk": 1, "body": "[]", "lead_photo": 3, "lead_caption": "Lời."}
    moved = moved_photos(content, to_photo_story=True, pictures={3})
    assert content == {"pk": 1, "body": "[]", "lead_photo": 3, "lead_caption": "Lời."}
    assert moved["photos"] == [{"pk": None, "sort_order": 0, "story": 1, "image": 3, "caption": "Lời."}]
    assert moved_photos(moved, to_photo_story=True, pictures={3}) == moved
    back = moved_photos(moved, to_photo_story=False, pictures={3})
    assert back == content
