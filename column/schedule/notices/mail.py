"""Mails out: the messages of :mod:`telling`, sent by the worker after the commit that wrote them.

At least once. A message is claimed in a transaction of its own before it is sent and marked after it: killed between
the two, it goes out once more when the claim is over, under the same ``Message-ID``, by which mail programs drop the
second copy. No transaction is open while the mail server is waited for, so a slow one holds no lock.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from column.schedule.notices.models import Notice
from column.schedule.rules import pause_after

logger = logging.getLogger(__name__)

#: As many as one run takes up.
BATCH = 50
#: Longer than any one sending takes; who claimed it and died is missed no longer than this.
CLAIM = timedelta(minutes=5)
#: A message that could not be sent for this long, and so often, is given up: it stands in the admin.
GIVE_UP_AFTER = timedelta(days=1)
LEAST_ATTEMPTS = 6
ERROR_LENGTH = 300


def send_mails(now: datetime) -> int:
    """The worker's job: send what is to be sent at *now*, the oldest first, over one connection; return how many.

    One query on an index when there is nothing to do. A refused message rests for a growing pause; when the server
    itself fails, all of the batch do.
    """
    waiting = list(Notice.objects.to_mail(now).select_related("recipient")[:BATCH])
    if not waiting:
        return 0
    sent = 0
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # all that the mail library raises is one
        logger.warning("Máy chủ thư không nhận: %s", error)
        for notice in waiting:
            if _claim(notice):
                _failed(notice, error)
        return 0
    try:
        for notice in waiting:
            if not _claim(notice):
                continue
            try:
                connection.send_messages([mail_of(notice)])
            except (SMTPRecipientsRefused, SMTPResponseException, ValueError) as error:
                # Refused (ValueError: an address that is none); the connection still stands.
                _failed(notice, error)
            except OSError as error:
                _failed(notice, error)
                logger.warning("Máy chủ thư ngừng trả lời: %s", error)
                break
            else:
                sent += 1
                _mark(notice)
    finally:
        _close(connection)
    return sent


def mail_of(notice: Notice) -> EmailMessage:
    """The mail of a message: plain text, the full address below it; its ``Message-ID`` is the message's for ever."""
    footer = _("Thư tự động của hệ thống tòa soạn “5 xây, 3 chống”; tin nhắn này cũng có trong trang quản trị.")
    parts = [notice.text.strip(), full_url(notice.url), f"-- \n{footer}"]
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return EmailMessage(
        subject=" ".join(notice.subject.split()),
        body="\n\n".join(part for part in parts if part) + "\n",
        to=[notice.recipient.email],
        headers={
            "Message-ID": f"<tin-nhan.{notice.pk}.{notice.created_at.timestamp():.0f}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )


def full_url(path: str) -> str:
    """A path of this site with scheme and host; empty stays empty."""
    return f"{settings.SITE_URL}{path}" if path else ""


def purge_notices(now: datetime) -> int:
    """The worker's daily job: forget messages that are half a year old; return how many."""
    return Notice.objects.filter(created_at__lt=now - timedelta(days=180)).delete()[0]


def _claim(notice: Notice) -> bool:
    """Whether it is ours to send: of several senders the one whose update finds the row as it was read."""
    if not (notice.recipient.email and notice.recipient.is_active):  # since it was written
        Notice.objects.filter(pk=notice.pk).update(next_mail_at=None)
        return False
    claimed_until = timezone.now() + CLAIM
    mine = Notice.objects.filter(pk=notice.pk, mailed_at=None, next_mail_at=notice.next_mail_at).update(
        next_mail_at=claimed_until, mail_attempts=F("mail_attempts") + 1
    )
    notice.next_mail_at, notice.mail_attempts = claimed_until, notice.mail_attempts + 1
    return mine == 1


def _mark(notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk).update(mailed_at=timezone.now(), next_mail_at=None, mail_error="")


def _failed(notice: Notice, error: Exception) -> None:
    now = timezone.now()
    over = notice.mail_attempts >= LEAST_ATTEMPTS and now - notice.created_at >= GIVE_UP_AFTER
    Notice.objects.filter(pk=notice.pk).update(
        mail_error=f"{type(error).__name__}: {error}"[:ERROR_LENGTH],
        next_mail_at=None if over else now + pause_after(notice.mail_attempts),
    )


def _close(connection: BaseEmailBackend) -> None:
    try:
        connection.close()
    except OSError as error:
        logger.info("Máy chủ thư không chào khi đóng: %s", error)
