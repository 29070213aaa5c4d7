"""Taking down and correcting: who may, what readers get, what is kept, what the log says."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import PageLogEntry

from column.people.roles import Role
from column.stories.corrections import NotPublished, add_correction, remove_correction
from column.stories.models import Article, Correction, Story
from column.stories.takedown import NEUTRAL, NotTakenDown, take_down
from tests.factories import make_article, make_coverage, make_department, make_user

pytestmark = pytest.mark.django_db

THURSDAY = date(2017, 2, 16)


@pytest.fixture
def chief(client: Client):
    user = make_user("tong-bien-tap", Role.CHIEF)
    client.force_login(user)
    return user


def log_of(story, action):
    return [(entry.user, entry.data) for entry in PageLogEntry.objects.filter(page=story.pk, action=action)]


def test_a_story_taken_down_keeps_all_but_its_place():
    user, unit = make_user(), make_department()
    story = make_article("Bài", issue_date=THURSDAY, standfirst="Sa-pô.")
    make_coverage(story, unit)
    revisions = story.revisions.count()
    down = take_down(story, user, "  Câu cho bạn đọc.  ", reason="Theo công văn.")
    assert (down.live, down.taken_down_note, down.issue_date) == (False, "Câu cho bạn đọc.", THURSDAY)
    kept = Article.objects.get(pk=story.pk)
    assert kept.taken_down_at is not None
    assert (kept.standfirst, kept.coverage.get().department, kept.revisions.count()) == ("Sa-pô.", unit, revisions)
    assert not Story.objects.published().filter(pk=story.pk).exists()
    assert log_of(story, "column.take_down") == [(user, {"note": "Câu cho bạn đọc.", "reason": "Theo công văn."})]
    assert log_of(story, "wagtail.unpublish") == []


def test_taken_down_twice_only_the_sentence_changes():
    story, user = make_article(issue_date=THURSDAY), make_user()
    first = take_down(story, user).taken_down_at
    again = take_down(story, user, "Câu mới.")
    assert (again.taken_down_at, Article.objects.get(pk=story.pk).taken_down_note) == (first, "Câu mới.")


def test_what_readers_never_had_is_not_taken_down():
    with pytest.raises(NotTakenDown, match="chưa lên trang"):
        take_down(make_article(live=False), make_user())


def test_the_screen_takes_down_with_a_chosen_sentence(client: Client, chief):
    story = make_article("Bài cần gỡ", issue_date=THURSDAY)
    address = reverse("story_take_down", args=[story.pk])
    shown = client.get(address).content.decode()
    assert str(NEUTRAL) in shown
    assert "Bài cần gỡ" in shown
    response = client.post(address, {"sentence": "1", "own_words": "", "reason": "Có phản ánh."})
    assert response.status_code == 302
    kept = Article.objects.get(pk=story.pk)
    assert (kept.live, kept.taken_down_note) == (False, "Bài này đã được tòa soạn gỡ để kiểm tra lại thông tin.")
    history = client.get(reverse("wagtailadmin_pages:history", args=[story.pk])).content.decode()
    assert "Gỡ bài; bạn đọc thấy:" in history
    assert "Có phản ánh." in history


def test_own_words_are_asked_for_and_kept(client: Client, chief):
    story = make_article(issue_date=THURSDAY)
    address = reverse("story_take_down", args=[story.pk])
    refused = client.post(address, {"sentence": "own", "own_words": "", "reason": "Lý do đã gõ."})
    assert refused.status_code == 200
    text = refused.content.decode()
    assert "Hãy ghi câu mà bạn đọc sẽ thấy" in text
    assert "Lý do đã gõ." in text
    too_long = client.post(address, {"sentence": "own", "own_words": "à" * 301, "reason": ""})
    assert too_long.status_code == 200
    assert Article.objects.get(pk=story.pk).live
    client.post(address, {"sentence": "own", "own_words": "Câu ri\x00e\u0302ng.", "reason": ""})
    assert Article.objects.get(pk=story.pk).taken_down_note == "Câu riêng."


@pytest.mark.parametrize("role", [Role.REPORTER, Role.EDITOR, Role.MANAGING_EDITOR, Role.COMMITTEE, Role.ADMINISTRATOR])
def test_only_the_chief_takes_down(client: Client, role):
    story = make_article(issue_date=THURSDAY)
    client.force_login(make_user("ai-do", role))
    response = client.post(reverse("story_take_down", args=[story.pk]), {"sentence": "0"})
    assert response.status_code in {302, 403}
    assert Article.objects.get(pk=story.pk).live


def test_wagtails_own_ways_off_the_site_are_closed(client: Client):
    story = make_article(issue_date=THURSDAY)
    admin = make_user("quan-tri", is_superuser=True)
    client.force_login(admin)
    client.post(reverse("wagtailadmin_pages:unpublish", args=[story.pk]))
    client.post(reverse("wagtailadmin_pages:delete", args=[story.pk]))
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "unpublish"])
    client.post(f"{bulk}?id={story.pk}&next=/admin/")
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    client.post(f"{bulk}?id={story.pk}&next=/admin/")
    assert Article.objects.get(pk=story.pk).live
    # A draft that nobody ever saw may go.
    draft = make_article(live=False)
    client.post(reverse("wagtailadmin_pages:delete", args=[draft.pk]))
    assert not Article.objects.filter(pk=draft.pk).exists()


def menu_of(client: Client, story) -> set[str]:
    text = client.get(reverse("wagtailadmin_pages:edit", args=[story.pk])).content.decode()
    labels = {"Gỡ bài": "story_take_down", "Đính chính, cập nhật": "story_corrections"}
    return {label for label, name in labels.items() if reverse(name, args=[story.pk]) in text}


def test_the_storys_menu_offers_what_may_be_done(client: Client, chief):
    live, draft, down = make_article(issue_date=THURSDAY), make_article(live=False), make_article(issue_date=THURSDAY)
    take_down(down, chief)
    assert menu_of(client, live) == {"Gỡ bài", "Đính chính, cập nhật"}
    assert menu_of(client, draft) == set()
    assert menu_of(client, down) == {"Gỡ bài"}
    client.force_login(make_user("bien-tap", Role.EDITOR))
    assert menu_of(client, live) == set()


def test_the_list_offers_it_too(client: Client, chief):
    story = make_article(issue_date=THURSDAY)
    text = client.get(reverse("wagtailadmin_explore", args=[story.get_parent().pk])).content.decode()
    assert reverse("story_take_down", args=[story.pk]) in text
    assert reverse("story_corrections", args=[story.pk]) in text
    assert reverse("wagtailadmin_pages:unpublish", args=[story.pk]) not in text


def test_a_note_stands_on_the_story_whatever_drafts_wait(client: Client):
    story, user = make_article(issue_date=THURSDAY), make_user()
    add_correction(story, user, "correction", "Trong bài viết “6 %”, đúng là “6,5 %”.")
    old = story.latest_revision
    story.title = "Tít mới"
    story.save_revision().publish()
    old.publish()
    assert Article.objects.get(pk=story.pk).corrections.get().text == "Trong bài viết “6 %”, đúng là “6,5 %”."
    assert "đúng là “6,5 %”" in client.get(story.url).content.decode()


def test_a_draft_has_no_notes():
    with pytest.raises(NotPublished, match="sửa thẳng"):
        add_correction(make_article(live=False), make_user(), "update", "Thêm.")


def test_a_note_that_was_a_slip_leaves_its_words_in_the_log():
    story, user = make_article(issue_date=THURSDAY), make_user()
    note = add_correction(story, user, "update", "Nhầm bài.")
    data = {"kind": "update", "text": "Nhầm bài.", "made_at": note.made_at.isoformat()}
    remove_correction(note, user)
    assert not story.corrections.exists()
    assert log_of(story, "column.correction.add") == [(user, data)]
    assert log_of(story, "column.correction.remove") == [(user, data)]


def test_the_screen_of_notes(client: Client, chief):
    story = make_article(issue_date=THURSDAY)
    address = reverse("story_corrections", args=[story.pk])
    assert client.get(address).status_code == 200
    made = {"kind": "correction", "text": "Đúng là 55 phường.", "made_at": "14:12, 3/2/2017"}
    assert client.post(address, made).status_code == 302
    note = story.corrections.get()
    assert (note.kind, note.text, note.made_by) == ("correction", "Đúng là 55 phường.", chief)
    assert note.made_at.isoformat() == "2017-02-03T07:12:00+00:00"
    shown = client.get(address).content.decode()
    assert "Đúng là 55 phường." in shown
    assert "14:12, 03/02/2017 (GMT+7)" in shown
    assert client.post(address, {"remove": str(note.pk)}).status_code == 302
    assert not Correction.objects.exists()
    assert client.post(address, {"remove": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"text": ""}, "bắt buộc"),
        ({"text": "a" * 2001}, "2000"),
        ({"made_at": "02/16/2017"}, "hãy viết ngày trước: 16/02/2017"),
        ({"made_at": "hôm qua"}, "Không đọc được ngày"),
        ({"kind": "khac"}, "khac"),
    ],
)
def test_wrong_notes_are_refused_with_the_text_kept(client: Client, chief, wrong, message):
    story = make_article(issue_date=THURSDAY)
    data = {"kind": "update", "text": "Lời đã gõ.", "made_at": "14:12, 16/02/2017"} | wrong
    response = client.post(reverse("story_corrections", args=[story.pk]), data)
    assert response.status_code == 200
    text = response.content.decode()
    assert message in text
    assert data["text"][:10] in text
    assert not Correction.objects.exists()


def test_no_note_from_the_future(client: Client, chief):
    story = make_article(issue_date=THURSDAY)
    tomorrow = timezone.localtime() + timedelta(days=1)
    data = {"kind": "update", "text": "Lời.", "made_at": f"{tomorrow:%H:%M, %d/%m/%Y}"}
    assert "không thể ở tương lai" in client.post(reverse("story_corrections", args=[story.pk]), data).content.decode()


@pytest.mark.parametrize(("role", "may"), [(Role.MANAGING_EDITOR, True), (Role.EDITOR, False), (Role.REPORTER, False)])
def test_who_corrects(client: Client, role, may):
    story = make_article(issue_date=THURSDAY)
    client.force_login(make_user("ai-do", role))
    response = client.get(reverse("story_corrections", args=[story.pk]))
    assert (response.status_code == 200) is may


def test_both_rights_can_be_given():
    assert set(
        Permission.objects.filter(codename__in=["take_down_story", "correct_story"]).values_list("name", flat=True)
    ) == {"Gỡ bài", "Đính chính bài đã đăng"}
