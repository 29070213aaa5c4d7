"""A kept page is served without the application, only to anonymous readers, and never after a change."""

from __future__ import annotations

import gzip
import io
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.handlers.wsgi import WSGIHandler
from django.db import OperationalError, transaction
from django.test import override_settings

from column.stories.takedown import take_down
from home import pagecache
from home.pagecache import PageCache
from tests.factories import make_article, make_user

HTML = "text/html; charset=utf-8"


class Site:
    """A WSGI application that counts its calls and answers as told."""

    def __init__(self, body: bytes = b"x" * 2000, status: str = "200 OK", **headers: str) -> None:
        self.calls = 0
        self.body, self.status = body, status
        self.headers = {"Content-Type": HTML} | {name.replace("_", "-"): value for name, value in headers.items()}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.calls += 1
        start_response(self.status, list(self.headers.items()))
        return [self.body]


def ask(
    cache: Any, path: str = "/", method: str = "GET", query: str = "", **headers: str
) -> tuple[str, dict[str, str], bytes]:
    environ = {
        "REQUEST_METHOD": method, "wsgi.url_scheme": "http", "HTTP_HOST": "testserver", "PATH_INFO": path,
        "QUERY_STRING": query, "SERVER_NAME": "testserver", "SERVER_PORT": "80", "wsgi.input": io.BytesIO(),
    } | {f"HTTP_{name}": value for name, value in headers.items()}  # fmt: skip
    seen: list[Any] = []
    answer = cache(environ, lambda status, headers, exc_info=None: seen.append((status, dict(headers))))
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    status, found = seen[-1]
    return status, found, body


@pytest.fixture
def generation() -> list[int]:
    return [1]


def kept(site: Site, generation: list[int], **options: Any) -> PageCache:
    return PageCache(site, generation=lambda: (generation[0], 1), **options)


@pytest.fixture
def instant(monkeypatch: pytest.MonkeyPatch) -> None:
    """The generation is asked for at every request."""
    monkeypatch.setattr(pagecache, "BELIEVED", 0.0)


def test_second_reader_gets_the_kept_page(generation: list[int]):
    site = Site()
    cache = kept(site, generation)
    first, second = ask(cache), ask(cache)
    assert (first[1]["X-Page-Cache"], second[1]["X-Page-Cache"]) == ("miss", "hit")
    assert first[2] == second[2] == site.body
    assert site.calls == 1
    assert second[1]["Content-Length"] == "2000"


def test_compressed_for_those_who_ask(generation: list[int]):
    site = Site()
    cache = kept(site, generation)
    ask(cache)
    status, headers, body = ask(cache, ACCEPT_ENCODING="br, gzip")
    assert (status, headers["Content-Encoding"]) == ("200 OK", "gzip")
    assert gzip.decompress(body) == site.body
    assert headers["Vary"] == "Cookie, Accept-Encoding"
    assert site.calls == 1


def test_head_has_no_body_and_an_unchanged_page_is_304(generation: list[int]):
    cache = kept(Site(), generation)
    _status, headers, _body = ask(cache)
    assert ask(cache, method="HEAD")[2] == b""
    status, found, body = ask(cache, IF_NONE_MATCH=headers["ETag"])
    assert (status, body) == ("304 Not Modified", b"")
    assert "Content-Length" not in found
    assert ask(cache, IF_NONE_MATCH='"other"')[0] == "200 OK"


@pytest.mark.parametrize(
    "differently",
    [{"query": "trang=2"}, {"path": "/khac/"}, {"HOST": "127.0.0.1"}, {"X_FORWARDED_PROTO": "https"}],
)
def test_another_address_is_another_page(generation: list[int], differently: dict[str, str]):
    site = Site()
    cache = kept(site, generation)
    ask(cache)
    ask(cache, **differently)
    assert site.calls == 2


@pytest.mark.parametrize(
    "request_headers",
    [{"COOKIE": "sessionid=abc"}, {"COOKIE": "a=b; messages=x"}, {"AUTHORIZATION": "Basic x"}, {"RANGE": "bytes=0-1"}],
)
def test_who_is_someone_is_answered_by_the_site(generation: list[int], request_headers: dict[str, str]):
    site = Site()
    cache = kept(site, generation)
    ask(cache)
    _status, headers, _body = ask(cache, **request_headers)
    assert "X-Page-Cache" not in headers
    assert site.calls == 2


def test_a_reader_with_some_other_cookie_is_served_but_fills_nothing(generation: list[int]):
    site = Site()
    cache = kept(site, generation)
    ask(cache, COOKIE="csrftoken=1")
    assert site.calls == 1
    assert len(cache.pages) == 0
    ask(cache)
    assert ask(cache, COOKIE="csrftoken=1")[1]["X-Page-Cache"] == "hit"


@pytest.mark.parametrize(
    "site",
    [
        Site(status="404 Not Found"),
        Site(status="302 Found"),
        Site(Set_Cookie="csrftoken=1"),
        Site(Cache_Control="private"),
        Site(Cache_Control="max-age=0, no-cache, no-store, must-revalidate"),
        Site(Content_Type="application/json"),
        Site(Content_Encoding="br"),
        Site(Vary="Cookie, Accept-Language"),
    ],
)
def test_what_is_not_for_everyone_is_not_kept(generation: list[int], site: Site):
    site.calls = 0
    cache = kept(site, generation)
    first, second = ask(cache), ask(cache)
    assert site.calls == 2
    assert first == second
    assert first[0] == site.status


@pytest.mark.usefixtures("instant")
def test_a_new_generation_and_a_new_day_empty_it(generation: list[int]):
    site = Site()
    cache = kept(site, generation)
    # 23:59 in Đà Nẵng.
    with time_machine.travel(datetime(2017, 2, 15, 16, 59, tzinfo=UTC), tick=False) as clock:
        ask(cache)
        ask(cache)
        assert site.calls == 1
        generation[0] += 1
        ask(cache)
        assert site.calls == 2
        clock.shift(120)
        ask(cache)
        assert site.calls == 3
        assert cache.epoch == ((2, 1), date(2017, 2, 16))


def test_the_generation_is_believed_for_half_a_second(generation: list[int], monkeypatch: pytest.MonkeyPatch):
    now = [100.0]
    monkeypatch.setattr(pagecache, "perf_counter", lambda: now[0])
    site = Site()
    cache = kept(site, generation)
    ask(cache)
    generation[0] += 1
    now[0] += 0.49
    assert ask(cache)[1]["X-Page-Cache"] == "hit"
    now[0] += 0.02
    assert ask(cache)[1]["X-Page-Cache"] == "miss"


@pytest.mark.usefixtures("instant")
def test_a_page_made_while_the_site_changed_is_not_kept(generation: list[int]):
    site = Site()

    def changing(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if site.calls == 0:
            generation[0] += 1
            site.calls += 1
            ask(cache, path="/another/")
        return site(environ, start_response)

    cache = PageCache(changing, generation=lambda: (generation[0], 1))
    assert ask(cache)[1]["X-Page-Cache"] == "miss"
    assert ask(cache)[1]["X-Page-Cache"] == "miss"
    assert ask(cache)[1]["X-Page-Cache"] == "hit"


def test_bytes_are_bounded_and_the_least_used_goes_first(generation: list[int]):
    site = Site(body=b"y" * 400)
    cache = kept(site, generation, limit=1300)
    for path in ("/1/", "/2/"):
        ask(cache, path)
    ask(cache, "/1/")
    ask(cache, "/3/")
    assert [key[4] for key in cache.pages] == ["/1/", "/3/"]
    assert cache.bytes == sum(pagecache._weight(*kept) for kept in cache.pages.items()) <= 1300


def test_endless_addresses_weigh_too(generation: list[int]):
    cache = kept(Site(body=b"y" * 10), generation, limit=100_000)
    for number in range(50):
        ask(cache, query=f"{number}" + "x" * 9_000)
    assert len(cache.pages) == 10
    assert cache.bytes <= 100_000


# The connection of the thread is looked after on the way.
@pytest.mark.django_db
def test_a_silent_database_is_passed_by(generation: list[int]):
    site = Site()

    def broken() -> tuple[int, int]:
        raise OperationalError("server closed the connection")

    cache = PageCache(site, generation=broken)
    ask(cache)
    assert "X-Page-Cache" not in ask(cache)[1]
    assert site.calls == 2


@pytest.fixture
def live() -> Iterator[PageCache]:
    with override_settings(ALLOWED_HOSTS=["testserver"]):
        yield PageCache(WSGIHandler())


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("instant")
def test_publish_edit_and_take_down_show_at_once_in_another_process(live: PageCache):
    """The cache learns of each change from the database alone: nothing in this process tells it."""
    story = make_article("Tít đầu tiên", issue_date=date(2017, 2, 16))
    address = story.get_url()
    assert "Tít đầu tiên" in ask(live, address)[2].decode()
    assert ask(live, address)[1]["X-Page-Cache"] == "hit"
    with transaction.atomic():
        story.title = "Tít đã sửa"
        story.save_revision().publish()
    assert "Tít đã sửa" in ask(live, address)[2].decode()
    assert ask(live, address)[1]["X-Page-Cache"] == "hit"
    take_down(story, make_user("tong-bien-tap", is_superuser=True), "Tòa soạn gỡ bài này.")
    status, headers, body = ask(live, address)
    assert status.startswith("410")
    assert "Tòa soạn gỡ bài này." in body.decode()
    assert "X-Page-Cache" not in headers


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("instant")
def test_a_rolled_back_edit_never_shows(live: PageCache):
    story = make_article("Tít cũ", issue_date=date(2017, 2, 16))
    ask(live, story.get_url())
    with transaction.atomic():
        story.title = "Tít bị bỏ"
        story.save_revision().publish()
        transaction.set_rollback(True)
    _status, headers, body = ask(live, story.get_url())
    assert headers["X-Page-Cache"] == "hit"
    assert "Tít bị bỏ" not in body.decode()


@pytest.mark.django_db(transaction=True)
def test_the_form_with_its_token_is_never_kept(live: PageCache):
    story = make_article(issue_date=date(2017, 2, 16))
    for _ in range(2):
        _status, headers, _body = ask(live, f"/bao-loi/{story.public_id}/")
        assert "X-Page-Cache" not in headers
        assert "csrftoken" in headers["Set-Cookie"]
