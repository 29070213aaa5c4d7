"""The words a cell may name: units, criteria, documents. Loaded once for an import, looked up by row."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Self

from django.utils.translation import gettext as _

from column.coverage.models import Criterion, Document
from column.departments.models import Department
from column.departments.names import Gazetteer
from column.departments.rules import candidates_on
from column.text.dates import DateProblem, format_day, parse_day
from column.text.normalize import canonical
from column.text.slugs import slugify_vi
from column.transfer.problems import BadCell


def match_key(name: str) -> str:
    """How a criterion or a number is compared: case, spacing and spelling variants do not matter, diacritics do."""
    return " ".join(canonical(name).casefold().split())


_DATED = re.compile(r"^(.*?)(?: \((\d{1,2}[-./]\d{1,2}[-./]\d{1,5})\))?$", re.DOTALL)


@dataclass
class Vocabulary:
    """Unchanging for the length of an import; a unit added meanwhile is seen by the next one."""

    gazetteer: Gazetteer
    criteria: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    documents: dict[str, list[Document]] = field(default_factory=lambda: defaultdict(list))
    _found: dict[tuple[str, date], tuple[Department, str]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Self:
        words = cls(Gazetteer.load())
        for criterion in Criterion.objects.select_related("group"):
            for key in {match_key(criterion.slug), match_key(criterion.label), match_key(criterion.name)}:
                words.criteria[key].append((criterion.slug, criterion.pk))
        for document in Document.objects.all():
            words.documents[match_key(document.number or document.title)].append(document)
        return words

    def unit(self, text: str, day: date) -> tuple[Department, str]:
        """The unit that a cell names on that day, and a warning or an empty text.

        A code is explicit: outside the unit's years it is only a warning. A name must fit exactly one unit of the
        day. Raises :class:`BadCell`.
        """
        key = (text.strip(), day)
        if key not in self._found:
            self._found[key] = self._look_up(*key)
        return self._found[key]

    def _look_up(self, text: str, day: date) -> tuple[Department, str]:
        unit = self.gazetteer.by_code.get(text)
        fitting = self.gazetteer.named(text, day)
        if unit is not None:
            if candidates_on([unit], day):
                return unit, ""
            return unit, _("“%(name)s” không hoạt động vào ngày %(day)s%(instead)s.") % {
                "name": unit.name, "day": format_day(day), "instead": _instead(unit),
            }  # fmt: skip
        if len(fitting) == 1:
            return fitting[0], ""
        if fitting:
            raise BadCell(
                _("Ngày %(day)s có %(count)d đơn vị cùng tên này.") % {"day": format_day(day), "count": len(fitting)},
                _("Hãy viết mã của đơn vị muốn chọn: %(codes)s.") % {"codes": ", ".join(unit.code for unit in fitting)},
                value=text,
            )
        if known := self.gazetteer.all_named(text):
            raise BadCell(
                _("Đơn vị này không hoạt động vào ngày %(day)s%(instead)s.")
                % {"day": format_day(day), "instead": _instead(known[0])},
                _("Hãy xem lại ngày, hoặc viết mã của đơn vị đúng; muốn giữ đơn vị này thì viết mã “%(code)s”.")
                % {"code": known[0].code},
                value=text,
            )
        raise BadCell(
            _("Không có đơn vị nào tên hoặc mã như vậy."),
            _near(text, self.gazetteer.by_code)
            or _("Hãy thêm đơn vị (hoặc một cách viết khác) trước, rồi nhập lại dòng này."),
            value=text,
        )

    def criterion(self, text: str) -> tuple[str, int]:
        """The slug and key of the criterion that a cell names. Raises :class:`BadCell`."""
        found = self.criteria.get(match_key(text), [])
        if len(found) == 1:
            return found[0]
        if found:
            raise BadCell(
                _("Có %(count)d tiêu chí cùng tên này ở các bộ tiêu chí khác nhau.") % {"count": len(found)},
                _("Hãy viết mã của tiêu chí: %(slugs)s.") % {"slugs": ", ".join(slug for slug, _pk in found)},
                value=text,
            )
        slugs = sorted({slug for entries in self.criteria.values() for slug, _pk in entries})
        raise BadCell(
            _("Không có tiêu chí này."),
            _near(text, slugs) or _("Các mã tiêu chí: %(slugs)s.") % {"slugs": ", ".join(slugs[:12])},
            value=text,
        )

    def document(self, text: str) -> Document:
        """“29-CT/TU” or “29-CT/TU (06/11/2013)”; the date tells two with one number apart. Raises :class:`BadCell`."""
        match = _DATED.match(text.strip())
        assert match is not None  # every text does
        found = self.documents.get(match_key(match[1]), [])
        if match[2]:
            try:
                day = parse_day(match[2])
            except DateProblem as problem:
                raise BadCell(str(problem), _("Hãy viết: 29-CT/TU (06/11/2013)."), value=text) from None
            found = [document for document in found if document.issued_on == day]
        if len(found) == 1:
            return found[0]
        if found:
            raise BadCell(
                _("Có nhiều văn bản mang số này."), _("Hãy viết thêm ngày ban hành: 29-CT/TU (06/11/2013)."), value=text
            )
        raise BadCell(
            _("Không có văn bản này trong hệ thống."), _("Hãy thêm văn bản trước, rồi nhập lại dòng này."), value=text
        )


def _near(text: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(slugify_vi(text), known, n=3, cutoff=0.75)
    return _("Có phải là: %(codes)s?") % {"codes": ", ".join(near)} if near else ""


def _instead(unit: Department) -> str:
    codes = [successor.code for successor in unit.successors.all()]
    return _(" (đơn vị kế thừa: %(codes)s)") % {"codes": ", ".join(sorted(codes))} if codes else ""
