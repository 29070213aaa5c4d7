"""The pictures that go into a printed report: drawn by the same code, from the same figures, as those on the screen."""

from __future__ import annotations

from django.utils.translation import gettext as _

from column.tallies.charts.heat_map import heat_map
from column.tallies.charts.least_covered import least_covered
from column.tallies.charts.picture import Picture
from column.tallies.charts.trend import trend
from column.tallies.dimensions import dimension_of
from column.tallies.exports.report import Line, Report


def pictures_of(report: Report) -> list[Picture]:
    """The heat map of a matrix, the trend where time is one of its dimensions, the least covered of a named list."""
    own = [line for line in report.lines if not line.part]
    labels = [one.label for one in report.columns]
    made = []
    if own and len(labels) > 1:
        made.append(
            heat_map(
                _("Bản đồ nhiệt: %(rows)s theo %(columns)s")
                % {"rows": _small(report.row_title), "columns": _small(_title(report.layout.get("columns", "")))},
                [line.name for line in own], labels, [line.numbers for line in own], about=report.sentence,
                heading=report.row_title,
            )
        )  # fmt: skip
    periods, numbers = _over_time(report, own)
    if len(periods) > 1:
        made.append(trend(_("Xu hướng theo thời gian"), periods, {report.total_label: numbers}, about=report.sentence))
    if report.monitored and own:
        made.append(
            least_covered(
                _("Ít được phản ánh nhất"), [(line.name, line.total) for line in own], about=report.sentence,
                list_note=report.monitored, heading=report.row_title, measure=report.measure_label,
            )
        )  # fmt: skip
    return made


def _over_time(report: Report, own: list[Line]) -> tuple[list[str], list[int]]:
    """The distinct totals of the periods, from whichever of the three dimensions is time."""
    if _is_time(report.layout.get("split", "")):
        parts = [line for line in report.totals if line.part]
        return [line.part for line in parts], [line.total for line in parts]
    if _is_time(report.layout.get("rows", "")):
        return [line.name for line in own], [line.total for line in own]
    if _is_time(report.layout.get("columns", "")) and report.totals:
        return [one.label for one in report.columns], list(report.totals[0].numbers)
    return [], []


def _is_time(word: str) -> bool:
    found = dimension_of(word)
    return found is not None and found.is_time


def _title(word: str) -> str:
    found = dimension_of(word)
    return str(found.title) if found else ""


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]
