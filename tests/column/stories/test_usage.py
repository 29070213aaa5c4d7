"""Which photos a story shows, in reading order, with the words that readers get."""

from __future__ import annotations

import pytest

from column.stories.models import Article, Photo, StoryPhoto
from column.stories.usage import pictures_used
from tests.factories import make_article, make_photo_story, make_picture

pytestmark = pytest.mark.django_db


def gallery(*pictures):
    return ("gallery", {"photos": [{"image": picture, "caption": "", "credit": ""} for picture in pictures]})


def test_lead_body_and_gallery_in_reading_order():
    lead, one, two, three = (make_picture(f"Ảnh {n}", caption=f"Lời {n}", credit=f"NGUỒN {n}") for n in range(4))
    story = make_article(
        live=False, lead_photo=lead, lead_caption="Lời riêng của ảnh chính",
    )  # fmt: skip
    story.body = [
        ("photo", {"image": one, "caption": "Lời riêng", "credit": "AN"}), ("paragraph", "<p>Chữ.</p>"),
        gallery(two, three, one),
    ]  # fmt: skip
    story.save_revision().publish()
    story = Article.objects.get(pk=story.pk)
    assert [(used.picture, used.caption, used.credit, used.where) for used in pictures_used(story)] == [
        (lead, "Lời riêng của ảnh chính", "NGUỒN 0", "Ảnh chính"),
        (one, "Lời riêng", "AN", "Ảnh trong bài, khối 1"),
        (two, "Lời 2", "NGUỒN 2", "Chùm ảnh, khối 3, ảnh 1"),
        (three, "Lời 3", "NGUỒN 3", "Chùm ảnh, khối 3, ảnh 2"),
        (one, "Lời 1", "NGUỒN 1", "Chùm ảnh, khối 3, ảnh 3"),
    ]


def test_a_draft_is_asked_for_its_own_photos():
    story = make_photo_story(pictures=1)
    extra = make_picture("Thêm")
    story.photos.add(StoryPhoto(image=extra, caption="Lời riêng", sort_order=9))
    version = story.save_revision().as_object()
    assert [used.where for used in pictures_used(version)] == ["Ảnh thứ 1", "Ảnh thứ 2"]
    assert (pictures_used(version)[1].picture, pictures_used(version)[1].caption) == (extra, "Lời riêng")
    assert len(pictures_used(Photo.objects.get(pk=story.pk))) == 1


def test_what_is_missing_is_asked_of_the_place():
    picture = make_picture(caption="", credit="", rights="", alt_text="")
    story = make_article(live=False, lead_photo=picture, lead_caption="Lời riêng")
    (used,) = pictures_used(story)
    assert used.missing == ["credit", "rights", "alt_text"]


def test_a_deleted_photo_is_not_listed():
    picture, other = make_picture(), make_picture()
    story = make_article(live=False)
    story.body = [("photo", {"image": picture, "caption": "", "credit": ""}), gallery(other, other)]
    story.save_revision().publish()
    picture.delete()
    assert [used.picture for used in pictures_used(Article.objects.get(pk=story.pk))] == [other, other]


@pytest.mark.parametrize("number", [1, 6])
def test_constant_queries(django_assert_num_queries, number):
    pictures = [make_picture() for _ in range(number)]
    story = make_article(live=False, lead_photo=pictures[0])
    story.body = [
        *(("photo", {"image": picture, "caption": "", "credit": ""}) for picture in pictures),
        *(gallery(picture, picture) for picture in pictures),
    ]
    story.save_revision().publish()
    story = Article.objects.get(pk=story.pk)
    with django_assert_num_queries(3):
        assert len(pictures_used(story)) == 1 + 3 * number
    photo = Photo.objects.get(pk=make_photo_story(pictures=number).pk)
    with django_assert_num_queries(2):
        assert len(pictures_used(photo)) == number
