"""The layouts that a new installation has; what staff changed is never touched."""

from __future__ import annotations

from typing import Any, Final

from column.people.models import SetupStep
from column.tallies.exports.models import LayoutForm, ReportLayout

LAYOUTS: Final[tuple[dict[str, Any], ...]] = (
    {
        # Hướng dẫn 36-HD/VPTW, 2018.
        "slug": "dang", "form": LayoutForm.PARTY, "name": "Văn bản của Đảng", "order": 1,
        "heading": "ĐẢNG CỘNG SẢN VIỆT NAM", "superior": "THÀNH ỦY ĐÀ NẴNG", "issuer": "BAN TUYÊN GIÁO VÀ DÂN VẬN",
        "number_line": "Số            -BC/BTGDVTU", "title": "BẢNG TỔNG HỢP", "appendix": "PHỤ LỤC",
        "attached": "(Kèm theo Báo cáo số          -BC/BTGDVTU ngày        tháng        năm            )",
        "compiler": "NGƯỜI LẬP BIỂU", "signer": "T/M BAN TUYÊN GIÁO VÀ DÂN VẬN\nTRƯỞNG BAN",
        "body_size": 14, "heading_size": 15, "title_size": 16, "table_size": 12,
        "margin_top": 25, "margin_bottom": 25, "margin_left": 35, "margin_right": 15,
    },
    {
        # Nghị định 30/2020/NĐ-CP, Phụ lục I.
        "slug": "nha-nuoc", "form": LayoutForm.STATE, "name": "Văn bản hành chính", "order": 2,
        "heading": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "motto": "Độc lập - Tự do - Hạnh phúc",
        "superior": "ỦY BAN NHÂN DÂN\nTHÀNH PHỐ ĐÀ NẴNG", "issuer": "SỞ VĂN HÓA, THỂ THAO VÀ DU LỊCH",
        "number_line": "Số:            /BC-SVHTTDL", "title": "BẢNG TỔNG HỢP", "appendix": "Phụ lục",
        "attached": "(Kèm theo Báo cáo số          /BC-SVHTTDL ngày        tháng        năm            )",
        "compiler": "NGƯỜI LẬP BIỂU", "signer": "GIÁM ĐỐC",
        "body_size": 14, "heading_size": 13, "title_size": 14, "table_size": 12,
        "margin_top": 20, "margin_bottom": 20, "margin_left": 30, "margin_right": 15,
    },
)  # fmt: skip


def ensure_layouts() -> None:
    """Once each: a layout that an administrator deleted does not come back."""
    for texts in LAYOUTS:
        if SetupStep.objects.begin(f"report-layout:{texts['slug']}"):
            ReportLayout.objects.get_or_create(slug=texts["slug"], defaults=texts)
