"""The one way in which coverage is written, by hand and in bulk: rows, their history, and the announcement.

Everything happens in one transaction; the history holds codes and slugs, not keys, so that it can be read
when the unit list has changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from column.coverage.models import Coverage, CoverageChange, Criterion, Document, StoryDocument
from column.departments.models import Department
from column.enums import ChangeAction, CoverageRole, DocumentRelation, Tone
from column.inserting import insert_values
from column.people.models import User
from column.signals import announce
from column.stories.models import Story
from column.text.normalize import nfc

MAX_EVIDENCE = 2000
_A_BATCH = 2000

Key = tuple[int | None, int | None]


class StaleCoverage(ValidationError):
    """Someone else changed the story's coverage since the form was shown; nothing was written."""


@dataclass(frozen=True, slots=True)
class Row:
    """What one coverage row should be; unit and criterion by primary key, either may be absent."""

    department: int | None = None
    criterion: int | None = None
    evidence: str = ""
    role: str = CoverageRole.SUBJECT
    tone: str = Tone.UNSET

    @property
    def key(self) -> Key:
        return self.department, self.criterion

    @property
    def values(self) -> dict[str, str]:
        return {"evidence": self.evidence, "role": self.role, "tone": self.tone}


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many rows were added, changed and removed."""

    added: int = 0
    changed: int = 0
    removed: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class _Names:
    """Codes and slugs of what rows point at, for the history and for messages."""

    def __init__(self) -> None:
        self.departments = dict(Department.objects.order_by().values_list("pk", "code"))
        self.criteria = dict(Criterion.objects.order_by().values_list("pk", "slug"))

    def snapshot(self, row: Row) -> dict[str, str | None]:
        return {
            "department": self.departments[row.department] if row.department else None,
            "criterion": self.criteria[row.criterion] if row.criterion else None,
            **row.values,
        }


def fingerprint(story: Story) -> str:
    """A short mark of the story's coverage and document links as they are now; a form carries it back."""
    rows = Coverage.objects.filter(story=story.pk).order_by("pk")
    links = StoryDocument.objects.filter(story=story.pk).order_by("pk")
    state = [
        *rows.values_list("department", "criterion", "evidence", "role", "tone"),
        *links.values_list("document", "relation"),
    ]
    return hashlib.sha256(repr(state).encode()).hexdigest()[:16]


def _clean(row: Row, names: _Names) -> Row:
    if row.department is None and row.criterion is None:
        raise ValidationError(_("Mỗi dòng cần một đơn vị hoặc một tiêu chí."))
    if row.department is not None and row.department not in names.departments:
        raise ValidationError(_("Đơn vị đã chọn không còn trong danh mục; hãy tải lại trang."))
    if row.criterion is not None and row.criterion not in names.criteria:
        raise ValidationError(_("Tiêu chí đã chọn không còn trong danh mục; hãy tải lại trang."))
    if row.role not in CoverageRole.values:
        raise ValidationError(_("Vai trò “%(value)s” không có trong danh sách.") % {"value": row.role})
    if row.tone not in Tone.values:
        raise ValidationError(_("Chiều phản ánh “%(value)s” không có trong danh sách.") % {"value": row.tone})
    evidence = nfc(row.evidence).replace("\r\n", "\n").strip()  # browsers send CRLF
    if len(evidence) > MAX_EVIDENCE:
        raise ValidationError(
            _("Đoạn dẫn chứng dài %(length)d ký tự; nhiều nhất %(most)d. Hãy rút gọn.")
            % {"length": len(evidence), "most": MAX_EVIDENCE}
        )
    return Row(row.department, row.criterion, evidence, row.role, row.tone)


def _by_key(rows: Iterable[Row], names: _Names) -> dict[Key, Row]:
    wanted: dict[Key, Row] = {}
    for row in rows:
        clean = _clean(row, names)
        if clean.key in wanted:
            raise ValidationError(
                _("Đơn vị và tiêu chí này được ghi hai lần: %(pair)s. Hãy giữ một dòng.") % {"pair": _spoken(clean)}
            )
        wanted[clean.key] = clean
    return wanted


def _spoken(row: Row) -> str:
    """The pair in words, for a message (two queries, only on the way to an error)."""
    parts: list[str] = []
    if row.department:
        parts.append(str(Department.objects.get(pk=row.department)))
    if row.criterion:
        parts.append(Criterion.objects.select_related("group").get(pk=row.criterion).label)
    return " – ".join(parts)


@transaction.atomic
def record(
    story: Story,
    wanted: Iterable[Row],
    *,
    user: User | None,
    at: datetime,
    via: str = "editor",
    documents: Mapping[int, str] | None = None,
    seen: str | None = None,
) -> Outcome:
    """Make the story's coverage exactly ``wanted``; with ``documents`` (key → relation) its links too.

    Only what differs is written, each change with a line of history, and the listeners are told inside the
    transaction. ``seen`` is the ``fingerprint`` of the form: ``StaleCoverage`` when the rows have changed
    since. ``ValidationError`` (Vietnamese) for rows that cannot be; then nothing was written.
    """
    Story.objects.select_for_update().order_by().values_list("pk").get(pk=story.pk)
    if seen is not None and seen != fingerprint(story):
        raise StaleCoverage(
            _("Phần gắn đơn vị, tiêu chí vừa được người khác sửa. Chưa ghi gì; hãy xem lại rồi lưu lần nữa.")
        )
    names = _Names()
    target = _by_key(wanted, names)
    history = _History(story.pk, user, at, via)
    present = {(row.department_id, row.criterion_id): row for row in Coverage.objects.filter(story=story.pk)}
    outcome = Outcome(
        removed=_remove(present, target, names, history),
        changed=_change(present, target, names, history),
        added=_add(present, target, names, history),
    )
    changed_links = documents is not None and _relate(story, documents, history)
    history.write()
    if outcome or changed_links:
        announce([story.pk])
    return outcome


class _History:
    """Lines of history of one story, written together."""

    def __init__(self, story: int, user: User | None, at: datetime, via: str) -> None:
        self.story, self.user, self.at, self.via = story, user, at, via
        self.lines: list[CoverageChange] = []

    def tell(self, action: ChangeAction, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
        self.lines.append(
            CoverageChange(
                story_id=self.story, action=action, before=dict(before), after=dict(after), changed_by=self.user,
                changed_at=self.at, via=self.via,
            )
        )  # fmt: skip

    def write(self) -> None:
        CoverageChange.objects.bulk_create(self.lines)


def _as_row(row: Coverage) -> Row:
    return Row(row.department_id, row.criterion_id, row.evidence, row.role, row.tone)


def _remove(present: dict[Key, Coverage], target: dict[Key, Row], names: _Names, history: _History) -> int:
    gone = [row for key, row in present.items() if key not in target]
    for row in gone:
        history.tell(ChangeAction.REMOVED, names.snapshot(_as_row(row)), {})
    if gone:
        Coverage.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return len(gone)


def _change(present: dict[Key, Coverage], target: dict[Key, Row], names: _Names, history: _History) -> int:
    changed: list[Coverage] = []
    for key, row in present.items():
        wish = target.get(key)
        if wish is None or wish == _as_row(row):
            continue
        history.tell(ChangeAction.CHANGED, names.snapshot(_as_row(row)), names.snapshot(wish))
        row.evidence, row.role, row.tone = wish.evidence, wish.role, wish.tone
        row.coded_by, row.coded_at = history.user, history.at
        changed.append(row)
    if changed:
        Coverage.objects.bulk_update(changed, ["evidence", "role", "tone", "coded_by", "coded_at"])
    return len(changed)


def _add(present: dict[Key, Coverage], target: dict[Key, Row], names: _Names, history: _History) -> int:
    fresh = [row for key, row in target.items() if key not in present]
    for row in fresh:
        history.tell(ChangeAction.ADDED, {}, names.snapshot(row))
    Coverage.objects.bulk_create(
        Coverage(
            story_id=history.story, department_id=row.department, criterion_id=row.criterion,
            coded_by=history.user, coded_at=history.at, **row.values,
        )
        for row in fresh
    )  # fmt: skip
    return len(fresh)


def _relate(story: Story, documents: Mapping[int, str], history: _History) -> bool:
    """Make the story's links to documents exactly these; they share the coverage's history."""
    known = {document.pk: str(document) for document in Document.objects.all()}
    for pk, relation in documents.items():
        if pk not in known:
            raise ValidationError(_("Văn bản đã chọn không còn trong danh mục; hãy tải lại trang."))
        if relation not in DocumentRelation.values:
            raise ValidationError(_("Quan hệ “%(value)s” không có trong danh sách.") % {"value": relation})
    present = {link.document_id: link for link in StoryDocument.objects.filter(story=story.pk)}
    count = len(history.lines)
    for pk in sorted(present.keys() | documents.keys(), key=lambda pk: known[pk]):
        link, wish = present.get(pk), documents.get(pk, "")
        was = link.relation if link else ""
        if was == wish:
            continue
        before = {"document": known[pk], "relation": was} if was else {}
        after = {"document": known[pk], "relation": wish} if wish else {}
        if link is None:
            StoryDocument.objects.create(story_id=story.pk, document_id=pk, relation=wish)
            history.tell(ChangeAction.ADDED, before, after)
        elif not wish:
            link.delete()
            history.tell(ChangeAction.REMOVED, before, after)
        else:
            link.relation = wish
            link.save(update_fields=["relation"])
            history.tell(ChangeAction.CHANGED, before, after)
    return len(history.lines) > count


@transaction.atomic
def record_bulk(
    rows: Iterable[tuple[int, Row]], *, user: User | None, at: datetime, via: str, announced: bool = False
) -> int:
    """Add rows to many stories (``(story key, row)`` pairs); return how many were new.

    A pair of unit and criterion that a story already has is left as it is: what staff coded is never
    overwritten from a file. Queries grow with the batches of 2,000 rows, not with the rows. With
    ``announced`` the caller tells the listeners of the same stories in the same transaction.
    """
    names = _Names()
    written = 0
    for batch in _batches(rows):
        wanted: dict[tuple[int, Key], Row] = {}
        for story, row in batch:
            clean = _clean(row, names)
            wanted.setdefault((story, clean.key), clean)
        stories = list(dict.fromkeys(story for story, _key in wanted))
        # Whoever codes one of them by hand waits, or is waited for: never a broken unique index.
        list(Story.objects.select_for_update().filter(pk__in=stories).order_by("pk").values_list("pk"))
        present = {
            (story, (department, criterion))
            for story, department, criterion in Coverage.objects.filter(story__in=stories)
            .order_by()
            .values_list("story", "department", "criterion")
        }
        fresh = [(story, row) for (story, key), row in wanted.items() if (story, key) not in present]
        insert_values(
            Coverage,
            ("story_id", "department_id", "criterion_id", "evidence", "role", "tone"),
            ((story, row.department, row.criterion, row.evidence, row.role, row.tone) for story, row in fresh),
            coded_by_id=user.pk if user else None, coded_at=at,
        )  # fmt: skip
        insert_values(
            CoverageChange,
            ("story_id", "after"),
            ((story, names.snapshot(row)) for story, row in fresh),
            action=ChangeAction.ADDED, before={}, changed_by_id=user.pk if user else None, changed_at=at, via=via,
        )  # fmt: skip
        written += len(fresh)
        if not announced:
            announce(story for story, _row in fresh)
    return written


@transaction.atomic
def relate_bulk(links: Iterable[tuple[int, Mapping[int, str]]], *, user: User | None, at: datetime, via: str) -> int:
    """Link many stories to documents (story key; document key → relation), with the history; return how many.

    For stories that have no link yet; the caller tells the listeners in the same transaction.
    """
    known = {document.pk: str(document) for document in Document.objects.all()}
    fresh = [
        (story, pk, documents[pk])
        for story, documents in links
        for pk in sorted(documents, key=lambda pk: known[pk])
    ]  # fmt: skip
    StoryDocument.objects.bulk_create(
        [StoryDocument(story_id=story, document_id=pk, relation=relation) for story, pk, relation in fresh],
        batch_size=_A_BATCH,
    )
    CoverageChange.objects.bulk_create(
        [
            CoverageChange(
                story_id=story, action=ChangeAction.ADDED, before={},
                after={"document": known[pk], "relation": relation}, changed_by=user, changed_at=at, via=via,
            )
            for story, pk, relation in fresh
        ],
        batch_size=_A_BATCH,
    )  # fmt: skip
    return len(fresh)


def _batches(rows: Iterable[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, _A_BATCH)):
        yield batch
