"""Which criterion stands for which in one version of a codebook."""

from __future__ import annotations

import pytest

from column.coverage.codebooks import Wording
from column.coverage.models import Codebook, Criterion, CriterionGroup, CriterionMapping

#: 1, 2, 3 in the first version, 11 … in the second, 21 … in the third.
VERSIONS = {1: 1, 2: 1, 3: 1, 4: 1, 11: 2, 12: 2, 13: 2, 21: 3, 22: 3}
MAPPINGS: list[tuple[int, int | None, str]] = [
    (1, 11, ""), (2, 12, ""), (3, 12, ""), (4, None, "Không còn"), (11, 21, ""), (12, 21, ""), (13, 22, ""),
]  # fmt: skip


def book(version: int) -> Codebook:
    return Codebook(version=version)


def test_without_a_version_every_criterion_is_itself():
    assert Wording.load(None).images == {}
    assert Wording.load(None).image(7) == 7


def test_forward_along_the_versions():
    last = Wording.make(book(3), VERSIONS, MAPPINGS)
    assert last.images == {1: 21, 2: 21, 3: 21, 11: 21, 12: 21, 13: 22}
    assert (last.dropped, last.undecided) == ({4: "Không còn"}, frozenset())
    assert last.members(21) == {1, 2, 3, 11, 12, 21}
    assert last.members(1) == set()


def test_back_only_where_one_became_it():
    first = Wording.make(book(1), VERSIONS, MAPPINGS)
    # 12 was made of two, 21 of two; 13 is new.
    assert first.images == {11: 1, 22: 13}
    second = Wording.make(book(2), VERSIONS, MAPPINGS)
    assert second.images == {1: 11, 2: 12, 3: 12, 22: 13}


def test_what_nobody_mapped_is_named():
    found = Wording.make(book(2), VERSIONS, MAPPINGS[1:])
    assert found.undecided == {1}
    assert found.image(1) == 1


@pytest.mark.django_db
def test_of_the_installations_codebook(django_assert_num_queries: object):
    first = Codebook.objects.get()
    second = Codebook.objects.create(document=first.document, version=2, title="5 xây, 3 chống")
    group = CriterionGroup.objects.create(codebook=second, family="xay", name="xây")
    new = Criterion.objects.create(group=group, slug="ky-luat", name="kỷ luật")
    old = Criterion.objects.get(slug="ky-cuong")
    CriterionMapping.objects.create(old=old, new=new)
    with django_assert_num_queries(2):  # type: ignore[operator]
        found = Wording.load(second)
    assert found.by_slug() == {"ky-cuong": "ky-luat"}
    assert len(found.undecided) == 7
    assert Wording.load(first).by_slug() == {"ky-luat": "ky-cuong"}
