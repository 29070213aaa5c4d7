"""A tally as rows of plain values, shared by every file format, so that no two of them differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _

from column.coverage.selection import Selection
from column.tallies.contract import RULES
from column.tallies.counting import WHOLE
from column.tallies.stories import StoryLine, all_lines
from column.tallies.table import Tally
from column.text.dates import format_moment

Value = str | int


def table_headings(tally: Tally) -> list[str]:
    period = [_("Kỳ")] if tally.quarters else []
    return [_("TT"), _("Cơ quan, đơn vị"), *period, *tally.column_labels, tally.total_label, _("Ghi chú")]


def table_rows(tally: Tally) -> Iterator[list[Value]]:
    """The lines of the units, then those of the totals; as on screen, all pages."""
    names = Counter(unit.display_name for unit in tally.units if unit)
    for ordinal, unit in enumerate(tally.units, start=1):
        name = unit.display_name if unit else _("Không nêu đơn vị")
        # Bodies of one name are told apart by their time, in the margin: never in the name.
        note = unit.lifetime if unit and names[name] > 1 else ""
        yield _row(tally, ordinal, name, _("Cả kỳ"), tally.numbers(unit), note)
        for quarter in tally.quarters_of(unit):
            yield _row(tally, "", name, quarter.label, tally.numbers(unit, quarter.code), note)
    yield from total_rows(tally)


def total_rows(tally: Tally) -> Iterator[list[Value]]:
    yield _row(tally, "", tally.total_label, _("Cả kỳ"), tally.total_numbers(WHOLE), "")
    for quarter in tally.quarters:
        yield _row(tally, "", tally.total_label, quarter.label, tally.total_numbers(quarter.code), "")


def _row(
    tally: Tally, ordinal: Value, name: str, period: str, numbers: tuple[list[int], int], note: str
) -> list[Value]:
    cells, total = numbers
    return [ordinal, name, *([period] if tally.quarters else []), *cells, total, note]


STORY_HEADINGS = (
    "TT", "Ngày đăng", "Loại", "Tiêu đề", "Bút danh", "Đơn vị – tiêu chí", "Số lượt", "Địa chỉ",
)  # fmt: skip


def story_lines(tally: Tally) -> Iterator[StoryLine]:
    """Exactly the stories of the table's total."""
    return all_lines(Selection.of(tally.counted_filter, tally.chosen.problems))


def method_lines(tally: Tally) -> list[tuple[str, str]]:
    """What the table counts and how, as (heading, words)."""
    return [
        (_("Phạm vi"), tally.chosen.sentence()),
        (_("Đơn vị đếm"), tally.measure_label),
        (_("Danh sách đơn vị"), tally.list_note()),
        (_("Số liệu lúc"), format_moment(tally.made_at)),
        *((str(number), f"{rule.title}. {rule.text}") for number, rule in enumerate(RULES, start=1)),
    ]
