"""The coverage editor and the committee's screens in a real browser: by mouse, by key, on a phone, no violation."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from column.coverage.models import Coverage, Criterion
from column.departments.models import Department
from column.people.roles import Role
from column.stories.models import Article
from tests.e2e.conftest import PHONE, axe_violations
from tests.factories import make_article, make_coverage, make_news

LogIn = Callable[..., Page]
THURSDAY = date(2017, 2, 16)
PARAGRAPHS = (
    "Sau ba năm thực hiện Chỉ thị số 29-CT/TU, Ban Thường vụ Thành ủy đánh giá nhiều nơi đã tiến bộ.",
    "Lực lượng Quản lý thị trường (Sở Công thương) và Công an thành phố tăng cường kiểm tra.",
    "Người dân gọi Trung tâm Thông tin dịch vụ công để được hướng dẫn.",
)


def story() -> Article:
    return make_article("Cải thiện lề lối làm việc", issue_date=THURSDAY, paragraphs=PARAGRAPHS)


def unit(code: str) -> Department:
    return Department.objects.get(code=code)


def criterion(slug: str) -> Criterion:
    return Criterion.objects.get(slug=slug)


def coded(one: Article) -> set[tuple[str | None, str | None, str]]:
    rows = Coverage.objects.filter(story=one.pk)
    return set(rows.values_list("department__code", "criterion__slug", "role"))


def no_sideways_scroll(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def settled(page: Page) -> Page:
    """A message slides in; while it does, its colours are not yet its own."""
    page.evaluate("Promise.all(document.getAnimations().map(one => one.finished.catch(() => null)))")
    return page


def test_one_click_from_the_storys_screen(log_in: LogIn) -> None:
    one = story()
    page = log_in(Role.EDITOR, next_url=f"/admin/pages/{one.pk}/edit/")
    page.get_by_role("tab", name="Đơn vị, tiêu chí").click()
    page.get_by_role("link", name="Gắn đơn vị, tiêu chí").last.click()
    page.wait_for_url("**/gan/")
    expect(page.get_by_role("checkbox", name="Sở Công Thương", exact=True)).to_be_checked()
    expect(page.get_by_role("checkbox", name="Ban Thường vụ Thành ủy", exact=True)).not_to_be_checked()
    page.get_by_role("button", name="Lưu các đơn vị đã chọn").click()
    expect(page.get_by_text("Đã ghi: thêm 4, sửa 0, bỏ 0 dòng.")).to_be_visible()
    # Criteria are a person's: in the matrix, then once more saved.
    page.get_by_role("checkbox", name="Công an thành phố Đà Nẵng: Chống tiêu cực").check()
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("Đã ghi: thêm 1, sửa 0, bỏ 1 dòng.")).to_be_visible()
    assert coded(one) == {
        ("qltt", None, "subject"), ("so-cong-thuong", None, "subject"), ("tt-thong-tin-dvc", None, "subject"),
        ("cong-an-tp", "chong-tieu-cuc", "subject"),
    }  # fmt: skip


def test_by_keys_alone(log_in: LogIn) -> None:
    one = story()
    page = log_in(Role.EDITOR, next_url=f"/admin/tin-bai/{one.pk}/gan/")
    page.get_by_role("checkbox", name="Ban Thường vụ Thành ủy", exact=True).focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã ghi: thêm 5, sửa 0, bỏ 0 dòng.")).to_be_visible()
    assert ("btv-thanh-uy", None, "mentioned") in coded(one)
    page.get_by_role("checkbox", name="Sở Công Thương: Kỷ cương").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Đã ghi: thêm 1, sửa 0, bỏ 1 dòng.")).to_be_visible()


def test_ticking_a_criterion_of_a_suggestion_ticks_the_suggestion(log_in: LogIn) -> None:
    page = log_in(Role.EDITOR, next_url=f"/admin/tin-bai/{story().pk}/gan/")
    card = page.locator(".coding-offers > li").filter(has_text="Ban Thường vụ Thành ủy")
    card.get_by_label("Chống quan liêu").check()
    expect(card.get_by_role("checkbox", name="Ban Thường vụ Thành ủy", exact=True)).to_be_checked()


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_editor_is_accessible(log_in: LogIn, viewport: dict[str, int] | None, scheme: str) -> None:
    one = story()
    page = log_in(Role.EDITOR, viewport=viewport, next_url=f"/admin/tin-bai/{one.pk}/gan/")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    assert axe_violations(page) == []
    assert no_sideways_scroll(page)
    page.get_by_role("button", name="Lưu các đơn vị đã chọn").click()
    page.locator("summary").filter(has_text="Sở Công Thương").click()
    assert axe_violations(settled(page)) == []
    assert no_sideways_scroll(page)
    make_coverage(one, unit("so-du-lich"))
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_text("vừa được người khác sửa")).to_be_visible()
    assert axe_violations(page) == []


@pytest.fixture
def archive() -> Article:
    one = story()
    make_coverage(one, unit("so-cong-thuong"), criterion("ky-cuong"))
    make_coverage(one, unit("cong-an-tp"), criterion("chong-tieu-cuc"))
    for number, code in enumerate(("so-y-te", "so-lao-dong-tbxh", "bql-kcn-kcx", "phuong-hoa-minh")):
        news = make_news(f"Tin số {number}", issue_date=date(2016, 3 * number + 1, 3))
        make_coverage(news, unit(code), criterion("trach-nhiem"))
        make_coverage(news, unit(code), criterion("chong-benh-hinh-thuc"))
    return one


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_committees_screens_are_accessible(
    log_in: LogIn, archive: Article, viewport: dict[str, int] | None, scheme: str
) -> None:
    page = log_in(Role.COMMITTEE, viewport=viewport, next_url="/tong-hop/quy-uoc/")
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for url in (
        "/tong-hop/quy-uoc/", "/tong-hop/?theo=quy&tu=01/01/2016&den=31/03/2017", "/tong-hop/?bang-0=1&ky=2016",
        "/tong-hop/danh-sach/?nhom=chong", "/tong-hop/?ky=1999", "/tong-hop/?ky=x",
    ):  # fmt: skip
        page.goto(url)
        assert axe_violations(page) == []
        assert no_sideways_scroll(page), url


def test_a_number_opens_its_story_and_the_table_comes_along(log_in: LogIn, archive: Article) -> None:
    page = log_in(Role.COMMITTEE, next_url="/tong-hop/?ky=2017-Q1")
    row = page.locator("tbody tr").filter(has_text="Công an thành phố")
    row.get_by_role("link", name="1").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Tin, bài về Công an thành phố Đà Nẵng, tiêu chí Chống tiêu cực, đăng trong quý I/2017"
    )
    expect(page.locator(".story-table tbody tr")).to_have_count(1)
    page.get_by_role("link", name=archive.title).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(archive.title)
    page.goto("/tong-hop/?ky=2017-Q1")
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải về bảng tính (XLSX)").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert [cell.value for cell in book["Bảng"]["B"]] == [
        "Cơ quan, đơn vị", "Sở Công Thương", "Công an thành phố Đà Nẵng", "Tổng số (không trùng)",
    ]  # fmt: skip
    assert book["Tin, bài"]["D2"].value == archive.title


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_the_readers_pages_are_accessible(
    open_browser: Callable[..., Page], archive: Article, viewport: dict[str, int] | None
) -> None:
    page = open_browser(viewport=viewport, javascript=True)
    for url in (
        "/don-vi/", "/don-vi/cong-an-tp/", "/don-vi/phuong-hai-van-2025/", "/tieu-chi/", "/tieu-chi/chong-tieu-cuc/",
        "/tin-bai/?nhom=chong", "/tin-bai/?ky=1999", "/tin-bai/?ky=x",
    ):  # fmt: skip
        page.goto(url)
        assert axe_violations(page) == []
        assert no_sideways_scroll(page), url
