"""The coding queue by keys and on a phone, units over time, coding many: no violation, no sideways scroll."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from column.coverage.bulk.running import run_batches
from column.coverage.models import Codebook, Coverage, DismissedSuggestion
from column.coverage.recording import Row, record
from column.departments.models import Department
from column.figures.models import Indicator
from column.people.roles import Role
from column.stories.models import Article
from column.text.dates import TZ
from tests.e2e.conftest import PHONE, axe_violations
from tests.e2e.test_coverage import no_sideways_scroll, settled
from tests.factories import make_article, make_department, make_news

LogIn = Callable[..., Page]
FIRST = "Sở Y tế rút ngắn thời gian giải quyết hồ sơ. Sở Công Thương công khai quy trình."


@pytest.fixture
def waiting() -> list[Article]:
    """Two uncoded stories and one whose passage is gone; the newest stands first."""
    one = make_article("Bài thứ nhất", issue_date=date(2017, 2, 23), paragraphs=(FIRST,))
    two = make_article(
        "Bài thứ hai", issue_date=date(2017, 2, 16), paragraphs=("Công an thành phố tăng cường kiểm tra.",)
    )
    stale = make_article("Bài thứ ba", issue_date=date(2017, 2, 9), paragraphs=("Chữ khác.",))
    health = Department.objects.get(code="so-y-te").pk
    record(stale, [Row(health, None, "Đoạn đã đổi.")], user=None, at=datetime(2017, 2, 9, tzinfo=TZ))
    Coverage.objects.filter(story=stale).update(stale_since=timezone.now())
    return [one, two, stale]


def test_the_whole_queue_by_keys(log_in: LogIn, waiting: list[Article]) -> None:
    page = log_in(Role.EDITOR, next_url="/admin/gan-ma/")
    expect(page.get_by_role("link", name="Tất cả (3)")).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="Bài thứ nhất")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/gan/?hang=*")
    # One suggestion taken, the other dismissed for good; then saved and on to the next.
    page.get_by_role("checkbox", name="Sở Y tế", exact=True).focus()
    page.keyboard.press("g")
    expect(page.get_by_role("checkbox", name="Sở Công Thương", exact=True)).to_be_focused()
    page.keyboard.press("b")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Đã ghi: thêm 1, sửa 0, bỏ 0 dòng. Bỏ qua 1 gợi ý.")).to_be_visible()
    expect(page.locator(".column-desk-about")).to_have_text("Bài thứ hai")
    # Back and forth without saving.
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(".column-desk-about")).to_have_text("Bài thứ ba")
    expect(page.get_by_text("1 dòng có đoạn dẫn chứng không còn trong bài.")).to_be_visible()
    page.get_by_role("button", name="Xác nhận vẫn đúng").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Xác nhận 1 dòng vẫn đúng.")).to_be_visible()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator(".column-desk-about")).to_have_text("Bài thứ hai")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Không có bài nào chờ gắn.")).to_be_visible()
    rows = Coverage.objects.values_list("story__title", "department__code", "stale_since")
    assert set(rows) == {
        ("Bài thứ nhất", "so-y-te", None), ("Bài thứ hai", "cong-an-tp", None), ("Bài thứ ba", "so-y-te", None),
    }  # fmt: skip
    assert DismissedSuggestion.objects.values_list("story__title", "department__code").get() == (
        "Bài thứ nhất", "so-cong-thuong",
    )  # fmt: skip


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screens_are_accessible(
    log_in: LogIn, waiting: list[Article], viewport: dict[str, int] | None, scheme: str
) -> None:
    book = Codebook.objects.get().pk
    page = log_in(Role.EDITOR, viewport=viewport, next_url="/admin/gan-ma/")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for url in (
        "/admin/gan-ma/", "/admin/gan-ma/?ky=x", f"/admin/tin-bai/{waiting[0].pk}/gan/?hang=tinh-trang%3Dtat-ca",
        f"/admin/tin-bai/{waiting[2].pk}/gan/?hang=tinh-trang%3Dtat-ca",
        f"/admin/gan-ma/hang-loat/?tin={waiting[0].pk}",
        "/admin/gan-ma/hang-loat/", "/admin/gan-ma/cac-lan/", "/admin/don-vi/?ngay=01/07/2025", "/admin/don-vi/viec/",
        "/admin/don-vi/viec/chia-tach/?don-vi=so-y-te", "/admin/don-vi/quan-hai-chau/",
        "/admin/don-vi/gop-ban-ghi-trung/", f"/admin/bo-tieu-chi/{book}/phien-ban-moi/",
        f"/admin/bo-tieu-chi/{book}/quy-doi/",
    ):  # fmt: skip
        page.goto(url)
        assert axe_violations(settled(page)) == []
        assert no_sideways_scroll(page), url


def test_coding_many_and_taking_it_back(log_in: LogIn, waiting: list[Article]) -> None:
    make_news("Tin khác", issue_date=date(2017, 2, 10))
    page = log_in(Role.EDITOR, viewport=PHONE, next_url="/admin/gan-ma/?tinh-trang=chua-gan")
    page.get_by_role("button", name="Chọn hết trang này").click()
    page.get_by_role("button", name="Gắn hàng loạt các bài đã chọn").click()
    expect(page.get_by_text("3 tin, bài.")).to_be_visible()
    page.get_by_label("Cơ quan, đơn vị").select_option(label="Sở Y tế")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("Thêm 3 dòng vào 3 tin, bài; 0 dòng đã có sẵn giữ nguyên.")).to_be_visible()
    page.get_by_role("button", name="Gắn", exact=True).click()
    page.wait_for_url("**/cac-lan/*/")
    while run_batches(timezone.now()):
        pass
    page.reload()
    expect(page.get_by_role("heading", name="Đã gắn xong")).to_be_visible()
    assert axe_violations(settled(page)) == []
    page.get_by_role("button", name="Hoàn tác cả lần gắn").click()
    while run_batches(timezone.now()):
        pass
    page.reload()
    expect(page.get_by_role("heading", name="Đã hoàn tác")).to_be_visible()
    assert Coverage.objects.count() == 1


def test_a_unit_is_renamed(log_in: LogIn) -> None:
    make_department("Sở Thử nghiệm", code="so-thu-nghiem")
    page = log_in(Role.EDITOR, next_url="/admin/don-vi/so-thu-nghiem/")
    page.get_by_role("link", name="Đổi tên").click()
    page.get_by_label("Có hiệu lực từ").fill("1/3/2026")
    page.get_by_label("Đơn vị mới, mỗi dòng một tên").fill("Sở Thử nghiệm và Đổi mới")
    page.get_by_label("Nguồn").fill("Nghị quyết thử")
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("hoạt động đến hết 28/02/2026.")).to_be_visible()
    assert axe_violations(settled(page)) == []
    page.get_by_role("button", name="Ghi việc này").click()
    expect(page.get_by_text("Đã ghi: Đổi tên 01/03/2026.")).to_be_visible()
    expect(page.locator(".unit-life li")).to_have_count(2)
    assert axe_violations(settled(page)) == []
    # Readers are led on, and see the life of the unit.
    page.goto("/don-vi/so-thu-nghiem/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sở Thử nghiệm và Đổi mới")
    page.get_by_text("Qua thời gian").click()
    assert axe_violations(page) == []


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_reported_figures(log_in: LogIn, waiting: list[Article], viewport: dict[str, int] | None) -> None:
    Indicator.objects.create(slug="ho-so-dung-hen", name="Hồ sơ đúng hẹn", unit="%")
    page = log_in(Role.EDITOR, viewport=viewport, next_url=f"/admin/tin-bai/{waiting[0].pk}/so-lieu/")
    page.get_by_label("Như in trong bài").fill("6 % → 71 %")
    page.get_by_label("Đếm gì").fill("hồ sơ trả đúng hẹn")
    page.get_by_label("Chỉ tiêu").select_option(label="Hồ sơ đúng hẹn")
    page.get_by_label("Thời điểm", exact=True).fill("2016")
    page.get_by_label("Thời điểm của số trước").fill("2014")
    page.get_by_label("Đoạn trong bài").fill("Tỷ lệ tăng từ 6 % lên 71 %.")
    page.get_by_role("button", name="Ghi", exact=True).click()
    expect(page.get_by_text("Đã ghi số liệu.")).to_be_visible()
    assert axe_violations(settled(page)) == []
    assert no_sideways_scroll(page)
    for url in ("/so-lieu/", "/so-lieu/ho-so-dung-hen/"):
        page.goto(url)
        expect(page.get_by_role("cell", name="6 % → 71 %")).to_be_visible()
        assert axe_violations(page) == []
        assert no_sideways_scroll(page), url
    expect(page.get_by_role("img", name="Hồ sơ đúng hẹn theo thời gian; số liệu ở bảng bên dưới")).to_be_visible()
