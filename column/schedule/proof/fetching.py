"""Asking for pages as an anonymous reader would: over HTTP, from the site's own address, never for long."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import requests
from django.utils.translation import gettext as _

from column.schedule.proof.probes import Answer, Unreachable

#: Seconds to connect, seconds for a whole answer, redirects included: a section of the sitemap holds 5,000 addresses.
TO_CONNECT, FOR_AN_ANSWER = 2.0, 10.0
LARGEST = 8 << 20
REDIRECTS = 3
#: What a proxy says when the site behind it does not answer.
BEHIND_THE_PROXY = frozenset({502, 503, 504})


@dataclass
class Reader:
    """One look around: an address is asked for once, however many stories are looked for on it.

    *site* is the address that readers use; *base* where the worker reaches it (the same, or a port behind the proxy).
    *seconds*: after so much time nothing further should be begun.
    """

    site: str
    base: str
    seconds: float
    _began: float = field(default_factory=time.monotonic)
    _answers: dict[str, Answer] = field(default_factory=dict)

    @property
    def spent(self) -> bool:
        return time.monotonic() - self._began >= self.seconds

    def fetch(self, path: str) -> Answer:
        """Raises :class:`Unreachable`."""
        if path not in self._answers:
            self._answers[path] = self._ask(path)
        return self._answers[path]

    def _ask(self, path: str) -> Answer:
        until = time.monotonic() + FOR_AN_ANSWER
        headers = {"User-Agent": "newsroom-proof"}
        if self.base != self.site:
            # Behind the proxy the site still has to be asked under its own name.
            site = urlsplit(self.site)
            headers |= {"Host": site.netloc, "X-Forwarded-Proto": site.scheme}
        with requests.Session() as session:
            # Nobody's proxy and nobody's password file: the site alone is asked.
            session.trust_env = False
            for _hop in range(REDIRECTS + 1):
                answer, location = self._once(session, path, headers, until)
                target = urlsplit(urljoin(f"{self.site}{path}", location)) if location else None
                if target is None or target.netloc not in {urlsplit(self.site).netloc, urlsplit(self.base).netloc}:
                    return answer
                path = f"{target.path}?{target.query}" if target.query else target.path
        return answer

    def _once(
        self, session: requests.Session, path: str, headers: dict[str, str], until: float
    ) -> tuple[Answer, str | None]:
        left = until - time.monotonic()
        if left <= 0:
            raise Unreachable(_("Trang web trả lời quá chậm: %(path)s.") % {"path": path})
        try:
            with session.get(
                f"{self.base}{path}", headers=headers, timeout=(min(TO_CONNECT, left), left), stream=True,
                allow_redirects=False,
            ) as response:  # fmt: skip
                body = bytearray()
                for part in response.iter_content(1 << 16):
                    body += part
                    if time.monotonic() > until or len(body) > LARGEST:
                        raise Unreachable(_("Trang web trả lời quá chậm: %(path)s.") % {"path": path})
        except requests.Timeout:
            raise Unreachable(_("Trang web trả lời quá chậm: %(path)s.") % {"path": path}) from None
        except requests.RequestException as error:
            raise Unreachable(_("Trang web không trả lời (%(error)s).") % {"error": type(error).__name__}) from None
        if response.status_code in BEHIND_THE_PROXY:
            raise Unreachable(_("Trang web không trả lời (mã %(status)s).") % {"status": response.status_code})
        answer = Answer(response.status_code, body.decode("utf-8", "replace"))
        return answer, response.headers.get("Location") if response.is_redirect else None
