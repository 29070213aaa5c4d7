"""From a tally, or a frozen one, to what its files say. Labels and figures are those of the screen (``Shown``)."""

from __future__ import annotations

from collections import Counter as Tallied
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from column.coverage.filter import CoverageFilter
from column.coverage.selection import Selection
from column.enums import Kind
from column.stories.models import ColumnPage, Story
from column.tallies.asked import SLOTS, Asked
from column.tallies.axes import Value
from column.tallies.certificates.addresses import read_address
from column.tallies.certificates.codes import read_code
from column.tallies.certificates.counter import Counter
from column.tallies.certificates.frozen import Frozen
from column.tallies.certificates.models import Certificate
from column.tallies.certificates.printing import certificate_of, permalink
from column.tallies.charts import of_tally
from column.tallies.charts.drawing import NotDrawn
from column.tallies.charts.picture import Picture, draw_all
from column.tallies.contract import RULES
from column.tallies.dimensions import dimension_of
from column.tallies.exports.report import Column, Line, Report
from column.tallies.shown import Shown
from column.tallies.stories import StoryLine, all_lines
from column.tallies.table import Tally
from column.text.dates import format_moment

#: The parameter of an address that names a certificate instead of a tally.
CERTIFICATE = "phieu"


class BadDefinition(ValueError):
    """No table can be made of this; the message is Vietnamese, a line for each problem."""


def report_of(params: QueryDict, *, at: datetime, pictures: bool = False) -> Report:
    """The report of an address: a tally as it is now, or a certificate (``phieu``). Raises :class:`BadDefinition`."""
    if code := params.get(CERTIFICATE):
        return certified(code)
    asked, problems = Asked.parse(params)
    tally = Tally.make(asked, problems, today=timezone.localdate(at), at=at)
    if tally.chosen.problems:
        raise BadDefinition("\n".join(tally.chosen.problems))
    return report_of_tally(tally, pictures=pictures)


def report_of_tally(tally: Tally, *, pictures: bool = False) -> Report:
    """Of a tally that has no problems."""
    asked, shown, sentence = tally.asked, Shown(tally), tally.chosen.sentence()
    lines = list(_lines(tally))
    # Of mentions and stories: the stories of every figure, each once.
    counted = Selection.of(asked.counted, today=timezone.localdate(tally.made_at))
    gone = tally.taken_down_note()
    certificate = certificate_of(tally)
    monitored = tally.monitored
    return Report(
        title=_("Bảng tổng hợp"),
        sentence=sentence,
        address=asked.url(),
        measure=asked.measure,
        measure_label=tally.measure_label,
        row_title=_title(asked.rows),
        split_title=_title(asked.split) if tally.quarters else "",
        columns=[Column(one.slug, _capital(one.display_name)) for one in tally.columns],
        total_label=tally.total_label,
        lines=lines,
        totals=list(_totals(tally)),
        groups=[
            _line(0, row.label, None, ([one.number for one in row.figures], row.total.number))
            for row in tally.group_rows()
        ],
        kinds=[(one.label, one.figure.number) for one in tally.kind_figures()],
        method=_method(sentence, shown.layout, shown.notes, tally.made_at),
        notes=_notes(sentence, shown.layout, shown.notes, tally.made_at),
        made_at=tally.made_at,
        footnotes=[gone] if gone and gone not in shown.notes else [],
        code=certificate.code if certificate else "",
        period=_period(asked.filter),
        conditions=_conditions(asked.filter),
        monitored=str(monitored) if monitored else "",
        uncovered=[one.display_name for one in tally.zero_rows] if monitored else [],
        stories=lambda: all_lines(counted),
        story_count=0 if asked.measure == SLOTS else counted.stories().count(),
        layout=_layout(asked),
        pictures=_pictures(asked, tally.made_at) if pictures else (),
    )


def _pictures(asked: Asked, at: datetime) -> list[Picture]:
    """Those of the screen; none where they cannot be drawn now: the figures stand in the table."""
    made = of_tally.pictures_of(asked, today=timezone.localdate(at), at=at)
    try:
        draw_all(made)
    except NotDrawn:
        return []
    return made


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


# --- lines ---------------------------------------------------------------------------------------------------------


def _lines(tally: Tally) -> Iterator[Line]:
    # Bodies of one name are told apart by their time, in the margin: never in the name.
    bearers = Tallied(unit.display_name for unit in tally.units)
    for ordinal, unit in enumerate(tally.units, start=1):
        note = unit.note if bearers[unit.display_name] > 1 else ""
        name = _capital(unit.display_name)
        yield _line(ordinal, name, None, tally.numbers(unit), note=note, key=unit.slug)
        for part in tally.quarters_of(unit):
            yield _line(0, name, part, tally.numbers(unit, part.slug), note=note, key=unit.slug)


def _totals(tally: Tally) -> Iterator[Line]:
    yield _line(0, tally.total_label, None, tally.total_numbers())
    for part in tally.quarters:
        yield _line(0, tally.total_label, part, tally.total_numbers(part.slug))


def _line(
    ordinal: int, name: str, part: Value | None, numbers: tuple[list[int], int], *, note: str = "", key: str = ""
) -> Line:
    cells, total = numbers
    return Line(
        ordinal, name, _capital(part.display_name) if part else "", tuple(cells), total, note, key,
        part.slug if part else "",
    )  # fmt: skip


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _title(word: str) -> str:
    found = dimension_of(word)
    return str(found.title) if found else ""


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
