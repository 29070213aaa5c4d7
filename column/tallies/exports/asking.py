"""Asking the worker for a file: who may, how many at once, and what it will be called."""

from __future__ import annotations

from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from column.people.models import User
from column.tallies.exports.formats import Format
from column.tallies.exports.models import ExportJob, ExportState

#: Files of one person that wait at once; a slip of the hand fills no queue.
MOST_WAITING: Final = 5


class TooMany(Exception):
    """The message is Vietnamese."""


@transaction.atomic
def ask_for(owner: User, query: str, made: Format, *, title: str, layout: str = "") -> ExportJob:
    """Put a file into the queue; the same one that still waits is not asked for twice. Raises :class:`TooMany`."""
    User.objects.select_for_update().only("pk").get(pk=owner.pk)
    waiting = ExportJob.objects.open().filter(owner=owner)
    same = waiting.filter(query=query, format=made.ending, layout=layout, state=ExportState.WAITING).first()
    if same is not None:
        return same
    if waiting.count() >= MOST_WAITING:
        raise TooMany(
            _("Bạn đang có %(number)d tệp chờ lập; hãy đợi tệp nào xong, hoặc bỏ bớt, rồi thử lại.")
            % {"number": MOST_WAITING}
        )
    return ExportJob.objects.create(owner=owner, query=query, format=made.ending, layout=layout, title=title[:300])
