"""What the admin offers for bringing old and ready-made material in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem

from column.stories.models import ColumnPage
from column.transfer import archive_views
from column.transfer.article_views import ImportArticleView
from column.transfer.queue_views import QueueView


@hooks.register("register_admin_urls")
def transfer_urls() -> list[Any]:
    return [
        path("nhap-bai/", ImportArticleView.as_view(), name="import_article"),
        path("kho-cu/", archive_views.ArchiveView.as_view(), name="import_archive"),
        path("kho-cu/xuat/<slug:form>/", archive_views.ExportView.as_view(), name="export_archive"),
        path("kho-cu/phan-loai/", QueueView.as_view(), name="sort_pooled"),
        path("kho-cu/<int:job_id>/", archive_views.JobView.as_view(), name="import_job"),
        path("kho-cu/<int:job_id>/tien-do/", archive_views.JobProgressView.as_view(), name="import_job_progress"),
        path("kho-cu/<int:job_id>/loi.csv", archive_views.JobReportView.as_view(), name="import_job_report"),
        path("kho-cu/<int:job_id>/<slug:action>/", archive_views.JobActionView.as_view(), name="import_job_action"),
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


class ArchiveItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(archive_views.IMPORT)


@hooks.register("register_admin_menu_item")
def archive_menu() -> SubmenuMenuItem:
    """*Kho cũ*; Wagtail leaves a submenu out for whoever may see none of its items."""
    items = [
        ArchiveItem(
            archive_views.ArchiveView.page_title, reverse("import_archive"), name="archive",
            icon_name="folder-open-inverse", order=1,
        ),
        ArchiveItem(QueueView.page_title, reverse("sort_pooled"), name="sort-pooled", icon_name="tasks", order=2),
    ]  # fmt: skip
    return SubmenuMenuItem(
        _("Kho cũ"), Menu(items=items), name="old-archive", icon_name="folder-open-inverse", order=210
    )
