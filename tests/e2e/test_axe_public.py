"""Every reader's page in a real browser: no axe violation, no sideways scroll, nothing jumps, no script needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, Route

from column.enums import Family
from column.schedule.models import Slot
from column.stories.models import Article, Correction
from column.stories.takedown import take_down
from tests.chromium import DESKTOP, PHONE
from tests.e2e.conftest import axe_violations
from tests.factories import (
    column_page,
    make_article,
    make_coverage,
    make_criterion,
    make_department,
    make_news,
    make_photo_story,
    make_picture,
    make_user,
)

LONG = "Trung tâm Thông tin dịch vụ công và Bộ phận Tiếp nhận, trả kết quả tập trung thành phố Đà Nẵng"
HEADLINE = (
    "Cải thiện lề lối, tinh thần làm việc trong thực thi công vụ, giữ kỷ cương từ những việc nhỏ nhất ở mỗi phường"
)
TEXT = (
    "Ngay từ bảy giờ sáng, bộ phận tiếp nhận và trả kết quả của phường đã sáng đèn. Người đến sớm lấy số, ngồi chờ "
    "dưới mái hiên mới lợp; chưa đầy mười phút, ô cửa đầu tiên gọi tên. Cán bộ trực giải thích từng bước."
)

Open = Callable[..., Page]


@pytest.fixture
def site() -> dict[str, str]:
    """One of everything that readers meet; name → path."""
    unit = make_department(LONG)
    fight = make_criterion("bệnh hình thức", family=Family.FIGHT, prefix="Chống")
    for number in range(2, 25):
        make_news(f"Tin số {number}", issue_date=date(2017, 1, number))
    photos = make_photo_story("Một buổi sáng ở quầy một cửa", pictures=3, issue_date=date(2017, 2, 15))
    news = make_news("Quận mở quầy lưu động", issue_date=date(2017, 2, 14), lead_photo=make_picture())
    article: Article = make_article(
        HEADLINE, issue_date=date(2017, 2, 16), lead_photo=make_picture(), standfirst=TEXT, kicker="Ba năm Chỉ thị 29"
    )
    rows = [["Đơn vị", *[f"Quý {n}" for n in range(1, 9)]], ["Phường A", *["1.204"] * 8], [LONG, *["98,5 %"] * 8]]
    article.body = [
        *[("paragraph", f"<p>{TEXT}</p>") for _ in range(6)],
        ("subhead", "Đẩy mạnh cải cách hành chính phục vụ người dân"),
        ("quote", {"text": TEXT, "attribution": "Một cán bộ"}),
        ("photo", {"image": make_picture(size=(600, 1200)), "caption": "", "credit": ""}),
        ("gallery", {"photos": [{"image": make_picture(), "caption": "", "credit": "AN"} for _ in range(3)]}),
        ("table", {"data": rows, "first_row_is_table_header": True, "first_col_is_header": True}),
        ("number", {"value": "6 % → 71 %", "text": "hồ sơ có thư xin lỗi", "source": "thành phố"}),
        ("related", {"stories": [news]}),
        ("link_card", {"url": f"https://example.vn/{'x' * 120}", "title": "Cổng", "text": "", "source": ""}),
    ]
    article.save_revision().publish()
    for story in (article, news, photos):
        make_coverage(story, unit, fight)
    Correction.objects.create(story=article, kind="correction", text="Số đúng là 55/56.")
    down = make_news("Tin sẽ gỡ", issue_date=date(2017, 2, 10))
    take_down(down, make_user(is_superuser=True))
    Slot.objects.filter(column=column_page()).update(teaser="Kỳ tới nói về tổ dân phố tự chấm điểm cán bộ.")
    return {
        "front": "/",
        "archive": "/5-xay-3-chong/",
        "year": "/5-xay-3-chong/2017/?trang=2",
        "empty month": "/5-xay-3-chong/2016/05/",
        "article": article.get_url(),
        "print": f"{article.get_url()}in/",
        "news": news.get_url(),
        "photos": photos.get_url(),
        "units": "/don-vi/",
        "unit": unit.get_absolute_url(),
        "criteria": "/tieu-chi/",
        "criterion": fight.get_absolute_url(),
        "stories": "/tin-bai/",
        "report": f"/bao-loi/{article.public_id}/",
        "thanks": f"/bao-loi/{article.public_id}/cam-on/",
        "gone": down.get_url(),
        "not found": "/khong-co/",
    }


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_violation_on_any_page_in_light_and_dark(site: dict[str, str], open_browser: Open, viewport: dict[str, int]):
    page = open_browser(viewport=viewport)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for path in site.values():
            page.goto(path)
            found += [f"{scheme} {violation}" for violation in axe_violations(page)]
    assert found == []


def test_nothing_scrolls_sideways_at_360_pixels_nor_at_400_percent(site: dict[str, str], open_browser: Open):
    # 400 % of a window 1280 wide and 1024 high leaves 320 by 256 CSS pixels.
    for viewport in (PHONE, {"width": 320, "height": 256}):
        page = open_browser(viewport=viewport)
        wide = {}
        for name, path in site.items():
            page.goto(path)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > viewport["width"]:
                wide[name] = width
        assert wide == {}


def test_a_phone_has_the_search_box_at_the_thumb_and_a_low_window_has_it_in_the_flow(
    site: dict[str, str], open_browser: Open
):
    page = open_browser(viewport=PHONE)
    page.goto("/")
    box = page.locator(".masthead .searchbox").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] == PHONE["height"]
    for one in page.locator(".masthead .searchbox :is(input, button):visible").all():
        size = one.bounding_box()
        assert size is not None
        assert size["height"] >= 44
    page.set_viewport_size({"width": 320, "height": 256})
    # Relative: its suggestions hang from it.
    assert page.locator(".masthead .searchbox").evaluate("one => getComputedStyle(one).position") == "relative"


def test_nothing_moves_when_fonts_and_pictures_arrive_late(site: dict[str, str], open_browser: Open):
    page = open_browser(viewport=PHONE)

    def late(route: Route) -> None:
        page.wait_for_timeout(400)
        route.continue_()

    page.route("**/*.woff2", late)
    page.route("**/*.webp", late)
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver(list => list.getEntries().forEach("
        "one => { if (!one.hadRecentInput) window.moved += one.value; }"
        ")).observe({type: 'layout-shift', buffered: true});"
    )
    for name in ("front", "article", "archive"):
        page.goto(site[name], wait_until="networkidle")
        page.evaluate("document.fonts.ready.then(() => 1)")
        page.wait_for_timeout(200)
        assert page.evaluate("window.moved") < 0.02, name


def test_size_and_ground_are_kept_on_this_machine(site: dict[str, str], open_browser: Open):
    page = open_browser()
    page.goto(site["article"])

    def size() -> float:
        return float(page.locator(".story-body p").first.evaluate("one => parseFloat(getComputedStyle(one).fontSize)"))

    normal = size()
    assert 18 <= normal <= 20
    page.get_by_role("button", name="Tăng cỡ chữ").click()
    larger = size()
    assert larger > normal
    page.get_by_role("button", name="Nền: tự động").click()
    page.get_by_role("button", name="Nền: sáng").click()
    page.reload()
    assert size() == larger
    assert page.get_by_role("button", name="Nền: tối").is_visible()
    assert page.locator("body").evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(22, 24, 27)"
    page.get_by_role("button", name="Tăng cỡ chữ").click()
    assert page.get_by_role("button", name="Tăng cỡ chữ").get_attribute("aria-disabled") == "true"


def test_all_of_it_reads_without_scripts(site: dict[str, str], open_browser: Open):
    page = open_browser(javascript=False)
    page.goto("/")
    assert page.get_by_role("button", name="Tăng cỡ chữ").count() == 0
    page.get_by_role("link", name=HEADLINE).first.click()
    assert page.locator("h1").inner_text() == HEADLINE
    page.get_by_role("link", name="In", exact=True).click()
    assert page.url.endswith("/in/")
    page.get_by_role("link", name="Về bài").click()
    page.get_by_role("link", name="Báo lỗi bài này").click()
    page.get_by_label("Lỗi ở đâu, sai thế nào").fill("Đoạn hai ghi nhầm tên phường.")
    page.get_by_role("button", name="Gửi báo lỗi").click()
    assert page.locator("h1").inner_text() == "Cảm ơn bạn đã báo lỗi"


def test_lines_are_sixty_to_seventy_characters_long(site: dict[str, str], open_browser: Open):
    page = open_browser()
    page.goto(site["article"])
    page.evaluate("document.fonts.ready.then(() => 1)")
    lines = page.locator(".story-body p").first.evaluate(
        """one => {
            const text = one.firstChild, range = document.createRange(), counts = new Map();
            for (let at = 0; at < text.length; at++) {
                range.setStart(text, at); range.setEnd(text, at + 1);
                const top = Math.round(range.getBoundingClientRect().top);
                counts.set(top, (counts.get(top) || 0) + 1);
            }
            return [...counts.values()];
        }"""
    )
    full = lines[:-1]
    assert len(full) >= 2
    assert 60 <= sum(full) / len(full) <= 70


def test_paper_shows_the_story_and_its_address_alone(site: dict[str, str], open_browser: Open):
    page = open_browser()
    page.goto(site["article"])
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in (".site-nav", ".searchbox", ".reading-tools", ".after-story", ".story-tools .button", ".skip-link"):
        assert page.locator(hidden).first.is_visible() is False, hidden
    assert page.locator(".story-address").is_visible()
    assert page.locator("body").evaluate("one => getComputedStyle(one).backgroundColor") == "rgb(255, 255, 255)"


def test_the_keyboard_goes_first_to_the_content(site: dict[str, str], open_browser: Open):
    page = open_browser()
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip-link"
    assert page.locator(".skip-link").is_visible()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "noi-dung"
