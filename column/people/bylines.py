"""Finding and adding pen names: in their list, and on the fly from a story's screen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.snippets.views.chooser import ChooseResultsView, ChooseView, SnippetChooserViewSet
from wagtail.snippets.views.snippets import IndexView

from column.people.choosing import KnownChooser
from column.people.models import BylineQuerySet


class BylineFilterForm(BaseFilterForm):
    """The chooser's search box."""

    q = forms.CharField(
        label=_("Tìm bút danh"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": _("Gõ có dấu hoặc không")}),
    )

    def filter(self, objects: BylineQuerySet) -> BylineQuerySet:
        words = self.cleaned_data.get("q")
        if words:
            objects = objects.found_by(words)
            self.is_searching, self.search_query = True, words
        return objects


class BylineChooseView(ChooseView):
    filter_form_class = BylineFilterForm
    page_title = _("Chọn")


class BylineChooseResultsView(ChooseResultsView):
    filter_form_class = BylineFilterForm


class BylineInput(KnownChooser):
    """The byline's field, in words that Wagtail would make of its own and the model's name."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.choose_one_text = _("Chọn bút danh")
        self.choose_another_text = _("Chọn bút danh khác")
        self.link_to_chosen_text = _("Sửa bút danh này")


class BylineChooserViewSet(SnippetChooserViewSet):
    """The window in which a story gets its bylines; a new name is added without leaving it."""

    base_widget_class = BylineInput
    choose_view_class = BylineChooseView
    choose_results_view_class = BylineChooseResultsView
    form_fields = ["name"]
    search_tab_label = _("Bút danh đã có")
    creation_tab_label = _("Thêm bút danh mới")
    create_action_label = _("Thêm")
    create_action_clicked_label = _("Đang thêm…")


class BylineIndexView(IndexView):
    """The list of pen names, searched without accents."""

    is_searchable = True

    def search_queryset(self, queryset: BylineQuerySet) -> Any:
        return queryset.found_by(self.search_query) if self.is_searching else queryset
