"""What stood on the column's page, in the settings and in Wagtail's log moves to the rules and the ledger."""

import uuid
from typing import Any

from django.db import migrations
from django.db.models import F

#: Wagtail's log of a slot, before there was a ledger.
ACTIONS = {
    "column.slot.assign": "assigned",
    "column.slot.unassign": "removed",
    "column.slot.move": "assigned",
    "column.slot.skip": "skipped",
    "column.slot.reopen": "reopened",
    "column.slot.change": "changed",
}


def rules(apps: Any) -> None:
    settings = apps.get_model("column", "ScheduleSettings").objects.first()
    clock = {"publish_time": settings.default_publish_time} if settings else {}
    Rule = apps.get_model("column", "SlotRule")
    Rule.objects.bulk_create(
        Rule(column=column, weekday=column.weekday, **clock)
        for column in apps.get_model("column", "ColumnPage").objects.all()
    )


def name_of(user: Any) -> str:
    return (user.display_name or f"{user.last_name} {user.first_name}".strip() or user.username)[:150]


def ledger(apps: Any) -> None:
    Event, Slot = apps.get_model("column", "SlotEvent"), apps.get_model("column", "Slot")
    names = {user.pk: name_of(user) for user in apps.get_model("column", "User").objects.all()}
    slots = {str(pk) for pk in Slot.objects.values_list("pk", flat=True)}
    entries = (
        apps.get_model("wagtailcore", "ModelLogEntry").objects.filter(action__in=ACTIONS).order_by("timestamp", "pk")
    )
    Event.objects.bulk_create(
        (
            Event(
                slot_id=int(entry.object_id), action=ACTIONS[entry.action], at=entry.timestamp,
                by_id=entry.user_id, by_name=names.get(entry.user_id, ""), story_id=entry.data.get("story"),
                story_title=str(entry.data.get("title", ""))[:255], reason=str(entry.data.get("reason", ""))[:200],
                data={key: entry.data[key] for key in ("before", "after") if key in entry.data}, batch=uuid.uuid4(),
            )
            for entry in entries.iterator() if entry.object_id in slots
        ),
        batch_size=500,
    )  # fmt: skip
    out = Slot.objects.filter(published_at__isnull=False)
    titles = dict(
        apps.get_model("wagtailcore", "Page").objects.filter(pk__in=out.values("story_id")).values_list("pk", "title")
    )
    Event.objects.bulk_create(
        (
            Event(
                slot=slot, action="published", at=slot.published_at, story_id=slot.story_id,
                story_title=titles.get(slot.story_id, ""), data={"late_minutes": slot.late_minutes or 0}, batch=uuid.uuid4(),
            )
            for slot in out
        ),
        batch_size=500,
    )  # fmt: skip


def forward(apps: Any, editor: Any) -> None:
    apps.get_model("column", "Slot").objects.update(issue_day=F("day"))
    rules(apps)
    ledger(apps)


def backward(apps: Any, editor: Any) -> None:
    """The slots' days stay; the rules and the ledger go with their tables."""


class Migration(migrations.Migration):
    dependencies = [("column", "0003_thursdays")]
    operations = [migrations.RunPython(forward, backward)]
