"""The admin's search, through Wagtail's own interface."""

from datetime import date

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.backends.base import FilterFieldError, SearchFieldError
from wagtail.search.query import MATCH_ALL, MATCH_NONE, And, Boost, Fuzzy, Not, Or, Phrase, PlainText

from column.departments.models import Department
from column.photos.models import Picture
from column.stories.models import Article, NewsItem, Story
from search.admin_backend import SearchBackend
from search.models import AdminEntry
from tests.factories import make_article, make_department, make_news, make_picture, make_user

pytestmark = pytest.mark.django_db


def pks(results: object) -> list[int]:
    return [one.pk for one in results]  # type: ignore[attr-defined]


def entries_of(model: type[Model]) -> list[str]:
    of_type = AdminEntry.objects.filter(content_type=ContentType.objects.get_for_model(model))
    return list(of_type.values_list("object_id", flat=True))


def test_it_is_the_backend() -> None:
    assert isinstance(get_search_backend(), SearchBackend)


@pytest.mark.parametrize(
    "typed", ["Đà N", "da n", "ĐÀ NẴNG", "Ðà Nẵ", "Da\u0300 Na\u0306\u0303", "đà", "d", "nẵng đà", 'Đà "N', "(Đà* N"]
)
def test_autocompletion_as_one_types(typed: str) -> None:
    story = make_article("Cầu mới ở Đà Nẵng")
    make_article("Dân ca bài chòi")
    assert story.pk in pks(Page.objects.all().autocomplete(typed))
    if typed not in ("d", "đà"):  # these are the beginning of Dân, too
        assert pks(Article.objects.all().autocomplete(typed)) == [story.pk]


@pytest.mark.parametrize(
    "typed", ['"', '""', '"a', "*", "(", "a OR", "NEAR(", "\x00", "-", "a:b", "{title}", "'", "\\", "x" * 10_000]
)
def test_nothing_typed_is_an_error(typed: str) -> None:
    make_article("Một bài")
    for results in (Page.objects.search(typed), Page.objects.all().autocomplete(typed), Picture.objects.search(typed)):
        assert isinstance(list(results), list)
        assert results.count() == len(results)


def test_own_accents_and_titles_come_first() -> None:
    in_text = make_news("Việc khác", paragraphs=("Chuyện thuế nói trong bài.",))
    lookalike = make_news("Cho thuê, cho thuê nhà")
    titled = make_news("Thu thuế đúng hạn")
    assert pks(NewsItem.objects.search("thuế")) == [titled.pk, lookalike.pk, in_text.pk]
    assert set(pks(NewsItem.objects.search("thue"))) == {titled.pk, lookalike.pk, in_text.pk}


def test_synonyms_and_papers() -> None:
    story = make_news("UBND phường họp", paragraphs=("Thực hiện Chỉ thị 29-CT/TU.",))
    make_news("Chỉ thị 129-CT/TU và 29-CT/TW")
    assert pks(NewsItem.objects.search("Ủy ban nhân dân phường")) == [story.pk]
    assert pks(NewsItem.objects.search("29CT/TU")) == [story.pk]


def test_drafts_are_found_by_live_and_draft_headline() -> None:
    draft = make_article("Bản nháp đầu", live=False)
    story = make_article("Bài đã đăng")
    story.title = "Bài đã đổi tít"
    story.save_revision()
    assert pks(Page.objects.search("nháp")) == [draft.pk]
    assert pks(Page.objects.all().autocomplete("đổi t")) == [story.pk]
    assert pks(Page.objects.all().autocomplete("đã đăng")) == [story.pk]


def test_filters_orders_slices_and_counts_are_the_querysets() -> None:
    stories = [make_news(f"Tin cải cách số {n}", live=n % 2 == 0, issue_date=date(2017, 1, n + 1)) for n in range(6)]
    found = NewsItem.objects.filter(live=True, source_name="").search("cải cách")
    assert found.count() == 3
    assert set(pks(found)) == {stories[n].pk for n in (0, 2, 4)}
    ordered = NewsItem.objects.order_by("-issue_date").search("cai cach", order_by_relevance=False)
    assert pks(ordered) == [story.pk for story in reversed(stories)]
    assert pks(ordered[1:3]) == [stories[4].pk, stories[3].pk]
    assert ordered[1:3].count() == 2
    assert ordered[4:40].count() == 2
    assert ordered[0].pk == stories[5].pk
    assert Page.objects.search("cải cách").model is Page
    assert len(Page.objects.search("cải cách")[:4][1:]) == 3


def test_scores_and_facets() -> None:
    make_news("Cải cách và cải cách")
    make_article("Cải cách một lần trong một tít rất là dài")
    scored = list(Page.objects.search("cải cách").annotate_score("score"))
    assert [type(one.score) for one in scored] == [float, float]
    assert scored[0].score > scored[1].score > 0
    facets = Page.objects.search("cải cách").facet("content_type_id")
    types = ContentType.objects.get_for_models(NewsItem, Article)
    assert dict(facets) == {types[NewsItem].pk: 1, types[Article].pk: 1}
    with pytest.raises(FilterFieldError):
        Page.objects.search("cải cách").facet("body")


def test_facets_have_no_limit_of_ten() -> None:
    for number in range(14):
        make_department(f"Sở thử {number}", kind=f"loai-{number:02d}")
    facets = get_search_backend().search("sở thử", Department).facet("kind")
    assert facets == {f"loai-{number:02d}": 1 for number in range(14)}


def test_query_objects() -> None:
    one, two = make_news("Phố đi bộ", standfirst="đêm"), make_news("Bộ đi phố")
    backend = get_search_backend()

    def found(query: object) -> set[int]:
        return set(pks(backend.search(query, NewsItem)))

    assert found(Phrase("phố đi bộ")) == {one.pk}
    assert found(PlainText("phố đêm", operator="and")) == {one.pk}
    assert found(PlainText("phố đêm", operator="or")) == {one.pk, two.pk}
    assert found(And([PlainText("phố"), Not(PlainText("đêm"))])) == {two.pk}
    assert found(Or([PlainText("đêm"), Phrase("bộ đi")])) == {one.pk, two.pk}
    assert found(Boost(PlainText("đêm"), 2)) == {one.pk}
    assert found(Fuzzy("đêm")) == {one.pk}
    assert found(Not(PlainText("đêm"))) == {two.pk}
    assert found(MATCH_ALL) == {one.pk, two.pk}
    assert found(MATCH_NONE) == set()


def test_fields() -> None:
    story = make_news("Phố", standfirst="đêm")
    assert pks(NewsItem.objects.search("phố", fields=["title"])) == [story.pk]
    assert pks(NewsItem.objects.search("đêm", fields=["title"])) == []
    assert pks(NewsItem.objects.search("đêm", fields=["standfirst"])) == [story.pk]
    assert pks(NewsItem.objects.search("đêm", fields=["title", "standfirst"])) == [story.pk]
    assert list(NewsItem.objects.search("đêm", fields=[])) == []
    with pytest.raises(SearchFieldError):
        NewsItem.objects.search("đêm", fields=["slug"])


def test_images_units_and_keys_alone() -> None:
    picture = make_picture("Bờ kè sông Hàn")
    make_picture("Núi")
    assert pks(Picture.objects.search("song han")) == [picture.pk]
    # Wagtail's bulk actions search a list of keys.
    assert Picture.objects.values_list("pk", flat=True).search("sông").results() == [picture.pk]
    unit = make_department("Sở Xây dựng thử")
    assert unit.pk in pks(get_search_backend().autocomplete("xây d", Department))


def test_edits_and_deletions_are_followed() -> None:
    picture = make_picture("Cũ")
    picture.title = "Mới tinh"
    picture.save()
    assert list(Picture.objects.search("cũ")) == []
    assert pks(Picture.objects.search("tinh")) == [picture.pk]
    picture.delete()
    story = make_article("Sẽ xóa")
    story.delete()
    assert list(Page.objects.search("xóa")) == []
    assert entries_of(Article) == []
    assert entries_of(Picture) == []


def test_each_object_has_one_entry() -> None:
    story = make_article("Một lần thôi")
    story.save_revision().publish()
    story.refresh_from_db()
    story.save()
    assert entries_of(Article) == [str(story.pk)]
    assert entries_of(Story) == entries_of(Page) == []


def test_the_rebuild_command() -> None:
    story, picture = make_article("Còn lại"), make_picture("Ảnh còn lại")
    AdminEntry.objects.all().delete()
    stray = AdminEntry.objects.create(
        content_type=ContentType.objects.get_for_model(Article), object_id="999999", digest="x"
    )
    call_command("update_index", verbosity=0)
    assert not AdminEntry.objects.filter(pk=stray.pk).exists()
    assert pks(Page.objects.search("còn lại")) == [story.pk]
    assert pks(Picture.objects.search("còn lại")) == [picture.pk]


def test_saving_costs_no_more_in_a_full_index() -> None:
    def queries() -> int:
        picture = make_picture("Ảnh")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            picture.title = "Ảnh khác"
            picture.save()
        return len(captured)

    few = queries()
    for number in range(30):
        make_picture(f"Ảnh {number}")
    assert queries() == few


def test_explorer_choosers_and_api_like_screens(client: Client) -> None:
    client.force_login(make_user(is_superuser=True))
    story, picture = make_article("Một cửa ở Đà Nẵng"), make_picture("Một cửa ở Đà Nẵng")
    for address in (
        "/admin/pages/search/?q=",
        "/admin/pages/search/results/?q=",
        "/admin/choose-page/search/?q=",
        f"/admin/pages/{story.get_parent().pk}/?q=",
    ):
        for typed in ("Đà N", "mot cua", '"một'):
            response = client.get(address + typed)
            assert response.status_code == 200, address
            assert story.title in response.content.decode(), (address, typed)
    for address in ("/admin/images/?q=", "/admin/images/chooser/?q="):
        response = client.get(address + "cua o da")
        content = response.json()["html"] if "chooser" in address else response.content.decode()
        assert picture.title in content, address


def test_permissions_are_the_querysets() -> None:
    hidden = make_article("Bí mật")
    assert pks(Story.objects.exclude(pk=hidden.pk).search("bí mật")) == []
