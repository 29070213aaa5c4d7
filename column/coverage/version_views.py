"""Versions of a codebook in the admin: a new one, and what each old criterion became; labels kept honest."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView, TemplateView
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import LogFormatter, get_active_log_context

from column.coverage.models import Codebook, Criterion, CriterionMapping
from column.coverage.versions import is_coded, map_criterion, new_version, next_version, tell_relabelled
from column.people.models import User
from column.text.fields import CleanCharField, DayField

#: In place of a criterion's key: the next version has none.
NONE = "khong"


class KeptMeaningForm(WagtailAdminModelForm):
    """What has coded rows keeps its meaning: ``locked`` fields are closed, a corrected ``label`` needs a reason."""

    locked: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()

    reason = CleanCharField(
        required=False, max_length=300, label=gettext_lazy("Lý do sửa chữ"),
        help_text=gettext_lazy("Cần khi đã có tin, bài gắn. Muốn đổi nghĩa, hãy lập phiên bản mới của bộ tiêu chí."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.coded = bool(self.instance.pk) and is_coded(self.instance)
        self.before = {name: str(getattr(self.instance, name)) for name in self.labels}
        for name in self.locked if self.coded else ():
            if name in self.fields:
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        changed = [name for name in self.labels if str(cleaned.get(name, "")) != self.before[name]]
        if self.coded and changed and not cleaned.get("reason"):
            self.add_error("reason", _("Đã có tin, bài gắn: hãy ghi lý do sửa chữ."))
        return cleaned

    def save(self, commit: bool = True) -> Any:
        saved = super().save(commit)
        if self.coded:
            after = {name: str(getattr(saved, name)) for name in self.labels}
            tell_relabelled(
                saved, self.before, after, self.cleaned_data.get("reason", ""), get_active_log_context().user
            )
        return saved


class CriterionForm(KeptMeaningForm):
    """A slug is given once: addresses and the history of coverage know the criterion by it."""

    locked, labels = ("group",), ("name", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["slug"].disabled = True


class CriterionGroupForm(KeptMeaningForm):
    locked, labels = ("codebook", "family", "prefix"), ("name",)


class CodebookForm(KeptMeaningForm):
    locked, labels = ("document", "version"), ("title",)


class RelabelledLog(LogFormatter):
    label = gettext_lazy("Sửa chữ")

    def format_message(self, log_entry: Any) -> str:
        parts = [f"“{before}” → “{after}”" for before, after in log_entry.data["changed"].values()]
        return _("Sửa chữ: %(what)s (%(reason)s)") % {"what": "; ".join(parts), "reason": log_entry.data["reason"]}


class MappedLog(LogFormatter):
    label = gettext_lazy("Quy đổi sang phiên bản sau")

    def format_message(self, log_entry: Any) -> str:
        data = log_entry.data
        words = _("Ở phiên bản sau là “%(label)s”") if data["after"] else _("Không có ở phiên bản sau")
        return words % {"label": data["label"]} + (f" ({data['reason']})" if data["reason"] else "")


class VersionedLog(LogFormatter):
    label = gettext_lazy("Lập phiên bản mới")

    def format_message(self, log_entry: Any) -> str:
        return _("Lập từ phiên bản %(old)d, %(count)d tiêu chí") % {
            "old": log_entry.data["from"], "count": log_entry.data["criteria"],
        }  # fmt: skip


class CodebookScreen(WagtailAdminTemplateMixin):
    header_icon = "list-ol"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not (request.user.has_perm("column.add_codebook") and request.user.has_perm("column.change_codebook")):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def codebook(self) -> Codebook:
        return get_object_or_404(Codebook.objects.select_related("document"), pk=self.kwargs["codebook_id"])

    def get_page_subtitle(self) -> str:
        return str(self.codebook)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("wagtailsnippets_column_codebook:list"), "label": _("Bộ tiêu chí")},
            {"url": "", "label": str(self.get_page_title())},
        ]


class VersionForm(forms.Form):
    title = CleanCharField(max_length=160, label=gettext_lazy("Tên"))
    in_use_from = DayField(
        label=gettext_lazy("Dùng từ"), help_text=gettext_lazy("Phiên bản cũ dùng đến hết ngày hôm trước."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "16/02/2017"}),
    )  # fmt: skip


class NewVersionView(CodebookScreen, FormView[VersionForm]):
    template_name = "coverage/desk/new_version.html"
    form_class = VersionForm
    page_title = gettext_lazy("Lập phiên bản mới")

    def get_initial(self) -> dict[str, Any]:
        return {"title": self.codebook.title}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        criteria = Criterion.objects.filter(group__codebook=self.codebook)
        return super().get_context_data(**kwargs, codebook=self.codebook, criteria=list(criteria.in_order()))

    def form_valid(self, form: VersionForm) -> HttpResponse:
        assert isinstance(self.request.user, User)
        try:
            made = new_version(self.codebook, **form.cleaned_data, user=self.request.user)
        except ValidationError as problem:
            form.add_error(None, problem)
            return self.render_to_response(self.get_context_data(form=form), status=400)
        messages.success(self.request, _("Đã lập %(made)s. Hãy xem lại quy đổi từng tiêu chí.") % {"made": made})
        return redirect("codebook_mapping", self.codebook.pk)


class MappingView(CodebookScreen, TemplateView):
    """What became of each criterion in the next version."""

    template_name = "coverage/desk/mapping.html"
    page_title = gettext_lazy("Quy đổi sang phiên bản sau")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        following = next_version(self.codebook)
        old = list(Criterion.objects.filter(group__codebook=self.codebook).in_order())
        known = {one.old_id: one for one in CriterionMapping.objects.filter(old__in=old)}
        new = list(Criterion.objects.filter(group__codebook=following).in_order()) if following else []
        sent = kwargs.pop("sent", None)
        lines = []
        for one in old:
            chosen, reason = _written(known.get(one.pk))
            if sent is not None:
                chosen, reason = sent.get(f"moi-{one.pk}", ""), sent.get(f"ly-do-{one.pk}", "")
            lines.append({"old": one, "new": chosen, "reason": reason, "is_undecided": one.pk not in known})
        return super().get_context_data(
            **{"problems": []} | kwargs, codebook=self.codebook, following=following, lines=lines, choices=new
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        assert isinstance(request.user, User)
        following = next_version(self.codebook)
        new = {str(one.pk): one for one in Criterion.objects.filter(group__codebook=following).in_order()}
        problems: list[str] = []
        changed = 0
        with transaction.atomic():
            for one in (
                Criterion.objects.filter(group__codebook=self.codebook).in_order().select_related("group__codebook")
            ):
                wish = request.POST.get(f"moi-{one.pk}", "")
                if not wish:
                    continue
                reason = " ".join(request.POST.get(f"ly-do-{one.pk}", "").split())[:300]
                try:
                    changed += map_criterion(one, new.get(wish), reason=reason, user=request.user)
                except ValidationError as problem:
                    problems += problem.messages
            if problems:
                transaction.set_rollback(True)
        if problems:
            return self.render_to_response(self.get_context_data(problems=problems, sent=request.POST), status=400)
        messages.success(request, _("Đã ghi %(count)d quy đổi. Những gì đã gắn không đổi.") % {"count": changed})
        return redirect(request.path)


def _written(known: CriterionMapping | None) -> tuple[str, str]:
    """What the form's fields say of a mapping: the criterion's key, and the reason."""
    if known is None:
        return "", ""
    return (str(known.new_id) if known.new_id else NONE), known.reason
