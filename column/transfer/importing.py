"""The archive goes in: rows are read, checked, and written in batches; every bad row is told and the others land.

Nothing is half-done: a batch is one transaction, a row that was imported before is skipped, and an import that was
stopped (or killed) is simply run again.
"""

from __future__ import annotations

import gc
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Site

from column.people.models import User
from column.schedule.rhythm import Rhythm
from column.schedule.slots import ensure_slots
from column.stories.models import ColumnPage, Story
from column.transfer.exporting import is_as_exported
from column.transfer.models import ImportRecord
from column.transfer.photo_files import PhotoFiles, photo_files
from column.transfer.pictures import PictureStore
from column.transfer.problems import BadCell, BadFile, Problem, Severity
from column.transfer.reading import ArchiveReader, RawRow
from column.transfer.report import Report
from column.transfer.rows import check_row
from column.transfer.slot_book import SlotBook
from column.transfer.story_row import RowRules, StoryRow
from column.transfer.stream import named_stories
from column.transfer.updating import notes, refusal, unresolved, update
from column.transfer.vocabulary import Vocabulary
from column.transfer.writing import BulkWriter, Pictures, known_stories

#: Stories in one transaction. Others wait for it on SQLite: a second or two.
BATCH = 400


@dataclass(frozen=True)
class Progress:
    """Where an import is: bytes of the file (0 of 0 where rows do not come from one), and rows."""

    done: int
    total: int
    rows: int


@dataclass
class Importer:
    """One run over one archive. Iterate over :meth:`steps`; each step is one batch, finished."""

    column: ColumnPage
    files: PhotoFiles
    report: Report
    user: User | None = None
    dry_run: bool = False
    lenient_photos: bool = False
    now: datetime = field(default_factory=timezone.now)
    run: uuid.UUID = field(default_factory=uuid.uuid4)
    _seen: dict[str, int] = field(default_factory=dict)
    _days: set[date] = field(default_factory=set)
    _paths: dict[str, str] = field(default_factory=dict)
    #: Rows whose body names a story that was not there yet, by external id.
    _waiting: dict[str, _Waiting] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._pictures = PictureStore(self.files, self.user)
        self._slots = SlotBook.load(self.column)
        self._writer = BulkWriter(self.column, self.user, self.run)
        rhythm = Rhythm.of(self.column.pk)
        self._rules = RowRules(
            Vocabulary.load(), self._pictures, own_hosts(), self.now, rhythm, rhythm.usual_time, self.lenient_photos,
        )  # fmt: skip

    def steps(self, reader: ArchiveReader | Iterable[RawRow | Problem]) -> Iterator[Progress]:
        """Read to the end. May be abandoned after any step; what the steps did stays."""
        batch: list[tuple[StoryRow, RawRow]] = []
        told = 0
        for item in reader:
            if isinstance(reader, ArchiveReader) and told < len(reader.notices):
                self.report.add(reader.notices[told:])
                told = len(reader.notices)
            self.report.counts.read += 1
            row = self._check(item)
            if row is not None and isinstance(item, RawRow):
                batch.append((row, item))
            if len(batch) >= BATCH:
                self._finish(batch)
                batch = []
                yield self._progress(reader)
            elif self.report.counts.read % BATCH == 0:
                yield self._progress(reader)
        self._finish(batch)
        self._resolve_waiting()
        if not self.dry_run and self._days:
            ensure_slots(self.column, min(self._days), max(self._days))
        yield self._progress(reader)

    def _progress(self, reader: Any) -> Progress:
        if isinstance(reader, ArchiveReader):
            return Progress(reader.position, reader.size, self.report.counts.read)
        return Progress(0, 0, self.report.counts.read)

    # One row --------------------------------------------------------------------------------------------------------

    def _check(self, item: RawRow | Problem) -> StoryRow | None:
        if isinstance(item, Problem):
            self.report.refuse([item])
            return None
        story, problems = check_row(item, self._rules)
        external_id = item.cells.get("external_id", "").strip()
        first = self._seen.setdefault(external_id, item.row) if external_id else item.row
        if first != item.row:
            problems = [*problems, Problem(
                item.row, "external_id", external_id, _("Mã này đã có ở dòng %(row)d.") % {"row": first},
                _("Mỗi dòng cần một mã riêng; dòng đầu đã được nhận."), external_id=external_id,
            )]  # fmt: skip
            story = None
        if story is None:
            self.report.refuse(problems)
            return None
        problems += self._slot_notes(story)
        self.report.add(problems)
        return story

    def _slot_notes(self, row: StoryRow) -> list[Problem]:
        claim = self._slots.claim(row.kind, row.issue_date, row.external_id)
        if claim == "taken":
            reason = _("Kỳ thứ Năm này đã có bài khác.")
        elif claim == "skipped":
            reason = _("Kỳ thứ Năm này đã ghi là nghỉ kỳ.")
        else:
            return []
        return [self._note(row, "issue_date", reason, _("Bài được nhập ngoài kỳ; không cần sửa."))]

    @staticmethod
    def _note(row: StoryRow, column: str, reason: str, mend: str = "") -> Problem:
        return Problem(row.row, column, "", reason, mend, Severity.WARNING, row.external_id)

    # One batch ------------------------------------------------------------------------------------------------------

    def _finish(self, batch: list[tuple[StoryRow, RawRow]]) -> None:
        if not batch:
            return
        raws = {row.external_id: raw for row, raw in batch}
        self.report.add(self._address_notes([row for row, _raw in batch]))
        if self.dry_run:
            self._pretend(self._sort(batch), raws)
            return
        pictures = self._pictures_of(self._sort(batch).writing)
        with transaction.atomic():
            # Whoever imports beside us waits here; what is known is asked again under the lock.
            ColumnPage.objects.select_for_update().get(pk=self.column.pk)
            sorted_ = self._sort(batch)
            now = timezone.now()
            written = self._writer.write(sorted_.fresh, pictures, now)
            updated, refused, told = self._update(sorted_.changed, pictures, now, raws)
            stories = [*((one.row, one.story.pk) for one in written), *updated]
            self._slots.fill({row.issue_date: (pk, row.published_at) for row, pk in stories if self._holds_slot(row)})
        counts = self.report.counts
        counts.added += len(written)
        counts.updated += len(updated)
        counts.unchanged += sorted_.unchanged
        for problem in refused:
            self.report.refuse([problem])
        self.report.add(told)
        self._days.update(row.issue_date for row, _pk in stories)
        for one in written:
            self._await(one.row, raws[one.row.external_id], one.missing)

    def _address_notes(self, rows: list[StoryRow]) -> list[Problem]:
        """Old addresses that lead to another story already, of this file or of the database."""
        known = known_stories({row.external_id for row in rows if row.old_paths})
        taken = dict(
            Redirect.objects.filter(old_path__in=[path for row in rows for path in row.old_paths], site=None)
            .values_list("old_path", "redirect_page")
        )  # fmt: skip
        told = []
        for row in rows:
            for path in row.old_paths:
                first = self._paths.setdefault(path, row.external_id)
                if first != row.external_id or taken.get(path, known.get(row.external_id)) != known.get(
                    row.external_id
                ):
                    reason = _("Địa chỉ cũ “%(path)s” đã dẫn tới bài khác.") % {"path": path}
                    told.append(self._note(row, "source_url", reason, _("Chuyển hướng cũ được giữ nguyên.")))
        return told

    def _holds_slot(self, row: StoryRow) -> bool:
        return self._slots.claim(row.kind, row.issue_date, row.external_id) == "own"

    def _sort(self, batch: list[tuple[StoryRow, RawRow]]) -> _Sorted:
        known = known_stories({row.external_id for row, _raw in batch})
        digests = dict(ImportRecord.objects.filter(story__in=known.values()).values_list("story", "digest"))
        found = _Sorted()
        for row, raw in batch:
            pk = known.get(row.external_id)
            if pk is None:
                found.fresh.append(row)
            elif digests.get(pk) == row.digest or is_as_exported(pk, raw.cells):
                found.unchanged += 1
            else:
                found.changed.append((row, pk))
        return found

    def _pictures_of(self, rows: Iterable[StoryRow]) -> Pictures:
        """Records of the photos, made before the batch: a file is no part of a transaction, and is found again."""
        specs = {spec: None for row in rows for spec in (*row.own_photos, *row.body_photos.values())}
        return {spec: self._pictures.picture(spec) for spec in specs}

    def _update(
        self, changed: list[tuple[StoryRow, int]], pictures: Pictures, now: datetime, raws: dict[str, RawRow]
    ) -> tuple[list[tuple[StoryRow, int]], list[Problem], list[Problem]]:
        """The rows that were applied, the refused ones' problems, and what is told of the others."""
        done, refused, told = [], [], []
        for row, pk in changed:
            before = self._update_notes(row, pk)
            try:
                _story, missing = update(row, pk, pictures, user=self.user, now=now)
            except BadCell as problem:
                refused.append(self._refused(row, problem))
            else:
                done.append((row, pk))
                told += before
                self._await(row, raws[row.external_id], missing)
        return done, refused, told

    def _update_notes(self, row: StoryRow, pk: int) -> list[Problem]:
        record = ImportRecord.objects.filter(story=pk).first()
        return [self._note(row, "", text) for text in notes(Story.objects.get(pk=pk), record)]

    @staticmethod
    def _refused(row: StoryRow, problem: BadCell) -> Problem:
        return Problem(row.row, "", problem.value or "", problem.reason, problem.mend, external_id=row.external_id)

    def _pretend(self, sorted_: _Sorted, raws: dict[str, RawRow]) -> None:
        """What :meth:`_finish` would count and tell, without writing."""
        counts = self.report.counts
        counts.added += len(sorted_.fresh)
        counts.unchanged += sorted_.unchanged
        for row, pk in sorted_.changed:
            if (problem := refusal(row, Story.objects.get(pk=pk))) is not None:
                self.report.refuse([self._refused(row, problem)])
                continue
            counts.updated += 1
            self.report.add(self._update_notes(row, pk))
        for row in sorted_.writing:
            self._await(
                row, raws[row.external_id], named_stories(row.body) - known_stories(named_stories(row.body)).keys()
            )

    # Stories that name later ones -------------------------------------------------------------------------------------

    def _await(self, row: StoryRow, raw: RawRow, missing: set[str]) -> None:
        if missing:
            self._waiting[row.external_id] = _Waiting(raw, row.external_id, row.digest, missing)

    def _resolve_waiting(self) -> None:
        """Stories that name a later row: now that all are there, a second version links them."""
        for waiting in self._waiting.values():
            found = known_stories(waiting.missing).keys()
            left = waiting.missing - (found | self._seen.keys() if self.dry_run else found)
            if not self.dry_run:
                self._link(waiting, linked=bool(found))
            self.report.add(
                Problem(waiting.raw.row, "body", "", text, "", Severity.WARNING, waiting.external_id)
                for text in unresolved(left)
            )

    def _link(self, waiting: _Waiting, *, linked: bool) -> None:
        """Write the story's final version (``linked``), and remember its row as done."""
        row, _problems = check_row(waiting.raw, self._rules)
        with transaction.atomic():
            pk = known_stories({waiting.external_id})[waiting.external_id]
            if linked and row is not None:
                update(row, pk, self._pictures_of([row]), user=self.user, now=timezone.now())
            ImportRecord.objects.filter(story=pk).update(digest=waiting.digest)


@dataclass
class _Sorted:
    fresh: list[StoryRow] = field(default_factory=list)
    changed: list[tuple[StoryRow, int]] = field(default_factory=list)
    unchanged: int = 0

    @property
    def writing(self) -> list[StoryRow]:
        return [*self.fresh, *(row for row, _pk in self.changed)]


@dataclass
class _Waiting:
    raw: RawRow
    external_id: str
    digest: str
    missing: set[str]


def own_hosts() -> frozenset[str]:
    """Hosts whose old addresses are ours to redirect: the site's, and the newspaper's former ones."""
    hosts = {name.lower() for name in Site.objects.values_list("hostname", flat=True)}
    return frozenset(hosts | {host.lower() for host in settings.ARCHIVE_HOSTS})


def the_column() -> ColumnPage:
    """The column that archives go into. :class:`BadFile` where there is none."""
    column = ColumnPage.objects.order_by("path").first()
    if column is None:
        raise BadFile(_("Chưa có trang chuyên mục; hãy chạy lệnh migrate trước."))
    return column


def import_archive(
    path: Path,
    *,
    report: Report,
    photos: Path | None = None,
    user: User | None = None,
    dry_run: bool = False,
    lenient_photos: bool = False,
) -> Iterator[Progress]:
    """Import a file, batch by batch; ``report`` fills while the steps are taken. Raises :class:`BadFile`."""
    importer = Importer(
        the_column(), photo_files(photos, path), report, user=user, dry_run=dry_run, lenient_photos=lenient_photos
    )
    with _tidied_seldom():
        yield from importer.steps(ArchiveReader(path))


@contextmanager
def _tidied_seldom() -> Iterator[None]:
    """Let Python look for dead cycles, and SQLite copy its log into the file, once in some batches.

    By default they do so every few rows and every few hundred of them: a sixth of the time.
    """
    before = gc.get_threshold()
    gc.set_threshold(20_000, *before[1:])
    _pages_logged(10_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        _pages_logged(1_000)


def _pages_logged(most: int) -> None:
    """How many pages SQLite's write-ahead log takes up before they are copied (its own default is 1,000)."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA wal_autocheckpoint = {most}")
