"""Reports for tests: made by hand, so that what a file must say stands beside what went in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from column.tallies.exports.models import ReportLayout
from column.tallies.exports.reference import LAYOUTS
from column.tallies.exports.report import Column, Line, Report
from column.tallies.stories import StoryLine
from column.text.dates import TZ

AT = datetime(2017, 2, 16, 14, 12, tzinfo=TZ)
CRITERIA = (
    ("trach-nhiem", "Trách nhiệm"), ("trung-thuc", "Trung thực"), ("chuyen-nghiep", "Chuyên nghiệp"),
    ("ky-cuong", "Kỷ cương"), ("guong-mau", "Gương mẫu"), ("chong-quan-lieu", "Chống quan liêu"),
    ("chong-tieu-cuc", "Chống tiêu cực"), ("chong-benh-hinh-thuc", "Chống bệnh hình thức"),
)  # fmt: skip
#: 90 characters and more.
LONG = "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông, hạ tầng kỹ thuật và đô thị thành phố Đà Nẵng"
STORIES = (
    StoryLine(date(2017, 1, 5), "Tin", '=HYPERLINK("http://x")', "KIM LIÊN", ["Sở Y tế – Kỷ cương"], "https://x/1/"),
    StoryLine(date(2017, 2, 16), "Bài viết", "Cải thiện lề lối", "ĐOÀN LƯƠNG, A", ["Sở Y tế", "Sở Nội vụ"], ""),
)


def layout(form: str) -> ReportLayout:
    """Not saved: ``party`` or ``state``."""
    return ReportLayout(**next(texts for texts in LAYOUTS if texts["form"] == form))


def report(lines: int = 3, columns: int = 8, *, split: bool = False, **changes: Any) -> Report:
    """``lines`` units; the numbers are all different, so that none stands in another's place."""
    heads = [Column(*CRITERIA[at]) if at < 8 else Column(f"2017-W{at:02d}", f"tuần {at}/2017") for at in range(columns)]
    made: list[Line] = []
    for place in range(1, lines + 1):
        name = LONG if place == 2 else "=Sở 1+1" if place == 3 else f"Sở Y tế {place}"
        numbers = tuple(1000 * place + at for at in range(columns))
        made.append(Line(place, name, "", numbers, 10_000 + place, "2014 – 2025" if place == 1 else "", f"so-{place}"))
        if split:
            made.append(Line(0, name, "quý I/2017", numbers, 20_000 + place, "", f"so-{place}", "2017-Q1"))
    totals = [Line(0, "Tổng số (không trùng)", "", tuple(range(columns)), 94)]
    if split:
        totals.append(Line(0, "Tổng số (không trùng)", "quý I/2017", tuple(range(columns)), 93, "", "", "2017-Q1"))
    return Report(
        title="Bảng tổng hợp", sentence="Tin, bài đã gắn đơn vị hoặc tiêu chí, đăng trong quý I/2017",
        address="/tong-hop/?ky=2017-Q1", measure="tin-bai", measure_label="Tin, bài (không trùng)",
        row_title="Cơ quan, đơn vị", split_title="Quý" if split else "", columns=heads,
        total_label="Tổng số (không trùng)", lines=made, totals=totals,
        kinds=[("bài viết", 60), ("tin", 30), ("ảnh", 4)], method=[("Phạm vi", "Tin, bài"), ("1", "=Đếm")],
        notes=[("Số liệu lấy lúc", "14:12, 16/02/2017 (GMT+7)"), ("Phạm vi", "Tin, bài.")], made_at=AT,
        footnotes=["Một bài đã gỡ."], code="K7QP-2MXD", period="quý I/2017", stories=lambda: iter(STORIES),
        story_count=2, layout={"rows": "don-vi", "columns": "tieu-chi", "split": "quy" if split else ""},
    ).but(**changes)  # fmt: skip
