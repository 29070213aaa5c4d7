"""The ledger in the admin: its addresses and its place in the menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from column.schedule.ledger.views import PERMISSION, LedgerFileView, LedgerView


@hooks.register("register_admin_urls")
def ledger_urls() -> list[Any]:
    return [
        path("so-ky-dang/", LedgerView.as_view(), name="schedule_ledger"),
        path("so-ky-dang/so-ky-dang.xlsx", LedgerFileView.as_view(ending="xlsx"), name="schedule_ledger_xlsx"),
        path("so-ky-dang/so-ky-dang.csv", LedgerFileView.as_view(ending="csv"), name="schedule_ledger_csv"),
    ]


class LedgerMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)


@hooks.register("register_admin_menu_item")
def ledger_menu_item() -> MenuItem:
    return LedgerMenuItem(
        LedgerView.page_title, reverse("schedule_ledger"), name="ledger", icon_name=LedgerView.header_icon, order=62
    )
