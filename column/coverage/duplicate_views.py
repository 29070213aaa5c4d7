"""*Gộp bản ghi trùng*: two records chosen, what will happen shown, then done."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView
from wagtail.admin import messages

from column.coverage.duplicates import look_at, merge
from column.departments.event_forms import UnitChoice
from column.departments.event_views import UnitScreen
from column.departments.models import Department
from column.text.fields import CleanCharField


class DuplicateForm(forms.Form):
    unit = UnitChoice(queryset=Department.objects.none(), label=gettext_lazy("Bản ghi trùng, sẽ thôi dùng"))
    same_as = UnitChoice(queryset=Department.objects.none(), label=gettext_lazy("Đơn vị giữ lại"))
    source = CleanCharField(
        max_length=300, label=gettext_lazy("Căn cứ"),
        help_text=gettext_lazy("Vì sao hai bản ghi là một đơn vị. Đơn vị nối tiếp nhau thì ghi đổi tên, sáp nhập."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = Department.objects.own().in_report_order()
        self.fields["unit"].queryset = self.fields["same_as"].queryset = units  # type: ignore[attr-defined]


class DuplicateView(UnitScreen, FormView[DuplicateForm]):
    template_name = "coverage/desk/duplicate.html"
    form_class = DuplicateForm
    page_title = gettext_lazy("Gộp bản ghi trùng")

    def form_valid(self, form: DuplicateForm) -> HttpResponse:
        unit, same_as = form.cleaned_data["unit"], form.cleaned_data["same_as"]
        seen = look_at(unit, same_as)
        if seen.problems:
            return self._refused(form, seen.problems)
        if "xac-nhan" not in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form, seen=seen))
        try:
            _event, moved = merge(
                unit, same_as, source=form.cleaned_data["source"], user=self.request.user,  # type: ignore[arg-type]
                at=timezone.now(),
            )  # fmt: skip
        except ValidationError as problem:
            return self._refused(form, problem.messages)
        messages.success(
            self.request,
            _("Đã gộp: %(rows)d dòng gắn của %(stories)d tin, bài chuyển sang “%(unit)s”.")
            % {"rows": moved.rows, "stories": moved.stories, "unit": same_as},
        )
        return redirect("unit_life", same_as.code)

    def _refused(self, form: DuplicateForm, problems: list[str]) -> HttpResponse:
        for problem in problems:
            form.add_error(None, problem)
        return self.form_invalid(form)

    def form_invalid(self, form: DuplicateForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=400)
