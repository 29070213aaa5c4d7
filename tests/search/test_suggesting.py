"""What is offered while someone types."""

import json
from datetime import date

import pytest
from django.test import Client
from wagtail.models import PageViewRestriction

from column.coverage.models import Criterion
from column.departments.models import DepartmentAlias
from column.signals import announce
from tests.factories import make_article, make_coverage, make_department, make_news

pytestmark = pytest.mark.django_db


def offered(client: Client, typed: str) -> list[tuple[str, str, str]]:
    response = client.get("/tim-kiem/goi-y/", {"q": typed})
    assert response.status_code == 200
    return [(one["text"], one["note"], one["url"]) for one in json.loads(response.content)["suggestions"]]


def test_titles_as_one_types(client: Client) -> None:
    old = make_article("Rác thải công vụ", issue_date=date(2016, 1, 7))
    new = make_news("Kết quả rác thải", issue_date=date(2017, 2, 16))
    other = make_news("Rác thái vào mùa", issue_date=date(2018, 1, 4))
    make_news("Chuyện khác")
    assert offered(client, "rác thải") == [
        (old.title, "Bài viết · 07/01/2016", old.get_url()),
        (new.title, "Tin · 16/02/2017", new.get_url()),
        (other.title, "Tin · 04/01/2018", other.get_url()),
    ]
    assert offered(client, "rác thái")[0][0] == other.title
    assert {text for text, _note, _url in offered(client, "thai rac")} == {old.title, new.title, other.title}
    assert {text for text, _note, _url in offered(client, "ket qua th")} == {new.title}
    assert offered(client, "") == offered(client, "?!") == []


def test_units_by_all_their_names(client: Client) -> None:
    old, new = make_department("Sở Cũ Kỹ"), make_department("Sở Mới Mẻ")
    DepartmentAlias.objects.create(department=new, text="Sở Đổi Mới")
    old.successors.add(new)
    story = make_news("Tin")
    make_coverage(story, new)
    announce([story.pk])
    assert offered(client, "sở mới")[0] == ("Sở Mới Mẻ", "Đơn vị · 1 tin, bài", f"/don-vi/{new.code}/")
    assert offered(client, "so doi m")[0] == ("Sở Mới Mẻ (Sở Đổi Mới)", "Đơn vị · 1 tin, bài", f"/don-vi/{new.code}/")
    assert set(offered(client, "sở cũ")) == {
        ("Sở Cũ Kỹ", "Đơn vị · 0 tin, bài", f"/don-vi/{old.code}/"),
        ("Sở Mới Mẻ", "Đơn vị · trước đây là Sở Cũ Kỹ", f"/don-vi/{new.code}/"),
    }


def test_criteria_and_bylines(client: Client) -> None:
    make_news("Tin", byline="ĐOÀN LƯƠNG")
    criterion = next(one for one in Criterion.objects.in_order() if one.label == "Kỷ cương")
    assert ("Kỷ cương", "Tiêu chí", criterion.get_absolute_url()) in offered(client, "ki cu")
    address = "/tim-kiem/?but-danh=%C4%90O%C3%80N+L%C6%AF%C6%A0NG"
    assert offered(client, "doan lu") == [("ĐOÀN LƯƠNG", "Bút danh", address)]


def test_only_what_readers_may_see(client: Client) -> None:
    hidden, draft, shown = make_news("Bí mật một"), make_news("Bí mật hai", live=False), make_news("Công khai")
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    shown.title = "Bí mật sẽ đổi tít"
    shown.save_revision()
    assert offered(client, "bí mật") == []
    assert draft.title == "Bí mật hai"
    assert [text for text, _note, _url in offered(client, "công kh")] == ["Công khai"]


@pytest.mark.parametrize("typed", ['"', "*", "a*", "\x00", "NEAR(", "x" * 5000, "🙂", "%s", "a " * 300])
def test_whatever_is_typed(client: Client, typed: str) -> None:
    make_news("Một tin")
    offered(client, typed)


def test_few_queries(client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(30):
        make_news(f"Tin cải cách {number}")
    assert len(offered(client, "tin cải")) == 6
    with django_assert_max_num_queries(8):
        offered(client, "tin cải")
