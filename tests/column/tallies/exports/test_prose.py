"""*Đoạn số liệu*: the whole paragraph, word by word."""

from __future__ import annotations

from column.tallies.exports.prose import paragraph
from column.tallies.exports.report import Column, Line
from tests.column.tallies.exports.made import LONG, report


def units(*pairs: tuple[str, int]) -> list[Line]:
    return [
        Line(place, name, "", (number, 0), number, "", f"so-{place}")
        for place, (name, number) in enumerate(pairs, start=1)
    ]


TOTALS = [Line(0, "Tổng số (không trùng)", "", (1040, 12), 1234)]
COLUMNS = [Column("ky-cuong", "Kỷ cương"), Column("chong-tieu-cuc", "Chống tiêu cực")]


def test_a_quarter_with_a_certificate() -> None:
    made = report().but(
        columns=COLUMNS, totals=TOTALS, footnotes=(), code="K7QP-2MXD",
        kinds=[("Bài viết", 94), ("Tin", 1140), ("Ảnh", 0)],
        lines=units(("Sở Y tế", 7), ("Công an thành phố", 12), ("Sở Nội vụ", 3), ("Sở Tài chính", 1)),
    )  # fmt: skip
    assert paragraph(made) == (
        "Trong quý I/2017, chuyên mục có 1.234 tin, bài (94 bài viết và 1.140 tin)."
        " Có 4 cơ quan, đơn vị được phản ánh; nhiều nhất là Công an thành phố (12), Sở Y tế (7) và Sở Nội vụ (3)."
        " Về tiêu chí, nhiều nhất là kỷ cương (1.040) và chống tiêu cực (12)."
        " (Số liệu chốt lúc 14:12, 16/02/2017 (GMT+7), mã phiếu K7QP-2MXD.)"
    )


def test_monitored_units_that_nobody_wrote_about() -> None:
    made = report().but(
        columns=COLUMNS, totals=TOTALS, kinds=[("Bài viết", 1234)], code="", footnotes=["Một bài đã gỡ sau ngày chốt."],
        lines=units(("Sở Y tế", 7), (LONG, 0), ("Sở Nội vụ", 0)), monitored="Các sở (16/02/2017)",
        uncovered=[LONG, "Sở Nội vụ"], conditions="Tin, bài tiêu chí Kỷ cương",
    )  # fmt: skip
    assert paragraph(made) == (
        "Trong quý I/2017, chuyên mục có 1.234 bài viết."
        " Có 1 cơ quan, đơn vị được phản ánh; nhiều nhất là Sở Y tế (7)."
        " Về tiêu chí, nhiều nhất là kỷ cương (1.040) và chống tiêu cực (12)."
        " Trong danh sách theo dõi “Các sở (16/02/2017)”, còn 2 đơn vị chưa được phản ánh: "
        f"{LONG} và Sở Nội vụ."
        " Phạm vi tính: tin, bài tiêu chí Kỷ cương."
        " Một bài đã gỡ sau ngày chốt."
        " (Số liệu lấy lúc 14:12, 16/02/2017 (GMT+7), chưa chốt.)"
    )


def test_nothing_to_tell() -> None:
    made = report(lines=0).but(totals=[Line(0, "Tổng số", "", (0,) * 8, 0)], kinds=[], code="", footnotes=(), period="")
    assert paragraph(made) == (
        "Chuyên mục chưa có tin, bài nào được tính trong phạm vi này."
        " (Số liệu lấy lúc 14:12, 16/02/2017 (GMT+7), chưa chốt.)"
    )


def test_days_instead_of_a_period_and_mentions() -> None:
    made = report(lines=0).but(
        totals=[Line(0, "Tổng số lượt", "", (), 9)], columns=[], kinds=[("Bài viết", 9)], measure="luot", footnotes=(),
        period="từ ngày 06/11/2013 đến hết ngày 16/02/2017",
    )  # fmt: skip
    assert paragraph(made).startswith(
        "Từ ngày 06/11/2013 đến hết ngày 16/02/2017, chuyên mục có 9 lượt phản ánh. (Số liệu chốt"
    )


def test_who_ties_with_the_last_one_named_is_named_too_unless_too_many_do() -> None:
    def told(*numbers: int) -> str:
        made = report().but(
            columns=[], totals=TOTALS, kinds=[], footnotes=(),
            lines=units(*((f"Đơn vị {place}", number) for place, number in enumerate(numbers, start=1))),
        )  # fmt: skip
        return paragraph(made).split("nhiều nhất là ")[1].split(". (Số")[0]

    assert told(5, 4, 3, 3) == "Đơn vị 1 (5), Đơn vị 2 (4), Đơn vị 3 (3) và Đơn vị 4 (3)"
    assert told(5, 4, 3, 3, 3, 3) == "Đơn vị 1 (5) và Đơn vị 2 (4)"
    assert told(2, 2, 2, 2, 2, 2, 2) == "Đơn vị 1 (2), Đơn vị 2 (2) và Đơn vị 3 (2)"


def test_many_uncovered_units_are_counted_not_all_named() -> None:
    names = [f"Phường {number}" for number in range(1, 21)]
    made = report().but(monitored="56 phường, xã", uncovered=names)
    assert (
        "còn 20 đơn vị chưa được phản ánh: Phường 1, Phường 2, Phường 3, Phường 4, Phường 5, Phường 6, Phường 7,"
        " Phường 8, Phường 9, Phường 10, Phường 11, Phường 12, Phường 13, Phường 14, Phường 15 và 5 đơn vị khác."
    ) in paragraph(made)
    assert "Mọi đơn vị trong danh sách theo dõi “56 phường, xã” đều đã được phản ánh." in paragraph(
        made.but(uncovered=[])
    )
