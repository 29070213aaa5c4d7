"""The secret of a person's calendar address: made once, shown once, kept only as its SHA-256."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.utils import timezone

from column.people.models import User
from column.people.roles import ACCESS_ADMIN
from column.schedule.calendar.models import CalendarKey

#: 256 bits: nobody guesses it, so a plain digest is enough to keep.
_BYTES = 32


def make_key(user: Any) -> str:
    """A new secret for *user*; an earlier one opens nothing any more. It cannot be read again."""
    secret = secrets.token_urlsafe(_BYTES)
    CalendarKey.objects.update_or_create(
        user=user, defaults={"digest": _digest(secret), "created_at": timezone.now()}
    )  # fmt: skip
    return secret


def revoke_key(user: Any) -> None:
    CalendarKey.objects.filter(user=user).delete()


def holder_of(secret: str) -> User | None:
    """Whose secret it is; None for a wrong or revoked one, and for whoever may not see the schedule any more.

    The digest is looked up, not the secret: how long that takes tells nothing of the secrets that there are.
    """
    key = CalendarKey.objects.select_related("user").filter(digest=_digest(secret)).first()
    if key is None or not secrets.compare_digest(key.digest, _digest(secret)):
        return None
    return key.user if may_read(key.user) else None


def may_read(user: Any) -> bool:
    """The schedule is the newsroom's: whoever the admin lets in. Never an inactive account."""
    return bool(user.is_active and user.has_perm(ACCESS_ADMIN))


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
