"""Who may run a job now. A lease saves work; that nothing is done twice is the affair of the rows' own locks."""

from __future__ import annotations

import os
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from column.schedule.models import RunnerLease

#: A runner that died is missed no longer than this.
LENGTH = timedelta(seconds=10)


class Lease:
    """One holder's right to a name, until it expires or is let go."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(6)}"
        self._renewed_at = timezone.now()

    def take(self) -> bool:
        """Whether it is ours now: it was free, or its holder let it expire."""
        now = self._renewed_at = timezone.now()
        # Farther ahead than a lease can be: the clock was set back since; nobody can hold that.
        free = Q(expires_at__lte=now) | Q(expires_at__gt=now + LENGTH) | Q(holder=self.holder)
        ours = {"holder": self.holder, "expires_at": now + LENGTH}
        if RunnerLease.objects.filter(free, name=self.name).update(**ours):
            return True
        if RunnerLease.objects.filter(name=self.name).exists():
            return False
        try:
            with transaction.atomic():
                RunnerLease.objects.create(name=self.name, **ours)
        except IntegrityError:
            return False
        return True

    def keep(self) -> bool:
        """Renew it in good time; False when another took it over."""
        if timezone.now() - self._renewed_at < LENGTH / 2:
            return True
        return self.take()

    def drop(self) -> None:
        RunnerLease.objects.filter(name=self.name, holder=self.holder).update(expires_at=timezone.now())


@contextmanager
def leased(name: str) -> Iterator[Lease | None]:
    """The lease for the time of the block, or None when another runner holds it."""
    lease = Lease(name)
    if not lease.take():
        yield None
        return
    try:
        yield lease
    finally:
        lease.drop()
