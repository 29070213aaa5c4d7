"""Telling people something: a row for each, inside the transaction of what happened; the worker mails it later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from column.enums import NoticeKind
from column.people.models import User
from column.schedule.notices.models import Notice


def tell(
    recipients: Iterable[User], kind: NoticeKind, *, key: str, subject: str, text: str, url: str, now: datetime
) -> None:
    """Leave the same message for each of *recipients*; who was told under this *key* before is not told again.

    *url* is a path on this site, or empty. Those without an address, or whose account is closed, find it in the
    admin alone. Whoever calls has made sure that each of them may see what it is about.
    """
    Notice.objects.bulk_create(
        (
            Notice(
                recipient=person, kind=kind, key=key, subject=" ".join(subject.split())[:255], text=text, url=url,
                created_at=now, next_mail_at=now if person.email and person.is_active else None,
            )
            for person in recipients
        ),
        ignore_conflicts=True,
    )  # fmt: skip
