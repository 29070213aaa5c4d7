"""Who is told what, exactly; never by a mail within the request."""

from __future__ import annotations

from datetime import date

import pytest
from django.core import mail

from column.enums import NoticeKind
from column.people.models import User
from column.people.roles import Role
from column.schedule import slots
from column.schedule.holding import hold, release
from column.schedule.models import Reserve, Slot
from column.schedule.notices.models import Notice
from column.schedule.notices.telling import tell
from column.schedule.substituting import substitute
from column.schedule.undoing import undo
from column.stories.models import Article
from tests.column.schedule.desk import BEFORE, approve, slot_on
from tests.column.schedule.workflow.way import act, edit, form_of, fresh, logged_in, person, submit, written

pytestmark = pytest.mark.django_db

Told = set[tuple[str, str, str]]


@pytest.fixture
def desk() -> dict[str, User]:
    return {
        "phong-vien": person("phong-vien", Role.REPORTER),
        "phong-vien-2": person("phong-vien-2", Role.REPORTER),
        "bien-tap": person("bien-tap", Role.EDITOR),
        "thu-ky": person("thu-ky", Role.MANAGING_EDITOR),
        "tong": person("tong", Role.CHIEF),
        "quan-tri": person("quan-tri", Role.ADMINISTRATOR),
        "can-bo": person("can-bo", Role.COMMITTEE),
        "may-chu": person("may-chu", None, is_superuser=True),
        "da-nghi": person("da-nghi", Role.EDITOR, is_active=False),
    }


def told() -> Told:
    """Since the last look: who, of what kind, under which subject."""
    rows = {(one.recipient.username, one.kind, one.subject) for one in Notice.objects.select_related("recipient")}
    Notice.objects.all().delete()
    return rows


def test_every_step_is_told_to_whose_turn_it_is_and_to_no_other(desk: dict[str, User]) -> None:
    article = written("Bài đi đường", desk["phong-vien"])
    submit(article, desk["phong-vien"])
    assert told() == {
        (name, "submitted", "Trình duyệt: “Bài đi đường”") for name in ("bien-tap", "thu-ky", "tong")
    }  # fmt: skip
    act(article, desk["bien-tap"], "review", "Đã gọn.")
    assert told() == {(name, "reviewed", "Chờ duyệt: “Bài đi đường”") for name in ("thu-ky", "tong")}
    act(article, desk["thu-ky"], "reject", "Thiếu số liệu.")
    assert told() == {("phong-vien", "returned", "Trả bài: “Bài đi đường”")}
    Article.objects.get(pk=article.pk).current_workflow_state.resume(fresh(desk["phong-vien"]))
    assert {(name, kind) for name, kind, _subject in told()} == {
        ("bien-tap", "submitted"), ("thu-ky", "submitted"), ("tong", "submitted"),
    }  # fmt: skip
    act(article, desk["thu-ky"], "review")
    assert {(name, kind) for name, kind, _subject in told()} == {("tong", "reviewed")}
    act(article, desk["tong"], "approve")
    assert told() == {("phong-vien", "approved", "Đã duyệt: “Bài đi đường”")}
    assert mail.outbox == []


def test_the_words(desk: dict[str, User]) -> None:
    article = written("Bài có lời", desk["phong-vien"])
    slots.assign(slot_on(), article, desk["bien-tap"])
    submit(article, desk["phong-vien"])
    act(article, desk["bien-tap"], "review", "Đã gọn.")
    when = "Kỳ đăng: Thứ Năm, 16/02/2017. Hạn duyệt: 17:00, 15/02/2017 (GMT+7)."
    notice = Notice.objects.get(recipient=desk["thu-ky"], kind=NoticeKind.REVIEWED)
    lines = notice.text.splitlines()
    assert lines[0] == "bien-tap chuyển “Bài có lời”, chờ bạn duyệt."
    assert lines[1] == when
    assert lines[2] == "Lời nhắn: Đã gọn."
    assert "mở ra chưa phải là duyệt" in lines[3]
    assert notice.url.startswith("/admin/duyet/")
    assert notice.next_mail_at is not None
    act(article, desk["thu-ky"], "reject", "Thiếu số liệu.")
    text = Notice.objects.get(recipient=desk["phong-vien"], kind=NoticeKind.RETURNED).text
    assert "Cần sửa: Thiếu số liệu." in text.splitlines()


def test_the_submitter_is_told_as_well_as_the_owner(desk: dict[str, User]) -> None:
    article = written("Bài trình hộ", desk["phong-vien"])
    submit(article, desk["bien-tap"])
    assert {(name, kind) for name, kind, _subject in told()} == {("thu-ky", "reviewed"), ("tong", "reviewed")}
    act(article, desk["tong"], "approve")
    assert {(name, kind) for name, kind, _subject in told()} == {("phong-vien", "approved"), ("bien-tap", "approved")}


@pytest.mark.parametrize("closed", [{"is_active": False}, {"groups": []}])
def test_nobody_is_told_of_what_the_account_no_longer_opens(desk: dict[str, User], closed: dict[str, object]) -> None:
    reporter = desk["phong-vien"]
    article = written("Bài của người đã đi", reporter)
    submit(article, desk["bien-tap"])
    if "groups" in closed:
        reporter.groups.clear()
    else:
        User.objects.filter(pk=reporter.pk).update(**closed)
    told()
    act(article, desk["thu-ky"], "approve")
    assert {name for name, _kind, _subject in told()} == {"bien-tap"}


def test_submitting_in_the_editor_sends_no_mail(desk: dict[str, User]) -> None:
    article = written("Bài trình từ màn hình", desk["phong-vien"])
    client = logged_in(desk["phong-vien"])
    response = client.post(edit(article), form_of(client, article, **{"action-submit": "1"}))
    assert response.status_code == 302, response.context["form"].errors
    assert {name for name, _kind, _subject in told()} == {"bien-tap", "thu-ky", "tong"}
    assert mail.outbox == []


def test_the_same_is_told_once_and_mailed_only_where_there_is_an_address(desk: dict[str, User]) -> None:
    silent = person("khong-thu", Role.EDITOR, email="")
    for text in ("Lần đầu", "Lần sau"):
        tell(
            [desk["bien-tap"], silent, desk["da-nghi"]], NoticeKind.DIGEST, key="k", subject="Một\ndòng", text=text,
            url="/admin/", now=BEFORE,
        )  # fmt: skip
    assert {
        (one.recipient.username, one.subject, one.text, one.next_mail_at) for one in Notice.objects.all()
    } == {
        ("bien-tap", "Một dòng", "Lần đầu", BEFORE), ("khong-thu", "Một dòng", "Lần đầu", None),
        ("da-nghi", "Một dòng", "Lần đầu", None),
    }  # fmt: skip


def test_the_writer_hears_of_a_substitution_and_of_its_undoing(desk: dict[str, User]) -> None:
    failed, other = written("Bài hỏng", desk["phong-vien"]), written("Bài gối", desk["phong-vien-2"])
    slots.assign(slot_on(), failed, desk["bien-tap"])
    approve(other)
    Reserve.objects.create(article=other, use_by=date(2017, 12, 31))
    substitute(Slot.objects.get(story=failed.pk), other, "Chưa xác minh xong", desk["thu-ky"], BEFORE)
    assert {row for row in told() if row[1] == "substituted"} == {
        ("phong-vien", "substituted", "Thay bài: “Bài hỏng” rời kỳ Thứ Năm, 16/02/2017")
    }
    event = Slot.objects.get(story=other.pk).events.get(action="substituted")
    undo(event.batch, desk["thu-ky"], BEFORE)
    assert {row for row in told() if row[1] == "substituted"} == {
        ("phong-vien", "substituted", "Hoàn tác thay bài: “Bài hỏng” trở lại kỳ Thứ Năm, 16/02/2017")
    }


def test_the_writer_hears_that_it_is_held_and_let_go(desk: dict[str, User]) -> None:
    article = written("Bài giữ", desk["phong-vien"])
    slots.assign(slot_on(), article, desk["bien-tap"])
    hold(article, "Chờ kết luận", desk["thu-ky"], BEFORE)
    assert Notice.objects.get().text.splitlines()[-1] == "Lý do: Chờ kết luận"
    assert told() == {("phong-vien", "held", "Tạm giữ: “Bài giữ”")}
    release(article, desk["thu-ky"], BEFORE)
    assert told() == {("phong-vien", "held", "Bỏ tạm giữ: “Bài giữ”")}


def test_nobody_is_told_of_the_own_act(desk: dict[str, User]) -> None:
    article = written("Bài của thư ký", desk["thu-ky"])
    slots.assign(slot_on(), article, desk["thu-ky"])
    hold(article, "Chờ", desk["thu-ky"], BEFORE)
    submit(article, desk["thu-ky"])
    assert {name for name, _kind, _subject in told()} == {"tong"}
    act(article, desk["thu-ky"], "approve")
    assert told() == set()
