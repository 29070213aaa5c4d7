"""The three pictures of a tally: its matrix, its trend, the least covered. Screen, PDF and DOCX show the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from django.db.models import Max, Min
from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.stories.models import Story
from column.tallies import dimensions as by
from column.tallies.asked import SLOTS, Asked
from column.tallies.charts.heat_map import heat_map
from column.tallies.charts.least_covered import least_covered
from column.tallies.charts.picture import Picture
from column.tallies.charts.trend import trend
from column.tallies.dimensions import dimension_of
from column.tallies.shown import Shown
from column.tallies.table import Tally

#: Rows that the table beside a heat map lists; the whole is on the screen of the table.
MOST_LISTED: Final = 200
#: The finest division of time that still gives a readable line, by the days of the span.
_SIZES: Final = ((100, by.WEEK), (800, by.MONTH), (3000, by.QUARTER))


def pictures_of(asked: Asked, *, today: date, at: datetime) -> list[Picture]:
    """All that make sense for this tally; none for one that cannot be read or counts nothing."""
    made = Tally.make(replace(asked, split=""), (), today=today, at=at)
    if made.chosen.problems:
        return []
    shown = Shown(made)
    found = [
        matrix_of(shown) if shown.columns else None,
        trend_of(asked, today=today, at=at),
        least_covered_of(asked, today=today, at=at),
    ]
    return [one for one in found if one is not None and one.rows]


def matrix_of(shown: Shown) -> Picture:
    """The heat map of the table; inner lines are left out."""
    lines = [one for one in shown.lines(0, min(shown.count, MOST_LISTED)) if not one.part_key]
    return heat_map(
        _("%(rows)s theo %(columns)s") % {"rows": shown.row_heading, "columns": shown.column_heading.lower()},
        [one.label for one in lines],
        [one.label for one in shown.columns],
        [[figure.number for figure in one.figures] for one in lines],
        about=shown.sentence,
        heading=shown.row_heading,
    )


def trend_of(asked: Asked, *, today: date, at: datetime) -> Picture | None:
    """The total over time, and by kind of story (slots: by what became of them); along the rows where they are time."""
    one = dimension_of(asked.rows)
    word = asked.rows if one is not None and one.is_time else _size(asked.filter, today).slug
    parts = by.SLOT_STATE if asked.measure == SLOTS else by.KIND
    shown = Shown(
        Tally.make(
            replace(asked, rows=word, columns=parts.slug, split="", monitored="", zeros=False), (), today=today, at=at
        )
    )
    lines = [line for line in shown.lines(0, shown.count) if line.key]
    if not lines:
        return None
    drawn = {str(_("Tổng số")): [line.total.number for line in lines]}
    if len(shown.columns) > 1:
        drawn |= {
            column.label: [line.figures[place].number for line in lines] for place, column in enumerate(shown.columns)
        }
    title = _("Theo %(size)s") % {"size": shown.row_heading.lower()}
    return trend(title, [line.label for line in lines], drawn, about=shown.sentence, heading=shown.row_heading)


def least_covered_of(asked: Asked, *, today: date, at: datetime) -> Picture | None:
    """Of the monitored list that was chosen, else of every unit of the catalogue at that time."""
    if asked.measure == SLOTS:
        return None
    wanted = replace(asked, rows=by.UNITS.slug, columns=by.TOTAL.slug, split="", zeros=not asked.monitored)
    tally = Tally.make(wanted, (), today=today, at=at)
    shown = Shown(tally)
    units = [(line.label, line.total.number) for line in shown.unit_lines()]
    if not units:
        return None
    return least_covered(
        _("Ít được phản ánh nhất"), units, about=shown.sentence, list_note=tally.list_note(),
        heading=shown.row_heading, measure=shown.unit_of_count,
    )  # fmt: skip


def _size(asked: CoverageFilter, today: date) -> by.Dimension:
    first, last = asked.span
    if first is None:
        first = Story.objects.published().order_by().aggregate(first=Min("issue_date"))["first"]
    if last is None:
        latest = Story.objects.published().order_by().aggregate(last=Max("issue_date"))["last"]
        last = max(today, latest) if latest else today
    days = ((last or today) - (first or today)).days
    return next((size for most, size in _SIZES if days <= most), by.YEAR)
