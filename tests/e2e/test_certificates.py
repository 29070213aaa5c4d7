"""A committee member is asked to prove 94 and 238 two years later: in a browser, from the freeze to the answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from wagtail.log_actions import LogContext

from column.coverage.recording import Row, record
from column.departments.models import Department
from column.people.models import User
from column.people.roles import Role
from column.signals import announce
from column.stories.models import Story
from column.stories.takedown import take_down
from column.tallies.certificates.models import Certificate
from column.tallies.published.demo import register
from tests.e2e.conftest import PHONE, axe_violations
from tests.factories import make_article, make_news, make_photo_story, make_user

LogIn = Callable[..., Page]
BEFORE = "/tong-hop/?loai=bai&den=2017-02-15&hang=loai&cot=tong"


def archive() -> list[Story]:
    """What the figures were about, in small: 94 articles would only make the test slow."""
    day = date(2015, 1, 8)
    stories: list[Story] = [make_article(f"Bài số {n}", issue_date=day + timedelta(days=7 * n)) for n in range(4)]
    stories += [make_news(f"Tin số {n}", issue_date=day + timedelta(days=n)) for n in range(2)]
    stories.append(make_photo_story("Ảnh một cửa", issue_date=day))
    unit = Department.objects.get(code="so-y-te")
    for story in stories:
        record(story, [Row(unit.pk, None)], user=None, at=timezone.now())
    return stories


def years_later(stories: list[Story], chief: User) -> None:
    """What happens to an archive: one article is taken down, one was of another day, one comes to light."""
    with LogContext(user=chief):
        take_down(stories[0], chief)
        Story.objects.filter(pk=stories[1].pk).update(issue_date=date(2017, 2, 16))
        announce([stories[1].pk])
        make_article("Bài tìm thấy trong kho", issue_date=date(2016, 5, 5))


@pytest.fixture
def chief() -> User:
    return make_user("tongbientap", Role.CHIEF, display_name="Nguyễn Văn Tổng")


def test_asked_to_prove_the_figures_two_years_later(log_in: LogIn, chief: User) -> None:
    stories = archive()
    figures = register(None)
    page = log_in(Role.COMMITTEE, next_url=BEFORE)
    # 2017: the report goes out, and its figure is frozen.
    page.goto(f"/tong-hop/phieu/moi/?{BEFORE.partition('?')[2]}")
    expect(page.locator(".bignum strong")).to_have_text("4")
    assert axe_violations(page) == []
    page.get_by_label("Tên phiếu").fill("Số bài viết báo cáo Thành ủy, 16/02/2017")
    page.get_by_role("button", name="Chốt số liệu").click()
    expect(page.get_by_text("Tái lập đúng")).to_be_visible()
    code = Certificate.objects.get().code
    expect(page.get_by_text(f"Phiếu {code}", exact=True)).to_be_visible()
    assert axe_violations(page) == []

    # Two years later somebody asks, with nothing in hand but the code on a print.
    years_later(stories, chief)
    page.goto("/tong-hop/phieu/")
    assert axe_violations(page) == []
    page.get_by_label("Mã phiếu, tên phiếu hoặc người chốt").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="Tìm", exact=True).last.click()
    page.wait_for_url(f"**/phieu/{code}/")
    expect(page.get_by_text("Tái lập đúng")).to_be_visible()
    expect(page.locator(".bignums strong")).to_have_text(["4", "3", "−1"])
    page.locator(".bignums a").first.click()
    expect(page.locator(".story-table tbody tr")).to_have_count(4)
    expect(page.locator(".story-table tbody tr").first).to_contain_text("đã gỡ")
    assert axe_violations(page) == []

    # And what became of it since: each with story, person and time, adding up.
    page.goto(f"/tong-hop/phieu/{code}/so-voi/nay/")
    parts = page.locator(".difference-table tbody tr")
    expect(parts).to_have_text([re.compile(r"thêm vào\s*1\s*\+1"), re.compile(r"Đã gỡ\s*1\s*−1"),
                                re.compile(r"Sửa ngày đăng\s*1\s*−1")])  # fmt: skip
    expect(page.locator(".difference-table tfoot")).to_contain_text("−1")
    taken = page.locator(".parts-table tr", has_text="Đã gỡ")
    expect(taken).to_contain_text("Bài số 0")
    expect(taken).to_contain_text("Nguyễn Văn Tổng")
    assert axe_violations(page) == []

    # The printed 94 itself: held against the archive, and explained by a signature.
    page.goto(figures[0].get_absolute_url())
    expect(page.get_by_text("chênh −91").first).to_be_visible()
    page.get_by_label("Giải trình").fill("Kho thử chỉ giữ vài bài; 91 bài còn lại chưa nhập.")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Ký giải trình").click()
    expect(page.get_by_text("Ký: Người thử Cán bộ theo dõi, tổng hợp")).to_be_visible()
    page.get_by_role("link", name="Giải thích chênh lệch").click()
    expect(page.locator(".difference-table tbody")).to_contain_text("Chưa xác định")
    assert axe_violations(page) == []
    page.goto("/tong-hop/da-cong-bo/")
    expect(page.locator(".published-table tbody tr")).to_have_count(2)
    assert axe_violations(page) == []


def test_on_a_phone(log_in: LogIn) -> None:
    archive()
    register(None)
    page = log_in(Role.COMMITTEE, viewport=PHONE, next_url="/tong-hop/da-cong-bo/")
    for path in (
        "/tong-hop/da-cong-bo/",
        "/tong-hop/da-cong-bo/moi/",
        "/tong-hop/phieu/",
        "/tong-hop/phieu/moi/?ky=2015",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert axe_violations(page) == [], path
    page.get_by_label("Tên phiếu").fill("Năm 2015")
    page.get_by_role("button", name="Chốt số liệu").click()
    expect(page.get_by_text("Tái lập đúng")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert axe_violations(page) == []
