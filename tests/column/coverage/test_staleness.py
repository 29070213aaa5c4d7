"""An edited text marks the rows whose passage changed, and those alone; they count until a person decides."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from wagtail.models import PageLogEntry

from column.coverage.filter import CoverageFilter
from column.coverage.history import history_of
from column.coverage.models import Coverage, CoverageChange, Criterion
from column.coverage.recording import Row, confirm, record
from column.coverage.selection import Selection
from column.departments.models import Department
from column.stories.models import Article
from column.text.dates import TZ
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

AT = datetime(2017, 2, 16, 14, 12, tzinfo=TZ)
HEALTH = "Sở Y tế rút ngắn thời gian giải quyết hồ sơ."
TRADE = "Sở Công Thương công khai quy trình."


def unit(code: str) -> int:
    return Department.objects.get(code=code).pk


def coded(*, live: bool) -> Article:
    story = make_article("Hai sở", issue_date=date(2017, 2, 16), paragraphs=(HEALTH, TRADE), live=live)
    rows = [
        Row(unit("so-y-te"), Criterion.objects.get(slug="ky-cuong").pk, HEALTH),
        Row(unit("so-cong-thuong"), None, TRADE),
        Row(unit("so-du-lich"), None, "Lời của người gắn, không có trong bài."), Row(unit("so-noi-vu")),
    ]  # fmt: skip
    record(story, rows, user=None, at=AT)
    return story


def edit(story: Article, *paragraphs: str, publish: bool = False, user: Any = None) -> None:
    version = story.get_latest_revision_as_object()
    version.body = [("paragraph", f"<p>{text}</p>") for text in paragraphs]
    revision = version.save_revision(user=user)
    if publish:
        revision.publish()


def stale(story: Article) -> set[str]:
    rows = Coverage.objects.filter(story=story, stale_since__isnull=False)
    return set(rows.values_list("department__code", flat=True))


def test_publishing_another_text_marks_the_changed_passage_alone():
    story = coded(live=True)
    edit(story, HEALTH.replace("rút ngắn", "kéo dài"), TRADE)
    assert stale(story) == set()  # readers still have the old text
    edit(story, HEALTH.replace("rút ngắn", "kéo dài"), TRADE, publish=True)
    assert stale(story) == {"so-y-te"}


def test_a_marked_row_still_counts():
    story = coded(live=True)
    asked = Selection.of(CoverageFilter(departments=("so-y-te",)))
    before = asked.stories().count(), asked.rows().count()
    edit(story, TRADE, publish=True)
    assert stale(story) == {"so-y-te"}
    assert (asked.stories().count(), asked.rows().count()) == before == (1, 1)


def test_a_draft_is_marked_as_it_is_written():
    story = coded(live=False)
    edit(story, "Câu mở đầu.", HEALTH)
    assert stale(story) == {"so-cong-thuong"}
    edit(story, TRADE)
    assert stale(story) == {"so-y-te"}  # the other one's passage is back
    actions = CoverageChange.objects.filter(via="text").order_by("pk")
    assert list(actions.values_list("action", "after__department")) == [
        ("stale", "so-cong-thuong"), ("stale", "so-y-te"), ("kept", "so-cong-thuong"),
    ]  # fmt: skip


def test_an_autosave_over_the_same_draft():
    story = coded(live=False)
    version = story.get_latest_revision_as_object()
    version.body = [("paragraph", f"<p>{HEALTH}</p>"), ("paragraph", "<p>Sở Công Thương công kh</p>")]
    draft = version.save_revision()
    assert stale(story) == {"so-cong-thuong"}
    version.body = [("paragraph", f"<p>{HEALTH}</p>"), ("paragraph", f"<p>{TRADE}</p>")]
    version.save_revision(overwrite_revision=draft)
    assert stale(story) == set()


@pytest.mark.parametrize(
    "same",
    [
        (HEALTH.replace(" ", "  "), TRADE), (f"Thêm. {HEALTH} Thêm nữa.", f"{TRADE} Hết."), (TRADE, HEALTH),
        (HEALTH.replace("Sở Y", "<b>Sở</b> Y"), TRADE.replace("quy", "qui")),
    ],
)  # fmt: skip
def test_spacing_spelling_and_surroundings_change_nothing(same: tuple[str, ...]):
    story = coded(live=True)
    edit(story, *same, publish=True)
    assert stale(story) == set()
    assert not CoverageChange.objects.filter(action="stale").exists()


def test_a_person_confirms_with_a_line_of_history():
    story, lan = coded(live=True), make_user("lan", display_name="Lan")
    edit(story, "Bài khác hẳn.", publish=True)
    assert stale(story) == {"so-y-te", "so-cong-thuong"}
    one = Coverage.objects.get(department__code="so-y-te")
    assert confirm(story, [one.pk], user=lan, at=AT) == 1
    assert stale(story) == {"so-cong-thuong"}
    assert confirm(story, None, user=lan, at=AT) == 1
    assert confirm(story, None, user=lan, at=AT) == 0
    assert {(line.who, line.sentence) for line in history_of(story)} >= {
        ("Lan", "Xác nhận vẫn đúng: Sở Y tế – Kỷ cương"), ("Lan", "Xác nhận vẫn đúng: Sở Công Thương"),
        ("—", "Cần xem lại Sở Y tế – Kỷ cương: đoạn dẫn chứng không còn trong bài"),
    }  # fmt: skip
    # Once confirmed, the next edit does not ask again.
    edit(story, "Bài khác nữa.", publish=True)
    assert stale(story) == set()


def test_another_passage_takes_the_mark_away():
    story = coded(live=True)
    edit(story, "Bài khác hẳn.", TRADE, publish=True)
    rows = [Row(unit("so-y-te"), Criterion.objects.get(slug="ky-cuong").pk, "Bài khác hẳn.")]
    record(story, rows, user=None, at=AT)
    assert stale(story) == set()


def test_saving_the_same_rows_confirms_nothing():
    story = coded(live=True)
    edit(story, "Bài khác hẳn.", TRADE, publish=True)
    rows = [
        Row(row.department_id, row.criterion_id, row.evidence, row.role, row.tone)
        for row in Coverage.objects.filter(story=story)
    ]
    record(story, rows, user=None, at=AT)
    assert stale(story) == {"so-y-te"}


def test_a_story_without_passages_costs_one_query(django_assert_num_queries: Any):
    story = make_article("Không dẫn chứng", live=False)
    record(story, [Row(unit("so-y-te"))], user=None, at=AT)
    version = story.get_latest_revision_as_object()
    from column.coverage.staleness import _has_passages

    with django_assert_num_queries(1):
        assert not _has_passages(version.pk)


def test_the_pages_history_tells_every_change():
    story, lan = coded(live=True), make_user("lan", display_name="Lan")
    record(story, [Row(unit("so-y-te"), None, HEALTH)], user=lan, at=AT)
    entry = PageLogEntry.objects.filter(page=story.pk, action="column.coverage.coded").latest("pk")
    assert entry.user == lan
    assert entry.data == {
        "via": "editor",
        "lines": [
            ["removed", "Sở Y tế – Kỷ cương"], ["removed", "Sở Công Thương"], ["removed", "Sở Du lịch"],
            ["removed", "Sở Nội vụ"], ["added", "Sở Y tế"],
        ],
        "more": 0,
    }  # fmt: skip
