"""Gathers the rooms' models for Django; nothing of ours imports this module."""

from column.coverage.bulk.models import CodingBatch
from column.coverage.models import (
    Codebook,
    Coverage,
    CoverageChange,
    Criterion,
    CriterionGroup,
    CriterionMapping,
    DismissedSuggestion,
    Document,
    SolutionGroup,
    StoryDocument,
)
from column.departments.models import Department, DepartmentAlias, SplitRule, UnitEvent
from column.figures.models import Indicator, ReportedFigure
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
from column.tallies.api.models import ApiKey
from column.tallies.certificates.models import Certificate, FrozenStory
from column.tallies.exports.models import ExportJob, ReportLayout
from column.tallies.models import MonitoredList, ReportingPeriod, ReportingSeries
from column.tallies.published.models import FigureSignature, PublishedFigure
from column.tallies.reports.models import ReportSchedule, ScheduledReport
from column.tallies.states.models import StoryState
from column.transfer.models import ImportJob, ImportRecord

__all__ = [
    "Alarm",
    "ApiKey",
    "Approval",
    "Article",
    "Attachment",
    "Byline",
    "BylineCredit",
    "CalendarKey",
    "Certificate",
    "Codebook",
    "CodingBatch",
    "ColumnPage",
    "Correction",
    "Coverage",
    "CoverageChange",
    "Criterion",
    "CriterionGroup",
    "CriterionMapping",
    "Delegation",
    "Department",
    "DepartmentAlias",
    "DismissedSuggestion",
    "Document",
    "ExportJob",
    "FigureSignature",
    "FrozenStory",
    "FunctionTask",
    "Hold",
    "Holiday",
    "ImportJob",
    "ImportRecord",
    "Indicator",
    "MonitoredList",
    "NewsItem",
    "Notice",
    "Photo",
    "Picture",
    "Proof",
    "PublishFailure",
    "PublishedFigure",
    "Rendition",
    "ReportLayout",
    "ReportSchedule",
    "ReportedFigure",
    "ReportingPeriod",
    "ReportingSeries",
    "Reserve",
    "RunnerLease",
    "ScheduleSettings",
    "ScheduledReport",
    "SetupStep",
    "Slot",
    "SlotEvent",
    "SlotRule",
    "SolutionGroup",
    "SplitRule",
    "Story",
    "StoryDocument",
    "StoryPhoto",
    "StoryState",
    "UnitEvent",
    "User",
]  # fmt: skip
