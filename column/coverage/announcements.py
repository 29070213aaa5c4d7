"""A unit or a criterion that is renamed changes what readers see and find of its stories; an edited text, its rows."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.db.models.signals import post_save, pre_save

from column.coverage import staleness
from column.coverage.models import Coverage, Criterion, CriterionGroup
from column.departments.models import Department
from column.signals import announce

#: Model → the fields that stories show.
_SHOWN: dict[type[Any], tuple[str, ...]] = {
    Department: ("code", "name", "short_name", "disambiguation"),
    Criterion: ("slug", "name", "group_id"),
    CriterionGroup: ("prefix", "family"),
}


def connect() -> None:
    """Called once, when the application is ready."""
    staleness.connect()
    for model in _SHOWN:
        pre_save.connect(_remember, sender=model, dispatch_uid=f"announce.before.{model.__name__}")
        post_save.connect(_tell, sender=model, dispatch_uid=f"announce.after.{model.__name__}")


def _remember(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    instance._shown_before = sender._default_manager.filter(pk=instance.pk).values_list(*_SHOWN[sender]).first()


def _tell(sender: type[Any], instance: Any, **kwargs: Any) -> None:
    before = instance.__dict__.pop("_shown_before", None)
    if before is not None and before != tuple(getattr(instance, name) for name in _SHOWN[sender]):
        about = {
            Department: Q(department=instance.pk),
            Criterion: Q(criterion=instance.pk),
            CriterionGroup: Q(criterion__group=instance.pk),
        }[sender]
        announce(Coverage.objects.filter(about, story__live=True).order_by().values_list("story", flat=True))
