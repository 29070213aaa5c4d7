"""What the archive and the admin are searched in. The full-text tables beside these are made in migration 0002."""

from __future__ import annotations

import secrets

from django.db import models

from column.enums import Kind
from search.editors.models import MissedSearch, Synonym
from search.outbox.models import Outgoing, Target

__all__ = [
    "AdminEntry",
    "ArchiveChange",
    "ArchiveCriterion",
    "ArchiveEntry",
    "ArchiveUnit",
    "MissedSearch",
    "Outgoing",
    "Synonym",
    "Target",
]


class ArchiveEntry(models.Model):
    """One live, public story as the archive knows it; gone in the transaction in which the story stops being so.

    The analysed words stand in ``search_archiveexact`` and ``search_archivefolded`` (SQLite: FTS5 tables, which
    follow this table's deletions by themselves) or in the column ``words`` of this table (PostgreSQL).
    """

    story = models.OneToOneField("column.Story", models.CASCADE, primary_key=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    day = models.DateField(null=True)
    title = models.TextField()
    #: Standfirst, body, captions and bylines as plain text with one line a paragraph: what snippets are cut from.
    text = models.TextField()
    #: Of everything the entry says, its coverage too: a changed story has another.
    digest = models.CharField(max_length=32)
    #: Whether readers see a photo with it.
    photos = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.title


class ArchiveUnit(models.Model):
    """That an entry's story is about a unit (role *đối tượng phản ánh*)."""

    entry = models.ForeignKey(ArchiveEntry, models.CASCADE, related_name="units")
    department = models.ForeignKey("column.Department", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "department"], name="archive_unit_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} – {self.department_id}"


class ArchiveCriterion(models.Model):
    """That an entry's story is coded with a criterion."""

    entry = models.ForeignKey(ArchiveEntry, models.CASCADE, related_name="criteria")
    criterion = models.ForeignKey("column.Criterion", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "criterion"], name="archive_criterion_once")]

    def __str__(self) -> str:
        return f"{self.entry_id} – {self.criterion_id}"


def new_mark() -> str:
    """A mark that no rolled-back transaction can have left in a cache."""
    return secrets.token_hex(8)


class ArchiveChange(models.Model):
    """One change of the archive: every process compares the newest marks with those its catalogue was made at.

    Rows are inserted, never updated, so that writers do not wait for one another; the marks are random, so that a
    number given again after a rollback is not taken for the change it was first given to.
    """

    #: So many rows are compared: as many transactions may commit out of order without one being missed.
    COMPARED = 32
    #: Rows are thinned out when this many have gathered.
    KEPT = 1024

    id = models.BigAutoField(primary_key=True)
    mark = models.CharField(max_length=16, default=new_mark)

    def __str__(self) -> str:
        return self.mark


class AdminEntry(models.Model):
    """One object of any searchable model as the admin's search knows it: drafts, images, documents, units.

    The analysed words stand in ``search_adminwords`` and ``search_adminstarts`` (SQLite) or in the columns of the
    same short names of this table (PostgreSQL). Wagtail applies permissions to what is found.
    """

    content_type = models.ForeignKey("contenttypes.ContentType", models.CASCADE, related_name="+")
    object_id = models.CharField(max_length=50)
    #: Of all its texts: what has not changed is not written.
    digest = models.CharField(max_length=32)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_type", "object_id"], name="admin_entry_once")]

    def __str__(self) -> str:
        return f"{self.content_type_id}:{self.object_id}"
