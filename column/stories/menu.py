"""The admin's furniture for a newsroom: its menu in our words, quick ways in, and nothing that nobody here needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from column.stories.models import ColumnPage

#: Wagtail's items by their own names, in the words of the desk.
LABELS = {
    "explorer": _("Tin, bài"), "images": _("Ảnh"), "documents": _("Tệp đính kèm"), "reports": _("Theo dõi"),
    "settings": _("Thiết lập"), "redirects": _("Chuyển hướng"), "sites": _("Tên miền"), "collections": _("Bộ sưu tập"),
    "workflows": _("Quy trình duyệt"), "workflow-tasks": _("Bước duyệt"), "users": _("Tài khoản"),
    "groups": _("Vai trò"), "locked-pages": _("Bài đang khóa"), "site-history": _("Nhật ký hệ thống"),
}  # fmt: skip

#: What a newsroom of one column has no use for.
UNNEEDED = {"help", "aging-pages", "page-types-usage"}


def _in_our_words(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in UNNEEDED]
    for item in items:
        item.label = LABELS.get(item.name, item.label)


for _hook in ("construct_main_menu", "construct_settings_menu", "construct_reports_menu"):
    hooks.register(_hook, _in_our_words)


@hooks.register("construct_homepage_summary_items")
def no_page_counts(request: HttpRequest, items: list[Any]) -> None:
    """How many pages there are is nothing to work on."""
    items.clear()


@hooks.register("insert_global_admin_css")
def desk_css() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("column/desk/desk.css"))


@dataclass(frozen=True)
class QuickLink:
    label: Any
    url: str


def quick_links(request: HttpRequest) -> list[QuickLink]:
    """Straight to an empty article, news item or photo; empty for whoever may not write."""
    column = ColumnPage.objects.first()
    if column is None or not column.permissions_for_user(request.user).can_add_subpage():
        return []
    ways = (("article", _("Viết bài mới")), ("newsitem", _("Viết tin mới")), ("photo", _("Đăng ảnh mới")))
    return [
        QuickLink(label, reverse("wagtailadmin_pages:add", args=["column", model, column.pk])) for model, label in ways
    ]


class QuickLinksPanel(Component):
    """The quick links on the admin's first page."""

    name = "quick-links"
    template_name = "stories/desk/quick_links.html"
    order = 10

    def __init__(self, links: list[QuickLink]) -> None:
        self.links = links

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"links": self.links}


@hooks.register("construct_homepage_panels")
def add_quick_links(request: HttpRequest, panels: list[Any]) -> None:
    links = quick_links(request)
    if links:
        panels.append(QuickLinksPanel(links))


class NewArticleItem(MenuItem):
    """One click from anywhere to an empty article."""

    def __init__(self) -> None:
        super().__init__(_("Viết bài mới"), "", name="new-article", icon_name="plus", order=50)

    def is_shown(self, request: HttpRequest) -> bool:
        links = quick_links(request)
        if links:
            self.url = links[0].url
        return bool(links)


@hooks.register("register_admin_menu_item")
def new_article() -> MenuItem:
    return NewArticleItem()
