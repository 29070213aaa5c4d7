"""Gathers the rooms' models for Django; nothing of ours imports this module."""

from column.coverage.models import (
    Codebook,
    Coverage,
    CoverageChange,
    Criterion,
    CriterionGroup,
    Document,
    SolutionGroup,
    StoryDocument,
)
from column.departments.models import Department, DepartmentAlias
from column.people.models import Byline, Delegation, SetupStep, User
from column.photos.models import Attachment, Picture, Rendition
from column.schedule.calendar.models import CalendarKey
from column.schedule.ledger.models import SlotEvent
from column.schedule.models import (
    Approval,
    Hold,
    Holiday,
    PublishFailure,
    Reserve,
    RunnerLease,
    ScheduleSettings,
    Slot,
    SlotRule,
)
from column.schedule.notices.models import Alarm, Notice
from column.schedule.proof.models import Proof
from column.schedule.workflow.models import FunctionTask
from column.stories.models import (
    Article,
    BylineCredit,
    ColumnPage,
    Correction,
    NewsItem,
    Photo,
    Story,
    StoryPhoto,
)
from column.transfer.models import ImportJob, ImportRecord

__all__ = [
    "Alarm", "Approval", "Article", "Attachment", "Byline", "BylineCredit", "CalendarKey", "Codebook", "ColumnPage",
    "Correction", "Coverage", "CoverageChange", "Criterion", "CriterionGroup", "Delegation", "Department",
    "DepartmentAlias", "Document", "FunctionTask", "Hold", "Holiday", "ImportJob", "ImportRecord", "NewsItem", "Notice",
    "Photo", "Picture", "Proof", "PublishFailure", "Rendition", "Reserve", "RunnerLease", "ScheduleSettings",
    "SetupStep", "Slot", "SlotEvent", "SlotRule", "SolutionGroup", "Story", "StoryDocument", "StoryPhoto", "User",
]  # fmt: skip
