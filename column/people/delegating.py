"""Lending a right and taking it back: who may, and what is kept of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import LogFormatter, log

from column.enums import Function
from column.people.delegation import LENT, delegation_changed, holders, holds_by_role
from column.people.models import Delegation, User
from column.text.dates import TZ, format_day
from column.text.fields import CleanCharField, DayField

SEE_ALL, END_ALL = "column.view_delegation", "column.change_delegation"
GIVEN, ENDED = "column.delegation.given", "column.delegation.ended"

#: Longer than that, it is a role: a question for the administrator.
LONGEST = timedelta(days=366)


def functions_of(user: Any) -> list[Function]:
    """What *user* may lend: the rights that are the account's own. A lent right is never lent on."""
    return [function for permission, function in LENT.items() if holds_by_role(user, permission)]


def visible_to(user: Any) -> QuerySet[Delegation]:
    """All of them to the editor-in-chief and administrators; to everybody else those given or received."""
    rows = Delegation.objects.select_related("delegate", "granted_by", "revoked_by")
    return rows if user.has_perm(SEE_ALL) else rows.filter(Q(delegate=user.pk) | Q(granted_by=user.pk))


def may_end(delegation: Delegation, user: Any, today: date) -> bool:
    """Who gave it, and whoever may end all; one that is over stays as it was."""
    open_ = delegation.revoked_at is None and delegation.last_day >= today
    return open_ and (delegation.granted_by_id == user.pk or user.has_perm(END_ALL))


@transaction.atomic
def give(delegation: Delegation, user: Any) -> Delegation:
    """Lend what the (valid) form says in the name of *user*."""
    delegation.granted_by = user
    delegation.save()
    _log(delegation, GIVEN, user)
    delegation_changed.send(sender=Delegation, delegation=delegation, user=user)
    return delegation


@transaction.atomic
def end(delegation: Delegation, user: Any) -> bool:
    """Take it back at once; False when it was over already. Whoever calls has asked :func:`may_end`."""
    changed = Delegation.objects.filter(pk=delegation.pk, revoked_at=None).update(
        revoked_at=timezone.now(), revoked_by=user
    )
    if changed:
        delegation.refresh_from_db()
        _log(delegation, ENDED, user)
        delegation_changed.send(sender=Delegation, delegation=delegation, user=user)
    return bool(changed)


def _log(delegation: Delegation, action: str, user: Any) -> None:
    log(
        instance=delegation, action=action, user=user,
        data={
            "function": delegation.function, "delegate": delegation.delegate.get_full_name(),
            "first_day": delegation.first_day.isoformat(), "last_day": delegation.last_day.isoformat(),
            "reason": delegation.reason,
        },
    )  # fmt: skip


class DelegationLog(LogFormatter):
    """Who lent what to whom, in a sentence."""

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        return _("%(label)s “%(function)s” cho %(delegate)s, từ %(first)s đến hết %(last)s (%(reason)s)") % {
            "label": self.label, "function": Function(data["function"]).label, "delegate": data["delegate"],
            "first": format_day(date.fromisoformat(data["first_day"])),
            "last": format_day(date.fromisoformat(data["last_day"])), "reason": data["reason"],
        }  # fmt: skip


class GivenLog(DelegationLog):
    label = gettext_lazy("Ủy quyền")


class EndedLog(DelegationLog):
    label = gettext_lazy("Thu hồi ủy quyền")


class PersonChoice(forms.ModelChoiceField[User]):
    def to_python(self, value: Any) -> User | None:
        if value and len(str(value)) > 9:  # no key reaches it, and the databases fail on it
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return super().to_python(value)

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.get_full_name()} ({obj.username})"


class DelegationForm(forms.ModelForm[Delegation]):
    """Lend one of one's own rights."""

    first_day = DayField(label=gettext_lazy("Từ ngày"), help_text=gettext_lazy("Ví dụ: 16/02/2017."))
    last_day = DayField(
        label=gettext_lazy("Đến hết ngày"), help_text=gettext_lazy("Cả hai ngày đều tính, theo giờ Đà Nẵng.")
    )
    reason = CleanCharField(
        label=gettext_lazy("Lý do"), max_length=200, help_text=gettext_lazy("Ví dụ: đi công tác.")
    )  # fmt: skip

    class Meta:
        model = Delegation
        fields = ["function", "delegate", "first_day", "last_day", "reason"]
        field_classes = {"delegate": PersonChoice}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate(timezone=TZ)
        own = functions_of(user)
        self.fields["function"].choices = [("", "—"), *((one.value, one.label) for one in own)]  # type: ignore[attr-defined]
        people = newsroom_people().exclude(pk=user.pk).order_by("display_name", "username")
        self.fields["delegate"].queryset = people  # type: ignore[attr-defined]
        for name in ("first_day", "last_day"):
            self.fields[name].widget = forms.TextInput(attrs={"autocomplete": "off", "placeholder": "16/02/2017"})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = data.get("first_day"), data.get("last_day")
        if first and last:
            self._check_days(first, last)
        if data.get("delegate") and data.get("function"):
            self._check_person(data["delegate"], data["function"], first, last)
        return data

    def _check_days(self, first: date, last: date) -> None:
        if last < first:
            self.add_error("last_day", _("Ngày cuối phải từ ngày đầu trở đi."))
        elif last < self.today:
            self.add_error("last_day", _("Ngày này đã qua."))
        elif last - first >= LONGEST:
            self.add_error("last_day", _("Ủy quyền không quá một năm; lâu hơn, hãy nhờ quản trị đổi vai trò."))

    def _check_person(self, delegate: User, function: str, first: date | None, last: date | None) -> None:
        if holds_by_role(delegate, f"column.{function}"):
            self.add_error("delegate", _("Người này đã có quyền ấy theo vai trò."))
        elif (
            first and last
            and Delegation.objects.filter(
                delegate=delegate, function=function, revoked_at=None, first_day__lte=last, last_day__gte=first
            ).exists()
        ):  # fmt: skip
            self.add_error("delegate", _("Người này đã được ủy quyền việc ấy trong những ngày đó."))


def newsroom_people() -> QuerySet[User]:
    """Active accounts that the admin lets in."""
    return holders("wagtailadmin.access_admin").order_by()
