"""Heat map of a table: one even scale, the number printed in every cell, zero hatched."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from column.tallies.charts.palette import HEAT, LIGHT, STEPS
from column.tallies.charts.picture import HATCHED, LINE, Picture, centred, labels, spec, words, wrapped
from column.tallies.rules import heat

#: More lines no page and no screen can show at once; the table beside the picture has them all.
MOST_ROWS, MOST_COLUMNS = 60, 26
_ROW_LABEL, _COLUMN_LABEL, _CELL = 44, 11, 78


def heat_map(
    title: str,
    rows: Sequence[str],
    columns: Sequence[str],
    numbers: Sequence[Sequence[int]],
    *,
    about: str = "",
    heading: str = "",
    key: str = "nhiet",
) -> Picture:
    """Counts by row and column; ``numbers`` has a line for each of ``rows``.

    ``about`` is the filter in words, ``heading`` what the rows are. Of very large tables the first part is drawn, and
    the description says so.
    """
    drawn_rows, drawn_columns = rows[:MOST_ROWS], columns[:MOST_COLUMNS]
    drawn = [line[:MOST_COLUMNS] for line in numbers[:MOST_ROWS]]
    highest = max((number for line in drawn for number in line), default=0)
    values = [
        {"r": r, "c": c, "step": heat(number, highest), "words": words(number)}
        for r, line in enumerate(drawn)
        for c, number in enumerate(line)
    ]
    heads = [wrapped(label, _COLUMN_LABEL, 4) for label in drawn_columns]
    height = max((len(lines) for lines in heads), default=1)
    row_labels = [wrapped(label, _ROW_LABEL, 2) for label in drawn_rows]
    tall = 24 if all(len(lines) == 1 for lines in row_labels) else 40
    axis = {"title": None, "domain": False, "ticks": False, "labelPadding": 8, "grid": False}
    drawing = spec(
        width={"step": _CELL},
        height={"step": tall},
        data={"values": values},
        encoding={
            "x": {
                "field": "c", "type": "ordinal", "scale": {"domain": list(range(len(drawn_columns)))},
                "axis": {
                    **axis, "orient": "top", "labelAngle": 0, "labelBaseline": "bottom",
                    "labelPadding": 6 + LINE * (height - 1),
                    "labelExpr": labels([[*[""] * (height - len(lines)), *lines] for lines in heads]),
                },
            },
            "y": {
                "field": "r", "type": "ordinal", "scale": {"domain": list(range(len(drawn_rows)))},
                "axis": {**axis, "labelExpr": labels(row_labels), "labelOffset": centred(row_labels)},
            },
        },
        layer=[
            {
                "transform": [{"filter": "datum.step > 0"}],
                "mark": {"type": "rect", "stroke": LIGHT["raised"], "strokeWidth": 1},
                "encoding": {
                    "color": {
                        "field": "step", "type": "ordinal", "legend": None,
                        "scale": {"domain": list(range(1, STEPS + 1)), "range": list(HEAT)},
                    }
                },
            },
            {
                "transform": [{"filter": "datum.step == 0"}],
                "mark": {"type": "rect", "fill": HATCHED, "stroke": LIGHT["raised"], "strokeWidth": 1},
            },
            # A zero stands on a clear ground: lines through a figure are hard to read.
            {
                "transform": [{"filter": "datum.step == 0"}],
                "mark": {"type": "square", "size": 240, "opacity": 1, "fill": LIGHT["raised"], "stroke": None},
            },
            {
                "mark": {"type": "text"},
                "encoding": {
                    "text": {"field": "words"},
                    "color": {"condition": {"test": "datum.step > 0", "value": LIGHT["heat-ink"]},
                              "value": LIGHT["ink"]},
                },
            },
        ],
    )  # fmt: skip
    return Picture(
        key=key,
        title=title,
        description=_said(about, rows, columns, numbers),
        spec=drawing,
        headings=[heading, *columns],
        rows=[[label, *line] for label, line in zip(rows, numbers, strict=True)],
    )


def _said(about: str, rows: Sequence[str], columns: Sequence[str], numbers: Sequence[Sequence[int]]) -> str:
    cells = [(number, r, c) for r, line in enumerate(numbers) for c, number in enumerate(line)]
    parts = [f"{about}."] if about else []
    parts.append(
        _("Mỗi ô in số của mình: càng nhiều màu càng đậm, số 0 gạch chéo. %(rows)s dòng, %(columns)s cột.")
        % {"rows": words(len(rows)), "columns": words(len(columns))}
    )
    if cells and (top := max(cells, key=lambda one: one[0]))[0]:
        parts.append(
            _("Cao nhất: %(row)s – %(column)s, %(number)s; %(zero)s trên %(all)s ô bằng 0.")
            % {
                "row": rows[top[1]], "column": columns[top[2]], "number": words(top[0]),
                "zero": words(sum(1 for number, _r, _c in cells if not number)), "all": words(len(cells)),
            }
        )  # fmt: skip
    if len(rows) > MOST_ROWS or len(columns) > MOST_COLUMNS:
        parts.append(
            _("Hình vẽ %(rows)d dòng và %(columns)d cột đầu; bảng số liệu có đủ.")
            % {"rows": min(len(rows), MOST_ROWS), "columns": min(len(columns), MOST_COLUMNS)}
        )
    return " ".join(parts)
