"""The archive keeps step with the stories, in their own transaction, whatever the path of the change."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, PageViewRestriction

from column.coverage.models import Coverage
from column.enums import CoverageRole
from column.signals import announce
from column.stories.models import Article, Story
from home.models import HomePage
from search import catalogue, writing
from search.elastic.documents import documents
from search.models import AdminEntry, ArchiveChange, ArchiveEntry, ArchiveUnit
from search.words import archive_words
from tests.factories import (
    column_page,
    make_article,
    make_coverage,
    make_criterion,
    make_department,
    make_news,
    make_photo_story,
    make_picture,
)
from tests.search.conftest import Search

pytestmark = pytest.mark.django_db


def entries() -> set[int]:
    return set(ArchiveEntry.objects.values_list("pk", flat=True))


def found(search: Search, text: str) -> list[int]:
    return [hit.story_id for hit in search(text).hits]


def test_draft_publish_edit_unpublish_delete(search: Search) -> None:
    story = make_article("Một cửa điện tử", live=False)
    assert entries() == set()
    story.save_revision().publish()
    assert found(search, "mot cua") == [story.pk]
    story.refresh_from_db()
    story.title = "Hai cửa điện tử"
    revision = story.save_revision()
    assert found(search, "hai cửa") == []
    revision.publish()
    assert found(search, "hai cửa") == [story.pk]
    assert found(search, "một cửa") == []
    story.refresh_from_db()
    story.unpublish()
    assert entries() == set()
    story.save_revision().publish()
    assert found(search, "hai cửa") == [story.pk]
    story.delete()
    assert entries() == set()
    assert archive_words().strays() == []


def test_saved_without_a_revision(search: Search) -> None:
    story = make_article("Tít cũ")
    story.title = "Tít mới"
    story.save()
    assert found(search, "tít mới") == [story.pk]
    story.live = False
    story.save()
    assert entries() == set()


def test_bulk_changes_are_announced(search: Search) -> None:
    stories = [make_news(f"Tin {n}") for n in range(3)]
    Story.objects.filter(pk__in=[s.pk for s in stories]).update(standfirst="Điện mặt trời áp mái")
    assert found(search, "áp mái") == []
    announce(s.pk for s in stories)
    assert set(found(search, "áp mái")) == {s.pk for s in stories}


def test_a_rolled_back_change_leaves_nothing(search: Search) -> None:
    story = make_article("Trước")
    catalogue.current()
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - what is raised is ours, last
        story.title = "Sau cuộn lại"
        story.save()
        other = make_news("Thêm rồi bỏ")
        assert found(search, "cuộn lại") == [story.pk]
        assert found(search, "thêm rồi bỏ") == [other.pk]
        raise RuntimeError
    assert found(search, "cuộn lại") == []
    assert found(search, "thêm rồi bỏ") == []
    assert search().total == 1
    assert found(search, "trước") == [story.pk]


def test_own_and_inherited_restrictions(search: Search) -> None:
    story, other = make_article("Riêng tư"), make_article("Công khai")
    own = PageViewRestriction.objects.create(page=story, restriction_type=PageViewRestriction.LOGIN)
    assert entries() == {other.pk}
    inherited = PageViewRestriction.objects.create(page=column_page(), restriction_type=PageViewRestriction.LOGIN)
    assert entries() == set()
    make_news("Tin trong vùng kín")
    assert entries() == set()
    inherited.delete()
    own.delete()
    assert len(entries()) == 3
    assert found(search, "riêng tư") == [story.pk]


def test_moving_a_story_or_its_column_under_a_restriction() -> None:
    home = HomePage.objects.get()
    closed = home.add_child(instance=HomePage(title="Kín", slug="kin"))
    PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
    one, two = make_article("Một"), make_article("Hai")
    Page.objects.get(pk=one.pk).move(closed, pos="last-child")
    assert entries() == {two.pk}
    Page.objects.get(pk=column_page().pk).move(Page.objects.get(pk=closed.pk), pos="last-child")
    assert entries() == set()
    Page.objects.get(pk=column_page().pk).move(Page.objects.get(pk=home.pk), pos="last-child")
    assert entries() == {two.pk}


def test_deleting_a_parent_deletes_the_entries_below() -> None:
    old = HomePage.objects.get().add_child(instance=HomePage(title="Cũ", slug="cu"))
    for story in (make_article(), make_news()):
        Page.objects.get(pk=story.pk).move(Page.objects.get(pk=old.pk), pos="last-child")
    kept = make_news()
    assert len(entries()) == 3
    Page.objects.get(pk=old.pk).delete()
    assert entries() == {kept.pk}
    assert archive_words().strays() == []


def test_only_subjects_are_filters_and_coverage_acts_at_once(search: Search) -> None:
    story, unit, other, criterion = (
        make_article(),
        make_department("Sở Một"),
        make_department("Sở Hai"),
        make_criterion(),
    )
    make_coverage(story, unit, criterion)
    make_coverage(story, other, role=CoverageRole.MENTIONED)
    announce([story.pk])
    assert search(don_vi={unit.code}).total == 1
    assert search(don_vi={other.code}).total == 0
    assert search(tieu_chi={criterion.slug}).total == 1
    Coverage.objects.all().delete()
    announce([story.pk])
    assert search(don_vi={unit.code}).total == 0
    assert not ArchiveUnit.objects.exists()


def test_captions_credits_and_bylines_are_found_and_followed(search: Search) -> None:
    picture = make_picture(caption="Phun nước ép cỏ", credit="TRIỀU TÙNG")
    story = make_article(byline="ĐOÀN LƯƠNG", lead_photo=picture)
    photo = make_photo_story("Chùm ảnh")
    assert found(search, "ép cỏ") == [story.pk]
    assert found(search, '"ảnh triều tùng"') == [story.pk]
    assert set(found(search, "Đoàn Lương")) == {story.pk, photo.pk}
    picture.caption = "Tưới hoa"
    picture.save()
    assert found(search, "ép cỏ") == []
    assert found(search, "tưới hoa") == [story.pk]
    byline = story.byline_credits.get().byline
    byline.name = "PHAN CHUNG"
    byline.save()
    assert set(found(search, "phan chung")) == {story.pk, photo.pk}


def test_renamed_units_and_criteria_show_their_new_names(search: Search) -> None:
    story, unit, criterion = make_article(), make_department("Sở Cũ"), make_criterion("tên cũ")
    make_coverage(story, unit, criterion)
    announce([story.pk])
    labels = {f.name: [v.label for v in f.values if v.count] for f in search().facets}
    assert (labels["don-vi"], labels["tieu-chi"]) == (["Sở Cũ"], ["Tên cũ"])
    unit.name = "Sở Mới"
    unit.save()
    criterion.group.prefix = "Chống"
    criterion.group.save()
    labels = {f.name: [v.label for v in f.values if v.count] for f in search().facets}
    assert (labels["don-vi"], labels["tieu-chi"]) == (["Sở Mới"], ["Chống tên cũ"])


def test_nothing_is_written_when_nothing_changed() -> None:
    story = make_article()
    marks = ArchiveChange.objects.count()
    assert writing.write([story.pk, story.pk]) == 0
    assert writing.write([10**9]) == 0
    assert ArchiveChange.objects.count() == marks


def test_writing_many_takes_no_more_queries_than_one() -> None:
    def cost(ids: list[int]) -> int:
        ArchiveEntry.objects.all().delete()
        with CaptureQueriesContext(connection) as captured:
            assert writing.write(ids, anyway=True) == len(ids)
        # The full-text rows of a batch are one statement run many times; each run is logged.
        return len({query["sql"] for query in captured if "search_a" not in query["sql"]})

    ids = [make_news(f"Tin {n}").pk for n in range(12)]
    assert cost(ids[:1]) == cost(ids)


def test_an_endless_story_is_kept(search: Search) -> None:
    story = make_article("Rất dài", paragraphs=("đầu bài " + "từ " * 700_000,))
    assert found(search, "đầu bài") == [story.pk]
    words = " ".join(f"x{n}y" for n in range(60_000))
    other = make_news("Nhiều từ", paragraphs=(words,))
    assert found(search, '"nhiều từ"') == [other.pk]


def test_marks_are_thinned_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ArchiveChange, "KEPT", 8)
    for _number in range(40):
        writing.mark_changed()
    assert 8 <= ArchiveChange.objects.count() <= 8 + 4


# --- rebuild and check ------------------------------------------------------------------------------------------------


def test_rebuild_from_nothing(search: Search, capsys: pytest.CaptureFixture[str]) -> None:
    stories = [make_news(f"Tin {n} về biển") for n in range(3)]
    make_news("Nháp về biển", live=False)
    before = {hit.story_id for hit in search("biển").hits}
    ArchiveEntry.objects.all().delete()
    AdminEntry.objects.all().delete()
    call_command("rebuild_search")
    assert {hit.story_id for hit in search("biển").hits} == before == {s.pk for s in stories}
    assert "3 tin, bài" in capsys.readouterr().out
    assert Page.objects.search("nháp").count() == 1
    call_command("check_search")
    assert "khớp" in capsys.readouterr().out


def test_check_finds_and_mends(search: Search, capsys: pytest.CaptureFixture[str]) -> None:
    missing, extra, stale, wordless = (make_news(title) for title in ("Thiếu", "Thừa", "Cũ", "Mất chữ"))
    ArchiveEntry.objects.filter(pk=missing.pk).delete()
    Page.objects.filter(pk=extra.pk).update(live=False)
    Page.objects.filter(pk=stale.pk).update(title="Mới")
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DELETE FROM search_archivefolded WHERE rowid = %s", [wordless.pk])
        else:
            cursor.execute("UPDATE search_archiveentry SET words = '' WHERE story_id = %s", [wordless.pk])
    AdminEntry.objects.filter(object_id=str(missing.pk), content_type=missing.content_type).delete()
    with pytest.raises(CommandError):
        call_command("check_search")
    said = capsys.readouterr().out
    assert f"Thiếu trong kho tìm kiếm: 1 ({missing.pk})" in said
    assert f"Thừa trong kho tìm kiếm: 1 ({extra.pk})" in said
    assert f"Cũ trong kho tìm kiếm: 2 ({stale.pk}, {wordless.pk})" in said
    assert "Thiếu trong tìm kiếm của trang quản trị: 1" in said
    call_command("check_search", "--repair")
    assert entries() == {missing.pk, stale.pk, wordless.pk}
    assert found(search, "mới") == [stale.pk]
    assert found(search, "mất chữ") == [wordless.pk]
    call_command("check_search")


def test_what_wagtails_listener_would_do_twice_is_left_to_ours() -> None:
    assert Article.search_auto_update is False


def test_documents_of_stored_words_are_those_of_analysed_ones() -> None:
    stories = [
        make_article(
            "Chỉ thị 29-CT/TU", standfirst="Ngày 16-2-2017, P.Hòa Minh (Q.Liên Chiểu) ký " + "tiếp dân " * 400
        ),
        make_news("Thu\u0309 tu\u0323c 12h30", standfirst="Ð\u200bà Nẵng, 15/2020/NĐ-CP\nT.Ư; Quỳnh, quý, kỷ"),
        make_news("“…”", standfirst=""),
    ]
    make_coverage(stories[0], make_department("Sở Nội vụ"), make_criterion())
    ids = [story.pk for story in stories]
    stored = documents(ids)
    assert set(archive_words().stored(ids)) >= set(ids)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            archive_words().forget(ids)
        else:
            cursor.execute("UPDATE search_archiveentry SET said = ''")
    assert not archive_words().stored(ids)
    assert documents(ids) == stored
    assert stored[ids[0]]["title_exact"] == "chỉ thị vb29cttu 29 ct tu"
    assert stored[ids[0]]["text_folded"].count("tiep dan") == 400


def test_documents_of_stories_far_apart() -> None:
    stories = [make_news(f"Tin {n}").pk for n in range(9)]
    assert documents([stories[0], stories[8]]).keys() == {stories[0], stories[8]}
