"""The main job on real input, from the pasted text to the downloaded table (docs/journeys.md).

The clock of this process (live server and worker) stands a minute before the slot's time. Where the article as printed
in 2017 lies beside the checkout it is used; elsewhere an article of our own takes the same way.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from column.coverage.models import Coverage
from column.people.roles import Role
from column.schedule.models import Slot
from column.stories.models import Article
from column.text.dates import TZ, format_day_long
from newsroom.jobs import JOBS
from newsroom.worker import Worker
from tests.e2e.conftest import PHONE
from tests.factories import column_page

TESTS = Path(__file__).parents[1]


@dataclass(frozen=True)
class Example:
    """An article and what must come of it."""

    path: Path
    headline: str
    kicker_printed: str
    standfirst_begins: str
    subheads: tuple[str, ...]
    byline: str
    printed_at: datetime
    #: Offered ticked; the first is coded with the criteria of the test.
    subjects: tuple[str, ...]
    #: Offered unticked: they only speak or assess.
    speakers: tuple[str, ...]
    queries: tuple[str, ...]


REAL = Example(
    path=TESTS.parents[1] / "shared" / "seed" / "article-2017-02-16.txt",
    headline="Cải thiện lề lối, tinh thần làm việc trong thực thi công vụ",
    kicker_printed="’’5 XÂY’’, ’’ 3 CHỐNG’’",
    standfirst_begins="Sau 3 năm triển khai Chỉ thị số 29-CT/TU, Ban Thường vụ Thành ủy đánh giá",
    subheads=("Thực hiện nhiều giải pháp đồng bộ, hiệu quả", "Đẩy mạnh cải cách hành chính phục vụ người dân"),
    byline="ĐOÀN LƯƠNG",
    printed_at=datetime(2017, 2, 16, 14, 12, tzinfo=TZ),
    subjects=("Sở Công Thương", "Công an thành phố Đà Nẵng", "Trung tâm Thông tin dịch vụ công"),
    speakers=("Ban Thường vụ Thành ủy",),
    queries=("trach nhiem giai trinh", "29-CT/TU", "TTHC"),
)
OURS = Example(
    path=TESTS / "data" / "article-as-printed.txt",
    headline="Quầy tiếp nhận mở cửa sớm, người dân đỡ phải chờ",
    kicker_printed="’’5 XÂY’’, ’’ 3 CHỐNG’’",
    standfirst_begins="Từ đầu năm 2017, bộ phận “một cửa” của UBND quận Hải Châu",
    subheads=("Từ một góp ý nhỏ", "Giữ nếp bằng sự công khai"),
    byline="SÔNG HÀN",
    printed_at=datetime(2017, 3, 9, 9, 5, tzinfo=TZ),
    subjects=("Sở Nội vụ", "Công an thành phố Đà Nẵng", "Trung tâm Thông tin dịch vụ công"),
    speakers=(),
    queries=("nguoi dan do phai cho", "29-CT/TU", "Ủy ban nhân dân quận Hải Châu"),
)
EXAMPLES = [example for example in (REAL, OURS) if example.path.exists()]


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.path.stem for example in EXAMPLES])
def test_from_pasted_text_to_downloaded_table(
    example: Example, log_in: Callable[..., Page], open_browser: Callable[..., Page], tmp_path: Path
) -> None:
    due = example.printed_at
    with time_machine.travel(due - timedelta(minutes=1)) as clock:
        slot, _ = Slot.objects.update_or_create(
            column=column_page(), day=due.date(), defaults={"publish_time": time(due.hour, due.minute)}
        )
        editor = log_in(Role.EDITOR, next_url="/admin/nhap-bai/")
        article = _import(editor, example)
        _code(editor, article, example)
        _plan_and_submit(editor, article, slot)
        _approve_and_schedule(log_in(Role.MANAGING_EDITOR), article)

        reader = open_browser(viewport=PHONE)
        assert reader.goto(_address(article)).status == 404  # type: ignore[union-attr]
        assert Worker(JOBS).run_once(timezone.now()) == []
        assert not Article.objects.get(pk=article.pk).live, "a minute too early"

        clock.move_to(due + timedelta(seconds=1))
        assert Worker(JOBS).run_once(timezone.now()) == []
        _published_on_its_thursday(article, slot, due)

        # The page cache looks at the site's generation at most every half second.
        clock.shift(2)
        _read(reader, article, example)
        _count(log_in(Role.COMMITTEE, next_url="/tong-hop/"), article, example, tmp_path)


def _import(page: Page, example: Example) -> Article:
    """Step 1: paste, see where the parts land, make the draft."""
    page.goto("/admin/nhap-bai/")
    page.get_by_label("Dán nội dung bài").fill(example.path.read_text(encoding="utf-8"))
    page.get_by_role("button", name="Xem trước").click()
    expect(page.get_by_text("Đã bỏ dòng cuối chỉ có dấu: “.”.")).to_be_visible()
    page.get_by_role("button", name="Tạo bản nháp").click()
    expect(page.get_by_text("Đã tạo bản nháp")).to_be_visible()
    expect(page.locator("#id_title")).to_have_value(example.headline)

    article: Article = Article.objects.get()
    source = example.path.read_text(encoding="utf-8")
    paragraphs = [block.value.source for block in article.body if block.block_type == "paragraph"]
    assert article.draft_title == example.headline
    assert article.kicker_printed == example.kicker_printed
    assert article.kicker == ""
    assert article.standfirst.startswith(example.standfirst_begins)
    assert [block.value for block in article.body if block.block_type == "subhead"] == list(example.subheads)
    assert [str(credit.byline) for credit in article.byline_credits.all()] == [example.byline]
    assert article.printed_at == example.printed_at
    # Curly quotes, diacritics and every other letter stand as in the source.
    assert [text.removeprefix("<p>").removesuffix("</p>") in source for text in paragraphs] == [True] * len(paragraphs)
    return article


def _code(page: Page, article: Article, example: Example) -> None:
    """Step 2: the units that the text names are offered; one click confirms them; criteria are a person's choice."""
    page.goto(f"/admin/tin-bai/{article.pk}/gan/")
    for name in example.subjects:
        expect(_offer(page, name).locator("input[name=gy-chon]")).to_be_checked()
    for name in example.speakers:
        expect(_offer(page, name).locator("input[name=gy-chon]")).not_to_be_checked()
    assert page.locator("fieldset input[type=checkbox]:checked").count() == 0, "no criterion was inferred"
    first = _offer(page, example.subjects[0])
    first.get_by_label("Kỷ cương", exact=True).check()
    first.get_by_label("Chống quan liêu", exact=True).check()
    page.get_by_role("button", name="Lưu các đơn vị đã chọn").click()
    expect(page.get_by_text("Đã ghi:")).to_be_visible()

    rows = Coverage.objects.filter(story=article.pk).select_related("department", "criterion__group")
    coded = {(row.department.name, row.criterion.label if row.criterion else "") for row in rows if row.department}
    assert {(example.subjects[0], "Kỷ cương"), (example.subjects[0], "Chống quan liêu")} <= {
        (_as_offered(name, example), label) for name, label in coded
    }
    assert {row.coded_by.username for row in rows if row.coded_by} == {"editor"}


def _plan_and_submit(page: Page, article: Article, slot: Slot) -> None:
    """Step 3: into its Thursday, and submitted."""
    page.goto(f"/admin/lich-dang/?quy={slot.day.year}-{(slot.day.month + 2) // 3}")
    page.get_by_role("link", name=f"Xếp bài {format_day_long(slot.day)}").click()
    page.get_by_label("Bài viết").select_option(str(article.pk))
    page.get_by_role("button", name="Xếp vào kỳ này").click()
    expect(page.locator(f"#ky-{slot.day.isoformat()}")).to_contain_text("Dự kiến")

    page.goto(f"/admin/pages/{article.pk}/edit/")
    page.locator("footer .w-dropdown__toggle").first.click()
    page.get_by_role("button", name="Trình duyệt").click()
    page.wait_for_load_state()
    assert article.__class__.objects.get(pk=article.pk).workflow_in_progress


def _approve_and_schedule(page: Page, article: Article) -> None:
    """Still step 3: approved by one who may, then scheduled; approval alone publishes nothing."""
    page.goto(f"/admin/pages/{article.pk}/edit/")
    page.locator("footer .w-dropdown__toggle").first.click()
    page.get_by_role("button", name="Duyệt", exact=True).click()
    page.wait_for_load_state()
    assert not Article.objects.get(pk=article.pk).live

    page.goto(f"/admin/tin-bai/{article.pk}/hen-gio/")
    page.get_by_role("button", name="Hẹn giờ đăng").click()
    page.wait_for_load_state()
    assert Article.objects.get(pk=article.pk).approved_schedule


def _published_on_its_thursday(article: Article, slot: Slot, due: datetime) -> None:
    """Step 4."""
    live = Article.objects.get(pk=article.pk)
    assert (live.live, live.issue_date) == (True, due.date())
    assert timedelta(0) <= live.first_published_at - due < timedelta(minutes=1)
    slot.refresh_from_db()
    assert (slot.story_id, slot.late_minutes) == (article.pk, 0)


def _read(page: Page, article: Article, example: Example) -> None:
    """Step 5: a reader on a phone, without diacritics."""
    for query in example.queries:
        page.goto("/tim-kiem/")
        page.locator("main").get_by_role("combobox").fill(query)
        page.locator("main").get_by_role("combobox").press("Enter")
        expect(page.locator("main").get_by_role("link", name=example.headline)).to_be_visible()
    row = Coverage.objects.filter(story=article.pk, criterion__slug="ky-cuong").select_related("department").get()
    for address in (row.department.get_absolute_url(), "/tieu-chi/ky-cuong/"):
        page.goto(address)
        page.locator("main").get_by_role("link", name=example.headline).first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(example.headline)
    expect(page.locator("main")).to_contain_text(f"{example.printed_at:%H:%M, %d/%m/%Y} (GMT+7)")
    expect(page.locator("main")).to_contain_text("5 xây, 3 chống")
    expect(page.locator("main")).not_to_contain_text(example.kicker_printed)


def _count(page: Page, article: Article, example: Example, tmp_path: Path) -> None:
    """Step 6: counted once in unit × criterion × quarter; the number opens exactly that story; so says the XLSX."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Bảng tổng hợp")
    unit = Coverage.objects.get(story=article.pk, criterion__slug="ky-cuong").department
    assert unit is not None
    row = page.locator("tbody tr", has_text=unit.display_name).first
    assert row.locator("td.num a").all_inner_texts() == ["1", "1", "1"]  # two criteria and the distinct total

    with page.expect_download() as download:
        page.get_by_role("link", name="Tải về bảng tính (XLSX)").click()
    target = tmp_path / "bang.xlsx"
    download.value.save_as(target)
    book = load_workbook(BytesIO(target.read_bytes()), read_only=True)
    lines = [line for line in book.worksheets[0].iter_rows(values_only=True) if unit.display_name in line]
    assert [cell for cell in lines[0] if isinstance(cell, int) and cell == 1].count(1) >= 3
    titles = [
        cell for line in book.worksheets[1].iter_rows(values_only=True) for cell in line if cell == example.headline
    ]
    assert titles == [example.headline]
    book.close()

    row.locator("td.num a").first.click()
    links = page.locator("main table a[href*='/5-xay-3-chong/']")
    expect(links).to_have_text([example.headline])


def _address(article: Article) -> str:
    return f"/5-xay-3-chong/{article.slug}/"


def _offer(page: Page, name: str) -> Locator:
    """The suggestion of that unit: its name is the strong text, passages may name others."""
    return page.locator(".coding-offers > li").filter(has=page.locator("strong").get_by_text(name, exact=True))


def _as_offered(name: str, example: Example) -> str:
    """Names of units match without regard to case (“Sở Công thương”)."""
    wanted = example.subjects[0]
    return wanted if name.casefold() == wanted.casefold() else name
