"""Rows whose passage no longer stands in the text: marked, and confirmed by a person. They count all the while."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from column.coverage.models import Coverage
from column.coverage.recording.rows import History, Names, as_row
from column.enums import ChangeAction
from column.people.models import User
from column.stories.models import Story
from column.text.normalize import canonical

#: History of what a change of the text did.
VIA_TEXT = "text"


def settled(text: str) -> str:
    """A text as passages are compared: one spelling of every syllable, every white space one space."""
    return " ".join(canonical(text).split())


@transaction.atomic
def review(story: int, before: str, after: str, *, user: User | None, at: datetime) -> int:
    """Mark the story's rows whose passage stood in ``before`` and stands no longer in ``after``; return how many.

    A row that was marked and whose passage stands again in the text is freed of its mark. Passages that were never
    in the text (a person wrote them) stay as they are. One query where no row has a passage.
    """
    rows = list(Coverage.objects.filter(story=story).exclude(evidence="").order_by("pk"))
    if not rows:
        return 0
    old, new = settled(before), settled(after)
    gone, back = [], []
    for row in rows:
        passage = settled(row.evidence)
        if passage in new:
            if row.stale_since is not None:
                back.append(row)
        elif row.stale_since is None and passage in old:
            gone.append(row)
    if gone or back:
        _write(story, gone, ChangeAction.STALE, user, at, VIA_TEXT, at)
        _write(story, back, ChangeAction.CONFIRMED, user, at, VIA_TEXT, None)
    return len(gone)


@transaction.atomic
def confirm(story: Story, rows: Collection[int] | None, *, user: User, at: datetime) -> int:
    """A person says that these rows (keys; None: all) hold although their passage changed; how many were marked."""
    Story.objects.select_for_update().order_by().values_list("pk").get(pk=story.pk)
    marked = Coverage.objects.filter(story=story.pk, stale_since__isnull=False).order_by("pk")
    chosen = list(marked if rows is None else marked.filter(pk__in=rows))
    _write(story.pk, chosen, ChangeAction.CONFIRMED, user, at, "editor", None)
    return len(chosen)


def _write(
    story: int, rows: list[Coverage], action: ChangeAction, user: User | None, at: datetime, via: str,
    stale_since: datetime | None,
) -> None:  # fmt: skip
    if not rows:
        return
    names, history = Names(), History(story, user, at, via)
    for row in rows:
        state = names.snapshot(as_row(row))
        history.tell(action, state, state)
    Coverage.objects.filter(pk__in=[row.pk for row in rows]).update(stale_since=stale_since)
    history.write(names)
