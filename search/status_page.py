"""The state of the search in the admin: who answers readers, what Elasticsearch has yet to be told."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from column.schedule.notices.banner import HOOK, Banner
from column.text.dates import format_number
from search.outbox.bumping import in_use
from search.outbox.models import Outgoing
from search.outbox.telling import KEEPS
from search.status import status

#: Who may see what readers looked for in vain may see why.
VIEW = "search.view_missedsearch"


class StatusView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "search/desk/status.html"
    page_title = _("Tình trạng tìm kiếm")
    header_icon = "search"
    _show_breadcrumbs = True

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(VIEW):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*self.breadcrumbs_items, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(found=status(), **kwargs)
        return context


class StatusItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(VIEW))


@hooks.register("register_admin_urls")
def status_urls() -> list[Any]:
    return [path("reports/tinh-trang-tim-kiem/", StatusView.as_view(), name="search_status")]


@hooks.register("register_reports_menu_item")
def status_item() -> MenuItem:
    return StatusItem(StatusView.page_title, reverse("search_status"), icon_name="search", order=910)


@hooks.register(HOOK)
def refused_documents(request: HttpRequest) -> list[Banner]:
    """A banner, for those who keep the system, while Elasticsearch refuses documents; one query, none without it."""
    if not in_use() or not request.user.has_perm(KEEPS):
        return []
    refused = Outgoing.objects.quarantined().count()
    if not refused:
        return []
    text = gettext("Elasticsearch không nhận %(count)s tin, bài: bạn đọc có thể không tìm thấy.")
    return [Banner(text % {"count": format_number(refused)}, reverse("search_status"), gettext("Xem và xử lý"))]
