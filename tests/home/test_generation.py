"""One new row for every change that readers could see, in the change's own transaction; none for a mere draft."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date, time

import pytest
from django.db import connection, transaction
from wagtail.models import PageViewRestriction, Site

from column.coverage.models import SolutionGroup
from column.schedule.models import Slot
from column.stories.takedown import take_down
from home import generation
from home.models import Masthead, PageGeneration
from tests.factories import (
    column_page,
    make_article,
    make_coverage,
    make_criterion,
    make_department,
    make_picture,
    make_user,
)  # fmt: skip

pytestmark = pytest.mark.django_db(transaction=True)


def changed_by(act: Callable[[], object]) -> bool:
    before = generation.current()
    act()
    return generation.current() != before


def test_a_change_that_readers_see_makes_a_new_generation():
    story = make_article("Bài đang đứng trên trang", issue_date=date(2017, 2, 16))
    unit, criterion = make_department("Sở Nội vụ"), make_criterion("kỷ cương")
    picture = make_picture()
    slot = Slot.objects.create(column=column_page(), day=date(2017, 2, 23), publish_time=time(6, 0))
    editor = make_user("bien-tap", is_superuser=True)

    def edit() -> None:
        story.title = "Tít mới"
        story.save_revision().publish()

    def settings() -> None:
        masthead = Masthead.load()
        masthead.phone = "0236 1"
        masthead.save()

    def teaser() -> None:
        slot.teaser = "Kỳ tới nói về quầy một cửa."
        slot.save()

    def rename() -> None:
        unit.name = "Sở Nội vụ thành phố"
        unit.save()

    def picture_caption() -> None:
        picture.caption = "Chú thích mới"
        picture.save()

    acts = {
        "publish": lambda: make_article("Bài mới", issue_date=date(2017, 2, 23)),
        "edit": edit,
        "coverage": lambda: make_coverage(story, unit, criterion),
        "unit": rename,
        "picture": picture_caption,
        "solution group": lambda: SolutionGroup.objects.create(codebook=criterion.group.codebook, name="Công khai"),
        "its criteria": lambda: SolutionGroup.objects.get(name="Công khai").criteria.add(criterion),
        "settings": settings,
        "teaser": teaser,
        "restriction": lambda: PageViewRestriction.objects.create(page=story, restriction_type="login"),
        "site": lambda: Site.objects.get().save(),
        "take-down": lambda: take_down(story, editor, "Gỡ theo đề nghị."),
        "delete": lambda: make_article("Sẽ xóa", live=False).delete(),
    }
    assert {name for name, act in acts.items() if not changed_by(act)} == set()


def test_a_draft_or_a_rendition_makes_none():
    story = make_article(issue_date=date(2017, 2, 16))
    picture = make_picture()

    def draft() -> None:
        story.title = "Bản nháp chưa ai thấy"
        story.save_revision()

    assert not changed_by(draft)
    assert not changed_by(lambda: picture.get_rendition("width-200|format-webp"))


def test_one_row_a_transaction_and_none_after_rollback():
    before = PageGeneration.objects.count()
    with transaction.atomic():
        generation.bump()
        generation.bump()
        with transaction.atomic():
            generation.bump()
    assert PageGeneration.objects.count() == before + 1
    with transaction.atomic():
        generation.bump()
        transaction.set_rollback(True)
    assert PageGeneration.objects.count() == before + 1


def test_a_row_lost_with_its_savepoint_is_written_again():
    before = PageGeneration.objects.count()
    with transaction.atomic():
        with transaction.atomic():
            generation.bump()
            transaction.set_rollback(True)
        generation.bump()
    assert PageGeneration.objects.count() == before + 1


def test_pruning_keeps_the_newest_thousand():
    with transaction.atomic():
        PageGeneration.objects.bulk_create([PageGeneration() for _ in range(1500)])
    while PageGeneration.objects.latest("pk").pk % generation.PRUNE_EVERY:
        before = generation.current()
        generation.bump()
        assert generation.current() != before
    assert generation.KEPT <= PageGeneration.objects.count() <= generation.KEPT + generation.PRUNE_EVERY


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_commits_out_of_order_are_all_seen():
    """A transaction that began first and commits last, after seventy others, still changes the generation."""
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                generation.bump()
                written.set()
                assert may_commit.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        assert written.wait(10)
        for _ in range(70):
            generation.bump()
        before = generation.current()
    finally:
        may_commit.set()
        thread.join(10)
    after = generation.current()
    assert after != before
    assert after[0] == before[0]


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_writers_do_not_wait_for_each_other():
    written, may_commit = threading.Event(), threading.Event()

    def slow() -> None:
        try:
            with transaction.atomic():
                generation.bump()
                written.set()
                assert may_commit.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    try:
        assert written.wait(10)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '500ms'")
            generation.bump()
    finally:
        may_commit.set()
        thread.join(10)
