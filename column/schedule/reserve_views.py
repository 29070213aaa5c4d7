"""*Bài gối đầu* in the admin: the list, and adding and taking out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.schedule import reserve
from column.schedule.forms import ArticleChoice, drafts_of
from column.schedule.models import Approval, Reserve
from column.schedule.rules import ScheduleProblem
from column.schedule.taking_back import FILL
from column.stories.models import Article, ColumnPage
from column.text.fields import CleanCharField, DayField


class ReserveForm(forms.Form):
    article = ArticleChoice(
        queryset=Article.objects.none(), label=gettext_lazy("Bài đã duyệt"),
        empty_label=gettext_lazy("Chọn một bản nháp đã duyệt"),
        help_text=gettext_lazy("Các bài đã duyệt, chưa đăng và chưa thuộc kỳ nào."),
    )  # fmt: skip
    use_by = DayField(
        label=gettext_lazy("Dùng được đến hết ngày"), help_text=gettext_lazy("Ví dụ: 16/02/2017."),
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"autocomplete": "off", "placeholder": "16/02/2017"}),
    )  # fmt: skip
    note = CleanCharField(
        label=gettext_lazy("Ghi chú"), required=False, max_length=200,
        help_text=gettext_lazy("Ví dụ: hợp với tuần tiếp dân, đã có ảnh."),
    )  # fmt: skip

    def __init__(self, *args: Any, column: ColumnPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Approved once; whether it still is, as it stands, is asked when it is added.
        approved = Approval.objects.values("revision")
        drafts = drafts_of(column).filter(latest_revision__in=approved, reserve=None)
        self.fields["article"].queryset = drafts  # type: ignore[attr-defined]


class ReserveView(WagtailAdminTemplateMixin, FormView[Any]):
    form_class = ReserveForm
    template_name = "schedule/desk/reserve.html"
    page_title = gettext_lazy("Bài gối đầu")
    header_icon = "folder-inverse"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(FILL):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def column(self) -> ColumnPage:
        """The one asked for, else the first."""
        columns = ColumnPage.objects.order_by("path")
        named = self.request.GET.get("chuyen-muc", "")
        chosen = columns.filter(pk=int(named)) if named.isdecimal() and len(named) < 10 else columns.none()
        column = chosen.first() or columns.first()
        if column is None:
            raise Http404
        return column

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse("schedule_slots"), "label": _("Lịch đăng")},
            {"url": "", "label": self.page_title},
        ]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "column": self.column}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = reserve.reserve_rows(timezone.now(), column=self.column)
        return super().get_context_data(rows=rows, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "remove" not in request.POST:
            return super().post(request, *args, **kwargs)
        key = request.POST["remove"]
        found = get_object_or_404(Reserve, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
        try:
            reserve.remove(found, request.user)
        except ScheduleProblem as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("Đã bỏ bài khỏi danh sách gối đầu; bài vẫn là bản nháp đã duyệt."))
        return redirect(request.get_full_path())

    def form_valid(self, form: forms.Form) -> HttpResponse:
        data = form.cleaned_data
        try:
            reserve.add(data["article"], data["use_by"], data["note"], self.request.user, timezone.now())
        except ScheduleProblem as problem:
            form.add_error(None, str(problem))
            return self.form_invalid(form)
        sentence = _("“%(title)s” là bài gối đầu.") % {"title": data["article"].draft_title}
        messages.success(self.request, sentence)
        return redirect(self.request.get_full_path())
