"""From a tally, or a frozen one, to what its files say. Labels and figures are those of the screen (``Shown``)."""

from __future__ import annotations

from collections import Counter as Tallied
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.coverage.selection import Selection
from column.departments.models import Department
from column.enums import Kind
from column.stories.models import ColumnPage, Story
from column.tallies import dimensions as by
from column.tallies.asked import SLOTS, Asked
from column.tallies.certificates.addresses import read_address
from column.tallies.certificates.codes import read_code
from column.tallies.certificates.counter import Counter
from column.tallies.certificates.frozen import Frozen
from column.tallies.certificates.models import Certificate
from column.tallies.certificates.printing import certificate_of, permalink
from column.tallies.charts.drawing import NotDrawn
from column.tallies.charts.picture import draw_all
from column.tallies.contract import RULES
from column.tallies.exports.pictures import pictures_of
from column.tallies.exports.report import Column, Line, Report
from column.tallies.models import MonitoredList
from column.tallies.shown import Line as ShownLine
from column.tallies.shown import Shown
from column.tallies.stories import StoryLine, all_lines
from column.tallies.table import Tally
from column.text.dates import format_moment

#: The parameter of an address that names a certificate instead of a tally.
CERTIFICATE = "phieu"
_UNITS = frozenset({by.UNITS.slug, by.BRANCHES.slug})


class BadDefinition(ValueError):
    """No table can be made of this; the message is Vietnamese, a line for each problem."""


def report_of(params: QueryDict, *, at: datetime, pictures: bool = False) -> Report:
    """The report of an address: a tally as it is now, or a certificate (``phieu``). Raises :class:`BadDefinition`."""
    if params.get(CERTIFICATE):
        return certified(params[CERTIFICATE])
    asked, problems = Asked.parse(params)
    tally = Tally.make(asked, problems, today=timezone.localdate(at), at=at)
    if tally.problems:
        raise BadDefinition("\n".join(tally.problems))
    return report_of_tally(tally, pictures=pictures)


def report_of_tally(tally: Tally, *, pictures: bool = False) -> Report:
    """Of a tally that has no problems."""
    asked, shown = tally.asked, Shown(tally)
    names = _Names.of(asked)
    lines = _printed([_line(line, names) for line in shown.lines(0, shown.count)], names)
    certificate = certificate_of(tally)
    counted = Selection.of(asked.counted)
    report = Report(
        title=_("Bảng tổng hợp"),
        sentence=tally.sentence(),
        address=asked.url(),
        measure=asked.measure,
        measure_label=tally.measure_label,
        row_title=shown.row_heading,
        split_title=shown.split_heading,
        columns=[
            Column(one.key, names.printed(one.key, one.label) if asked.columns in _UNITS else one.label)
            for one in shown.columns
        ],
        total_label=tally.total_label,
        lines=lines,
        totals=[_line(line, None) for line in shown.totals],
        kinds=[(one.label, one.figure.number) for one in shown.bignums[1:]],
        method=_method(tally.sentence(), shown.layout, shown.notes, tally.made_at),
        notes=_notes(tally.sentence(), shown.layout, shown.notes, tally.made_at),
        made_at=tally.made_at,
        code=certificate.code if certificate else "",
        period=_period(asked.filter),
        conditions=_conditions(asked.filter),
        monitored=_monitored(asked),
        uncovered=[line.name for line in lines if not line.total and not line.part] if asked.monitored else [],
        stories=lambda: all_lines(counted),
        story_count=0 if asked.measure == SLOTS else counted.stories().count(),
        layout=_layout(asked),
    )
    return pictured(report) if pictures else report


def pictured(report: Report) -> Report:
    """With the pictures of the screen; without any where they cannot be drawn now: the figures stand in the table."""
    made = pictures_of(report)
    try:
        draw_all(made)
    except NotDrawn:
        return report
    return report.but(pictures=made)


def _layout(asked: Asked) -> dict[str, str]:
    return {
        "rows": asked.rows, "columns": asked.columns, "split": asked.split, "structure": asked.structure,
        "monitored": asked.monitored, "period": asked.filter.period,
    }  # fmt: skip


def _period(asked: CoverageFilter) -> str:
    named = asked.named_period
    days = Selection(asked).days()
    return " ".join(part for part in (named.label if named else "", days) if part)


def _conditions(asked: CoverageFilter) -> str:
    """The filter in words without its time; empty when nothing else is asked."""
    rest = asked.but(period="", since=None, until=None)
    return "" if rest.is_empty() else Selection.of(rest).sentence()


def _monitored(asked: Asked) -> str:
    if not asked.monitored or asked.rows not in _UNITS:
        return ""
    found = MonitoredList.objects.filter(slug=asked.monitored).first()
    return str(found) if found else ""


# --- lines ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Names:
    """What tells bodies of one name apart is for screens, never for a printed table: by code, name and lifetime."""

    units: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, asked: Asked) -> _Names:
        if not _UNITS & {asked.rows, asked.columns}:
            return cls({})
        return cls({unit.code: (unit.display_name, unit.lifetime) for unit in Department.objects.all()})

    def printed(self, key: str, label: str) -> str:
        return self.units.get(key, (label, ""))[0]

    def lifetime(self, key: str) -> str:
        return self.units.get(key, ("", ""))[1]


def _line(line: ShownLine, names: _Names | None) -> Line:
    return Line(
        ordinal=line.ordinal,
        name=names.printed(line.key, line.label) if names else line.label,
        part=line.part,
        numbers=tuple(figure.number for figure in line.figures),
        total=line.total.number,
        key=line.key,
        part_key=line.part_key,
    )


def _printed(lines: list[Line], names: _Names) -> list[Line]:
    """Bodies of one name are told apart by their time, in the margin: never in the name."""
    keys = {line.key: line.name for line in lines}
    bearers = Tallied(keys.values())
    twins = {key for key, name in keys.items() if bearers[name] > 1}
    return [replace(line, note=names.lifetime(line.key)) if line.key in twins else line for line in lines]


# --- what stands beside --------------------------------------------------------------------------------------------


def _notes(sentence: str, layout: str, notes: Sequence[str], at: datetime) -> list[tuple[str, str]]:
    """What a printed page says under the table: cut-off, filter, method."""
    first, second = RULES[0], RULES[1]
    return [
        (_("Số liệu lấy lúc"), format_moment(at)),
        (_("Phạm vi"), f"{sentence}."),
        (_("Cách lập"), f"{layout} {' '.join(notes)}".strip()),
        (_("Cách đếm"), f"{first.title}; {str(second.text)[:1].lower()}{str(second.text)[1:]}"),
    ]


def _method(sentence: str, layout: str, notes: Sequence[str], at: datetime) -> list[tuple[str, str]]:
    """The sheet with the method: all of the contract."""
    return [
        (_("Phạm vi"), sentence),
        (_("Cách lập"), layout),
        *((_("Lưu ý"), one) for one in notes),
        (_("Số liệu lúc"), format_moment(at)),
        *((str(number), f"{rule.title}. {rule.text}") for number, rule in enumerate(RULES, start=1)),
    ]


# --- certificates --------------------------------------------------------------------------------------------------


def certified(code: str) -> Report:
    """The frozen figures and stories of a certificate; a draft is the tally of now. Raises :class:`BadDefinition`."""
    known = read_code(code)
    found = Certificate.objects.filter(code=known).first() if known else None
    if found is None:
        raise BadDefinition(_("Không có phiếu chốt số liệu “%(code)s”.") % {"code": code[:20]})
    asked, _problems = read_address(found.address)
    if not found.is_frozen or found.as_of is None:
        draft = report_of(QueryDict(urlsplit(found.address).query), at=timezone.now())
        return draft.but(title=found.title, is_draft=True, code="", address=found.get_absolute_url())
    table: Mapping[str, Any] = found.table
    frozen = Frozen(found)
    heads = [one for one in table["columns"] if one["key"]]
    lines, totals = list(_frozen_lines(table["rows"])), list(_frozen_lines(table["totals"]))
    layout = _("Bảng đã chốt; đếm %(what)s.") % {"what": table["caption"].lower()}
    notes = [found.note] if found.note else []
    where = _("Kiểm tra tại %(url)s.") % {"url": permalink(found)}
    return Report(
        title=found.title,
        sentence=found.sentence,
        address=found.get_absolute_url(),
        measure=asked.measure,
        measure_label=table["caption"],
        row_title=table["heading"],
        split_title=table["inner"],
        columns=[Column(one["key"], one["label"]) for one in heads],
        total_label=table["columns"][-1]["label"],
        lines=lines,
        totals=totals,
        kinds=_frozen_kinds(frozen),
        method=_method(found.sentence, layout, notes, found.as_of),
        notes=_notes(found.sentence, layout, [*notes, where], found.as_of),
        made_at=found.as_of,
        code=found.code,
        period=_period(asked.filter),
        conditions=_conditions(asked.filter),
        stories=lambda: _frozen_stories(frozen),
        story_count=found.stories or 0,
        layout=_layout(asked),
    )


def _frozen_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[Line]:
    ordinal = 0
    for row in rows:
        part = row["inner_label"] if row["inner_key"] else ""
        ordinal += bool(row["key"] and not part)
        yield Line(
            ordinal=ordinal if row["key"] and not part else 0, name=row["label"], part=part,
            numbers=tuple(row["numbers"][:-1]), total=row["numbers"][-1], key=row["key"], part_key=row["inner_key"],
        )  # fmt: skip


def _frozen_kinds(frozen: Frozen) -> list[tuple[str, int]]:
    counted = Tallied(line.kind for line in frozen.lines((known for _story, known in frozen.known()), Counter.whole))
    return [(str(kind.label), counted[str(kind.label)]) for kind in Kind if counted[str(kind.label)]]


def _frozen_stories(frozen: Frozen) -> Iterator[StoryLine]:
    addresses = _addresses(frozen.certificate.list.values("number"))
    for line in frozen.lines((known for _story, known in frozen.known()), Counter.whole):
        yield StoryLine(
            day=line.day or date.min, kind=line.kind, headline=line.title, bylines=line.bylines, rows=line.rows,
            url=addresses.get(line.number, ""),
        )  # fmt: skip


def _addresses(numbers: Any) -> dict[int, str]:
    """Where frozen stories stand today, by number; a story that readers no longer see has none."""
    columns = {column.path: column.full_url or "" for column in ColumnPage.objects.all()}
    stories = Story.objects.published().filter(public_id__in=numbers).values_list("public_id", "slug", "path")
    # treebeard's steps are four characters
    return {number: f"{columns[path[:-4]]}{slug}/" for number, slug, path in stories if columns.get(path[:-4])}
