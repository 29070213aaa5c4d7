from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from column.coverage.models import Coverage, CoverageChange, Criterion, Document
from column.coverage.recording import Outcome, Row, StaleCoverage, fingerprint, record, record_bulk
from column.departments.models import Department
from column.enums import CoverageRole, DocumentRelation, Tone
from column.signals import stories_changed
from column.stories.models import Article
from column.text.dates import TZ
from tests.factories import make_article, make_news, make_user

pytestmark = pytest.mark.django_db

AT = datetime(2017, 2, 16, 14, 12, tzinfo=TZ)


@pytest.fixture
def announced() -> Iterator[list[tuple[int, ...]]]:
    heard: list[tuple[int, ...]] = []

    def listen(ids: tuple[int, ...], **kwargs: object) -> None:
        assert connection.in_atomic_block
        heard.append(ids)

    stories_changed.connect(listen)
    yield heard
    stories_changed.disconnect(listen)


@pytest.fixture
def story() -> Article:
    return make_article("Cải thiện lề lối")


def unit(code: str) -> int:
    return Department.objects.get(code=code).pk


def criterion(slug: str) -> int:
    return Criterion.objects.get(slug=slug).pk


def rows_of(story: Article) -> set[tuple[str | None, str | None, str, str, str]]:
    return set(
        Coverage.objects.filter(story=story).values_list(
            "department__code", "criterion__slug", "evidence", "role", "tone"
        )
    )


def test_only_what_differs_is_written_with_its_history(story: Article, announced: list[tuple[int, ...]]) -> None:
    first, second = make_user("lan", display_name="Lan"), make_user("minh", display_name="Minh")
    health, trade, discipline = unit("so-y-te"), unit("so-cong-thuong"), criterion("ky-cuong")
    announced.clear()
    outcome = record(story, [Row(health, discipline, " Đoạn một "), Row(trade)], user=first, at=AT)
    assert outcome == Outcome(added=2)
    kept = Coverage.objects.get(department=trade).pk
    outcome = record(
        story, [Row(health, discipline, "Đoạn hai", tone=Tone.PRAISE), Row(trade), Row(None, discipline)],
        user=second, at=AT, via="bulk",
    )  # fmt: skip
    assert outcome == Outcome(added=1, changed=1)
    assert Coverage.objects.get(department=trade).pk == kept
    assert Coverage.objects.get(department=trade).coded_by == first
    assert Coverage.objects.get(department=health).coded_by == second
    assert record(story, [Row(trade)], user=second, at=AT) == Outcome(removed=2)
    assert rows_of(story) == {("so-cong-thuong", None, "", "subject", "")}
    assert announced == [(story.pk,)] * 3

    empty = {"department": None, "criterion": None, "evidence": "", "role": "subject", "tone": ""}
    one = empty | {"department": "so-y-te", "criterion": "ky-cuong", "evidence": "Đoạn một"}
    two = one | {"evidence": "Đoạn hai", "tone": "praise"}
    three = empty | {"criterion": "ky-cuong"}
    history = list(CoverageChange.objects.order_by("pk").values_list("action", "before", "after", "changed_by", "via"))
    assert history == [
        ("added", {}, one, first.pk, "editor"),
        ("added", {}, empty | {"department": "so-cong-thuong"}, first.pk, "editor"),
        ("changed", one, two, second.pk, "bulk"),
        ("added", {}, three, second.pk, "bulk"),
        ("removed", two, {}, second.pk, "editor"),
        ("removed", three, {}, second.pk, "editor"),
    ]


def test_nothing_new_writes_and_announces_nothing(story: Article, announced: list[tuple[int, ...]]) -> None:
    rows = [Row(unit("so-y-te"), criterion("ky-cuong"), "x")]
    record(story, rows, user=None, at=AT)
    announced.clear()
    assert not record(story, rows, user=None, at=AT)
    assert announced == []
    assert CoverageChange.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (Row(), "Mỗi dòng cần một đơn vị hoặc một tiêu chí."),
        (Row(department=10**8), "Đơn vị đã chọn không còn trong danh mục; hãy tải lại trang."),
        (Row(criterion=10**8), "Tiêu chí đã chọn không còn trong danh mục; hãy tải lại trang."),
        (Row(department=1, role="x"), "Vai trò “x” không có trong danh sách."),
        (Row(department=1, tone="x"), "Chiều phản ánh “x” không có trong danh sách."),
        (Row(department=1, evidence="a" * 2001), "Đoạn dẫn chứng dài 2001 ký tự; nhiều nhất 2000. Hãy rút gọn."),
    ],
)
def test_a_row_that_cannot_be_is_refused_whole(story: Article, row: Row, message: str) -> None:
    if row.department == 1:
        row = Row(unit("so-y-te"), row.criterion, row.evidence, row.role, row.tone)
    with pytest.raises(ValidationError) as refused:
        record(story, [Row(unit("so-cong-thuong")), row], user=None, at=AT)
    assert refused.value.messages == [message]
    assert not Coverage.objects.exists()


def test_the_same_pair_twice_is_refused_by_name(story: Article) -> None:
    pair = Row(unit("so-y-te"), criterion("chong-tieu-cuc"))
    with pytest.raises(ValidationError) as refused:
        record(story, [pair, pair], user=None, at=AT)
    assert refused.value.messages == [
        "Đơn vị và tiêu chí này được ghi hai lần: Sở Y tế – Chống tiêu cực. Hãy giữ một dòng."
    ]


def test_a_stale_form_is_refused_and_loses_nothing(story: Article) -> None:
    seen = fingerprint(story)
    record(story, [Row(unit("so-y-te"))], user=None, at=AT, seen=seen)
    with pytest.raises(StaleCoverage, match="vừa được người khác sửa"):
        record(story, [Row(unit("so-cong-thuong"))], user=None, at=AT, seen=seen)
    assert rows_of(story) == {("so-y-te", None, "", "subject", "")}


def test_an_ended_unit_is_still_fine(story: Article) -> None:
    record(story, [Row(unit("phuong-an-hai-tay"))], user=None, at=AT)
    assert rows_of(story) == {("phuong-an-hai-tay", None, "", "subject", "")}


def test_documents_share_the_history(story: Article) -> None:
    directive = Document.objects.get(number="29-CT/TU")
    other = Document.objects.get(number="05-CT/TW")
    record(story, [], user=None, at=AT, documents={directive.pk: DocumentRelation.CARRIES_OUT})
    record(
        story, [], user=None, at=AT,
        documents={directive.pk: DocumentRelation.TIED_TO, other.pk: DocumentRelation.MENTIONS},
    )  # fmt: skip
    record(story, [], user=None, at=AT)
    assert set(story.document_links.values_list("document", "relation")) == {
        (directive.pk, "tied_to"), (other.pk, "mentions"),
    }  # fmt: skip
    assert list(CoverageChange.objects.order_by("pk").values_list("action", "after__document", "after__relation")) == [
        ("added", "Chỉ thị 29-CT/TU (06/11/2013)", "carries_out"),
        ("added", "Chỉ thị 05-CT/TW (15/05/2016)", "mentions"),
        ("changed", "Chỉ thị 29-CT/TU (06/11/2013)", "tied_to"),
    ]
    with pytest.raises(ValidationError, match="Quan hệ “x”"):
        record(story, [], user=None, at=AT, documents={directive.pk: "x"})


def test_bulk_adds_with_history_and_keeps_what_staff_coded(announced: list[tuple[int, ...]]) -> None:
    one, two = make_news("Một"), make_news("Hai")
    health, discipline = unit("so-y-te"), criterion("ky-cuong")
    record(one, [Row(health, discipline, "Của biên tập viên", CoverageRole.MENTIONED)], user=None, at=AT)
    announced.clear()
    rows = [(one.pk, Row(health, discipline)), (one.pk, Row(health)), (two.pk, Row(health)), (two.pk, Row(health))]
    assert record_bulk(rows, user=None, at=AT, via="import") == 2
    assert announced == [(one.pk, two.pk)]
    assert record_bulk(rows, user=None, at=AT, via="import") == 0
    assert rows_of(one) == {
        ("so-y-te", "ky-cuong", "Của biên tập viên", "mentioned", ""), ("so-y-te", None, "", "subject", ""),
    }  # fmt: skip
    assert CoverageChange.objects.filter(via="import").count() == 2


def test_bulk_costs_queries_by_the_batch(django_assert_max_num_queries: object) -> None:
    stories = [make_news(f"Tin {n}") for n in range(3)]
    pairs = [(story.pk, Row(pk)) for story in stories for pk in Department.objects.values_list("pk", flat=True)]
    with django_assert_max_num_queries(20):  # type: ignore[operator]
        record_bulk(iter(pairs), user=None, at=AT, via="import", announced=True)
    assert Coverage.objects.count() == len(pairs) == CoverageChange.objects.count()


def test_history_cannot_be_changed(story: Article) -> None:
    record(story, [Row(unit("so-y-te"))], user=None, at=AT)
    line = CoverageChange.objects.get()
    with pytest.raises(TypeError):
        line.save()
    with pytest.raises(TypeError):
        line.delete()
    with pytest.raises(TypeError):
        CoverageChange.objects.all().delete()
    with pytest.raises(TypeError):
        CoverageChange.objects.update(via="x")
