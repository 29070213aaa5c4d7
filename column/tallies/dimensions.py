"""By what a tally can be laid out: one registry of dimensions. ``column.tallies.axes`` binds them to the database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Dimension:
    """A way to divide what is counted; addresses, files and programs know it by ``slug``.

    A *row* dimension divides coverage rows, the others stories (``of_rows``). Where a story may stand under several
    values of it (``overlaps``), the values do not sum to the distinct total; where one coverage row may
    (``repeats``), not even mentions sum. ``argument`` says what follows the colon of the slug, where something must.
    """

    slug: str
    title: Any
    of_rows: bool = False
    repeats: bool = False
    is_time: bool = False
    staff_only: bool = False
    of_slots: bool = False
    argument: str = ""

    @property
    def overlaps(self) -> bool:
        """Whether one story may stand under several values: a story has many coverage rows, but one issue date."""
        return self.of_rows or self.repeats


UNITS = Dimension("don-vi", _("Cơ quan, đơn vị"), of_rows=True)
UNIT_KINDS = Dimension("loai-don-vi", _("Loại đơn vị"), of_rows=True)
UNIT_GROUPS = Dimension("nhom-don-vi", _("Nhóm đơn vị trong báo cáo"), of_rows=True)
BRANCHES = Dimension("nhanh-don-vi", _("Đơn vị và các đơn vị trực thuộc"), of_rows=True, repeats=True)
CRITERIA = Dimension("tieu-chi", _("Tiêu chí"), of_rows=True)
FAMILY = Dimension("nhom", _("Nhóm xây, chống"), of_rows=True)
SOLUTIONS = Dimension("giai-phap", _("Nhóm giải pháp"), of_rows=True, repeats=True)
ROLE = Dimension("vai-tro", _("Vai trò trong bài"), of_rows=True, staff_only=True)
TONE = Dimension("chieu", _("Chiều phản ánh"), of_rows=True, staff_only=True)
DOCUMENTS = Dimension("van-ban", _("Văn bản"), repeats=True)
KIND = Dimension("loai", _("Loại tin, bài"))
BYLINES = Dimension("but-danh", _("Bút danh"), repeats=True)
WEEK = Dimension("tuan", _("Tuần"), is_time=True)
MONTH = Dimension("thang", _("Tháng"), is_time=True)
QUARTER = Dimension("quy", _("Quý"), is_time=True)
HALF = Dimension("nua-nam", _("Nửa năm"), is_time=True)
YEAR = Dimension("nam", _("Năm"), is_time=True)
SERIES = Dimension("ky-bao-cao", _("Kỳ báo cáo"), is_time=True, argument="series")
ANNIVERSARIES = Dimension("nam-thu", _("Năm thực hiện văn bản"), is_time=True, argument="document")
#: Only the total: a single column.
TOTAL = Dimension("tong", _("Tổng số"))
#: Only of slots (measure ``ky-dang``).
SLOT_STATE = Dimension("trang-thai", _("Trạng thái kỳ đăng"), of_slots=True)

DIMENSIONS: dict[str, Dimension] = {
    one.slug: one
    for one in (
        UNITS, UNIT_KINDS, UNIT_GROUPS, BRANCHES, CRITERIA, FAMILY, SOLUTIONS, DOCUMENTS, KIND, BYLINES, ROLE, TONE,
        WEEK, MONTH, QUARTER, HALF, YEAR, SERIES, ANNIVERSARIES, TOTAL, SLOT_STATE,
    )
}  # fmt: skip


def dimension_of(word: str) -> Dimension | None:
    """The dimension that an address means (``don-vi``, ``nam-thu:3``); None for a word that means none."""
    slug, colon, argument = word.partition(":")
    found = DIMENSIONS.get(slug)
    return found if found is not None and bool(colon and argument) == bool(found.argument) else None


def for_slots() -> Iterator[Dimension]:
    """What slots can be laid out by: days, and what became of them."""
    return (one for one in DIMENSIONS.values() if one.is_time or one in {SLOT_STATE, TOTAL})
