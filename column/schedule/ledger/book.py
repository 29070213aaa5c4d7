"""*Sổ kỳ đăng* to read: every slot with its outcome, who did what and why; a constant number of queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, Min
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from column.enums import SlotAction, SlotState
from column.schedule.ledger import words
from column.schedule.ledger.models import SlotEvent
from column.schedule.listing import SlotRow, slot_rows
from column.schedule.models import Approval, ScheduleSettings, Slot
from column.stories.models import Story
from column.text.dates import format_day_long, format_moment
from column.text.sorting import sort_key

#: Beside its state, what else is counted of a slot; keys of addresses.
SUBSTITUTED, TAKEN_DOWN, MOVED, CAUGHT_UP = "substituted", "taken_down", "moved", "caught_up"
MARKS = {
    SUBSTITUTED: gettext_lazy("Đã thay bài"),
    TAKEN_DOWN: gettext_lazy("Đã gỡ bài"),
    MOVED: gettext_lazy("Đã dời ngày"),
    CAUGHT_UP: gettext_lazy("Đăng bù sau khi bỏ lỡ"),
}
OUTCOMES = {**{state.value: state.label for state in SlotState}, **MARKS}

#: In place of an account's key: what the system did by itself.
SYSTEM = "he-thong"


@dataclass(frozen=True)
class Entry:
    """One event in words."""

    event: SlotEvent
    what: str
    who: str

    @property
    def at(self) -> str:
        return format_moment(self.event.at)

    @property
    def why(self) -> str:
        return self.event.reason

    @property
    def icon(self) -> str:
        return words.ICONS[SlotAction(self.event.action)]


@dataclass(frozen=True)
class Deed:
    """Who did one step that still stands, and when."""

    by: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.by}, {format_moment(self.at)}" if self.by else format_moment(self.at)


@dataclass(frozen=True)
class Line:
    """One slot in the ledger. Empty texts and None where there is nothing to say."""

    row: SlotRow
    entries: Sequence[Entry]
    title: str = ""
    planned: Deed | None = None
    approved: Deed | None = None
    scheduled: Deed | None = None
    lateness: str = ""
    remarks: Sequence[str] = ()
    marks: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()

    @property
    def slot(self) -> Slot:
        return self.row.slot

    @property
    def state(self) -> SlotState:
        return self.row.state

    @property
    def day(self) -> str:
        return format_day_long(self.slot.day)

    @property
    def moved_to(self) -> str:
        return format_day_long(self.slot.issue_day) if self.slot.moved else ""

    @property
    def story(self) -> Story | None:
        return self.row.story


@dataclass(frozen=True)
class Person:
    key: str
    name: str


@dataclass(frozen=True)
class Ledger:
    """The slots of some days, in order."""

    lines: Sequence[Line]

    def where(self, outcome: str = "", person: str = "") -> list[Line]:
        """The slots of one outcome (a key of ``OUTCOMES``), and with something done by one person."""
        return [
            line
            for line in self.lines
            if (not outcome or outcome in line.marks) and (not person or person in line.people)
        ]

    def counts(self, person: str = "") -> list[tuple[str, str, int]]:
        """Key, words and number of each outcome that there is, in the order of ``OUTCOMES``."""
        numbers = Counter(mark for line in self.where(person=person) for mark in line.marks)
        return [(key, str(label), numbers[key]) for key, label in OUTCOMES.items() if numbers[key]]

    def people(self) -> list[Person]:
        """Whoever did something, by the last name that the ledger knows, in Vietnamese order; the system last."""
        names: dict[str, str] = {}
        for line in self.lines:
            for entry in line.entries:
                names[_person(entry.event)] = entry.who
        people = [Person(key, name) for key, name in names.items()]
        return sorted(people, key=lambda one: (one.key == SYSTEM, sort_key(one.name), one.key))


def years() -> list[int]:
    """The years that have slots, the first to the last; one query."""
    span = Slot.objects.order_by().aggregate(first=Min("day"), last=Max("day"))
    return list(range(span["first"].year, span["last"].year + 1)) if span["first"] else []


def read(year: int | None, now: datetime) -> Ledger:
    """The slots whose own day lies in that year, or all there are."""
    slots = Slot.objects.select_related("column").order_by("day", "column")
    if year is not None:
        slots = slots.filter(day__range=(date(year, 1, 1), date(year, 12, 31)))
    return Ledger(_lines(list(slots), now))


def _lines(slots: Sequence[Slot], now: datetime) -> list[Line]:
    late_after = ScheduleSettings.load().late_after_minutes
    events: dict[int, list[SlotEvent]] = {}
    for event in SlotEvent.objects.filter(slot__in=[slot.pk for slot in slots]).order_by("at", "pk"):
        events.setdefault(event.slot_id, []).append(event)
    approvals: dict[int, list[Approval]] = {}
    found = Approval.objects.filter(story__in=[slot.story_id for slot in slots if slot.story_id])
    for approval in found.select_related("approved_by").order_by("approved_at", "pk"):
        approvals.setdefault(approval.story_id, []).append(approval)
    return [
        _line(row, events.get(row.slot.pk, []), approvals.get(row.slot.story_id or 0, []), late_after)
        for row in slot_rows(slots, now)
    ]


def _line(row: SlotRow, events: Sequence[SlotEvent], approvals: Sequence[Approval], late_after: int) -> Line:
    slot = row.slot
    taking_back = {event.batch for event in events if event.undoes}
    taken_back = {event.undoes for event in events if event.undoes}
    standing = [event for event in events if event.batch not in taken_back | taking_back]
    out = _last(events, SlotAction.PUBLISHED)
    return Line(
        row=row,
        entries=[
            Entry(
                event, words.sentence(event, late_after, taken_back=event.batch in taking_back), words.who(event)
            ) for event in events
        ],
        title=out.story_title if out else _title(row.story),
        planned=_planned(slot, events),
        approved=_approved(row, out, approvals),
        scheduled=_scheduled(events, out),
        lateness=words.lateness(slot.late_minutes, late_after) if slot.late_minutes is not None else "",
        remarks=_remarks(row, standing),
        marks=_marks(row, standing),
        people=frozenset(_person(event) for event in events),
    )  # fmt: skip


def _person(event: SlotEvent) -> str:
    return str(event.by_id) if event.by_id else SYSTEM


def _title(story: Story | None) -> str:
    if story is None:
        return ""
    return story.title if story.live else story.draft_title or story.title


def _last(events: Iterable[SlotEvent], *actions: SlotAction) -> SlotEvent | None:
    return max((e for e in events if e.action in actions), key=lambda e: (e.at, e.pk), default=None)


def _planned(slot: Slot, events: Sequence[SlotEvent]) -> Deed | None:
    """What put the present story there."""
    puts = [
        event
        for event in events
        if (event.action == SlotAction.ASSIGNED and event.story_id == slot.story_id)
        or (event.action == SlotAction.SUBSTITUTED and event.data.get("other_story") == slot.story_id)
    ]
    return Deed(words.who(puts[-1]), puts[-1].at) if puts and slot.story_id else None


def _approved(row: SlotRow, out: SlotEvent | None, approvals: Sequence[Approval]) -> Deed | None:
    """The approval with which it went out, or that of the newest version of a story that waits."""
    if out and "approved_by" in out.data:
        return Deed(out.data["approved_by"], datetime.fromisoformat(out.data["approved_at"]))
    if row.story is None:
        return None
    if row.slot.published_at:
        fitting = [approval for approval in approvals if approval.approved_at <= row.slot.published_at]
    else:
        fitting = [approval for approval in approvals if approval.revision_id == row.story.latest_revision_id]
    if not fitting:
        return None
    by = fitting[-1].approved_by
    return Deed(by.get_full_name() if by else "", fitting[-1].approved_at)


def _scheduled(events: Sequence[SlotEvent], out: SlotEvent | None) -> Deed | None:
    before = [event for event in events if out is None or event.pk < out.pk]
    last = _last(before, SlotAction.SCHEDULED, SlotAction.UNSCHEDULED)
    if last is None or last.action == SlotAction.UNSCHEDULED:
        return None
    return Deed(words.who(last), last.at)


def _remarks(row: SlotRow, standing: Sequence[SlotEvent]) -> list[str]:
    """What is out of the ordinary, each with its reason."""
    remarks = [
        _reasoned(words.sentence(event, 0), event.reason, event.by_name)
        for event in standing
        if event.action in {SlotAction.SUBSTITUTED, SlotAction.DAY_CHANGED, SlotAction.TAKEN_DOWN}
    ]
    if row.slot.skip_reason:
        remarks.append(_reasoned(_("Nghỉ kỳ"), row.slot.skip_reason))
    if row.status and row.status.hold:
        remarks.append(_reasoned(_("Đang tạm giữ"), row.status.hold.reason))
    if row.state == SlotState.MISSED:
        remarks.append(_("Bỏ lỡ: bài chưa lên trang") if row.story else _("Bỏ lỡ: kỳ không có bài"))
    return remarks


def _reasoned(what: str, why: str, who: str = "") -> str:
    """“Thay … bằng … (Nguyễn Văn A): cán bộ đi vắng”."""
    named = f"{what} ({who})" if who else what
    return f"{named}: {why}" if why else named


def _marks(row: SlotRow, standing: Sequence[SlotEvent]) -> frozenset[str]:
    actions = {event.action for event in standing}
    found = {row.state.value}
    if SlotAction.SUBSTITUTED in actions:
        found.add(SUBSTITUTED)
    if SlotAction.TAKEN_DOWN in actions or (row.story and row.story.taken_down_at):
        found.add(TAKEN_DOWN)
    if row.slot.moved:
        found.add(MOVED)
    if SlotAction.MISSED in actions and row.slot.published_at:
        found.add(CAUGHT_UP)
    return frozenset(found)
