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
from column.people.models import Byline, SetupStep, User
from column.photos.models import Attachment, Picture, Rendition
from column.schedule.models import Approval, PublishFailure, RunnerLease, ScheduleSettings, Slot
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
    "Approval", "Article", "Attachment", "Byline", "BylineCredit", "Codebook", "ColumnPage", "Correction",
    "Coverage", "CoverageChange", "Criterion", "CriterionGroup", "Department", "DepartmentAlias", "Document",
    "ImportJob", "ImportRecord",
    "NewsItem", "Photo", "Picture", "PublishFailure", "Rendition", "RunnerLease", "ScheduleSettings", "SetupStep",
    "Slot", "SolutionGroup", "Story", "StoryDocument", "StoryPhoto", "User",
]  # fmt: skip
