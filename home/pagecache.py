"""Finished pages kept in the memory of each web process, whole, until anything that readers see has changed.

A WSGI wrapper around the application, so that a hit costs one comparison and no middleware. It holds what an
anonymous GET was answered with 200, as it is and compressed, under the site's generation (home/generation.py) and
Đà Nẵng's calendar day, since every page prints the date. The generation is read from the database at most every half
second; a publish, an edit or a take-down is therefore seen within a second by every process, and nothing has to be
told to anyone.
"""

from __future__ import annotations

import gzip
import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from threading import Lock
from time import perf_counter
from typing import Any

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from home.generation import Generation, current

log = logging.getLogger(__name__)

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
Headers = list[tuple[str, str]]
Epoch = tuple[Generation, date]

#: Seconds for which the generation read last is believed.
BELIEVED = 0.5
MEGABYTE = 1 << 20
LARGEST = 2 * MEGABYTE
SMALLEST_TO_COMPRESS = 500
TEXT = ("text/html", "text/plain", "text/xml", "application/rss+xml", "application/xml")
#: Django's name for the cookie of messages, which are shown once to one reader.
MESSAGE_COOKIE = "messages"


@dataclass(frozen=True)
class Kept:
    """One finished answer in both encodings; ``headers`` are those that do not depend on the encoding."""

    headers: Headers
    plain: bytes
    packed: bytes
    etag: str

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.packed) + sum(len(name) + len(value) for name, value in self.headers)


class PageCache:
    """Wraps a WSGI application. Thread-safe; ``limit`` bounds the bytes held by this process."""

    def __init__(
        self, application: Application, limit: int = 64 * MEGABYTE, generation: Callable[[], Generation] = current
    ) -> None:
        self.application = application
        self.limit = limit
        self.read_generation = generation
        self.pages: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self.bytes = 0
        self.epoch: Epoch | None = None
        self.read_at = float("-inf")
        self.lock = Lock()
        self.reading = Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if not _may_be_served(environ):
            return self.application(environ, start_response)
        # Read before the page is made: a page can only ever be newer than the epoch that it is kept under.
        epoch = self.now()
        if epoch is None:
            return self.application(environ, start_response)
        key = _key(environ)
        with self.lock:
            page = self.pages.get(key) if epoch == self.epoch else None
            if page is not None:
                self.pages.move_to_end(key)
        if page is not None:
            return _answer(page, environ, start_response, "hit")
        if environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_COOKIE"):
            return self.application(environ, start_response)
        return self._make(environ, start_response, key, epoch)

    def now(self) -> Epoch | None:
        """The epoch to serve from; None while the database cannot be asked, and then nothing is served from here."""
        day = timezone.localdate()
        if perf_counter() - self.read_at >= BELIEVED:
            with self.reading:
                if perf_counter() - self.read_at >= BELIEVED:
                    asked_at = perf_counter()
                    generation = self._ask()
                    if generation is None:
                        return None
                    self._turn((generation, day))
                    self.read_at = asked_at
        epoch = self.epoch
        if epoch is not None and epoch[1] != day:
            epoch = self._turn((epoch[0], day))
        return epoch

    def _ask(self) -> Generation | None:
        # Outside a request Django neither opens nor looks after this thread's connection: we do.
        for _attempt in range(2):
            try:
                return self.read_generation()
            except Error:
                connection.close_if_unusable_or_obsolete()
                close_old_connections()
        log.warning("the page generation cannot be read: pages are made anew")
        return None

    def _turn(self, epoch: Epoch) -> Epoch:
        with self.lock:
            if epoch != self.epoch:
                self.pages.clear()
                self.bytes = 0
                self.epoch = epoch
        return epoch

    def _make(
        self, environ: Environ, start_response: StartResponse, key: tuple[str, ...], epoch: Epoch
    ) -> Iterable[bytes]:
        started: list[tuple[str, Headers, Any]] = []

        def begin(status: str, headers: Headers, exc_info: Any = None) -> Callable[[bytes], object]:
            started[:] = [(status, headers, exc_info)]
            return lambda data: None

        answer = self.application(environ, begin)
        status, headers, exc_info = started[0]
        if not _may_be_kept(status, headers, answer):
            start_response(status, headers, exc_info)
            return answer
        try:
            body = b"".join(answer)
        finally:
            close = getattr(answer, "close", None)
            if close is not None:
                close()
        page = _finish(headers, body)
        if len(body) <= LARGEST:
            self._keep(key, page, epoch)
        return _answer(page, environ, start_response, "miss")

    def _keep(self, key: tuple[str, ...], page: Kept, epoch: Epoch) -> None:
        with self.lock:
            if epoch != self.epoch or _weight(key, page) > self.limit:
                return
            old = self.pages.pop(key, None)
            self.bytes += _weight(key, page) - (_weight(key, old) if old else 0)
            self.pages[key] = page
            while self.bytes > self.limit:
                self.bytes -= _weight(*self.pages.popitem(last=False))


def _weight(key: tuple[str, ...], page: Kept) -> int:
    """Bytes held for a page, its address too: whoever asks writes it, as long as they like."""
    return page.size + sum(map(len, key))


def _may_be_served(environ: Environ) -> bool:
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in environ or "HTTP_RANGE" in environ:
        return False
    cookies = environ.get("HTTP_COOKIE", "")
    # By mere substring: no way of writing the header may hide a session from us.
    return not any(name in cookies for name in (settings.SESSION_COOKIE_NAME, MESSAGE_COOKIE))


def _key(environ: Environ) -> tuple[str, ...]:
    return (
        # Behind the proxy the scheme stands in its header, and decides on redirects and absolute addresses.
        environ["wsgi.url_scheme"], environ.get("HTTP_X_FORWARDED_PROTO", ""), environ.get("HTTP_HOST", ""),
        environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", ""),
    )  # fmt: skip


def _may_be_kept(status: str, headers: Headers, answer: Iterable[bytes]) -> bool:
    if not status.startswith("200 ") or getattr(answer, "streaming", False):
        return False
    named = {name.lower(): value.lower() for name, value in headers}
    control = named.get("cache-control", "")
    varies = {part.strip() for part in named.get("vary", "").split(",") if part.strip()}
    return (
        "set-cookie" not in named
        and "content-encoding" not in named
        and named.get("content-type", "").split(";")[0] in TEXT
        and not any(word in control for word in ("private", "no-store", "no-cache"))
        and varies <= {"cookie", "accept-encoding"}
    )


def _finish(headers: Headers, body: bytes) -> Kept:
    digest = hashlib.blake2b(body, digest_size=12).hexdigest()
    own = {"content-length", "etag", "vary"}
    kept = [(name, value) for name, value in headers if name.lower() not in own]
    if not any(name.lower() == "cache-control" for name, _value in kept):
        # Readers' programs may keep a page but must ask each time: the answer is a short “not changed”.
        kept.append(("Cache-Control", "max-age=0, must-revalidate"))
    kept.append(("Vary", "Cookie, Accept-Encoding"))
    packed = gzip.compress(body, 6, mtime=0) if len(body) >= SMALLEST_TO_COMPRESS else b""
    return Kept(kept, body, packed, f'"{digest}"')


def _answer(page: Kept, environ: Environ, start_response: StartResponse, how: str) -> list[bytes]:
    compressed = bool(page.packed) and "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "").lower()
    # One text in two encodings has two strong tags.
    etag = f'{page.etag[:-1]}-gz"' if compressed else page.etag
    headers = [*page.headers, ("ETag", etag), ("X-Page-Cache", how)]
    wanted = environ.get("HTTP_IF_NONE_MATCH", "")
    if wanted and (wanted.strip() == "*" or page.etag[1:-1] in wanted):
        kept = [(name, value) for name, value in headers if name.lower() != "content-type"]
        start_response("304 Not Modified", kept)
        return [b""]
    body = page.packed if compressed else page.plain
    if compressed:
        headers.append(("Content-Encoding", "gzip"))
    headers.append(("Content-Length", str(len(body))))
    start_response("200 OK", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]
