"""Reports that come by themselves: the worker makes the drafts, each once, and tells whom they are for."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.backends import ModelBackend
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from column.coverage.periods import Period
from column.enums import NoticeKind
from column.people.models import User
from column.schedule.notices.telling import tell
from column.tallies.access import VIEW
from column.tallies.asked import Asked
from column.tallies.certificates.freezing import draft
from column.tallies.reports.models import ReportSchedule, ScheduledReport
from column.tallies.reports.rules import due
from column.text.dates import TZ


class NotTallied(ValueError):
    """The schedule's table cannot be made; the message is Vietnamese."""


def asked_of(schedule: ReportSchedule, period: Period) -> Asked:
    """The schedule's tally in one period. Raises :class:`NotTallied`."""
    asked, problems = Asked.parse(QueryDict(schedule.query))
    if problems:
        raise NotTallied(" ".join(problems))
    return asked.but(period=period.code, since=None, until=None)


def make_reports(now: datetime) -> int:
    """The worker's job: a draft for every period that ended and has none yet; how many."""
    today = timezone.localdate(now, TZ)
    return sum(_make_those_of(schedule, today, now) for schedule in ReportSchedule.objects.filter(is_active=True))


def _make_those_of(schedule: ReportSchedule, today: date, now: datetime) -> int:
    made = set(schedule.reports.values_list("period", flat=True))
    periods = due(schedule.rhythm, since=schedule.first_day, today=today, days_after=schedule.days_after, made=made)
    count, problem = 0, ""
    for period in periods:
        try:
            count += _make(schedule, period, now)
        except NotTallied as found:
            problem = str(found)
            break
    if problem != schedule.problem:
        ReportSchedule.objects.filter(pk=schedule.pk).update(problem=problem)
        if problem:
            _tell(
                readers_of(schedule), f"report:{schedule.pk}:problem:{today}",
                _("Không lập được báo cáo định kỳ “%(name)s”") % {"name": schedule.name},
                problem, "/tong-hop/bao-cao-dinh-ky/", now,
            )  # fmt: skip
    return count


def _make(schedule: ReportSchedule, period: Period, now: datetime) -> int:
    """The draft, the record that it was made, and the message stand or fall together. 0: another worker made it."""
    try:
        with transaction.atomic():
            record = ScheduledReport.objects.create(schedule=schedule, period=period.code, made_at=now)
            title = f"{schedule.name}: {period.label}"
            record.certificate = draft(
                asked_of(schedule, period), title=title, note=_("Hệ thống lập theo lịch; chờ người chốt.")
            )
            record.save(update_fields=["certificate"])
            _tell(
                readers_of(schedule), f"report:{schedule.pk}:{period.code}",
                _("Dự thảo báo cáo: %(title)s") % {"title": title},
                _("Dự thảo “%(title)s” đã lập xong. Hãy mở xem, kiểm tra việc gắn đơn vị, tiêu chí, rồi chốt số liệu.")
                % {"title": title},
                record.certificate.get_absolute_url(), now,
            )  # fmt: skip
    except IntegrityError:
        return 0
    return 1


def readers_of(schedule: ReportSchedule) -> list[User]:
    """Whom it is for: those chosen, else who made it; only those who still may see tallies."""
    chosen = list(schedule.readers.filter(is_active=True))
    if not chosen and schedule.made_by is not None and schedule.made_by.is_active:
        chosen = [schedule.made_by]
    return [person for person in chosen if ModelBackend().has_perm(person, VIEW)]


def _tell(people: Iterable[User], key: str, subject: str, text: str, url: str, now: datetime) -> None:
    tell(people, NoticeKind.REPORT, key=key, subject=subject, text=text, url=url, now=now)
