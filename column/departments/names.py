"""Names to units: which bodies a written name may mean, on a day and in a text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from column.departments.models import Department, name_key
from column.departments.rules import candidates_on, spoken_forms
from column.text.phrases import PhraseMatcher


@dataclass(frozen=True)
class Gazetteer:
    """Every unit under every way of writing it, read once (two queries); units in report order.

    A duplicate's code means the unit whose duplicate it is.
    """

    by_code: dict[str, Department]
    by_name: dict[str, tuple[Department, ...]]

    @classmethod
    def load(cls) -> Gazetteer:
        known = list(Department.objects.in_report_order().prefetch_related("aliases"))
        units = [unit for unit in known if unit.merged_into_id is None]
        named: dict[str, dict[int, Department]] = {}
        for unit in units:
            forms = spoken_forms(unit.name, unit.short_name, unit.kind)
            forms += [alias.text for alias in unit.aliases.all()]
            for form in forms:
                named.setdefault(name_key(form), {})[unit.pk] = unit
        by_code = {unit.code: unit for unit in units}
        own = {unit.pk: unit for unit in units}
        by_code |= {unit.code: own[unit.merged_into_id] for unit in known if unit.merged_into_id}
        return cls(
            by_code=by_code,
            by_name={key: tuple(found.values()) for key, found in named.items()},
        )

    def all_named(self, name: str) -> Sequence[Department]:
        """The units that are ever written so, whatever the day; empty when the name is unknown."""
        return self.by_name.get(name_key(name), ())

    def named(self, name: str, day: date) -> list[Department]:
        """The units that a name (or a code) may mean on a day: none, the one, or several to choose from."""
        if name in self.by_code:
            return [self.by_code[name]]
        return candidates_on(self.all_named(name), day)

    def matcher(self) -> PhraseMatcher[str]:
        """Finds the names in a text; the keys are those of ``by_name``."""
        return PhraseMatcher((key, key) for key in self.by_name)
