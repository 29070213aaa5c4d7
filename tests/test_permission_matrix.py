"""Role × address × format, with the exact set of stories that each answer may tell of.

One story of every state that readers must not see, all about one unit, one criterion and one document, by one byline,
with one photo, and all linked from the open story. Each carries a word of its own in headline, address, standfirst,
text and caption: an answer leaks when that word, or the story's number, stands anywhere in it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction, Revision

from column.coverage.models import StoryDocument
from column.people.roles import Role
from column.photos.models import Attachment
from column.schedule.calendar.keys import make_key
from column.schedule.models import Slot
from column.schedule.notices.models import Alarm, Notice
from column.schedule.slots import assign
from column.schedule.workflow import links
from column.signals import announce
from column.stories.models import ColumnPage, Story
from column.stories.takedown import take_down
from column.tallies.api import keys as api_keys
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

pytestmark = pytest.mark.django_db

DAY = date(2017, 2, 16)
OPEN = {"qopen", "qedited"}
HIDDEN = {
    "qdraft", "qlater", "qdown", "qlogin", "qgroup", "qpassword", "qinherited", "qnewer",
}  # fmt: skip
READERS: tuple[Role | str | None, ...] = (None, "", Role.REPORTER, Role.COMMITTEE, Role.CHIEF)


class Newsroom:
    """The stories by their words, and what they have in common."""

    def __init__(self) -> None:
        self.unit, self.criterion = make_department("Sở Matrix"), make_criterion("ma trận")
        self.document = self.criterion.group.codebook.document
        self.stories: dict[str, Story] = {}
        self.column = column_page()
        self._hide()
        hidden = list(self.stories.values())
        links = "".join(f'<a linktype="page" id="{story.pk}">xem</a> ' for story in hidden)
        self.add(make_article, "qedited", paragraphs=("Chữ đã đăng.",))
        edited = self.stories["qedited"]
        edited.title, edited.slug = "Bài qnewer", f"bai-qnewer-{edited.public_id}"
        edited.save_revision()
        opened = make_article("Bài qopen", issue_date=DAY, standfirst="Sa-pô qopen.", live=False, parent=self.column)
        opened.body = [("paragraph", f"<p>Chữ qopen. {links}</p>"), ("related", {"stories": [*hidden, edited]})]
        opened.save_revision().publish()
        self._describe("qopen", opened)

    def _hide(self) -> None:
        self.add(make_news, "qdraft", live=False)
        self.add(make_article, "qlater", live=False)
        ahead = timezone.now() + timedelta(days=7)
        later = self.stories["qlater"]
        Revision.objects.filter(pk=later.latest_revision_id).update(approved_go_live_at=ahead)
        Page.objects.filter(pk=later.pk).update(go_live_at=ahead)
        self.add(make_article, "qdown")
        take_down(self.stories["qdown"], make_user(), "Đã gỡ.")
        self.add(make_article, "qlogin")
        self.restrict("qlogin", restriction_type=PageViewRestriction.LOGIN)
        self.add(make_news, "qgroup")
        self.restrict("qgroup", restriction_type=PageViewRestriction.GROUPS)
        PageViewRestriction.objects.get(page=self.stories["qgroup"]).groups.set(Group.objects.filter(name=Role.CHIEF))
        self.add(make_photo_story, "qpassword")
        self.restrict("qpassword", restriction_type=PageViewRestriction.PASSWORD, password="mo-ra")
        closed = ColumnPage(title="Chuyên mục kín", slug="chuyen-muc-kin")
        column_page().get_parent().add_child(instance=closed)
        PageViewRestriction.objects.create(page=closed, restriction_type=PageViewRestriction.LOGIN)
        self.add(make_article, "qinherited", parent=closed)

    def add(self, make: Any, word: str, **fields: Any) -> None:
        text = f"Chữ {word}."
        story = make(
            f"Bài {word}", issue_date=DAY, standfirst=text, lead_photo=make_picture(caption=f"Ảnh {word}"),
            **({"paragraphs": (text,), "parent": self.column} | fields),
        )  # fmt: skip
        self._describe(word, story)

    def _describe(self, word: str, story: Story) -> None:
        make_coverage(story, self.unit, self.criterion, evidence=f"Đoạn {word}")
        StoryDocument.objects.create(story=Story.objects.get(pk=story.pk), document=self.document, relation="mentions")
        announce([story.pk])
        self.stories[word] = story

    def restrict(self, word: str, **fields: Any) -> None:
        PageViewRestriction.objects.create(page=self.stories[word], **fields)

    def told(self, answer: Any) -> set[str]:
        """The words (and numbers, as words) that stand in an answer: its body, unpacked, and its headers."""
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        if body.startswith(b"PK"):
            with zipfile.ZipFile(io.BytesIO(body)) as packed:
                body = b"".join(packed.read(name) for name in packed.namelist())
        text = (body.decode("utf-8", "replace") + str(answer.headers)).lower()
        numbers = {word for word, story in self.stories.items() if str(story.public_id) in text}
        return {word for word in OPEN | HIDDEN if word in text} | numbers


@pytest.fixture(scope="module")
def made(once: Callable[..., Any]) -> Newsroom:
    return once(Newsroom)


@pytest.fixture
def newsroom(made: Newsroom, db: None) -> Newsroom:
    return deepcopy(made)


def reader(role: Role | str | None) -> Client:
    client = Client()
    if role is not None:
        client.force_login(make_user("", role))
    return client


def lists(room: Newsroom) -> list[str]:
    unit, slug, code = room.unit.get_absolute_url(), room.criterion.slug, room.unit.code
    return [
        "/", "/5-xay-3-chong/", "/5-xay-3-chong/2017/", "/5-xay-3-chong/2017/02/", unit, f"/tieu-chi/{slug}/",
        "/tin-bai/", f"/tin-bai/?don-vi={code}", f"/tin-bai/?tieu-chi={slug}&ky=2017-02",
        f"/tin-bai/?van-ban={room.document.pk}", "/tin-bai/?but-danh=ĐOÀN LƯƠNG", "/tin-bai/?nhom=xay",
        "/rss/", f"/rss/don-vi/{code}/", f"/rss/tieu-chi/{slug}/", "/sitemap-trang.xml",
        "/tim-kiem/", "/tim-kiem/?q=chữ", "/tim-kiem/?q=bai&sap-xep=moi-nhat", f"/tim-kiem/?don-vi={code}",
        "/tim-kiem/?nam=2017", "/tim-kiem/rss/", "/tim-kiem/rss/?q=bài",
    ]  # fmt: skip


@pytest.mark.parametrize("role", READERS, ids=str)
def test_every_list_tells_of_the_open_stories_and_no_others(newsroom: Newsroom, role: Role | str | None):
    client = reader(role)
    found = {path: newsroom.told(client.get(path)) for path in lists(newsroom)}
    assert found == dict.fromkeys(found, OPEN)


def test_lists_of_one_kind(newsroom: Newsroom):
    client = reader(None)
    for path in ("/rss/5-xay-3-chong/", "/tin-bai/?loai=bai", "/tim-kiem/?loai=bai"):
        assert newsroom.told(client.get(path)) == OPEN, path
    for path in ("/tin-bai/?loai=tin", "/tin-bai/?loai=anh", "/tim-kiem/?loai=tin", "/tim-kiem/?loai=anh"):
        assert newsroom.told(client.get(path)) == set(), path


@pytest.mark.parametrize("word", sorted(HIDDEN))
def test_no_search_for_its_own_words_finds_a_hidden_story(newsroom: Newsroom, word: str):
    for path in ("/tim-kiem/", "/tim-kiem/rss/", "/api/v1/search/"):
        for address in (f"{path}?q={word}", f'{path}?q="chữ {word}"&don-vi={newsroom.unit.code}'):
            response = reader(None).get(address)
            assert newsroom.told(response) == {word}, address  # the question itself
            assert b"<item>" not in response.content
            assert b'class="item' not in response.content or "Không tìm thấy" in response.content.decode()


@pytest.mark.parametrize("word", sorted(HIDDEN | OPEN))
def test_suggestions_offer_open_stories_alone(newsroom: Newsroom, word: str):
    for typed in (word, f"chữ {word}", word[:4]):
        assert newsroom.told(reader(None).get("/tim-kiem/goi-y/", {"q": typed})) <= OPEN, typed


def test_numbers_count_the_open_stories(newsroom: Newsroom):
    client = reader(None)
    assert [len(response.context["stories"]) for response in map(client.get, lists(newsroom)[4:12])] == [2] * 8
    departments = client.get("/don-vi/").context["groups"]
    assert {line.number for group in departments for line in group.lines if line.unit == newsroom.unit} == {2}
    lines = client.get("/tieu-chi/").context["lines"]
    assert [line.number for line in lines if line.about == newsroom.criterion] == [2]
    unit = client.get(newsroom.unit.get_absolute_url()).context
    assert [one.number for name in ("by_kind", "by_year", "by_criterion") for one in unit[name]] == [2, 2, 2]
    result = client.get(f"/tim-kiem/?don-vi={newsroom.unit.code}").context["result"]
    assert result.total == 2
    counts = {facet.name: [value.count for value in facet.values if value.count] for facet in result.facets}
    assert sum(counts.pop("co-anh")) == 2
    assert {count for of_one in counts.values() for count in of_one} == {2}


@pytest.mark.parametrize("role", READERS, ids=str)
def test_an_open_story_tells_of_no_hidden_one_that_it_is_linked_with(newsroom: Newsroom, role: Role | str | None):
    client = reader(role)
    opened = newsroom.stories["qopen"]
    for path in (opened.url, f"{opened.url}in/", f"/bao-loi/{opened.public_id}/"):
        response = client.get(path)
        assert response.status_code == 200
        assert newsroom.told(response) - OPEN == set(), path


#: Who is let into which story by its own address; the rest get the status.
LET_IN: dict[str, tuple[set[Role | str | None], set[int]]] = {
    "qopen": (set(READERS), set()),
    "qedited": (set(READERS), set()),
    "qdraft": (set(), {404}),
    "qlater": (set(), {404}),
    "qdown": (set(), {410}),
    "qlogin": ({"", Role.REPORTER, Role.COMMITTEE, Role.CHIEF}, {302}),
    "qinherited": ({"", Role.REPORTER, Role.COMMITTEE, Role.CHIEF}, {302}),
    "qgroup": ({Role.CHIEF}, {302}),
    "qpassword": (set(), {200}),
}


@pytest.mark.parametrize("role", READERS, ids=str)
def test_who_is_let_in_by_its_own_address(newsroom: Newsroom, role: Role | str | None):
    client = reader(role)
    for word, (allowed, otherwise) in LET_IN.items():
        story = Story.objects.get(pk=newsroom.stories[word].pk)
        column = story.get_parent().url
        # The bare number: an address that tells nothing by itself.
        for path in (f"{column}{story.public_id}/", f"{column}{story.public_id}/in/"):
            response = client.get(path)
            if role in allowed:
                assert response.status_code == 301, (word, path)
                assert word in newsroom.told(client.get(response["Location"]))
            else:
                expected = {404} if otherwise == {410} and path.endswith("/in/") else otherwise
                assert {response.status_code} == expected, (word, path)
                assert newsroom.told(response) <= {word}, (word, path)
                assert word not in response.content.decode().lower() + str(response.headers).lower(), (word, path)
        found = client.get(f"/bao-loi/{story.public_id}/").status_code
        assert found == (200 if word in OPEN else 404), word


def test_the_password_opens_one_story_for_one_reader(newsroom: Newsroom):
    client, story = reader(None), newsroom.stories["qpassword"]
    rule = PageViewRestriction.objects.get(page=story)
    door = f"/_util/authenticate_with_password/{rule.pk}/{story.pk}/"
    for password, status in (("sai", 200), ("mo-ra", 302)):
        response = client.post(door, {"password": password, "return_url": story.url})
        assert response.status_code == status
    elsewhere = client.post(door, {"password": "mo-ra", "return_url": "https://example.com/"})
    assert "example.com" not in elsewhere["Location"]
    assert "qpassword" in newsroom.told(client.get(story.url))
    assert newsroom.told(client.get("/")) == OPEN
    assert "chữ qpassword" not in reader(None).get(story.url).content.decode().lower()


TALLIES = (
    "/tong-hop/", "/tong-hop/?ky=2017", "/tong-hop/danh-sach/", "/tong-hop/danh-sach/?vai-tro=tat-ca",
    "/tong-hop/bang-tong-hop.xlsx?ky=2017", "/tong-hop/bang-tong-hop.csv?ky=2017", "/tong-hop/quy-uoc/",
    "/tong-hop/hinh/?ky=2017", "/tong-hop/hinh/nhiet.svg?ky=2017", "/tong-hop/so-sanh/?ky=2017&voi-ky=2016",
    "/tong-hop/khoa-api/", "/tong-hop/phieu/", "/tong-hop/phieu/moi/?ky=2017", "/tong-hop/da-cong-bo/",
    "/tong-hop/da-cong-bo/moi/",
)  # fmt: skip
COUNT = {Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.COMMITTEE, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", [*Role, "", None], ids=str)
def test_tallies_and_their_files(newsroom: Newsroom, role: Role | str | None):
    client = reader(role)
    for path in TALLIES:
        response = client.get(path, follow=path == "/tong-hop/" and role in COUNT)
        assert response.status_code == (200 if role in COUNT else 302 if role is None else 403), path
        lists_stories = role in COUNT and ("danh-sach" in path or "xlsx" in path)
        assert newsroom.told(response) == (OPEN if lists_stories else set()), path
        assert response.status_code == 403 or "no-store" in response["Cache-Control"], path


@pytest.mark.parametrize("role", [*Role, ""], ids=str)
def test_tallies_for_programs(newsroom: Newsroom, role: Role | str):
    secret = api_keys.make_key(make_user("", role), "Thử", 30, timezone.now())[1]
    for path, told in (
        ("/api/v1/tallies/?ky=2017", set()), ("/api/v1/tallies/stories/?vai-tro=tat-ca", OPEN),
        ("/api/v1/tallies/compare/?ky=2017&voi-ky=2016", set()), ("/api/v1/tallies/dimensions/", set()),
    ):  # fmt: skip
        response = Client().get(path, headers={"Authorization": f"Bearer {secret}"})
        assert response.status_code == (200 if role in COUNT else 403), path
        assert newsroom.told(response) == (told if role in COUNT else set()), path
        assert Client().get(path).status_code == 401, path


@pytest.mark.parametrize("role", [Role.COMMITTEE, "", None], ids=str)
def test_the_admin_and_its_api_are_the_newsrooms(newsroom: Newsroom, role: Role | str | None):
    client, draft = reader(role), newsroom.stories["qdraft"]
    attachment = Attachment.objects.create(title="Bản quét", file=ContentFile(b"scan", name="trang.pdf"))
    picture = Story.objects.get(pk=draft.pk).lead_photo
    assert picture is not None
    for path in (
        "/admin/", "/admin/pages/", f"/admin/pages/{draft.pk}/edit/", f"/admin/pages/{draft.pk}/view_draft/",
        f"/admin/pages/{draft.pk}/edit/preview/", "/admin/choose-page/", "/admin/api/main/pages/",
        "/admin/api/main/images/", f"/admin/api/main/pages/{draft.pk}/", "/admin/api/main/documents/",
        "/admin/reports/site-history/", "/admin/images/chooser/", "/admin/documents/chooser/", "/admin/lich-dang/",
        "/admin/nhap-bai/", "/admin/kho-cu/", "/admin/kho-cu/xuat/jsonl/", "/admin/bao-loi/",
        "/admin/tin-nhan/", "/admin/bao-dong/", "/admin/lich-dang/ban-tin-tuan/", "/admin/so-ky-dang/",
        "/admin/so-ky-dang/so-ky-dang.xlsx", "/admin/so-ky-dang/so-ky-dang.csv", "/admin/lich-dang/can-doi/",
        "/admin/lich-cua-toi/", f"/admin/tin-bai/{draft.pk}/gan/",
        f"/admin/tin-bai/{draft.pk}/hen-gio/", "/admin/pages/search/?q=qdraft",
        "/admin/cho-xu-ly/", "/admin/uy-quyen/", "/admin/uy-quyen/moi/", *approval_links(draft),
    ):  # fmt: skip
        response = client.get(path)
        assert response.status_code in {302, 403, 404}, path
        assert newsroom.told(response) - {"qdraft"} == set(), path
        assert b"qdraft" not in response.content, path
    for path in (attachment.url, f"/media/{attachment.file.name}", f"/media/{picture.file.name}"):
        assert client.get(path).status_code == 404, path


def approval_links(draft: Story) -> list[str]:
    """Of a managing editor to whom the draft was submitted: by itself the address opens nothing."""
    link = links.address(make_user("", Role.MANAGING_EDITOR), Story.objects.get(pk=draft.pk).latest_revision)
    return [link, f"{link}ban-xem/"]


@pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.CHIEF, Role.ADMINISTRATOR], ids=str)
def test_an_approval_link_tells_another_person_nothing(newsroom: Newsroom, role: Role):
    draft = newsroom.stories["qdraft"]
    draft.get_workflow().start(draft, make_user("", Role.EDITOR))
    client = reader(role)
    for path in approval_links(draft):
        for response in (client.get(path), client.post(path, {"action": "approve"})):
            assert response.status_code in {403, 405}, path
            assert newsroom.told(response) == set(), path
    assert not draft.approvals.exists()


def test_what_waits_for_a_reporter_tells_of_no_other_reporters_story(newsroom: Newsroom):
    draft = newsroom.stories["qdraft"]
    draft.get_workflow().start(draft, make_user("", Role.REPORTER))
    for path in ("/admin/cho-xu-ly/", "/admin/"):
        assert newsroom.told(reader(Role.REPORTER).get(path)) & HIDDEN == set(), path


def test_a_reporter_reads_no_other_reporters_draft(newsroom: Newsroom):
    client, draft = reader(Role.REPORTER), newsroom.stories["qdraft"]
    for path in (
        f"/admin/pages/{draft.pk}/edit/", f"/admin/pages/{draft.pk}/view_draft/", f"/admin/tin-bai/{draft.pk}/gan/",
        f"/admin/pages/{draft.pk}/revisions/{draft.latest_revision_id}/view/", f"/admin/pages/{draft.pk}/copy/",
        f"/admin/pages/{draft.pk}/history/", f"/admin/pages/{draft.pk}/revisions/compare/earliest...latest/",
        f"/admin/pages/{draft.pk}/convert_alias/", "/admin/kho-cu/xuat/jsonl/",
    ):  # fmt: skip
        response = client.get(path)
        assert response.status_code in {302, 403, 404}, path
        assert b"ch\xe1\xbb\xaf qdraft" not in response.content.lower(), path


#: Who sees the alarms and the week's digest; each their own messages.
DESK = {Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.ADMINISTRATOR}


@pytest.mark.parametrize("role", [*Role, "", None], ids=str)
def test_messages_and_alarms_are_for_those_they_are_for(newsroom: Newsroom, role: Role | str | None):
    draft, later = newsroom.stories["qdraft"], newsroom.stories["qlater"]
    alarm = Alarm.objects.create(kind="not_out", key="x", title="Bài qdraft", text="qdraft", story_id=draft.pk)
    assign(
        Slot.objects.upcoming(timezone.localdate())[0],
        make_article("Bài qnewer", live=False, parent=newsroom.column),
        make_user(),
    )
    words = {"subject": "Bài qlater", "text": "Chữ qlater.", "url": f"/admin/pages/{later.pk}/edit/"}
    others = Notice.objects.create(recipient=make_user(), kind="returned", key="a", **words)
    user = make_user("", role) if role is not None else None
    client = Client()
    if user is not None:
        client.force_login(user)
        Notice.objects.create(recipient=user, kind="returned", key="b", subject="Bài qdown", text="Chữ qdown.")
    inside, desk = role in set(Role) - {Role.COMMITTEE}, role in DESK
    told = {path: newsroom.told(client.get(path)) & {"qdraft", "qlater", "qdown", "qnewer"} for path in (
        "/admin/tin-nhan/", "/admin/bao-dong/", "/admin/lich-dang/ban-tin-tuan/",
    )}  # fmt: skip
    assert told == {
        "/admin/tin-nhan/": ({"qdown"} if inside else set()) | ({"qdraft"} if desk else set()),
        "/admin/bao-dong/": {"qdraft"} if desk else set(),
        "/admin/lich-dang/ban-tin-tuan/": {"qdraft", "qnewer"} if desk else set(),
    }
    for path in (f"/admin/tin-nhan/{others.pk}/mo/", f"/admin/tin-nhan/{others.pk}/da-doc/"):
        assert client.post(path).status_code in ({404} if inside else {302, 403}), path
    seen = client.post(f"/admin/bao-dong/{alarm.pk}/da-thay/")
    assert seen.status_code in {302, 403}
    alarm.refresh_from_db()
    assert (alarm.seen_by == user and user is not None) == desk
    client.post("/admin/tin-nhan/doc-het/")
    assert set(Notice.objects.filter(read_at=None).values_list("key", flat=True)) == (
        {"a"} if inside or user is None else {"a", "b"}
    )


@pytest.mark.parametrize("role", [*Role, "", None], ids=str)
def test_the_ledger_the_balance_and_ones_own_calendar(newsroom: Newsroom, role: Role | str | None):
    """What stands on a Thursday is the newsroom's; its ledger is for those who answer for it."""
    slot = Slot.objects.filter(issue_day__gt=timezone.localdate()).earliest("issue_day")
    Slot.objects.filter(pk=slot.pk).update(story=newsroom.stories["qlater"])
    desk = role in {Role.EDITOR, Role.MANAGING_EDITOR, Role.CHIEF, Role.ADMINISTRATOR}
    inside = desk or role == Role.REPORTER
    person = make_user("", role) if role is not None else None
    client = Client()
    if person is not None:
        client.force_login(person)
    year = f"?nam={slot.day.year}"
    for path, allowed, told in (
        (f"/admin/so-ky-dang/{year}", desk, {"qlater"}),
        (f"/admin/so-ky-dang/so-ky-dang.xlsx{year}", desk, {"qlater"}),
        (f"/admin/so-ky-dang/so-ky-dang.csv{year}", desk, {"qlater"}),
        ("/admin/lich-dang/can-doi/", inside, set()),
        ("/admin/lich-cua-toi/", inside, set()),
    ):
        response = client.get(path)
        assert response.status_code in ({200} if allowed else {302, 403}), path
        assert newsroom.told(response) == (told if allowed else set()), path
    if person is not None:
        response = Client().get(f"/lich/{make_key(person)}.ics")
        assert response.status_code == (200 if inside else 404)
        assert newsroom.told(response) == ({"qlater"} if inside else set())
