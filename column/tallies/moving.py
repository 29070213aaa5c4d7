"""Ways from one screen of a tally to the others, and the tables that are asked for most."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.coverage.periods import OF_DAY
from column.tallies.asked import Asked
from column.tallies.dimensions import TOTAL
from column.tallies.exports.formats import FORMATS
from column.tallies.exports.models import ReportLayout
from column.tallies.models import MonitoredList

PATH: Final = "/tong-hop/"
PICTURES: Final = "/tong-hop/hinh/"
COMPARE: Final = "/tong-hop/so-sanh/"
PROSE: Final = "/tong-hop/doan-so-lieu/"


@dataclass(frozen=True)
class Way:
    label: str
    url: str
    current: bool = False


def tabs(asked: Asked, here: str) -> list[Way]:
    """Table, pictures and comparison of the same tally; ``here`` is one of ``table``, ``pictures``, ``compare``."""
    return [
        Way(_("Bảng"), asked.url(PATH), here == "table"),
        Way(_("Hình"), asked.url(PICTURES), here == "pictures"),
        Way(_("So sánh"), replace(asked, columns=TOTAL.slug, split="").url(COMPARE), here == "compare"),
    ]


def exports(asked: Asked) -> list[Way]:
    """The files of this table, the one obvious button first; printed ones in each layout; last the paragraph."""
    first, *others = FORMATS.values()
    layouts = list(ReportLayout.objects.all())
    found = [Way(_("Tải về bảng tính (XLSX)"), asked.url(f"{PATH}bang-tong-hop.{first.ending}"))]
    for one in others:
        url = asked.url(f"{PATH}bang-tong-hop.{one.ending}")
        if one.is_printed and layouts:
            found += [
                Way(f"{one.label}: {layout.name}", f"{url}{'&' if '?' in url else '?'}mau={layout.slug}")
                for layout in layouts
            ]
        else:
            found.append(Way(str(one.label), url))
    return [*found, Way(_("Đoạn số liệu"), asked.url(PROSE))]


def presets(asked: Asked, today: date) -> list[Way]:
    """“Bảng năm nay”, “Quý này”, “Ai chưa được phản ánh” (one query: the newest list of monitored units)."""
    newest = MonitoredList.objects.first()
    year = CoverageFilter(period=str(today.year))
    uncovered = Asked(year, columns=TOTAL.slug, monitored=newest.slug if newest else "", zeros=newest is None)
    offered = (
        (_("Bảng năm nay"), Asked.opening(today)),
        (_("Quý này"), Asked(CoverageFilter(period=OF_DAY["quy"](today).code))),
        (_("Ai chưa được phản ánh"), uncovered),
    )
    return [Way(label, one.url(PATH), one == asked) for label, one in offered]
