"""Holding published figures against the tally, or the certificate, that each names."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from column.people.models import User
from column.tallies.certificates.addresses import read_address
from column.tallies.published.models import FigureSignature, PublishedFigure
from column.tallies.published.rules import Comparison
from column.tallies.table import Tally


def compare(figure: PublishedFigure, at: datetime | None = None) -> Comparison:
    """Count anew (a constant number of queries), or read the certificate. Nothing is written."""
    if figure.certificate is not None:
        return Comparison(figure.number, figure.certificate.total, figure.certificate.get_absolute_url())
    if not figure.address:
        return Comparison(figure.number, None, why=_("Chưa có bảng hay phiếu nào để đối chiếu."))
    asked, problems = read_address(figure.address)
    now = at or timezone.now()
    tally = Tally.make(asked, problems, today=timezone.localdate(now), at=now)
    if tally.chosen.problems:
        return Comparison(figure.number, None, figure.address, " ".join(tally.chosen.problems))
    return Comparison(figure.number, tally.total.number, figure.address)


@transaction.atomic
def check(figure: PublishedFigure) -> Comparison:
    """Compare, and note the outcome for the list."""
    found = compare(figure)
    PublishedFigure.objects.filter(pk=figure.pk).update(held=found.held, result=found.result, checked_at=timezone.now())
    return found


@transaction.atomic
def sign(figure: PublishedFigure, text: str, user: User) -> FigureSignature:
    """An explanation, with what it explains: the number and the outcome of this moment. Never changed again."""
    PublishedFigure.objects.select_for_update().get(pk=figure.pk)
    found = check(figure)
    return FigureSignature.objects.create(
        figure=figure, text=text, by=user, by_name=user.get_full_name()[:150], number=figure.number,
        against=found.url, result=found.result, held=found.held,
    )  # fmt: skip
