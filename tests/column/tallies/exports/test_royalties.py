"""*Chấm nhuận bút*: every credit a line, nothing divided, the sums of each name."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
import time_machine
from django.test import Client

from column.people.models import Byline
from column.people.roles import Role
from column.stories.models import BylineCredit, Story
from column.tallies.exports.royalties import photos_of, word_count
from tests.factories import make_article, make_news, make_photo_story, make_picture, make_user

pytestmark = pytest.mark.django_db


def credit(story: Story, *named: tuple[str, str]) -> None:
    BylineCredit.objects.filter(story=story.pk).delete()
    for place, (name, role) in enumerate(named):
        byline = Byline.objects.named(name).first() or Byline.objects.create(name=name)
        BylineCredit.objects.create(story_id=story.pk, byline=byline, role=role, sort_order=place)


@pytest.fixture
def month() -> None:
    picture = make_picture()
    article = make_article(
        "=Cải thiện", issue_date=date(2017, 2, 16), standfirst="Hai chữ", paragraphs=("Một hai ba", "Bốn năm"),
        lead_photo=picture, byline="",
    )  # fmt: skip
    credit(article, ("ĐOÀN LƯƠNG", "text"), ("KIM LIÊN", "text"), ("KIM LIÊN", "photos"))
    credit(make_news("Tin", issue_date=date(2017, 2, 1), paragraphs=("Một",)), ("ĐOÀN LƯƠNG", "news_and_photos"))
    credit(make_photo_story("Ảnh", issue_date=date(2017, 2, 28), pictures=3, paragraphs=()), ("KIM LIÊN", "photos"))
    credit(make_news("Tháng sau", issue_date=date(2017, 3, 1)), ("ĐOÀN LƯƠNG", "news"))
    credit(make_news("Nháp", issue_date=date(2017, 2, 2), live=False), ("ĐOÀN LƯƠNG", "news"))


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_user("bien-tap", Role.EDITOR))
    return client


@time_machine.travel("2017-03-02T08:00:00+07:00")
def test_the_workbook_of_a_month(editor: Client, month: None) -> None:
    answer = editor.get("/admin/nhuan-but/nhuan-but.xlsx?thang=2017-02")
    assert answer["Content-Disposition"] == 'attachment; filename="cham-nhuan-but-2017-02.xlsx"'
    found = sheets(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    assert list(found) == ["Theo bút danh", "Từng tin, bài", "Cách tính"]
    assert found["Theo bút danh"] == [
        ["TT", "Bút danh", "Số tin, bài", "Bài viết", "Tin", "Ảnh", "Chưa phân loại", "Cùng đứng tên", "Số chữ",
         "Số ảnh", "Điểm", "Ghi chú"],
        [1, "ĐOÀN LƯƠNG", 2, 1, 1, 0, 0, 1, 8, 0, "", ""],
        [2, "KIM LIÊN", 2, 1, 0, 1, 0, 1, 7, 4, "", ""],
    ]  # fmt: skip
    works = [
        [row[1], row[2], row[3] or "", row[4].date(), row[5], row[6], row[7], row[8]]
        for row in found["Từng tin, bài"][1:]
    ]
    assert works == [
        ["ĐOÀN LƯƠNG", "Tin, ảnh", "", date(2017, 2, 1), "Tin", "Tin", 1, 0],
        ["ĐOÀN LƯƠNG", "Bài", "KIM LIÊN", date(2017, 2, 16), "Bài viết", "=Cải thiện", 7, 0],
        ["KIM LIÊN", "Bài", "ĐOÀN LƯƠNG", date(2017, 2, 16), "Bài viết", "=Cải thiện", 7, 0],
        ["KIM LIÊN", "Ảnh", "ĐOÀN LƯƠNG", date(2017, 2, 16), "Bài viết", "=Cải thiện", 0, 1],
        ["KIM LIÊN", "Ảnh", "", date(2017, 2, 28), "Ảnh", "Ảnh", 0, 3],
    ]
    assert dict(row[:2] for row in found["Cách tính"])["Kỳ"] == "Tháng 2/2017"


@time_machine.travel("2017-03-02T08:00:00+07:00")
def test_the_screen_opens_on_the_month_that_ended(editor: Client, month: None) -> None:
    page = editor.get("/admin/nhuan-but/")
    assert page.context["month"].code == "2017-02"
    assert [(one.name, one.stories, one.words, one.photos) for one in page.context["people"]] == [
        ("ĐOÀN LƯƠNG", 2, 8, 0), ("KIM LIÊN", 2, 7, 4),
    ]  # fmt: skip
    for bad in ("2017-13", "2017", "2017-Q1", "2017-W07", "x"):
        assert editor.get("/admin/nhuan-but/", {"thang": bad}).status_code == 400, bad
        assert editor.get("/admin/nhuan-but/nhuan-but.xlsx", {"thang": bad}).status_code == 400, bad
    assert (
        "Không có tin, bài nào đăng trong tháng 1/2016."
        in editor.get("/admin/nhuan-but/?thang=2016-01").content.decode()
    )


def test_words_and_photos_of_every_block() -> None:
    lead, one, two = (make_picture() for _ in range(3))
    story = make_article("Bài", standfirst="", paragraphs=(), lead_photo=lead)
    story.body = [
        ("paragraph", "<p>Một <b>hai</b></p><ul><li>ba</li><li>bốn</li></ul>"), ("subhead", "Năm sáu"),
        ("quote", {"text": "Bảy", "attribution": "Không đếm"}),
        ("photo", {"image": one, "caption": "không đếm", "credit": ""}),
        ("gallery", {"photos": [{"image": each, "caption": "", "credit": ""} for each in (two, one)]}),
    ]  # fmt: skip
    story.save()
    story = Story.objects.get(pk=story.pk)
    assert [word_count(story), photos_of(story)] == [7, {lead.pk, one.pk, two.pk}]
