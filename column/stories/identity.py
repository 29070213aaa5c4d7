"""A story's lasting number and the address made from it."""

from __future__ import annotations

import re
import secrets

from column.text.slugs import slugify_vi

_TAIL = re.compile(r"-?(\d{9})$")


def new_public_id() -> int:
    """A fresh nine-digit number for a story's address; random, so that writers never wait for one
    another (a repeat is refused by the unique index and drawn again)."""
    return 100_000_000 + secrets.randbelow(900_000_000)


def story_slug(wish: str, title: str, public_id: int) -> str:
    """The slug of a story: folded words, then its number (``cai-thien-le-loi-412345678``).

    ``wish`` is what the editor typed (may be empty or carry an old number); ``title`` fills in.
    """
    return f"{slugify_vi(_TAIL.sub('', wish) or title)}-{public_id}"


def public_id_of(slug: str) -> int | None:
    """The number at the end of an address, or None."""
    match = _TAIL.search(slug)
    return int(match[1]) if match else None
