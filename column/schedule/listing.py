"""Slots made ready for a screen: state, story, who, what is missing; a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from wagtail.models import Revision, WorkflowState, get_default_page_content_type

from column.enums import SlotState
from column.schedule.holidays import HolidayCalendar
from column.schedule.models import Approval, Hold, PublishFailure, ScheduleSettings, Slot
from column.schedule.preflight import approved_revisions, facts_of
from column.schedule.rules import Gaps, SlotFacts, StoryFacts, missing_for_scheduling, slot_state
from column.stories.models import Article, Story
from column.text.dates import format_day_long, format_moment

#: Icon of each state in the admin's own sprite; the word always stands beside it.
ICONS = {
    SlotState.EMPTY: "placeholder",
    SlotState.ASKS: "help",
    SlotState.HELD: "lock",
    SlotState.PLANNED: "draft",
    SlotState.IN_REVIEW: "view",
    SlotState.APPROVED: "check",
    SlotState.SCHEDULED: "calendar-check",
    SlotState.PUBLISHED: "success",
    SlotState.PUBLISHED_LATE: "history",
    SlotState.SKIPPED: "no-view",
    SlotState.MISSED: "error",
    SlotState.OVERDUE: "warning",
    SlotState.NO_DATA: "minus",
}


@dataclass(frozen=True)
class StoryStatus:
    """Where a story that is not yet out stands."""

    story: Story
    approved: bool = False
    approved_by: str = ""
    in_review: bool = False
    scheduled_at: datetime | None = None
    failure: PublishFailure | None = None
    hold: Hold | None = None
    #: What its newest version holds; None once nothing more waits to go out.
    facts: StoryFacts | None = None
    gaps: Gaps = field(default_factory=Gaps)

    @property
    def ready(self) -> bool:
        """Nothing required is missing, and it is neither scheduled yet nor held."""
        return not self.gaps.required and self.scheduled_at is None and self.hold is None


@dataclass(frozen=True)
class SlotRow:
    slot: Slot
    state: SlotState
    status: StoryStatus | None = None

    @property
    def icon(self) -> str:
        return ICONS[self.state]

    @property
    def day(self) -> str:
        return format_day_long(self.slot.day)

    @property
    def issue_day(self) -> str:
        return format_day_long(self.slot.issue_day)

    @property
    def published_at(self) -> str:
        return format_moment(self.slot.published_at) if self.slot.published_at else ""

    @property
    def story(self) -> Story | None:
        return self.status.story if self.status else None

    @property
    def asks(self) -> bool:
        """Within the Tết break, and nobody has decided."""
        return self.state == SlotState.ASKS

    @property
    def waiting(self) -> bool:
        """A draft is on it that never went out, scheduled or not."""
        return bool(self.status and not self.status.story.live and not self.status.story.first_published_at)

    @property
    def movable(self) -> bool:
        """A draft is on it that may be taken off or moved as it is."""
        return bool(self.waiting and self.status and self.status.scheduled_at is None)


def slot_rows(slots: Sequence[Slot], now: datetime) -> list[SlotRow]:
    """The rows of these slots, in their order."""
    settings = ScheduleSettings.load()
    calendar = HolidayCalendar.load()
    stories = Article.objects.filter(pk__in=[slot.story_id for slot in slots if slot.story_id])
    known = {status.story.pk: status for status in statuses_of(stories.defer("body").select_related("owner"))}
    rows = []
    for slot in slots:
        status = known.get(slot.story_id) if slot.story_id else None
        facts = SlotFacts(
            due_at=slot.due_at,
            skipped=bool(slot.skip_reason),
            asks=not slot.kept_in_break and not slot.moved and calendar.in_tet_break(slot.day),
            held=bool(status and status.hold),
            has_story=status is not None,
            live=bool(status and status.story.live),
            approved=bool(status and status.approved),
            in_review=bool(status and status.in_review),
            scheduled_at=status.scheduled_at if status else None,
            published_at=slot.published_at,
            late_minutes=slot.late_minutes,
        )
        state = slot_state(facts, now=now, go_live_date=settings.go_live_date, late_after=settings.late_after_minutes)
        rows.append(SlotRow(slot, state, status))
    return rows


def statuses_of(stories: Iterable[Story]) -> list[StoryStatus]:
    """Where each story stands, in its order; nine queries whatever their number."""
    listed = list(stories)
    waiting = [story for story in listed if not story.live or story.has_unpublished_changes]
    newest = Revision.objects.in_bulk([story.latest_revision_id for story in waiting if story.latest_revision_id])
    keys = [str(story.pk) for story in waiting]
    kind = get_default_page_content_type()
    scheduled = {
        int(revision.object_id): revision
        for revision in Revision.objects.filter(
            base_content_type=kind, object_id__in=keys, approved_go_live_at__isnull=False
        ).defer("content")
    }
    reviewed = {
        int(key)
        for key in WorkflowState.objects.filter(
            base_content_type=kind, object_id__in=keys, status=WorkflowState.STATUS_IN_PROGRESS
        ).values_list("object_id", flat=True)
    }
    approved = approved_revisions(newest.values())
    names = {
        approval.revision_id: approval.approved_by.get_full_name() if approval.approved_by else ""
        for approval in Approval.objects.filter(revision__in=approved).select_related("approved_by")
    }
    failures = {
        failure.revision_id: failure
        for failure in PublishFailure.objects.filter(revision__in=[revision.pk for revision in scheduled.values()])
    }
    holds = {hold.story_id: hold for hold in Hold.objects.filter(story__in=[story.pk for story in waiting])}
    facts = facts_of(list(newest.values()), approved=approved)
    return [
        StoryStatus(
            story=story,
            approved=story.latest_revision_id in approved,
            approved_by=names.get(story.latest_revision_id, ""),
            in_review=story.pk in reviewed,
            scheduled_at=scheduled[story.pk].approved_go_live_at if story.pk in scheduled else None,
            failure=failures.get(scheduled[story.pk].pk) if story.pk in scheduled else None,
            hold=holds.get(story.pk),
            facts=facts.get(story.latest_revision_id),
            gaps=missing_for_scheduling(facts[story.latest_revision_id])
            if story.latest_revision_id in facts
            else Gaps(),
        )
        for story in listed
    ]
