"""What is wrong around publications just now, each in words for the people who can mend it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from wagtail.models import Page, Revision

from column.enums import AlarmKind, ProofState, SlotState
from column.schedule.listing import SlotRow, slot_rows
from column.schedule.models import PublishFailure, ScheduleSettings, Slot
from column.schedule.proof.models import Proof
from column.stories.models import Story
from column.text.dates import TZ, format_day_long, format_moment, quarter_of

#: How long before its time a Thursday with nothing scheduled is told of.
EMPTY_AHEAD = timedelta(hours=24)
#: How long a missed Thursday is an alarm; the ledger keeps it for ever.
MISSED_FOR = timedelta(days=7)
#: A failure that the first repeat mended is nobody's business.
FAILURES = 2


@dataclass(frozen=True)
class Cause:
    """One thing that is wrong; *key* names it for as long as it lasts, *url* is where it is mended."""

    kind: AlarmKind
    key: str
    title: str
    text: str
    url: str
    slot_id: int | None = None
    story_id: int | None = None


def causes(now: datetime) -> dict[str, Cause]:
    """Everything that is wrong at *now*, by its key. Five queries when all is well and no Thursday is near."""
    settings = ScheduleSettings.load()
    overdue_since = now - timedelta(minutes=settings.alarm_after_minutes)
    found = [*_revisions(overdue_since), *_proofs()]
    if settings.go_live_date is not None:
        today = timezone.localdate(now, TZ)
        slots = [
            slot
            for slot in Slot.objects.filter(
                issue_day__gte=max(today - MISSED_FOR, settings.go_live_date),
                issue_day__lte=today + EMPTY_AHEAD,
                published_at=None,
                skip_reason="",
            ).order_by("issue_day")
            if slot.due_at <= now + EMPTY_AHEAD
        ]
        if slots:
            found += _slots(slot_rows(slots, now), now, overdue_since)
    return {cause.key: cause for cause in found}


def slot_url(slot: Slot) -> str:
    """The slot's card in the calendar."""
    day = slot.day
    query = urlencode({"quy": f"{day.year}-{quarter_of(day)}", "chuyen-muc": slot.column_id})
    return f"{reverse('schedule_slots')}?{query}#ky-{day.isoformat()}"


def _revisions(overdue_since: datetime) -> Iterator[Cause]:
    """Versions that should be out and are not: those that fail, and those that nobody even tried."""
    failures = {
        failure.revision_id: failure
        for failure in PublishFailure.objects.select_related("revision").defer("revision__content")
    }
    due = Revision.objects.filter(approved_go_live_at__lte=overdue_since).defer("content").order_by("pk")
    waiting = {revision.pk: revision for revision in due} | {
        failure.revision_id: failure.revision
        for failure in failures.values()
        if failure.attempts >= FAILURES and failure.revision.approved_go_live_at is not None
    }
    stories = _stories([revision.object_id for revision in waiting.values()]) if waiting else set()
    for revision in waiting.values():
        failure = failures.get(revision.pk)
        name = {"title": _short(revision.object_str), "at": format_moment(revision.approved_go_live_at)}
        if failure is None:
            kind, key = AlarmKind.NOT_OUT, f"not_out:revision:{revision.pk}"
            title = _("“%(title)s” đến giờ mà chưa lên trang") % name
            text = (
                _(
                    "Giờ hẹn là %(at)s. Việc cần làm: mở bài và bấm “Xuất bản”. Nếu sau đó vẫn chưa lên trang, hãy báo"
                    " ngay người quản trị: có thể tiến trình nền đã dừng."
                )
                % name
            )
        else:
            kind, key = AlarmKind.FAILED, f"failed:revision:{revision.pk}"
            title = _("“%(title)s”: đăng bị lỗi") % name
            text = (
                _(
                    "Giờ hẹn là %(at)s. Hệ thống vẫn tự thử lại, các bài khác không bị ảnh hưởng. Việc cần làm: xem"
                    " lỗi ở thẻ của kỳ, hủy hẹn giờ, sửa bài rồi hẹn lại; nếu không sửa được, hãy thay bài và báo"
                    " người quản trị."
                )
                % name
            )
        pk = int(revision.object_id) if revision.object_id in stories else None
        url = reverse("wagtailadmin_pages:edit", args=[revision.object_id])
        yield Cause(kind, key, title, text, url, story_id=pk)
    rest = [one for one in failures.values() if one.attempts >= FAILURES and one.revision.approved_go_live_at is None]
    yield from _expiries(rest)


def _expiries(failures: Sequence[PublishFailure]) -> Iterator[Cause]:
    """What should have left the site and cannot."""
    if not failures:
        return
    over = Page.objects.filter(
        latest_revision__in=[one.revision_id for one in failures], live=True, expire_at__isnull=False
    )
    stories = _stories([str(page.pk) for page in over])
    for page in over:
        yield Cause(
            AlarmKind.FAILED,
            f"failed:expiry:{page.pk}",
            _("“%(title)s” hết hạn mà chưa hạ được khỏi trang") % {"title": _short(page.draft_title)},
            _("Hạn là %(at)s. Việc cần làm: mở bài và gỡ bài; nếu không được, hãy báo người quản trị.")
            % {"at": format_moment(page.expire_at)},
            reverse("wagtailadmin_pages:edit", args=[page.pk]),
            story_id=page.pk if str(page.pk) in stories else None,
        )


def _stories(keys: Sequence[str]) -> set[str]:
    """Of keys of pages those of stories."""
    return {str(pk) for pk in Story.objects.filter(pk__in=[int(key) for key in keys]).values_list("pk", flat=True)}


def _proofs() -> Iterator[Cause]:
    """Stories that are live, but not as a reader should find them; the newest proof of each alone counts."""
    red = Proof.objects.filter(state=ProofState.RED, story__live=True).select_related("story")
    found = list(red.order_by("pk"))
    newest = Proof.objects.newest_of(proof.story_id for proof in found) if found else {}
    for proof in found:
        if newest[proof.story_id].pk != proof.pk:
            continue
        faults = "; ".join(f"{row['label']}: {row['detail']}" for row in proof.results if not row["ok"])
        yield Cause(
            AlarmKind.PROOF,
            f"proof:{proof.story_id}",
            _("“%(title)s” đã lên trang nhưng bạn đọc chưa thấy đủ") % {"title": _short(proof.story.title)},
            _(
                "Chưa đúng: %(faults)s. Hệ thống đã tự làm lại và vẫn kiểm tra tiếp. Việc cần làm: mở trang bằng một"
                " máy không đăng nhập để xem; nếu vẫn sai, hãy báo người quản trị."
            )
            % {"faults": Truncator(faults).chars(600) or _("chưa rõ")},
            reverse("wagtailadmin_pages:edit", args=[proof.story_id]),
            story_id=proof.story_id,
        )


def _slots(rows: Sequence[SlotRow], now: datetime, overdue_since: datetime) -> Iterator[Cause]:
    """Thursdays near or just past without anything out; one whose story is scheduled is its version's affair."""
    today = timezone.localdate(now, TZ)
    for row in rows:
        slot, status = row.slot, row.status
        if row.state in {SlotState.PUBLISHED, SlotState.PUBLISHED_LATE}:
            continue
        if slot.issue_day < today:
            yield _slot_cause(
                AlarmKind.MISSED, row, _("Bỏ lỡ kỳ %(day)s"),
                _("Hết ngày mà không có bài nào lên trang. Việc cần làm: cho bài của kỳ lên trang (kỳ sẽ ghi là đăng"
                  " muộn), hoặc bấm “Nghỉ kỳ” và ghi lý do."),
            )  # fmt: skip
        elif status is not None and status.scheduled_at is not None:
            continue
        elif slot.due_at <= overdue_since and status is not None and status.approved and status.hold is None:
            yield _slot_cause(
                AlarmKind.NOT_OUT, row, _("Kỳ %(day)s đến giờ mà bài đã duyệt chưa được hẹn giờ"),
                _("“%(title)s” đã duyệt nhưng không tự lên trang. Việc cần làm: mở bài và bấm “Hẹn giờ đăng”; giờ của"
                  " kỳ đã qua nên bài lên trang ngay."),
            )  # fmt: skip
        elif slot.due_at <= overdue_since:
            # Its own key: who saw the warning of the day before is told again, now that it is due.
            yield _slot_cause(
                AlarmKind.UNFILLED, row, _("Kỳ %(day)s đến giờ mà chưa có bài hẹn giờ"), _to_do(row)
            )  # fmt: skip
        else:
            yield _slot_cause(AlarmKind.EMPTY, row, _("Kỳ %(day)s sắp đến mà chưa có bài hẹn giờ"), _to_do(row))


def _to_do(row: SlotRow) -> str:
    status = row.status
    if row.state == SlotState.ASKS:
        return _("Kỳ rơi vào kỳ nghỉ Tết. Việc cần làm: quyết định đăng, dời hay nghỉ kỳ này.")
    if status is None:
        return _("Kỳ chưa có bài. Việc cần làm: xếp bài, hoặc dùng bài gối đầu.")
    if status.hold is not None:
        return _("“%(title)s” đang tạm giữ. Việc cần làm: bỏ tạm giữ rồi hẹn giờ, hoặc thay bài.")
    if status.gaps.required:
        return _("“%(title)s” còn thiếu: %(gaps)s. Việc cần làm: bổ sung rồi hẹn giờ, hoặc thay bài.")
    return _("“%(title)s” đã duyệt. Việc cần làm: mở bài và bấm “Hẹn giờ đăng”.")


def _slot_cause(kind: AlarmKind, row: SlotRow, title: str, text: str) -> Cause:
    words = {
        "day": format_day_long(row.slot.issue_day),
        "title": _short(row.story.draft_title) if row.story else "",
        "gaps": "; ".join(row.status.gaps.required) if row.status else "",
    }
    return Cause(
        kind, f"{kind.value}:slot:{row.slot.pk}", title % words, text % words, slot_url(row.slot),
        slot_id=row.slot.pk, story_id=row.story.pk if row.story else None,
    )  # fmt: skip


def _short(title: str) -> str:
    return Truncator(title).chars(120)
