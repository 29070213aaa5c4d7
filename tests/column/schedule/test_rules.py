from datetime import date, datetime, time, timedelta

import pytest

from column.enums import Kind, SlotState
from column.schedule.rules import (
    Gaps,
    PhotoFacts,
    SlotFacts,
    StoryFacts,
    column_days,
    minutes_late,
    missing_for_scheduling,
    pause_after,
    slot_state,
)
from column.text.dates import TZ

DUE = datetime(2017, 2, 16, 14, 12, tzinfo=TZ)
BEFORE, AFTER = DUE - timedelta(minutes=1), DUE + timedelta(minutes=5)
NEXT_DAY = DUE + timedelta(days=1)
LIVE_SINCE = date(2017, 2, 16)


def state(facts: SlotFacts, now: datetime, go_live_date: date | None = LIVE_SINCE) -> SlotState:
    return slot_state(facts, now=now, go_live_date=go_live_date, late_after=15)


@pytest.mark.parametrize(
    ("facts", "now", "expected"),
    [
        ({}, BEFORE, SlotState.EMPTY),
        ({}, DUE, SlotState.OVERDUE),
        ({}, NEXT_DAY, SlotState.MISSED),
        ({"skipped": True}, BEFORE, SlotState.SKIPPED),
        ({"skipped": True}, NEXT_DAY, SlotState.SKIPPED),
        ({"has_story": True}, BEFORE, SlotState.PLANNED),
        ({"has_story": True, "in_review": True}, BEFORE, SlotState.IN_REVIEW),
        ({"has_story": True, "approved": True, "in_review": True}, BEFORE, SlotState.APPROVED),
        ({"has_story": True, "approved": True, "scheduled_at": DUE}, BEFORE, SlotState.SCHEDULED),
        ({"has_story": True, "approved": True, "scheduled_at": DUE}, DUE + timedelta(seconds=119), SlotState.SCHEDULED),
        ({"has_story": True, "approved": True, "scheduled_at": DUE}, DUE + timedelta(minutes=2), SlotState.OVERDUE),
        ({"has_story": True, "approved": True, "scheduled_at": DUE}, NEXT_DAY, SlotState.OVERDUE),
        ({"has_story": True, "approved": True}, AFTER, SlotState.OVERDUE),
        ({"has_story": True}, NEXT_DAY, SlotState.MISSED),
        ({"has_story": True, "live": True, "published_at": DUE, "late_minutes": 0}, AFTER, SlotState.PUBLISHED),
        ({"has_story": True, "live": True, "published_at": DUE, "late_minutes": 14}, AFTER, SlotState.PUBLISHED),
        ({"has_story": True, "live": True, "published_at": DUE, "late_minutes": 15}, AFTER, SlotState.PUBLISHED_LATE),
        ({"has_story": True, "live": True, "published_at": DUE}, AFTER, SlotState.PUBLISHED),
        # Taken down later: the Thursday was not missed.
        ({"has_story": True, "published_at": DUE, "late_minutes": 0}, NEXT_DAY, SlotState.PUBLISHED),
    ],
)
def test_slot_state(facts: dict[str, object], now: datetime, expected: SlotState) -> None:
    assert state(SlotFacts(due_at=DUE, **facts), now) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("go_live_date", [None, date(2017, 2, 17)])
@pytest.mark.parametrize("facts", [{}, {"has_story": True}])
def test_before_this_system_an_empty_thursday_is_no_data(facts: dict[str, bool], go_live_date: date | None) -> None:
    assert state(SlotFacts(due_at=DUE, **facts), NEXT_DAY, go_live_date) == SlotState.NO_DATA


def test_the_day_of_a_slot_is_da_nangs_whatever_zone_the_clock_is_in() -> None:
    late_evening = datetime(2017, 2, 16, 23, 59, tzinfo=TZ).astimezone(tz=None)
    facts = SlotFacts(due_at=datetime(2017, 2, 16, 0, 0, tzinfo=TZ), has_story=True)
    assert state(facts, late_evening) == SlotState.OVERDUE
    assert state(facts, late_evening + timedelta(minutes=1)) == SlotState.MISSED


GOOD = {"kind": Kind.ARTICLE, "has_headline": True, "has_body": True, "has_byline": True, "approved": True}
PHOTO = {"title": "Cầu Rồng", "has_credit": True, "has_rights": True, "has_caption": True, "has_alt": True}


def gaps(**changes: object) -> Gaps:
    return missing_for_scheduling(StoryFacts(**(GOOD | {"has_lead_photo": True, "has_coverage": True} | changes)))


def test_nothing_is_missing_from_a_whole_story() -> None:
    assert gaps(photos=[PhotoFacts(**PHOTO)]) == Gaps((), ())


@pytest.mark.parametrize(
    ("change", "word"),
    [("has_headline", "tiêu đề"), ("has_body", "nội dung"), ("has_byline", "bút danh"), ("approved", "duyệt")],
)
def test_each_required_part(change: str, word: str) -> None:
    assert gaps(**{change: False}) == Gaps((word,), ())


def test_advised_parts_never_block() -> None:
    assert gaps(has_lead_photo=False, has_coverage=False) == Gaps((), ("ảnh chính", "gắn đơn vị, tiêu chí"))


def test_what_a_photo_lacks_is_named_once_for_each_photo() -> None:
    bare = PhotoFacts("Cầu Rồng", has_credit=False, has_rights=False, has_caption=False, has_alt=False)
    half = PhotoFacts(**PHOTO | {"title": "Chợ Hàn", "has_alt": False})
    alt = "mô tả cho người khiếm thị (hoặc đánh dấu là ảnh trang trí)"
    assert gaps(photos=[bare, half, bare]).required == (
        f"ảnh “Cầu Rồng”: nguồn ảnh, bản quyền, chú thích, {alt}",
        f"ảnh “Chợ Hàn”: {alt}",
    )


def test_the_archive_is_exempt_but_for_its_headline() -> None:
    nothing = {"has_body": False, "has_byline": False, "approved": False, "from_archive": True}
    bare = PhotoFacts("Cầu Rồng", has_credit=False, has_rights=False, has_caption=False, has_alt=False)
    assert gaps(**nothing, photos=[bare]).required == ()
    assert gaps(**nothing, has_headline=False).required == ("tiêu đề",)


def test_an_archive_photo_in_a_new_story_is_exempt() -> None:
    old = PhotoFacts(
        "Cầu Rồng", has_credit=False, has_rights=False, has_caption=False, has_alt=False, from_archive=True
    )
    assert gaps(photos=[old]).required == ()


def test_a_photo_story_needs_photos_and_no_text() -> None:
    assert gaps(kind=Kind.PHOTO, has_body=False, has_lead_photo=False).required == ("ảnh",)
    whole = gaps(kind=Kind.PHOTO, has_body=False, has_lead_photo=False, photos=[PhotoFacts(**PHOTO)])
    assert whole == Gaps((), ())


def test_column_days() -> None:
    assert list(column_days(date(2017, 2, 16), date(2017, 3, 2), 3)) == [
        date(2017, 2, 16),
        date(2017, 2, 23),
        date(2017, 3, 2),
    ]
    assert list(column_days(date(2017, 2, 17), date(2017, 2, 22), 3)) == []
    assert list(column_days(date(2017, 2, 16), date(2017, 2, 21), 0)) == [date(2017, 2, 20)]
    assert list(column_days(date(2017, 2, 16), date(2017, 2, 15), 3)) == []


def test_minutes_late() -> None:
    assert [minutes_late(DUE, DUE + timedelta(seconds=seconds)) for seconds in (-3600, 0, 59, 60, 899)] == [
        0, 0, 0, 1, 14,
    ]  # fmt: skip
    assert minutes_late(DUE, DUE + timedelta(hours=26)) == 1560


def test_pauses_double_up_to_ten_minutes() -> None:
    assert [pause_after(attempts).total_seconds() for attempts in (1, 2, 3, 6, 7, 1000)] == [
        15, 30, 60, 480, 600, 600,
    ]  # fmt: skip


def test_a_due_time_is_that_of_da_nang() -> None:
    assert datetime.combine(date(2017, 2, 16), time(6, 59), tzinfo=TZ).isoformat() == "2017-02-16T06:59:00+07:00"
