"""What the site adds to the admin: the way to the manual, readers' error reports."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.model import ModelViewSet

from home.admin import error_reports


@hooks.register("register_help_menu_item")
def guides_item() -> MenuItem:
    return MenuItem(_("Hướng dẫn theo vai trò"), reverse("guides"), icon_name="help", order=10)


@hooks.register("register_admin_viewset")
def error_reports_screen() -> ModelViewSet:
    return error_reports
