"""What a coverage row is asked to be, what is refused, and the lines of history of one story."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from column.coverage.models import Coverage, CoverageChange, Criterion, StoryDocument
from column.coverage.recording.log import tell_log
from column.departments.models import Department
from column.enums import ChangeAction, CoverageRole, Tone
from column.people.models import User
from column.stories.models import Story
from column.text.normalize import nfc

MAX_EVIDENCE = 2000
A_BATCH = 2000

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


class Names:
    """Codes and slugs of what rows point at, for the history and for messages."""

    def __init__(self) -> None:
        self.departments: dict[int, str] = {}
        self.criteria: dict[int, str] = {}
        self._spoken: dict[str | None, str] = {None: ""}
        for pk, code, name in Department.objects.order_by().values_list("pk", "code", "name"):
            self.departments[pk], self._spoken[code] = code, name
        for one in Criterion.objects.order_by().select_related("group"):
            self.criteria[one.pk], self._spoken[f"/{one.slug}"] = one.slug, one.label

    def spoken(self, state: Mapping[str, Any]) -> str:
        """“Sở Y tế – Kỷ cương” of a snapshot; a document link by its own name."""
        if "document" in state:
            return str(state["document"])
        criterion = state.get("criterion")
        parts = [self._spoken.get(state.get("department"), ""), self._spoken.get(f"/{criterion}", "")]
        return " – ".join(part for part in parts if part)

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


def clean_row(row: Row, names: Names) -> Row:
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


def by_key(rows: Iterable[Row], names: Names) -> dict[Key, Row]:
    wanted: dict[Key, Row] = {}
    for row in rows:
        clean = clean_row(row, names)
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


class History:
    """Lines of history of one story, written together, and with them one line in the story's log."""

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

    def write(self, names: Names) -> None:
        CoverageChange.objects.bulk_create(self.lines)
        tell_log(self.lines, names)


def as_row(row: Coverage) -> Row:
    return Row(row.department_id, row.criterion_id, row.evidence, row.role, row.tone)


def batches(rows: Iterable[tuple[int, Row]]) -> Iterator[list[tuple[int, Row]]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, A_BATCH)):
        yield batch
