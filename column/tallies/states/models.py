"""What counted of every story at every moment: with ``CoverageChange`` all that a tally of any past moment needs.

Append-only. Its keys, not its times, say what was known when: a row may carry a moment that was read from the clock
before another row was written.
"""

from __future__ import annotations

from typing import Any, Never

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Standing(models.TextChoices):
    """Whether a story counts, and if not, why."""

    COUNTED = "counted", _("được đếm")
    TAKEN_DOWN = "taken_down", _("đã gỡ")
    UNPUBLISHED = "unpublished", _("không còn trên trang")
    RESTRICTED = "restricted", _("chỉ dành cho nội bộ")
    UNDATED = "undated", _("chưa có ngày đăng")
    DELETED = "deleted", _("đã xóa")


class AppendOnly(models.QuerySet[Any]):
    """Added to, never changed."""

    def update(self, **kwargs: Any) -> Never:
        raise TypeError(f"{self.model.__name__} is append-only")

    def delete(self) -> Never:
        raise TypeError(f"{self.model.__name__} is append-only")


class StoryState(models.Model):
    """What a tally saw of one story from this row on, until the story's next one.

    ``number`` is the story's public number. ``bylines`` are the printed names in their order, each once;
    ``documents`` the keys of the documents it is linked to, ascending. ``by`` is who acted (None: the system, or
    nobody said), with the name as it was. A story has no row before readers first had it.
    """

    story = models.ForeignKey("column.Story", models.DO_NOTHING, db_constraint=False, related_name="states")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("column.User", models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    by_name = models.CharField(max_length=150, blank=True)
    standing = models.CharField(max_length=11, choices=Standing.choices)
    issue_date = models.DateField(null=True)
    kind = models.CharField(max_length=8)
    title = models.CharField(max_length=255)
    bylines = models.JSONField(default=list)
    documents = models.JSONField(default=list)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["number"], name="story_state_number")]

    @property
    def counted(self) -> bool:
        return self.standing == Standing.COUNTED

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("StoryState is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise TypeError("StoryState is append-only")
