"""The two figures that the column itself printed on 16/02/2017, as a demo archive registers them.

The demo holds exactly 94 articles, and 238 news items and photos, from before that day (``column.transfer.demo.days``).
"""

from __future__ import annotations

from datetime import date

from column.coverage.filter import CoverageFilter
from column.people.models import User
from column.tallies.asked import Asked
from column.tallies.published.checking import check
from column.tallies.published.models import OwnArticle, PublishedFigure

DAY = date(2017, 2, 16)
_PASSAGE = (
    "Từ khi triển khai đến nay, đã có 94 bài viết, 238 tin, ảnh thông tin về tình hình thực hiện Chỉ thị số 29-CT/TU."
)
_SOURCE = "Báo Đà Nẵng, thứ Năm, 16/02/2017, chuyên mục “5 xây, 3 chống”"
#: Number, what it counts, and the kinds of stories of the tally that it is held against.
_FIGURES = ((94, "bài viết", ("bai",)), (238, "tin, ảnh", ("tin", "anh", "tin-anh")))


def register(user: User | None) -> list[PublishedFigure]:
    """Write both figures down and hold them against the archive up to the day before."""
    made = []
    for number, counts, kinds in _FIGURES:
        asked = Asked(CoverageFilter(kinds=kinds, until=date(2017, 2, 15)), rows="loai", columns="tong")
        figure = PublishedFigure.objects.create(
            number=number, counts=counts, as_of=DAY, includes_own=OwnArticle.NO, passage=_PASSAGE, source_text=_SOURCE,
            address=asked.url(), made_by=user,
        )  # fmt: skip
        check(figure)
        made.append(figure)
    return made
