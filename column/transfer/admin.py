"""What the admin offers for bringing old and ready-made material in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from column.stories.models import ColumnPage
from column.transfer.article_views import ImportArticleView


@hooks.register("register_admin_urls")
def transfer_urls() -> list[Any]:
    return [
        path("nhap-bai/", ImportArticleView.as_view(), name="import_article"),
    ]


class ImportArticleItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        column = ColumnPage.objects.first()
        return column is not None and bool(column.permissions_for_user(request.user).can_add_subpage())


@hooks.register("register_admin_menu_item")
def import_article_item() -> MenuItem:
    return ImportArticleItem(
        _("Nhập bài"), reverse("import_article"), name="import-article", icon_name="download", order=55
    )
