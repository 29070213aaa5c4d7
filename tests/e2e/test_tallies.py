"""A committee member at the tallies: chooses, opens, compares, looks at pictures, downloads; without any script."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import openpyxl
import pytest
import time_machine
from playwright.sync_api import Page, expect

from column.coverage.models import Criterion
from column.departments.models import Department
from column.figures.models import Indicator, ReportedFigure
from column.people.roles import Role
from column.tallies.api.models import ApiKey
from column.tallies.exports.models import ExportJob, ExportState
from column.tallies.reports.models import ReportSchedule
from tests.chromium import DESKTOP, PHONE
from tests.e2e.conftest import PASSWORD, axe_violations
from tests.factories import make_article, make_coverage, make_department, make_news, make_user

Open = Callable[..., Page]
LONG = "Trung tâm Thông tin dịch vụ công và Bộ phận Tiếp nhận, trả kết quả tập trung thành phố Đà Nẵng"
SCREENS = {
    "table": "/tong-hop/?ky=2017&theo=quy",
    "zeros": "/tong-hop/?ky=2017&bang-0=1&cot=tong",
    "by time": "/tong-hop/?hang=quy&cot=loai",
    "nothing": "/tong-hop/?ky=1999",
    "problem": "/tong-hop/?ky=x",
    "pictures": "/tong-hop/hinh/?ky=2017",
    "comparison": "/tong-hop/so-sanh/?ky=2017&voi-ky=2016",
    "keys": "/tong-hop/khoa-api/",
    "slots": "/tong-hop/?dem=ky-dang&hang=quy&cot=trang-thai&ky=2017",
    "thursdays": "/tong-hop/ky-dang/?ky=2017",
    "paragraph": "/tong-hop/doan-so-lieu/?ky=2017",
    "files": "/tong-hop/tep/",
    "layouts": "/tong-hop/mau-trinh-bay/",
    "layout": "/tong-hop/mau-trinh-bay/dang/",
    "schedules": "/tong-hop/bao-cao-dinh-ky/",
    "schedule": "/tong-hop/bao-cao-dinh-ky/them/",
    "reported figures": "/so-lieu/",
    "indicator": "/so-lieu/bo-phan-mot-cua/",
}


@pytest.fixture
def archive() -> None:
    units = [Department.objects.get(code=code) for code in ("so-cong-thuong", "cong-an-tp")]
    units.append(make_department(LONG))
    criteria = list(Criterion.objects.filter(slug__in=("ky-cuong", "chong-tieu-cuc")))
    indicator = Indicator.objects.create(
        slug="bo-phan-mot-cua", name="Phường, xã có bộ phận một cửa", unit="phường, xã"
    )
    for number, day in enumerate((date(2016, 12, 29), date(2017, 1, 5), date(2017, 2, 9), date(2017, 2, 16))):
        make = make_article if number % 2 else make_news
        story = make(f"Chuyện số {number}", issue_date=day)
        make_coverage(story, units[number % 3], criteria[number % 2])
        make_coverage(story, units[0], criteria[1]) if number % 3 else None
        ReportedFigure.objects.create(
            story=story, indicator=indicator, printed=f"{30 + 8 * number}/56", about="phường, xã có bộ phận một cửa",
            measured_on=f"{2013 + number}", reported_by="Sở Nội vụ", passage="…",
        )  # fmt: skip
    clerk = make_user("nguoi-lap", Role.COMMITTEE, display_name="Người lập")
    ReportSchedule.objects.create(name="Báo cáo quý về việc thực hiện Chỉ thị 29-CT/TU", made_by=clerk)


def enter(open_browser: Open, viewport: dict[str, int], *, javascript: bool = True) -> Page:
    owner = make_user("can-bo", Role.COMMITTEE, display_name="Cán bộ thử")
    for state in (ExportState.RUNNING, ExportState.DONE, ExportState.FAILED):
        ExportJob.objects.create(
            owner=owner, query="ky=2017", format="xlsx", title="Tin, bài, đăng trong năm 2017", state=state, done=40,
            total=100, size=123_456, error="Máy chủ hết chỗ." if state == ExportState.FAILED else "",
        )  # fmt: skip
    page = open_browser(viewport=viewport, javascript=javascript)
    page.goto("/dang-nhap/?next=/tong-hop/quy-uoc/")
    page.fill("input[name=username]", "can-bo")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.button--primary")
    page.wait_for_load_state()
    return page


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@time_machine.travel("2017-03-01T08:00:00+07:00")
def test_a_committee_member_chooses_opens_compares_and_downloads(
    open_browser: Open, archive: None, viewport: dict[str, int]
) -> None:
    page = enter(open_browser, viewport, javascript=False)
    page.goto("/tong-hop/")
    expect(page.locator(".sentence")).to_have_text("Tin, bài, đăng trong năm 2017")

    # Another table: criteria by kind, one unit only.
    page.get_by_text("Đổi phạm vi, cách chia").click()
    page.get_by_label("Hàng", exact=True).select_option("tieu-chi")
    page.get_by_label("Cột", exact=True).select_option("loai")
    page.get_by_label("Dòng con", exact=True).select_option("")
    page.locator("summary", has_text="Cơ quan, đơn vị").click()
    page.get_by_label("Sở Công Thương", exact=True).check()
    page.get_by_role("button", name="Lập bảng").click()
    assert page.url.endswith("/tong-hop/?don-vi=so-cong-thuong&ky=2017&hang=tieu-chi&cot=loai")
    expect(page.locator(".sentence")).to_have_text("Tin, bài về Sở Công Thương, đăng trong năm 2017")
    expect(page.get_by_text("Các hàng (tiêu chí) chồng nhau")).to_be_visible()

    # A number opens exactly what it counts.
    figure = page.locator("tbody tr", has_text="Chống tiêu cực").locator("td.total a")
    number = int(figure.inner_text())
    figure.click()
    expect(page.locator(".story-table tbody tr")).to_have_count(number)
    page.go_back()

    # With the year before; every number there is a link too.
    page.get_by_role("link", name="So sánh", exact=True).click()
    expect(page.locator("dd.sentence").first).to_contain_text("đăng trong năm 2017: ")
    expect(page.locator("dd.sentence").last).to_contain_text("đăng trong năm 2016: ")
    page.locator("tfoot td a").first.click()
    expect(page.locator(".story-table tbody tr").first).to_be_visible()
    page.go_back()

    page.get_by_role("link", name="Hình", exact=True).click()
    expect(page.locator("figure.picture svg[role=img]").first).to_be_visible()
    assert page.locator("svg script, svg image, svg foreignObject").count() == 0
    page.get_by_text("Số liệu của hình").first.click()
    expect(page.locator("figure.picture table").first).to_be_visible()

    page.get_by_role("link", name="Bảng", exact=True).click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải về bảng tính (XLSX)").click()
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert book.worksheets[0].max_row > 1


@time_machine.travel("2017-03-01T08:00:00+07:00")
def test_a_key_is_made_shown_once_and_revoked(open_browser: Open, archive: None) -> None:
    page = enter(open_browser, PHONE, javascript=False)
    page.goto("/tong-hop/khoa-api/")
    page.get_by_label("Dùng cho").fill("Báo cáo tháng")
    page.get_by_role("button", name="Tạo khóa").click()
    secret = page.locator("code.secret").first.inner_text()
    assert secret.startswith("xc_")
    answer = page.request.get("/api/v1/tallies/?ky=2017", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status, answer.json()["sentence"]) == (200, "Tin, bài, đăng trong năm 2017")
    page.goto("/tong-hop/khoa-api/")
    assert secret not in page.content()
    page.get_by_role("button", name="Thu hồi Báo cáo tháng").click()
    expect(page.get_by_text("Đã thu hồi khóa “Báo cáo tháng”.")).to_be_visible()
    assert ApiKey.objects.get().revoked_at is not None
    answer = page.request.get("/api/v1/tallies/?ky=2017", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status == 401


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_violation_in_light_and_dark(open_browser: Open, archive: None, viewport: dict[str, int]) -> None:
    page = enter(open_browser, viewport)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for path in SCREENS.values():
            page.goto(path)
            # What is folded away is looked at too.
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            found += [f"{scheme} {violation}" for violation in axe_violations(page)]
    assert found == []


def test_nothing_scrolls_sideways_at_360_pixels_nor_at_400_percent(open_browser: Open, archive: None) -> None:
    page = enter(open_browser, PHONE)
    wide = {}
    for size in (PHONE, {"width": 320, "height": 256}):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        for name, path in SCREENS.items():
            page.goto(path)
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > size["width"]:
                wide[name, size["width"]] = width
    assert wide == {}


def test_paper_shows_the_table_and_no_form(open_browser: Open, archive: None) -> None:
    page = enter(open_browser, DESKTOP)
    page.goto(SCREENS["table"])
    page.emulate_media(media="print")
    assert page.locator("table.tally-table").is_visible()
    for hidden in (".tally-form", ".tabs", ".presets", ".exports", ".chips"):
        assert page.locator(hidden).first.is_visible() is False, hidden


def test_pictures_follow_the_readers_choice_of_light_or_dark(open_browser: Open, archive: None) -> None:
    page = enter(open_browser, DESKTOP)
    page.goto(SCREENS["pictures"])
    ground = page.locator("figure.picture svg > rect").first
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        colours.append(ground.evaluate("one => getComputedStyle(one).fill"))
    assert colours == ["rgb(255, 255, 255)", "rgb(29, 32, 36)"]
