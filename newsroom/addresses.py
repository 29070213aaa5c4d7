"""Addresses that cannot name anything are answered before anybody looks for it."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse

#: A whole part of the address that is a number no key reaches (a key of Wagtail's ends at 2,147,483,647, a story's
#: number has nine digits): the databases fail on it, in Wagtail's views and in ours.
_IMPOSSIBLE = re.compile(r"/[0-9]{10,}(?:/|$)")


class PossibleAddresses:
    """Middleware: 404 for an address with an impossible number in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _IMPOSSIBLE.search(request.path_info):
            raise Http404
        return self.get_response(request)
