"""No address answers with a fault of ours (5xx), whatever stands in it: every screen, every role, nasty values.

Warnings are errors and exceptions are let through here, so a fault fails with its own trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from datetime import date, time
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.test import Client
from wagtail.contrib.redirects.models import Redirect

from column.people.roles import Role
from column.schedule.models import Slot
from tests.factories import (
    column_page,
    make_article,
    make_coverage,
    make_criterion,
    make_department,
    make_photo_story,
    make_picture,
    make_user,
)

pytestmark = pytest.mark.django_db

#: As they arrive: percent-encoded bytes.
VALUES = (
    "", "%00", "a%00b", "%ff%fe", "%C3%28", "%ED%A0%80", "%0d%0aX-Injected:1", "-1", "0", "00", "abc", "%C2%B2",
    "%C2%B2%C2%B2%C2%B2%C2%B2", "%EF%BC%92%EF%BC%90%EF%BC%91%EF%BC%97", "2147483648", "9223372036854775808",
    "999999999999999999999999999999", "9" * 5000, "1e9", "1.5", "NaN", "None", "null", "true", "[]", "[x", "//[x",
    "..", "..%2f..%2fetc%2fpasswd", "%25", "%25s%25d", "'", "%22", "%22%22", "';--", "(((", "*", "%5c", "%3Cscript%3E",
    "%7B%7B7*7%7D%7D", "%F0%9F%98%80", "a" * 10_000, "%C4%91" * 3000, "%CC%81" * 2000, "%E2%80%AE", "%08", "%1b",
    "0000", "0001", "9999", "0217", "2017-13", "31/02/2017", "9999-12-31", "0001-01-01", "2017-Q5", "chua-gan",
)  # fmt: skip
#: For every key alone.
WORST = ("%00", "9" * 5000, "%08", "9999-12-31")

KEYS = (
    "trang", "q", "loai", "don-vi", "tieu-chi", "nam", "sap-xep", "nhom", "van-ban", "ky", "tu", "den", "but-danh",
    "vai-tro", "chieu", "nhanh", "tien-than", "dem", "theo", "bang-0", "p", "page", "quy", "next", "ordering", "locale",
    "loc", "tim", "chuyen-muc", "ket-qua", "nguoi", "ngay", "tuan",
)  # fmt: skip


def one_of_everything() -> dict[str, Any]:
    """One of everything that an address can name."""
    story = make_article("Cải thiện lề lối", issue_date=date(2017, 2, 16), lead_photo=make_picture())
    make_photo_story("Chùm ảnh", issue_date=date(2017, 2, 15))
    unit, criterion = make_department("Sở Y tế"), make_criterion("trách nhiệm")
    make_coverage(story, unit, criterion)
    return {"story": story, "draft": make_article("Bản nháp", live=False), "unit": unit, "criterion": criterion}


@pytest.fixture(scope="module")
def made(once: Callable[..., Any]) -> dict[str, Any]:
    return once(one_of_everything)


@pytest.fixture
def newsroom(made: dict[str, Any], db: None) -> dict[str, Any]:
    return deepcopy(made)


def ask(client: Client, path: str, query: str = "", method: str = "get", **data: Any) -> Any:
    """Ask for percent-encoded *path* as a server would hand it over, whatever a URL parser thinks of it."""
    raw = unquote_to_bytes(path).decode("latin-1")
    return getattr(client, method)("/", PATH_INFO=raw, QUERY_STRING=query, **data)


def faults(client: Client, asked: Iterable[tuple[str, str]]) -> list[tuple[str, str, int]]:
    """The addresses (path and query) that are answered with 5xx."""
    found = []
    for path, query in asked:
        response = ask(client, path, query)
        assert "X-Injected" not in response.headers
        if response.status_code >= 500:
            found.append((path[:80], query[:80], response.status_code))
    return found


def queries() -> Iterator[str]:
    """Every value under every key at once, and the worst under each key alone."""
    for value in VALUES:
        yield "&".join(f"{key}={value}" for key in KEYS)
    for key in KEYS:
        yield from (f"{key}={value}" for value in WORST)
    yield "&".join(f"a{number}=1" for number in range(900))
    yield "%=%&=&&%00=%00"
    yield "x" * 10_000


PUBLIC = (
    "/", "/5-xay-3-chong/", "/5-xay-3-chong/2017/", "/5-xay-3-chong/2017/02/", "/don-vi/", "/tieu-chi/", "/tin-bai/",
    "/tim-kiem/", "/tim-kiem/rss/", "/rss/", "/rss/5-xay-3-chong/", "/sitemap.xml", "/sitemap-trang.xml",
    "/sitemap-don-vi.xml", "/robots.txt", "/huong-dan/", "/dang-nhap/", "/tep-dinh-kem/1/a.pdf",
)  # fmt: skip
IN_PATH = (
    "/{}", "/{}/", "/5-xay-3-chong/{}/", "/5-xay-3-chong/2017/{}/", "/5-xay-3-chong/{}/02/", "/5-xay-3-chong/a-{}/in/",
    "/don-vi/{}/", "/tieu-chi/{}/", "/rss/don-vi/{}/", "/rss/tieu-chi/{}/", "/bao-loi/{}/", "/bao-loi/{}/cam-on/",
    "/sitemap-{}.xml", "/huong-dan/{}/", "/media/images/{}", "/media/{}", "/tep-dinh-kem/{}/a.pdf",
    "/tep-dinh-kem/1/{}", "/tim-kiem/{}/", "/tong-hop/{}",
)  # fmt: skip


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("path", IN_PATH)
def test_nonsense_in_the_path(client: Client, newsroom: dict[str, Any], path: str):
    assert faults(client, ((path.replace("{}", value), "") for value in VALUES)) == []


@pytest.mark.parametrize("path", PUBLIC)
def test_nonsense_in_the_query(client: Client, newsroom: dict[str, Any], path: str):
    assert faults(client, ((path, query) for query in queries())) == []


DESK = (
    "/tong-hop/", "/tong-hop/danh-sach/", "/tong-hop/bang-tong-hop.xlsx", "/tong-hop/bang-tong-hop.csv",
    "/admin/tin-nhan/", "/admin/bao-dong/", "/admin/lich-dang/ban-tin-tuan/",
    "/admin/lich-dang/", "/admin/lich-dang/nam/", "/admin/lich-dang/danh-sach/", "/admin/kho-cu/",
    "/admin/so-ky-dang/", "/admin/so-ky-dang/so-ky-dang.xlsx", "/admin/so-ky-dang/so-ky-dang.csv",
    "/admin/lich-dang/can-doi/", "/admin/kho-cu/phan-loai/", "/admin/nhap-bai/", "/admin/bao-loi/",
    "/admin/pages/search/", "/admin/choose-page/", "/admin/snippets/column/byline/",
    "/admin/snippets/column/department/", "/admin/api/main/pages/",
)  # fmt: skip
DESK_IN_PATH = (
    "/admin/tin-nhan/{}/mo/", "/admin/tin-nhan/{}/da-doc/", "/admin/bao-dong/{}/da-thay/",
    "/admin/lich-dang/{}/xep-bai/", "/admin/tin-bai/{}/gan/", "/admin/tin-bai/{}/hen-gio/",
    "/admin/tin-bai/{}/ky-dang/", "/admin/tin-bai/{}/go-bai/", "/admin/tin-bai/{}/dinh-chinh/",
    "/admin/kho-cu/{}/", "/admin/kho-cu/xuat/{}/", "/admin/pages/{}/", "/admin/pages/{}/edit/",
    "/admin/bao-loi/edit/{}/",
)  # fmt: skip


@pytest.fixture
def chief(client: Client) -> Client:
    client.force_login(make_user("", Role.CHIEF))
    return client


@pytest.mark.parametrize("path", DESK)
def test_nonsense_in_the_query_of_a_screen(chief: Client, newsroom: dict[str, Any], path: str):
    asked = ("&".join(f"{key}={value}" for key in KEYS) for value in VALUES)
    assert faults(chief, ((path, query) for query in asked)) == []


@pytest.mark.parametrize("path", DESK_IN_PATH)
def test_nonsense_in_the_path_of_a_screen(chief: Client, newsroom: dict[str, Any], path: str):
    assert faults(chief, ((path.replace("{}", value), "") for value in VALUES)) == []


def test_nonsense_sent_to_the_desk(chief: Client, newsroom: dict[str, Any]):
    """Every post of ours with every value in every field; refused in words, never with a fault."""
    story, slot = (
        newsroom["story"].pk,
        Slot.objects.create(column=column_page(), day=date(2017, 2, 23), publish_time=time(6, 0)).pk,
    )
    fields = {
        f"/admin/lich-dang/{slot}/xep-bai/": ("article",), f"/admin/lich-dang/{slot}/nghi-ky/": ("reason",),
        f"/admin/lich-dang/{slot}/sua/": ("publish_time", "teaser"), f"/admin/lich-dang/{slot}/chuyen-ky/": ("slot",),
        f"/admin/tin-bai/{story}/dinh-chinh/": ("remove",),
        f"/admin/tin-bai/{story}/dinh-chinh/#": ("kind", "text", "made_at"),
        f"/admin/tin-bai/{newsroom['draft'].pk}/hen-gio/": ("at",),
        f"/bao-loi/{newsroom['story'].public_id}/": ("text",),
        f"/admin/tin-bai/{story}/gan/": ("seen", "goi-y", "dong", "moi-don-vi", "moi-tieu-chi", "moi-doan"),
        "/admin/lich-dang/chuyen/": ("story", "source", "target", "replaces", "agreed", "quy", "chuyen-muc", "tim"),
        "/admin/lich-dang/hoan-tac/": ("batch", "quy"), "/admin/lich-dang/y-tuong/": ("title", "next", "quy"),
        "/admin/nhap-bai/": ("text",), "/dang-nhap/": ("username", "password", "next"),
    }  # fmt: skip
    for path, names in fields.items():
        for value in VALUES:
            sent = unquote_to_bytes(value).decode("utf-8", "replace")
            response = chief.post(path.rstrip("#"), dict.fromkeys(names, sent))
            assert response.status_code < 500, (path, value[:60])
            assert not response.headers.get("Location", "").startswith(("//", "http")), (path, value[:60])


def test_an_old_address_may_hold_any_number(client: Client, newsroom: dict[str, Any]):
    Redirect.add_redirect("/tin/201702161412001234", redirect_to=newsroom["story"].page_ptr)
    response = client.get("/tin/201702161412001234/")
    assert (response.status_code, response["Location"]) == (301, newsroom["story"].url)
