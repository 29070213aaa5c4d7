"""Slots as cards: state, story, who, deadlines, what is missing, proof; a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from column.enums import HolidayKind, ProofState, SlotState
from column.schedule.calendar.rules import SHORT, Step, open_steps, under_filled
from column.schedule.calendar.viewer import Viewer
from column.schedule.holidays import DayOff, HolidayCalendar
from column.schedule.listing import SlotRow, StoryStatus, slot_rows
from column.schedule.models import Slot
from column.schedule.proof.models import ICONS as PROOF_ICONS
from column.schedule.proof.models import Proof
from column.schedule.rhythm import deadlines_of
from column.stories.models import BylineCredit, Story
from column.text.dates import WEEKDAYS, format_day_long


@dataclass(frozen=True)
class Card:
    row: SlotRow
    steps: Sequence[Step]
    holiday: DayOff | None
    who: str
    opens: bool
    urgent: bool
    today: date
    proof: Proof | None = None

    @property
    def slot(self) -> Slot:
        return self.row.slot

    @property
    def state(self) -> SlotState:
        return self.row.state

    @property
    def icon(self) -> str:
        return self.row.icon

    @property
    def status(self) -> StoryStatus | None:
        return self.row.status

    @property
    def story(self) -> Story | None:
        return self.row.story

    @property
    def key(self) -> str:
        """The element's id; others link to it."""
        return f"ky-{self.slot.day:%Y-%m-%d}"

    @property
    def day(self) -> str:
        return format_day_long(self.slot.day)

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.slot.day.weekday()]

    @property
    def short(self) -> str:
        return str(SHORT.get(self.state, self.state.label))

    @property
    def is_today(self) -> bool:
        return self.slot.issue_day == self.today

    @property
    def is_this_week(self) -> bool:
        return not self.is_today and self.slot.issue_day.isocalendar()[:2] == self.today.isocalendar()[:2]

    @property
    def in_tet(self) -> bool:
        return self.holiday is not None and self.holiday.kind == HolidayKind.TET

    @property
    def waits(self) -> bool:
        """Its story is not out: what it lacks matters."""
        return bool(self.story and not self.story.live and not self.slot.published_at)

    @property
    def lifts(self) -> bool:
        """Its story may be moved: a draft that is not out; a scheduled one asks first."""
        return bool(self.waits and self.story and not self.story.first_published_at)

    @property
    def fills(self) -> bool:
        """Nothing is here yet and a story may be put here, a missed day's too."""
        return not (self.story or self.slot.skip_reason or self.slot.published_at or self.state == SlotState.NO_DATA)

    @property
    def takes(self) -> bool:
        """A story may be let go here: the day is to come, and empty, or its story may change places."""
        return self.lifts or (self.fills and self.state != SlotState.MISSED)

    @property
    def proof_icon(self) -> str:
        return PROOF_ICONS[ProofState(self.proof.state)] if self.proof else ""


def cards_of(slots: Sequence[Slot], now: datetime, viewer: Viewer) -> list[Card]:
    """The cards of these slots, in their order."""
    rows = slot_rows(slots, now)
    calendar = HolidayCalendar.load()
    deadlines = deadlines_of(slots, calendar)
    stories = [row.story for row in rows if row.story is not None]
    proofs = Proof.objects.defer("results").newest_of(story.pk for story in stories if story.live)
    names = _names(stories)
    today = timezone.localdate(now)
    return [
        Card(
            row=row,
            steps=open_steps(row.state, deadlines[row.slot.pk], now),
            holiday=calendar.on(row.slot.day),
            who=names.get(row.story.pk, "") if row.story else "",
            opens=bool(row.story and viewer.opens(row.story)),
            urgent=under_filled(
                row.state, row.slot.due_at, now, lacks=bool(row.status and row.status.gaps.required)
            ),
            today=today,
            proof=proofs.get(row.story.pk) if row.story else None,
        )
        for row in rows
    ]  # fmt: skip


def near_slots(today: date) -> list[Slot]:
    """Of every column: the last day and those within the coming two weeks."""
    window = (today - timedelta(days=6), today + timedelta(days=14))
    return list(Slot.objects.filter(issue_day__range=window).select_related("column").order_by("issue_day", "column"))


def _names(stories: Sequence[Story]) -> dict[int, str]:
    """Whose each story is: its owner, or the printed names where the import left none."""
    names = {story.pk: story.owner.get_full_name() for story in stories if story.owner}
    printed: dict[int, list[str]] = {}
    unowned = [story.pk for story in stories if not story.owner]
    for credit in BylineCredit.objects.filter(story__in=unowned).select_related("byline").order_by("sort_order", "pk"):
        printed.setdefault(credit.story_id, []).append(str(credit.byline))
    return names | {key: ", ".join(found) for key, found in printed.items()}
