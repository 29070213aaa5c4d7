"""Making, finding and revoking keys: a secret is made once, shown once, and kept only as its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from column.tallies.api.models import ApiKey

#: A secret that turns up in a log or a chat is known at sight for what it is.
PREFIX: Final = "xc_"
#: 256 bits: nobody guesses it, so a plain digest is enough to keep.
_BYTES: Final = 32
_SHOWN: Final = 8
#: More working keys than this nobody keeps an eye on.
MOST: Final = 10
LIFETIMES: Final[dict[str, tuple[int | None, Any]]] = {
    "30": (30, _("30 ngày")),
    "90": (90, _("90 ngày")),
    "365": (365, _("1 năm")),
    "0": (None, _("không hết hạn")),
}
#: How exactly the last use is kept: reading must not cost a write each time.
_TO_THE_NEAREST: Final = timedelta(minutes=10)


class TooManyKeys(Exception):
    """The person has as many working keys as one may have."""


def make_key(user: Any, name: str, days: int | None, now: datetime) -> tuple[ApiKey, str]:
    """A new key and its secret, which cannot be read again. Raises :class:`TooManyKeys`."""
    if ApiKey.objects.filter(user=user).working(now).count() >= MOST:
        raise TooManyKeys
    secret = PREFIX + secrets.token_urlsafe(_BYTES)
    key = ApiKey.objects.create(
        user=user, name=name, begins=secret[:_SHOWN], digest=_digest(secret), created_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )  # fmt: skip
    return key, secret


def revoke_key(user: Any, pk: int, now: datetime) -> ApiKey | None:
    """End one of the person's own keys; None when it is none of theirs. A revoked key stays as it is."""
    key = ApiKey.objects.filter(user=user, pk=pk).first()
    if key is not None and key.revoked_at is None:
        ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)
        key.refresh_from_db()
    return key


def key_of(secret: str, now: datetime) -> ApiKey | None:
    """The working key that a program shows; None for a wrong, revoked or expired one, or an account that was closed.

    The digest is looked up, not the secret: how long that takes tells nothing of the secrets that there are.
    """
    key = ApiKey.objects.working(now).select_related("user").filter(digest=_digest(secret)).first()
    if key is None or not key.user.is_active:
        return None
    if key.last_used_at is None or key.last_used_at <= now - _TO_THE_NEAREST:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=now)
    return key


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
