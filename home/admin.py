"""Readers' error reports in the admin: read, and ticked off when seen to."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from home.models import ErrorReport


class SeenTo(ModelPermissionPolicy):
    """Only readers write a report, and nobody rewrites or deletes one."""

    def user_has_permission(self, user: object, action: str) -> bool:
        return action not in {"add", "delete"} and bool(super().user_has_permission(user, action))


register_permission_policy(ErrorReport, SeenTo(ErrorReport))


class ErrorReportViewSet(ModelViewSet):
    model = ErrorReport
    url_prefix = "bao-loi"
    icon = "warning"
    menu_label = _("Bạn đọc báo lỗi")
    menu_order = 350
    add_to_admin_menu = True
    copy_view_enabled = False
    ordering = ["handled", "-sent_at"]
    list_display = [
        "__str__",
        Column("page", label=_("Tin, bài")),
        DateColumn("sent_at", label=_("Lúc")),
        BooleanColumn("handled", label=_("Đã xử lý")),
    ]
    list_filter = ["handled"]
    search_fields = ["text"]
    search_backend_name = None
    panels = [
        FieldPanel("page", read_only=True),
        FieldPanel("text", read_only=True),
        FieldPanel("handled"),
    ]


error_reports = ErrorReportViewSet("error_reports")
