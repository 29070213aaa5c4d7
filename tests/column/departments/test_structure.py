"""Which unit stands for which on a day: plain units by number first, then the installation's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from column.departments.models import Department, SplitRule
from column.departments.structure import Life, Structure

TODAY = date(2026, 11, 23)
NEW_YEAR, EVE = date(2025, 1, 1), date(2024, 12, 31)


def made(
    day: date | None,
    units: Mapping[int, Life],
    links: list[tuple[int, int]],
    rules: dict[int, int | None] | None = None,
) -> Structure:
    return Structure.make(day, units, links, rules or {})


def until(end: date) -> Life:
    return Life(latest_to=end)


def since(begin: date) -> Life:
    return Life(earliest_from=begin)


RENAMED = ({1: until(EVE), 2: since(NEW_YEAR)}, [(1, 2)])


def test_as_it_was_on_the_day_of_the_story_maps_nothing():
    assert made(None, *RENAMED).images == {}


def test_the_last_day_is_the_units_own_the_next_its_successors():
    assert made(EVE, *RENAMED).images == {2: 1}
    assert made(NEW_YEAR, *RENAMED).images == {1: 2}


def test_a_chain_is_followed_to_the_unit_of_the_day_and_no_further():
    units = {
        1: until(date(2010, 12, 31)),
        2: Life(date(2011, 1, 1), EVE),
        3: Life(NEW_YEAR, date(2025, 6, 30)),
        4: since(date(2025, 7, 1)),
    }
    links = [(1, 2), (2, 3), (3, 4)]
    assert made(TODAY, units, links).images == {1: 4, 2: 4, 3: 4}
    assert made(date(2025, 3, 1), units, links).images == {1: 3, 2: 3, 4: 3}
    assert made(date(2017, 2, 16), units, links).images == {1: 2, 3: 2, 4: 2}
    assert made(date(2000, 1, 1), units, links).images == {2: 1, 3: 1, 4: 1}


def test_a_year_admits_all_its_days():
    """The old unit may have lived on any day of 2025, the new one too: both are themselves."""
    units = {1: until(date(2025, 12, 31)), 2: since(date(2025, 1, 1))}
    assert made(date(2025, 1, 1), units, [(1, 2)]).images == {}
    assert made(date(2025, 12, 31), units, [(1, 2)]).images == {}
    assert made(date(2026, 1, 1), units, [(1, 2)]).images == {1: 2}
    assert made(date(2024, 12, 31), units, [(1, 2)]).images == {2: 1}


def test_a_merger_goes_forward_and_is_not_taken_apart():
    units = {1: until(EVE), 2: until(EVE), 3: since(NEW_YEAR)}
    links = [(1, 3), (2, 3)]
    today = made(TODAY, units, links)
    assert today.images == {1: 3, 2: 3}
    assert today.members(3) == {1, 2, 3}
    assert today.members(1) == set()
    before = made(EVE, units, links)
    assert before.images == {}
    assert before.members(3) == {3}


def test_a_part_that_merged_into_one_that_lives_on():
    units = {1: until(EVE), 2: Life()}
    assert made(TODAY, units, [(1, 2)]).images == {1: 2}
    assert made(EVE, units, [(1, 2)]).images == {}


SPLIT = ({1: until(EVE), 2: since(NEW_YEAR), 3: since(NEW_YEAR)}, [(1, 2), (1, 3)])


def test_a_split_without_a_rule_stays_itself_and_is_named():
    found = made(TODAY, *SPLIT)
    assert (found.images, found.undecided) == ({}, frozenset({1}))


def test_a_split_with_a_rule():
    found = made(TODAY, *SPLIT, {1: 3})
    assert (found.images, found.undecided) == ({1: 3}, frozenset())
    found = made(TODAY, *SPLIT, {1: None})
    assert (found.images, found.undecided) == ({}, frozenset())


def test_before_the_split_its_parts_are_the_one_they_came_from():
    found = made(EVE, *SPLIT)
    assert (found.images, found.undecided) == ({2: 1, 3: 1}, frozenset())


def test_a_rule_that_names_no_successor_decides_nothing_new():
    assert made(TODAY, *SPLIT, {1: 1}).images == {}


def test_on_the_way_through_a_split():
    units = {
        1: until(date(2015, 12, 31)), 2: Life(date(2016, 1, 1), EVE), 3: since(NEW_YEAR),
        4: Life(NEW_YEAR, EVE.replace(year=2025)),
        5: since(date(2026, 1, 1)),
    }  # fmt: skip
    links = [(1, 2), (2, 3), (2, 4), (4, 5)]
    without = made(TODAY, units, links)
    assert (without.images, without.undecided) == ({1: 2, 4: 5}, frozenset({2}))
    assert made(TODAY, units, links, {2: 4}).images == {1: 5, 2: 5, 4: 5}
    assert made(date(2025, 6, 1), units, links, {2: 4}).images == {1: 4, 2: 4, 5: 4}


def test_an_abolished_unit_is_itself_for_ever():
    assert made(TODAY, {1: until(EVE)}, []).images == {}


def test_a_gap_between_two_units_belongs_to_neither():
    units = {1: until(EVE), 2: since(date(2025, 3, 1))}
    assert made(date(2025, 2, 1), units, [(1, 2)]).images == {}
    assert made(date(2025, 3, 1), units, [(1, 2)]).images == {1: 2}


def test_a_unit_with_successors_and_no_known_end_is_over():
    assert made(TODAY, {1: Life(), 2: Life()}, [(1, 2)]).images == {1: 2}
    assert made(EVE, {1: Life(), 2: since(NEW_YEAR)}, [(1, 2)]).images == {2: 1}


def test_a_duplicate_is_always_the_unit_whose_duplicate_it_is():
    units = {1: Life(merged_into=2), 2: Life(merged_into=3), 3: until(EVE), 4: since(NEW_YEAR)}
    assert made(None, units, [(3, 4)]).images == {1: 3, 2: 3}
    assert made(EVE, units, [(3, 4)]).images == {1: 3, 2: 3, 4: 3}
    assert made(TODAY, units, [(3, 4)]).images == {1: 4, 2: 4, 3: 4}
    # What was recorded of the duplicate holds for the unit.
    assert made(TODAY, units, [(1, 4)]).images == {1: 4, 2: 4, 3: 4}


def test_a_circle_ends_where_it_began():
    circle = {1: until(EVE), 2: until(EVE), 3: until(EVE)}
    assert made(TODAY, circle, [(1, 2), (2, 1), (3, 1)]).images == {}
    assert made(TODAY, {1: Life(merged_into=2), 2: Life(merged_into=1)}, []).images == {}


def test_leap_day():
    units = {1: until(date(2016, 2, 29)), 2: since(date(2016, 3, 1))}
    assert made(date(2016, 2, 29), units, [(1, 2)]).images == {2: 1}
    assert made(date(2016, 3, 1), units, [(1, 2)]).images == {1: 2}


@pytest.mark.django_db
class TestInstallation:
    def unit(self, code: str) -> Department:
        return Department.objects.get(code=code)

    def image(self, found: Structure, code: str) -> str:
        return Department.objects.get(pk=found.image(self.unit(code).pk)).code

    def test_todays_structure(self, django_assert_num_queries: object):
        with django_assert_num_queries(3):  # type: ignore[operator]
            found = Structure.load(TODAY)
        assert self.image(found, "so-noi-vu") == "so-noi-vu-2025"
        assert self.image(found, "so-lao-dong-tbxh") == "so-noi-vu-2025"
        # 2024-12-31 into a ward of half a year, then into that of 01/07/2025.
        assert self.image(found, "phuong-hai-chau-i") == "phuong-hai-chau-2025"
        assert self.image(found, "quan-hai-chau") == "quan-hai-chau"
        assert self.unit("quan-hai-chau").pk in found.undecided
        assert found.by_code()["so-noi-vu"] == "so-noi-vu-2025"

    def test_the_structure_of_a_day_in_between(self):
        found = Structure.load(date(2025, 6, 30))
        assert self.image(found, "phuong-hai-chau-i") == "phuong-hai-chau-2025h1"
        assert self.image(found, "quan-hai-chau") == "quan-hai-chau"
        # Made of several: nobody can take it apart.
        assert self.image(found, "phuong-hai-chau-2025") == "phuong-hai-chau-2025"

    def test_an_image_is_its_own_image(self):
        for day in (date(2014, 1, 1), date(2016, 5, 16), date(2018, 10, 12), date(2025, 1, 1), date(2025, 7, 1), TODAY):
            found = Structure.load(day)
            assert {found.image(image) for image in found.images.values()} == set(found.images.values())

    def test_a_rule_moves_a_split_unit_and_the_newest_is_in_force(self):
        old, one, other = map(self.unit, ("quan-hai-chau", "phuong-hai-chau-2025", "phuong-hoa-cuong-2025"))
        SplitRule.objects.create(unit=old, counts_as=one, source="NQ thử")
        assert Structure.load(TODAY).image(old.pk) == one.pk
        SplitRule.objects.create(unit=old, counts_as=other, source="NQ thử 2")
        assert Structure.load(TODAY).image(old.pk) == other.pk
        SplitRule.objects.create(unit=old, source="NQ thử 3")
        found = Structure.load(TODAY)
        assert (found.image(old.pk), old.pk in found.undecided) == (old.pk, False)
        with pytest.raises(TypeError):
            SplitRule.objects.all().delete()

    def test_a_rule_names_a_successor_of_a_unit_that_was_split(self):
        renamed, split = self.unit("so-noi-vu"), self.unit("quan-hai-chau")
        with pytest.raises(ValidationError, match="chia thành nhiều đơn vị"):
            SplitRule(unit=renamed, source="x").full_clean()
        with pytest.raises(ValidationError, match="một trong các đơn vị kế thừa"):
            SplitRule(unit=split, counts_as=renamed, source="x").full_clean()

    def test_a_duplicate_on_every_day(self):
        one, other = self.unit("so-y-te"), self.unit("so-du-lich")
        Department.objects.filter(pk=one.pk).update(merged_into=other)
        assert Structure.load(None).images == {one.pk: other.pk}
        assert Structure.load(TODAY).image(one.pk) == self.unit("so-van-hoa-the-thao-du-lich").pk
