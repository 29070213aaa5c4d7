from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from column.schedule.preflight import facts_of, gaps_of
from column.stories.models import Article, Story
from tests.column.schedule.desk import approve, draft
from tests.factories import make_article, make_coverage, make_department, make_photo_story, make_picture

pytestmark = pytest.mark.django_db

ALT = "mô tả cho người khiếm thị (hoặc đánh dấu là ảnh trang trí)"


def required(story: Story) -> tuple[str, ...]:
    revision = story.get_latest_revision()
    return gaps_of([revision])[revision.pk].required


def with_body(*blocks: object) -> Article:
    article = draft(paragraphs=())
    article.body = list(blocks)
    article.save_revision()
    approve(article)
    return Article.objects.get(pk=article.pk).get_latest_revision_as_object()


def test_a_whole_story() -> None:
    article = draft(lead_photo=make_picture())
    make_coverage(article, make_department())
    approve(article)
    revision = article.get_latest_revision()
    gaps = gaps_of([revision])[revision.pk]
    assert (gaps.required, gaps.advised) == ((), ())


@pytest.mark.parametrize(
    ("block", "has_text"),
    [
        (("paragraph", "<p>Chữ</p>"), True),
        (("paragraph", "<p>\xa0</p><p><br/></p>"), False),
        (("subhead", "Tít phụ"), True),
        (("quote", {"text": "Lời", "attribution": ""}), True),
        (("number", {"value": "55/56", "text": "phường, xã", "source": ""}), True),
        (("table", {"data": [["a"]], "first_row_is_table_header": False}), True),
        (("table", {"data": [[None]], "first_row_is_table_header": False}), False),
        (("link_card", {"url": "https://danang.example/", "title": "Thẻ", "text": "", "source": ""}), False),
    ],
)
def test_what_counts_as_text(block: object, has_text: bool) -> None:
    assert required(with_body(block)) == (() if has_text else ("nội dung",))


def test_every_photo_that_is_shown_is_looked_at() -> None:
    lead, single, one, two = (
        make_picture(name, credit="", caption="", alt_text="") for name in ("đầu", "lẻ", "chùm 1", "chùm 2")
    )
    article = with_body(
        ("paragraph", "<p>Chữ</p>"),
        ("photo", {"image": single, "caption": "Chú thích riêng", "credit": "TL"}),
        ("gallery", {"photos": [{"image": one, "caption": "", "credit": "TL"},
                                {"image": two, "caption": "Riêng", "credit": ""}]}),
    )  # fmt: skip
    article.lead_photo = lead
    article.save_revision()
    approve(article)
    assert required(article) == (
        f"ảnh “đầu”: nguồn ảnh, chú thích, {ALT}",
        f"ảnh “lẻ”: {ALT}",
        f"ảnh “chùm 1”: chú thích, {ALT}",
        f"ảnh “chùm 2”: nguồn ảnh, {ALT}",
    )


def test_decorative_and_archive_photos() -> None:
    article = draft(lead_photo=make_picture(alt_text="", is_decorative=True))
    approve(article)
    assert required(article) == ()
    old = draft(lead_photo=make_picture(credit="", rights="", caption="", alt_text="", from_archive=True))
    approve(old)
    assert required(old) == ()


def test_unknown_rights_are_missing() -> None:
    article = draft(lead_photo=make_picture("không rõ", rights=""))
    approve(article)
    assert required(article) == ("ảnh “không rõ”: bản quyền",)


def test_a_photo_story() -> None:
    story = make_photo_story(live=False, byline="", paragraphs=())
    story.photos = []
    story.save_revision()
    assert required(story) == ("ảnh", "bút danh", "duyệt")


def test_a_copy_of_an_archive_story_is_a_new_story() -> None:
    old = make_article(from_archive=True, byline="", live=False)
    assert required(old) == ()
    copy = old.copy(update_attrs={"title": "Bản sao", "slug": "ban-sao"}, keep_live=False)
    assert not Article.objects.get(pk=copy.pk).from_archive
    assert required(Article.objects.get(pk=copy.pk)) == ("bút danh", "duyệt")


def test_an_older_draft_of_an_archive_story_keeps_it_archived() -> None:
    article = draft()
    old = article.get_latest_revision()
    Article.objects.filter(pk=article.pk).update(from_archive=True)
    old.refresh_from_db()
    old.publish()
    assert Article.objects.get(pk=article.pk).from_archive


def test_a_photo_that_is_gone_is_no_gap() -> None:
    picture = make_picture()
    article = draft(lead_photo=picture)
    approve(article)
    picture.delete()
    assert required(article) == ()


def test_the_same_number_of_queries_for_one_and_for_many() -> None:
    revisions = []
    for _number in range(5):
        article = draft(lead_photo=make_picture())
        approve(article)
        revisions.append(article.get_latest_revision())
    for some in (revisions[:1], revisions):
        with CaptureQueriesContext(connection) as queries:
            assert len(facts_of(some)) == len(some)
        assert len(queries) == 4
