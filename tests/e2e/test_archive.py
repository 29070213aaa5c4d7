"""The archive's screens in a real browser: upload, watch it run, sort what was pooled; nothing that axe objects to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from column.enums import Kind
from column.people.roles import Role
from column.stories.models import Photo, Story
from column.transfer import jobs
from column.transfer.models import ImportJob
from tests.column.transfer.archives import row, write_csv
from tests.e2e.conftest import PHONE, axe_violations
from tests.factories import make_news

LogIn = Callable[..., Page]
OURS = Path(__file__).parents[1] / "data" / "article-as-printed.txt"


@pytest.fixture(autouse=True)
def _no_pass_left() -> Iterator[None]:
    yield
    jobs._forget()


def work() -> None:
    while jobs.run_imports(timezone.now()):
        pass


def sound(page: Page) -> bool:
    """No violation, and nothing sticks out sideways."""
    assert axe_violations(page) == []
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_an_archive_is_uploaded_checked_and_imported(
    log_in: LogIn, tmp_path: Path, viewport: dict[str, int] | None
) -> None:
    path = write_csv(tmp_path / "kho.csv", [row(1), row(2, kind="bài thơ"), row(3, kind="tin_anh")])
    page = log_in(Role.EDITOR, viewport=viewport, next_url=reverse("import_archive"))
    assert sound(page)
    page.get_by_label("Tệp kho").set_input_files(path)
    page.get_by_role("button", name="Tải lên và kiểm tra").click()

    expect(page.get_by_role("heading", name="Đang kiểm tra")).to_be_visible()
    assert sound(page)
    work()
    # The page looks by itself and shows the outcome.
    expect(page.get_by_role("heading", name="Đã kiểm tra, chờ bấm nhập")).to_be_visible()
    expect(page.get_by_text("Loại không có trong danh sách.")).to_be_visible()
    assert sound(page)

    page.get_by_role("button", name="Nhập các dòng đạt").click()
    expect(page.get_by_role("heading", name="Đang nhập")).to_be_visible()
    work()
    expect(page.get_by_role("heading", name="Đã nhập xong")).to_be_visible()
    assert set(Story.objects.values_list("external_id", flat=True)) == {"cu-1", "cu-3"}
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải danh sách lỗi (CSV)").click()
    assert "bài thơ" in Path(download.value.path()).read_text(encoding="utf-8-sig")

    page.goto(reverse("import_archive"))
    assert sound(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="JSON Lines").click()
    assert Path(download.value.path()).read_text(encoding="utf-8").count('"external_id"') == 2
    assert ImportJob.objects.count() == 1


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_pooled_items_are_sorted(log_in: LogIn, viewport: dict[str, int] | None) -> None:
    for number in range(3):
        make_news(f"Tin, ảnh số {number}", kind=Kind.POOLED)
    page = log_in(Role.EDITOR, viewport=viewport, next_url=reverse("sort_pooled"))
    assert sound(page)
    page.get_by_label("Chọn: Tin, ảnh số 1").check()
    page.get_by_role("button", name="Là ảnh").click()
    expect(page.get_by_text("Đã xếp 1 mục là ảnh.")).to_be_visible()
    assert list(Photo.objects.values_list("title", flat=True)) == ["Tin, ảnh số 1"]

    page.get_by_role("button", name="Chọn hết trang này").click()
    page.get_by_role("button", name="Là tin").click()
    # Anew: Wagtail fades its messages in, and axe would measure them half-way.
    page.goto(reverse("sort_pooled"))
    expect(page.get_by_text("Không còn mục nào chờ phân loại.")).to_be_visible()
    assert sound(page)


def test_a_text_becomes_a_draft(log_in: LogIn) -> None:
    page = log_in(Role.REPORTER, next_url=reverse("import_article"))
    assert sound(page)
    page.get_by_label("Dán nội dung bài").fill(OURS.read_text(encoding="utf-8"))
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("Đã bỏ dòng cuối chỉ có dấu")).to_be_visible()
    assert sound(page)
    page.get_by_role("button", name="Tạo bản nháp").click()
    expect(page.get_by_text("Đã tạo bản nháp")).to_be_visible()
    assert Story.objects.get().kicker_printed == "’’5 XÂY’’, ’’ 3 CHỐNG’’"
