"""“Theo ủy quyền”: what somebody did by a lent right says so in the story's history, for ever."""

from __future__ import annotations

from typing import Any

from django.db.models.signals import pre_save
from django.utils.translation import gettext as _
from wagtail.models import PageLogEntry

from column.enums import SlotAction
from column.people.delegation import stands_in
from column.schedule.ledger.recording import LOG_PREFIX
from column.schedule.workflow.models import APPROVE, FunctionTask
from column.stories.takedown import LOG_ACTION as TAKE_DOWN

_SCHEDULE = "column.schedule_story"

#: The right by which each of these is done.
RIGHTS = {
    "wagtail.workflow.approve": APPROVE,
    "wagtail.workflow.reject": APPROVE,
    "wagtail.publish": APPROVE,
    "wagtail.publish.schedule": _SCHEDULE,
    "wagtail.schedule.cancel": _SCHEDULE,
    f"{LOG_PREFIX}{SlotAction.SCHEDULED}": _SCHEDULE,
    f"{LOG_PREFIX}{SlotAction.UNSCHEDULED}": _SCHEDULE,
    f"{LOG_PREFIX}{SlotAction.SUBSTITUTED}": _SCHEDULE,
    f"{LOG_PREFIX}{SlotAction.HELD}": _SCHEDULE,
    f"{LOG_PREFIX}{SlotAction.RELEASED}": _SCHEDULE,
    TAKE_DOWN: "column.take_down_story",
}

#: Where the entry keeps whose right it was, by name: accounts may go.
DELEGATED_BY = "delegated_by"


def connect() -> None:
    """Called once, when the application is ready."""
    pre_save.connect(_mark, sender=PageLogEntry, dispatch_uid="history.mark")


def _mark(instance: PageLogEntry, **kwargs: Any) -> None:
    right = RIGHTS.get(instance.action)
    if right is None or instance.user is None or not instance._state.adding:
        return
    lent = stands_in(instance.user, right)
    if lent is not None and _of_approval(instance):
        who = lent.granted_by.get_full_name() if lent.granted_by else ""
        instance.data = {**(instance.data or {}), DELEGATED_BY: who}


def _of_approval(entry: PageLogEntry) -> bool:
    """Steps before the approval are nobody's lent right."""
    task = (entry.data or {}).get("workflow", {}).get("task")
    return task is None or FunctionTask.objects.filter(pk=task["id"], permission=APPROVE).exists()


def name_delegations(actions: Any) -> None:
    """Hook of the log's words, after all others: those of the actions above tell whose right it was."""
    for action in RIGHTS:
        formatter = actions.formatters[action]
        actions.formatters[action] = _with_delegation(type(formatter))()


def _with_delegation(formatter: Any) -> Any:
    class WithDelegation(formatter):
        def format_message(self, log_entry: Any) -> str:
            message = str(super().format_message(log_entry))
            data = log_entry.data or {}
            if DELEGATED_BY not in data:
                return message
            return _("%(message)s (theo ủy quyền của %(who)s)") % {"message": message, "who": data[DELEGATED_BY]}

    return WithDelegation
