"""The editing screens: what they ask, what they accept, what they refuse and in which words; nothing typed is lost."""

from __future__ import annotations

import html
import json
import re
import unicodedata

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text, streamfield
from wagtail.test.utils.wagtail_tests import WagtailTestUtils

from column.enums import CreditRole
from column.people.models import Byline
from column.people.roles import Role
from column.stories.models import Article, ColumnPage, NewsItem, Photo, Story
from column.text.dates import TZ
from tests.factories import column_page, make_article, make_news, make_photo_story, make_picture, make_user

pytestmark = pytest.mark.django_db

EMPTY = {
    "title": "Tít", "slug": "", "kicker": "", "standfirst": "", "lead_photo": "", "lead_caption": "", "body": (),
    "printed_at": "", "kicker_printed": "", "print_issue": "", "print_page": "", "print_scan": "", "source_name": "",
    "source_url": "", "search_description": "", "byline_credits": (), "photos": (),
}  # fmt: skip
INLINE = ("byline_credits", "photos")


@pytest.fixture(autouse=True)
def editor(client: Client):
    user = make_user("bien-tap", Role.EDITOR)
    client.force_login(user)
    return user


def form_data(**fields):
    data = EMPTY | fields
    data["body"] = streamfield(data["body"])
    for name in INLINE:
        data[name] = inline_formset(data[name])
    return nested_form_data(data)


def add(client: Client, model: type[Story] = Article, **fields):
    address = reverse("wagtailadmin_pages:add", args=["column", model._meta.model_name, column_page().pk])
    return client.post(address, form_data(**fields))


def edit(client: Client, story: Story, **fields):
    return client.post(reverse("wagtailadmin_pages:edit", args=[story.pk]), form_data(**fields))


def words_of(response) -> str:
    """The page with its escapes undone: the errors of blocks come as JSON within an attribute."""
    text = html.unescape(response.content.decode())
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)


def draft_of(model: type[Story] = Article):
    return model.objects.latest("pk").get_latest_revision_as_object()


def stream(*blocks):
    return [(kind, value) for kind, value in blocks]


@pytest.mark.parametrize("model", [Article, NewsItem, Photo])
def test_the_screen_speaks_of_what_the_desk_knows(client: Client, model):
    address = reverse("wagtailadmin_pages:add", args=["column", model._meta.model_name, column_page().pk])
    text = client.get(address).content.decode()
    for label in ("Nội dung", "Bản in, nguồn", "Địa chỉ, chia sẻ", "Trên tít", "Sa-pô", "Bút danh", "Số báo", "Nguồn"):
        assert label in text
    assert ("Ảnh, theo thứ tự đăng" in text) is (model is Photo)
    assert ("Ảnh chính" in text) is (model is not Photo)
    for clutter in ("show_in_menus", "seo_title", "go_live_at", "expire_at"):
        assert f'name="{clutter}"' not in text


@pytest.mark.parametrize(
    ("make", "role"),
    [(make_article, CreditRole.TEXT), (make_news, CreditRole.NEWS), (make_photo_story, CreditRole.PHOTOS)],
)
def test_the_usual_work_is_chosen_beforehand(client: Client, make, role):
    story = make(live=False)
    text = client.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
    fresh = text.split('id="id_byline_credits-EMPTY_FORM_TEMPLATE"')[1].split("</template>")[0]
    assert f'<option value="{role}" selected>' in fresh


def test_a_story_as_the_desk_writes_it(client: Client):
    byline, picture = Byline.objects.create(name="ĐOÀN LƯƠNG"), make_picture()
    response = add(
        client, title="  Tăng trách   nhiệm giải trình ", kicker="Chuyện cơ sở", standfirst="Một đoạn.",
        lead_photo=str(picture.pk), printed_at="14:12, 16/02/2017 (GMT+7)", print_issue="5521", print_page="3",
        source_name="Báo in", source_url="https://example.com/bai",
        byline_credits=[{"byline": str(byline.pk), "role": "text_and_photos", "ORDER": "1"}],
        body=stream(
            ("paragraph", rich_text("<p>Một <b>đậm</b>.</p>", features=["bold"])), ("subhead", "Tít phụ"),
            ("quote", {"text": "Lời.", "attribution": "Người dân"}),
            ("number", {"value": "55/56", "text": "phường, xã", "source": ""}),
            ("link_card", {"url": "https://example.com", "title": "Trang", "text": "", "source": ""}),
        ),
    )  # fmt: skip
    assert response.status_code == 302
    draft = draft_of()
    assert draft.title == "Tăng trách   nhiệm giải trình"
    assert draft.slug == f"tang-trach-nhiem-giai-trinh-{draft.public_id}"
    assert draft.printed_at.isoformat() == "2017-02-16T14:12:00+07:00"
    assert [(str(credit.byline), credit.role) for credit in draft.byline_credits.all()] == [
        ("ĐOÀN LƯƠNG", "text_and_photos")
    ]
    assert [block.block_type for block in draft.body] == ["paragraph", "subhead", "quote", "number", "link_card"]
    assert "<b>đậm</b>" in draft.body[0].value.source
    assert (draft.lead_photo, draft.live, draft.issue_date) == (picture, False, None)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("03/02/2017 14:12", "2017-02-03T14:12:00+07:00"), ("14h12 ngày 3/2/2017", "2017-02-03T14:12:00+07:00"),
        ("3.2.2017", "2017-02-03T00:00:00+07:00"), ("14:12, 16-2-2017", "2017-02-16T14:12:00+07:00"),
    ],
)  # fmt: skip
def test_times_are_read_day_first(client: Client, typed, stored):
    assert add(client, printed_at=typed).status_code == 302
    assert draft_of().printed_at.isoformat() == stored
    story = Article.objects.latest("pk")
    shown = client.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
    # What the screen shows can be sent back as it is.
    value = shown.split('name="printed_at" value="')[1].split('"')[0]
    assert value == draft_of().printed_at.astimezone(TZ).strftime("%H:%M, %d/%m/%Y")
    assert edit(client, story, printed_at=value).status_code == 302
    assert draft_of().printed_at.isoformat() == stored


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": "Đ" * 300}, "Giá trị này chỉ có tối đa 255 kí tự (hiện có 300)"),
        ({"title": " \x00 "}, "bắt buộc"),
        ({"kicker": "a" * 121}, "tối đa 120 kí tự"),
        ({"print_issue": "1" * 21}, "tối đa 20 kí tự"),
        ({"printed_at": "16/02/217"}, "không đủ bốn chữ số"),
        ({"printed_at": "01/01/0217"}, "0217"),
        ({"printed_at": "02/16/2017"}, "hãy viết ngày trước: 16/02/2017"),
        ({"printed_at": "31/02/2017"}, "không có trong lịch"),
        ({"source_url": "javascript:alert(1)"}, "URL"),
        ({"source_url": "không phải địa chỉ"}, "URL"),
        ({"lead_photo": "999999"}, "hợp lệ"),
        ({"body": [("subhead", "a" * 300)]}, "tối đa 255 kí tự (hiện có 300)"),
        ({"body": [("link_card", {"url": "javascript:alert(1)", "title": "t", "text": "", "source": ""})]}, "URL"),
        ({"body": [("number", {"value": "9" * 61, "text": "t", "source": ""})]}, "tối đa 60 kí tự"),
    ],
)
def test_what_cannot_be_kept_is_named_and_nothing_else_is_lost(client: Client, fields, sentence):
    number = Story.objects.count()
    response = add(client, **({"standfirst": "Sa-pô đã gõ rất lâu."} | fields))
    assert response.status_code == 200
    text = words_of(response)
    assert sentence in text
    assert "Sa-pô đã gõ rất lâu." in text
    assert Story.objects.count() == number


def test_decomposed_and_invisible_characters(client: Client):
    apart = unicodedata.normalize("NFD", "Điện Bàn đổi mới")
    body = stream(
        ("paragraph", rich_text(f"<p>{apart}\x00 <b>{apart}</b>\u200b</p>", features=["bold"])),
        ("subhead", f"{apart}\x00"), ("quote", {"text": f"\ufeff{apart}", "attribution": "A\x00"}),
    )  # fmt: skip
    assert add(client, title=f"{apart}\x00", standfirst=f"{apart}\u200b", kicker=apart, body=body).status_code == 302
    draft = draft_of()
    assert (draft.title, draft.standfirst, draft.kicker) == ("Điện Bàn đổi mới",) * 3
    assert draft.slug == f"dien-ban-doi-moi-{draft.public_id}"
    assert "Điện Bàn đổi mới <b>Điện Bàn đổi mới</b></p>" in draft.body[0].value.source
    assert (draft.body[1].value, draft.body[2].value["text"]) == ("Điện Bàn đổi mới", "Điện Bàn đổi mới")
    assert draft.body[2].value["attribution"] == "A"


def test_quotation_marks_and_spaces_are_the_authors(client: Client):
    title = "“5 xây, 3 chống” – ‘một cửa’ … 6 % → 71 %"
    assert add(client, title=title).status_code == 302
    assert draft_of().title == title


def content_state(text: str, url: str) -> str:
    return json.dumps({
        "blocks": [{
            "key": "a1b2c", "text": text, "type": "unstyled", "depth": 0, "inlineStyleRanges": [],
            "entityRanges": [{"offset": 0, "length": 4, "key": 0}],
        }],
        "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": url}}},
    })  # fmt: skip


@pytest.mark.parametrize("url", ["javascript:alert(1)", "JaVaScript:alert(1)", "data:text/html,<script>", "vbscript:x"])
def test_a_link_that_does_something_is_no_link(client: Client, url):
    assert (
        add(client, body=stream(("paragraph", content_state("Link <script>alert(1)</script>", url)))).status_code == 302
    )
    source = draft_of().body[0].value.source
    assert source == '<p data-block-key="a1b2c"><a>Link</a> &lt;script&gt;alert(1)&lt;/script&gt;</p>'


def test_two_megabytes_of_paragraph_are_kept(client: Client):
    words = "Cải thiện lề lối làm việc. " * 60_000
    assert len(words.encode()) > 2_000_000
    body = stream(("paragraph", content_state(words, "https://example.com")))
    assert add(client, body=body).status_code == 302
    assert draft_of().body[0].value.source.count("lề lối làm việc.") == 60_000


def test_one_name_for_one_work_once(client: Client):
    byline = Byline.objects.create(name="KIM LIÊN")
    row = {"byline": str(byline.pk), "role": "text"}
    refused = add(client, byline_credits=[row | {"ORDER": "1"}, row | {"ORDER": "2"}])
    assert refused.status_code == 200
    assert "Bút danh “KIM LIÊN” đã có với cùng phần việc; hãy bỏ một dòng." in refused.content.decode()
    other = row | {"role": "photos", "ORDER": "2"}
    assert add(client, byline_credits=[row | {"ORDER": "1"}, other]).status_code == 302


def chooser(name: str) -> str:
    return f"wagtailsnippetchoosers_column_byline:{name}"


def test_a_new_pen_name_is_added_without_leaving_the_story(client: Client):
    made = client.post(reverse(chooser("create")), {"name": "  Mai   Trang\u200b"}).json()
    assert made["step"] == "chosen"
    assert Byline.objects.get().name == "Mai Trang"
    again = client.post(reverse(chooser("create")), {"name": "MAI TRANG"}).json()
    assert "Đã có bút danh “Mai Trang”" in again["htmlFragment"]
    for wrong in ("", "…", "a" * 121, "ß" * 100):
        assert client.post(reverse(chooser("create")), {"name": wrong}).json()["step"] != "chosen"
    assert Byline.objects.count() == 1


@pytest.mark.parametrize("words", ["doan luong", "Đoàn", "ĐOÀN LƯƠNG", "oan lu"])
def test_pen_names_are_found_with_and_without_accents(client: Client, words):
    for name in ("ĐOÀN LƯƠNG", "KIM LIÊN"):
        Byline.objects.create(name=name)
    for address in (reverse(chooser("choose_results")), reverse("wagtailsnippets_column_byline:list")):
        text = client.get(address, {"q": words}).content.decode()
        assert "ĐOÀN LƯƠNG" in text
        assert "KIM LIÊN" not in text


def test_photos_that_lack_something_are_listed_with_the_way_to_mend_them(client: Client):
    whole, bare = make_picture("Ảnh đủ"), make_picture("Ảnh thiếu", credit="", alt_text="", caption="")
    story = make_article(live=False, lead_photo=whole)
    address = reverse("wagtailadmin_pages:edit", args=[story.pk])
    assert "còn thiếu thông tin" not in client.get(address).content.decode()
    story.body = [("photo", {"image": bare, "caption": "Chú thích ở đây.", "credit": ""})]
    story.save_revision()
    text = client.get(address).content.decode()
    assert "còn thiếu thông tin" in text
    listed = html.unescape(text.split("còn thiếu thông tin")[1].split("</ul>")[0])
    assert "Ảnh trong bài, khối 1" in listed
    assert reverse("wagtailimages:edit", args=[bare.pk]) in listed
    assert "nguồn ảnh, mô tả ảnh cho người khiếm thị" in listed
    assert "Ảnh đủ" not in listed


def test_the_address_follows_what_the_editor_wrote(client: Client):
    story = make_article("Tít", live=False)
    assert edit(client, story, title="Tít", slug="Đường phố Đà Nẵng!!").status_code == 302
    assert draft_of().slug == f"duong-pho-da-nang-{story.public_id}"


def test_copying_is_offered_as_a_new_draft(client: Client):
    story = make_article("Bài gốc")
    address = reverse("wagtailadmin_pages:copy", args=[story.pk])
    text = client.get(address).content.decode()
    assert 'name="alias"' not in text
    assert 'name="publish_copies"' not in text
    sent = {"new_title": "Bản sao", "new_slug": "Bản sao", "new_parent_page": str(column_page().pk), "alias": "on"}
    assert client.post(address, sent).status_code == 302
    copy = Article.objects.latest("pk")
    assert (copy.title, copy.live, copy.alias_of) == ("Bản sao", False, None)
    assert copy.slug == f"ban-sao-{copy.public_id}"
    assert copy.public_id != story.public_id


def test_photos_are_chosen_many_at_once(client: Client):
    text = client.get(reverse("wagtailadmin_pages:add", args=["column", "photo", column_page().pk])).content.decode()
    assert "id_photos-OPEN_MODAL" in text
    one, two = make_picture(), make_picture()
    rows = [{"image": str(picture.pk), "caption": "", "ORDER": str(n)} for n, picture in enumerate((one, two), 1)]
    assert add(client, Photo, photos=rows).status_code == 302
    assert [row.image for row in draft_of(Photo).photos.all()] == [one, two]


class TestPageTypes(WagtailTestUtils):
    """Every page type of this room can be edited and previewed."""

    @pytest.mark.parametrize("make", [make_article, make_news, make_photo_story])
    def test_preview(self, client: Client, make):
        story = make("Bài xem thử")
        address = reverse("wagtailadmin_pages:preview_on_edit", args=[story.pk])
        data = form_data(title="Tít đang gõ")
        assert client.post(address, data).json()["is_valid"]
        assert "Tít đang gõ" in client.get(address + "?mode=").content.decode()


def test_the_columns_own_page(client: Client):
    client.force_login(make_user("quan-tri", is_superuser=True))
    page = column_page()
    data = {
        "title": "5 xây, 3 chống", "slug": page.slug, "kicker": "5 xây, 3 chống", "intro": "Giới thiệu\x00.",
        "weekday": "3", "start_date": "03/02/2014", "search_description": "", "action-publish": "1",
    }  # fmt: skip
    assert client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), data).status_code == 302
    page = ColumnPage.objects.get()
    assert (page.intro, page.start_date.isoformat()) == ("Giới thiệu.", "2014-02-03")
    make_article(live=False)
    client.post(reverse("wagtailadmin_pages:delete", args=[page.pk]))
    assert ColumnPage.objects.exists()
