"""What a tally is asked to be: the coverage filter and the layout; read from an address and written as one."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.tallies.dimensions import (
    CRITERIA,
    DIMENSIONS,
    QUARTER,
    ROLE,
    SLOT_STATE,
    TOTAL,
    UNITS,
    Dimension,
    dimension_of,
    for_slots,
)
from column.text.normalize import nfc

STORIES, MENTIONS, SLOTS = "tin-bai", "luot", "ky-dang"
MEASURES = (STORIES, MENTIONS, SLOTS)
#: As long as a dimension's word or a list's slug gets.
_LONGEST = 120


@dataclass(frozen=True)
class Asked:
    """The definition of a tally: what is counted (``filter``), laid out by which dimensions, by which measure.

    ``rows``, ``columns`` and ``split`` (inner lines under each row; empty for none) are words of
    ``column.tallies.dimensions``; ``monitored`` is the slug of a ``MonitoredList`` whose units have a line even with
    nothing in it, ``zeros`` does the same for every unit of the catalogue; ``subtotals`` adds lines for the report
    groups of units. The structure of units is the filter's.
    """

    filter: CoverageFilter = field(default_factory=CoverageFilter)
    rows: str = UNITS.slug
    columns: str = CRITERIA.slug
    split: str = ""
    measure: str = STORIES
    monitored: str = ""
    zeros: bool = False
    subtotals: bool = False

    @classmethod
    def parse(cls, params: QueryDict) -> tuple[Asked, list[str]]:
        """Read an address of a tally; problems in Vietnamese as ``CoverageFilter.parse`` gives them."""
        wanted, problems = CoverageFilter.parse(params, staff=True)
        measure = params.get("dem", STORIES)
        if measure not in MEASURES:
            problems.append(
                _("“%(value)s” không dùng được cho “dem”; các giá trị có thể là: %(known)s.")
                % {"value": measure[:60], "known": ", ".join(MEASURES)}
            )
            measure = STORIES
        usual = (UNITS.slug, CRITERIA.slug) if measure != SLOTS else (QUARTER.slug, SLOT_STATE.slug)
        asked = cls(
            filter=wanted,
            rows=_dimension(params, "hang", usual[0], problems),
            columns=_dimension(params, "cot", usual[1], problems),
            split=_dimension(params, "theo", "", problems),
            measure=measure,
            monitored=nfc(params.get("danh-sach", "")).strip()[:_LONGEST],
            zeros=params.get("bang-0") == "1",
            subtotals=params.get("cong-nhom") == "1",
        )
        return asked, [*problems, *asked.contradictions()]

    @classmethod
    def opening(cls, today: date) -> Asked:
        """What a committee member sees first: this year, quarter by quarter."""
        return cls(CoverageFilter(period=str(today.year)), split=QUARTER.slug)

    # --- back to the address -----------------------------------------------------------------------------------

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the layout; what is not asked is not written."""
        usual = (UNITS.slug, CRITERIA.slug) if self.measure != SLOTS else (QUARTER.slug, SLOT_STATE.slug)
        found = [
            ("hang", "" if self.rows == usual[0] else self.rows),
            ("cot", "" if self.columns == usual[1] else self.columns),
            ("theo", self.split),
            ("dem", "" if self.measure == STORIES else self.measure),
            ("danh-sach", self.monitored),
            ("bang-0", "1" if self.zeros else ""),
            ("cong-nhom", "1" if self.subtotals else ""),
        ]
        return [(key, value) for key, value in found if value]

    def url(self, path: str = "/tong-hop/", **changes: Any) -> str:
        """The canonical address under ``path``; parsing it gives this definition back."""
        asked = self.but(**changes)
        # Without any parameter the address means the opening tally.
        return asked.filter.url(path, *(asked.pairs() or ([("dem", STORIES)] if asked.filter.is_empty() else [])))

    def but(self, **changes: Any) -> Asked:
        """This definition changed; names of the filter's conditions change the filter."""
        own = {field.name for field in fields(self)}
        mine = {name: value for name, value in changes.items() if name in own}
        theirs = {name: value for name, value in changes.items() if name not in own}
        asked = replace(self, **mine)
        return replace(asked, filter=asked.filter.but(**theirs)) if theirs else asked

    # --- what it means -----------------------------------------------------------------------------------------

    @property
    def structure(self) -> str:
        """Empty for units as they were on the story's day, ``nay``, or an ISO day."""
        return self.filter.structure

    @property
    def by_quarter(self) -> bool:
        return self.split == QUARTER.slug

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """Of rows, columns and split, in this order; unknown words are left out."""
        found = (dimension_of(word) for word in (self.rows, self.columns, self.split) if word)
        return tuple(one for one in found if one is not None)

    @property
    def counted(self) -> CoverageFilter:
        """The filter with what the layout implies said outright; every figure is about stories of this filter.

        A layout by units or criteria, and the measure of mentions, count stories that are coded: those without a
        coverage row are in no such tally. Told apart by role, both roles count.
        """
        wanted = self.filter
        if wanted.role:
            return wanted
        if ROLE in self.dimensions:
            return wanted.but(role="tat-ca")
        coded = self.measure == MENTIONS or any(one.of_rows for one in self.dimensions) or wanted.asks_for_coverage
        return wanted.but(role="doi-tuong") if coded else wanted

    def contradictions(self) -> list[str]:
        """Why this cannot be laid out, in Vietnamese; empty when it can."""
        words = [word for word in (self.rows, self.columns, self.split) if word and word != TOTAL.slug]
        problems = []
        if len(set(words)) < len(words):
            problems.append(_("Hàng, cột và dòng con phải theo ba cách chia khác nhau."))
        if self.measure == SLOTS:
            allowed = set(for_slots())
            problems += [
                _("Kỳ đăng không chia được theo “%(title)s”; chỉ theo thời gian và trạng thái.") % {"title": one.title}
                for one in self.dimensions
                if one not in allowed
            ]
            others = self.filter.but(period="", since=None, until=None)
            if not others.is_empty():
                problems.append(_("Kỳ đăng chỉ lọc được theo thời gian; hãy bỏ các điều kiện khác."))
        elif SLOT_STATE in self.dimensions:
            problems.append(_("Trạng thái kỳ đăng chỉ dùng khi đếm kỳ đăng."))
        return problems


def _dimension(params: QueryDict, key: str, usual: str, problems: list[str]) -> str:
    word = params.get(key, "").strip()[:_LONGEST]
    if not word or (dimension_of(word) is not None):
        return word or usual
    known = ", ".join(one.slug + (":…" if one.argument else "") for one in DIMENSIONS.values())
    problems.append(
        _("“%(value)s” không dùng được cho “%(key)s”; các giá trị có thể là: %(known)s.")
        % {"value": word[:60], "key": key, "known": known}
    )
    return usual
