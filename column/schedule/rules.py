"""What a Thursday is, and what a story lacks: decided from facts alone, the clock among them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from column.enums import Kind, SlotState
from column.text.dates import TZ

#: A due story may take this long to appear before the list calls it overdue (the worker looks every second).
GRACE = timedelta(minutes=2)

#: The pause before a failed publication is tried again doubles from the first to the longest.
FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=10)


class ScheduleProblem(Exception):
    """What was asked cannot be done; the message is Vietnamese and says how to mend it."""


@dataclass(frozen=True)
class SlotFacts:
    """A slot and its story at one moment; every datetime is aware."""

    due_at: datetime
    skipped: bool = False
    #: The Tết break, and nobody has said yet whether this one appears.
    asks: bool = False
    held: bool = False
    has_story: bool = False
    live: bool = False
    approved: bool = False
    in_review: bool = False
    scheduled_at: datetime | None = None
    published_at: datetime | None = None
    late_minutes: int | None = None


def slot_state(facts: SlotFacts, *, now: datetime, go_live_date: date | None, late_after: int) -> SlotState:
    """The state of a slot (domain.md, *slot*).

    *go_live_date* is the day since when this system answers for the column: an empty Thursday before it is *no
    data*, never *missed*. *late_after* is in minutes; that many are late already.
    """
    if facts.skipped:
        return SlotState.SKIPPED
    if facts.live or facts.published_at:
        late = facts.late_minutes is not None and facts.late_minutes >= late_after
        return SlotState.PUBLISHED_LATE if late else SlotState.PUBLISHED
    if facts.has_story and facts.scheduled_at is not None and not facts.held:
        return SlotState.OVERDUE if now >= facts.scheduled_at + GRACE else SlotState.SCHEDULED
    if now >= facts.due_at:
        return _past(facts, now, go_live_date)
    return _ahead(facts)


def _ahead(facts: SlotFacts) -> SlotState:
    """Its time is still to come, and nothing is scheduled."""
    if facts.asks:
        return SlotState.ASKS
    if not facts.has_story:
        return SlotState.EMPTY
    if facts.held:
        return SlotState.HELD
    if facts.approved:
        return SlotState.APPROVED
    return SlotState.IN_REVIEW if facts.in_review else SlotState.PLANNED


def _past(facts: SlotFacts, now: datetime, go_live_date: date | None) -> SlotState:
    """Its time has come and nothing will go out by itself."""
    day = facts.due_at.date()
    if go_live_date is None or day < go_live_date:
        return SlotState.NO_DATA
    # Missed is what the ledger says once the day is over.
    over = now.astimezone(facts.due_at.tzinfo).date() > day
    return SlotState.MISSED if over else SlotState.OVERDUE


@dataclass(frozen=True)
class PhotoFacts:
    """One use of a photo in a story; a caption or credit of the use counts as the photo's."""

    title: str
    has_credit: bool
    has_rights: bool
    has_caption: bool
    has_alt: bool
    from_archive: bool = False


@dataclass(frozen=True)
class StoryFacts:
    """What one version of a story holds."""

    kind: str
    has_headline: bool
    has_body: bool
    has_byline: bool
    approved: bool
    from_archive: bool = False
    photos: Sequence[PhotoFacts] = field(default_factory=tuple)
    has_lead_photo: bool = False
    has_coverage: bool = False


@dataclass(frozen=True)
class Gaps:
    """What is missing, in words: the required blocks scheduling and publishing, the advised never."""

    required: tuple[str, ...] = ()
    advised: tuple[str, ...] = ()


def missing_for_scheduling(facts: StoryFacts) -> Gaps:
    """The gaps of a version, most important first (domain.md, *What a story needs before it is scheduled*).

    Archive material is exempt from everything but a headline.
    """
    required: list[str] = []
    if not facts.has_headline:
        required.append(_("tiêu đề"))
    if not facts.from_archive:
        if facts.kind == Kind.PHOTO:
            required += [] if facts.photos else [_("ảnh")]
        elif not facts.has_body:
            required.append(_("nội dung"))
        if not facts.has_byline:
            required.append(_("bút danh"))
        for photo in facts.photos:
            required += _missing_of_photo(photo)
        if not facts.approved:
            required.append(_("duyệt"))
    advised: list[str] = []
    if not facts.has_lead_photo and facts.kind != Kind.PHOTO:
        advised.append(_("ảnh chính"))
    if not facts.has_coverage:
        advised.append(_("gắn đơn vị, tiêu chí"))
    return Gaps(tuple(dict.fromkeys(required)), tuple(advised))


def _missing_of_photo(photo: PhotoFacts) -> list[str]:
    if photo.from_archive:
        return []
    checks = (
        (photo.has_credit, _("nguồn ảnh")),
        (photo.has_rights, _("bản quyền")),
        (photo.has_caption, _("chú thích")),
        (photo.has_alt, _("mô tả cho người khiếm thị (hoặc đánh dấu là ảnh trang trí)")),
    )
    lacks = ", ".join(name for present, name in checks if not present)
    return [_("ảnh “%(title)s”: %(lacks)s") % {"title": photo.title, "lacks": lacks}] if lacks else []


def column_days(first: date, last: date, weekday: int) -> Iterator[date]:
    """Every day of that weekday (0 is Monday, 3 Thursday) from *first* to *last*, both included."""
    day = first + timedelta(days=(weekday - first.weekday()) % 7)
    while day <= last:
        yield day
        day += timedelta(days=7)


def deadline(day: date, days_before: int, clock: time, is_working_day: Callable[[date], bool]) -> datetime:
    """That many days before *day* at *clock* (Đà Nẵng's); on a day off, the working day before (domain.md)."""
    due = day - timedelta(days=days_before)
    while not is_working_day(due):
        due -= timedelta(days=1)
    return datetime.combine(due, clock, tzinfo=TZ)


def minutes_late(due_at: datetime, published_at: datetime) -> int:
    """Whole minutes; a story that went out early is not late."""
    return max(0, int((published_at - due_at).total_seconds() // 60))


def pause_after(attempts: int) -> timedelta:
    """How long to wait after that many failures in a row (1 and more)."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)
