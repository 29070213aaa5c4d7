"""*Mẫu trình bày*: staff see the layouts of reports and change their texts; a page of the layout is one click away."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from column.tallies.access import FORM, staff_only
from column.tallies.exports.models import LayoutForm, ReportLayout

CHANGE = "column.change_reportlayout"
_MEASURES = (
    "body_size", "heading_size", "title_size", "table_size", "margin_top", "margin_bottom", "margin_left",
    "margin_right",
)  # fmt: skip


class LayoutTexts(forms.ModelForm[ReportLayout]):
    """The texts and measures of a layout; a Party layout has no motto."""

    class Meta:
        model = ReportLayout
        fields = (
            "name", "superior", "issuer", "number_line", "heading", "motto", "place", "appendix", "title", "attached",
            "compiler", "signer", *_MEASURES,
        )  # fmt: skip
        widgets = {"signer": forms.Textarea(attrs={"rows": 3}), "superior": forms.Textarea(attrs={"rows": 2})}
        labels = {
            "body_size": _("Cỡ chữ nội dung (pt)"), "heading_size": _("Cỡ chữ tiêu đề văn bản (pt)"),
            "title_size": _("Cỡ chữ tên bảng (pt)"), "table_size": _("Cỡ chữ trong bảng (pt)"),
            "margin_top": _("Lề trên (mm)"), "margin_bottom": _("Lề dưới (mm)"), "margin_left": _("Lề trái (mm)"),
            "margin_right": _("Lề phải (mm)"),
        }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.form == LayoutForm.PARTY:
            del self.fields["motto"]


@staff_only()
def layouts(request: HttpRequest) -> HttpResponseBase:
    context = {
        "layouts": ReportLayout.objects.all(), "may_change": request.user.has_perm(CHANGE), "noindex": True,
    }  # fmt: skip
    return render(request, "tallies/exports/layouts.html", context)


@staff_only(CHANGE, methods=FORM)
def layout(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = get_object_or_404(ReportLayout, slug=slug)
    form = LayoutTexts(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        form.save()
        return redirect("report_layouts")
    context = {"layout": found, "form": form, "noindex": True}
    response: HttpResponse = render(request, "tallies/exports/layout.html", context, status=400 if form.errors else 200)
    return response
