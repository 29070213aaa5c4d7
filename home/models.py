"""The front page, the newspaper's masthead, readers' error reports, and the site's generation."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting
from wagtail.models import Page


class HomePage(Page):
    """The front page: composes, decides nothing."""

    template = "home/home_page.html"
    max_count = 1
    subpage_types = ["column.ColumnPage"]

    class Meta:
        verbose_name = _("trang nhất")


@register_setting(icon="home", order=110)
class Masthead(BaseGenericSetting):
    """Masthead and imprint; the press law asks for these fields, the newspaper fills them."""

    newspaper = models.CharField(_("Tên báo"), max_length=160, default="Báo Đà Nẵng")
    tagline = models.CharField(_("Dòng dưới tên báo"), max_length=200, blank=True)
    governing_body = models.CharField(_("Cơ quan chủ quản"), max_length=200, blank=True)
    licence = models.CharField(_("Giấy phép"), max_length=300, blank=True, help_text=_("Số, ngày cấp, cơ quan cấp."))
    head_title = models.CharField(_("Chức danh người đứng đầu"), max_length=80, blank=True)
    head_name = models.CharField(_("Người đứng đầu"), max_length=120, blank=True)
    address = models.CharField(_("Địa chỉ"), max_length=300, blank=True)
    phone = models.CharField(_("Điện thoại"), max_length=60, blank=True)
    email = models.EmailField(_("Thư điện tử"), blank=True)
    reuse_notice = models.CharField(_("Điều kiện dùng lại nội dung"), max_length=300, blank=True)
    is_demo = models.BooleanField(
        _("Dữ liệu minh họa"), default=False,
        help_text=_("Mọi trang mang dòng “Dữ liệu minh họa” và không cho máy tìm kiếm lập chỉ mục."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("Măng-sét và thông tin tòa soạn")


class ErrorReport(models.Model):
    """*Báo lỗi bài này*: what a reader wrote; no address of the reader is kept."""

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
    text = models.TextField(_("Nội dung"), max_length=2000)
    sent_at = models.DateTimeField(default=timezone.now)
    handled = models.BooleanField(_("Đã xử lý"), default=False)

    class Meta:
        verbose_name = _("báo lỗi của bạn đọc")
        verbose_name_plural = _("báo lỗi của bạn đọc")
        ordering = ["-sent_at"]

    def __str__(self) -> str:
        return self.text[:80]


class PageGeneration(models.Model):
    """The site's generation: every change that readers can see inserts one row in its own transaction.

    Inserting, unlike counting up, never makes two writers wait for each other; see ``home.generation``.
    """

    id = models.BigAutoField(primary_key=True)
