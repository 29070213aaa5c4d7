"""The demo as a whole, from an empty column to a living one.

Run inside one transaction: either everything is there afterwards or nothing. What is made depends on the day alone;
only passwords are drawn anew.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from column.enums import Kind
from column.people.models import User
from column.people.roles import Role
from column.schedule import slots
from column.schedule.models import ScheduleSettings, Slot
from column.schedule.rules import minutes_late
from column.stories.models import ColumnPage, Story
from column.stories.takedown import take_down
from column.text.dates import TZ
from column.transfer.columns import split_list
from column.transfer.demo.accounts import Login, make_accounts
from column.transfer.demo.ahead import Desk
from column.transfer.demo.composing import Composer
from column.transfer.demo.days import (
    EARLIEST_TODAY,
    FIRST_DAY,
    LANDMARK,
    LANDMARK_TIME,
    Appearance,
    Calendar,
    make_calendar,
)
from column.transfer.demo.figures import report_figures
from column.transfer.demo.photos import Darkroom, draw_all
from column.transfer.demo.scenes.gallery import SCENES
from column.transfer.demo.units import Roster
from column.transfer.importing import Importer
from column.transfer.reading import RawRow
from column.transfer.report import Report

SEED = 20170216
_INTRO = (
    "Chuyên mục phản ánh việc thực hiện Chỉ thị 29-CT/TU của Ban Thường vụ Thành ủy Đà Nẵng về “5 xây, 3 chống”, "
    "đăng vào thứ Năm hằng tuần."
)
_TAKEN_DOWN = "Bài này đã được tòa soạn gỡ để kiểm tra lại thông tin."


class CannotSeed(Exception):
    """Why there is no demo; the message is Vietnamese and says what to do."""


@dataclass(frozen=True)
class Step:
    """How far one part of the work is; ``label`` is Vietnamese."""

    label: str
    done: int
    total: int


@dataclass
class Seeding:
    """Fills one empty column. Take every step of :meth:`run`, then look at ``logins``.

    *before* is called inside the transaction, before anything is made: whoever seeds marks the site as a demo there.
    """

    column: ColumnPage
    now: datetime
    before: Callable[[], None] = lambda: None
    logins: list[Login] = field(default_factory=list)
    _room: Darkroom = field(default_factory=Darkroom)

    def run(self) -> Generator[Step]:
        """Everything in one transaction. When it fails or is abandoned, the pictures' files go as well."""
        try:
            with transaction.atomic():
                yield from self.steps()
        except BaseException:
            self._room.discard()
            raise

    def steps(self) -> Iterator[Step]:
        """The work itself; needs a transaction around it."""
        self._hold()
        yield from self._draw()
        users, self.logins = make_accounts()
        composer = Composer(random.Random(SEED), Roster.load())  # noqa: S311 - the same every time
        reasons = [line.text for line in composer.common.sections["gaps"]]
        calendar = make_calendar(random.Random(SEED + 1), self.now, reasons)  # noqa: S311
        self._prepare(calendar, users)
        self._room.keep(users[Role.EDITOR])
        rows = list(self._write(composer, calendar))
        development = self._room.develop(self._leads(rows))
        try:
            yield from self._import(rows, users[Role.EDITOR])
            self._note_lateness(calendar.go_live)
            report_figures(users[Role.EDITOR])
            self._take_one_down(users[Role.CHIEF])
            desk = Desk(self.column, users, self._room.pictures, composer, self.now.astimezone(TZ), self._published())
            for done in desk.work(calendar.ahead, reasons[0]):
                yield Step(_("Xếp các kỳ sắp tới"), done, 6)
            for done in development.finish():
                yield Step(_("Thu nhỏ ảnh"), done, len(development))
        finally:
            development.stop()

    def _hold(self) -> None:
        """Nobody else fills the column meanwhile; raises :class:`CannotSeed` when somebody has."""
        ColumnPage.objects.select_for_update().get(pk=self.column.pk)
        if Story.objects.exists():
            raise CannotSeed(_("Cơ sở dữ liệu vừa có thêm tin, bài; không tạo dữ liệu minh họa."))
        if self.now.astimezone(TZ).date() < EARLIEST_TODAY:
            raise CannotSeed(_("Đồng hồ của máy chạy sai ngày; hãy chỉnh lại rồi tạo dữ liệu minh họa."))
        self.before()

    # Parts --------------------------------------------------------------------------------------------------------

    def _draw(self) -> Iterator[Step]:
        yield Step(_("Vẽ ảnh"), 0, len(SCENES))
        for done, (name, data) in enumerate(draw_all(), start=1):
            self._room.files[name] = data
            yield Step(_("Vẽ ảnh"), done, len(SCENES))

    def _prepare(self, calendar: Calendar, users: dict[Role, User]) -> None:
        """The column's start, the Thursdays with their breaks, and since when the system answers for them."""
        self.column.start_date, self.column.intro = FIRST_DAY, _INTRO
        self.column.save()
        settings = ScheduleSettings.load()
        settings.go_live_date = calendar.go_live
        settings.save()
        slots.ensure_all_slots(self.now.astimezone(TZ).date())
        known = {slot.day: slot for slot in Slot.objects.filter(column=self.column)}
        for day, reason in calendar.skips.items():
            slots.skip(known[day], reason, users[Role.MANAGING_EDITOR])
        slots.change(known[LANDMARK], publish_time=LANDMARK_TIME, teaser="", user=users[Role.MANAGING_EDITOR])

    def _write(self, composer: Composer, calendar: Calendar) -> Iterator[RawRow]:
        """The archive's rows, the oldest first. A few carry corrections, two are galleries."""
        photos = [one for one in calendar.appearances if one.kind == Kind.PHOTO]
        galleries = {id(photos[len(photos) // 3]), id(photos[-1])}
        notes = self._notes(composer, calendar.appearances)
        for number, appearance in enumerate(calendar.appearances, start=1):
            cells = composer.row(appearance, gallery=id(appearance) in galleries)
            if text := notes.get(id(appearance)):
                at = appearance.published_at + timedelta(hours=27)
                cells["corrections"] = f"{text[0]} @ {at.isoformat()} = {text[1]}"
            yield RawRow(number, number, {name: cell for name, cell in cells.items() if cell})

    @staticmethod
    def _notes(composer: Composer, appearances: Sequence[Appearance]) -> dict[int, tuple[str, str]]:
        """By the appearance: kind and text of its correction. Spread over the years."""
        articles = [one for one in appearances if one.kind == Kind.ARTICLE]
        texts = [("update", line.text) for line in composer.common.sections["updates"]]
        texts += [("correction", line.text) for line in composer.common.sections["errors"]]
        texts.append(texts[0])
        places = [len(articles) * part // len(texts) for part in range(1, len(texts))] + [len(articles) - 3]
        return {id(articles[place]): text for place, text in zip(places, texts, strict=True)}

    @staticmethod
    def _leads(rows: Sequence[RawRow]) -> list[str]:
        """Scenes that the front page is about to show large: the newest article's and its predecessors'."""
        articles = [row.cells for row in rows if row.cells["kind"] == Kind.ARTICLE]
        return [split_list(cells["photos"])[0].removesuffix(".jpg") for cells in articles[-3:]]

    def _import(self, rows: Sequence[RawRow], user: User) -> Iterator[Step]:
        report = Report()
        importer = Importer(self.column, self._room, report, user=user, now=self.now)
        for progress in importer.steps(rows):
            yield Step(_("Nhập tin, bài"), progress.rows, len(rows))
        if report.counts.added != len(rows):
            raise RuntimeError("; ".join(f"{problem.external_id}: {problem.reason}" for problem in report.shown[:3]))

    def _note_lateness(self, go_live: date) -> None:
        """Since this system answers for the Thursdays it knows how late each article was."""
        for slot in Slot.objects.filter(column=self.column, day__gte=go_live, published_at__isnull=False):
            assert slot.published_at is not None
            slot.late_minutes = minutes_late(slot.due_at, slot.published_at)
            slot.save(update_fields=["late_minutes"])

    @staticmethod
    def _take_one_down(user: User) -> None:
        """A news item of the year after the landmark; its address answers 410."""
        after = Story.objects.filter(kind=Kind.NEWS, issue_date__gt=LANDMARK + timedelta(days=365))
        story = after.order_by("issue_date", "external_id")[:1].get()
        take_down(story, user, _TAKEN_DOWN, reason="Dữ liệu minh họa: thử việc gỡ bài.")

    @staticmethod
    def _published() -> dict[str, int]:
        return dict(Story.objects.exclude(external_id=None).values_list("external_id", "pk"))
