"""A proof is opened in the transaction of every go-live; the worker checks it after the commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from wagtail.signals import page_published

from column.schedule.proof.models import Proof
from column.schedule.proof.rules import FIRST_LOOK
from column.stories.models import Story

_unproven: ContextVar[bool] = ContextVar("unproven", default=False)


@contextmanager
def unproven() -> Iterator[None]:
    """For bulk work: what is published within opens no proof; an import proves itself by its own report."""
    token = _unproven.set(True)
    try:
        yield
    finally:
        _unproven.reset(token)


def connect() -> None:
    """Called once, when the application is ready."""
    page_published.connect(_went_live, dispatch_uid="proof.opening")


def open_proof(story: Story, revision: Any, first_look: datetime) -> Proof:
    """A proof of what is live now, to be checked from *first_look* on."""
    return Proof.objects.create(
        story_id=story.pk, revision=revision, went_live_at=story.last_published_at, next_check_at=first_look
    )


def _went_live(sender: Any, instance: Any, revision: Any = None, **kwargs: Any) -> None:
    """Wagtail sends the signal for a story that was only scheduled too."""
    if isinstance(instance, Story) and instance.live and instance.last_published_at and not _unproven.get():
        open_proof(instance, revision, instance.last_published_at + FIRST_LOOK)
