"""The newsroom's screens inside the admin, in a real browser: no axe violation of ours, and what scripts do there."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from PIL import Image as PillowImages
from playwright.sync_api import Page, expect

from column.people.models import Byline
from column.people.roles import Role
from column.photos.models import Picture
from column.stories.models import Article
from column.stories.takedown import take_down
from tests.e2e.conftest import PHONE, axe_violations
from tests.factories import column_page, make_article, make_picture, make_user

LogIn = Callable[..., Page]
THURSDAY = date(2017, 2, 16)


def new(model: str) -> str:
    return reverse("wagtailadmin_pages:add", args=["column", model, column_page().pk])


def within(page: Page, part: str) -> list[str]:
    """What axe finds in one part of a page whose rest is Wagtail's own."""
    found = Axe().run(page, context=part).response["violations"]
    return [f"{page.url} {rule['id']}: {rule['nodes'][0]['html'][:160]}" for rule in found]


@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_screens_about_a_published_story(log_in: LogIn, viewport, scheme):
    story = make_article("Tăng trách nhiệm giải trình ở cơ sở", issue_date=THURSDAY)
    down = make_article("Bài đã gỡ", issue_date=THURSDAY)
    take_down(down, make_user())
    story.corrections.create(kind="correction", text="Đúng là 55/56 phường, xã.")
    page = log_in(Role.CHIEF, viewport=viewport, next_url="/admin/")
    page.emulate_media(color_scheme=scheme)
    for name, one in (("story_take_down", story), ("story_take_down", down), ("story_corrections", story)):
        page.goto(reverse(name, args=[one.pk]))
        expect(page.locator(".column-desk-about")).to_have_text(one.title)
        assert axe_violations(page) == []
        # The admin's own content may scroll within itself, our parts never stick out.
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_wrong_form_says_so_accessibly(log_in: LogIn):
    story = make_article(issue_date=THURSDAY)
    page = log_in(Role.CHIEF, next_url=reverse("story_take_down", args=[story.pk]))
    page.get_by_label("Câu khác, ghi ở dưới").check()
    page.get_by_role("button", name="Gỡ bài").click()
    expect(page.get_by_text("Hãy ghi câu mà bạn đọc sẽ thấy")).to_be_visible()
    assert axe_violations(page) == []


def test_the_first_page_leads_to_an_empty_article(log_in: LogIn):
    page = log_in(Role.REPORTER, next_url="/admin/")
    assert within(page, ".column-welcome, .column-quick") == []
    page.locator(".column-quick").get_by_role("link", name="Viết bài mới").click()
    page.wait_for_url(f"**{new('article')}")
    expect(page.get_by_role("tab").first).to_contain_text("Nội dung")


@pytest.mark.parametrize("model", ["article", "newsitem", "photo"])
def test_the_editing_screens(log_in: LogIn, model):
    page = log_in(Role.EDITOR, next_url=new(model))
    for tab in ("Nội dung", "Bản in, nguồn", "Địa chỉ, chia sẻ"):
        page.get_by_role("tab", name=tab).click()
        shown = page.locator("[role=tabpanel]:visible")
        expect(shown).to_have_count(1)
        panel = shown.get_attribute("id")
        # The editor's text blocks are Wagtail's; our part is what is asked, in which order and words.
        found = [line for line in within(page, f"#{panel}") if "id_body" not in line]
        assert found == []


def test_the_address_follows_the_headline(log_in: LogIn):
    draft = make_article("Điện Bàn", live=False)
    page = log_in(Role.EDITOR, next_url=new("article"))
    title, slug = page.locator("#id_title"), page.locator("#id_slug")
    title.click()
    title.press_sequentially("Điện Bàn: Đổi mới ở Ủy ban, quận Ngũ Hành Sơn")
    expect(slug).to_have_value("dien-ban-doi-moi-o-uy-ban-quan-ngu-hanh-son")

    page.goto(reverse("wagtailadmin_pages:edit", args=[draft.pk]))
    expect(slug).to_have_value(f"dien-ban-{draft.public_id}")
    title.click()
    title.press("End")
    title.press_sequentially(" đổi mới")
    expect(slug).to_have_value(f"dien-ban-doi-moi-{draft.public_id}")
    page.get_by_role("tab", name="Địa chỉ, chia sẻ").click()
    slug.fill("Đường phố “Đà Nẵng”!!")
    slug.press("Tab")
    expect(slug).to_have_value(f"duong-pho-da-nang-{draft.public_id}")
    page.get_by_role("tab", name="Nội dung").click()
    title.click()
    title.press("End")
    title.press_sequentially(" nữa")
    title.press("Tab")
    # The editor's own words stay.
    expect(slug).to_have_value(f"duong-pho-da-nang-{draft.public_id}")


def test_the_editor_and_the_server_fold_alike(log_in: LogIn):
    from column.text.slugs import slugify_vi

    page = log_in(Role.EDITOR, next_url=new("article"))
    title, slug = page.locator("#id_title"), page.locator("#id_slug")
    for words in (
        "ĂÂĐÊÔƠƯ ằắẳẵặ ầấẩẫậ ềếểễệ ồốổỗộ ờớởỡợ ừứửữự ỳýỷỹỵ", "Ð ð ß Æ œ ø ł ñ ç é", "① ½ ﬁ Ⅳ", "  –—“”…/\\ 29-CT/TU  ",
        "Thành ủy viên " * 20, "中文 55/56",
    ):  # fmt: skip
        title.fill(words)
        title.press("End")
        title.press(" ")
        title.press("Tab")
        expect(slug).to_have_value(slugify_vi(words, fallback=""))


def test_a_live_story_keeps_its_address(log_in: LogIn):
    story = make_article("Tít", issue_date=THURSDAY)
    page = log_in(Role.EDITOR, next_url=reverse("wagtailadmin_pages:edit", args=[story.pk]))
    page.locator("#id_title").click()
    page.locator("#id_title").press("End")
    page.locator("#id_title").press_sequentially(" mới")
    page.locator("#id_title").press("Tab")
    expect(page.locator("#id_slug")).to_have_value(story.slug)


def test_a_byline_is_found_and_added_in_the_window(log_in: LogIn):
    Byline.objects.create(name="KIM LIÊN")
    page = log_in(Role.EDITOR, next_url=new("article"))
    page.locator("#id_byline_credits-ADD").click()
    page.get_by_role("button", name="Chọn bút danh").click()
    window = page.locator(".modal-content")
    window.get_by_label("Tìm bút danh").fill("kim lien")
    expect(window.get_by_role("link", name="KIM LIÊN")).to_be_visible()
    window.get_by_role("tab", name="Thêm bút danh mới").click()
    window.locator("input[name=name]").fill("mai trang")
    assert within(page, ".modal-content .w-tabs__panel:not([hidden])") == []
    window.get_by_role("button", name="Thêm").click()
    expect(page.locator("[data-chooser-title]").first).to_have_text("mai trang")


def test_day_first_in_the_form_and_in_the_picker(log_in: LogIn):
    page = log_in(Role.EDITOR, next_url=new("article"))
    page.locator("#id_title").fill("Bài cũ")
    page.get_by_role("tab", name="Bản in, nguồn").click()
    page.locator("#id_printed_at").fill("03/02/2017 14:12")
    page.get_by_role("button", name="Lưu").or_(page.locator("button.action-save")).first.click()
    page.wait_for_url("**/edit/**")
    assert page.locator("#id_printed_at").input_value() == "14:12, 03/02/2017"
    draft = Article.objects.latest("pk").get_latest_revision_as_object()
    assert draft.printed_at.strftime("%d %B") == "03 February"

    # Wagtail's own calendar, on the column's page: a day chosen there and a day typed stay what they were.
    admin = make_user("admin", is_superuser=True)
    page.context.clear_cookies()
    page.goto(f"/dang-nhap/?next={reverse('wagtailadmin_pages:edit', args=[column_page().pk])}")
    page.fill("input[name=username]", admin.username)
    page.fill("input[name=password]", "mat-khau-thu")
    page.click("main form button.button--primary")
    start = page.locator("#id_start_date")
    start.fill("03/02/2014")
    start.press("Tab")
    expect(start).to_have_value("03/02/2014")
    start.click()
    page.locator(".xdsoft_datetimepicker:visible td[data-date='16']:not(.xdsoft_other_month)").click()
    expect(start).to_have_value("16/02/2014")


def test_refused_photos_say_why_on_the_screen_of_many(log_in: LogIn):
    page = log_in(Role.EDITOR, next_url=reverse("wagtailimages:add_multiple"))
    good = io.BytesIO()
    PillowImages.new("RGB", (800, 600), (180, 60, 40)).save(good, "JPEG")
    page.locator("#fileupload").set_input_files([
        {"name": "Ảnh tốt.jpg", "mimeType": "image/jpeg", "buffer": good.getvalue()},
        {"name": "Ảnh cụt.jpg", "mimeType": "image/jpeg", "buffer": good.getvalue()[:-600]},
        {"name": "Sơ đồ.svg", "mimeType": "image/svg+xml", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"},
    ])  # fmt: skip
    expect(page.get_by_text("Tệp ảnh bị hỏng hoặc bị cụt")).to_be_visible()
    expect(page.get_by_text("ảnh vẽ SVG thì xuất ra PNG")).to_be_visible()
    expect(page.get_by_label("Chú thích ảnh")).to_have_count(1)
    assert [picture.title for picture in Picture.objects.all()] == ["Ảnh tốt"]


def test_the_form_of_a_photo(log_in: LogIn):
    picture = make_picture()
    page = log_in(Role.EDITOR, next_url=reverse("wagtailimages:edit", args=[picture.pk]))
    for label in ("Tên trong kho ảnh", "Chú thích ảnh", "Nguồn ảnh", "Bản quyền", "Mô tả ảnh cho người khiếm thị"):
        expect(page.get_by_label(label).first).to_be_visible()
    assert within(page, "#w-editor-form") == []
