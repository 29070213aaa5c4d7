"""The coverage of one story, as a person left it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from column.coverage.models import Coverage, Document, StoryDocument
from column.coverage.recording.rows import (
    History,
    Key,
    Names,
    Outcome,
    Row,
    StaleCoverage,
    as_row,
    by_key,
    fingerprint,
)
from column.enums import ChangeAction, DocumentRelation
from column.people.models import User
from column.signals import announce
from column.stories.models import Story


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
    names = Names()
    target = by_key(wanted, names)
    history = History(story.pk, user, at, via)
    present = {(row.department_id, row.criterion_id): row for row in Coverage.objects.filter(story=story.pk)}
    outcome = Outcome(
        removed=_remove(present, target, names, history),
        changed=_change(present, target, names, history),
        added=_add(present, target, names, history),
    )
    changed_links = documents is not None and _relate(story, documents, history)
    history.write(names)
    if outcome or changed_links:
        announce([story.pk])
    return outcome


def _remove(present: dict[Key, Coverage], target: dict[Key, Row], names: Names, history: History) -> int:
    gone = [row for key, row in present.items() if key not in target]
    for row in gone:
        history.tell(ChangeAction.REMOVED, names.snapshot(as_row(row)), {})
    if gone:
        Coverage.objects.filter(pk__in=[row.pk for row in gone]).delete()
    return len(gone)


def _change(present: dict[Key, Coverage], target: dict[Key, Row], names: Names, history: History) -> int:
    changed: list[Coverage] = []
    for key, row in present.items():
        wish = target.get(key)
        if wish is None or wish == as_row(row):
            continue
        history.tell(ChangeAction.CHANGED, names.snapshot(as_row(row)), names.snapshot(wish))
        if row.evidence != wish.evidence:
            row.stale_since = None  # a person chose another passage
        row.evidence, row.role, row.tone = wish.evidence, wish.role, wish.tone
        row.coded_by, row.coded_at = history.user, history.at
        changed.append(row)
    if changed:
        Coverage.objects.bulk_update(changed, ["evidence", "role", "tone", "coded_by", "coded_at", "stale_since"])
    return len(changed)


def _add(present: dict[Key, Coverage], target: dict[Key, Row], names: Names, history: History) -> int:
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


def _relate(story: Story, documents: Mapping[int, str], history: History) -> bool:
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
