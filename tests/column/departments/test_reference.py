from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from column.departments.models import Department
from column.departments.names import Gazetteer
from column.departments.reference import load_departments

pytestmark = pytest.mark.django_db


def test_a_new_installation_has_the_units() -> None:
    assert Department.objects.count() == 244
    police = Department.objects.get(code="cong-an-tp")
    assert police.parent is not None
    assert police.parent.code == "tp-da-nang"
    assert "Công an thành phố" in {alias.text for alias in police.aliases.all()}
    split = Department.objects.get(code="so-van-hoa-the-thao-du-lich-cu")
    assert {unit.code for unit in split.successors.all()} == {"so-van-hoa-the-thao", "so-du-lich"}


def test_loading_again_adds_only_what_is_missing_and_keeps_edits() -> None:
    assert load_departments() == 0
    edited = Department.objects.get(code="so-y-te")
    edited.name, edited.short_name = "Sở Y tế thành phố", ""
    edited.save()
    Department.objects.filter(code="so-du-lich").delete()  # past the model, which refuses it
    assert load_departments() == 1
    assert Department.objects.get(code="so-y-te").name == "Sở Y tế thành phố"
    back = Department.objects.get(code="so-du-lich")
    assert back.parent is not None
    assert back.parent.code == "ubnd-tp"
    assert [unit.code for unit in back.successors.all()] == ["so-van-hoa-the-thao-du-lich"]


def test_the_command_says_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_departments")
    assert capsys.readouterr().out == "Đã thêm 0 cơ quan, đơn vị.\n"


def test_a_unit_is_not_deleted() -> None:
    with pytest.raises(ValidationError, match="Không xóa đơn vị"):
        Department.objects.get(code="so-y-te").delete()


def test_report_order_is_vietnamese() -> None:
    group = list(Department.objects.filter(report_group=1).in_report_order().values_list("name", flat=True))
    assert group[0] == "Ban Dân vận Thành ủy"
    assert group[-1] == "Văn phòng Thành ủy"
    assert group.index("Đảng ủy các cơ quan Đảng thành phố") < group.index("Thành ủy Đà Nẵng")


def codes(name: str, day: date) -> list[str]:
    return [unit.code for unit in Gazetteer.load().named(name, day)]


def test_a_name_means_the_unit_of_its_day() -> None:
    assert codes("sở công thương", date(2017, 2, 16)) == ["so-cong-thuong"]
    assert codes("Sở Nội vụ", date(2017, 2, 16)) == ["so-noi-vu"]
    assert codes("Sở Nội vụ", date(2025, 3, 1)) == ["so-noi-vu-2025"]
    assert codes("Phường Hải Châu", date(2025, 6, 30)) == ["phuong-hai-chau-2025h1"]
    assert codes("phường Hải Châu", date(2017, 2, 16)) == []
    assert codes("Công an TP", date(2017, 2, 16)) == ["cong-an-tp"]
    assert codes("Quản lý thị trường", date(2018, 10, 12)) == ["qltt", "cuc-qltt"]
    assert codes("UBND quận Hải Châu", date(2017, 2, 16)) == ["quan-hai-chau"]
    assert codes("so-y-te", date(2017, 2, 16)) == ["so-y-te"]
    assert codes("Sở Không có", date(2017, 2, 16)) == []


def test_reading_the_gazetteer_costs_two_queries(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        Gazetteer.load().matcher()
