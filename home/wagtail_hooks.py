"""What the site adds to the admin and to rich text: the manual, readers' error reports, links that tell no secrets."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSet

from home.admin import error_reports
from home.links import PublicPageLinks


@hooks.register("register_help_menu_item")
def guides_item() -> MenuItem:
    return MenuItem(_("Hướng dẫn theo vai trò"), reverse("guides"), icon_name="help", order=10)


@hooks.register("register_admin_viewset")
def error_reports_screen() -> ModelViewSet:
    return error_reports


@hooks.register("register_rich_text_features", order=100)
def public_links(features: Any) -> None:
    features.register_link_type(PublicPageLinks)
