"""Pictures of the screens as each role sees them: ``python -m tests.screenshots [name …]``, into docs/screenshots/.

Starts the real site with its demo data in a temporary folder, looks at it with Chromium on a desktop and a phone, and
ends it. Names choose some of the pictures; without names all are made.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from bench.load import serving
from tests.chromium import ARGUMENTS, CHROMIUM, DESKTOP, PHONE

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "docs" / "screenshots"
LARGEST = 200_000
READER = ""


def newest_article(page: Page) -> str:
    page.goto("/")
    return str(page.locator(".lead-title a").get_attribute("href"))


def a_story_in_the_admin(page: Page) -> str:
    page.goto("/admin/pages/search/?q=phuong")
    return str(page.locator('a[href*="/edit/"]').first.get_attribute("href"))


@dataclass(frozen=True)
class Shot:
    """``role`` is the role's word in the list of demo logins; ``tall`` pixels instead of a screenful."""

    name: str
    path: str | Callable[[Page], str]
    role: str = READER
    phone: bool = False
    dark: bool = False
    tall: int = 0


SHOTS = [
    Shot("front-desktop", "/", tall=1500),
    Shot("front-phone", "/", phone=True),
    Shot("front-dark-phone", "/", phone=True, dark=True),
    Shot("article-desktop", newest_article, tall=1400),
    Shot("article-phone", newest_article, phone=True),
    Shot("article-print", lambda page: f"{newest_article(page)}in/", tall=1300),
    Shot("archive-desktop", "/5-xay-3-chong/2017/"),
    Shot("departments-desktop", "/don-vi/"),
    Shot("criterion-desktop", "/tieu-chi/trach-nhiem/"),
    Shot("search-desktop", "/tim-kiem/?q=mot+cua", tall=1200),
    Shot("search-phone", "/tim-kiem/?q=mot+cua", phone=True),
    Shot("editor-story-desktop", a_story_in_the_admin, role="Biên tập viên"),
    Shot("editor-home-desktop", "/admin/", role="Thư ký tòa soạn"),
    Shot("committee-tally-desktop", "/tong-hop/", role="Cán bộ theo dõi, tổng hợp", tall=1200),
    Shot("committee-tally-phone", "/tong-hop/", role="Cán bộ theo dõi, tổng hợp", phone=True),
    Shot("committee-pictures-desktop", "/tong-hop/hinh/?ky=2016", role="Cán bộ theo dõi, tổng hợp", tall=1500),
    Shot("committee-compare-desktop", "/tong-hop/so-sanh/?ky=2016", role="Cán bộ theo dõi, tổng hợp", tall=1200),
    Shot("calendar-year-desktop", "/admin/lich-dang/nam/", role="Thư ký tòa soạn", tall=1200),
    Shot("calendar-quarter-desktop", "/admin/lich-dang/", role="Thư ký tòa soạn", tall=1200),
    Shot("calendar-phone", "/admin/lich-dang/", role="Thư ký tòa soạn", phone=True),
]


def main(names: list[str]) -> None:
    """Make the named pictures, or all; prints each with its size. Unknown names are a ``SystemExit``."""
    unknown = set(names) - {shot.name for shot in SHOTS}
    if unknown:
        raise SystemExit(
            f"Không có ảnh tên {', '.join(sorted(unknown))}. Có: {', '.join(shot.name for shot in SHOTS)}."
        )
    if not CHROMIUM.exists():
        raise SystemExit(f"Cần {CHROMIUM} (gói chromium của Debian).")
    TARGET.mkdir(parents=True, exist_ok=True)
    chosen = [shot for shot in SHOTS if not names or shot.name in names]
    with demo_site() as (url, logins), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS, headless=True)
        failed = [shot.name for shot in chosen if not _take(browser, url, logins, shot)]
        browser.close()
    if failed:
        raise SystemExit(f"Không chụp được: {', '.join(failed)}")


@contextmanager
def demo_site() -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    """The site with demo data; yields its address and role → (login name, password)."""
    with tempfile.TemporaryDirectory(prefix="screenshots-") as name:
        folder = Path(name)
        environment = {
            "DJANGO_SETTINGS_MODULE": "newsroom.settings.dev", "DATA_DIR": name, "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": f"sqlite:///{folder / 'demo.sqlite3'}",
        }  # fmt: skip
        command = [sys.executable, str(ROOT / "manage.py"), "prepare", "--demo"]
        subprocess.run(command, env={**os.environ, **environment}, check=True, cwd=ROOT)
        noted = (folder / "demo_logins.tsv").read_text(encoding="utf-8").splitlines()
        logins = {role: (login, password) for role, login, password in (line.split("\t") for line in noted)}
        # The worker too, as on any real site: without it every page of the admin would say that it is missing.
        with (
            serving("newsroom.wsgi:application", environment, folder / "web.log") as port,
            (folder / "worker.log").open("wb") as log,
            subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "worker"],
                env={**os.environ, **environment, "SITE_URL": f"http://127.0.0.1:{port}"},
                cwd=ROOT, stdout=log, stderr=log,
            ) as worker,
        ):  # fmt: skip
            try:
                _wait_until_well(f"http://127.0.0.1:{port}/health")
                yield f"http://127.0.0.1:{port}", logins
            finally:
                worker.terminate()


def _wait_until_well(url: str) -> None:
    give_up_at = time.monotonic() + 60
    while time.monotonic() < give_up_at:
        with suppress(HTTPError), urlopen(url) as answer:
            answer.read()
            return
        time.sleep(0.5)
    raise SystemExit("Tiến trình nền không chạy.")


def _take(browser: Browser, url: str, logins: dict[str, tuple[str, str]], shot: Shot) -> bool:
    size = PHONE if shot.phone else DESKTOP
    context = browser.new_context(
        base_url=url, viewport=size, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh",  # type: ignore[arg-type]
        color_scheme="dark" if shot.dark else "light", device_scale_factor=2 if shot.phone else 1,
        has_touch=shot.phone,
    )  # fmt: skip
    try:
        page = context.new_page()
        if shot.role:
            login, password = logins[shot.role]
            page.goto("/dang-nhap/")
            page.fill("input[name=username]", login)
            page.fill("input[name=password]", password)
            page.click("main form button.button--primary")
            page.wait_for_load_state()
        path = shot.path if isinstance(shot.path, str) else shot.path(page)
        if shot.tall:
            page.set_viewport_size({"width": size["width"], "height": shot.tall})
        answer = page.goto(path, wait_until="networkidle")
        page.evaluate("document.fonts.ready.then(() => 1)")
        if answer is None or answer.status != 200:
            print(f"{shot.name}: {path} trả lời {answer.status if answer else 'không gì cả'}")
            return False
        data = smaller(page.screenshot())
        (TARGET / f"{shot.name}.png").write_bytes(data)
        print(f"{len(data):>8} {shot.name}")
        return True
    finally:
        context.close()


def smaller(png: bytes) -> bytes:
    """The picture in as many colours as fit into ``LARGEST`` bytes."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours, dither in ((256, True), (256, False), (128, False), (64, False), (32, False)):
        few = picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        if dither:
            few = picture.quantize(palette=few, dither=Image.Dither.FLOYDSTEINBERG)
        out = io.BytesIO()
        few.save(out, "PNG", optimize=True)
        if out.tell() <= LARGEST:
            break
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
