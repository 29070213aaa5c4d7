"""Out and in again: the second export is the first one, byte for byte."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from column.coverage import recording
from column.coverage.models import Coverage, CoverageChange, Criterion, Document
from column.departments.models import Department
from column.people.models import Byline
from column.photos.models import Picture
from column.schedule.models import Slot
from column.stories.models import Article, BylineCredit, NewsItem, Photo, Story, StoryPhoto
from column.text.dates import TZ
from column.transfer.exporting import export_archive
from column.transfer.slot_book import SlotBook
from tests.column.transfer.archives import run
from tests.factories import column_page, make_picture, make_story

pytestmark = pytest.mark.django_db


def empty_the_archive() -> None:
    Slot.objects.update(story=None, published_at=None)
    for story in Story.objects.all():
        Page.objects.get(pk=story.pk).delete()
    Coverage.objects.all().delete()
    Redirect.objects.all().delete()
    Picture.objects.all().delete()
    Byline.objects.all().delete()


@pytest.fixture
def full_archive() -> None:
    """One story for everything that the format must carry."""
    bridge = make_picture("Cầu", caption="Cầu Rồng", credit="KIM LIÊN", place="Hải Châu", taken_at=timezone.now())
    hills = make_picture("Núi", caption="Núi | Sơn Trà", size=(600, 400), people="Người dân", rights="agency")
    older = make_story(NewsItem, "Tin cũ hơn", issue_date=date(2016, 5, 4), external_id="cu-7", from_archive=True)
    article = make_story(
        Article, "=Bài có đủ thứ “ngoặc” & <dấu>", issue_date=date(2017, 2, 16), paragraphs=("x",),
        kicker_printed="’’5 XÂY’’, ’’ 3 CHỐNG’’", kicker="Mục riêng", standfirst="Sa-pô\nhai dòng", lead_photo=bridge,
        lead_caption="Chú thích riêng", printed_at=datetime(2017, 2, 16, 14, 12, tzinfo=TZ), print_issue="6543",
        print_page="3", source_url="https://example.com/a?b=1&c=2", source_name="Nguồn khác",
    )  # fmt: skip
    marked = (
        'Một <b>đậm</b> <a href="https://a.vn/?x=1&amp;y=2">liên kết</a>, '
        f'<a linktype="page" id="{older.pk}">bài trước</a> &amp; <i>nghiêng</i>.'
    )
    article.body = [
        ("paragraph", f'<p data-block-key="k1">{marked}</p><p></p><p>Hai<br/>dòng</p>'),
        ("subhead", "Tít phụ < thứ nhất"),
        ("paragraph", "<ul><li>một</li><li>hai <b>đậm</b></li></ul><p>x<sup>2</sup> H<sub>2</sub>O</p>"),
        ("quote", {"text": "Dòng một\nDòng hai", "attribution": "Bà A"}),
        ("photo", {"image": hills, "caption": "Chú thích trong bài", "credit": "NGƯỜI KHÁC"}),
        ("photo", {"image": hills, "caption": "", "credit": ""}),
        ("gallery", {"photos": [{"image": bridge, "caption": "", "credit": ""},
                                {"image": hills, "caption": "c", "credit": ""}]}),
        ("table", {"data": [["Năm", "Tỷ lệ"], ["2014", "6%"], ["2016", "71%"]], "first_row_is_table_header": True,
                   "first_col_is_header": False, "table_header_choice": "row", "table_caption": "Tỷ lệ xin lỗi",
                   "cell": [{"row": 1, "col": 1, "className": "htRight"}],
                   "mergeCells": []}),
        ("number", {"value": "55/56", "text": "phường, xã", "source": "UBND thành phố"}),
        ("related", {"stories": [older]}),
        ("link_card", {"url": "https://danang.gov.vn/", "title": "Cổng", "text": "Mô tả", "source": "UBND"}),
    ]  # fmt: skip
    article.byline_credits = [
        BylineCredit(byline=Byline.objects.create(name=name), role=role, sort_order=order)
        for order, (name, role) in enumerate([("LÊ A", "text_and_photos"), ("B, C và D", "text"), ("E", "photos")])
    ]
    article.save_revision().publish()
    photo = make_story(
        Photo, "Ảnh đẹp", issue_date=date(2018, 3, 1),
        photos=[StoryPhoto(image=hills, caption="Riêng", sort_order=0), StoryPhoto(image=bridge, sort_order=1)],
    )  # fmt: skip
    make_story(Article, "Bài ngoài kỳ", issue_date=date(2017, 2, 16))
    make_story(NewsItem, "Bản nháp", live=False)
    make_story(NewsItem, "Chưa rõ loại", kind="tin_anh", issue_date=date(2015, 1, 8), from_archive=True)
    SlotBook.load(column_page()).fill({article.issue_date: (article.pk, article.first_published_at)})
    directive, resolution = Document.objects.get(number="29-CT/TU"), Document.objects.get(number="")
    codes = dict(Department.objects.values_list("code", "pk"))
    criteria = dict(Criterion.objects.values_list("slug", "pk"))
    recording.record(
        article,
        [
            recording.Row(codes["so-cong-thuong"], criteria["trach-nhiem"], "Đoạn | \\ hai\ndòng", tone="praise"),
            recording.Row(codes["btv-thanh-uy"], None, role="mentioned"),
            recording.Row(None, criteria["chong-quan-lieu"], "Tiêu chí riêng"),
        ],
        user=None, at=timezone.now(),
        documents={directive.pk: "carries_out", resolution.pk: "tied_to"},
    )  # fmt: skip
    recording.record(photo, [recording.Row(codes["tp-da-nang"])], user=None, at=timezone.now())
    article.corrections.create(
        kind="correction", text="Sửa = số liệu @ đoạn | hai", made_at=datetime(2017, 2, 20, 9, tzinfo=TZ)
    )
    Redirect.objects.create(old_path="/channel/5399/201702/bai-cu", redirect_page=article)


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_the_second_export_is_the_first(tmp_path: Path, full_archive: None, suffix: str) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    assert export_archive(first, photos=tmp_path / "a.zip").stories == 5
    before = {story.public_id: facts(story) for story in Story.objects.live()}
    empty_the_archive()

    report = run(first)
    assert (report.counts.added, report.counts.refused, report.shown) == (5, 0, report.shown)
    assert {problem.reason for problem in report.shown} == {"Kỳ thứ Năm này đã có bài khác."}
    exported = export_archive(second, photos=tmp_path / "b.zip")

    assert (exported.stories, exported.photos, exported.lost) == (5, 2, ())
    assert second.read_text(encoding="utf-8").splitlines() == first.read_text(encoding="utf-8").splitlines()
    assert second.read_bytes() == first.read_bytes()
    assert (tmp_path / "b.zip").read_bytes() == (tmp_path / "a.zip").read_bytes()
    assert {story.public_id: facts(story) for story in Story.objects.live()} == before


def facts(story: Story) -> dict[str, Any]:
    """What a reader or a tally sees of a story."""
    specific = story.specific
    return {
        "type": type(specific).__name__, "kind": story.kind, "title": story.title, "slug": story.slug,
        "standfirst": story.standfirst, "shown": story.shown_at, "issue_date": story.issue_date,
        "blocks": [block.block_type for block in story.body],
        "bylines": [(credit.byline_name, credit.role) for credit in story.byline_credits.all()],
        "slot": getattr(specific, "slot", None) and specific.slot.day,
        "coverage": set(
            story.coverage.values_list("department__code", "criterion__slug", "evidence", "role", "tone")
        ),
        "documents": set(story.document_links.values_list("document", "relation")),
        "corrections": list(story.corrections.values_list("kind", "text", "made_at")),
        "redirects": list(Redirect.objects.filter(redirect_page=story.pk).values_list("old_path")),
        "photos": [
            (photo.image.credit, photo.caption or photo.image.caption, photo.image.people)
            for photo in (specific.photos.all() if isinstance(specific, Photo) else ())
        ],
        "lead": story.lead_photo and (story.lead_photo.credit, story.lead_caption or story.lead_photo.caption),
    }  # fmt: skip


def test_an_export_that_comes_back_to_its_own_system_changes_nothing(tmp_path: Path, full_archive: None) -> None:
    export_archive(tmp_path / "a.csv", photos=tmp_path / "a.zip")
    history = CoverageChange.objects.count()

    report = run(tmp_path / "a.csv")

    assert (report.counts.unchanged, report.counts.added, report.counts.updated) == (5, 0, 0)
    assert CoverageChange.objects.count() == history
    assert Picture.objects.count() == 2


def test_drafts_and_lost_photos_stay_behind_and_are_told(tmp_path: Path, full_archive: None) -> None:
    picture = Picture.objects.get(title="Cầu")
    picture.file.storage.delete(picture.file.name)

    exported = export_archive(tmp_path / "a.jsonl", photos=tmp_path / "a.zip")

    assert set(exported.lost) == {"=Bài có đủ thứ “ngoặc” & <dấu>", "Ảnh đẹp"}
    assert "Bản nháp" not in (tmp_path / "a.jsonl").read_text(encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert len(packed.namelist()) == 1
    empty_the_archive()
    assert run(tmp_path / "a.jsonl").counts.refused == 0


def test_a_spreadsheet_sees_no_formula(tmp_path: Path, full_archive: None) -> None:
    export_archive(tmp_path / "a.csv")

    text = (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert text.startswith("\ufeffexternal_id,")
    assert ",'=Bài có đủ thứ" in text
