"""``seed_demo`` from end to end, once for all tests of this file."""

from __future__ import annotations

import io
import stat
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from PIL import Image
from pytest_django.plugin import DjangoDbBlocker

from column.coverage.models import Coverage, CoverageChange, StoryDocument
from column.enums import CoverageRole, Kind, SlotState, Tone
from column.figures.models import Indicator, ReportedFigure
from column.people.models import User
from column.people.roles import Role
from column.photos.models import Picture, Rendition
from column.photos.shapes import specs
from column.schedule.listing import slot_rows
from column.schedule.models import ScheduleSettings, Slot
from column.stories.models import Article, Correction, Photo, Story
from column.tallies.published.models import PublishedFigure
from column.tallies.states.filling import wrong
from home.models import Masthead
from newsroom.welcome import demo_logins

LANDMARK = date(2017, 2, 16)
LOGINS = ["phongvien", "bientap", "thuky", "tongbientap", "tonghop", "quantri"]


@contextmanager
def taken_back() -> Iterator[None]:
    """A transaction that leaves nothing behind."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def told(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """What the command said; the demo stands until the last test of this file."""
    out = io.StringIO()
    with django_db_blocker.unblock(), taken_back():
        call_command("seed_demo", stdout=out)
        yield out.getvalue()
    (Path(settings.DATA_DIR) / "demo_logins.tsv").unlink(missing_ok=True)


pytestmark = pytest.mark.slow


# --- what is there ----------------------------------------------------------------------------------------------


def test_the_numbers_of_the_landmark_come_out_of_the_database(told: str):
    before = Story.objects.published().filter(issue_date__lt=LANDMARK)
    assert before.filter(kind=Kind.ARTICLE).count() == 94
    assert before.exclude(kind=Kind.ARTICLE).count() == 238
    assert Counter(before.values_list("kind", flat=True)) == {"article": 94, "news": 166, "photo": 58, "tin_anh": 14}
    assert not Story.objects.filter(issue_date=LANDMARK).exists()
    assert f"{Story.objects.count()} tin, bài" in told


def test_the_printed_figures_are_registered_and_match(told: str):
    figures = PublishedFigure.objects.order_by("number")
    assert list(figures.values_list("number", "counts", "held", "result", "as_of")) == [
        (94, "bài viết", 94, "khop", LANDMARK), (238, "tin, ảnh", 238, "khop", LANDMARK),
    ]  # fmt: skip
    assert {figure.made_by.username for figure in figures if figure.made_by} == {"tonghop"}
    assert list(wrong()) == []


def test_what_articles_report_is_listed_and_drawn(told: str, client: Client):
    before = ReportedFigure.objects.filter(story__issue_date__lt=LANDMARK).order_by("story__issue_date", "pk")
    assert before.count() == 43
    assert [(one.printed, one.unit) for one in before[:3]] == [("4", "bước"), ("100%", "%"), ("2", "bước")]
    drawn = {one.name: len({figure.printed for figure in one.figures.all()}) for one in Indicator.objects.all()}
    assert drawn
    assert min(drawn.values()) >= 4
    listed = client.get("/so-lieu/").content.decode()
    for indicator in Indicator.objects.all():
        assert escape(indicator.name) in listed
        assert client.get(indicator.get_absolute_url()).status_code == 200


def test_the_landmarks_slot_is_empty_with_its_own_time(told: str):
    slot = Slot.objects.get(day=LANDMARK)
    assert (slot.story_id, slot.skip_reason, f"{slot.publish_time:%H:%M}") == (None, "", "14:12")


def test_the_stream_goes_on_until_now(told: str):
    newest = Story.objects.published().newest_first().first()
    assert newest is not None
    assert timezone.localdate() - newest.issue_date <= timedelta(days=7)
    articles = Story.objects.published().filter(kind=Kind.ARTICLE, issue_date__gt=LANDMARK)
    assert articles.count() > 300
    assert Article.objects.live().filter(slot=None).count() == 0


def test_the_list_of_thursdays_shows_many_states(told: str):
    today = timezone.localdate()
    rows = slot_rows(list(Slot.objects.order_by("day")), timezone.now())
    states = Counter(row.state for row in rows)
    assert states[SlotState.MISSED] == states[SlotState.OVERDUE] == 0
    ahead = [row for row in rows if row.slot.day > today and not row.slot.skip_reason.startswith("Nghỉ Tết")][:6]
    assert [row.state for row in ahead] == [
        SlotState.SCHEDULED, SlotState.APPROVED, SlotState.IN_REVIEW, SlotState.PLANNED, SlotState.EMPTY,
        SlotState.SKIPPED,
    ]  # fmt: skip
    assert [row.status.gaps.required for row in ahead[:3] if row.status] == [(), (), ("duyệt",)]
    go_live = ScheduleSettings.load().go_live_date
    assert go_live is not None
    past = [row for row in rows if row.slot.day < today]
    assert {row.state for row in past if row.slot.day < go_live} == {
        SlotState.PUBLISHED, SlotState.NO_DATA, SlotState.SKIPPED,
    }  # fmt: skip
    assert Counter(row.state for row in past if row.slot.day >= go_live)[SlotState.PUBLISHED_LATE] == 1
    assert [row.slot.skip_reason for row in rows if row.slot.day == date(2017, 1, 26)] == [
        "Nghỉ Tết Nguyên đán Đinh Dậu"
    ]


def test_beside_the_thursdays_wait_a_reserve_and_a_news_item(told: str):
    reserve = Article.objects.filter(live=False, slot=None)
    assert reserve.count() == 1
    item = Story.objects.filter(kind=Kind.NEWS, live=False, taken_down_at=None).get()
    assert item.scheduled_revision is not None
    assert item.go_live_at is not None
    assert item.go_live_at > timezone.now()


def test_coverage_is_coded_with_evidence_roles_and_history(told: str):
    rows = Coverage.objects.filter(story__live=True)
    assert rows.count() > 2500
    assert not rows.filter(evidence="").exists()
    assert set(rows.values_list("tone", flat=True)) == {Tone.UNSET}
    assert set(rows.values_list("role", flat=True)) == {CoverageRole.SUBJECT, CoverageRole.MENTIONED}
    assert CoverageChange.objects.count() == Coverage.objects.count() + StoryDocument.objects.count()
    assert set(StoryDocument.objects.values_list("document__number", flat=True)) == {"29-CT/TU", "34-CT/TU"}
    assert not StoryDocument.objects.filter(document__number="34-CT/TU", story__issue_date__lte="2023-10-27").exists()


def test_a_few_stories_were_corrected_and_one_taken_down(told: str, client: Client):
    assert Counter(Correction.objects.values_list("kind", flat=True)) == {"update": 3, "correction": 2}
    down = Story.objects.exclude(taken_down_at=None).get()
    response = client.get(f"/5-xay-3-chong/{down.slug}/")
    assert response.status_code == 410
    assert "gỡ để kiểm tra lại thông tin" in response.content.decode()


def test_photos_are_ready_to_be_shown(told: str):
    pictures = list(Picture.objects.all())
    assert len(pictures) >= 40
    assert not [picture.title for picture in pictures if picture.missing or picture.from_archive]
    wanted = set(specs("story", "card", "thumb", "share"))
    for picture in pictures:
        assert set(Rendition.objects.filter(image=picture).values_list("filter_spec", flat=True)) >= wanted
    made = Rendition.objects.filter(filter_spec="fill-360x240|format-webp")[0]
    with Image.open(made.file.path) as image:
        assert (image.format, image.size) == ("WEBP", (360, 240)) == ("WEBP", (made.width, made.height))
    galleries = [photo for photo in Photo.objects.live() if photo.photos.count() > 1]
    assert [4 <= photo.photos.count() <= 6 for photo in galleries] == [True, True]
    leads = Article.objects.live().exclude(lead_photo=None)
    assert leads.count() == Article.objects.live().count()


# --- how it looks -----------------------------------------------------------------------------------------------


def test_every_page_says_that_it_is_a_demo(told: str, client: Client):
    masthead = Masthead.load()
    assert masthead.is_demo
    assert "minh họa" in masthead.licence
    article = Story.objects.published().filter(kind=Kind.ARTICLE).newest_first()[0]
    made = Rendition.objects.count()
    story = f"/5-xay-3-chong/{article.slug}/"
    for path in ("/", story, "/5-xay-3-chong/2016/", "/don-vi/quan-hai-chau/", "/tieu-chi/"):
        response = client.get(path)
        assert response.status_code == 200, path
        page = response.content.decode()
        assert "DỮ LIỆU MINH HỌA" in page, path
        assert "noindex" in page, path
    assert Rendition.objects.count() == made, "a reader's first look made renditions"


def test_each_role_has_an_account_and_its_login_is_noted(told: str):
    assert [(role, name) for role, name, _password in demo_logins()] == list(zip(map(str, Role), LOGINS, strict=True))
    path = Path(settings.DATA_DIR) / "demo_logins.tsv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for role, name, password in demo_logins():
        user = User.objects.get(username=name)
        assert [group.name for group in user.groups.all()] == [role]
        assert user.check_password(password)
        assert len(password) == 10
        assert not user.is_superuser
        assert f"{name} " in told
        assert password in told


# --- again ------------------------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing(told: str):
    before = Story.objects.count(), Picture.objects.count(), User.objects.count(), demo_logins()
    out = io.StringIO()
    call_command("seed_demo", stdout=out)
    assert out.getvalue() == "Đã có dữ liệu minh họa; giữ nguyên, không tạo lại.\n"
    assert (Story.objects.count(), Picture.objects.count(), User.objects.count(), demo_logins()) == before
