"""The unit list that comes with the system, loaded without ever overwriting what staff changed."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from importlib.resources import files

from django.db import transaction
from wagtail.search.backends import get_search_backends

from column.departments.models import Department, DepartmentAlias

#: Bodies that mostly speak, direct or assess: suggested, but never ticked beforehand.
SPEAKS_ONLY = frozenset({
    "thanh-uy", "btv-thanh-uy", "vp-thanh-uy", "hdnd-tp", "ban-tuyen-giao-tu", "ban-dan-van-tu",
    "ban-tuyen-giao-dan-van-tu", "ban-noi-chinh-tu", "bao-da-nang", "dai-pt-th", "bao-pt-th-da-nang",
})  # fmt: skip


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("column") / "data" / name).read_text(encoding="utf-8-sig")
    yield from csv.DictReader(text.splitlines())


@transaction.atomic
def load_departments() -> int:
    """Add the units of ``column/data/departments.csv`` whose code is not there yet; return how many.

    Parents and successors are set for the added units alone, in a second pass. Our aliases follow their unit.
    """
    known = set(Department.objects.values_list("code", flat=True))
    rows = [row for row in _rows("departments.csv") if row["code"] not in known]
    if not rows:
        return 0
    fresh = [_department(row) for row in rows]
    Department.objects.bulk_create(fresh)
    by_code = {unit.code: unit for unit in Department.objects.all()}
    links = []
    for row in rows:
        unit = by_code[row["code"]]
        unit.parent = by_code.get(row["parent_code"])
        links += [
            Department.successors.through(from_department=unit, to_department=by_code[code])
            for code in row["successor_codes"].split(";")
            if code in by_code
        ]
    added = [by_code[row["code"]] for row in rows]
    Department.objects.bulk_update(added, ["parent"])
    Department.successors.through.objects.bulk_create(links)
    _add_aliases({unit.code: unit for unit in added})
    # bulk_create sends no signal: the admin's search is told by hand.
    for backend in get_search_backends(with_auto_update=True):
        backend.add_bulk(Department, added)
    return len(added)


def _department(row: dict[str, str]) -> Department:
    unit = Department(
        code=row["code"],
        name=row["name"],
        short_name=row["short_name"],
        disambiguation=row["disambiguation"],
        kind=row["kind"],
        report_group=int(row["report_group"]),
        valid_from=row["valid_from"],
        valid_to=row["valid_to"],
        source=row["source"],
        confidence=row["confidence"],
        speaks_only=row["code"] in SPEAKS_ONLY,
    )
    unit.fill_keys()
    return unit


def _add_aliases(units: dict[str, Department]) -> None:
    aliases: dict[tuple[str, str], DepartmentAlias] = {}
    for row in _rows("department_aliases.csv"):
        if row["code"] in units:
            alias = DepartmentAlias(department=units[row["code"]], text=row["alias"])
            alias.fill_keys()
            aliases.setdefault((row["code"], alias.match_key), alias)
    DepartmentAlias.objects.bulk_create(aliases.values())


def load_when_empty() -> None:
    """For ``post_migrate``: a new installation has its units at once."""
    if not Department.objects.exists():
        load_departments()
