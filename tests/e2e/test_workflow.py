"""The way to an approval in a real browser: reporter, editor, then the managing editor's phone and the mailed link."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from column.people.models import Delegation, User
from column.people.roles import Role
from column.schedule.approval import is_approved
from column.schedule.models import Slot
from column.schedule.notices.models import Notice
from column.schedule.slots import assign
from column.stories.models import Article
from tests.column.schedule.desk import draft
from tests.e2e.conftest import PHONE, axe_violations
from tests.factories import make_picture, make_user

LogIn = Callable[..., Page]
TITLE = "Tổ công nghệ số đến từng nhà ở phường Thanh Khê Tây"


def shoot(page: Page, name: str) -> None:
    """Only where somebody wants to look: SHOTS=folder."""
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


@pytest.fixture
def article() -> Article:
    """A reporter's draft on the coming Thursday."""
    reporter = make_user("reporter", Role.REPORTER, display_name="Lê Thị Minh Châu", email="minhchau@example.vn")
    make_user("editor", Role.EDITOR, display_name="Trần Quốc Bảo", email="quocbao@example.vn")
    make_user("managing_editor", Role.MANAGING_EDITOR, display_name="Nguyễn Hồng Hạnh", email="honghanh@example.vn")
    story = draft(
        TITLE, owner=reporter, standfirst="Mỗi tối, các đoàn viên gõ cửa từng nhà để chỉ cách nộp hồ sơ qua mạng.",
        paragraphs=("Từ đầu tháng, phường lập 12 tổ công nghệ số cộng đồng.",) * 6, lead_photo=make_picture(),
    )  # fmt: skip
    slot = Slot.objects.filter(day__gt=timezone.localdate()).order_by("day").first()
    assert slot is not None
    assign(slot, story, User.objects.get(username="editor"))
    return Article.objects.get(pk=story.pk)


def edit_url(article: Article) -> str:
    return reverse("wagtailadmin_pages:edit", args=[article.pk])


def press(page: Page, name: str) -> None:
    """An entry of the editor's menu."""
    page.locator("footer .w-dropdown__toggle").first.click()
    page.get_by_role("button", name=name, exact=True).click()


def url_of(username: str, kind: str) -> str:
    notice = Notice.objects.filter(recipient__username=username, kind=kind).order_by("-pk").first()
    assert notice is not None
    return notice.url


def panel(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def test_from_the_reporter_to_the_managing_editors_phone(article: Article, log_in: LogIn) -> None:
    reporter = log_in(Role.REPORTER, next_url=edit_url(article))
    press(reporter, "Trình duyệt")
    expect(reporter.get_by_text(f"“{TITLE}” đã được trình duyệt.")).to_be_visible()
    reporter.goto(edit_url(article))
    expect(reporter.get_by_text("Bài đang chờ biên tập.").first).to_be_visible()
    shoot(reporter, "wf-reporter-locked")

    editor = log_in(Role.EDITOR, next_url="/admin/")
    expect(editor.get_by_role("heading", name="Chờ tôi xử lý")).to_be_visible()
    shoot(editor, "wf-editor-home")
    assert axe_violations(editor) == []
    editor.get_by_role("link", name=f"Mở để biên tập: {TITLE}").click()
    shoot(editor, "wf-editor-edit")
    press(editor, "Biên tập xong, chuyển duyệt")
    expect(editor.get_by_text("chuyển người duyệt")).to_be_visible()

    link = url_of("managing_editor", "reviewed")
    managing = log_in(Role.MANAGING_EDITOR, viewport=PHONE, next_url=link)
    expect(managing.get_by_role("heading", name=TITLE)).to_be_visible()
    text = managing.frame_locator("iframe")
    expect(text.get_by_role("heading", level=1)).to_have_text(TITLE)
    shoot(managing, "wf-approve-phone")
    assert axe_violations(managing) == []
    assert managing.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert not is_approved(article.get_latest_revision()), "opening approves nothing"
    for name in ("Duyệt", "Trả bài"):
        box = managing.get_by_role("button", name=name, exact=True).bounding_box()
        assert box is not None
        assert box["height"] >= 44
    managing.get_by_role("button", name="Duyệt", exact=True).click()
    expect(managing.get_by_text("Duyệt chưa phải là đăng")).to_be_visible()
    article = Article.objects.get(pk=article.pk)
    assert is_approved(article.get_latest_revision())
    managing.goto(link)
    expect(managing.get_by_text("đã được duyệt rồi: Nguyễn Hồng Hạnh")).to_be_visible()
    shoot(managing, "wf-dead-phone")
    assert axe_violations(managing) == []

    reporter.goto(edit_url(article))
    panel(reporter, "Các bước duyệt và lời nhận xét")
    expect(reporter.get_by_text("Xong bước “Duyệt”")).to_be_visible()
    shoot(reporter, "wf-reporter-approved")
    assert Notice.objects.filter(recipient__username="reporter", kind="approved").exists()


def test_returned_with_remarks_and_submitted_again(article: Article, log_in: LogIn) -> None:
    reporter = User.objects.get(username="reporter")
    article.get_workflow().start(article, reporter)
    editor = log_in(Role.EDITOR, next_url=edit_url(article))
    press(editor, "Trả bài")
    dialog = editor.get_by_role("dialog")
    expect(dialog.get_by_label("Cần sửa gì")).to_be_visible()
    shoot(editor, "wf-return-dialog")
    dialog.get_by_role("button", name="Trả bài").click()
    expect(dialog.get_by_text("Hãy ghi cần sửa gì")).to_be_visible()
    dialog.get_by_label("Cần sửa gì").fill("Thêm số hồ sơ nộp qua mạng của tháng này.")
    dialog.get_by_role("button", name="Trả bài").click()
    expect(editor.get_by_text(f"Đã trả “{TITLE}” cho người viết.")).to_be_visible()

    page = log_in(Role.REPORTER, viewport=PHONE, next_url="/admin/cho-xu-ly/")
    expect(page.get_by_text("Bị trả lại, cần sửa")).to_be_visible()
    shoot(page, "wf-waiting-phone")
    assert axe_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name=f"Mở để sửa: {TITLE}").click()
    expect(page.get_by_text("Thêm số hồ sơ nộp qua mạng của tháng này.").first).to_be_visible()
    shoot(page, "wf-returned-phone")
    press(page, "Trình duyệt lại")
    page.wait_for_load_state()
    assert Article.objects.get(pk=article.pk).current_workflow_task.name == "Biên tập"


def test_lending_a_right(article: Article, log_in: LogIn) -> None:
    page = log_in(Role.MANAGING_EDITOR, next_url="/admin/uy-quyen/")
    assert axe_violations(page) == []
    page.get_by_role("link", name="Ủy quyền cho đồng nghiệp").click()
    page.get_by_label("Chức năng").select_option("Duyệt đăng")
    page.get_by_label("Người được ủy quyền").select_option(label="Trần Quốc Bảo (editor)")
    tomorrow = timezone.localdate() + timedelta(days=1)
    page.get_by_label("Đến hết ngày").fill(f"{tomorrow:%d/%m/%Y}")
    page.get_by_label("Lý do").fill("Đi công tác Hà Nội")
    shoot(page, "wf-delegate-form")
    assert axe_violations(page) == []
    page.get_by_role("button", name="Ủy quyền", exact=True).click()
    expect(page.get_by_role("heading", name="Duyệt đăng: Trần Quốc Bảo")).to_be_visible()
    page.goto("/admin/uy-quyen/")  # without Wagtail's fading message
    shoot(page, "wf-delegations")
    assert axe_violations(page) == []

    article.get_workflow().start(article, User.objects.get(username="managing_editor"))
    editor = log_in(Role.EDITOR, next_url=url_of("editor", "reviewed"))
    editor.get_by_role("button", name="Duyệt", exact=True).click()
    expect(editor.get_by_text("Duyệt chưa phải là đăng")).to_be_visible()
    page.goto(reverse("wagtailadmin_pages:history", args=[article.pk]))
    expect(page.get_by_text("(theo ủy quyền của Nguyễn Hồng Hạnh)")).to_be_visible()
    shoot(page, "wf-history")

    page.goto("/admin/uy-quyen/")
    page.get_by_role("button", name="Thu hồi “Duyệt đăng” của Trần Quốc Bảo").click()
    expect(page.get_by_text("Đã thu hồi", exact=True)).to_be_visible()
    assert Delegation.objects.get().revoked_at is not None
