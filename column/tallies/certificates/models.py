"""*Phiếu chốt số liệu*: a tally as it was at one moment, with all that is needed to count it again."""

from __future__ import annotations

from typing import Any, Never

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from column.tallies.certificates.codes import new_code
from column.tallies.states.models import AppendOnly


class CertificateState(models.TextChoices):
    DRAFT = "draft", _("Bản nháp")
    FROZEN = "frozen", _("Đã chốt")


class Immutable(TypeError):
    """A frozen certificate was about to be changed."""


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def frozen(self) -> CertificateQuerySet:
        return self.filter(state=CertificateState.FROZEN)

    def update(self, **kwargs: Any) -> int:
        if self.filter(state=CertificateState.FROZEN).exists():
            raise Immutable("a frozen certificate is never changed")
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.filter(state=CertificateState.FROZEN).exists():
            raise Immutable("a frozen certificate is never deleted")
        return super().delete()


class Certificate(models.Model):
    """A tally that a person froze, or the draft of one.

    A draft has a definition and a title. Freezing fills the rest, in one transaction:

    * ``as_of``, and ``state_mark`` and ``change_mark``: the keys of the newest ``StoryState`` and ``CoverageChange``.
      Keys, because a change that waited for the freezing may carry an earlier time.
    * ``frame``: what the figures mean and no story tells: codebooks with their versions, units with names, parents,
      validity, successors and split rules, the list of monitored units, the slots.
    * ``figures``: every number, by the keys of its row, inner line and column; ``table``: the same, as it is printed.
    * ``digest``: SHA-256 over the canonical form of all that and of the list of stories
      (``column.tallies.certificates.canonical``).
    """

    code = models.CharField(_("Mã phiếu"), max_length=9, unique=True, default=new_code, editable=False)
    state = models.CharField(_("Trạng thái"), max_length=6, choices=CertificateState.choices, default="draft")
    title = models.CharField(_("Tên phiếu"), max_length=200)
    note = models.TextField(_("Ghi chú"), blank=True, max_length=2000)
    address = models.TextField(_("Địa chỉ bảng"))
    sentence = models.TextField(_("Phạm vi"))
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey("column.User", models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    #: Empty: the system itself (a scheduled report).
    made_by_name = models.CharField(max_length=150, blank=True)

    as_of = models.DateTimeField(null=True, db_index=True)
    frozen_by = models.ForeignKey("column.User", models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    frozen_by_name = models.CharField(max_length=150, blank=True)
    state_mark = models.BigIntegerField(null=True)
    change_mark = models.BigIntegerField(null=True)
    frame = models.JSONField(default=dict)
    figures = models.JSONField(default=list)
    table = models.JSONField(default=dict)
    total = models.PositiveIntegerField(null=True)
    stories = models.PositiveIntegerField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        verbose_name = _("phiếu chốt số liệu")
        verbose_name_plural = _("phiếu chốt số liệu")
        ordering = ["-made_at", "-pk"]
        permissions = [("freeze_tally", _("Chốt số liệu của bảng tổng hợp"))]

    def __str__(self) -> str:
        return f"{self.code} · {self.title}"

    @property
    def is_frozen(self) -> bool:
        return self.state == CertificateState.FROZEN

    @property
    def digest_in_groups(self) -> str:
        """As it is read aloud, and breaks on a narrow screen."""
        return " ".join(self.digest[place : place + 8] for place in range(0, len(self.digest), 8))

    def get_absolute_url(self) -> str:
        return f"/tong-hop/phieu/{self.code}/"

    def save(self, *args: Any, **kwargs: Any) -> None:
        stored = None if self._state.adding else Certificate.objects.filter(pk=self.pk).values_list("state").first()
        if stored is not None and stored[0] == CertificateState.FROZEN:
            raise Immutable("a frozen certificate is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.is_frozen:
            raise Immutable("a frozen certificate is never deleted")
        return super().delete(*args, **kwargs)


class FrozenStory(models.Model):
    """One story of a certificate's list, with its rows as they were counted.

    ``line`` is canonical JSON (``column.tallies.certificates.canonical``): equal lines are equal texts.
    """

    certificate = models.ForeignKey("column.Certificate", models.PROTECT, related_name="list")
    place = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    line = models.TextField()

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["certificate", "number"], name="frozen_story_once"),
            models.UniqueConstraint(fields=["certificate", "place"], name="frozen_place_once"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable("a frozen list is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise Immutable("a frozen list is never changed")
