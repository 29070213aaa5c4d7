"""Editors' synonyms act on the next search, and only safe ones are taken."""

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from column.people.roles import Role
from search import catalogue
from search.finding import find
from search.models import Synonym
from search.port import SearchQuery
from tests.factories import make_news, make_user

pytestmark = pytest.mark.django_db


def found(text: str) -> set[int]:
    return {hit.story_id for hit in find(SearchQuery(text)).result.hits}


def test_they_act_at_once_in_both_directions() -> None:
    story = make_news("Trung tâm phục vụ hành chính công mở cửa")
    assert found("TTPVHCC") == set()
    row = Synonym.objects.create(short="TTPVHCC", long="trung tâm phục vụ hành chính công")
    assert found("TTPVHCC") == {story.pk}
    short = make_news("TTPVHCC dời trụ sở")
    assert found("trung tâm phục vụ hành chính công") == {story.pk, short.pk}
    row.one_way = True
    row.save()
    assert found("trung tâm phục vụ hành chính công") == {story.pk}
    row.delete()
    assert found("TTPVHCC") == {short.pk}
    assert found("TTHC") == found("thủ tục hành chính")


def test_a_rolled_back_row_is_forgotten() -> None:
    # The row of the test before was rolled back with it.
    catalogue.current()
    make_news("Trung tâm phục vụ hành chính công")
    assert found("TTPVHCC") == set()


@pytest.mark.parametrize(
    ("short", "long", "exact_only", "problem"),
    [
        ("TU", "Thành ủy", False, "“TU” bỏ dấu đi là một tiếng thường gặp"),
        ("GĐ", "giám đốc", False, ""),
        ("tu", "Thành ủy", True, "viết y như một tiếng thường gặp"),
        ("?!", "giám đốc", False, "Phải có chữ hoặc số."),
        ("XYZT", " ; ", False, "Mỗi cách viết phải có chữ"),
        ("XYZT", "một hai ; hai một", False, ""),
    ],
)
def test_unsafe_rows_are_refused(short: str, long: str, exact_only: bool, problem: str) -> None:
    row = Synonym(short=short, long=long, exact_only=exact_only)
    if problem:
        with pytest.raises(ValidationError) as refused:
            row.full_clean()
        assert problem in " ".join(refused.value.messages)
    else:
        row.full_clean()


def test_on_the_desk(client: Client) -> None:
    client.force_login(make_user("btv", Role.EDITOR))
    response = client.post(
        reverse("synonyms:add"), {"short": "  TTPVHCC ", "long": "trung tâm phục vụ hành chính công"}, follow=True
    )
    assert response.status_code == 200
    assert Synonym.objects.get().short == "TTPVHCC"
    assert "TTPVHCC" in client.get(reverse("synonyms:index")).content.decode()
    client.force_login(make_user("pv", Role.REPORTER))
    assert client.get(reverse("synonyms:add")).status_code in (302, 403)
