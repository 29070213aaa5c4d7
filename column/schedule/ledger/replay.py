"""The ledger against the slots: what the events of a slot add up to, and where that is not what stands there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Revision, get_default_page_content_type

from column.enums import SlotAction
from column.schedule.ledger.models import SlotEvent
from column.schedule.models import Slot
from column.text.dates import format_day, format_day_long, format_moment


@dataclass
class Account:
    """A slot as its events tell it; None is *not said*."""

    stories: set[int | None] = field(default_factory=set)
    skip_reason: str = ""
    kept: bool = False
    issue_day: date | None = None
    publish_time: str | None = None
    teaser: str | None = None
    published_at: datetime | None = None
    late_minutes: int = 0
    scheduled_at: datetime | None = None

    def add(self, event: SlotEvent) -> None:
        step = _STEPS.get(SlotAction(event.action))
        if step is not None:
            step(self, event)

    def assign(self, event: SlotEvent) -> None:
        self.stories.add(event.story_id)

    def remove(self, event: SlotEvent) -> None:
        # By name, not “whatever is there”: when two Thursdays swap, one story comes before the other has left.
        self.stories.discard(event.story_id)
        if event.data.get("deleted"):  # its versions went with it, and the schedule of one of them
            self.scheduled_at = None

    def substitute(self, event: SlotEvent) -> None:
        self.stories.discard(event.story_id)
        self.stories.add(event.data.get("other_story"))

    def schedule(self, event: SlotEvent) -> None:
        at = event.data.get("at")
        self.scheduled_at = datetime.fromisoformat(at) if at else None

    def unschedule(self, event: SlotEvent) -> None:
        self.scheduled_at = None

    def publish(self, event: SlotEvent) -> None:
        self.published_at, self.late_minutes = event.at, event.data.get("late_minutes") or 0
        self.scheduled_at = None

    def skip(self, event: SlotEvent) -> None:
        self.skip_reason = event.reason

    def reopen(self, event: SlotEvent) -> None:
        self.skip_reason = ""

    def keep(self, event: SlotEvent) -> None:
        self.kept = event.data.get("after", {}).get("kept_in_break", True)

    def change_day(self, event: SlotEvent) -> None:
        self.issue_day = date.fromisoformat(event.data["after"]["issue_day"])

    def change(self, event: SlotEvent) -> None:
        after = event.data.get("after", {})
        self.publish_time, self.teaser = after.get("publish_time"), after.get("teaser")


#: Of the story, not of the slot: missed, held, released, taken down.
_STEPS: dict[SlotAction, Callable[[Account, SlotEvent], None]] = {
    SlotAction.ASSIGNED: Account.assign,
    SlotAction.REMOVED: Account.remove,
    SlotAction.SUBSTITUTED: Account.substitute,
    SlotAction.SCHEDULED: Account.schedule,
    SlotAction.UNSCHEDULED: Account.unschedule,
    SlotAction.PUBLISHED: Account.publish,
    SlotAction.SKIPPED: Account.skip,
    SlotAction.REOPENED: Account.reopen,
    SlotAction.KEPT: Account.keep,
    SlotAction.DAY_CHANGED: Account.change_day,
    SlotAction.CHANGED: Account.change,
}


def replay(events: Iterable[SlotEvent]) -> Account:
    """Events of one slot, in the order in which they were written."""
    account = Account()
    for event in events:
        account.add(event)
    return account


@dataclass(frozen=True)
class Difference:
    """One thing of one slot that the ledger tells otherwise than the slot."""

    slot: Slot
    what: str
    ledger: str
    present: str

    def __str__(self) -> str:
        return _("Kỳ %(day)s, %(what)s: sổ ghi %(ledger)s, thực tế %(present)s.") % {
            "day": format_day_long(self.slot.day), "what": self.what, "ledger": self.ledger, "present": self.present,
        }  # fmt: skip


def differences(slots: Sequence[Slot]) -> Iterator[Difference]:
    """Every difference, in the slots' order; three queries when there is none.

    What changed while we read is no difference: a suspect is looked at once more, its row held.
    """
    for suspect in dict.fromkeys(found.slot.pk for found in _compare_all(slots)):
        with transaction.atomic():
            held = Slot.objects.select_for_update(of=("self",)).select_related("story").filter(pk=suspect)
            found = list(_compare_all(list(held)))
        yield from found


def _compare_all(slots: Sequence[Slot]) -> Iterator[Difference]:
    events: dict[int, list[SlotEvent]] = {}
    for event in SlotEvent.objects.filter(slot__in=[slot.pk for slot in slots]).order_by("pk"):
        events.setdefault(event.slot_id, []).append(event)
    waiting = Revision.objects.filter(
        base_content_type=get_default_page_content_type(), approved_go_live_at__isnull=False,
        object_id__in=[str(slot.story_id) for slot in slots if slot.story_id and not slot.published_at],
    )  # fmt: skip
    scheduled = {int(key): at for key, at in waiting.values_list("object_id", "approved_go_live_at")}
    for slot in slots:
        at = scheduled.get(slot.story_id) if slot.story_id else None
        for what, ledger, present in _compare(slot, events.get(slot.pk, []), at):
            yield Difference(slot, what, ledger, present)


def _compare(slot: Slot, events: Sequence[SlotEvent], scheduled_at: datetime | None) -> Iterator[tuple[str, str, str]]:
    account = replay(events)
    if not is_archived(slot):
        yield from _compare_story(slot, account, events)
    if account.scheduled_at != scheduled_at:
        yield _("hẹn giờ"), _moment(account.scheduled_at), _moment(scheduled_at)
    yield from _compare_day(slot, account)


def _compare_story(slot: Slot, account: Account, events: Sequence[SlotEvent]) -> Iterator[tuple[str, str, str]]:
    titles = {event.story_id: event.story_title for event in events if event.story_title}
    titles |= {e.data["other_story"]: e.data.get("other_title", "") for e in events if "other_story" in e.data}
    present = {slot.story_id} - {None}
    if account.stories != present:
        ledger = ", ".join(_quoted(titles.get(pk, ""), pk) for pk in sorted(account.stories, key=str))
        now = ", ".join(_quoted(slot.story.draft_title if slot.story else "", pk) for pk in present)
        yield _("bài"), ledger or _("trống"), now or _("trống")
    if account.published_at != slot.published_at:
        yield _("giờ lên trang"), _moment(account.published_at), _moment(slot.published_at)
    if account.late_minutes != (slot.late_minutes or 0):
        yield _("số phút chậm"), str(account.late_minutes), str(slot.late_minutes or 0)


def _compare_day(slot: Slot, account: Account) -> Iterator[tuple[str, str, str]]:
    if account.skip_reason != slot.skip_reason:
        yield _("nghỉ kỳ"), _words(account.skip_reason), _words(slot.skip_reason)
    if (account.issue_day or slot.day) != slot.issue_day:
        yield _("ngày đăng"), format_day(account.issue_day or slot.day), format_day(slot.issue_day)
    if account.kept != slot.kept_in_break:
        yield _("đăng trong kỳ nghỉ Tết"), _yes(account.kept), _yes(slot.kept_in_break)
    clock = slot.publish_time.isoformat("minutes")
    if account.publish_time is not None and account.publish_time != clock:
        yield _("giờ của kỳ"), account.publish_time, clock
    if (account.teaser or "") != slot.teaser:
        yield _("lời báo trước"), _words(account.teaser or ""), _words(slot.teaser)


def is_archived(slot: Slot) -> bool:
    """Its article came with the archive: an import fills old slots without an event each, the row says it all.

    What goes out by this system has its lateness, if only 0.
    """
    return slot.published_at is not None and slot.late_minutes is None


def _quoted(title: str, pk: int | None) -> str:
    return f"“{title}” ({pk})" if title else f"({pk})"


def _words(text: str) -> str:
    return f"“{text}”" if text else _("không")


def _moment(at: datetime | None) -> str:
    return format_moment(at) if at else _("không")


def _yes(value: bool) -> str:
    return _("có") if value else _("không")
