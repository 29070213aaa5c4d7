"""What a tally is asked to be: the coverage filter and the layout; read from an address and written as one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter

STORIES, MENTIONS = "tin-bai", "luot"
MEASURES = (STORIES, MENTIONS)


@dataclass(frozen=True)
class Asked:
    """A filter, the measure, whether quarters are told apart, and whether units without a story are shown."""

    filter: CoverageFilter = field(default_factory=CoverageFilter)
    measure: str = STORIES
    by_quarter: bool = False
    zeros: bool = False

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
        return cls(wanted, measure, params.get("theo") == "quy", params.get("bang-0") == "1"), problems

    @classmethod
    def opening(cls, today: date) -> Asked:
        """What a committee member sees first: this year, quarter by quarter."""
        return cls(CoverageFilter(period=str(today.year)), by_quarter=True)

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters of the layout; what is not asked is not written."""
        found = []
        if self.measure != STORIES:
            found.append(("dem", self.measure))
        if self.by_quarter:
            found.append(("theo", "quy"))
        if self.zeros:
            found.append(("bang-0", "1"))
        return found

    def url(self, path: str = "/tong-hop/", **changes: Any) -> str:
        asked = replace(self, **changes)
        # Without any parameter the address means the opening tally.
        return asked.filter.url(path, *(asked.pairs() or ([("dem", STORIES)] if asked.filter.is_empty() else [])))
