"""The queue of stories that wait for coding, and coding many of them in one act."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from column.coverage.bulk.models import CodingBatch
from column.coverage.bulk.running import run_batches
from column.coverage.models import Coverage, CoverageChange, Criterion, DismissedSuggestion
from column.coverage.queue.waiting import Queue
from column.coverage.recording import Row, record
from column.departments.models import Department
from column.people.models import User
from column.people.roles import Role
from column.stories.models import Article
from column.text.dates import TZ
from tests.factories import make_article, make_coverage, make_news, make_user

pytestmark = pytest.mark.django_db

AT = datetime(2017, 2, 16, 14, 12, tzinfo=TZ)
TEXT = "Sở Y tế rút ngắn thời gian giải quyết hồ sơ."


def unit(code: str) -> Department:
    return Department.objects.get(code=code)


def criterion(slug: str) -> Criterion:
    return Criterion.objects.get(slug=slug)


@pytest.fixture
def editor() -> User:
    return make_user("lan", Role.EDITOR, display_name="Lan")


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


@pytest.fixture
def stories() -> dict[str, Any]:
    """Two uncoded, one coded, one stale, one draft."""
    made = {
        "one": make_article("Một", issue_date=date(2017, 2, 16), paragraphs=(TEXT,)),
        "two": make_news("Hai", issue_date=date(2017, 2, 17)),
        "coded": make_article("Đã gắn", issue_date=date(2017, 2, 18)),
        "stale": make_article("Cũ", issue_date=date(2017, 2, 19), paragraphs=(TEXT,)),
        "draft": make_article("Nháp", live=False),
    }
    record(made["coded"], [Row(unit("so-y-te").pk)], user=None, at=AT)
    record(made["stale"], [Row(unit("so-y-te").pk, None, TEXT)], user=None, at=AT)
    Coverage.objects.filter(story=made["stale"]).update(stale_since=AT)
    return made


def titles(query: str, user: User) -> list[str]:
    return [story.draft_title for story in Queue.parse(QueryDict(query), user).stories()]


def test_who_waits(stories: dict[str, Any], editor: User):
    assert titles("", editor) == ["Nháp", "Cũ", "Hai", "Một"]
    assert titles("tinh-trang=chua-gan", editor) == ["Nháp", "Hai", "Một"]
    assert titles("tinh-trang=can-xem-lai", editor) == ["Cũ"]
    assert titles("o-dau=da-dang", editor) == ["Cũ", "Hai", "Một"]
    assert titles("o-dau=ban-nhap", editor) == ["Nháp"]
    assert titles("loai=tin", editor) == ["Hai"]
    assert titles("ky=2017-02", editor) == ["Cũ", "Hai", "Một"]
    assert titles("but-danh=đoàn lương&loai=bai&o-dau=da-dang", editor) == ["Cũ", "Một"]
    assert titles("ky=2017-13", editor) == []
    assert Queue.parse(QueryDict(""), editor).counts() == {"chua-gan": 3, "can-xem-lai": 1, "tat-ca": 4}


def test_next_and_previous_whether_or_not_a_story_still_waits(stories: dict[str, Any], editor: User):
    queue = Queue.parse(QueryDict("o-dau=da-dang"), editor)
    stale, two, one, coded = (stories[key] for key in ("stale", "two", "one", "coded"))
    assert (queue.before(stale), queue.after(stale)) == (None, two.pk)
    assert (queue.before(two), queue.after(two)) == (stale.pk, one.pk)
    assert (queue.before(one), queue.after(one)) == (two.pk, None)
    assert (queue.before(coded), queue.after(coded)) == (stale.pk, two.pk)


def test_a_reporter_sees_own_drafts_alone(client: Client, stories: dict[str, Any]):
    reporter = make_user("", Role.REPORTER)
    make_article("Của tôi", live=False, owner=reporter)
    assert titles("", reporter) == ["Của tôi"]
    client.force_login(reporter)
    page = client.get("/admin/gan-ma/").content.decode()
    assert "Của tôi" in page
    assert "Nháp" not in page
    assert client.get("/admin/gan-ma/hang-loat/").status_code == 302


def test_the_screen_with_counts_and_no_more_queries_for_more(desk: Client, stories: dict[str, Any]):
    page = BeautifulSoup(desk.get("/admin/gan-ma/").content, "html.parser")
    assert [one.text for one in page.select(".queue-states a")] == ["Tất cả (4)", "Chưa gắn (3)", "Cần xem lại (1)"]
    assert [one.text for one in page.select("[data-story]")] == ["Nháp", "Cũ", "Hai", "Một"]
    with CaptureQueriesContext(connection) as few:
        desk.get("/admin/gan-ma/")
    for number in range(10):
        make_news(f"Tin {number}", issue_date=date(2016, 1, 1))
    with CaptureQueriesContext(connection) as many:
        desk.get("/admin/gan-ma/")
    assert len(many) == len(few)


def form_of(page: Any) -> dict[str, Any]:
    soup = BeautifulSoup(page.content, "html.parser")
    sent: dict[str, Any] = {}
    for tag in soup.select("[data-coding] input[name], [data-coding] select[name], [data-coding] textarea[name]"):
        if tag.get("type") == "checkbox" and not tag.has_attr("checked"):
            continue
        chosen = [str(option["value"]) for option in tag.select("option[selected]")]
        value = (chosen or [""])[0] if tag.name == "select" else tag.get("value", tag.text)
        sent.setdefault(str(tag["name"]), []).append(value)
    return sent


def test_saving_goes_on_to_the_next(desk: Client, stories: dict[str, Any]):
    address = f"/admin/tin-bai/{stories['two'].pk}/gan/?hang=o-dau%3Dda-dang"
    page = desk.get(address)
    assert "Bài kế tiếp" in page.content.decode()
    sent = form_of(page) | {"moi-don-vi": str(unit("so-y-te").pk), "ke-tiep": "1"}
    response = desk.post(address, sent)
    assert response["Location"] == f"/admin/tin-bai/{stories['one'].pk}/gan/?hang=o-dau%3Dda-dang"
    last = desk.get(response["Location"])
    assert "Hết hàng chờ." in last.content.decode()
    done = desk.post(response["Location"], form_of(last) | {"ke-tiep": "1"})
    assert done["Location"] == "/admin/gan-ma/?o-dau=da-dang"


def test_a_dismissed_suggestion_is_not_made_again(desk: Client, stories: dict[str, Any], editor: User):
    address = f"/admin/tin-bai/{stories['one'].pk}/gan/"
    sent = form_of(desk.get(address))
    assert sent["gy-ten-0"] == ["Sở Y tế"]
    sent.pop("gy-chon", None)
    desk.post(address, sent | {"gy-bo-qua": ["0"]})
    one = DismissedSuggestion.objects.get()
    assert (one.story_id, one.department, one.dismissed_by) == (stories["one"].pk, unit("so-y-te"), editor)
    page = desk.get(address)
    assert "gy-ten-0" not in form_of(page)
    assert "Đã bỏ qua 1 gợi ý" in page.content.decode()
    # In another story it is suggested all the same.
    other = make_article("Khác", issue_date=date(2017, 2, 20), paragraphs=(TEXT,))
    assert "gy-ten-0" in form_of(desk.get(f"/admin/tin-bai/{other.pk}/gan/"))
    desk.post(address, form_of(page) | {"goi-y-lai": [str(unit("so-y-te").pk)]})
    assert "gy-ten-0" in form_of(desk.get(address))


def test_confirming_by_one_click_keeps_the_row_and_says_so(desk: Client, stories: dict[str, Any]):
    address = f"/admin/tin-bai/{stories['stale'].pk}/gan/"
    page = desk.get(address)
    assert "1 dòng có đoạn dẫn chứng không còn trong bài" in page.content.decode()
    response = desk.post(address, form_of(page) | {"xac-nhan": "tat-ca"}, follow=True)
    assert "Xác nhận 1 dòng vẫn đúng." in response.content.decode()
    row = Coverage.objects.get(story=stories["stale"])
    assert (row.stale_since, row.evidence) == (None, TEXT)
    last = CoverageChange.objects.latest("pk")
    assert (last.action, last.changed_by.username if last.changed_by else None) == ("kept", "lan")
    history = desk.get(f"/admin/pages/{stories['stale'].pk}/history/").content.decode()
    assert "Gắn đơn vị, tiêu chí: xác nhận Sở Y tế" in history


def test_the_storys_screen_says_what_is_stale(desk: Client, stories: dict[str, Any]):
    page = desk.get(f"/admin/pages/{stories['stale'].pk}/edit/").content.decode()
    assert "cần xem lại: đoạn dẫn chứng không còn trong bài" in page


# --- many at once ---------------------------------------------------------------------------------------------------


def work(sent: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"work": "add", "role": "giu", "tone": "giu", **sent, **more}


def run() -> None:
    while run_batches(timezone.now()):
        pass


def test_ticked_stories_are_coded_and_taken_back(desk: Client, stories: dict[str, Any], editor: User):
    one, two, coded = (stories[key] for key in ("one", "two", "coded"))
    address = f"/admin/gan-ma/hang-loat/?tin={one.pk}&tin={two.pk}&tin={coded.pk}"
    sent = work({"units": [unit("so-y-te").pk], "criteria": []})
    page = desk.post(address, sent).content.decode()
    assert "Thêm 2 dòng vào 3 tin, bài; 1 dòng đã có sẵn giữ nguyên." in page
    assert not CodingBatch.objects.exists()
    response = desk.post(address, sent | {"xac-nhan": "3"})
    batch = CodingBatch.objects.get()
    assert response["Location"] == f"/admin/gan-ma/cac-lan/{batch.pk}/"
    run()
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.added) == ("done", 3, 2)
    lines = CoverageChange.objects.filter(batch=batch)
    assert {(line.story_id, line.action, line.via, line.changed_by) for line in lines} == {
        (one.pk, "added", "bulk", editor), (two.pk, "added", "bulk", editor),
    }  # fmt: skip

    # A person goes on with one of them: that row stays.
    record(two, [Row(unit("so-y-te").pk, None, "Đoạn mới")], user=editor, at=AT)
    desk.post(f"/admin/gan-ma/cac-lan/{batch.pk}/hoan-tac/")
    run()
    batch.refresh_from_db()
    assert (batch.state, batch.restored, batch.kept) == ("undone", 1, 1)
    assert set(Coverage.objects.exclude(story=stories["stale"]).values_list("story", "evidence")) == {
        (two.pk, "Đoạn mới"), (coded.pk, ""),
    }  # fmt: skip
    assert CoverageChange.objects.filter(via="bulk-undo").values_list("story", "action").get() == (one.pk, "removed")
    screen = desk.get(f"/admin/gan-ma/cac-lan/{batch.pk}/").content.decode()
    assert "Dòng giữ lại vì có người sửa sau đó" in screen


def test_role_and_tone_of_what_is_coded(desk: Client, stories: dict[str, Any]):
    make_coverage(stories["coded"], unit("so-y-te"), criterion("ky-cuong"))
    address = "/admin/gan-ma/hang-loat/?don-vi=so-y-te&ky=2017"
    sent = work({"units": [unit("so-y-te").pk]}, work="set", tone="praise", role="mentioned")
    page = desk.post(address, sent).content.decode()
    assert "Sửa 3 trong 3 dòng đã gắn của 2 tin, bài." in page
    desk.post(address, sent | {"xac-nhan": "2"})
    run()
    rows = Coverage.objects.values_list("role", "tone")
    assert set(rows) == {("mentioned", "praise")}
    batch = CodingBatch.objects.get()
    assert (batch.changed, batch.chosen) == (3, "Tin, bài về Sở Y tế, đăng trong năm 2017")
    desk.post(f"/admin/gan-ma/cac-lan/{batch.pk}/hoan-tac/")
    run()
    assert set(Coverage.objects.values_list("role", "tone")) == {("subject", "")}
    assert Coverage.objects.filter(stale_since__isnull=False).count() == 1


def test_what_is_refused(desk: Client, stories: dict[str, Any]):
    address = f"/admin/gan-ma/hang-loat/?tin={stories['one'].pk}"
    assert "Hãy chọn ít nhất một đơn vị hoặc một tiêu chí." in desk.post(address, work({})).content.decode()
    sent = work({"units": [unit("so-y-te").pk]}, work="set")
    assert "Hãy chọn vai trò hoặc chiều phản ánh mới." in desk.post(address, sent).content.decode()
    assert (
        desk.post("/admin/gan-ma/hang-loat/", work({"units": [unit("so-y-te").pk]}, **{"xac-nhan": "0"})).status_code
        == 400
    )
    assert not CodingBatch.objects.exists()


def test_a_stopped_batch_keeps_what_it_did(desk: Client, editor: User, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("column.coverage.bulk.running.A_STEP", 2)
    monkeypatch.setattr("column.coverage.bulk.running.SLICE", 0)
    made = [make_news(f"Tin {number}") for number in range(5)]
    batch = CodingBatch.objects.create(
        work="add", chosen="thử", stories=[one.pk for one in made], rows=[[unit("so-y-te").pk, None]], role="subject",
        created_by=editor,
    )  # fmt: skip
    assert run_batches(timezone.now())
    desk.post(f"/admin/gan-ma/cac-lan/{batch.pk}/dung/")
    assert not run_batches(timezone.now())
    batch.refresh_from_db()
    assert (batch.state, batch.done, batch.percent) == ("stopped", 2, 40)
    assert Coverage.objects.count() == 2
    desk.post(f"/admin/gan-ma/cac-lan/{batch.pk}/hoan-tac/")
    run()
    assert Coverage.objects.count() == 0
    batch.refresh_from_db()
    assert (batch.state, batch.undone, batch.restored) == ("undone", 2, 2)


def test_a_step_costs_queries_by_the_step(editor: User):
    made: list[Article] = [make_news(f"Tin {number}") for number in range(6)]

    def cost(stories: list[Article], code: str) -> int:
        CodingBatch.objects.create(
            work="add", chosen="thử", stories=[one.pk for one in stories], rows=[[unit(code).pk, None]], role="subject",
            created_by=editor,
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            run()
        return len(queries)

    cost(made[:1], "so-noi-vu")
    assert cost(made, "so-du-lich") == cost(made[:1], "so-y-te")
