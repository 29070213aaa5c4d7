"""What happens to units, recorded and undone: exact bounds, successors, refusals."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError

from column.coverage.duplicates import look_at, merge
from column.coverage.filter import CoverageFilter
from column.coverage.models import Coverage, CoverageChange, Criterion
from column.coverage.recording import Move, Row, record
from column.coverage.selection import Selection
from column.departments.changing import Change, carry_out, plan, undo
from column.departments.models import Department, DepartmentAlias, UnitEvent
from column.departments.names import Gazetteer
from column.departments.structure import Structure
from column.enums import CoverageRole, UnitEventKind
from column.people.models import User
from column.text.dates import TZ
from tests.factories import make_article, make_department, make_user

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 9, 0, tzinfo=TZ)
K = UnitEventKind


def unit(code: str) -> Department:
    return Department.objects.get(code=code)


def change(
    kind: UnitEventKind, day: str, *before: Department, to: tuple[Department, ...] = (), new: tuple[str, ...] = ()
) -> Change:
    return Change(kind, day, before, to, tuple((name, "") for name in new), "NQ thử")


@pytest.fixture
def lan() -> User:
    return make_user("lan", display_name="Lan")


@pytest.mark.parametrize(
    ("day", "last", "begins"),
    [
        ("2026-03-01", "2026-02-28", "2026-03-01"), ("2024-03-01", "2024-02-29", "2024-03-01"),
        ("2026-05", "2026-05", "2026-05"), ("2026", "2026", "2026"),
    ],
)  # fmt: skip
def test_renaming_ends_one_and_begins_another(lan: User, day: str, last: str, begins: str):
    old = make_department("Sở Một", code="so-mot", kind="so", parent=unit("ubnd-tp"))
    event = carry_out(change(K.RENAMED, day, old, new=("Sở Hai",)), user=lan)
    old.refresh_from_db()
    new = unit("so-hai")
    assert (old.valid_to, new.valid_from, new.parent, new.report_group) == (last, begins, unit("ubnd-tp"), 4)
    assert list(old.successors.all()) == [new]
    assert (event.recorded_by, event.source, event.day) == (lan, "NQ thử", day)
    assert (list(event.from_units.all()), list(event.to_units.all())) == ([old], [new])


def test_the_story_of_the_last_day_is_the_old_units(lan: User):
    old = make_department("Sở Một", code="so-mot")
    carry_out(change(K.RENAMED, "2026-03-01", old, new=("Sở Hai",)), user=lan)
    assert [one.code for one in Gazetteer.load().named("Sở Một", date(2026, 2, 28))] == ["so-mot"]
    assert Gazetteer.load().named("Sở Một", date(2026, 3, 1)) == []
    assert [one.code for one in Gazetteer.load().named("Sở Hai", date(2026, 3, 1))] == ["so-hai"]
    assert Structure.load(date(2026, 2, 28)).image(unit("so-hai").pk) == old.pk
    assert Structure.load(date(2026, 3, 1)).image(old.pk) == unit("so-hai").pk


def test_merging_splitting_abolishing_founding(lan: User):
    one, two, three = (make_department(name) for name in ("Phòng A", "Phòng B", "Phòng C"))
    carry_out(change(K.MERGED, "2026-01-01", one, two, new=("Phòng AB",)), user=lan)
    both = unit("phong-ab")
    assert {tuple(x.successors.all()) for x in (one, two)} == {(both,)}
    carry_out(change(K.MERGED, "2026-02-01", three, to=(both,)), user=lan)
    carry_out(change(K.SPLIT, "2026-06-01", both, new=("Phòng X", "Phòng Y")), user=lan)
    both.refresh_from_db()
    assert (both.valid_from, both.valid_to) == ("2026-01-01", "2026-05-31")
    assert {x.code for x in both.successors.all()} == {"phong-x", "phong-y"}
    gone = unit("phong-x")
    carry_out(change(K.ABOLISHED, "2026-07", gone), user=lan)
    gone.refresh_from_db()
    assert (gone.valid_to, gone.latest_to, gone.successors.count()) == ("2026-07", date(2026, 7, 31), 0)
    carry_out(change(K.FOUNDED, "2026-08-01", new=("Phòng Z",)), user=lan)
    assert unit("phong-z").valid_from == "2026-08-01"
    assert list(UnitEvent.objects.values_list("kind", flat=True)) == [
        "merged",
        "merged",
        "split",
        "abolished",
        "founded",
    ]


def test_a_name_that_is_taken_gets_the_year(lan: User):
    made = plan(change(K.SPLIT, "2026-03-01", make_department("Q"), new=("Sở Y tế", "Sở Y tế", "Điện lực"))).created
    assert [one.code for one in made] == ["so-y-te-2026", "so-y-te-2026-2", "dien-luc"]


def refused(one: Change) -> list[str]:
    before = UnitEvent.objects.count()
    with pytest.raises(ValidationError) as problem:
        carry_out(one, user=None)
    assert UnitEvent.objects.count() == before
    return problem.value.messages


def test_what_cannot_be_is_said(lan: User):
    old, over = make_department("Cũ"), unit("so-noi-vu")
    assert refused(change(K.RENAMED, "1/3/2026", old, new=("Mới",))) == [
        "“1/3/2026” không phải năm (2014), tháng (2014-05) hay ngày (2014-05-20)."
    ]
    assert refused(change(K.RENAMED, "2026-03-01", old)) == [
        "Hãy nêu đúng một đơn vị kế thừa: chọn đơn vị có sẵn hoặc ghi tên đơn vị mới."
    ]
    assert refused(change(K.SPLIT, "2026-03-01", old, new=("Một",))) == ["Hãy nêu ít nhất hai đơn vị kế thừa."]
    assert refused(change(K.ABOLISHED, "2026-03-01")) == ["Hãy chọn ít nhất một đơn vị."]
    assert refused(change(K.RENAMED, "2026-03-01", over, new=("Mới",))) == [
        f"“{over}” đã kết thúc trước ngày này (đến hết 28/02/2025).",
        f"“{over}” đã có đơn vị kế thừa; hãy hủy ghi nhận cũ trước.",
    ]
    assert refused(change(K.MERGED, "2010-01-01", old, to=(unit("so-noi-vu-2025"),))) == [
        f"“{unit('so-noi-vu-2025')}” không hoạt động vào ngày này (từ 01/03/2025)."
    ]
    assert refused(Change(K.ABOLISHED, "2026-03-01", (old,))) == ["Hãy ghi nguồn: văn bản hay nơi nêu việc này."]
    assert refused(Change(K.RENAMED, "2026-03-01", (old,), (), (("Mới", "so-y-te"),), "x")) == [
        "Mã “so-y-te” đã có; mã dùng một lần."
    ]


def test_no_unit_succeeds_itself(lan: User):
    one, two = make_department("Một"), make_department("Hai")
    carry_out(change(K.MERGED, "2026-01-01", one, to=(two,)), user=lan)
    one.valid_to = ""
    one.save()
    assert refused(change(K.MERGED, "2026-02-01", two, to=(one,))) == [
        "Như vậy một đơn vị sẽ kế thừa chính nó qua các đơn vị khác."
    ]
    assert refused(change(K.MERGED, "2026-02-01", two, to=(two,)))[0] == f"“{two}” không thể là đơn vị kế thừa ở đây."


def test_undoing_is_another_event(lan: User):
    old = make_department("Sở Một", code="so-mot", valid_to="")
    event = carry_out(change(K.RENAMED, "2026-03-01", old, new=("Sở Hai",)), user=lan)
    back = undo(event, reason="Ghi nhầm", user=lan)
    old.refresh_from_db()
    assert (old.valid_to, old.latest_to, old.successors.count(), back.undoes) == ("", None, 0, event)
    assert unit("so-hai").merged_into == old
    assert Structure.load(date(2026, 11, 23)).by_code()["so-hai"] == "so-mot"
    with pytest.raises(ValidationError, match="Việc này đã được hủy"):
        undo(UnitEvent.objects.get(pk=event.pk), reason="x", user=lan)
    with pytest.raises(ValidationError, match="không hủy được"):
        undo(back, reason="x", user=lan)


def test_undoing_in_order_and_not_over_coded_rows(lan: User):
    old = make_department("Sở Một", code="so-mot")
    first = carry_out(change(K.RENAMED, "2026-03-01", old, new=("Sở Hai",)), user=lan)
    second = carry_out(change(K.RENAMED, "2026-05-01", unit("so-hai"), new=("Sở Ba",)), user=lan)
    with pytest.raises(ValidationError, match="còn việc khác"):
        undo(first, reason="x", user=lan)
    story = make_article("Bài")
    record(story, [Row(unit("so-ba").pk)], user=None, at=AT)
    with pytest.raises(ValidationError, match="“Sở Ba” đã có 1 dòng gắn"):
        undo(second, reason="x", user=lan)
    record(story, [], user=None, at=AT)
    undo(second, reason="x", user=lan)
    undo(first, reason="x", user=lan)
    assert Structure.load(None).by_code() == {"so-hai": "so-mot", "so-ba": "so-mot"}


def test_a_duplicate_is_merged_with_all_that_hangs_on_it(lan: User):
    true, double = unit("so-y-te"), make_department("Sở Y tế Đà Nẵng", code="so-y-te-cu", short_name="SYT ĐN")
    DepartmentAlias.objects.create(department=double, text="ngành y tế thành phố")
    before = make_department("Ty Y tế", code="ty-y-te", valid_to="1990")
    before.successors.add(double)
    below = make_department("Bệnh viện thử", parent=double)
    discipline, honest = (Criterion.objects.get(slug=slug) for slug in ("ky-cuong", "trung-thuc"))
    one, two = make_article("Một", issue_date=date(2017, 2, 16)), make_article("Hai", issue_date=date(2017, 3, 16))
    record(
        one,
        [Row(double.pk, discipline.pk, "Đoạn dẫn."), Row(true.pk, discipline.pk, "", CoverageRole.MENTIONED)],
        user=None,
        at=AT,
    )
    record(two, [Row(double.pk, honest.pk, "Khác."), Row(double.pk, None)], user=None, at=AT)

    seen = look_at(double, true)
    assert (seen.problems, seen.coverage) == ([], Move(3, 1, 2))
    assert set(seen.aliases) == {"Sở Y tế Đà Nẵng", "SYT ĐN", "ngành y tế thành phố"}
    event, moved = merge(double, true, source="Nhập hai lần", user=lan, at=AT)

    assert moved == Move(3, 1, 2)
    fields = ("story__title", "department__code", "criterion__slug", "evidence", "role")
    assert set(Coverage.objects.values_list(*fields)) == {
        ("Một", "so-y-te", "ky-cuong", "Đoạn dẫn.", "subject"), ("Hai", "so-y-te", "trung-thuc", "Khác.", "subject"),
        ("Hai", "so-y-te", None, "", "subject"),
    }  # fmt: skip
    told = CoverageChange.objects.filter(via="merge").order_by("pk")
    shown = ("story__title", "action", "before__department", "after__department", "changed_by")
    assert list(told.values_list(*shown)) == [
        ("Một", "removed", "so-y-te-cu", None, lan.pk), ("Một", "changed", "so-y-te", "so-y-te", lan.pk),
        ("Hai", "removed", "so-y-te-cu", None, lan.pk), ("Hai", "added", None, "so-y-te", lan.pk),
        ("Hai", "removed", "so-y-te-cu", None, lan.pk), ("Hai", "added", None, "so-y-te", lan.pk),
    ]  # fmt: skip
    double.refresh_from_db()
    below.refresh_from_db()
    assert (double.merged_into, below.parent, list(before.successors.all())) == (true, true, [true])
    known = Gazetteer.load()
    assert known.named("so-y-te-cu", date(2017, 2, 16)) == [true]
    assert known.named("NGÀNH Y TẾ THÀNH PHỐ", date(2017, 2, 16)) == [true]
    assert event.kind == "duplicate"
    # The old code still asks the same question.
    assert Selection.of(CoverageFilter(departments=("so-y-te-cu",))).rows().count() == 3


def test_the_duplicates_address_leads_to_the_unit(client: object):
    true, double = unit("so-y-te"), make_department("Sở Y tế hai", code="so-y-te-hai")
    merge(double, true, source="x", user=make_user(), at=AT)
    response = client.get("/don-vi/so-y-te-hai/")  # type: ignore[attr-defined]
    assert (response.status_code, response["Location"]) == (302, "/don-vi/so-y-te/")
    assert "Sở Y tế hai" not in client.get("/don-vi/").content.decode()  # type: ignore[attr-defined]
    assert "Sở Y tế hai" not in client.get("/don-vi/so-y-te/").content.decode()  # type: ignore[attr-defined]


def test_what_is_no_duplicate(lan: User):
    old, new = unit("so-noi-vu"), unit("so-noi-vu-2025")
    assert look_at(old, new).problems == [
        "Một đơn vị kế thừa đơn vị kia: đó là hai đơn vị nối tiếp nhau, không phải hai bản ghi của một đơn vị."
    ]
    assert look_at(old, old).problems[0] == "Hãy chọn hai bản ghi khác nhau."
    assert look_at(unit("tp-da-nang"), unit("so-y-te")).problems == ["“Thành phố Đà Nẵng” là cấp trên của “Sở Y tế”."]
    with pytest.raises(ValidationError, match="Hãy ghi căn cứ"):
        merge(make_department("A"), make_department("B"), source=" ", user=lan, at=AT)
