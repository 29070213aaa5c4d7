"""Documents, their codebooks, and which story covers which unit on which criterion.

Coverage is a plain table outside Wagtail's revisions: it acts at once, and publishing an older draft
cannot drop or revive a row (domain.md, *Coverage*). Every change adds a ``CoverageChange``.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from column.enums import ChangeAction, CoverageRole, DocumentRelation, DocumentType, Family, Tone
from column.text.dates import format_day


class Document(models.Model):
    """*Văn bản*: issuer, type, number (may be absent) and date; numbers restart each term."""

    type = models.CharField(_("Loại văn bản"), max_length=12, choices=DocumentType.choices)
    number = models.CharField(_("Số, ký hiệu"), max_length=40, blank=True)
    issuer = models.CharField(_("Cơ quan ban hành"), max_length=160)
    title = models.CharField(_("Trích yếu"), max_length=300, blank=True)
    issued_on = models.DateField(_("Ngày ban hành"), null=True, blank=True)

    class Meta:
        verbose_name = _("văn bản")
        verbose_name_plural = _("văn bản")
        ordering = ["-issued_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["type", "number", "issuer", "issued_on"],
                name="document_once",
                condition=~Q(number=""),
            )
        ]

    def __str__(self) -> str:
        label = f"{self.get_type_display()} {self.number or self.title}".strip()
        return f"{label} ({format_day(self.issued_on)})" if self.issued_on else label


class Codebook(models.Model):
    """A document's criteria in one version."""

    document = models.ForeignKey("column.Document", models.PROTECT, related_name="codebooks")
    version = models.PositiveSmallIntegerField(_("Phiên bản"), default=1)
    title = models.CharField(_("Tên"), max_length=160)
    in_use_from = models.DateField(_("Dùng từ"), null=True, blank=True)
    in_use_to = models.DateField(_("Dùng đến hết"), null=True, blank=True)

    class Meta:
        verbose_name = _("bộ tiêu chí")
        verbose_name_plural = _("bộ tiêu chí")
        ordering = ["document", "version"]
        constraints = [models.UniqueConstraint(fields=["document", "version"], name="codebook_version_once")]

    def __str__(self) -> str:
        return f"{self.title}, phiên bản {self.version}"


class CriterionGroup(models.Model):
    """A group of a codebook; its ``prefix`` is spoken before every criterion of the group."""

    codebook = models.ForeignKey("column.Codebook", models.PROTECT, related_name="groups")
    family = models.CharField(_("Nhóm"), max_length=5, choices=Family.choices)
    name = models.CharField(_("Tên nhóm"), max_length=80)
    prefix = models.CharField(
        _("Động từ đứng trước"), max_length=20, blank=True, help_text=_("Nhóm chống luôn đọc kèm “Chống”.")
    )
    order = models.PositiveSmallIntegerField(_("Thứ tự"), default=0)

    class Meta:
        verbose_name = _("nhóm tiêu chí")
        verbose_name_plural = _("nhóm tiêu chí")
        ordering = ["codebook", "order"]

    def __str__(self) -> str:
        return self.name


class CriterionQuerySet(models.QuerySet["Criterion"]):
    def in_order(self) -> Self:
        """The document's own order; orders differ between documents, so it is data."""
        return self.select_related("group").order_by("group__codebook", "group__order", "order", "pk")

    def in_use(self, today: date) -> Self:
        return self.filter(
            Q(group__codebook__in_use_from__isnull=True) | Q(group__codebook__in_use_from__lte=today),
            Q(group__codebook__in_use_to__isnull=True) | Q(group__codebook__in_use_to__gte=today),
        )


class Criterion(models.Model):
    """One thing to build or to fight. Never deleted, only ended with its codebook."""

    group = models.ForeignKey("column.CriterionGroup", models.PROTECT, related_name="criteria")
    slug = models.SlugField(_("Mã"), max_length=60, unique=True)
    name = models.CharField(_("Tên"), max_length=160)
    description = models.TextField(_("Diễn giải"), blank=True)
    order = models.PositiveSmallIntegerField(_("Thứ tự"), default=0)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        verbose_name = _("tiêu chí")
        verbose_name_plural = _("tiêu chí")
        ordering = ["group__codebook", "group__order", "order", "pk"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How it is always shown: “Kỷ cương”, “Chống tiêu cực” (needs ``group`` selected)."""
        if self.group.prefix:
            return f"{self.group.prefix} {self.name[:1].lower()}{self.name[1:]}"
        return self.name[:1].upper() + self.name[1:]

    @property
    def family(self) -> str:
        return self.group.family

    def get_absolute_url(self) -> str:
        return f"/tieu-chi/{self.slug}/"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise ValidationError(_("Không xóa tiêu chí: hãy ghi ngày thôi dùng cho bộ tiêu chí."))


class CriterionMapping(models.Model):
    """What became of a criterion in the next version of its codebook: one criterion, or none with the reason.

    Written by ``column.coverage.versions``, which also writes the log.
    """

    old = models.OneToOneField("column.Criterion", models.PROTECT, related_name="mapping")
    new = models.ForeignKey(
        "column.Criterion", models.PROTECT, null=True, blank=True, related_name="mapped_from",
        verbose_name=_("Ở phiên bản mới là"),
    )  # fmt: skip
    reason = models.CharField(_("Lý do"), max_length=300, blank=True)
    decided_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("quy đổi tiêu chí")
        verbose_name_plural = _("quy đổi tiêu chí")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.old} → {self.new or '—'}"


class SolutionGroup(models.Model):
    """The optional second axis (*nhóm giải pháp*): it offers criteria, it never sets them."""

    codebook = models.ForeignKey("column.Codebook", models.PROTECT, related_name="solution_groups")
    name = models.CharField(_("Nhóm giải pháp"), max_length=200)
    order = models.PositiveSmallIntegerField(_("Thứ tự"), default=0)
    criteria = models.ManyToManyField("column.Criterion", blank=True, related_name="solution_groups")

    class Meta:
        verbose_name = _("nhóm giải pháp")
        verbose_name_plural = _("nhóm giải pháp")
        ordering = ["codebook", "order"]

    def __str__(self) -> str:
        return self.name


class StoryDocument(models.Model):
    """That a story carries out, is tied to, or mentions a document; outside revisions too."""

    story = models.ForeignKey("column.Story", models.CASCADE, related_name="document_links")
    document = models.ForeignKey("column.Document", models.PROTECT, related_name="story_links")
    relation = models.CharField(_("Quan hệ"), max_length=12, choices=DocumentRelation.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["story", "document"], name="story_document_once")]
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_relation_display()} {self.document}"


class CoverageQuerySet(models.QuerySet["Coverage"]):
    def subjects(self) -> Self:
        """Rows that count by default: the unit is what the story is about."""
        return self.filter(role=CoverageRole.SUBJECT)


class Coverage(models.Model):
    """A story covers one unit on one criterion; either may be absent, not both.

    Written only by ``column.coverage.recording``, which also writes the history.
    """

    story = models.ForeignKey("column.Story", models.CASCADE, related_name="coverage")
    department = models.ForeignKey("column.Department", models.PROTECT, null=True, blank=True, related_name="coverage")
    criterion = models.ForeignKey("column.Criterion", models.PROTECT, null=True, blank=True, related_name="coverage")
    evidence = models.TextField(_("Đoạn dẫn chứng"), blank=True, max_length=2000)
    role = models.CharField(
        _("Vai trò trong bài"), max_length=9, choices=CoverageRole.choices, default=CoverageRole.SUBJECT
    )
    tone = models.CharField(_("Chiều phản ánh"), max_length=11, choices=Tone.choices, blank=True, default=Tone.UNSET)
    coded_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")
    coded_at = models.DateTimeField(default=timezone.now)
    #: Since when the passage no longer stands in the text; the row counts until a person confirms or removes it.
    stale_since = models.DateTimeField(null=True, editable=False)

    objects = CoverageQuerySet.as_manager()

    class Meta:
        verbose_name = _("gắn đơn vị, tiêu chí")
        verbose_name_plural = _("gắn đơn vị, tiêu chí")
        ordering = ["pk"]
        constraints = [
            # Null is a value here; SQLite has no NULLS NOT DISTINCT, so each shape has its own index.
            models.UniqueConstraint(
                fields=["story", "department", "criterion"], name="coverage_once",
                condition=Q(department__isnull=False, criterion__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["story", "department"], name="coverage_unit_once", condition=Q(criterion__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["story", "criterion"], name="coverage_criterion_once",
                condition=Q(department__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(department__isnull=False) | Q(criterion__isnull=False), name="coverage_of_something"
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["department", "criterion", "role"], name="coverage_cell"),
            models.Index(fields=["stale_since"], name="coverage_stale", condition=Q(stale_since__isnull=False)),
        ]
        permissions = [
            ("code_coverage", _("Gắn đơn vị, tiêu chí vào tin, bài")),
            ("bulk_code", _("Gắn đơn vị, tiêu chí hàng loạt")),
            ("view_tallies", _("Xem bảng tổng hợp")),
        ]


class DismissedSuggestion(models.Model):
    """That a person said of a suggested unit: not in this story. It is not suggested there again."""

    story = models.ForeignKey("column.Story", models.CASCADE, related_name="dismissed_suggestions")
    department = models.ForeignKey("column.Department", models.PROTECT, related_name="+")
    dismissed_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")
    dismissed_at = models.DateTimeField(default=timezone.now)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["story", "department"], name="dismissed_once")]

    def __str__(self) -> str:
        return f"{self.department}"


class AppendOnly(models.QuerySet[Any]):
    """History is added to, never changed."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("coverage history is append-only")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("coverage history is append-only")


class CoverageChange(models.Model):
    """One change of one coverage row: who, when, before, after. Append-only.

    ``before`` and ``after`` hold ``department`` (code), ``criterion`` (slug), ``evidence``, ``role``,
    ``tone``; empty objects where there was or is no row. Names of keys are data: never rename one.
    ``stale`` and ``kept`` change nothing that counts: both sides are the row as it stands.
    """

    story = models.ForeignKey("column.Story", models.DO_NOTHING, db_constraint=False, related_name="coverage_changes")
    action = models.CharField(max_length=7, choices=ChangeAction.choices)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    changed_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField(default=timezone.now)
    via = models.CharField(max_length=20, default="editor", help_text="editor, import, bulk …")
    batch = models.ForeignKey(
        "column.CodingBatch", models.PROTECT, null=True, related_name="changes", db_index=False
    )  # fmt: skip

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["changed_at", "pk"]
        indexes = [models.Index(fields=["batch"], name="coverage_change_batch", condition=Q(batch__isnull=False))]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("coverage history is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise TypeError("coverage history is append-only")
