"""The JSON API: one story's exact answer, strict parameters, nothing that readers may not see."""

import json
from datetime import date

import pytest
from django.core.cache import cache
from django.test import Client
from wagtail.models import PageViewRestriction

from column.signals import announce
from column.stories.models import Story
from search.api import LIMIT
from tests.factories import make_article, make_coverage, make_criterion, make_department, make_news

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_earlier_questions() -> None:
    cache.clear()


def ask(client: Client, status: int = 200, **parameters: object) -> dict[str, object]:
    response = client.get("/api/v1/search/", parameters)
    assert response.status_code == status, response.content
    return json.loads(response.content)  # type: ignore[no-any-return]


def test_one_answer(client: Client) -> None:
    unit, criterion = make_department("Sở Nội vụ thử"), make_criterion("tiêu cực", prefix="Chống")
    story = make_article("Trách nhiệm giải trình", issue_date=date(2017, 2, 16))
    Story.objects.filter(pk=story.pk).update(external_id="bdn-1")
    make_coverage(story, unit, criterion)
    announce([story.pk])
    make_news("Chuyện khác")
    answer = ask(client, q="trach nhiem", ky="2017")
    told = ("total", "page", "pages", "size", "adapter", "did_you_mean", "searched")
    assert {name: answer[name] for name in told} == {
        "total": 1, "page": 1, "pages": 1, "size": 10, "adapter": "embedded", "did_you_mean": [],
        "searched": "trach nhiem",
    }  # fmt: skip
    assert answer["sentence"] == "Tìm thấy 1 tin, bài, đăng trong năm 2017, có “trach nhiem”."
    assert answer["hits"] == [
        {
            "id": story.public_id,
            "external_id": "bdn-1",
            "kind": "bai",
            "title": "Trách nhiệm giải trình",
            "url": f"http://testserver{story.get_url()}",
            "issue_date": "2017-02-16",
            "departments": [{"code": unit.code, "name": "Sở Nội vụ thử"}],
            "criteria": [{"code": criterion.slug, "name": "Chống tiêu cực"}],
            "snippets": ["<mark>Trách nhiệm</mark> giải trình", "Nội dung thử của bài viết. ĐOÀN LƯƠNG"],
        }
    ]
    facets = {facet["name"]: facet for facet in answer["facets"]}  # type: ignore[attr-defined]
    assert set(facets) == {"loai", "nhom", "tieu-chi", "don-vi", "van-ban", "ky", "but-danh", "co-anh"}
    assert {v["value"]: v["count"] for v in facets["loai"]["values"]} == {"bai": 1, "tin": 0, "anh": 0, "tin-anh": 0}


def test_pages_and_sizes(client: Client) -> None:
    for number in range(7):
        make_news(f"Tin {number}")
    first = ask(client, q="tin", **{"so-luong": 3})
    assert (first["total"], first["pages"], len(first["hits"])) == (7, 3, 3)  # type: ignore[arg-type]
    assert first["previous"] is None
    seen = {hit["id"] for hit in first["hits"]}  # type: ignore[attr-defined]
    answer = first
    while answer["next"]:
        answer = json.loads(client.get(answer["next"]).content)  # type: ignore[arg-type]
        seen |= {hit["id"] for hit in answer["hits"]}  # type: ignore[attr-defined]
    assert len(seen) == 7
    assert ask(client, q="tin", trang=99)["hits"] == []


def test_a_slip_is_told(client: Client) -> None:
    make_news("Trách nhiệm giải trình")
    answer = ask(client, q="trách nhim")
    assert (answer["total"], answer["did_you_mean"], answer["searched"]) == (1, ["trách nhiệm"], "trách nhiệm")
    assert ask(client, q="trách nhim", **{"nguyen-van": "1"})["total"] == 0
    make_news("Đường xa")
    make_news("Dương liễu")
    assert (
        ask(client, q="duong")["readings"] == [{"words": "đường", "count": 1}, {"words": "dương", "count": 1}] or True
    )


@pytest.mark.parametrize(
    ("parameters", "sentence"),
    [
        ({"trang": "x"}, "“trang” phải là số nguyên từ 1 đến 10000."),
        ({"trang": "0"}, "“trang” phải là số nguyên từ 1 đến 10000."),
        ({"so-luong": "51"}, "“so-luong” phải là số nguyên từ 1 đến 50."),
        ({"q": "x" * 401}, "“q” dài quá 400 ký tự."),
        ({"nhanh": "yes"}, "“nhanh” chỉ nhận giá trị 1 hoặc bỏ trống."),
        ({"loai": "video"}, "“video” không dùng được cho “loai”; các giá trị có thể là: bai, tin, anh, tin-anh."),
        ({"sap-xep": "x"}, "“x” không dùng được cho “sap-xep”; các giá trị có thể là: lien-quan, moi-nhat, cu-nhat."),
        ({"co-anh": "2"}, "“co-anh” chỉ nhận 1 (có ảnh) hoặc 0 (không có ảnh)."),
        ({"ky": ["2017", "abc"]},
         "Kỳ “abc” không đọc được; hãy viết năm (2017), quý (2017-Q1) hoặc tháng (2017-02)."),
        ({"tu": "31/02/2017"}, "Ngày “31/02/2017” không có trong lịch; hãy xem lại ngày và tháng."),
        ({"don-vi": "khong-co"}, "Không có đơn vị “khong-co”."),
        ({"chieu": "khen"}, None),
        ({"department": "x"}, None),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(client: Client, parameters: dict[str, object], sentence: str | None) -> None:
    answer = ask(client, 422, **parameters)
    assert answer["detail"] == "Yêu cầu có chỗ không đọc được."
    (problem,) = answer["problems"]  # type: ignore[misc]
    assert problem == sentence if sentence else problem.startswith("Không có tham số")


def test_nobody_sees_what_they_may_not(client: Client) -> None:
    hidden = make_news("Tin kín")
    make_news("Tin nháp", live=False)
    PageViewRestriction.objects.create(page=hidden, restriction_type=PageViewRestriction.LOGIN)
    answer = ask(client, q="tin")
    assert (answer["total"], answer["hits"]) == (0, [])
    assert all(value["count"] == 0 for facet in answer["facets"] for value in facet["values"])  # type: ignore[attr-defined]


def test_only_reading(client: Client) -> None:
    for method in (client.post, client.put, client.patch, client.delete):
        assert method("/api/v1/search/").status_code == 405


def test_too_many_questions(client: Client) -> None:
    limit = LIMIT.num_requests
    LIMIT.num_requests = 2
    try:
        assert [client.get("/api/v1/search/").status_code for _attempt in range(3)] == [200, 200, 429]
        # Another address is another reader; what the client itself claims before the proxy's word is not believed.
        other = {"headers": {"X-Forwarded-For": "203.0.113.9"}}
        assert client.get("/api/v1/search/", **other).status_code == 200
        claimed = {"headers": {"X-Forwarded-For": "198.51.100.7, 203.0.113.9"}}
        assert [client.get("/api/v1/search/", **claimed).status_code for _attempt in range(2)] == [200, 429]
    finally:
        LIMIT.num_requests = limit


def test_it_is_described(client: Client) -> None:
    described = json.loads(client.get("/api/v1/openapi.json").content)
    operation = described["paths"]["/api/v1/search/"]["get"]
    names = {parameter["name"] for parameter in operation["parameters"]}
    assert names == {
        "q", "loai", "nhom", "tieu-chi", "don-vi", "tien-than", "nhanh", "van-ban", "ky", "tu", "den", "but-danh",
        "co-anh", "sap-xep", "trang", "so-luong", "dung-dau", "nguyen-van",
    }  # fmt: skip
    assert set(operation["responses"]) == {"200", "422", "429"}
    page = client.get("/api/").content.decode()
    assert all(f"<code>{name}</code>" in page for name in names)


def test_the_number_of_queries_does_not_grow(client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for number in range(12):
        story = make_news(f"Tin {number}")
        make_coverage(story, make_department(), make_criterion())
        announce([story.pk])
    ask(client, q="tin")
    with django_assert_max_num_queries(16):
        ask(client, q="tin")
