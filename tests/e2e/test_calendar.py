"""The calendar in a real browser: a quarter filled by mouse, by keyboard and on a phone; taken back; asked first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from column.people.roles import Role
from column.schedule.locking import is_scheduled
from column.schedule.models import Hold, Reserve, ScheduleSettings, Slot
from column.schedule.publishing import publish_due
from column.schedule.slots import assign, ensure_slots, skip
from column.text.dates import TZ, format_day_long
from tests.column.schedule.desk import approve, chief, draft, scheduled
from tests.e2e.conftest import DESKTOP, PHONE, axe_violations
from tests.factories import column_page, make_picture

LogIn = Callable[..., Page]

#: A Tuesday; the browser's own clock is not asked.
NOW = datetime(2017, 2, 14, 9, 0, tzinfo=TZ)
DAYS = [date(2017, 2, 16) + timedelta(weeks=week) for week in range(7)]
#: The tool scrolls between pressing the button and moving, which no hand can; here it need not.
TALL = {"width": 1280, "height": 2400}
QUARTER = "/admin/lich-dang/?quy=2017-1"
TITLES = ["Một cửa ở phường", "Nụ cười ở quầy", "Tổ dân phố tự chấm", "Chợ niêm yết giá", "Hẹn đúng ngày"]


@pytest.fixture(autouse=True)
def february() -> Any:
    with time_machine.travel(NOW, tick=True):
        settings = ScheduleSettings.load()
        settings.go_live_date = date(2017, 1, 12)
        settings.save()
        Slot.objects.all().delete()
        ensure_slots(column_page(), date(2017, 1, 1), date(2017, 6, 30))
        Slot.objects.update(publish_time=time(14, 12))
        yield


def slot(day: date) -> Slot:
    return Slot.objects.get(day=day)


def card(page: Page, day: date) -> Locator:
    return page.locator(f"#ky-{day.isoformat()}")


def item(page: Page, title: str) -> Locator:
    """The story wherever it lies, on a slot or in the tray."""
    return page.locator("[data-cal-lifts]", has=page.get_by_role("link", name=title, exact=True))


def grip(page: Page, title: str) -> Locator:
    return item(page, title).get_by_role("button", name=f"Chuyển… “{title}”")


def toast(page: Page) -> Locator:
    return page.locator("[data-cal-toast]")


def choose(page: Page, title: str, day: date) -> None:
    """From the list that a tap on the handle opens."""
    grip(page, title).click()
    page.get_by_role("dialog", name="Chuyển đến").get_by_role("button").filter(has_text=format_day_long(day)).click()


def board() -> dict[date, str]:
    return {one.day: one.story.title for one in Slot.objects.select_related("story") if one.story}


def said(page: Page, words: str) -> None:
    expect(toast(page)).to_contain_text(words)


def test_a_quarter_filled_by_mouse(log_in: LogIn) -> None:
    for title in reversed(TITLES):
        draft(title)
    page = log_in(Role.EDITOR, viewport=TALL, next_url=QUARTER)
    page.goto(QUARTER)
    for title, day in zip(TITLES, DAYS, strict=False):
        item(page, title).drag_to(card(page, day))
        said(page, f"Đã xếp “{title}” vào kỳ {format_day_long(day)}. Bài chưa được hẹn giờ.")
        expect(card(page, day)).to_contain_text(title)
    assert board() == dict(zip(DAYS, TITLES, strict=False))
    expect(page.locator(".cal-tray")).to_contain_text("Khay trống")

    item(page, TITLES[0]).drag_to(card(page, DAYS[5]))
    said(page, f"Đã chuyển “{TITLES[0]}” sang kỳ")
    toast(page).get_by_role("button", name="Hoàn tác").click()
    said(page, "Đã hoàn tác.")
    expect(card(page, DAYS[0])).to_contain_text(TITLES[0])

    item(page, TITLES[1]).drag_to(card(page, DAYS[2]))
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("Hai bài sẽ đổi chỗ cho nhau.")
    question.get_by_role("button", name="Thôi").click()
    expect(card(page, DAYS[1])).to_contain_text(TITLES[1])
    item(page, TITLES[1]).drag_to(card(page, DAYS[2]))
    question.get_by_role("button", name="Đổi chỗ").click()
    said(page, "Đã đổi chỗ")
    expect(card(page, DAYS[2])).to_contain_text(TITLES[1])

    item(page, TITLES[4]).drag_to(page.locator("[data-cal-tray]"))
    said(page, f"Đã rút “{TITLES[4]}” về khay.")
    expect(page.locator(".cal-tray")).to_contain_text(TITLES[4])
    assert board() == {DAYS[0]: TITLES[0], DAYS[1]: TITLES[2], DAYS[2]: TITLES[1], DAYS[3]: TITLES[3]}
    toast(page).get_by_role("button", name="Đóng thông báo").click()
    expect(toast(page)).to_be_hidden()


def test_a_quarter_filled_by_keyboard(log_in: LogIn) -> None:
    for title in reversed(TITLES[:3]):
        draft(title)
    page = log_in(Role.EDITOR, next_url=QUARTER)
    page.goto(QUARTER)
    live = page.locator("[data-cal-live]")
    targets = page.locator("[data-cal-takes]")
    places = [places.get_attribute("data-cal-name") for places in targets.all()]
    for title, day in zip(TITLES, DAYS, strict=False):
        if title not in TITLES[:3]:
            break
        grip(page, title).focus()
        page.keyboard.press("Enter")
        expect(live).to_have_text(
            f"Đã nhấc “{title}”. Dùng phím mũi tên chọn kỳ, Enter để đặt, Esc để bỏ."
        )  # fmt: skip
        for _step in range(places.index(format_day_long(day)) + 1):
            page.keyboard.press("ArrowDown")
        expect(live).to_have_text(f"{format_day_long(day)}, còn trống.")
        page.keyboard.press("Enter")
        said(page, f"Đã xếp “{title}” vào kỳ {format_day_long(day)}.")
        expect(grip(page, title)).to_be_focused()
    assert board() == dict(zip(DAYS, TITLES[:3], strict=False))

    page.keyboard.press(" ")
    page.keyboard.press("Home")
    page.keyboard.press("Escape")
    expect(live).to_have_text("Đã bỏ; bài ở chỗ cũ.")
    assert len(board()) == 3

    page.keyboard.press(" ")
    page.keyboard.press("End")
    expect(live).to_have_text("Khay bài chưa xếp.")
    page.keyboard.press(" ")
    said(page, f"Đã rút “{TITLES[2]}” về khay.")
    page.keyboard.press("Control+z")
    said(page, "Đã hoàn tác.")
    expect(card(page, DAYS[2])).to_contain_text(TITLES[2])
    assert board() == dict(zip(DAYS, TITLES[:3], strict=False))

    grip(page, TITLES[0]).focus()
    page.keyboard.press("Enter")
    while (live.text_content() or "") != f"{format_day_long(DAYS[1])}, đang có “{TITLES[1]}”.":
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Đổi chỗ").focus()
    page.keyboard.press("Enter")
    said(page, "Đã đổi chỗ")
    assert board() == {DAYS[0]: TITLES[1], DAYS[1]: TITLES[0], DAYS[2]: TITLES[2]}


def test_a_quarter_filled_on_a_phone(log_in: LogIn) -> None:
    page = log_in(Role.EDITOR, viewport=PHONE, next_url=QUARTER)
    page.goto(QUARTER)
    for title in TITLES[:2]:
        page.get_by_label("Ý tưởng mới").fill(title)
        page.get_by_role("button", name="Thêm").click()
        expect(page.locator(".cal-tray")).to_contain_text(title)
        assert item(page, title).get_by_text("Ý tưởng", exact=True).is_visible()
    for title, day in zip(TITLES[:2], DAYS, strict=False):
        grip(page, title).click()
        sheet = page.get_by_role("dialog", name="Chuyển đến")
        expect(sheet).to_contain_text(title)
        sheet.get_by_role("button").filter(has_text=format_day_long(day)).click()
        said(page, f"Đã xếp “{title}” vào kỳ")
    assert board() == dict(zip(DAYS, TITLES[:2], strict=False))
    grip(page, TITLES[0]).click()
    sheet = page.get_by_role("dialog", name="Chuyển đến")
    assert [violation for violation in axe_violations(page) if "cal-" in violation] == []
    sheet.get_by_role("button", name="Thôi").click()
    expect(sheet).to_be_hidden()
    grip(page, TITLES[0]).click()
    sheet.get_by_role("button", name="Khay bài chưa xếp").click()
    said(page, f"Đã rút “{TITLES[0]}” về khay.")
    toast(page).get_by_role("button", name="Hoàn tác").click()
    said(page, "Đã hoàn tác.")
    assert board() == dict(zip(DAYS, TITLES[:2], strict=False))


def test_a_scheduled_story_asks_first(log_in: LogIn) -> None:
    story = scheduled("Nụ cười ở quầy", day=DAYS[2], now=NOW)
    page = log_in(Role.CHIEF, viewport=TALL, next_url=QUARTER)
    page.goto(QUARTER)
    item(page, "Nụ cười ở quầy").drag_to(card(page, DAYS[3]))
    question = page.get_by_role("dialog", name="Hủy hẹn giờ và chuyển?")
    expect(question).to_contain_text("“Nụ cười ở quầy” đã hẹn giờ tự lên trang.")
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    assert (board(), is_scheduled(story.pk)) == ({DAYS[2]: "Nụ cười ở quầy"}, True)
    item(page, "Nụ cười ở quầy").drag_to(card(page, DAYS[3]))
    question.get_by_role("button", name="Hủy hẹn giờ và chuyển").click()
    said(page, "Đã chuyển “Nụ cười ở quầy”")
    expect(card(page, DAYS[3])).to_contain_text("Đã duyệt")
    assert (board(), is_scheduled(story.pk)) == ({DAYS[3]: "Nụ cười ở quầy"}, False)
    toast(page).get_by_role("button", name="Hoàn tác").click()
    said(page, "Đã hoàn tác.")
    expect(card(page, DAYS[2])).to_contain_text("Đã hẹn giờ")
    assert (board(), is_scheduled(story.pk)) == ({DAYS[2]: "Nụ cười ở quầy"}, True)


def test_two_editors_at_one_board(log_in: LogIn) -> None:
    story = draft("Một cửa ở phường")
    page = log_in(Role.EDITOR, viewport=TALL, next_url=QUARTER)
    page.goto(QUARTER)
    assign(slot(DAYS[4]), story, chief())
    item(page, "Một cửa ở phường").drag_to(card(page, DAYS[1]))
    said(page, "“Một cửa ở phường” vừa được người khác chuyển đi; bảng nay đã mới, hãy xem lại.")
    expect(card(page, DAYS[4])).to_contain_text("Một cửa ở phường")
    expect(card(page, DAYS[1])).to_contain_text("Còn trống")
    assert board() == {DAYS[4]: "Một cửa ở phường"}


def test_without_scripts_the_forms_do_it(open_browser: Callable[..., Page], log_in: LogIn) -> None:
    draft("Một cửa ở phường")
    cookies = log_in(Role.EDITOR).context.cookies()
    page = open_browser(javascript=False)
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(QUARTER)
    expect(page.locator("[data-cal-grip]").first).to_be_hidden()
    card(page, DAYS[0]).get_by_role("link", name="Xếp bài").first.click()
    page.get_by_label("Bài viết").select_option(index=1)
    page.get_by_role("button", name="Xếp vào kỳ này").click()
    expect(card(page, DAYS[0])).to_contain_text("Một cửa ở phường")
    card(page, DAYS[0]).locator("summary").click()
    card(page, DAYS[0]).get_by_role("button", name="Rút bài").click()
    expect(card(page, DAYS[0])).to_contain_text("Còn trống")


@pytest.fixture
def full() -> None:
    """Slots and drafts in every state."""
    with time_machine.travel(NOW - timedelta(days=6), tick=False):
        scheduled("Hẹn đúng ngày, trả trước hạn", day=date(2017, 2, 9), now=NOW - timedelta(days=6), owner=chief())
    with time_machine.travel(datetime(2017, 2, 9, 14, 52, tzinfo=TZ), tick=False):
        publish_due(datetime(2017, 2, 9, 14, 52, tzinfo=TZ))
    skip(slot(date(2017, 1, 19)), "Nghỉ Tết Đinh Dậu", chief())
    assign(slot(DAYS[0]), draft("Tổ dân phố", byline="", lead_photo=make_picture(alt_text=""), owner=chief()), chief())
    ready = draft("Nụ cười ở quầy tiếp dân", owner=chief())
    assign(slot(DAYS[1]), ready, chief())
    approve(ready)
    scheduled("Chợ niêm yết giá và những điều người đi chợ mong đợi " * 3, day=DAYS[2], now=NOW, owner=chief())
    held = draft("Chờ Sở trả lời")
    assign(slot(DAYS[3]), held, chief())
    Hold.objects.create(story=held, reason="Chờ văn bản", held_by=chief())
    reserve = draft("Chuyện người gác cầu", owner=chief())
    approve(reserve)
    Reserve.objects.create(article=reserve, use_by=date(2017, 6, 30))
    draft("Ý tưởng về chợ đầu mối", paragraphs=(), byline="")


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_violation_and_nothing_sideways(log_in: LogIn, viewport: dict[str, int]) -> None:
    page = log_in(Role.CHIEF, viewport=viewport)
    found = []
    addresses = [
        QUARTER, "/admin/lich-dang/danh-sach/?quy=2017-1", "/admin/lich-dang/nam/?nam=2017", f"{QUARTER}&tim=khong-co",
        "/admin/lich-dang/?quy=1995-1", "/admin/", reverse("schedule_assign", args=[slot(DAYS[5]).pk]),
    ]  # fmt: skip
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for address in addresses:
            page.goto(address)
            found += [f"{scheme} {violation}" for violation in axe_violations(page)]
            if page.evaluate("document.querySelector('#main').scrollWidth > window.innerWidth"):
                found.append(f"{scheme} {address} is wider than the window")
        page.goto(QUARTER)
        page.locator(".cal-more summary").nth(6).click()
        grip(page, "Nụ cười ở quầy tiếp dân").click()
        found += [f"{scheme} list: {violation}" for violation in axe_violations(page)]
        page.keyboard.press("Escape")
        choose(page, "Chuyện người gác cầu", DAYS[2])
        expect(page.get_by_role("dialog", name="Hủy hẹn giờ và chuyển?")).to_be_visible()
        found += [f"{scheme} question: {violation}" for violation in axe_violations(page)]
        page.keyboard.press("Escape")
        choose(page, "Chuyện người gác cầu", DAYS[5])
        said(page, "Đã xếp")
        found += [f"{scheme} message: {violation}" for violation in axe_violations(page)]
        toast(page).get_by_role("button", name="Hoàn tác").click()
        said(page, "Đã hoàn tác.")
    assert found == []
