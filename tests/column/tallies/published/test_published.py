"""Published figures: written down, held against a tally or a certificate, explained by a signature."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from column.people.models import User
from column.people.roles import Role
from column.stories.models import Article
from column.stories.takedown import take_down
from column.tallies.certificates.freezing import freeze
from column.tallies.explaining.explain import explain_bare
from column.tallies.explaining.sides import bare_side, present_side
from column.tallies.published.checking import check, compare, sign
from column.tallies.published.models import FigureSignature, OwnArticle, PublishedFigure, Result
from tests.column.tallies.certificates.test_certificates import asked
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db
ADDRESS = "/tong-hop/?loai=bai&den=2017-02-15&hang=loai&cot=tong"


@pytest.fixture
def person() -> User:
    return make_user("tonghop", Role.COMMITTEE, display_name="Trần Thị Tổng Hợp")


@pytest.fixture
def staff(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


@pytest.fixture
def articles() -> list[Article]:
    days = (date(2017, 1, 5), date(2017, 2, 9), date(2017, 2, 16))
    return [make_article(f"Bài {day:%d/%m}", issue_date=day) for day in days]


def sent(**changes: Any) -> dict[str, Any]:
    return {
        "number": "2", "counts": "bài viết", "as_of": "16/02/2017", "includes_own": "no",
        "passage": "Đã có 2 bài viết.", "source": "", "source_text": "Báo cáo số 1", "address": ADDRESS, "code": "",
    } | changes  # fmt: skip


def written(staff: Client, **changes: Any) -> PublishedFigure:
    answer = staff.post("/tong-hop/da-cong-bo/moi/", sent(**changes))
    assert answer.status_code == 302, BeautifulSoup(answer.content, "html.parser").select(".field-error")
    return PublishedFigure.objects.latest("pk")


def words(answer: Any) -> str:
    main = BeautifulSoup(answer.content, "html.parser").select_one("main")
    assert main is not None
    return " ".join(main.get_text(" ").split())


def test_a_figure_that_matches(staff: Client, articles: list[Article]) -> None:
    one = written(staff, source=articles[2].full_url)
    assert (one.number, one.as_of, one.address, one.result, one.held) == (2, date(2017, 2, 16), ADDRESS, "khop", 2)
    assert one.source_story is not None
    assert one.source_story.pk == articles[2].pk
    said = words(staff.get(one.get_absolute_url()))
    assert "✓ khớp" in said
    assert "Bài 16/02" in said
    assert "✓ khớp" in words(staff.get("/tong-hop/da-cong-bo/"))


def test_figures_that_differ_or_cannot_be_held_against_anything(staff: Client, articles: list[Article]) -> None:
    more = written(staff, number="5")
    assert (compare(more).words, compare(more).difference) == ("chênh −3", -3)
    bare = written(staff, address="")
    assert (bare.result, compare(bare).words) == (Result.NOT_REPRODUCIBLE, "không tái lập được")
    assert "Chưa có bảng hay phiếu nào" in words(staff.get(bare.get_absolute_url()))
    only = words(staff.get("/tong-hop/da-cong-bo/?ket-qua=chenh"))
    assert "chênh −3" in only
    assert "không tái lập được đối chiếu" not in only


def test_what_cannot_be_written_down_says_how_to_mend_it(staff: Client, articles: list[Article]) -> None:
    for changes, sentence in (
        ({"as_of": "31/02/2017"}, "31/02/2017"),
        ({"source": "https://example.com/"}, "Không có tin, bài đã đăng nào ở địa chỉ này."),
        ({"source_text": ""}, "Hãy ghi tin, bài nêu con số, hoặc nguồn khác."),
        ({"address": "https://example.com/?loai=bai"}, "Đây không phải địa chỉ của bảng tổng hợp"),
        ({"address": "/tong-hop/?loai=sach"}, "“sach” không dùng được"),
        ({"code": "K4M7-2QXX", "address": ""}, "Mã phiếu gõ sai"),
        ({"number": "-1"}, ""),
        ({"number": "9" * 30}, ""),
    ):
        answer = staff.post("/tong-hop/da-cong-bo/moi/", sent(**changes))
        assert answer.status_code == 400, changes
        assert sentence in words(answer), changes
    assert not PublishedFigure.objects.exists()


def test_a_signature_stays_as_it_was_signed(staff: Client, articles: list[Article], person: User) -> None:
    one = written(staff, number="3")
    answer = staff.post(f"{one.get_absolute_url()}ky/", {"text": "Bài ngày 16/02 được tính cả."})
    assert answer.status_code == 302
    staff.post(f"{one.get_absolute_url()}sua/", sent(number="2"))
    line = FigureSignature.objects.get()
    assert (line.by_name, line.number, line.held, line.result, line.against) == (
        "Trần Thị Tổng Hợp", 3, 2, Result.DIFFERS, ADDRESS,
    )  # fmt: skip
    said = words(staff.get(one.get_absolute_url()))
    assert "Ký: Trần Thị Tổng Hợp" in said
    assert "con số khi ký: 3, chênh −1" in said
    assert "✓ khớp" in said
    for change in (line.save, line.delete, FigureSignature.objects.all().delete):
        with pytest.raises(TypeError):
            change()
    assert staff.post(f"{one.get_absolute_url()}ky/", {"text": "  "}).status_code == 400


def test_held_against_a_certificate(staff: Client, articles: list[Article], person: User) -> None:
    certificate = freeze(asked(ADDRESS.partition("?")[2]), title="Đến 15/02/2017", user=person)
    one = written(staff, address="", code=certificate.code.lower(), number="4")
    take_down(articles[0], person)
    assert compare(one).words == "chênh −2"
    said = words(staff.get(f"{one.get_absolute_url()}so-voi/"))
    # From the print to the certificate nobody knows; from there on everybody.
    assert "Đã gỡ 1 −1 Chưa xác định 1 −2 Cộng −3" in said
    assert "trang không đoán" in said


def test_its_own_article_is_the_one_thing_that_a_bare_number_tells(articles: list[Article], person: User) -> None:
    one = PublishedFigure.objects.create(
        number=4, counts="bài viết", as_of=date(2017, 2, 16), includes_own=OwnArticle.YES, passage="…",
        source_story_id=articles[2].pk, address=ADDRESS,
    )  # fmt: skip
    found = explain_bare(bare_side(one), present_side(asked(ADDRESS.partition("?")[2])))
    assert [(part.cause.value, part.change, part.number) for part in found.parts] == [
        ("chinh-no", -1, articles[2].public_id), ("chua-xac-dinh", -1, 0),
    ]  # fmt: skip
    assert (found.old, found.new) == (4, 2)
    sign(one, "Còn một bài chưa tìm thấy.", person)
    assert check(one).result == Result.DIFFERS


def test_the_list_costs_the_same_for_one_and_for_many(staff: Client, articles: list[Article]) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert staff.get("/tong-hop/da-cong-bo/").status_code == 200
        return len(queries)

    written(staff, source=str(articles[2].public_id))
    cost()
    one = cost()
    for number in range(4):
        written(staff, number=str(number), source=str(articles[number % 3].public_id))
    assert cost() == one


@pytest.mark.parametrize("role", [Role.REPORTER, "", None], ids=str)
def test_whoever_may_not_view_tallies_sees_and_writes_nothing(client: Client, role: Role | str | None) -> None:
    if role is not None:
        client.force_login(make_user("", role))
    refused = 302 if role is None else 403
    for path in ("", "moi/", "1/", "1/sua/", "1/so-voi/"):
        assert client.get(f"/tong-hop/da-cong-bo/{path}").status_code == refused, path
    for path in ("moi/", "doi-chieu/", "1/sua/", "1/ky/"):
        assert client.post(f"/tong-hop/da-cong-bo/{path}", sent()).status_code == refused, path
    assert not PublishedFigure.objects.exists()
