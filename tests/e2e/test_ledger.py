"""The ledger, the balance of subjects and one's own calendar in a real browser: light, dark, desktop, phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from column.coverage.models import Criterion
from column.departments.models import Department
from column.people.roles import Role
from column.schedule.ledger.missing import record_missed
from column.schedule.models import Reserve, ScheduleSettings, Slot
from column.schedule.publishing import publish_due
from column.schedule.slots import assign, ensure_slots, skip
from column.schedule.substituting import substitute
from tests.column.schedule.desk import approve, chief, draft, scheduled
from tests.e2e.conftest import DESKTOP, PHONE, axe_violations
from tests.factories import column_page, make_article, make_coverage

LogIn = Callable[..., Page]


@pytest.fixture
def year() -> str:
    """A working year around today; the address of its ledger."""
    now = timezone.now()
    today = timezone.localdate(now)
    ensure_slots(column_page(), today - timedelta(weeks=8), today)
    past = list(Slot.objects.filter(day__lt=today).order_by("-day")[:7])
    ScheduleSettings.objects.update(go_live_date=past[5].day)
    for slot, title, late in ((past[4], "Một cửa liên thông ở phường: hẹn đúng ngày, trả trước hạn", 0),
                              (past[3], "Nụ cười ở quầy tiếp dân", 55)):  # fmt: skip
        with time_machine.travel(slot.due_at - timedelta(days=1), tick=False):
            scheduled(title, day=slot.day, at=slot.publish_time, now=timezone.now())
        with time_machine.travel(slot.due_at + timedelta(minutes=late), tick=False):
            publish_due(timezone.now())
    with time_machine.travel(past[2].due_at - timedelta(days=1), tick=False):
        scheduled("Tổ dân phố tự chấm điểm cán bộ", day=past[2].day, at=past[2].publish_time, now=timezone.now())
        stand_in = draft("Bài gối đầu: sổ tay công vụ")
        approve(stand_in)
        Reserve.objects.create(article=stand_in, use_by=today)
        substitute(past[2], stand_in, "Cơ sở chưa đồng ý công bố số liệu", chief(), timezone.now())
    with time_machine.travel(past[2].due_at, tick=False):
        publish_due(timezone.now())
    skip(past[1], "Nghỉ Tết", chief())
    record_missed(now)
    units = list(Department.objects.existing_on(today).filter(kind="so")[:8])
    criteria = list(Criterion.objects.in_use(today).in_order())
    for number, unit in enumerate(units):
        story = make_article(f"Bài về {unit}", issue_date=today - timedelta(weeks=3 * number + 1))
        make_coverage(story, unit, criteria[number % 6])
    coming = Slot.objects.filter(day__gt=today).order_by("day")[0]
    plan = draft("Bài dự kiến")
    assign(coming, plan, chief())
    make_coverage(plan, units[-1], criteria[7])
    return f"{reverse('schedule_ledger')}?nam={today.year}"


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_no_violation_and_nothing_sticks_out(year: str, log_in: LogIn, viewport: dict[str, int]) -> None:
    page = log_in(Role.CHIEF, viewport=viewport)
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for address in (
            year, f"{year}&ket-qua=substituted", f"{year}&ket-qua=x", reverse("schedule_balance"),
            reverse("schedule_my_calendar"),
        ):  # fmt: skip
            page.goto(address)
            for one in page.locator(".ledger details").all():
                one.evaluate("element => element.open = true")
            found += [f"{scheme} {violation}" for violation in axe_violations(page)]
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    assert found == []


def test_from_a_number_to_its_thursdays_to_what_happened(year: str, log_in: LogIn) -> None:
    page = log_in(Role.EDITOR, next_url=year)
    page.locator(".ledger-counts").get_by_role("link", name="Đã thay bài").click()
    line = page.locator(".ledger-line")
    expect(line).to_have_count(1)
    expect(line.locator(".ledger-remarks")).to_contain_text("Cơ sở chưa đồng ý công bố số liệu")
    history = line.locator(".ledger-events")
    expect(history).to_be_hidden()
    line.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(history).to_be_visible()
    expect(history).to_contain_text("Thay “Tổ dân phố tự chấm điểm cán bộ” bằng “Bài gối đầu: sổ tay công vụ”.")
    with page.expect_download() as loaded:
        page.get_by_role("link", name="Tải về XLSX").click()
    assert loaded.value.suggested_filename.endswith(".xlsx")


def test_make_an_address_and_copy_it(year: str, log_in: LogIn) -> None:
    page = log_in(Role.REPORTER, next_url=reverse("schedule_my_calendar"))
    page.get_by_role("button", name="Tạo địa chỉ lịch").click()
    box = page.get_by_label("Địa chỉ lịch của bạn")
    address = box.input_value()
    assert axe_violations(page) == []
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Chép địa chỉ").click()
    expect(page.get_by_text("Đã chép.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == address
    answer = page.request.get(address)
    assert answer.text().startswith("BEGIN:VCALENDAR")
    page.get_by_role("link", name="Xong, tôi đã chép địa chỉ").click()
    expect(page.get_by_text("Bạn đã có địa chỉ lịch")).to_be_visible()
    page.get_by_role("button", name="Thu hồi địa chỉ").click()
    expect(page.get_by_text("địa chỉ cũ không mở được nữa")).to_be_visible()
    assert page.request.get(address).status == 404


def test_the_numbers_of_the_balance_lead_to_their_stories(year: str, log_in: LogIn) -> None:
    page = log_in(Role.EDITOR, next_url=reverse("schedule_balance"))
    link = page.locator(".balance-ratio a").first
    number = int(link.inner_text().split()[0])
    link.click()
    expect(page.locator("main article, main .item")).to_have_count(number)
