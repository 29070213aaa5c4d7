"""When the demo's stories came out: Thursdays with their gaps and Tết weeks, and the days of news and photos."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from column.enums import Kind
from column.schedule.rules import column_days
from column.text.dates import TZ

FIRST_DAY = date(2015, 1, 8)
#: The Thursday whose own article counted what came before it: “94 bài viết, 238 tin, ảnh”.
LANDMARK = date(2017, 2, 16)
LANDMARK_TIME = time(14, 12)
ARTICLES_BEFORE = 94
OTHERS_BEFORE = 238
_POOLED_BEFORE, _PHOTOS_BEFORE = 14, 58
#: The stream after the landmark needs some room.
EARLIEST_TODAY = date(2018, 1, 1)
PUBLISH_TIME = time(6, 0)
THURSDAY = 3

#: The first day of the lunar year.
_TET = (
    date(2015, 2, 19), date(2016, 2, 8), date(2017, 1, 28), date(2018, 2, 16), date(2019, 2, 5), date(2020, 1, 25),
    date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17),
    date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 2),
)  # fmt: skip
_STEMS = ("Giáp", "Ất", "Bính", "Đinh", "Mậu", "Kỷ", "Canh", "Tân", "Nhâm", "Quý")
_BRANCHES = ("Tý", "Sửu", "Dần", "Mão", "Thìn", "Tỵ", "Ngọ", "Mùi", "Thân", "Dậu", "Tuất", "Hợi")


@dataclass(frozen=True)
class Appearance:
    """One story to write: when, and of which kind. ``published_at`` is aware, on Đà Nẵng's clock."""

    kind: Kind
    published_at: datetime

    @property
    def day(self) -> date:
        return self.published_at.date()


@dataclass(frozen=True)
class Calendar:
    """Everything that depends on the days alone."""

    appearances: tuple[Appearance, ...]
    #: Thursdays without a story, and why.
    skips: dict[date, str]
    go_live: date
    #: Thursdays to come, the nearest first.
    ahead: tuple[date, ...]


def tet_break(day: date) -> str:
    """Why nothing comes out on a day of the Tết week; empty for any other day."""
    for first in _TET:
        if timedelta(days=-2) <= day - first <= timedelta(days=5):
            stem, branch = _STEMS[(first.year - 4) % 10], _BRANCHES[(first.year - 4) % 12]
            return f"Nghỉ Tết Nguyên đán {stem} {branch}"
    return ""


def go_live_of(today: date) -> date:
    """The first of the month some half a year ago."""
    ago = today - timedelta(days=183)
    return ago.replace(day=1)


def make_calendar(chance: random.Random, now: datetime, reasons: list[str]) -> Calendar:
    """The days of all stories up to *now*; the same for the same *chance* and day."""
    today = now.astimezone(TZ).date()
    go_live = go_live_of(today)
    thursdays = list(column_days(FIRST_DAY, today + timedelta(days=371), THURSDAY))
    skips = {day: reason for day in thursdays if (reason := tet_break(day))}
    out = [day for day in thursdays if datetime.combine(day, PUBLISH_TIME, TZ) <= now and day not in skips]
    before = [day for day in out if day < LANDMARK]
    filled = sorted(chance.sample(before, ARTICLES_BEFORE))
    filled += [day for day in out if LANDMARK < day < go_live and chance.random() < 0.86]
    recent = [day for day in out if day >= go_live]
    skipped = recent[-6]
    skips[skipped] = chance.choice(reasons)
    filled += [day for day in recent if day != skipped]
    appearances = [_article(day, chance, go_live, late=day == recent[-9]) for day in filled]
    appearances += _before(chance)
    appearances += _after(chance, today)
    appearances.sort(key=lambda one: (one.published_at, one.kind))
    ahead = tuple(day for day in thursdays if day not in out and day not in skips and day >= today)
    return Calendar(tuple(appearances), skips, go_live, ahead)


def _article(day: date, chance: random.Random, go_live: date, *, late: bool) -> Appearance:
    """Before this system, articles came out at various hours; since then at six, once a little late."""
    if day < go_live:
        clock = time(chance.choice((5, 6, 7, 8, 9, 14, 15, 16)), chance.randrange(60))
    else:
        clock = time(6, 38) if late else PUBLISH_TIME
    return Appearance(Kind.ARTICLE, datetime.combine(day, clock, TZ))


def _before(chance: random.Random) -> Iterator[Appearance]:
    kinds = [Kind.POOLED] * _POOLED_BEFORE + [Kind.PHOTO] * _PHOTOS_BEFORE
    kinds += [Kind.NEWS] * (OTHERS_BEFORE - len(kinds))
    days = [FIRST_DAY + timedelta(days=step) for step in range((LANDMARK - FIRST_DAY).days)]
    days = [day for day in days if not tet_break(day)]
    for kind in kinds:
        yield _other(kind, chance.choice(days), chance)


def _after(chance: random.Random, today: date) -> Iterator[Appearance]:
    """Week by week, livelier of late; the last day is yesterday."""
    week = LANDMARK + timedelta(days=1)
    while week < today:
        days = [week + timedelta(days=step) for step in range(7) if week + timedelta(days=step) < today]
        lively = (today - week).days < 70
        news = chance.choice((2, 3, 3, 4)) if lively else chance.choice((0, 1, 1, 1, 2, 2))
        photos = 1 if lively else chance.choice((0, 0, 1))
        for kind, count in ((Kind.NEWS, news), (Kind.PHOTO, photos)):
            for _ in range(count):
                day = chance.choice(days)
                if not tet_break(day):
                    yield _other(kind, day, chance)
        week += timedelta(days=7)


def _other(kind: Kind, day: date, chance: random.Random) -> Appearance:
    return Appearance(kind, datetime.combine(day, time(chance.randrange(6, 20), chance.randrange(60)), TZ))
