"""What the form of a tally offers, and how what it sends becomes the one address of a tally."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from column.coverage.filter import GROUPS, KINDS, NONE, NOW, ROLES, TONES, UNIT_KINDS, CoverageFilter
from column.coverage.models import Criterion, Document, SolutionGroup
from column.coverage.periods import Period, calendar_periods, half, month, parse_period, whole_year
from column.coverage.selection import Selection
from column.departments.rules import report_group_name
from column.enums import CoverageRole
from column.people.models import Byline
from column.tallies import dimensions as by
from column.tallies.asked import MEASURES, Asked
from column.tallies.binding import Binder
from column.tallies.dimensions import Dimension
from column.tallies.models import MonitoredList, ReportingSeries
from column.tallies.units import Unit
from column.text.dates import format_day

#: A day typed for the structure of units; it stands for the value of ``co-cau``.
STRUCTURE_DAY = "co-cau-ngay"


@dataclass(frozen=True)
class Choice:
    word: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Group:
    """Choices under a heading; ``chosen`` says how many of them."""

    label: str
    choices: list[Choice]

    @property
    def chosen(self) -> int:
        return sum(one.chosen for one in self.choices)


@dataclass
class Form:
    """Everything that can be chosen, with what is chosen; built by a constant number of queries."""

    asked: Asked
    periods: list[Group]
    rows: list[Group]
    columns: list[Group]
    splits: list[Group]
    measures: list[Choice]
    lists: list[Choice]
    units: list[Group]
    unit_kinds: list[Choice]
    unit_groups: list[Choice]
    structures: list[Choice]
    structure_day: str
    criteria: list[Group]
    families: list[Choice]
    solutions: list[Choice]
    documents: list[Choice]
    kinds: list[Choice]
    roles: list[Choice]
    tones: list[Choice]
    bylines: list[str]

    @classmethod
    def of(cls, asked: Asked, today: date, binder: Binder | None = None) -> Form:
        """``binder`` is the tally's own, where there is one: it has read the units and the criteria already."""
        binder = binder or Binder(asked, Selection(asked.filter), today)
        chosen = asked.filter
        documents = list(Document.objects.all())
        series = list(ReportingSeries.objects.all())
        layouts = _dimensions(documents, series)
        units = [unit for unit in binder.units.all if unit.merged_into_id is None]
        structure_day = chosen.structure if chosen.structure not in {"", NOW} else ""
        return cls(
            asked=asked,
            periods=_periods(chosen.period, today),
            rows=_marked(layouts, asked.rows, without=[by.TOTAL]),
            columns=_marked(layouts, asked.columns),
            splits=_marked(layouts, asked.split, without=[by.TOTAL]),
            measures=_choices(zip(MEASURES, measure_labels(), strict=True), [asked.measure]),
            lists=_choices(((one.slug, str(one)) for one in MonitoredList.objects.all()), [asked.monitored]),
            units=_units(units, chosen.departments),
            unit_kinds=_choices(((word, kind.label) for word, kind in UNIT_KINDS.items()), chosen.unit_kinds),
            unit_groups=_unit_groups(units, chosen.unit_groups),
            structures=_choices(
                (("", _("như vào ngày đăng của từng tin, bài")), (NOW, _("quy về đơn vị hiện nay"))),
                [] if structure_day else [chosen.structure],
            ),
            structure_day=format_day(date.fromisoformat(structure_day)) if structure_day else "",
            criteria=_criteria(binder.criteria, chosen.criteria),
            families=_choices(((word, family.label) for word, family in GROUPS.items()), [chosen.family]),
            solutions=_choices(
                ((str(one.pk), one.name) for one in SolutionGroup.objects.order_by("codebook", "order", "pk")),
                chosen.solutions,
            ),
            documents=_choices(
                [*((str(one.pk), str(one)) for one in documents), (NONE, _("Chưa gắn văn bản"))], chosen.documents
            ),
            kinds=_choices(((word, kind.label) for word, kind in KINDS.items()), chosen.kinds),
            roles=_choices(
                ((word, CoverageRole(role).label if role else _("cả hai vai trò")) for word, role in ROLES.items()),
                [chosen.role or "doi-tuong"],
            ),
            tones=_choices(((word, tone.label) for word, tone in TONES.items()), chosen.tones),
            bylines=list(Byline.objects.order_by("sort_key").values_list("name", flat=True)[:500]),
        )

    @property
    def chosen_of_units(self) -> int:
        """How many conditions on units there are, told beside a closed group; likewise the following."""
        asked = self.asked
        return (
            sum(group.chosen for group in self.units)
            + len(asked.filter.unit_kinds)
            + len(asked.filter.unit_groups)
            + len(asked.filter.within)
            + bool(asked.filter.structure)
            + bool(asked.monitored)
            + asked.zeros
            + asked.subtotals
        )

    @property
    def chosen_of_criteria(self) -> int:
        asked = self.asked.filter
        return len(asked.criteria) + bool(asked.family) + len(asked.solutions) + len(asked.documents)

    @property
    def chosen_of_stories(self) -> int:
        return len(self.asked.filter.kinds) + len(self.asked.filter.bylines)

    @property
    def chosen_of_coding(self) -> int:
        return (self.asked.filter.role not in {"", "doi-tuong"}) + len(self.asked.filter.tones)


def as_sent(params: QueryDict) -> QueryDict | None:
    """The parameters without what a form sends for nothing; None when there is none of that.

    A browser sends every field, empty ones too; the address of a tally says only what is asked.
    """
    cleaned = QueryDict(mutable=True)
    changed = STRUCTURE_DAY in params
    for key, values in params.lists():
        kept = [value for value in values if value.strip()]
        changed = changed or len(kept) < len(values)
        if kept and key != STRUCTURE_DAY:
            cleaned.setlist(key, kept)
    if day := params.get(STRUCTURE_DAY, "").strip():
        cleaned["co-cau"] = day
    return cleaned if changed else None


def measure_labels() -> list[str]:
    return [_("Tin, bài (không trùng)"), _("Lượt"), _("Kỳ đăng")]


def _choices(offered: Iterable[tuple[str, Any]], chosen: Iterable[str]) -> list[Choice]:
    wanted = set(chosen)
    return [Choice(word, str(label), word in wanted) for word, label in offered]


def _dimensions(documents: list[Document], series: list[ReportingSeries]) -> list[tuple[str, list[tuple[str, str]]]]:
    def plain(*found: Dimension) -> list[tuple[str, str]]:
        return [(one.slug, str(one.title)) for one in found]

    reports = [(f"{by.SERIES.slug}:{one.slug}", one.name) for one in series]
    years = [
        (f"{by.ANNIVERSARIES.slug}:{one.pk}", _("Năm thực hiện %(document)s") % {"document": one})
        for one in documents
        if one.issued_on
    ]
    return [
        (
            _("Đơn vị, tiêu chí"),
            plain(by.UNITS, by.UNIT_GROUPS, by.UNIT_KINDS, by.BRANCHES, by.CRITERIA, by.FAMILY, by.SOLUTIONS),
        ),
        (_("Thời gian"), [*plain(by.YEAR, by.HALF, by.QUARTER, by.MONTH, by.WEEK), *reports, *years]),
        (_("Tin, bài"), plain(by.KIND, by.BYLINES, by.DOCUMENTS)),
        (_("Cách phản ánh"), plain(by.ROLE, by.TONE)),
        (_("Khác"), plain(by.TOTAL, by.SLOT_STATE)),
    ]


def _marked(
    layouts: list[tuple[str, list[tuple[str, str]]]], chosen: str, without: Iterable[Dimension] = ()
) -> list[Group]:
    left_out = {one.slug for one in without}
    return [
        Group(label, _choices([(word, title) for word, title in offered if word not in left_out], [chosen]))
        for label, offered in layouts
    ]


def _periods(chosen: str, today: date) -> list[Group]:
    """The years from the first story to today, each with its halves, quarters and months, the newest first.

    Another period that is asked for (a week) stands before them, so that sending the form keeps it.
    """
    first, last = _years(today)
    groups = [Group(str(year), _choices(_parts_of(year), [chosen])) for year in range(last, first - 1, -1)]
    if chosen and not any(group.chosen for group in groups):
        groups.insert(0, Group(_("Đang chọn"), [Choice(chosen, _sentence(parse_period(chosen)), chosen=True)]))
    return groups


def _years(today: date) -> tuple[int, int]:
    """Of the first published story, and of the last one or today.

    Along the index of days: a minimum over the join of two tables would read them all.
    """
    days = Selection(CoverageFilter()).stories().values_list("issue_date", flat=True)
    oldest, newest = days.order_by("issue_date").first(), days.order_by("-issue_date").first()
    return oldest.year if oldest else today.year, max(today.year, newest.year if newest else today.year)


@lru_cache(maxsize=200)
def _parts_of(year: int) -> tuple[tuple[str, str], ...]:
    """The periods of a year by their codes: the whole, its halves, quarters and months."""
    whole = whole_year(year)
    parts = [whole, half(year, 1), half(year, 2), *calendar_periods("quy", whole.first, whole.last)]
    parts += [month(year, number) for number in range(1, 13)]
    return tuple((one.code, _sentence(one)) for one in parts)


def _sentence(period: Period) -> str:
    return period.label[:1].upper() + period.label[1:]


def _units(units: Iterable[Unit], chosen: Iterable[str]) -> list[Group]:
    wanted = set(chosen)
    groups = {_("Không nêu"): [Choice(NONE, _("Không nêu đơn vị"), NONE in wanted)]}
    for number, some in groupby(units, key=lambda unit: unit.report_group):
        own = groups.setdefault(report_group_name(number), [])
        own += [Choice(unit.code, str(unit), unit.code in wanted) for unit in some]
    return [Group(label, found) for label, found in groups.items()]


def _unit_groups(units: Iterable[Unit], chosen: Iterable[str]) -> list[Choice]:
    numbers = dict.fromkeys(unit.report_group for unit in units)
    return _choices(((str(number), report_group_name(number)) for number in numbers), chosen)


def _criteria(criteria: Iterable[Criterion], chosen: Iterable[str]) -> list[Group]:
    """By codebook, where there are several; a chống criterion always by its label."""
    wanted = set(chosen)
    groups: dict[str, list[Choice]] = {}
    for one in criteria:
        groups.setdefault(str(one.group.codebook), []).append(Choice(one.slug, one.label, one.slug in wanted))
    groups[_("Không nêu")] = [Choice(NONE, _("Chưa nêu tiêu chí"), NONE in wanted)]
    return [Group(label, found) for label, found in groups.items()]
