"""The search in the admin: synonyms to keep, and the report of what was looked for in vain."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Sum
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from column.text.dates import format_day
from search import asking
from search.editors.models import MissedSearch, Synonym
from search.port import SearchQuery

VIEW_MISSED = "search.view_missedsearch"


class SynonymViewSet(ModelViewSet):
    model = Synonym
    url_prefix = "tu-dong-nghia"
    icon = "search"
    menu_label = _("Từ đồng nghĩa khi tìm")
    menu_order = 360
    add_to_settings_menu = True
    copy_view_enabled = False
    list_display = [
        "short",
        Column("long", label=_("Viết đầy đủ")),
        # Wagtail's red cross would say that something is wrong.
        Column("one_way", label=_("Một chiều"), accessor=lambda row: _("Có") if row.one_way else ""),
        Column("exact_only", label=_("Chỉ đúng dấu"), accessor=lambda row: _("Có") if row.exact_only else ""),
    ]
    search_fields = ["short", "long"]
    search_backend_name = None
    panels = [FieldPanel("short"), FieldPanel("long"), FieldPanel("one_way"), FieldPanel("exact_only")]


class WordsColumn(Column):
    """The words, and the way to search by them oneself."""

    cell_template_name = "search/desk/words_cell.html"

    def get_cell_context_data(self, instance: Any, parent_context: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_cell_context_data(instance, parent_context)
        context["url"] = asking.address(SearchQuery(instance["words"]))
        return context


class MissedSearches(ReportView):
    """What readers looked for in vain in the last ninety days, the most frequent first."""

    page_title = _("Bạn đọc tìm không thấy")
    header_icon = "search"
    index_url_name = "missed_searches"
    index_results_url_name = "missed_searches_results"
    permission_policy = ModelPermissionPolicy(MissedSearch)
    any_permission_required = ["view"]
    is_searchable = False
    columns = [
        WordsColumn("words", label=_("Từ đã tìm")),
        Column("total", label=_("Số lần"), accessor="total"),
        Column("days", label=_("Số ngày"), accessor="days"),
        Column("last", label=_("Lần cuối"), accessor=lambda row: format_day(row["last"])),
    ]
    list_export = ["words", "total", "days", "last"]
    export_headings = {"words": _("Từ đã tìm"), "total": _("Số lần"), "days": _("Số ngày"), "last": _("Lần cuối")}

    def get_queryset(self) -> Any:
        found = MissedSearch.objects.values("words").annotate(total=Sum("times"), days=Count("day"), last=Max("day"))
        return found.order_by("-total", "-last", "words")


@hooks.register("register_admin_viewset")
def synonyms_screen() -> ModelViewSet:
    return SynonymViewSet("synonyms")


@hooks.register("register_admin_urls")
def missed_urls() -> list[Any]:
    return [
        path("reports/tim-khong-thay/", MissedSearches.as_view(), name="missed_searches"),
        path(
            "reports/tim-khong-thay/results/", MissedSearches.as_view(results_only=True), name="missed_searches_results"
        ),
    ]


class MissedItem(MenuItem):
    def is_shown(self, request: Any) -> bool:
        return bool(request.user.has_perm(VIEW_MISSED))


@hooks.register("register_reports_menu_item")
def missed_item() -> MenuItem:
    return MissedItem(MissedSearches.page_title, reverse("missed_searches"), icon_name="search", order=900)
