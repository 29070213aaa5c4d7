"""When a column appears and when its steps are due: the dated rules of the database, asked once for many days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self

from column.schedule.holidays import HolidayCalendar
from column.schedule.models import Slot, SlotRule
from column.schedule.rules import column_days, deadline

#: Where a column has no rule for a day: an hour at which a paper's site is fresh.
USUAL_TIME = time(6, 0)


@dataclass(frozen=True)
class Deadlines:
    """Until when (aware) the text must be in, and until when it must be approved."""

    draft: datetime
    approval: datetime


class Rhythm:
    """The rules of one column, or of all, at hand."""

    def __init__(self, rules: Iterable[SlotRule]) -> None:
        self._rules = list(rules)

    @classmethod
    def of(cls, column_id: int) -> Self:
        return cls(SlotRule.objects.filter(column=column_id))

    def rule(self, day: date) -> SlotRule | None:
        """The rule by which the column appears on that day; where two do, the later one."""
        fitting = [rule for rule in self._rules if rule.weekday == day.weekday() and _valid(rule, day)]
        return max(fitting, key=lambda rule: (rule.first_day or date.min, rule.pk), default=None)

    def days(self, first: date, last: date) -> dict[date, SlotRule]:
        """The column's days between two, both included, each with its rule; in order."""
        weekdays = {rule.weekday for rule in self._rules}
        days = sorted(day for weekday in weekdays for day in column_days(first, last, weekday))
        return {day: rule for day in days if (rule := self.rule(day)) is not None}

    def publish_time(self, day: date) -> time:
        rule = self.rule(day)
        return rule.publish_time if rule else USUAL_TIME

    @property
    def usual_time(self) -> time:
        """The hour of the newest rule: what an old story without a clock is taken to have gone out at."""
        newest = max(self._rules, key=lambda rule: (rule.first_day or date.min, rule.pk), default=None)
        return newest.publish_time if newest else USUAL_TIME

    def next_day(self, after: date) -> date | None:
        """The column's first day after that one, within a year."""
        return next(iter(self.days(after + timedelta(days=1), after + timedelta(days=366))), None)


def deadlines_of(slots: Iterable[Slot], calendar: HolidayCalendar) -> dict[int, Deadlines]:
    """The deadlines of slots, by key; one query. A slot that no rule fits any more has those of a new rule.

    A deadline on a day off stands on the working day before (domain.md, *slot*).
    """
    listed = list(slots)
    by_column: dict[int, list[SlotRule]] = {}
    for rule in SlotRule.objects.filter(column__in={slot.column_id for slot in listed}):
        by_column.setdefault(rule.column_id, []).append(rule)
    found = {}
    for slot in listed:
        rule = Rhythm(by_column.get(slot.column_id, [])).rule(slot.day) or SlotRule()
        found[slot.pk] = Deadlines(
            draft=deadline(slot.issue_day, rule.draft_days, rule.draft_time, calendar.is_working_day),
            approval=deadline(slot.issue_day, rule.approval_days, rule.approval_time, calendar.is_working_day),
        )
    return found


def _valid(rule: SlotRule, day: date) -> bool:
    return (rule.first_day or date.min) <= day <= (rule.last_day or date.max)
