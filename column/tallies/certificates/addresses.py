"""The definition of a tally from the address that holds it."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.http import QueryDict

from column.tallies.asked import Asked


def read_address(text: str) -> tuple[Asked, list[str]]:
    """The tally that an address means, with or without its host, and problems in Vietnamese. ``ValueError``: none."""
    return Asked.parse(QueryDict(urlsplit(text.strip()).query))
