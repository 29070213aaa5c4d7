"""*Số liệu đã công bố*: numbers that were once printed, held against a tally, with explanations signed by people."""

from __future__ import annotations

from typing import Any, Never

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from column.tallies.states.models import AppendOnly


class OwnArticle(models.TextChoices):
    """Whether a number counts the very article that prints it."""

    UNKNOWN = "unknown", _("chưa rõ")
    YES = "yes", _("có tính")
    NO = "no", _("không tính")


class Result(models.TextChoices):
    MATCHES = "khop", _("khớp")
    DIFFERS = "chenh", _("chênh")
    NOT_REPRODUCIBLE = "khong", _("không tái lập được")


class PublishedFigure(models.Model):
    """A number as it was printed, and the tally, or the certificate, that it is held against."""

    number = models.PositiveIntegerField(_("Con số"))
    counts = models.CharField(_("Đếm gì"), max_length=200, help_text=_("Nguyên văn, ví dụ “bài viết” hay “tin, ảnh”."))
    as_of = models.DateField(_("Tính đến ngày"), help_text=_("Ngày con số được công bố, hoặc ngày mà nó nói đến."))
    includes_own = models.CharField(
        _("Tính cả chính bài nêu con số"), max_length=7, choices=OwnArticle.choices, default=OwnArticle.UNKNOWN
    )
    passage = models.TextField(_("Đoạn văn nêu con số"), max_length=2000)
    source_story = models.ForeignKey(
        "column.Story", models.SET_NULL, null=True, blank=True, related_name="published_figures",
        verbose_name=_("Tin, bài nêu con số"),
    )  # fmt: skip
    source_text = models.CharField(
        _("Nguồn khác"), max_length=300, blank=True, help_text=_("Báo cáo, văn bản: số, ngày, trang.")
    )
    address = models.TextField(_("Bảng để đối chiếu"), blank=True, max_length=4000)
    certificate = models.ForeignKey(
        "column.Certificate", models.PROTECT, null=True, blank=True, related_name="published_figures",
        verbose_name=_("Phiếu để đối chiếu"),
    )  # fmt: skip
    #: The last comparison, for the list; a figure's own page compares anew.
    held = models.PositiveIntegerField(null=True, editable=False)
    result = models.CharField(max_length=5, choices=Result.choices, default=Result.NOT_REPRODUCIBLE, editable=False)
    checked_at = models.DateTimeField(null=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+", editable=False)
    changed_at = models.DateTimeField(null=True, editable=False)
    changed_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+", editable=False)

    class Meta:
        verbose_name = _("số liệu đã công bố")
        verbose_name_plural = _("số liệu đã công bố")
        ordering = ["-as_of", "-pk"]
        permissions = [("keep_figures", _("Ghi, sửa và ký giải trình số liệu đã công bố"))]

    def __str__(self) -> str:
        return f"{self.number} {self.counts}"

    def get_absolute_url(self) -> str:
        return f"/tong-hop/da-cong-bo/{self.pk}/"


class FigureSignature(models.Model):
    """An explanation, signed: who said it, when, and what the comparison said at that moment. Append-only."""

    figure = models.ForeignKey("column.PublishedFigure", models.PROTECT, related_name="signatures")
    text = models.TextField(_("Giải trình"), max_length=4000)
    at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey("column.User", models.DO_NOTHING, null=True, db_constraint=False, related_name="+")
    by_name = models.CharField(max_length=150)
    #: What was signed: the number, what it was held against, and the outcome.
    number = models.PositiveIntegerField()
    against = models.TextField(blank=True)
    result = models.CharField(max_length=5, choices=Result.choices)
    held = models.PositiveIntegerField(null=True)

    objects = AppendOnly.as_manager()

    class Meta:
        ordering = ["at", "pk"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("signatures are append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise TypeError("signatures are append-only")
