"""Stories that the archive knows already and tells differently now: a new version, never a second story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.models import Page

from column.coverage import recording
from column.coverage.models import Coverage, CoverageChange, StoryDocument
from column.enums import ChangeAction
from column.people.models import Byline, User
from column.schedule.models import Slot
from column.schedule.proof.opening import unproven
from column.stories.models import BylineCredit, Story
from column.transfer.models import ImportRecord
from column.transfer.problems import BadCell
from column.transfer.story_row import StoryRow
from column.transfer.stream import named_stories, stream_data
from column.transfer.writing import (
    VIA,
    Pictures,
    add_corrections,
    add_redirects,
    body_pictures,
    known_stories,
    set_photos,
    story_fields,
)


def refusal(row: StoryRow, story: Story) -> BadCell | None:
    """Why the story cannot be brought up to its row, or None. ``story`` needs no more than its ``Story`` fields."""
    if row.kind != story.kind:
        return BadCell(
            _("Loại trong tệp (%(file)s) khác loại của bài đã nhập (%(here)s).")
            % {"file": row.kind.label, "here": story.get_kind_display()},
            _("Hãy đổi loại ở màn hình phân loại, hoặc sửa lại cột kind."),
            value=row.kind,
        )
    if story.taken_down_at is not None:
        return BadCell(_("Bài này đã bị gỡ."), _("Bài đã gỡ không được nhập lại; hãy xóa dòng này khỏi tệp."), value="")
    return None


def notes(story: Story, record: ImportRecord | None) -> list[str]:
    """What is told before a story is brought up to its row."""
    told = []
    if not story.live:
        told.append(_("Bài đang không hiện cho bạn đọc; ghi thành bản nháp mới, không đăng."))
    if record is not None and record.revision_id != story.latest_revision_id:
        told.append(_("Bài đã được sửa tay sau lần nhập trước; bản trong tệp thay vào, bản cũ còn trong lịch sử."))
    return told


def update(row: StoryRow, pk: int, pictures: Pictures, *, user: User | None, now: datetime) -> tuple[Story, set[str]]:
    """Bring the story up to its row: a new version, published when the story is. Inside a transaction.

    Returns the story and the external ids that its body names and nobody has. :class:`BadCell` when the row cannot be
    applied; then nothing was written.
    """
    Page.objects.select_for_update().get(pk=pk)
    story: Story = Story.objects.get(pk=pk).specific
    if (refused := refusal(row, story)) is not None:
        raise refused
    stories = known_stories(named_stories(row.body))
    data, missing = stream_data(row.body, row.external_id, body_pictures(row, pictures), stories)
    try:
        with transaction.atomic():
            # A version takes what belongs to the story from the row in the database.
            Story.objects.filter(pk=pk).update(issue_date=row.issue_date)
            Page.objects.filter(pk=pk).update(first_published_at=row.published_at)
            Slot.objects.filter(story=pk).exclude(day=row.issue_date).update(story=None, published_at=None)
            story.refresh_from_db(fields=["issue_date", "first_published_at"])
            revision = _new_version(story, row, data, pictures, user)
            if story.live:
                with unproven():
                    revision.publish(user=user, skip_permission_checks=True)
            _record_coverage(story, row, user, now)
            add_corrections(story, row, user)
            add_redirects([(story, row.old_paths)])
            ImportRecord.objects.update_or_create(
                story_id=pk,
                defaults={"digest": "" if missing else row.digest, "revision": revision, "imported_at": now},
            )
    except ValidationError as problem:
        raise BadCell(
            " ".join(problem.messages), _("Hãy sửa dòng này, hoặc sửa bài trong trang quản trị."), value=""
        ) from None
    return story, missing


def _record_coverage(story: Story, row: StoryRow, user: User | None, now: datetime) -> None:
    """The file's rows, and whatever a person coded since: only what the import itself wrote is taken back."""
    by_import: dict[tuple[str | None, str | None], bool] = {}
    changes = CoverageChange.objects.filter(story=story.pk).exclude(action=ChangeAction.STALE)
    for change in changes.order_by("changed_at", "pk"):
        told = change.after or change.before
        by_import[told.get("department"), told.get("criterion")] = change.via == VIA
    wanted = {one.key: one for one in row.coverage}
    for present in Coverage.objects.filter(story=story.pk).select_related("department", "criterion"):
        unit, criterion = present.department, present.criterion
        if not by_import.get((unit.code if unit else None, criterion.slug if criterion else None), False):
            kept = recording.Row(
                present.department_id, present.criterion_id, present.evidence, present.role, present.tone
            )
            wanted[kept.key] = kept
    links = dict(StoryDocument.objects.filter(story=story.pk).values_list("document", "relation"))
    recording.record(story, wanted.values(), user=user, at=now, via=VIA, documents={**row.documents, **links})


def unresolved(missing: set[str]) -> list[str]:
    """What is told of stories that a body names and nobody has."""
    if not missing:
        return []
    return [_("Bài nhắc đến tin, bài không có trong kho: %(ids)s.") % {"ids": ", ".join(sorted(missing)[:5])}]


def _new_version(story: Story, row: StoryRow, data: list[dict[str, Any]], pictures: Pictures, user: User | None) -> Any:
    version: Story = story.get_latest_revision_as_object()
    version.title = version.draft_title = row.title
    for name, value in story_fields(row).items():
        setattr(version, name, value)
    version.body = StreamValue(Story._meta.get_field("body").stream_block, data, is_lazy=True)
    set_photos(version, row, pictures)
    version.byline_credits = [
        BylineCredit(sort_order=order, byline=_byline(name), role=role)
        for order, (name, role) in enumerate(row.credits)
    ]
    return version.save_revision(user=user, log_action=True)


def _byline(name: str) -> Byline:
    return Byline.objects.named(name).first() or Byline.objects.create(name=name)
