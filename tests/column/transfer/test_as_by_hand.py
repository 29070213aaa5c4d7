"""An imported story is, table by table, what an editor's own hands would have made."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, ReferenceIndex, Revision
from wagtail.search.backends import get_search_backend

from column.coverage import recording
from column.coverage.models import Coverage, CoverageChange, Criterion
from column.departments.models import Department
from column.people.models import Byline, User
from column.photos.models import Picture
from column.stories.models import Article, BylineCredit, NewsItem, Photo, Story, StoryPhoto
from column.text.dates import TZ
from column.transfer.bulk import serialised
from search.models import ArchiveEntry
from tests.column.transfer.archives import bring_in, jpeg, row
from tests.factories import column_page, make_user

pytestmark = pytest.mark.django_db

#: What differs between any two stories, however they are made.
OWN = {
    "id", "path", "slug", "url_path", "translation_key", "public_id", "external_id", "page_ptr", "story_ptr", "pk",
    "latest_revision", "live_revision", "latest_revision_created_at", "last_published_at", "from_archive",
}  # fmt: skip
AT = datetime(2017, 2, 16, 14, 12, tzinfo=TZ)


@pytest.fixture
def editor() -> User:
    return make_user("bien-tap", is_superuser=True)


def fields(story: Story) -> dict[str, Any]:
    return {
        field.name: field.value_to_string(story) if field.name == "body" else getattr(story, field.attname)
        for field in story._meta.concrete_fields
        if field.name not in OWN
    }


def without_ids(text: str) -> str:
    return re.sub(r'"id": "[0-9a-f-]{36}"', '"id": ""', text)


def by_hand(cls: type[Story], editor: User, **more: Any) -> Story:
    story = cls(
        title="Một cửa hiện đại ở phường", standfirst="Sau một năm, thời gian giải quyết hồ sơ rút ngắn.",
        body=json.dumps([
            {"type": "paragraph", "value": "<p>Đoạn thứ nhất.</p><p>Đoạn thứ hai.</p>", "id": "x"},
            {"type": "subhead", "value": "Tít phụ", "id": "y"},
            {"type": "quote", "value": {"text": "Lời dân.", "attribution": "Một người dân"}, "id": "z"},
        ]),
        printed_at=AT, issue_date=AT.date(), live=False, owner=editor, **more,
    )  # fmt: skip
    byline = Byline.objects.named("ĐOÀN LƯƠNG").first() or Byline.objects.create(name="ĐOÀN LƯƠNG")
    story.byline_credits = [BylineCredit(byline=byline, sort_order=0)]
    column_page().add_child(instance=story)
    Page.objects.filter(pk=story.pk).update(first_published_at=AT)
    story.refresh_from_db(fields=["first_published_at"])
    story.save_revision(user=editor).publish(user=editor)
    department, criterion = Department.objects.get(code="so-cong-thuong"), Criterion.objects.get(slug="trach-nhiem")
    recording.record(story, [recording.Row(department.pk, criterion.pk)], user=editor, at=timezone.now(), via="import")
    return cls.objects.get(pk=story.pk)


def imported(folder: Path, editor: User, kind: str, **cells: Any) -> Story:
    body = (
        "<p>Đoạn thứ nhất.</p><p>Đoạn thứ hai.</p><h2>Tít phụ</h2>"
        "<blockquote><p>Lời dân.</p><cite>Một người dân</cite></blockquote>"
    )
    report = bring_in(folder, row(kind=kind, body=body, departments="so-cong-thuong>trach-nhiem", **cells), user=editor)
    assert report.counts.added == 1, report.shown
    return Story.objects.get(external_id="cu-1").specific


def revision_content(story: Story) -> dict[str, Any]:
    content = Revision.objects.get(base_content_type__model="page", object_id=str(story.pk)).content
    kept = {name: value for name, value in content.items() if name not in OWN | {"first_published_at"}}
    kept["body"] = re.sub(r'"id": ?"[^"]*"', '"id": ""', kept["body"])
    kept["byline_credits"] = [
        (credit["byline"], credit["role"], credit["sort_order"]) for credit in kept["byline_credits"]
    ]
    if "photos" in kept:
        kept["photos"] = [(photo["image"], photo["caption"], photo["sort_order"]) for photo in kept["photos"]]
    return kept


@pytest.mark.parametrize("kind", ["article", "news"])
def test_the_fast_way_of_serialising_gives_what_wagtail_gives(tmp_path: Path, editor: User, kind: str) -> None:
    story = imported(tmp_path, editor, kind, kicker="Chuyện tuần này", printed_at="14:12, 16/02/2017")

    assert list(serialised(story).items()) == list(story.serializable_data().items())
    assert serialised(story)["byline_credits"]


def references(story: Story) -> set[tuple[int, str, str, str, str]]:
    """With the keys of credits and photos left out of their paths."""
    rows = ReferenceIndex.get_references_for_object(story)
    return {
        (one.content_type_id, one.to_content_type.model, one.to_object_id, one.model_path,
         re.sub(r"\b\d+\b|[0-9a-f-]{36}", "n", one.content_path))
        for one in rows
    }  # fmt: skip


@pytest.mark.parametrize(("kind", "cls"), [("article", Article), ("news", NewsItem)])
def test_each_table_holds_what_a_story_made_by_hand_has(
    tmp_path: Path, editor: User, kind: str, cls: type[Story]
) -> None:
    ours = imported(tmp_path, editor, kind)
    theirs = by_hand(cls, editor)

    assert type(ours) is type(theirs) is cls
    left, right = fields(ours), fields(theirs)
    left["body"] = re.sub(r'"id": "[^"]*"', '"id": ""', left["body"])
    right["body"] = re.sub(r'"id": "[^"]*"', '"id": ""', right["body"])
    assert left == right
    assert ours.latest_revision_id == ours.live_revision_id is not None
    assert ours.slug == f"mot-cua-hien-dai-o-phuong-{ours.public_id}"
    assert ours.url_path == f"{column_page().url_path}{ours.slug}/"
    assert revision_content(ours) == revision_content(theirs)
    assert references(ours) == references(theirs)

    def logged(story: Story) -> list[tuple[Any, ...]]:
        return [
            (entry.action, entry.label, entry.user_id, entry.content_type_id, entry.content_changed, entry.data,
             entry.revision_id == story.live_revision_id)
            for entry in PageLogEntry.objects.filter(page=story.pk).order_by("pk")
        ]  # fmt: skip

    assert logged(ours) == logged(theirs)
    assert [entry[0] for entry in logged(ours)] == ["wagtail.create", "wagtail.publish", "column.coverage.coded"]

    def coded(story: Story) -> tuple[list[Any], list[Any]]:
        names = ("department", "criterion", "evidence", "role", "tone", "coded_by")
        history = ("action", "before", "after", "changed_by", "via")
        return (
            list(Coverage.objects.filter(story=story.pk).values_list(*names)),
            list(CoverageChange.objects.filter(story=story.pk).values_list(*history)),
        )

    assert coded(ours) == coded(theirs)

    def found(story: Story) -> tuple[Any, ...]:
        entry = ArchiveEntry.objects.get(story=story.pk)
        return (entry.kind, entry.day, entry.title, entry.text)

    assert found(ours) == found(theirs)


def test_a_photo_story_too(tmp_path: Path, editor: User) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.jpg").write_bytes(jpeg())
    ours = imported(tmp_path, editor, "photo", photos="a.jpg", captions="Cầu Rồng", credits="Ảnh: KIM LIÊN")
    theirs = by_hand(Photo, editor, photos=[StoryPhoto(image=Picture.objects.get(), sort_order=0)])

    assert revision_content(ours) == revision_content(theirs)
    assert references(ours) == references(theirs)
    assert [(one.image.caption, one.caption) for one in ours.photos.all()] == [("Cầu Rồng", "")]


def test_the_tree_stays_sound_and_the_next_story_made_by_hand_fits_in(tmp_path: Path, editor: User) -> None:
    bring_in(tmp_path, *(row(number) for number in range(1, 6)), user=editor)
    after = by_hand(NewsItem, editor)

    assert Page.find_problems() == ([], [], [], [], [])
    assert column_page().numchild == 6
    assert [page.pk for page in column_page().get_children()][-1] == after.pk
    assert Story.objects.get(external_id="cu-3").get_parent().specific == column_page()


def test_the_admin_search_finds_it_at_once(tmp_path: Path) -> None:
    bring_in(tmp_path, row(1, title="Chợ Cồn ngày mới"), row(2, kind="news", title="Bến xe phía nam"))

    titles = {page.title for page in get_search_backend().search("Chợ Cồn", Page)}
    assert titles == {"Chợ Cồn ngày mới"}


def test_an_imported_story_can_be_edited_and_published_again(tmp_path: Path, editor: User) -> None:
    story = imported(tmp_path, editor, "article")
    story.title = "Tiêu đề sửa tay"
    story.save_revision(user=editor).publish(user=editor)

    story.refresh_from_db()
    assert (story.title, story.issue_date, story.first_published_at) == ("Tiêu đề sửa tay", AT.date(), AT)
    assert story.slot.day == AT.date()
