from __future__ import annotations

import pytest

from column.departments.lineage import Lineage
from column.departments.models import Department

pytestmark = pytest.mark.django_db


def pk(code: str) -> int:
    return Department.objects.get(code=code).pk


def codes(pks: set[int]) -> set[str]:
    return set(Department.objects.filter(pk__in=pks).values_list("code", flat=True))


def test_a_ward_holds_the_wards_that_wholly_became_it() -> None:
    found = Lineage.load().with_predecessors([pk("phuong-an-hai-2025")])
    assert codes(found) == {
        "phuong-an-hai-2025", "phuong-phuoc-my", "phuong-an-hai-bac", "phuong-an-hai-nam", "phuong-an-hai-tay",
        "phuong-an-hai-dong",
    }  # fmt: skip


def test_a_split_is_nobodys_past() -> None:
    found = codes(Lineage.load().with_predecessors([pk("phuong-hai-van-2025")]))
    assert found == {"phuong-hai-van-2025", "phuong-hoa-hiep-bac", "phuong-hoa-hiep-nam", "xa-hoa-bac"}
    lineage = Lineage.load()
    assert lineage.head(pk("xa-hoa-lien")) == pk("xa-hoa-lien")
    assert lineage.head(pk("phuong-an-hai-tay")) == pk("phuong-an-hai-2025")


def test_every_unit_belongs_to_one_lineage() -> None:
    lineage = Lineage.load()
    everyone = list(Department.objects.values_list("pk", flat=True))
    by_head: dict[int, set[int]] = {}
    for one in everyone:
        by_head.setdefault(lineage.head(one), set()).add(one)
    for head, members in by_head.items():
        assert lineage.with_predecessors([head]) == members


def test_a_branch_goes_all_the_way_down() -> None:
    found = codes(Lineage.load().with_branch([pk("cong-an-tp")]))
    assert {"cong-an-tp", "phong-csgt", "ca-quan-hai-chau"} <= found
    assert "quan-hai-chau" not in found


def test_a_circle_of_successors_ends() -> None:
    graph = Lineage({}, {1: [2], 2: [1]}, {1: [2], 2: [1]})
    assert graph.with_predecessors([1]) == {1, 2}
    assert graph.head(1) == 2
