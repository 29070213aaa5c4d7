from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from column.coverage.models import Coverage, CoverageChange, Criterion, Document, SolutionGroup
from column.coverage.recording import Row, record
from column.departments.models import Department
from column.enums import CoverageRole, Tone
from column.people.models import User
from column.people.roles import Role
from column.stories.models import Article
from column.text.dates import TZ
from tests.factories import make_article, make_user

pytestmark = pytest.mark.django_db

AT = datetime(2017, 2, 16, 14, 12, tzinfo=TZ)
PARAGRAPHS = (
    "Sau ba năm thực hiện Chỉ thị số 29-CT/TU, Ban Thường vụ Thành ủy đánh giá nhiều nơi đã tiến bộ.",
    "Lực lượng Quản lý thị trường (Sở Công thương) và Công an thành phố tăng cường kiểm tra.",
    "Người dân gọi Trung tâm Thông tin dịch vụ công để được hướng dẫn.",
)


@pytest.fixture
def editor() -> User:
    return make_user("bien-tap", Role.EDITOR)


@pytest.fixture
def story() -> Article:
    return make_article("Cải thiện lề lối", issue_date=date(2017, 2, 16), paragraphs=PARAGRAPHS)


@pytest.fixture
def desk(client: Client, editor: User) -> Client:
    client.force_login(editor)
    return client


def url(story: Article) -> str:
    return f"/admin/tin-bai/{story.pk}/gan/"


def unit(code: str) -> int:
    return Department.objects.get(code=code).pk


def criterion(slug: str) -> int:
    return Criterion.objects.get(slug=slug).pk


def fields(page: bytes) -> dict[str, list[str]]:
    """What a browser would send of the form as it stands."""
    form = BeautifulSoup(page, "html.parser").select_one("form[data-coding]")
    assert form is not None
    found: dict[str, list[str]] = {}
    for tag in form.select("input, select, textarea"):
        name, kind = str(tag["name"]), tag.get("type")
        if kind == "checkbox" and not tag.has_attr("checked"):
            continue
        if tag.name == "select":
            options = tag.select("option[selected]") or tag.select("option")[:1]
            values = [str(option["value"]) for option in options]
        elif tag.name == "textarea":
            values = [tag.text]
        else:
            values = [str(tag.get("value", "on"))]
        found.setdefault(name, []).extend(values)
    return found


def rows(story: Article) -> set[tuple[str | None, str | None, str]]:
    found = Coverage.objects.filter(story=story)
    return set(found.values_list("department__code", "criterion__slug", "role"))


def offer_of(sent: dict[str, list[str]], name: str) -> str:
    return next(n for n in sent["goi-y"] if sent[f"gy-ten-{n}"] == [name])


def test_one_click_confirms_the_suggested_units(desk: Client, story: Article) -> None:
    page = desk.get(url(story))
    assert page.status_code == 200
    soup = BeautifulSoup(page.content, "html.parser")
    marked = {mark.text for mark in soup.select("blockquote mark")}
    assert marked == {
        "Ban Thường vụ Thành ủy", "Quản lý thị trường", "Sở Công thương", "Công an thành phố",
        "Trung tâm Thông tin dịch vụ công",
    }  # fmt: skip
    assert soup.select("[name^=gy-tieu-chi-][checked]") == []
    done = desk.post(url(story), fields(page.content), follow=True)
    assert "Đã ghi: thêm 4, sửa 0, bỏ 0 dòng." in done.content.decode()
    assert rows(story) == {
        ("qltt", None, "subject"), ("so-cong-thuong", None, "subject"), ("cong-an-tp", None, "subject"),
        ("tt-thong-tin-dvc", None, "subject"),
    }  # fmt: skip
    evidence = Coverage.objects.get(department__code="tt-thong-tin-dvc").evidence
    assert evidence == "Người dân gọi Trung tâm Thông tin dịch vụ công để được hướng dẫn."
    assert set(CoverageChange.objects.values_list("via", flat=True)) == {"editor"}


def test_a_second_visit_ticks_nothing_beforehand(desk: Client, story: Article) -> None:
    record(story, [Row(unit("so-cong-thuong"))], user=None, at=AT)
    sent = fields(desk.get(url(story)).content)
    assert "gy-chon" not in sent
    assert "Sở Công thương" not in {sent[f"gy-ten-{n}"][0] for n in sent["goi-y"]}
    desk.post(url(story), sent)
    assert rows(story) == {("so-cong-thuong", None, "subject")}


def test_criteria_on_a_passage_and_a_mentioned_body(desk: Client, story: Article) -> None:
    sent = fields(desk.get(url(story)).content)
    police, party = offer_of(sent, "Công an thành phố"), offer_of(sent, "Ban Thường vụ Thành ủy")
    sent["gy-chon"] = [police, party]
    sent[f"gy-tieu-chi-{police}"] = [str(criterion("ky-cuong")), str(criterion("chong-tieu-cuc"))]
    desk.post(url(story), sent)
    assert rows(story) == {
        ("cong-an-tp", "ky-cuong", "subject"), ("cong-an-tp", "chong-tieu-cuc", "subject"),
        ("btv-thanh-uy", None, "mentioned"),
    }  # fmt: skip


def test_the_matrix_adds_moves_and_removes(desk: Client, story: Article) -> None:
    health, tourism = unit("so-y-te"), unit("so-du-lich")
    record(
        story,
        [
            Row(health, None, "Dẫn chứng", tone=Tone.PRAISE), Row(tourism, criterion("ky-cuong")),
            Row(None, criterion("guong-mau")),
        ],
        user=None, at=AT,
    )  # fmt: skip
    sent = fields(desk.get(url(story)).content)
    # The unit alone makes way for its first criterion, and hands its evidence and tone over.
    sent[f"tieu-chi-{health}"] = [str(criterion("trach-nhiem"))]
    sent[f"bo-{tourism}"] = ["on"]
    sent[f"vai-tro-0-{criterion('guong-mau')}"] = [CoverageRole.MENTIONED]
    sent["moi-don-vi"], sent["moi-tieu-chi"] = [str(unit("cuc-thue"))], [str(criterion("chong-quan-lieu"))]
    desk.post(url(story), sent)
    assert rows(story) == {
        ("so-y-te", "trach-nhiem", "subject"), (None, "guong-mau", "mentioned"),
        ("cuc-thue", "chong-quan-lieu", "subject"),
    }  # fmt: skip
    kept = Coverage.objects.get(department=health)
    assert (kept.evidence, kept.tone) == ("Dẫn chứng", Tone.PRAISE)


def test_saving_without_a_change_changes_nothing(desk: Client, story: Article) -> None:
    record(
        story,
        [
            Row(unit("so-y-te"), criterion("ky-cuong"), "Một\r\nhai"), Row(unit("so-y-te")),
            Row(None, criterion("guong-mau")),
        ],
        user=None, at=AT, documents={Document.objects.get(number="29-CT/TU").pk: "carries_out"},
    )  # fmt: skip
    before = CoverageChange.objects.count()
    done = desk.post(url(story), fields(desk.get(url(story)).content), follow=True)
    assert "Đã ghi: thêm 0, sửa 0, bỏ 0 dòng." in done.content.decode()
    assert CoverageChange.objects.count() == before


def test_documents_are_linked_and_those_named_are_pointed_out(desk: Client, story: Article) -> None:
    page = desk.get(url(story)).content
    named = [
        label.text.split("\n")[0].strip()
        for label in BeautifulSoup(page, "html.parser").select(".coding-documents label")
        if "bài có nêu" in label.text
    ]
    assert [name.split(" (bài")[0] for name in named] == ["Chỉ thị 29-CT/TU (06/11/2013)"]
    document = Document.objects.get(number="29-CT/TU")
    sent = fields(page) | {f"van-ban-{document.pk}": ["carries_out"]}
    desk.post(url(story), sent)
    assert list(story.document_links.values_list("document__number", "relation")) == [("29-CT/TU", "carries_out")]


def test_a_stale_form_is_refused_and_loses_neither_side(desk: Client, story: Article) -> None:
    record(story, [Row(unit("so-y-te"), criterion("ky-cuong"))], user=None, at=AT)
    sent = fields(desk.get(url(story)).content)
    other = [
        Row(unit("so-y-te"), criterion("ky-cuong")),
        Row(unit("so-y-te"), criterion("guong-mau")),
        Row(unit("cuc-thue")),
    ]
    record(story, other, user=None, at=AT)
    sent["moi-don-vi"] = [str(unit("so-du-lich"))]
    refused = desk.post(url(story), sent)
    assert refused.status_code == 409
    assert "vừa được người khác sửa" in refused.content.decode()
    assert len(rows(story)) == 3
    desk.post(url(story), fields(refused.content))
    assert rows(story) == {
        ("so-y-te", "ky-cuong", "subject"), ("so-y-te", "guong-mau", "subject"), ("cuc-thue", None, "subject"),
        ("so-du-lich", None, "subject"),
    }  # fmt: skip


def test_a_ticked_name_of_several_bodies_must_be_decided(desk: Client) -> None:
    story = make_article("Chuyện 2018", issue_date=date(2018, 10, 11), paragraphs=("Lực lượng QLTT ra quân.",))
    sent = fields(desk.get(url(story)).content)
    sent["gy-chon"] = ["0"]
    refused = desk.post(url(story), sent)
    assert refused.status_code == 400
    assert "Hãy chọn đơn vị cho “QLTT” hoặc bỏ đánh dấu." in refused.content.decode()
    sent["gy-don-vi-0"] = [str(unit("cuc-qltt"))]
    desk.post(url(story), sent)
    assert rows(story) == {("cuc-qltt", None, "subject")}


def test_too_long_evidence_is_refused_and_kept_on_the_form(desk: Client, story: Article) -> None:
    sent = fields(desk.get(url(story)).content)
    sent["moi-don-vi"], sent["moi-doan"] = [str(unit("so-du-lich"))], ["dài " * 600]
    refused = desk.post(url(story), sent)
    assert refused.status_code == 400
    assert "nhiều nhất 2000" in refused.content.decode()
    assert "dài dài" in refused.content.decode()
    assert rows(story) == set()


def test_nonsense_is_ignored(desk: Client, story: Article) -> None:
    sent = fields(desk.get(url(story)).content)
    sent |= {"dong": ["x", "-1", "99999999999999"], "moi-don-vi": ["x"], "moi-tieu-chi": ["0", "y"], "gy-chon": ["77"]}
    assert desk.post(url(story), sent).status_code == 302
    assert rows(story) == set()


def test_history_is_in_words(desk: Client, story: Article) -> None:
    minh = make_user("minh", display_name="Minh")
    record(story, [Row(unit("so-y-te"), criterion("chong-tieu-cuc"))], user=minh, at=AT)
    record(story, [Row(unit("so-y-te"), criterion("chong-tieu-cuc"), "x", CoverageRole.MENTIONED)], user=minh, at=AT)
    record(story, [], user=None, at=AT, via="import")
    table = BeautifulSoup(desk.get(url(story)).content, "html.parser").select_one(".coding-history")
    assert isinstance(table, Tag)
    assert [[cell.text for cell in row.select("td")] for row in table.select("tbody tr")] == [
        ["14:12, 16/02/2017 (GMT+7)", "— (nhập kho)", "Bỏ Sở Y tế – Chống tiêu cực"],
        ["14:12, 16/02/2017 (GMT+7)", "Minh",
         "Sửa Sở Y tế – Chống tiêu cực: đoạn dẫn chứng; vai trò “đối tượng phản ánh” → “được nhắc đến”"],
        ["14:12, 16/02/2017 (GMT+7)", "Minh", "Thêm Sở Y tế – Chống tiêu cực"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.EDITOR, 200), (Role.MANAGING_EDITOR, 200), (Role.CHIEF, 200), (Role.REPORTER, 302), (Role.COMMITTEE, 302)],
)
def test_who_may_code(client: Client, story: Article, role: Role, status: int) -> None:
    client.force_login(make_user("ai-do", role))
    assert client.get(url(story)).status_code == status
    before = rows(story)
    client.post(url(story), {"moi-don-vi": str(unit("so-y-te")), "seen": ""})
    if status != 200:
        assert rows(story) == before


def test_a_reporter_codes_an_own_draft(client: Client) -> None:
    reporter = make_user("phong-vien", Role.REPORTER)
    own = make_article("Bản nháp của tôi", live=False, owner=reporter)
    client.force_login(reporter)
    assert client.get(url(own)).status_code == 200


def test_the_storys_screen_leads_to_the_editor(desk: Client, story: Article) -> None:
    record(story, [Row(unit("so-y-te"), criterion("chong-tieu-cuc"))], user=None, at=AT)
    page = desk.get(f"/admin/pages/{story.pk}/edit/").content.decode()
    assert page.count(url(story)) >= 2
    assert "Chống tiêu cực" in page


def test_queries_do_not_grow_with_rows(desk: Client, story: Article) -> None:
    desk.get(url(story))
    with CaptureQueriesContext(connection) as few:
        desk.get(url(story))
    one = len(few)
    units = Department.objects.values_list("pk", flat=True)[:40]
    record(story, [Row(pk, criterion("ky-cuong")) for pk in units], user=None, at=AT)
    with CaptureQueriesContext(connection) as many:
        desk.get(url(story))
    assert len(many) == one


SNIPPETS: list[tuple[str, Any]] = [
    ("department", lambda: Department.objects.get(code="so-y-te")),
    ("document", lambda: Document.objects.get(number="29-CT/TU")),
    ("codebook", lambda: Criterion.objects.get(slug="ky-cuong").group.codebook),
    ("criteriongroup", lambda: Criterion.objects.get(slug="ky-cuong").group),
    ("criterion", lambda: Criterion.objects.get(slug="ky-cuong")),
    ("solutiongroup", lambda: SolutionGroup.objects.get(criteria__slug="ky-cuong")),
]


@pytest.mark.parametrize(("model", "get"), SNIPPETS)
def test_reference_data_is_edited_and_never_deleted(desk: Client, model: str, get: Any) -> None:
    one = get()
    base = f"/admin/snippets/column/{model}/"
    assert desk.get(base).status_code == 200
    assert desk.get(f"{base}?q=y+te").status_code == 200
    page = desk.get(f"{base}edit/{one.pk}/")
    assert page.status_code == 200
    assert f"{base}delete/" not in page.content.decode()
    boss = make_user("boss", is_superuser=True)
    desk.force_login(boss)
    desk.post(f"{base}delete/{one.pk}/")
    assert type(one).objects.filter(pk=one.pk).exists()


def test_a_unit_is_corrected_with_its_aliases(desk: Client) -> None:
    one = Department.objects.get(code="phong-csgt")
    address = f"/admin/snippets/column/department/edit/{one.pk}/"
    soup = BeautifulSoup(desk.get(address).content, "html.parser")
    form = soup.select_one("form:has([name=aliases-TOTAL_FORMS])")
    assert form is not None
    sent: dict[str, Any] = {}
    for tag in form.select("input[name], select[name], textarea[name]"):
        if tag.get("type") == "checkbox" and not tag.has_attr("checked"):
            continue
        chosen = [str(option["value"]) for option in tag.select("option[selected]")]
        sent[str(tag["name"])] = chosen if tag.name == "select" else tag.get("value", tag.text)
    count = int(sent["aliases-TOTAL_FORMS"])
    sent |= {
        "aliases-TOTAL_FORMS": str(count + 1), f"aliases-{count}-text": "Đội CSGT thành phố",
        f"aliases-{count}-ORDER": str(count + 1), "name": "Phòng Cảnh sát giao thông", "code": "khac",
        "valid_to": "2025-02",
    }  # fmt: skip
    answer = desk.post(address, sent)
    assert answer.status_code == 302, BeautifulSoup(answer.content, "html.parser").select(".error-message")
    one.refresh_from_db()
    assert (one.code, one.valid_to, one.latest_to) == ("phong-csgt", "2025-02", date(2025, 2, 28))
    assert "đội csgt thành phố" in set(one.aliases.values_list("match_key", flat=True))
    sent["valid_to"] = "31/02/2025"
    assert "không phải năm (2014), tháng (2014-05) hay ngày" in desk.post(address, sent).content.decode()
    sent |= {"valid_to": "2025", "valid_from": "2026"}
    assert "Ngày kết thúc đứng trước ngày bắt đầu." in desk.post(address, sent).content.decode()
    sent |= {"valid_from": "", f"aliases-{count}-text": "CẢNH SÁT GIAO THÔNG"}
    assert "Cách viết này đã có ở trên" in desk.post(address, sent).content.decode()


def test_a_renamed_unit_is_announced(story: Article) -> None:
    from column.signals import stories_changed

    record(story, [Row(unit("so-y-te"), criterion("ky-cuong"))], user=None, at=AT)
    heard: list[tuple[int, ...]] = []

    def listen(ids: tuple[int, ...], **kwargs: object) -> None:
        heard.append(ids)

    stories_changed.connect(listen)
    try:
        one = Department.objects.get(code="so-y-te")
        one.save()
        one.name = "Sở Y tế thành phố"
        one.save()
        group = Criterion.objects.get(slug="ky-cuong").group
        group.prefix = "Xây"
        group.save()
    finally:
        stories_changed.disconnect(listen)
    assert heard == [(story.pk,), (story.pk,)]
