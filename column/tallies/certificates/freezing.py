"""Freezing a tally: everything of one moment, in one transaction, or nothing.

The figures of the screen (SQL over the tables) and those counted from the histories must be the same, else nothing is
frozen: a certificate that could not be derived again would prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from column.coverage.models import CoverageChange
from column.inserting import insert_rows
from column.people.models import User
from column.tallies.asked import SLOTS, Asked
from column.tallies.certificates.addresses import read_address
from column.tallies.certificates.canonical import digest, line_of
from column.tallies.certificates.codes import new_code
from column.tallies.certificates.counter import Counter
from column.tallies.certificates.models import Certificate, CertificateState, FrozenStory
from column.tallies.certificates.proving import head
from column.tallies.certificates.tables import frame_of, table_of
from column.tallies.states.history import Marks, counted_at
from column.tallies.states.models import StoryState
from column.tallies.table import Tally


class CannotFreeze(ValueError):
    """Why not; the message is Vietnamese and says what to do."""


def never_frozen(asked: Asked) -> str:
    """Why this tally has no certificate, in words; empty for one that may have one."""
    if asked.measure == SLOTS:
        return _("Bảng đếm kỳ đăng không chốt thành phiếu: mọi thay đổi của kỳ đăng đã nằm trong sổ kỳ đăng.")
    return ""


def draft(asked: Asked, *, title: str, note: str = "", user: User | None = None) -> Certificate:
    """A certificate to be, as a scheduled report makes it: nobody has looked at it yet (``user`` None: the system)."""
    now = timezone.now()
    tally = Tally.make(asked, (), today=timezone.localdate(now), at=now)
    return Certificate.objects.create(
        code=_free_code(), title=title[:200], note=note, address=asked.url(), sentence=tally.chosen.sentence(),
        made_by=user, made_by_name=user.get_full_name()[:150] if user else "",
    )  # fmt: skip


def freeze(asked: Asked, *, title: str, note: str = "", user: User) -> Certificate:
    """A certificate of this tally as it is now. Raises :class:`CannotFreeze`."""
    with _standing_still():
        certificate = Certificate(
            code=_free_code(), title=title, note=note, address=asked.url(), made_by=user,
            made_by_name=user.get_full_name()[:150],
        )  # fmt: skip
        return _fill(certificate, user)


def freeze_draft(certificate: Certificate, *, user: User) -> Certificate:
    """A draft becomes a certificate, with the figures of now. Raises :class:`CannotFreeze`."""
    with _standing_still():
        fresh = Certificate.objects.select_for_update().get(pk=certificate.pk)
        if fresh.is_frozen:
            raise CannotFreeze(_("Phiếu này đã chốt rồi."))
        return _fill(fresh, user)


@contextmanager
def _standing_still() -> Iterator[None]:
    """A transaction in which nothing that counts changes, and no change is under way.

    SQLite has one writer. On PostgreSQL the tables of both histories are locked against writers (``SHARE``): whoever
    is about to change what counts has either committed, or writes its row, with a higher key, after us. Where this
    transaction is the outermost one its view of all other tables is that of the same moment, too.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if connection.vendor == "postgresql":
            tables = ", ".join(
                connection.ops.quote_name(model._meta.db_table) for model in (StoryState, CoverageChange)
            )
            with connection.cursor() as cursor:
                if outermost:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute(f"LOCK TABLE {tables} IN SHARE MODE")
        yield


def _fill(certificate: Certificate, user: User) -> Certificate:
    now, marks = timezone.now(), Marks.newest()
    asked, problems = read_address(certificate.address)
    if why := never_frozen(asked):
        raise CannotFreeze(why)
    today = timezone.localdate(now)
    tally = Tally.make(asked, problems, today=today, at=now)
    if tally.chosen.problems:
        raise CannotFreeze(" ".join(tally.chosen.problems))
    frame = frame_of(asked, tally, today)
    counter = Counter.frozen(certificate.address, frame)
    first, last = counter.span
    listed = [known for known in counted_at(marks, first, last, counter.kinds) if counter.counts(known)]
    figures = counter.figures(listed)
    if figures != dict(tally.counts):
        raise CannotFreeze(
            _("Số liệu trên màn hình và số liệu tính từ lịch sử không giống nhau nên chưa chốt. Hãy báo quản trị chạy"
              " lệnh “manage.py story_states --check”, sửa xong rồi chốt lại.")
        )  # fmt: skip
    certificate.state = CertificateState.FROZEN
    certificate.as_of, certificate.frozen_by, certificate.frozen_by_name = now, user, user.get_full_name()[:150]
    certificate.sentence = tally.chosen.sentence()
    certificate.state_mark, certificate.change_mark = marks.states, marks.changes
    certificate.frame, certificate.table = frame, table_of(tally)
    certificate.figures = [[*cell, number] for cell, number in sorted(figures.items())]
    certificate.total, certificate.stories = counter.total(listed), len(listed)
    lines = [line_of(known) for known in listed]
    certificate.digest = digest(head(certificate), lines)
    certificate.save()
    insert_rows(
        FrozenStory,
        [
            FrozenStory(certificate=certificate, place=place, number=known.number, line=line)
            for place, (known, line) in enumerate(zip(listed, lines, strict=True), start=1)
        ],
    )
    return certificate


def _free_code() -> str:
    while Certificate.objects.filter(code=(code := new_code())).exists():
        continue
    return code
