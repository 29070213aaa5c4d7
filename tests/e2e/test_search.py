"""A reader searches: on a phone, by keys alone, without a script. Editors look after what readers do not find."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from column.people.roles import Role
from column.signals import announce
from search import vocabulary
from tests.e2e.conftest import PHONE, axe_violations
from tests.factories import make_article, make_coverage, make_criterion, make_department, make_news

Open = Callable[..., Page]
SHOTS = os.environ.get("SEARCH_SHOTS", "")


def shot(page: Page, name: str) -> None:
    """For whoever wants to look: SEARCH_SHOTS names a folder."""
    if SHOTS:
        page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def sound(page: Page) -> None:
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.fixture(autouse=True)
def _stories(live_server: object) -> None:
    vocabulary.forget()
    old, new = make_department("Sở Cải cách thử"), make_department("Sở Đổi mới thử")
    old.successors.add(new)
    criterion = make_criterion("trách nhiệm thử")
    for number in range(14):
        story = make_news(
            f"Cải cách đường phố đợt {number}", issue_date=date(2014 + number % 4, 1 + number % 3, 6),
            paragraphs=("Nâng cao trách nhiệm giải trình với người dân trên mọi con đường.",),
        )  # fmt: skip
        make_coverage(story, (old, new)[number % 2], criterion)
        announce([story.pk])
    make_article("Trách nhiệm giải trình", issue_date=date(2017, 2, 16))
    make_news("Đương nhiên phải cải cách", issue_date=date(2016, 5, 5))


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_a_reader_finds_filters_and_opens(open_browser: Open, viewport: dict[str, int] | None) -> None:
    page = open_browser(viewport=viewport)
    page.goto("/tim-kiem/?q=cai+cach")
    expect(page.get_by_role("status").filter(has_text="Tìm thấy 15 tin, bài")).to_be_visible()
    sound(page)
    shot(page, f"search-{'phone' if viewport else 'desktop'}")
    page.locator("#loc").get_by_label("2017").check()
    page.get_by_role("button", name="Lọc", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="đăng trong năm 2017")).to_be_visible()
    assert "ky=2017" in page.url
    # The months of the year that was chosen come with it.
    expect(page.locator("#loc").get_by_label("Tháng 1/2017")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="Bỏ điều kiện 2017").click()
    page.goto("/tim-kiem/?q=duong")
    expect(page.get_by_text("Có thể hiểu là:")).to_be_visible()
    page.get_by_role("link", name="chỉ tìm đương").click()
    expect(page.get_by_role("status").filter(has_text="Tìm thấy 1 tin, bài có đúng dấu “đương”.")).to_be_visible()
    sound(page)
    page.goto("/tim-kiem/?q=sở+đổi+mới+thử")
    expect(page.locator(".unit-card")).to_contain_text("Trước đây: Sở Cải cách thử")
    shot(page, f"search-unit-{'phone' if viewport else 'desktop'}")
    sound(page)
    page.get_by_role("link", name="14 nếu tính cả đơn vị tiền thân").click()
    expect(page.get_by_role("status").filter(has_text="Tìm thấy 14 tin, bài về Sở Đổi mới thử")).to_be_visible()
    page.emulate_media(color_scheme="dark")
    page.goto("/tim-kiem/?q=cai+cach&ky=2017&don-vi=&loai=tin")
    sound(page)
    shot(page, f"search-dark-{'phone' if viewport else 'desktop'}")


def test_from_the_front_page_to_a_story_in_two_taps(open_browser: Open) -> None:
    page = open_browser(viewport=PHONE)
    page.goto("/")
    box = page.get_by_role("combobox", name="Tìm trong chuyên mục")
    box.click()
    box.press_sequentially("trach nhiem giai", delay=20)
    option = page.get_by_role("option").filter(has_text="Trách nhiệm giải trình")
    expect(option).to_be_visible()
    sound(page)
    shot(page, "search-suggestions-phone")
    assert option.bounding_box()["height"] >= 44
    # The box waits at the bottom of a phone: what it offers stands above it.
    assert option.bounding_box()["y"] + option.bounding_box()["height"] <= box.bounding_box()["y"]
    option.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Trách nhiệm giải trình")


def test_a_slip_and_nothing_at_all(open_browser: Open) -> None:
    page = open_browser(viewport=PHONE)
    page.goto("/tim-kiem/?q=trachs+nhieemj+giari+trinhf")
    expect(page.get_by_role("status").filter(has_text="nên đã tìm")).to_contain_text("trách nhiệm giải trình")
    sound(page)
    shot(page, "search-telex")
    page.get_by_role("link", name="Vẫn tìm đúng như đã gõ").click()
    expect(page.get_by_text("Không tìm thấy kết quả")).to_be_visible()
    expect(page.get_by_role("link", name="Trách nhiệm giải trình").first).to_be_hidden()
    page.goto("/tim-kiem/?q=cải+cách&loai=anh&ky=2017")
    expect(page.get_by_role("link", name="Bỏ “Loại”: ")).to_be_visible()
    shot(page, "search-empty")
    sound(page)


def test_by_keys_alone(open_browser: Open) -> None:
    page = open_browser()
    page.goto("/")
    box = page.get_by_role("combobox", name="Tìm trong chuyên mục")
    box.focus()
    page.keyboard.type("so doi m", delay=20)
    options = page.get_by_role("option")
    expect(options.first).to_contain_text("Sở Đổi mới thử")
    expect(box).to_have_attribute("aria-expanded", "true")
    sound(page)
    shot(page, "search-suggestions")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(box).to_have_value("so doi m")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/don-vi/**")
    # Without choosing, Enter searches as ever.
    box = page.get_by_role("combobox", name="Tìm trong chuyên mục")
    box.focus()
    page.keyboard.type("cải cách", delay=20)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tim-kiem/?q=*")


def test_filters_by_keys_alone(open_browser: Open) -> None:
    page = open_browser()
    page.goto("/tim-kiem/?q=cai+cach")
    page.locator("#loc").get_by_label("2016").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="đăng trong năm 2016")).to_be_visible()
    # From the box, the results are reached without walking through the filters.
    page.get_by_role("combobox").focus()
    for _key in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.listing .headline-link')"):
            break
    else:
        pytest.fail("twelve tabs and no result")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ải cách")


def test_without_a_script(open_browser: Open) -> None:
    page = open_browser(viewport=PHONE, javascript=False)
    page.goto("/")
    page.get_by_label("Tìm trong chuyên mục").fill("cai cach")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.get_by_text("Tìm thấy 15 tin, bài")).to_be_visible()
    page.locator("#loc").get_by_label("2016").check()
    page.locator("#loc").get_by_label("Mới nhất").check()
    page.get_by_role("button", name="Lọc", exact=True).click()
    expect(page.get_by_text("đăng trong năm 2016")).to_be_visible()
    page.get_by_role("link", name="Sau").click() if page.get_by_role("link", name="Sau").count() else None
    page.goto("/api/")
    expect(page.get_by_role("heading", name="Dữ liệu cho phần mềm")).to_be_visible()


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
def test_an_editor_mends_what_readers_did_not_find(
    open_browser: Open, log_in: Open, viewport: dict[str, int] | None
) -> None:
    size = "phone" if viewport else "desktop"
    reader = open_browser(viewport=PHONE)
    # Headless browsers are not counted.
    telephone = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
    reader.set_extra_http_headers({"User-Agent": telephone})
    with reader.expect_response("**/tim-kiem/khong-thay/") as noted:
        reader.goto("/tim-kiem/?q=TNGTR")
    assert noted.value.status == 204
    page = log_in(Role.EDITOR, viewport=viewport, next_url=reverse("missed_searches"))
    expect(page.get_by_role("link", name="tngtr")).to_be_visible()
    assert axe_violations(page) == []
    shot(page, f"desk-missed-{size}")
    page.goto(reverse("synonyms:add"))
    page.get_by_role("textbox", name="Viết tắt hoặc tên khác").fill("TNGTR")
    page.get_by_role("textbox", name="Viết đầy đủ").fill("trách nhiệm giải trình")
    shot(page, f"desk-synonym-{size}")
    assert axe_violations(page) == []
    page.locator("main button[type=submit]").first.click()
    expect(page.get_by_role("link", name="TNGTR", exact=True)).to_be_visible()
    shot(page, f"desk-synonyms-{size}")
    page.goto(reverse("search_status"))
    expect(page.get_by_text("Bạn đọc tìm trong chỉ mục sẵn có")).to_be_visible()
    assert axe_violations(page) == []
    shot(page, f"desk-status-{size}")
    reader.goto("/tim-kiem/?q=TNGTR")
    expect(reader.get_by_role("status").filter(has_text="Tìm thấy 15 tin, bài có “TNGTR”")).to_be_visible()
