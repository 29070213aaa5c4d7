"""People: accounts, and bylines as records."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from column.enums import Function
from column.text.normalize import canonical, fold, nfc
from column.text.sorting import sort_key


class User(AbstractUser):
    """An account of the newsroom or of the committee; what it may do comes from its groups."""

    display_name = models.CharField(_("Tên hiển thị"), max_length=120, blank=True)

    class Meta(AbstractUser.Meta):
        verbose_name = _("tài khoản")  # type: ignore[assignment]
        verbose_name_plural = _("tài khoản")  # type: ignore[assignment]

    def get_full_name(self) -> str:
        """The name to show; Vietnamese order (family name first) when none was set."""
        return self.display_name or f"{self.last_name} {self.first_name}".strip() or self.username


class BylineQuerySet(models.QuerySet["Byline"]):
    def named(self, name: str) -> Self:
        """Bylines that read the same: case and spacing do not matter, accents do."""
        return self.filter(match_key=byline_key(name))

    def found_by(self, words: str) -> Self:
        """Bylines that contain what someone typed, with or without accents."""
        return self.filter(fold_key__contains=fold(words))


def byline_key(name: str) -> str:
    """The identity of a pen name: “ĐOÀN LƯƠNG” and “Đoàn Lương” are one, “Đoàn Lượng” is another."""
    return " ".join(canonical(name).casefold().split())


class Byline(models.Model):
    """A name as it is printed (*bút danh*): a person, a pen name or an agency; never deleted."""

    name = models.CharField(_("Bút danh"), max_length=120)
    match_key = models.CharField(max_length=120, unique=True, editable=False)
    fold_key = models.CharField(max_length=120, db_index=True, editable=False)
    sort_key = models.CharField(max_length=400, editable=False)
    user = models.ForeignKey(
        "column.User", models.SET_NULL, null=True, blank=True, related_name="bylines",
        verbose_name=_("Tài khoản"),
    )  # fmt: skip

    objects = BylineQuerySet.as_manager()

    class Meta:
        verbose_name = _("bút danh")
        verbose_name_plural = _("bút danh")
        ordering = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        self.fill_keys()
        longest = Byline._meta.get_field("match_key").max_length
        if not any(letter.isalnum() for letter in self.fold_key) or len(self.match_key) > (longest or 0):
            raise ValidationError({"name": _("Bút danh phải có chữ, và không quá 120 ký tự.")})
        same = Byline.objects.filter(match_key=self.match_key).exclude(pk=self.pk).first()
        if same is not None:
            raise ValidationError({
                "name": _("Đã có bút danh “%(name)s”, không kể chữ hoa hay thường; hãy chọn bút danh ấy.")
                % {"name": same.name}
            })  # fmt: skip

    def fill_keys(self) -> None:
        """Derive the stored keys from the name; bulk paths call it themselves."""
        self.name = " ".join(nfc(self.name).split())
        self.match_key = byline_key(self.name)
        self.fold_key = fold(self.name)
        self.sort_key = sort_key(self.name)

    def save(self, *args: object, **kwargs: object) -> None:
        self.fill_keys()
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class SetupStepQuerySet(models.QuerySet["SetupStep"]):
    def begin(self, name: str) -> bool:
        """Whether the step was still to be done; from now on it counts as done (in the caller's transaction)."""
        return self.get_or_create(name=name)[1]


class SetupStep(models.Model):
    """Something that the system set up once (a role, one of its permissions, the workflow).

    What an administrator changes or removes afterwards is never set up again.
    """

    name = models.CharField(max_length=160, primary_key=True)
    done_at = models.DateTimeField(default=timezone.now)

    objects = SetupStepQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def active(self, today: date) -> Self:
        return self.filter(first_day__lte=today, last_day__gte=today, revoked_at=None)


class Delegation(models.Model):
    """*Ủy quyền*: one person's right given to another for some days (inclusive), in Đà Nẵng's days."""

    function = models.CharField(_("Chức năng"), max_length=20, choices=Function.choices)
    delegate = models.ForeignKey(
        "column.User", models.CASCADE, related_name="delegations", verbose_name=_("Người được ủy quyền")
    )
    granted_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+", editable=False)
    granted_at = models.DateTimeField(default=timezone.now, editable=False)
    first_day = models.DateField(_("Từ ngày"))
    last_day = models.DateField(_("đến hết ngày"))
    reason = models.CharField(_("Lý do"), max_length=200)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey("column.User", models.SET_NULL, null=True, related_name="+", editable=False)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        verbose_name = _("ủy quyền")
        verbose_name_plural = _("ủy quyền")
        ordering = ["-first_day", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="delegation_days_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.get_function_display()}: {self.delegate.get_full_name()}"
