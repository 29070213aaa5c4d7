"""What editors do for the search: their own synonyms, and what readers looked for in vain."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from column.text.fields import CleanCharField
from column.text.tokens import tokenize
from search.keyboards import is_syllable


class Synonym(models.Model):
    """One abbreviation or other name with what it stands for, beside the list that comes with the system."""

    short = models.CharField(_("Viết tắt hoặc tên khác"), max_length=60, unique=True, help_text=_("Ví dụ: TTHC."))
    long = models.CharField(
        _("Viết đầy đủ"), max_length=200, help_text=_("Ví dụ: thủ tục hành chính. Nhiều cách viết thì cách nhau dấu ;")
    )
    one_way = models.BooleanField(
        _("Một chiều"), default=False,
        help_text=_("Tìm dạng ngắn thì ra dạng đầy đủ, nhưng không ngược lại."),
    )  # fmt: skip
    exact_only = models.BooleanField(
        _("Chỉ đúng dấu"), default=False,
        help_text=_("Không tìm dạng ngắn đã bỏ dấu, vì khi ấy nó nghĩa khác (GĐ, gđ)."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("từ đồng nghĩa khi tìm")
        verbose_name_plural = _("từ đồng nghĩa khi tìm")
        ordering = ["short"]

    def __str__(self) -> str:
        return self.short

    @property
    def longs(self) -> list[str]:
        return [part for one in self.long.split(";") if (part := " ".join(one.split()))]

    def clean(self) -> None:
        self.short, self.long = (str(CleanCharField(required=False).clean(one)) for one in (self.short, self.long))
        short = tokenize(self.short)
        if not short:
            raise ValidationError({"short": _("Phải có chữ hoặc số.")})
        if not self.longs or not all(tokenize(one) for one in self.longs):
            raise ValidationError({"long": _("Mỗi cách viết phải có chữ; các cách viết cách nhau dấu ;")})
        if len(short) == 1 and not self.exact_only and is_syllable(short[0].folded):
            raise ValidationError({
                "short": _("“%(word)s” bỏ dấu đi là một tiếng thường gặp, nên sẽ tìm ra quá nhiều bài khác."
                           " Hãy đánh dấu “Chỉ đúng dấu”, hoặc dùng dạng dài hơn.") % {"word": self.short}
            })  # fmt: skip
        if len(short) == 1 and self.exact_only and short[0].exact == short[0].folded and is_syllable(short[0].folded):
            raise ValidationError({
                "short": _("“%(word)s” viết y như một tiếng thường gặp; không dùng làm từ đồng nghĩa được.")
                % {"word": self.short}
            })  # fmt: skip

    def as_row(self) -> tuple[str, list[str], bool, bool]:
        return self.short, self.longs, self.one_way, self.exact_only


class MissedSearch(models.Model):
    """That these words found nothing on a day, and how often. Nothing of who asked is kept."""

    day = models.DateField(db_index=True)
    words = models.CharField(_("Từ đã tìm"), max_length=80)
    times = models.PositiveIntegerField(_("Số lần"), default=1)

    class Meta:
        verbose_name = _("lần tìm không thấy")
        verbose_name_plural = _("tìm không thấy")
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(fields=["day", "words"], name="missed_once_a_day")]

    def __str__(self) -> str:
        return self.words
