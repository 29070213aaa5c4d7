"""A real Chromium against a live server. Locally a missing browser skips and says so; in CI it fails."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from column.people.models import User
from column.people.roles import Role
from newsroom.models import WorkerHeartbeat
from tests.chromium import ARGUMENTS, CHROMIUM, DESKTOP, PHONE  # noqa: F401 - PHONE is for the tests

PASSWORD = "mat-khau-thu"

# Waiting ends as soon as it may; a busy machine is given time.
expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is not installed (Debian's package chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright keeps an event loop in this thread; our own database calls here are not asynchronous.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS, headless=True)
        yield browser
        browser.close()


@pytest.fixture
def open_browser(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """``open_browser(viewport=PHONE, javascript=False)``: a fresh visitor; a script error on a page fails the test."""
    # No worker runs beside the live server; the admin would say so on every page.
    ahead = timezone.now() + timedelta(days=1)
    WorkerHeartbeat.objects.beat(now=ahead, started_at=ahead, host="toasoan", pid=1)
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def new_page(*, viewport: dict[str, int] | None = None, javascript: bool = True) -> Page:
        context = chromium.new_context(
            base_url=live_server.url,
            viewport=viewport or DESKTOP,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            accept_downloads=True,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(f"{page.url}: {error}"))
        return page

    yield new_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def log_in(open_browser: Callable[..., Page]) -> Callable[..., Page]:
    """``log_in(Role.EDITOR)``: a page of a browser in which someone with that role has just logged in."""

    def enter(role: Role, *, viewport: dict[str, int] | None = None, next_url: str = "/") -> Page:
        from tests.factories import make_user

        username = role.name.lower()
        if not User.objects.filter(username=username).exists():
            make_user(username, role, display_name=f"Người thử {role.value}")
        page = open_browser(viewport=viewport)
        page.goto(f"/dang-nhap/?next={next_url}")
        page.fill("input[name=username]", username)
        page.fill("input[name=password]", PASSWORD)
        page.click("main form button.button--primary")
        page.wait_for_load_state()
        return page

    return enter


def axe_violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands: rule and first element, empty when all is well."""
    # Of a page just arrived at, half may still be on its way.
    page.wait_for_load_state()
    # What still fades in has colours that it does not keep; what turns for ever is no reason to wait.
    page.wait_for_timeout(150)
    page.wait_for_function(
        "document.getAnimations().every(one => one.playState !== 'running'"
        " || one.effect.getComputedTiming().endTime === Infinity)"
    )
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found]
