"""No address answers with a fault of ours (5xx), whatever stands in it: every screen, every role, nasty values.

Warnings are errors and exceptions are let through here, so a fault fails with its own trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from django.test import Client

from tests.factories import (
    make_article,
    make_coverage,
    make_criterion,
    make_department,
    make_photo_story,
    make_picture,
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
WORST = ("%00", "%ff", "%C2%B2", "-1", "9" * 5000, "[x", "%08", "9999-12-31")

KEYS = (
    "trang", "q", "loai", "don-vi", "tieu-chi", "nam", "sap-xep", "nhom", "van-ban", "ky", "tu", "den", "but-danh",
    "vai-tro", "chieu", "nhanh", "tien-than", "dem", "theo", "bang-0", "p", "page", "quy", "next", "ordering", "locale",
)  # fmt: skip


@pytest.fixture
def newsroom() -> dict[str, Any]:
    """One of everything that an address can name."""
    story = make_article("Cải thiện lề lối", issue_date=date(2017, 2, 16), lead_photo=make_picture())
    make_photo_story("Chùm ảnh", issue_date=date(2017, 2, 15))
    unit, criterion = make_department("Sở Y tế"), make_criterion("trách nhiệm")
    make_coverage(story, unit, criterion)
    return {"story": story, "draft": make_article("Bản nháp", live=False), "unit": unit, "criterion": criterion}


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
