"""What stood on the column's page, in the settings and in Wagtail's log moves to the rules and the ledger."""

import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import migrations
from django.db.models import F
from django.utils import timezone

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


def told(apps: Any, slots: dict[int, Any]) -> Iterator[Any]:
    """The entries of the log as events; a move leaves one slot for another."""
    Event = apps.get_model("column", "SlotEvent")
    names = {user.pk: name_of(user) for user in apps.get_model("column", "User").objects.all()}
    on = {(slot.column_id, slot.day.isoformat()): pk for pk, slot in slots.items()}
    entries = apps.get_model("wagtailcore", "ModelLogEntry").objects.filter(action__in=ACTIONS)
    for entry in entries.order_by("timestamp", "pk").iterator():
        slot = slots.get(int(entry.object_id))
        if slot is None:
            continue
        known = {
            "at": entry.timestamp, "by_id": entry.user_id, "by_name": names.get(entry.user_id, ""),
            "story_id": entry.data.get("story"), "story_title": str(entry.data.get("title", ""))[:255],
            "reason": str(entry.data.get("reason", ""))[:200], "batch": uuid.uuid4(),
        }  # fmt: skip
        source = on.get((slot.column_id, entry.data.get("from")))
        if source is not None:
            yield Event(slot_id=source, action="removed", **known)
        data = {key: entry.data[key] for key in ("before", "after") if key in entry.data}
        yield Event(slot_id=slot.pk, action=ACTIONS[entry.action], data=data, **known)


def untold(apps: Any, slots: dict[int, Any], events: Iterable[Any]) -> Iterator[Any]:
    """What the log never said: that a planned draft was deleted, that one is scheduled."""
    Event, now = apps.get_model("column", "SlotEvent"), timezone.now()
    standing: dict[tuple[int, int], Any] = {}
    for event in events:
        if event.action == "assigned":
            standing[event.slot_id, event.story_id] = event
        elif event.action == "removed":
            standing.pop((event.slot_id, event.story_id), None)
    for (slot, story), event in standing.items():
        if slots[slot].story_id != story:
            yield Event(
                slot_id=slot, action="removed", at=now, story_id=story, story_title=event.story_title,
                data={"deleted": True}, batch=uuid.uuid4(),
            )  # fmt: skip
    waiting = {str(slot.story_id): pk for pk, slot in slots.items() if slot.story_id and not slot.published_at}
    scheduled = apps.get_model("wagtailcore", "Revision").objects.filter(
        approved_go_live_at__isnull=False, object_id__in=list(waiting), base_content_type__model="page",
        base_content_type__app_label="wagtailcore",
    )  # fmt: skip
    for key, title, at in scheduled.values_list("object_id", "object_str", "approved_go_live_at"):
        yield Event(
            slot_id=waiting[key], action="scheduled", at=now, story_id=int(key), story_title=title[:255],
            data={"at": at.isoformat()}, batch=uuid.uuid4(),
        )  # fmt: skip


def ledger(apps: Any) -> None:
    Event, Slot = apps.get_model("column", "SlotEvent"), apps.get_model("column", "Slot")
    slots = {slot.pk: slot for slot in Slot.objects.all()}
    events = list(told(apps, slots))
    Event.objects.bulk_create([*events, *untold(apps, slots, events)], batch_size=500)
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
