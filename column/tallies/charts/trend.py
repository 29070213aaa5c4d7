"""Trend over time: a line for the total and one for each part, told apart by dash, shape and word before colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from column.tallies.charts.palette import LIGHT
from column.tallies.charts.picture import Picture, labels, spec, words, wrapped

#: Lines that an eye can still follow.
MOST_LINES = 5
_COLOURS = tuple(LIGHT[name] for name in ("blue", "red", "amber", "green", "ink-soft"))
_DASHES = ([1, 0], [7, 3], [2, 3], [9, 3, 2, 3], [4, 4])
_SHAPES = ("circle", "square", "diamond", "triangle-up", "cross")


def trend(
    title: str,
    periods: Sequence[str],
    lines: Mapping[str, Sequence[int]],
    *,
    about: str = "",
    heading: str = "",
    key: str = "xu-huong",
) -> Picture:
    """Counts by period, oldest first; ``lines`` by name, each with a number for every period.

    Where lines are few their numbers are printed; the table has them all.
    """
    names = list(lines)[:MOST_LINES]
    # A single line of few periods has its numbers beside its points; more would lie on each other.
    printed = len(names) == 1 and len(periods) <= 16
    values = [
        {"t": t, "line": name, "n": number, "words": words(number)}
        for name in names
        for t, number in enumerate(lines[name])
    ]
    slanted = len(periods) > 9
    every = -(-len(periods) // 36)
    kind = {"field": "line", "type": "nominal", "sort": None}
    legend = None if len(names) == 1 else {"title": None, "orient": "top"}
    marks: list[dict[str, object]] = [
        {
            "mark": {"type": "line", "strokeWidth": 2},
            "encoding": {
                "strokeDash": {
                    **kind,
                    "scale": {"domain": names, "range": [list(one) for one in _DASHES[: len(names)]]},
                    "legend": None,
                }
            },
        },
        {
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {
                "shape": {
                    **kind,
                    "scale": {"domain": names, "range": list(_SHAPES[: len(names)])},
                    "legend": legend,
                }
            },
        },
    ]
    if printed:
        marks.append({"mark": {"type": "text", "dy": -13}, "encoding": {"text": {"field": "words"}}})
    drawing = spec(
        width=max(480, min(860, 46 * len(periods))),
        height=280,
        data={"values": values},
        encoding={
            "x": {
                "field": "t", "type": "ordinal", "scale": {"domain": list(range(len(periods)))},
                "axis": {
                    "title": None, "labelAngle": -45 if slanted else 0, "labelPadding": 6,
                    "values": list(range(0, len(periods), every)),
                    "labelExpr": labels([[one] if slanted else wrapped(one, 12) for one in periods]),
                },
            },
            "y": {
                "field": "n", "type": "quantitative",
                "axis": {"title": None, "tickMinStep": 1, "format": ",d", "domain": False, "ticks": False},
                "scale": {"domainMin": 0, "nice": True},
            },
            "color": {**kind, "scale": {"domain": names, "range": list(_COLOURS[: len(names)])}, "legend": legend},
        },
        layer=marks,
    )  # fmt: skip
    return Picture(
        key=key,
        title=title,
        description=_said(about, periods, lines),
        spec=drawing,
        headings=[heading, *lines],
        rows=[[period, *(line[t] for line in lines.values())] for t, period in enumerate(periods)],
    )


def _said(about: str, periods: Sequence[str], lines: Mapping[str, Sequence[int]]) -> str:
    parts = [f"{about}."] if about else []
    for name, line in list(lines.items())[:MOST_LINES]:
        if not line:
            continue
        high, low = max(line), min(line)
        parts.append(
            _("%(name)s: đầu %(first)s, cuối %(last)s; cao nhất %(high)s (%(when)s), thấp nhất %(low)s (%(then)s).")
            % {
                "name": name, "first": words(line[0]), "last": words(line[-1]),
                "high": words(high), "when": periods[line.index(high)],
                "low": words(low), "then": periods[line.index(low)],
            }
        )  # fmt: skip
    if len(lines) > MOST_LINES:
        parts.append(_("Hình vẽ %(drawn)d đường đầu; bảng số liệu có đủ.") % {"drawn": MOST_LINES})
    return " ".join(parts)
