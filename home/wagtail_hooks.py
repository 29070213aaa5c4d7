"""What the site adds to the admin: the way to the manual."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("register_help_menu_item")
def guides_item() -> MenuItem:
    return MenuItem(_("Hướng dẫn theo vai trò"), reverse("guides"), icon_name="help", order=10)
