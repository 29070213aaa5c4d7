"""The site's generation: one row is added in the transaction of every change that a reader could see.

Whoever keeps finished pages (home/pagecache.py) compares the generation before serving one. Adding a row, unlike
counting up, never makes two writers wait for each other. The generation is the pair (newest id, number of rows): a
transaction that began long ago and commits late, with an id below others already seen, still changes the number; and
pruning never hides a change, because it always comes with a new row of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Count, Max
from django.db.models.signals import m2m_changed, post_delete, post_save
from wagtail.models import Page
from wagtail.signals import post_page_move

from column.signals import stories_changed
from column.stories.models import UNSEEN_FIELDS, Story
from home.models import PageGeneration

#: Rows kept; older ones go when a multiple of PRUNE_EVERY is reached.
KEPT, PRUNE_EVERY = 1000, 256

#: What readers can see besides stories, which announce themselves. Renditions are missing on purpose: a reader's own
#: request may make one, and their names change with the picture.
WATCHED = (
    "column.Picture", "column.Byline", "column.Department", "column.DepartmentAlias", "column.Document",
    "column.StoryDocument", "column.Codebook", "column.CriterionGroup", "column.Criterion", "column.SolutionGroup",
    "column.Coverage", "column.Correction", "column.Slot", "column.Indicator", "column.ReportedFigure",
    "home.Masthead", "wagtailcore.PageViewRestriction",
    "wagtailcore.Site", "wagtailcore.Locale", "wagtailredirects.Redirect", "search.Synonym",
)  # fmt: skip

Generation = tuple[int, int]


def current() -> Generation:
    """The generation as committed now: one small query. ``DatabaseError`` when there is no database."""
    found = PageGeneration.objects.aggregate(newest=Max("pk"), rows=Count("pk"))
    return found["newest"] or 0, found["rows"]


def bump() -> None:
    """Make every kept page old as soon as the current transaction commits; at most one row a transaction.

    Whether this transaction has a row already is read off its own list of commit hooks, which forgets the mark together
    with the row when a savepoint or the whole transaction is rolled back.
    """
    connection = transaction.get_connection()
    if connection.in_atomic_block and any(hook[1] is _mark for hook in connection.run_on_commit):
        return
    row = PageGeneration.objects.create()
    if row.pk % PRUNE_EVERY == 0:
        PageGeneration.objects.filter(pk__lte=row.pk - KEPT).delete()
    transaction.on_commit(_mark)


def _mark() -> None:
    """Stands in a transaction's commit hooks as the sign that its row is written."""


def on_stories_changed(sender: Any, ids: Iterable[int], **kwargs: Any) -> None:
    bump()


def on_change(sender: Any, **kwargs: Any) -> None:
    bump()


def on_page_saved(sender: Any, instance: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
    """Any page's save but that of a mere draft; a story announces its own."""
    draft_only = update_fields and UNSEEN_FIELDS.issuperset(update_fields)
    if isinstance(instance, Page) and not isinstance(instance, Story) and not draft_only:
        bump()


def on_page_deleted(sender: Any, instance: Any, **kwargs: Any) -> None:
    if isinstance(instance, Page) and not isinstance(instance, Story):
        bump()


def connect() -> None:
    """Called once, when the apps are ready."""
    stories_changed.connect(on_stories_changed, dispatch_uid="generation")
    post_page_move.connect(on_change, dispatch_uid="generation")
    post_save.connect(on_page_saved, dispatch_uid="generation pages")
    post_delete.connect(on_page_deleted, dispatch_uid="generation pages")
    for label in WATCHED:
        model = apps.get_model(label)
        post_save.connect(on_change, sender=model, dispatch_uid=f"generation {label}")
        post_delete.connect(on_change, sender=model, dispatch_uid=f"generation {label}")
        for field in model._meta.local_many_to_many:
            m2m_changed.connect(on_change, sender=field.remote_field.through, dispatch_uid=f"generation {field}")
