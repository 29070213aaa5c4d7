"""What a document says beside its entry: codes and slugs of units and criteria. They hardly ever change."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import post_save

from column.coverage.models import Criterion, CriterionGroup
from column.departments.models import Department
from search.models import ArchiveCriterion, ArchiveUnit
from search.outbox.bumping import bump, in_use


def on_unit_saved(instance: Department, created: bool = False, **_kwargs: Any) -> None:
    if not created and in_use():
        bump(ArchiveUnit.objects.filter(department=instance).values_list("entry_id", flat=True))


def on_criterion_saved(instance: Criterion, created: bool = False, **_kwargs: Any) -> None:
    if not created and in_use():
        bump(ArchiveCriterion.objects.filter(criterion=instance).values_list("entry_id", flat=True))


def on_group_saved(instance: CriterionGroup, created: bool = False, **_kwargs: Any) -> None:
    if not created and in_use():
        bump(ArchiveCriterion.objects.filter(criterion__group=instance).values_list("entry_id", flat=True))


def connect() -> None:
    """Called once, when the apps are ready."""
    post_save.connect(on_unit_saved, sender=Department, dispatch_uid="search.outbox.unit")
    post_save.connect(on_criterion_saved, sender=Criterion, dispatch_uid="search.outbox.criterion")
    post_save.connect(on_group_saved, sender=CriterionGroup, dispatch_uid="search.outbox.group")
