"""The list of Thursdays in a real browser: by mouse, on a phone, in light and dark; no axe violation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from column.people.roles import Role
from column.schedule.models import ScheduleSettings, Slot
from column.schedule.publishing import publish_due
from column.schedule.slots import assign, ensure_slots, skip
from column.stories.models import Article
from column.text.dates import format_day_long
from tests.column.schedule.desk import approve, chief, draft, scheduled
from tests.e2e.conftest import DESKTOP, PHONE, axe_violations
from tests.factories import column_page, make_news, make_picture

LogIn = Callable[..., Page]


@pytest.fixture
def desk() -> dict[str, str]:
    """Thursdays in every state around today; name → address of a screen."""
    today = timezone.localdate()
    settings = ScheduleSettings.load()
    settings.go_live_date = today - timedelta(weeks=4)
    settings.save()
    ensure_slots(column_page(), today - timedelta(weeks=5), today)
    past = list(Slot.objects.filter(day__lt=today).order_by("-day")[:4])
    due = past[0].due_at
    with time_machine.travel(due - timedelta(hours=1), tick=False):
        scheduled("Một cửa liên thông ở phường: hẹn đúng ngày, trả trước hạn", day=past[0].day, at=past[0].publish_time,
                  now=due - timedelta(hours=1), owner=chief())  # fmt: skip
    with time_machine.travel(due + timedelta(minutes=40), tick=False):
        publish_due(timezone.now())
    skip(past[1], "Nghỉ Tết Đinh Dậu", chief())
    coming = list(Slot.objects.filter(day__gt=today).order_by("day")[:4])
    planned = draft("Tổ dân phố tự chấm điểm cán bộ", byline="", lead_photo=make_picture(alt_text=""), owner=chief())
    assign(coming[0], planned, chief())
    ready = draft("Nụ cười ở quầy tiếp dân", owner=chief())
    assign(coming[1], ready, chief())
    approve(ready)
    news = make_news("Tin một", live=False)
    approve(news)
    draft("Bản nháp còn trong ngăn")
    return {
        "list": reverse("schedule_list"),
        "board": reverse("schedule_slots"),
        "year": reverse("schedule_year"),
        "earlier": f"{reverse('schedule_slots')}?quy=2017-1",
        "assign": reverse("schedule_assign", args=[coming[2].pk]),
        "move": reverse("schedule_move", args=[coming[0].pk]),
        "skip": reverse("schedule_skip", args=[coming[2].pk]),
        "change": reverse("schedule_change", args=[coming[2].pk]),
        "schedule": reverse("schedule_story", args=[ready.pk]),
        "not ready": reverse("schedule_story", args=[planned.pk]),
        "news": reverse("schedule_story", args=[news.pk]),
    }


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_violation_on_any_screen(desk: dict[str, str], log_in: LogIn, viewport: dict[str, int]) -> None:
    page = log_in(Role.CHIEF, viewport=viewport)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for address in desk.values():
            page.goto(address)
            found += [f"{scheme} {violation}" for violation in axe_violations(page)]
    assert found == []


def test_nothing_scrolls_sideways_on_a_phone(desk: dict[str, str], log_in: LogIn) -> None:
    page = log_in(Role.CHIEF, viewport=PHONE)
    wide = {}
    for name, address in desk.items():
        page.goto(address)
        if (width := page.evaluate("document.documentElement.scrollWidth")) > PHONE["width"]:
            wide[name] = width
    assert wide == {}


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_thursday_is_filled_and_scheduled_by_hand(
    desk: dict[str, str], log_in: LogIn, viewport: dict[str, int]
) -> None:
    page = log_in(Role.CHIEF, viewport=viewport, next_url=desk["list"])
    free = Slot.objects.filter(day__gt=timezone.localdate(), story=None, skip_reason="").order_by("day")[0]
    day = format_day_long(free.day)
    page.goto(f"{desk['list']}?quy={free.day.year}-{(free.day.month + 2) // 3}")

    page.get_by_role("link", name=f"Xếp bài {day}").click()
    page.get_by_label("Bài viết").select_option(index=1)
    page.get_by_role("button", name="Xếp vào kỳ này").click()
    expect(page.get_by_text(f"Đã xếp bài vào kỳ {day}. Bài chưa được hẹn giờ.")).to_be_visible()
    row = page.locator(f"#ky-{free.day.isoformat()}")
    expect(row).to_contain_text("Bản nháp còn trong ngăn")
    expect(row).to_contain_text("Dự kiến")
    expect(row).to_contain_text("Còn thiếu: duyệt")

    article = Article.objects.get(title="Bản nháp còn trong ngăn")
    approve(article)
    page.reload()
    expect(row).to_contain_text("Đã duyệt")
    row.get_by_role("link", name="Hẹn giờ đăng").click()
    page.get_by_role("button", name="Hẹn giờ đăng").click()
    expect(row).to_contain_text("Đã hẹn giờ")
    assert article.scheduled_revision.approved_go_live_at == free.due_at

    row.get_by_role("button", name="Hủy hẹn giờ").click()
    expect(row).to_contain_text("Đã duyệt")
    row.get_by_role("button", name="Rút bài").click()
    expect(row).to_contain_text("Còn trống")
    assert Article.objects.get(pk=article.pk).issue_date is None


def test_the_panel_beside_the_story(desk: dict[str, str], log_in: LogIn) -> None:
    page = log_in(Role.CHIEF)
    article = Article.objects.get(title="Nụ cười ở quầy tiếp dân")
    page.goto(reverse("wagtailadmin_pages:edit", args=[article.pk]))
    page.get_by_role("button", name="Kỳ đăng và những gì còn thiếu").click()
    panel = page.locator('[data-side-panel="slot"]')
    expect(panel).to_contain_text("Đủ điều kiện lên trang.")
    panel.get_by_role("link", name="Hẹn giờ đăng").click()
    page.get_by_role("button", name="Hẹn giờ đăng").click()
    expect(page.get_by_text("sẽ tự lên trang lúc")).to_be_visible()
    assert Article.objects.get(pk=article.pk).approved_schedule


def test_the_login_page(open_browser: Callable[..., Page]) -> None:
    for viewport in (DESKTOP, PHONE):
        page = open_browser(viewport=viewport)
        page.goto("/dang-nhap/")
        assert axe_violations(page) == []
        page.get_by_label("Tên đăng nhập").fill("ai-do")
        page.get_by_label("Mật khẩu").fill("sai")
        page.get_by_role("button", name="Đăng nhập").click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert axe_violations(page) == []


def test_the_committee_meets_a_clear_word(log_in: LogIn) -> None:
    page = log_in(Role.COMMITTEE, next_url="/admin/")
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Tài khoản này không mở được trang ấy")).to_be_visible()
    assert axe_violations(page) == []
