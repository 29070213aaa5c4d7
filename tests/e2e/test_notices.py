"""Something due is not out: the desk sees it on every page, passes it on by phone, and sees it end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.models import Page as WagtailPage

from column.enums import NoticeKind
from column.people.models import User
from column.people.roles import Role
from column.schedule.models import ScheduleSettings
from column.schedule.notices.alarms import check_alarms
from column.schedule.notices.models import Alarm, Notice
from column.schedule.notices.telling import tell
from column.schedule.publishing import publish_due
from tests.column.schedule.desk import scheduled
from tests.e2e.conftest import PHONE, axe_violations
from tests.factories import make_user

HEADLINE = "Nụ cười công sở ở bộ phận một cửa"


def overdue() -> Alarm:
    """A story that was due ten minutes ago, and the alarm of it."""
    ScheduleSettings.load()
    now = timezone.now()
    article = scheduled(HEADLINE, now=now - timedelta(days=1))
    due = now - timedelta(minutes=10)
    article.revisions.filter(pk=article.latest_revision_id).update(approved_go_live_at=due)
    WagtailPage.objects.filter(pk=article.pk).update(go_live_at=due)
    check_alarms(now)
    return Alarm.objects.get(story=article.pk)


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_from_the_alarm_to_its_end(log_in: Callable[..., Page], viewport: dict[str, int] | None) -> None:
    page = log_in(Role.MANAGING_EDITOR, viewport=viewport, next_url="/admin/")
    expect(page.get_by_role("region", name="Cảnh báo")).to_have_count(0)
    alarm = overdue()
    page.goto("/admin/")
    banner = page.get_by_role("region", name="Cảnh báo")
    expect(banner).to_contain_text(f"Báo động: “{HEADLINE}” đến giờ mà chưa lên trang.")
    assert axe_violations(page) == []
    banner.get_by_role("link", name="Xem và xử lý").click()
    expect(page).to_have_url(f"{page.url.split('/admin/')[0]}/admin/bao-dong/#bao-dong-{alarm.pk}")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Sao chép tin nhắn").click()
    expect(page.get_by_text("Đã sao chép")).to_be_visible()
    pasted = page.evaluate("navigator.clipboard.readText()")
    assert pasted.startswith("5 XÂY, 3 CHỐNG – BÁO ĐỘNG lúc ")
    assert pasted == page.get_by_label("Tin nhắn để dán").input_value()

    page.get_by_role("button", name="Đã thấy").click()
    expect(page.get_by_text("đã thấy lúc")).to_be_visible()
    expect(banner).to_contain_text("đã thấy.")

    # The worker is back.
    publish_due(timezone.now())
    check_alarms(timezone.now())
    page.goto("/admin/bao-dong/")
    expect(banner).to_have_count(0)
    expect(page.get_by_text("Không có báo động nào")).to_be_visible()
    expect(page.get_by_text("Tự đóng lúc")).to_be_visible()
    assert axe_violations(page) == []


def test_without_scripts_the_text_can_be_selected(
    open_browser: Callable[..., Page], log_in: Callable[..., Page]
) -> None:
    page = log_in(Role.MANAGING_EDITOR, next_url="/admin/")
    overdue()
    plain = open_browser(javascript=False)
    plain.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain.goto("/admin/bao-dong/")
    expect(plain.get_by_label("Tin nhắn để dán")).to_contain_text("BÁO ĐỘNG")
    expect(plain.get_by_role("button", name="Sao chép")).to_have_count(0)
    expect(plain.get_by_role("region", name="Cảnh báo")).to_be_visible()


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_messages(log_in: Callable[..., Page], viewport: dict[str, int] | None) -> None:
    make_user("reporter", Role.REPORTER, display_name="Người thử Phóng viên")
    user = User.objects.get(username="reporter")
    for number in range(3):
        tell(
            [user], NoticeKind.RETURNED, key=f"{number}", subject=f"Trả bài: “{HEADLINE}” (lần {number})",
            text="Cần sửa: nguồn ảnh.\n\nBài: Nụ cười công sở.", url="/admin/lich-dang/", now=timezone.now(),
        )  # fmt: skip
    page = log_in(Role.REPORTER, viewport=viewport, next_url="/admin/")
    expect(page.get_by_role("heading", name="Tin nhắn chưa đọc")).to_be_visible()
    assert axe_violations(page) == []
    page.goto("/admin/tin-nhan/")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_role("button", name="(lần 2)").first.click()
    expect(page).to_have_url(f"{page.url.split('/admin/')[0]}/admin/lich-dang/")
    page.goto("/admin/tin-nhan/?loc=chua-doc")
    expect(page.locator(".message")).to_have_count(2)
    page.get_by_role("button", name="Đánh dấu tất cả là đã đọc").click()
    page.goto("/admin/tin-nhan/?loc=chua-doc")
    expect(page.get_by_text("Không còn tin nhắn nào chưa đọc.")).to_be_visible()
    assert not Notice.objects.unread().exists()


def test_the_digest(log_in: Callable[..., Page]) -> None:
    page = log_in(Role.EDITOR, next_url="/admin/lich-dang/ban-tin-tuan/")
    expect(page.get_by_role("heading", name="Bản tin tuần này")).to_be_visible()
    assert axe_violations(page) == []
