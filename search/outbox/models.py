"""The outbox, and the indices that it is written to. The database knows both; Elasticsearch only obeys."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q


class OutgoingQuerySet(models.QuerySet["Outgoing"]):
    def waiting(self) -> Self:
        """Rows that Elasticsearch will be told of, now or after a pause."""
        return self.filter(dirty=True, problem="")

    def quarantined(self) -> Self:
        """Documents that Elasticsearch refuses as they are; the next change of the story tries again."""
        return self.filter(dirty=True).exclude(problem="")


class Outgoing(models.Model):
    """A document's newest version and what is known to be indexed of it.

    *version* counts up in the transaction of each change, and never falls behind the clock's milliseconds: after the
    database was brought back from a copy, new versions are still newer than those that Elasticsearch holds.
    """

    page_id = models.BigIntegerField(primary_key=True)
    version = models.BigIntegerField()
    dirty = models.BooleanField(default=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    indexed_version = models.BigIntegerField(null=True)
    #: Of the document as indexed; empty: deleted, or never indexed.
    hash = models.CharField(max_length=32, default="")
    #: Elasticsearch's own words, of a document that it refuses.
    problem = models.TextField(default="")

    objects = OutgoingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_attempt_at"], condition=Q(dirty=True), name="outgoing_due")]

    def __str__(self) -> str:
        return f"{self.page_id} v{self.version}"


class Target(models.Model):
    """An index that every change is written to. Which of them answers is said by Elasticsearch's alias alone."""

    name = models.CharField(max_length=100, primary_key=True)
    made_at = models.DateTimeField(auto_now_add=True)
    #: When it was whole: filled, compared, and about to be searched.
    whole_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager[Target]] = models.Manager()

    def __str__(self) -> str:
        return self.name

    @property
    def write_alias(self) -> str:
        """Writes go to an alias, so that no index is ever made by a late write."""
        return f"{self.name}-w"
