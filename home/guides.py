"""*Hướng dẫn*: one page for each role and the operator's manual, inside the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe


@dataclass(frozen=True, slots=True)
class Guide:
    """A page of the manual: its address, for whom, and whether readers without an account see it."""

    slug: str
    title: Any
    summary: Any
    is_public: bool = False

    @property
    def template(self) -> str:
        return f"guides/{self.slug}.html"


GUIDES: tuple[Guide, ...] = (
    Guide("ban-doc", _("Bạn đọc"), _("Tìm bài, lọc, theo dõi qua RSS, báo lỗi."), is_public=True),
    Guide("phong-vien", _("Phóng viên, cộng tác viên"), _("Viết bài, thêm ảnh, đề xuất đơn vị, trình duyệt.")),
    Guide("bien-tap-vien", _("Biên tập viên"), _("Xếp lịch các thứ Năm, thay bài, biên tập, gắn đơn vị và tiêu chí.")),
    Guide("duyet-dang", _("Thư ký tòa soạn, Tổng biên tập"), _("Duyệt, hẹn giờ, báo động, sổ kỳ đăng, ủy quyền.")),
    Guide("tong-hop", _("Cán bộ theo dõi, tổng hợp"), _("Đọc bảng, mở từng con số, tải về, trích dẫn đúng.")),
    Guide("quan-tri", _("Quản trị máy chủ"), _("Cài đặt, sao lưu, nâng cấp, khi có sự cố.")),
)


def visible_guides(request: HttpRequest) -> list[Guide]:
    return [guide for guide in GUIDES if guide.is_public or request.user.is_authenticated]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    context = {"guides": visible_guides(request), "noindex": True}
    return render(request, "guides/index.html", context)


@require_safe
def page(request: HttpRequest, slug: str) -> HttpResponse:
    """One guide; those of the newsroom and the committee ask for an account first."""
    guide = next((guide for guide in GUIDES if guide.slug == slug), None)
    if guide is None:
        raise Http404
    if not guide.is_public and not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    context = {"guide": guide, "guides": visible_guides(request), "noindex": True}
    return render(request, guide.template, context)
