"""What a part of a difference says, in words, as a row of a file, and as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from column.coverage.models import Document
from column.enums import CoverageRole, Kind, Tone
from column.tallies.explaining.rules import Cause, Difference, Part
from column.tallies.published.rules import signed
from column.text.dates import format_day, format_moment

HEADINGS = ("Lý do", "Thay đổi", "Tin, bài", "Số", "Việc", "Người", "Lúc", "Địa chỉ")


@dataclass
class Names:
    """What units, criteria and documents are called: the certificate's own words, later ones for what came later."""

    units: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    criteria: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    documents: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, *frames: Mapping[str, Any]) -> Names:
        found = cls({}, {}, {pk: str(one) for pk, one in Document.objects.in_bulk().items()})
        for frame in frames:
            found.units = {**found.units, **frame["units"]}
            found.criteria = {**found.criteria, **frame["criteria"]}
        return found

    def row(self, key: tuple[str | None, str | None], how: tuple[str, str]) -> str:
        unit, criterion = key
        parts = [
            str(self.units.get(unit, {}).get("name", unit)) if unit else "",
            str(self.criteria.get(criterion, {}).get("label", criterion)) if criterion else "",
        ]
        manner = [
            str(CoverageRole(how[0]).label) if how[0] != CoverageRole.SUBJECT else "",
            str(Tone(how[1]).label) if how[1] != Tone.UNSET else "",
        ]
        words, said = " – ".join(part for part in parts if part), ", ".join(part for part in manner if part)
        return f"{words} ({said})" if said else words


def deed(part: Part, names: Names) -> str:
    """What was done: “bỏ Sở Y tế – Kỷ cương; thêm Công an – Kỷ cương”, “Tin → Ảnh”; empty for other causes."""
    old, new = part.before, part.after
    if old is None or new is None:
        return ""
    if part.cause == Cause.RECODED:
        gone = [names.row(key, how) for key, how in old.rows.items() if new.rows.get(key) != how]
        come = [names.row(key, how) for key, how in new.rows.items() if old.rows.get(key) != how]
        said = [_("bỏ %(row)s") % {"row": row} for row in gone] + [_("thêm %(row)s") % {"row": row} for row in come]
        return "; ".join(said)
    if part.cause == Cause.REDATED and old.seen.issue_date and new.seen.issue_date:
        return f"{format_day(old.seen.issue_date)} → {format_day(new.seen.issue_date)}"
    if part.cause == Cause.KIND:
        return f"{Kind(old.seen.kind).label} → {Kind(new.seen.kind).label}"
    if part.cause == Cause.BYLINES:
        return f"{', '.join(old.seen.bylines)} → {', '.join(new.seen.bylines)}"
    if part.cause == Cause.DOCUMENTS:
        told = [
            ", ".join(names.documents.get(pk, str(pk)) for pk in seen.documents) or _("không có")
            for seen in (old.seen, new.seen)
        ]
        return " → ".join(told)
    return ""


def who(part: Part) -> str:
    if part.by_name:
        return part.by_name
    return _("Hệ thống") if part.at is not None else "–"


def as_rows(found: Difference, names: Names, site: str) -> list[list[str | int]]:
    """The lines of a file under ``HEADINGS``; the last one is the sum."""
    lines: list[list[str | int]] = [
        [
            str(part.cause.label), part.change, part.title, part.number or "", deed(part, names), who(part),
            format_moment(part.at) if part.at else "", address(part, site),
        ]
        for part in found.parts
    ]  # fmt: skip
    return [*lines, [_("Cộng"), found.change, "", "", f"{found.old} → {found.new}", "", "", ""]]


def address(part: Part, site: str = "") -> str:
    """Where the story's number leads: to the story, or to what is said of one that is gone."""
    return f"{site}/5-xay-3-chong/{part.number}/" if part.number else ""


def as_data(found: Difference, names: Names) -> dict[str, Any]:
    return {
        "old": found.old,
        "new": found.new,
        "change": found.change,
        "unknown": found.unknown,
        "parts": [
            {
                "cause": part.cause.value,
                "change": part.change,
                "story": part.number or None,
                "title": part.title,
                "deed": deed(part, names),
                "by": part.by_name or None,
                "at": part.at.isoformat() if part.at else None,
            }
            for part in found.parts
        ],
    }


def arrow(found: Difference) -> str:
    """“94 → 96 (+2)”."""
    return f"{found.old} → {found.new} ({signed(found.change)})"
