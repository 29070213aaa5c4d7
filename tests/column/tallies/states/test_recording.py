"""Every way in which what counts of a story changes leaves exactly one state, and nothing else leaves any."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from wagtail.log_actions import LogContext
from wagtail.models import PageViewRestriction

from column.coverage.models import Document
from column.coverage.recording import Row, record
from column.enums import Kind
from column.people.models import Byline
from column.stories.models import Story
from column.stories.reclassify import reclassify
from column.stories.takedown import take_down
from column.tallies.states.filling import fill, fill_when_empty, wrong
from column.tallies.states.models import Standing, StoryState
from column.tallies.states.recording import write
from tests.factories import column_page, make_article, make_department, make_news, make_photo_story, make_user

pytestmark = pytest.mark.django_db
DAY = date(2017, 2, 16)
AT = datetime(2017, 3, 1, tzinfo=UTC)


def told(story: Story) -> list[tuple[Any, ...]]:
    fields = ("standing", "issue_date", "kind", "title", "bylines", "documents")
    return list(StoryState.objects.filter(story=story.pk).values_list(*fields))


def standings(story: Story) -> list[str]:
    return [row[0] for row in told(story)]


def test_a_draft_has_no_state_and_its_publication_one() -> None:
    story = make_article("Bài đang viết", live=False)
    assert told(story) == []
    story.title = "Bài đã xong"
    story.save_revision().publish()
    story.refresh_from_db()
    assert told(story) == [("counted", story.issue_date, "article", "Bài đã xong", ["ĐOÀN LƯƠNG"], [])]
    assert StoryState.objects.get().number == story.public_id


def test_saving_what_does_not_count_leaves_no_state() -> None:
    story = make_article("Bài", issue_date=DAY)
    before = StoryState.objects.count()
    story.standfirst = "Sa-pô mới."
    story.save_revision().publish()
    record(story, [Row(make_department().pk, None)], user=None, at=AT)
    assert StoryState.objects.count() == before


def test_taken_down_and_back_and_deleted() -> None:
    user = make_user()
    story = make_news("Tin", issue_date=DAY)
    with LogContext(user=user):
        take_down(story, user)
    newest = StoryState.objects.filter(story=story.pk).last()
    assert newest is not None
    assert (newest.standing, newest.by, newest.by_name) == (Standing.TAKEN_DOWN, user, user.get_full_name())
    Story.objects.get(pk=story.pk).specific.save_revision().publish()
    assert standings(story) == ["counted", "taken_down", "counted"]
    key = story.pk
    Story.objects.get(pk=key).specific.delete()
    assert list(StoryState.objects.filter(story=key).values_list("standing", "title")) == [
        ("counted", "Tin"), ("taken_down", "Tin"), ("counted", "Tin"), ("deleted", "Tin"),
    ]  # fmt: skip


def test_privacy_of_the_column_is_the_stories_privacy() -> None:
    one, two = make_news("Một", issue_date=DAY), make_news("Hai", issue_date=DAY)
    restriction = PageViewRestriction.objects.create(page=column_page(), restriction_type=PageViewRestriction.LOGIN)
    assert standings(one) == standings(two) == ["counted", "restricted"]
    restriction.delete()
    assert standings(one) == standings(two) == ["counted", "restricted", "counted"]


def test_kind_byline_and_documents() -> None:
    story = make_photo_story("Ảnh", issue_date=DAY)
    document = Document.objects.all()[0]
    record(story, [], user=None, at=AT, documents={document.pk: "mentions"})
    reclassify(story, Kind.NEWS, None)
    byline = Byline.objects.named("ĐOÀN LƯƠNG").get()
    byline.name = "ĐOÀN VĂN LƯƠNG"
    byline.save()
    assert [row[2:] for row in told(story)] == [
        ("photo", "Ảnh", ["ĐOÀN LƯƠNG"], []),
        ("photo", "Ảnh", ["ĐOÀN LƯƠNG"], [document.pk]),
        ("news", "Ảnh", ["ĐOÀN LƯƠNG"], [document.pk]),
        ("news", "Ảnh", ["ĐOÀN VĂN LƯƠNG"], [document.pk]),
    ]


def test_writing_costs_the_same_for_one_and_for_many(django_assert_num_queries: Any) -> None:
    stories = [make_news(f"Tin {number}", issue_date=DAY) for number in range(6)]
    keys = [story.pk for story in stories]
    StoryState.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    for some in (keys[:1], keys[1:]):
        # The transaction's two, the locks, newest states, private pages, bylines, documents, stories, the insert.
        with django_assert_num_queries(9):
            assert write(some) == len(some)


def test_states_are_never_changed() -> None:
    make_news("Tin", issue_date=DAY)
    state = StoryState.objects.get()
    for change in (
        state.save, state.delete, StoryState.objects.all().delete, lambda: StoryState.objects.update(title="x"),
    ):  # fmt: skip
        with pytest.raises(TypeError):
            change()


def test_an_older_database_is_filled_once() -> None:
    story = make_news("Tin", issue_date=DAY)
    make_news("Nháp", live=False)
    StoryState.objects.all()._raw_delete("default")  # type: ignore[attr-defined]
    fill_when_empty()
    assert told(story) == [("counted", DAY, "news", "Tin", ["ĐOÀN LƯƠNG"], [])]
    Story.objects.filter(pk=story.pk).update(kind="photo")  # behind the program's back
    fill_when_empty()
    assert len(told(story)) == 1
    assert list(wrong()) == [(story.public_id, story.pk)]
    with pytest.raises(CommandError, match=str(story.public_id)):
        call_command("story_states", "--check")
    assert list(fill()) == [2]
    assert list(wrong()) == []
    call_command("story_states", "--check")
