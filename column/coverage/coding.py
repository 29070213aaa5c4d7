"""The coverage editor's form: what it shows of a story, and what a person sent back.

Two parts: units that the text names, ticked and confirmed together; and the matrix of what is coded
already, unit × criterion, each row with its evidence, role and tone. A criterion is only ever ticked by a
person. Everything the form needs travels in it, so a refused form is shown again as it was sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.http import QueryDict
from django.utils import timezone

from column.coverage.models import Coverage, Criterion, DismissedSuggestion, Document, StoryDocument
from column.coverage.recording import Row
from column.coverage.suggest import Suggestion, suggest_units, text_of
from column.departments.models import Department
from column.departments.names import Gazetteer
from column.departments.rules import existed_on
from column.enums import CoverageRole, DocumentRelation, Tone
from column.stories.models import Story
from column.text.tokens import tokenize

#: In field names: no unit, or no criterion.
NOTHING = 0
NEW_UNIT = "moi"


@dataclass
class Tick:
    """One cell of the matrix."""

    criterion: Criterion
    ticked: bool = False


@dataclass
class Offer:
    """A suggested unit as a line of the form; ``unit`` is 0 while a person must choose."""

    name: str
    candidates: list[Department]
    unit: int
    passage: str
    ticked: bool
    role: str
    reason: str
    ticks: list[Tick]
    dismissed: bool = False

    @property
    def around(self) -> tuple[str, str]:
        """The passage before and after the name; the whole passage before it when it was cut differently."""
        if not self.has_name_in_passage:
            return self.passage, ""
        before, _name, after = self.passage.partition(self.name)
        return before, after

    @property
    def has_name_in_passage(self) -> bool:
        return bool(self.name) and self.name in self.passage


@dataclass
class Detail:
    """Evidence, role and tone of one row."""

    key: str
    criterion: int
    label: str
    evidence: str
    role: str
    tone: str
    #: The row whose passage no longer stands in the text, else 0.
    stale: int = 0


@dataclass
class Line:
    """A unit that is coded (None: criteria without a unit), its criteria and its rows."""

    unit: Department | None
    ticks: list[Tick]
    details: list[Detail]
    removed: bool = False

    @property
    def number(self) -> int:
        return self.unit.pk if self.unit else NOTHING


@dataclass
class Relation:
    document: Document
    relation: str
    named: bool


@dataclass
class Coding:
    """The whole form."""

    seen: str
    offers: list[Offer] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    #: One more unit, chosen from the list.
    unit: int = NOTHING
    role: str = CoverageRole.SUBJECT
    evidence: str = ""
    ticks: list[Tick] = field(default_factory=list)
    #: Units whose suggestion was dismissed for this story before.
    dismissed: list[Department] = field(default_factory=list)

    def rows(self) -> list[Row]:
        """What the story's coverage should be. A pair that is asked for twice stays one row, the coded one first."""
        wanted: dict[tuple[int | None, int | None], Row] = {}
        for line in self.lines:
            for row in _rows_of(line):
                wanted[row.key] = row
        for offer in self.offers:
            if offer.ticked and offer.unit:
                _offer_rows(wanted, offer.unit, offer.ticks, offer.passage, offer.role)
        if self.unit or any(tick.ticked for tick in self.ticks):
            _offer_rows(wanted, self.unit or None, self.ticks, self.evidence, self.role)
        return list(wanted.values())

    def undecided(self) -> list[str]:
        """Names that were ticked while nobody has chosen which unit is meant."""
        return [offer.name for offer in self.offers if offer.ticked and not offer.unit]

    def newly_dismissed(self) -> set[int]:
        """Units that are not to be suggested again for this story."""
        return {unit.pk for offer in self.offers if offer.dismissed and not offer.ticked for unit in offer.candidates}

    def documents(self) -> dict[int, str]:
        return {one.document.pk: one.relation for one in self.relations if one.relation}


def _rows_of(line: Line) -> list[Row]:
    unit = line.unit.pk if line.unit else None
    if line.removed:
        return []
    known = {detail.key: detail for detail in line.details}
    bare = _key(line.number, NOTHING)
    first = line.details[0] if line.details else Detail("", NOTHING, "", "", CoverageRole.SUBJECT, Tone.UNSET)
    ticked = [tick.criterion.pk for tick in line.ticks if tick.ticked]
    rows = []
    for criterion in ticked:
        # A criterion that is ticked now takes over what the unit's first row says.
        detail = known.get(_key(line.number, criterion), first)
        rows.append(Row(unit, criterion, detail.evidence, detail.role, detail.tone))
    # The unit alone makes way for its first criterion; where both stood, both stay.
    if unit is not None and (not ticked or (bare in known and len(known) > 1)):
        detail = known.get(bare, first)
        rows.append(Row(unit, None, detail.evidence, detail.role, detail.tone))
    return rows


def _offer_rows(
    wanted: dict[tuple[int | None, int | None], Row], unit: int | None, ticks: list[Tick], evidence: str, role: str
) -> None:
    chosen: list[int | None] = [tick.criterion.pk for tick in ticks if tick.ticked]
    for criterion in chosen or [None]:
        row = Row(unit, criterion, evidence, role)
        wanted.setdefault(row.key, row)


def _key(unit: int, criterion: int) -> str:
    return f"{unit}-{criterion}"


class CodingForm:
    """Makes the form of one story, from the database or from what was sent (a constant number of queries)."""

    def __init__(self, story: Story, version: Story, seen: str) -> None:
        """``version`` is the newest draft: the text that suggestions are read from."""
        self.story, self.version, self.seen = story, version, seen
        self.day: date = story.issue_date or timezone.localdate()
        self.gazetteer = Gazetteer.load()
        self.units = {unit.pk: unit for unit in self.gazetteer.by_code.values()}
        rows = Coverage.objects.filter(story=story.pk).select_related("department", "criterion__group")
        self.present = list(
            rows.order_by(
                "department__report_group", "department__sort_key", "department", "criterion__group__order",
                "criterion__order", "pk",
            )
        )  # fmt: skip
        self.dismissed = set(DismissedSuggestion.objects.filter(story=story.pk).values_list("department_id", flat=True))
        in_use = list(Criterion.objects.in_use(self.day).in_order())
        # A criterion of an older codebook stays on the form while a row holds it.
        older = {row.criterion_id: row.criterion for row in self.present if row.criterion}
        for one in in_use:
            older.pop(one.pk, None)
        self.criteria: list[Criterion] = [*in_use, *older.values()]
        self.known_documents = list(Document.objects.all())

    def initial(self) -> Coding:
        """The form as it opens. Suggestions are ticked beforehand only where nothing is coded yet."""
        by_unit: dict[int, list[Coverage]] = {}
        for row in self.present:
            by_unit.setdefault(row.department_id or NOTHING, []).append(row)
        coded = set(by_unit)
        words = text_of(self.version)
        offers = [
            self._offer(one, tick=not coded)
            for one in suggest_units(words, self.day, self.gazetteer)
            if not coded.intersection(unit.pk for unit in one.candidates)
            and not {unit.pk for unit in one.candidates} <= self.dismissed
        ]
        relations = dict(StoryDocument.objects.filter(story=self.story.pk).values_list("document", "relation"))
        return Coding(
            seen=self.seen,
            offers=offers,
            lines=[self._line(unit, rows) for unit, rows in by_unit.items()],
            relations=self._relations(relations, words),
            ticks=self._ticks(()),
            dismissed=self._dismissed_units(),
        )

    def _dismissed_units(self) -> list[Department]:
        return [unit for unit in self.units.values() if unit.pk in self.dismissed]

    def sent(self, data: QueryDict) -> Coding:
        """The form as a person sent it; numbers that mean nothing are left out."""
        offers = []
        for index in data.getlist("goi-y"):
            choice = _number(data.get(f"gy-don-vi-{index}", ""))
            candidates = [self.units[pk] for pk in map(_number, data.getlist(f"gy-co-{index}")) if pk in self.units]
            offers.append(
                Offer(
                    name=data.get(f"gy-ten-{index}", ""),
                    candidates=candidates,
                    unit=choice if choice in self.units else NOTHING,
                    passage=data.get(f"gy-doan-{index}", ""),
                    ticked=index in data.getlist("gy-chon"),
                    role=_one_of(data.get(f"gy-vai-tro-{index}", ""), CoverageRole.values, CoverageRole.SUBJECT),
                    reason=data.get(f"gy-ly-do-{index}", ""),
                    ticks=self._ticks(map(_number, data.getlist(f"gy-tieu-chi-{index}"))),
                    dismissed=index in data.getlist("gy-bo-qua"),
                )
            )
        unit = _number(data.get(f"{NEW_UNIT}-don-vi", ""))
        return Coding(
            seen=data.get("seen", ""),
            offers=offers,
            lines=[self._sent_line(number, data) for number in map(_number, data.getlist("dong"))],
            relations=self._relations(
                {one.pk: data.get(f"van-ban-{one.pk}", "") for one in self.known_documents}, text_of(self.version)
            ),
            unit=unit if unit in self.units else NOTHING,
            role=_one_of(data.get(f"{NEW_UNIT}-vai-tro", ""), CoverageRole.values, CoverageRole.SUBJECT),
            evidence=data.get(f"{NEW_UNIT}-doan", ""),
            ticks=self._ticks(map(_number, data.getlist(f"{NEW_UNIT}-tieu-chi"))),
            dismissed=self._dismissed_units(),
        )

    def caught_up(self, coding: Coding) -> Coding:
        """A form sent on an older state, with what others coded since put beside it; saving it loses neither."""
        lines = {line.number: line for line in coding.lines}
        for row in self.present:
            unit, criterion = row.department_id or NOTHING, row.criterion_id or NOTHING
            fresh = self._line(unit, [row])
            line = lines.get(unit)
            if line is None:
                lines[unit] = fresh
                coding.lines.append(fresh)
            elif fresh.details[0].key not in {detail.key for detail in line.details}:
                line.details += fresh.details
                for tick in line.ticks:
                    tick.ticked = tick.ticked or tick.criterion.pk == criterion
        now = dict(StoryDocument.objects.filter(story=self.story.pk).values_list("document", "relation"))
        for one in coding.relations:
            one.relation = one.relation or now.get(one.document.pk, "")
        coding.seen = self.seen
        return coding

    def choices(self) -> list[tuple[str, list[Department]]]:
        """The unit list to choose from: first who existed on the issue date, by report group, then the others."""
        groups: dict[str, list[Department]] = {}
        others = []
        for unit in self.units.values():
            if existed_on(unit, self.day):
                groups.setdefault(unit.group_name, []).append(unit)
            else:
                others.append(unit)
        return [*groups.items(), *([("Không hoạt động vào ngày đăng", others)] if others else [])]

    def _ticks(self, chosen: Iterable[int]) -> list[Tick]:
        ticked = set(chosen)
        return [Tick(criterion, criterion.pk in ticked) for criterion in self.criteria]

    def _offer(self, one: Suggestion, *, tick: bool) -> Offer:
        return Offer(
            name=one.name,
            candidates=list(one.candidates),
            unit=one.department.pk if one.department else NOTHING,
            passage=one.passage,
            ticked=tick and one.preticked,
            role=one.role,
            reason=one.reason,
            ticks=self._ticks(()),
        )

    def _line(self, unit: int, rows: list[Coverage]) -> Line:
        details = [
            Detail(
                _key(unit, row.criterion_id or NOTHING), row.criterion_id or NOTHING,
                row.criterion.label if row.criterion else "", row.evidence, row.role, row.tone,
                row.pk if row.stale_since else 0,
            )
            for row in rows
        ]  # fmt: skip
        return Line(self.units.get(unit), self._ticks(row.criterion_id or NOTHING for row in rows), details)

    def _sent_line(self, number: int, data: QueryDict) -> Line:
        labels = {one.pk: one.label for one in self.criteria}
        stale = {
            _key(row.department_id or NOTHING, row.criterion_id or NOTHING): row.pk
            for row in self.present
            if row.stale_since
        }
        details = []
        for criterion in map(_number, data.getlist(f"dong-co-{number}")):
            key = _key(number, criterion)
            details.append(
                Detail(
                    key,
                    criterion,
                    labels.get(criterion, ""),
                    data.get(f"doan-{key}", ""),
                    _one_of(data.get(f"vai-tro-{key}", ""), CoverageRole.values, CoverageRole.SUBJECT),
                    _one_of(data.get(f"chieu-{key}", ""), Tone.values, Tone.UNSET),
                    stale.get(key, 0),
                )
            )
        return Line(
            unit=self.units.get(number),
            ticks=self._ticks(map(_number, data.getlist(f"tieu-chi-{number}"))),
            details=details,
            removed=f"bo-{number}" in data,
        )

    def _relations(self, chosen: Mapping[int, str], words: str) -> list[Relation]:
        said = {token.exact for token in tokenize(words)}
        return [
            Relation(
                one,
                _one_of(chosen.get(one.pk, ""), DocumentRelation.values, ""),
                bool(one.number) and {token.exact for token in tokenize(one.number)} <= said,
            )
            for one in self.known_documents
        ]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else NOTHING


def _one_of(value: str, known: Iterable[str], otherwise: str) -> str:
    return value if value in set(known) else otherwise
