"""The least covered units: who was not written about, or hardly, of a named list."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from column.tallies.charts.palette import LIGHT
from column.tallies.charts.picture import HATCHED, Picture, centred, labels, spec, words, wrapped

#: Bars that a page takes; the table has every unit.
MOST_BARS = 25


def least_covered(
    title: str,
    units: Sequence[tuple[str, int]],
    *,
    about: str = "",
    list_note: str = "",
    heading: str = "",
    measure: str = "",
    key: str = "it-nhat",
) -> Picture:
    """Units with their counts, given in report order; drawn from the least, those of one number as they came.

    ``list_note`` says which units are looked at (contract, rule 5).
    """
    ranked = sorted(units, key=lambda one: one[1])
    drawn = ranked[:MOST_BARS]
    row_labels = [wrapped(label, 44, 2) for label, _number in drawn]
    widest = max([4, *(number for _label, number in drawn)])
    values = [
        {"r": r, "n": number, "end": number or widest / 40, "words": words(number)}
        for r, (_label, number) in enumerate(drawn)
    ]
    drawing = spec(
        width=430,
        height={"step": 26 if all(len(lines) == 1 for lines in row_labels) else 40},
        data={"values": values},
        encoding={
            "y": {
                "field": "r", "type": "ordinal",
                "axis": {"title": None, "domain": False, "ticks": False, "labelPadding": 8,
                         "labelExpr": labels(row_labels), "labelOffset": centred(row_labels)},
                "scale": {"paddingInner": 0.25, "domain": list(range(len(drawn)))},
            },
            "x": {
                "field": "n", "type": "quantitative", "scale": {"domain": [0, widest]},
                "axis": {"title": None, "tickMinStep": 1, "format": ",d", "orient": "top", "ticks": False},
            },
        },
        layer=[
            {"transform": [{"filter": "datum.n > 0"}], "mark": {"type": "bar", "color": LIGHT["blue"]}},
            # Nothing at all is a mark too: a hatched stub, not an empty line.
            {
                "transform": [{"filter": "datum.n == 0"}],
                "mark": {"type": "bar", "fill": HATCHED, "stroke": LIGHT["control"]},
                "encoding": {"x": {"field": "end", "type": "quantitative"}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 6},
                "encoding": {"text": {"field": "words"}, "x": {"field": "end", "type": "quantitative"}},
            },
        ],
    )  # fmt: skip
    return Picture(
        key=key,
        title=title,
        description=_said(about, list_note, ranked),
        spec=drawing,
        headings=[heading or _("Cơ quan, đơn vị"), measure or _("Tin, bài")],
        rows=[[label, number] for label, number in ranked],
    )


def _said(about: str, list_note: str, ranked: Sequence[tuple[str, int]]) -> str:
    parts = [f"{about}."] if about else []
    zero = [label for label, number in ranked if not number]
    parts.append(
        _("%(zero)s trên %(all)s đơn vị chưa được phản ánh.") % {"zero": words(len(zero)), "all": words(len(ranked))}
    )
    if list_note:
        parts.append(list_note)
    if len(ranked) > MOST_BARS:
        parts.append(_("Hình vẽ %(drawn)d đơn vị ít nhất; bảng số liệu có đủ.") % {"drawn": MOST_BARS})
    return " ".join(parts)
