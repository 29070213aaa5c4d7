"""Wednesday, 21:00, the story falls through: on a phone, in three taps, and back with one; no axe violation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from column.enums import HolidayKind
from column.people.roles import Role
from column.schedule import reserve
from column.schedule.holding import hold
from column.schedule.models import Holiday, Slot
from column.schedule.scheduling import schedule_story
from column.schedule.slots import assign
from column.stories.models import Article
from column.text.dates import format_day_long
from tests.column.schedule.desk import approve, chief, draft
from tests.e2e.conftest import DESKTOP, PHONE, axe_violations

LogIn = Callable[..., Page]

FAILED = "Một cửa liên thông ở phường: hẹn đúng ngày, trả trước hạn"
SPARE = "Nụ cười ở quầy tiếp dân"


class Taps:
    """Counts what a thumb does."""

    def __init__(self) -> None:
        self.number = 0

    def __call__(self, place: object) -> None:
        place.click()  # type: ignore[attr-defined]
        self.number += 1


@pytest.fixture
def slot() -> Slot:
    """The next Thursday, its story scheduled; two articles in the reserve, of which one is held."""
    now = timezone.now()
    slot = Slot.objects.filter(day__gt=timezone.localdate()).order_by("day")[0]
    failed = draft(FAILED, owner=chief())
    assign(slot, failed, chief())
    approve(failed)
    schedule_story(failed, chief(), now)
    long = draft("Một bản nháp đã duyệt có tít rất dài, để ô chọn không tràn ra ngoài màn hình điện thoại")
    approve(long)
    for title in (SPARE, "Tổ dân phố tự chấm điểm cán bộ"):
        article = draft(title, owner=chief())
        approve(article)
        reserve.add(article, slot.day + timedelta(days=30), "hợp tuần tiếp dân, đã có ảnh", chief(), now)
    hold(Article.objects.get(title__startswith="Tổ"), "Chờ ý kiến", chief(), now)
    return Slot.objects.get(pk=slot.pk)


def test_three_taps_on_a_phone(slot: Slot, log_in: LogIn) -> None:
    page = log_in(Role.MANAGING_EDITOR, viewport=PHONE, next_url="/admin/")
    failed, spare = Article.objects.get(title=FAILED), Article.objects.get(title=SPARE)
    page.goto(reverse("schedule_substitute", args=[slot.pk]))

    tap = Taps()
    tap(page.get_by_text(SPARE))
    tap(page.get_by_text("Thông tin chưa xác minh xong"))
    tap(page.get_by_role("button", name="Thay bài và hẹn giờ"))
    done = page.get_by_role("status").filter(has_text="Đã thay bài")
    expect(done).to_contain_text(f"Đã thay bài của kỳ {format_day_long(slot.day)} và hẹn giờ")
    assert tap.number == 3
    assert Slot.objects.get(pk=slot.pk).story_id == spare.pk
    assert spare.scheduled_revision.approved_go_live_at == slot.due_at
    assert failed.scheduled_revision is None

    tap(page.get_by_role("button", name="Hoàn tác"))
    expect(page.get_by_text("Đã hoàn tác.")).to_be_visible()
    assert Slot.objects.get(pk=slot.pk).story_id == failed.pk
    assert Article.objects.get(pk=failed.pk).scheduled_revision.approved_go_live_at == slot.due_at
    assert Article.objects.get(pk=spare.pk).scheduled_revision is None


def test_the_way_from_the_story_itself(slot: Slot, log_in: LogIn) -> None:
    page = log_in(Role.CHIEF, viewport=PHONE)
    page.goto(reverse("wagtailadmin_pages:edit", args=[slot.story_id]))
    page.get_by_role("button", name="Kỳ đăng và những gì còn thiếu").click()
    page.locator('[data-side-panel="slot"]').get_by_role("link", name="Thay bài").click()
    expect(page.get_by_role("heading", name=format_day_long(slot.day), level=2)).to_be_visible()


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_violation_and_nothing_too_small(slot: Slot, log_in: LogIn, viewport: dict[str, int]) -> None:
    """Light and dark; on a phone nothing scrolls sideways and every target is a thumb wide."""
    Holiday.objects.create(day=slot.day, kind=HolidayKind.TET, name="Nghỉ Tết")
    held = Article.objects.get(title__startswith="Tổ")
    addresses = [
        reverse("schedule_substitute", args=[slot.pk]),
        reverse("schedule_day", args=[slot.pk]),
        reverse("schedule_swap", args=[slot.pk]),
        reverse("schedule_move", args=[slot.pk]),
        reverse("schedule_hold", args=[slot.story_id]),
        reverse("schedule_release", args=[held.pk]),
        reverse("schedule_reserve"),
        reverse("schedule_story", args=[held.pk]),
        reverse("wagtailsnippets_column_slotrule:list"),
        reverse("wagtailsnippets_column_holiday:list"),
    ]
    page = log_in(Role.CHIEF, viewport=viewport)
    found: list[str] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for address in addresses:
            page.goto(address)
            found += [f"{scheme} {violation}" for violation in axe_violations(page)]
            if viewport == PHONE and scheme == "light":
                if page.evaluate("document.documentElement.scrollWidth") > PHONE["width"]:
                    found.append(f"{address} scrolls sideways")
                for label in page.locator("label.pick, .picks-confirm").all():
                    box = label.bounding_box()
                    if box and box["height"] < 44:
                        found.append(f"{address} {label.inner_text()}: {box['height']} px")
    assert found == []
