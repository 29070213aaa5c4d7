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
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from column.people.roles import Role
from column.schedule.models import Slot
from column.tallies.api.keys import make_key
from column.tallies.certificates.models import Certificate
from column.tallies.published.models import PublishedFigure
from column.tallies.reports.models import ReportSchedule
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
    "loc", "tim", "chuyen-muc", "ket-qua", "nguoi", "ngay", "tuan", "hang", "cot", "danh-sach", "co-cau", "co-cau-ngay",
    "loai-don-vi", "giai-phap", "voi", "voi-ky", "voi-tu", "voi-don-vi", "so-luong",
    "dong", "phan", "phieu", "trang-thai", "bang", "mau", "thang", "trang-cot", "kiem-tra", "cong-nhom", "tinh-trang",
    "o-dau", "tin", "sua",
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
    "/tim-kiem/", "/so-lieu/", "/tim-kiem/rss/", "/rss/", "/rss/5-xay-3-chong/", "/sitemap.xml", "/sitemap-trang.xml",
    "/sitemap-don-vi.xml", "/sitemap-so-lieu.xml", "/robots.txt", "/huong-dan/", "/dang-nhap/", "/tep-dinh-kem/1/a.pdf",
)  # fmt: skip
IN_PATH = (
    "/{}", "/{}/", "/5-xay-3-chong/{}/", "/5-xay-3-chong/2017/{}/", "/5-xay-3-chong/{}/02/", "/5-xay-3-chong/a-{}/in/",
    "/don-vi/{}/", "/tieu-chi/{}/", "/so-lieu/{}/",
    "/rss/don-vi/{}/", "/rss/tieu-chi/{}/", "/bao-loi/{}/", "/bao-loi/{}/cam-on/",
    "/sitemap-{}.xml", "/huong-dan/{}/", "/media/images/{}", "/media/{}", "/tep-dinh-kem/{}/a.pdf",
    "/tep-dinh-kem/1/{}", "/tim-kiem/{}/", "/tong-hop/{}", "/tong-hop/hinh/{}.svg", "/tong-hop/khoa-api/{}/thu-hoi/",
    "/tong-hop/phieu/{}/", "/tong-hop/phieu/{}/danh-sach/", "/tong-hop/phieu/{}/so-voi/nay/",
    "/tong-hop/da-cong-bo/{}/", "/tong-hop/da-cong-bo/{}/so-voi/", "/tong-hop/bang-tong-hop.{}", "/tong-hop/tep/{}/",
    "/tong-hop/mau-trinh-bay/{}/", "/tong-hop/bao-cao-dinh-ky/{}/",
    "/api/v1/{}", "/api/v1/tallies/{}/",
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
    "/tong-hop/bang-tong-hop.docx", "/tong-hop/bang-tong-hop.pdf", "/tong-hop/bang-tong-hop.json", "/tong-hop/ky-dang/",
    "/tong-hop/doan-so-lieu/", "/tong-hop/tep/", "/tong-hop/mau-trinh-bay/", "/tong-hop/mau-trinh-bay/dang/",
    "/tong-hop/bao-cao-dinh-ky/", "/tong-hop/bao-cao-dinh-ky/them/", "/tong-hop/hinh/nhiet.svg",
    "/tong-hop/hinh/nhiet.png", "/tong-hop/quy-uoc/", "/tong-hop/hinh/", "/tong-hop/so-sanh/",
    "/tong-hop/khoa-api/", "/tong-hop/phieu/",
    "/tong-hop/phieu/moi/", "/admin/nhuan-but/", "/admin/nhuan-but/nhuan-but.xlsx", "/admin/don-vi/gop-ban-ghi-trung/",
    "/admin/snippets/column/document/", "/admin/snippets/column/codebook/", "/admin/snippets/column/criterion/",
    "/admin/snippets/column/indicator/", "/admin/snippets/column/monitoredlist/",
    "/admin/snippets/column/reportingseries/",
    "/tong-hop/da-cong-bo/", "/tong-hop/da-cong-bo/moi/",
    "/admin/tin-nhan/", "/admin/bao-dong/", "/admin/lich-dang/ban-tin-tuan/",
    "/admin/lich-dang/", "/admin/lich-dang/nam/", "/admin/lich-dang/danh-sach/", "/admin/kho-cu/",
    "/admin/so-ky-dang/", "/admin/so-ky-dang/so-ky-dang.xlsx", "/admin/so-ky-dang/so-ky-dang.csv",
    "/admin/lich-dang/can-doi/", "/admin/kho-cu/phan-loai/", "/admin/nhap-bai/", "/admin/bao-loi/",
    "/admin/pages/search/", "/admin/choose-page/", "/admin/snippets/column/byline/",
    "/admin/snippets/column/department/", "/admin/api/main/pages/", "/admin/gan-ma/", "/admin/gan-ma/hang-loat/",
    "/admin/gan-ma/cac-lan/", "/admin/don-vi/", "/admin/don-vi/viec/", "/admin/don-vi/viec/sap-nhap/",
)  # fmt: skip
DESK_IN_PATH = (
    "/admin/tin-nhan/{}/mo/", "/admin/tin-nhan/{}/da-doc/", "/admin/bao-dong/{}/da-thay/",
    "/admin/lich-dang/{}/xep-bai/", "/admin/tin-bai/{}/gan/", "/admin/tin-bai/{}/so-lieu/",
    "/admin/tin-bai/{}/hen-gio/",
    "/admin/tin-bai/{}/ky-dang/", "/admin/tin-bai/{}/go-bai/", "/admin/tin-bai/{}/dinh-chinh/",
    "/tong-hop/tep/{}/", "/tong-hop/mau-trinh-bay/{}/", "/tong-hop/bao-cao-dinh-ky/{}/", "/tong-hop/phieu/{}/",
    "/tong-hop/phieu/{}/danh-sach/", "/tong-hop/phieu/{}/so-voi/nay/", "/tong-hop/phieu/{}/so-voi/nay/giai-thich.csv",
    "/tong-hop/da-cong-bo/{}/sua/", "/tong-hop/da-cong-bo/{}/so-voi/", "/admin/don-vi/viec/{}/huy/",
    "/admin/bo-tieu-chi/{}/phien-ban-moi/", "/admin/gan-ma/cac-lan/{}/tien-do/",
    "/admin/gan-ma/cac-lan/{}/", "/admin/don-vi/{}/", "/admin/don-vi/viec/{}/", "/admin/bo-tieu-chi/{}/quy-doi/",
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


@pytest.mark.parametrize("path", ["", "stories/", "compare/"])
def test_nonsense_in_the_query_of_the_api(chief: Client, newsroom: dict[str, Any], path: str):
    secret = make_key(make_user("", Role.COMMITTEE), "Thử", None, timezone.now())[1]
    chief.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    asked = ("&".join(f"{key}={value}" for key in KEYS[:32]) for value in VALUES)
    assert faults(chief, ((f"/api/v1/tallies/{path}", query) for query in asked)) == []
    each = (f"{key}={value}" for key in KEYS[-20:] for value in WORST)
    assert faults(chief, ((f"/api/v1/tallies/{path}", query) for query in each)) == []
    chief.defaults["HTTP_AUTHORIZATION"] = "Bearer \x00" + "é" * 5000
    assert faults(chief, [(f"/api/v1/tallies/{path}", "")]) == []


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
        f"/admin/tin-bai/{story}/gan/": (
            "seen", "goi-y", "dong", "moi-don-vi", "moi-tieu-chi", "moi-doan", "gy-bo-qua", "goi-y-lai", "xac-nhan",
        ),
        "/admin/lich-dang/chuyen/": ("story", "source", "target", "replaces", "agreed", "quy", "chuyen-muc", "tim"),
        "/admin/lich-dang/hoan-tac/": ("batch", "quy"), "/admin/lich-dang/y-tuong/": ("title", "next", "quy"),
        "/admin/nhap-bai/": ("text",), "/dang-nhap/": ("username", "password", "next"),
        "/tong-hop/khoa-api/": ("name", "lifetime"), "/tong-hop/phieu/moi/": ("title", "note"),
        "/tong-hop/da-cong-bo/moi/": (
            "number", "counts", "as_of", "includes_own", "passage", "source", "source_text", "address", "code",
        ),
        "/tong-hop/tep/lap/": ("dang", "bang"), "/tong-hop/tep/lap/#": ("bang",),
        "/tong-hop/mau-trinh-bay/dang/": (
            "name", "superior", "issuer", "number_line", "heading", "place", "appendix", "title", "attached",
            "compiler", "signer", "body_size", "table_size", "margin_top", "margin_left",
        ),
        "/tong-hop/bao-cao-dinh-ky/them/": ("name", "query", "rhythm", "days_after", "readers", "is_active"),
        "/tong-hop/da-cong-bo/doi-chieu/": (),
    }  # fmt: skip
    for path, names in fields.items():
        for value in VALUES:
            sent = unquote_to_bytes(value).decode("utf-8", "replace")
            fixed = {"dang": "csv"} if path == "/tong-hop/tep/lap/#" else {}
            response = chief.post(path.rstrip("#"), dict.fromkeys(names, sent) | fixed)
            assert response.status_code < 500, (path, value[:60])
            assert not response.headers.get("Location", "").startswith(("//", "http")), (path, value[:60])


#: The worst of the values: these forms show the whole unit list again.
FEW = (
    "%00",
    "-1",
    "999999999999999999999999999999",
    "a" * 10_000,
    "9999-12-31",
    "0001-01-01",
    "%F0%9F%98%80",
    "%C2%B2",
)


@pytest.mark.parametrize("value", FEW, ids=lambda value: value[:12])
def test_nonsense_sent_to_the_screens_of_units_and_coding(chief: Client, newsroom: dict[str, Any], value: str):
    story, unit = newsroom["story"].pk, newsroom["unit"].code
    book, criterion = newsroom["criterion"].group.codebook_id, newsroom["criterion"].pk
    sent = unquote_to_bytes(value).decode("utf-8", "replace")
    for path, names in (
        ("/admin/don-vi/viec/sap-nhap/", ("from_units", "day", "to_units", "new_names", "source", "xac-nhan")),
        ("/admin/don-vi/gop-ban-ghi-trung/", ("unit", "same_as", "source", "xac-nhan")),
        (f"/admin/gan-ma/hang-loat/?tin={story}", ("work", "units", "criteria", "role", "tone", "xac-nhan")),
        (f"/admin/don-vi/{unit}/", ("counts_as", "source")),
        (f"/admin/tin-bai/{story}/so-lieu/", ("printed", "about", "indicator", "measured_on", "passage")),
        (f"/admin/tin-bai/{story}/so-lieu/", ("bo",)),
        ("/admin/don-vi/viec/doi-ten/", ("from_units", "day", "to_units", "new_names", "source", "xac-nhan")),
        ("/admin/don-vi/viec/chia-tach/", ("from_units", "day", "to_units", "new_names", "source", "xac-nhan")),
        (f"/admin/bo-tieu-chi/{book}/phien-ban-moi/", ("version", "title", "in_use_from", "in_use_to")),
        (
            f"/admin/bo-tieu-chi/{book}/quy-doi/",
            (f"moi-{criterion}", f"ly-do-{criterion}"),
        ),
        ("/admin/snippets/column/monitoredlist/add/", ("name", "slug", "as_of", "source", "units")),
        ("/admin/snippets/column/reportingseries/add/", ("name", "slug", "starts_on", "months")),
        ("/admin/snippets/column/solutiongroup/add/", ("codebook", "name", "order", "criteria")),
        ("/admin/snippets/column/criterion/add/", ("group", "name", "slug", "order", "description", "reason")),
        ("/admin/snippets/column/indicator/add/", ("name", "slug", "unit", "description")),
        ("/admin/snippets/column/codebook/add/", ("document", "title", "version", "in_use_from", "in_use_to")),
    ):
        assert chief.post(path, dict.fromkeys(names, sent)).status_code < 500, path


def test_an_old_address_may_hold_any_number(client: Client, newsroom: dict[str, Any]):
    Redirect.add_redirect("/tin/201702161412001234", redirect_to=newsroom["story"].page_ptr)
    response = client.get("/tin/201702161412001234/")
    assert (response.status_code, response["Location"]) == (301, newsroom["story"].url)


@pytest.mark.parametrize("value", FEW, ids=lambda value: value[:12])
def test_nonsense_about_what_was_frozen_published_and_planned(chief: Client, newsroom: dict[str, Any], value: str):
    """A certificate, a published figure and a schedule that are there, asked and told nonsense."""
    assert chief.post("/tong-hop/phieu/moi/?ky=2015", {"title": "Thử"}).status_code == 302
    code = Certificate.objects.get().code
    figure = PublishedFigure.objects.create(number=94, counts="bài", as_of=date(2017, 2, 16), passage="94 bài").pk
    schedule = ReportSchedule.objects.create(name="Quý").pk
    sent = unquote_to_bytes(value).decode("utf-8", "replace")
    of_code, of_figure = f"/tong-hop/phieu/{code}/", f"/tong-hop/da-cong-bo/{figure}/"
    query = "&".join(f"{key}={value}" for key in KEYS)
    asked = [f"{of_code}{tail}" for tail in ("", "danh-sach/", "so-voi/", "so-voi/nay/", f"so-voi/{value}/")]
    asked += [f"{of_code}so-voi/nay/giai-thich.{ending}" for ending in ("json", "csv")]
    asked += [of_figure, f"{of_figure}sua/", f"{of_figure}so-voi/", f"/tong-hop/bao-cao-dinh-ky/{schedule}/"]
    asked += [f"/tong-hop/bang-tong-hop.{ending}" for ending in ("xlsx", "docx", "pdf", "csv", "json")]
    assert faults(chief, ((path, more) for path in asked for more in (query, f"phieu={code}&mau={value}"))) == []
    for path, names in (
        (f"{of_code}chot/", ()), (f"{of_figure}ky/", ("text",)), (f"{of_figure}so-voi/", ()),
        (f"{of_figure}sua/", ("number", "counts", "as_of", "passage", "source_text", "address", "code")),
        (f"/tong-hop/bao-cao-dinh-ky/{schedule}/", ("name", "query", "rhythm", "days_after", "readers")),
    ):  # fmt: skip
        assert chief.post(path, dict.fromkeys(names, sent)).status_code < 500, path
    # The bodies of a form may be right where the address is not, and the other way round.
    assert ask(chief, "/tong-hop/phieu/moi/", query, "post", data={"title": "Thử"}).status_code < 500
    assert chief.post("/tong-hop/phieu/moi/?hang=quy&cot=trang-thai&dem=ky-dang", {"title": sent}).status_code < 500
