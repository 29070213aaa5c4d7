"""*Số liệu nêu trong bài* on a story's screen, and the list of indicators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.log_actions import LogFormatter, log
from wagtail.permissions import register_permission_policy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from column.coverage.editor import may_code
from column.departments.event_forms import BoundField
from column.figures.models import Indicator, ReportedFigure
from column.people.admin import NeverDeleted
from column.people.choosing import KnownChooserViewSet
from column.stories.models import Story
from column.text.fields import CleanCharField

ENTERED, REMOVED = "column.figure.entered", "column.figure.removed"


class FigureForm(forms.ModelForm[ReportedFigure]):
    """As printed; what the parts are is read from it."""

    printed = CleanCharField(
        max_length=120, label=_("Như in trong bài"), help_text=_("Ví dụ: 105, 55/56, 71 %, 6 % → 71 %.")
    )
    about = CleanCharField(max_length=200, label=_("Đếm gì"), help_text=_("Ví dụ: phường, xã có bộ phận một cửa."))
    unit = CleanCharField(required=False, max_length=40, label=_("Đơn vị tính"))
    measured_on = BoundField(required=False, label=_("Thời điểm"), help_text=_("Năm, tháng hoặc ngày: 2016, 12/2016."))
    earlier_on = BoundField(
        required=False, label=_("Thời điểm của số trước"), help_text=_("Khi bài so sánh: 6 % (2014) → 71 %.")
    )
    reported_by = CleanCharField(required=False, max_length=160, label=_("Ai nêu"))
    passage = CleanCharField(
        max_length=2000, label=_("Đoạn trong bài"), widget=forms.Textarea(attrs={"rows": 3}), strip=True
    )  # fmt: skip

    class Meta:
        model = ReportedFigure
        fields = ["printed", "about", "unit", "indicator", "measured_on", "earlier_on", "reported_by", "passage"]


class StoryFiguresView(WagtailAdminTemplateMixin, FormView[Any]):
    """The figures of one story: entered, corrected, removed; each act stands in the story's history."""

    template_name = "figures/desk/story.html"
    page_title = _("Số liệu nêu trong bài")
    header_icon = "table"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may_code(self.story, request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def story(self) -> Story:
        story: Story = get_object_or_404(Story, pk=self.kwargs["story_id"]).specific
        return story

    @cached_property
    def figure(self) -> ReportedFigure:
        """The one that is being corrected, else a new one."""
        key = self.request.GET.get("sua", "")
        if key.isdecimal() and len(key) < 12:
            return get_object_or_404(ReportedFigure, pk=int(key), story=self.story.pk)
        return ReportedFigure(story_id=self.story.pk)

    def get_form(self, form_class: Any = None) -> FigureForm:
        data = self.request.POST if self.request.method == "POST" else None
        return FigureForm(data, instance=self.figure)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        edit = reverse("wagtailadmin_pages:edit", args=[self.story.pk])
        return [
            *self.breadcrumbs_items,
            {"url": edit, "label": self.story.headline},
            {"url": "", "label": str(self.page_title)},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        known = ReportedFigure.objects.filter(story=self.story.pk).select_related("indicator")
        return super().get_context_data(**kwargs, story=self.story, figures=list(known), is_new=not self.figure.pk)

    @transaction.atomic
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = request.POST.get("bo", "")
        if not key:
            return super().post(request, *args, **kwargs)
        number = int(key) if key.isdecimal() and len(key) < 12 else 0
        one = get_object_or_404(ReportedFigure, pk=number, story=self.story.pk)
        log(instance=self.story, action=REMOVED, user=request.user, data={"figure": str(one)})
        one.delete()
        messages.success(request, _now("Đã bỏ số liệu; lịch sử của bài vẫn giữ."))
        return redirect(request.path)

    def form_valid(self, form: FigureForm) -> HttpResponse:
        one = form.save(commit=False)
        one.entered_by = self.request.user  # type: ignore[assignment]
        one.save()
        log(instance=self.story, action=ENTERED, user=self.request.user, data={"figure": str(one)})
        messages.success(self.request, _now("Đã ghi số liệu."))
        return redirect(self.request.path)


class FiguresMenuItem(ActionMenuItem):
    name = "action-figures"
    label = StoryFiguresView.page_title
    icon_name = StoryFiguresView.header_icon
    order = 21

    def is_shown(self, context: dict[str, Any]) -> bool:
        return context["view"] == "edit" and may_code(context["page"], context["request"].user)

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse("story_figures", args=[parent_context["page"].pk])


@hooks.register("register_page_action_menu_item")
def figures_item() -> ActionMenuItem:
    return FiguresMenuItem()


@hooks.register("register_admin_urls")
def figure_urls() -> list[Any]:
    return [path("tin-bai/<int:story_id>/so-lieu/", StoryFiguresView.as_view(), name="story_figures")]


class _FigureLog(LogFormatter):
    def format_message(self, log_entry: Any) -> str:
        return f"{self.label}: {log_entry.data['figure']}"


class EnteredLog(_FigureLog):
    label = _("Ghi số liệu nêu trong bài")


class RemovedLog(_FigureLog):
    label = _("Bỏ số liệu nêu trong bài")


@hooks.register("register_log_actions")
def figure_log(actions: Any) -> None:
    actions.register_action(ENTERED)(EnteredLog)
    actions.register_action(REMOVED)(RemovedLog)


class IndicatorViewSet(SnippetViewSet):
    """What figures of several stories are compared by."""

    model = Indicator
    chooser_viewset_class = KnownChooserViewSet
    icon = "table"
    menu_label = _("Chỉ tiêu số liệu")
    menu_order = 316
    add_to_admin_menu = True
    copy_view_enabled = False
    search_backend_name = None
    search_fields = ["name", "slug"]
    list_display = ["name", "unit"]
    panels = [FieldRowPanel([FieldPanel("name"), FieldPanel("slug"), FieldPanel("unit")]), FieldPanel("description")]


register_permission_policy(Indicator, NeverDeleted(Indicator))
register_snippet(IndicatorViewSet)
