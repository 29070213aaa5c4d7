"""Messages, alarms and the digest in the admin: one's own, changed by post alone, in a constant number of queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from column.enums import AlarmKind, NoticeKind
from column.people.models import User
from column.people.roles import Role
from column.schedule.notices.models import Alarm, Notice
from column.schedule.notices.telling import tell
from newsroom.models import WorkerHeartbeat
from tests.column.schedule.desk import DUE
from tests.factories import make_user

pytestmark = pytest.mark.django_db

MESSAGES, ALARMS, DIGEST = "/admin/tin-nhan/", "/admin/bao-dong/", "/admin/lich-dang/ban-tin-tuan/"


@pytest.fixture(autouse=True)
def _worker_alive() -> None:
    now = timezone.now()
    WorkerHeartbeat.objects.beat(now=now, started_at=now, host="toasoan", pid=7)


def enter(role: Role, name: str = "") -> tuple[Client, User]:
    user = make_user(name or role.name.lower(), role, email=f"{role.name.lower()}@toasoan.vn", display_name=role.value)
    client = Client()
    client.force_login(user)
    return client, user


def say(user: User, subject: str, url: str = "/admin/lich-dang/", text: str = "Mời xem.") -> Notice:
    tell([user], NoticeKind.RETURNED, key=subject, subject=subject, text=text, url=url, now=DUE)
    return Notice.objects.get(recipient=user, key=subject)


def alarm(key: str = "thu", kind: AlarmKind = AlarmKind.NOT_OUT, **fields: Any) -> Alarm:
    return Alarm.objects.create(
        kind=kind, key=key, title=f"Bài {key} chưa lên trang", text="Việc cần làm: mở bài.", url="/admin/lich-dang/",
        opened_at=DUE, **fields,
    )  # fmt: skip


def subjects(response: Any) -> list[str]:
    return [notice.subject for notice in response.context["page"]]


def test_only_ones_own_the_newest_first_and_only_the_unread():
    client, user = enter(Role.REPORTER)
    other = make_user("khac", Role.CHIEF)
    for name in ("Một", "Hai"):
        say(user, name)
    read = say(user, "Ba")
    Notice.objects.filter(pk=read.pk).update(read_at=DUE)
    say(other, "Của người khác")
    assert subjects(client.get(MESSAGES)) == ["Ba", "Hai", "Một"]
    assert subjects(client.get(f"{MESSAGES}?loc=chua-doc")) == ["Hai", "Một"]
    response = client.get(f"{MESSAGES}?p=x&loc=gi-do")
    assert subjects(response) == ["Ba", "Hai", "Một"]
    assert b"T\xc3\xaan nh\xe1\xba\xafn" not in response.content
    assert "Của người khác" not in response.content.decode()


def test_a_message_is_text_whatever_stands_in_it():
    client, user = enter(Role.REPORTER)
    say(user, "<script>x</script>", text="<b>đậm</b> & javascript:\n\nĐoạn hai")
    text = client.get(MESSAGES).content.decode()
    assert "<script>x" not in text
    assert "<p>&lt;b&gt;đậm&lt;/b&gt; &amp; javascript:</p>" in text


def test_opening_marks_it_and_goes_where_it_is_about():
    client, user = enter(Role.REPORTER)
    notice = say(user, "Một", "/admin/lich-dang/?quy=2017-1#ky-2017-02-16")
    assert client.get(f"{MESSAGES}{notice.pk}/mo/").status_code == 405
    response = client.post(f"{MESSAGES}{notice.pk}/mo/")
    assert response["Location"] == notice.url
    read_at = Notice.objects.get().read_at
    assert read_at is not None
    client.post(f"{MESSAGES}{notice.pk}/mo/")
    assert Notice.objects.get().read_at == read_at
    for url in ("", "https://example.com/", "//example.com/", "/\\example.com"):
        elsewhere = say(user, f"Đi {url}", url)
        assert client.post(f"{MESSAGES}{elsewhere.pk}/mo/")["Location"] == MESSAGES


def test_reading_one_and_all():
    client, user = enter(Role.REPORTER)
    other = say(make_user("khac", Role.REPORTER), "Của người khác")
    first, second = say(user, "Một"), say(user, "Hai")
    response = client.post(f"{MESSAGES}{first.pk}/da-doc/", {"next": f"{MESSAGES}?loc=chua-doc"})
    assert response["Location"] == f"{MESSAGES}?loc=chua-doc"
    assert set(Notice.objects.unread()) == {second, other}
    assert client.post(f"{MESSAGES}{first.pk}/da-doc/", {"next": "https://example.com/"})["Location"] == MESSAGES
    for act in ("mo", "da-doc"):
        assert client.post(f"{MESSAGES}{other.pk}/{act}/").status_code == 404
    assert client.get(f"{MESSAGES}doc-het/").status_code == 405
    assert client.post(f"{MESSAGES}doc-het/")["Location"] == MESSAGES
    assert set(Notice.objects.unread()) == {other}


def test_the_menu_counts_and_the_first_page_shows_the_newest_five():
    client, user = enter(Role.REPORTER)
    assert '"label": "Tin nhắn"' in client.get("/admin/").content.decode().replace("\\u1eaf", "ắ")
    for number in range(7):
        say(user, f"Số {number}")
    text = client.get("/admin/").content.decode()
    assert "Tin nhắn (7)" in text.replace("\\u1eaf", "ắ")
    assert [number for number in range(7) if f">Số {number}</button>" in text] == [2, 3, 4, 5, 6]
    assert "T\\u1ea5t c\\u1ea3" not in text


def test_constant_queries():
    client, user = enter(Role.CHIEF)
    say(user, "Một")
    alarm("một")
    Alarm.objects.create(kind="missed", key="x", title="x", text="x", closed_at=DUE)

    def counted() -> dict[str, int]:
        found = {}
        for url in (MESSAGES, ALARMS, "/admin/"):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(url).status_code == 200
            assert {query["sql"].split()[0] for query in queries} <= {"SELECT", "SAVEPOINT", "RELEASE"}, url
            found[url] = len(queries)
        return found

    few = counted()
    for number in range(40):
        say(user, f"Số {number}")
        alarm(f"số {number}", seen_by=user, seen_at=DUE)
        Alarm.objects.create(kind="missed", key=f"x{number}", title="x", text="x", closed_at=DUE, seen_by=user)
    assert counted() == few


def test_the_alarm_page():
    client, user = enter(Role.CHIEF)
    assert "Không có báo động nào" in client.get(ALARMS).content.decode()
    opened = alarm()
    alarm("cũ", closed_at=DUE + timedelta(minutes=9), seen_by=user, seen_at=DUE)
    response = client.get(ALARMS)
    assert [found.key for found, _paste in response.context["open"]] == ["thu"]
    assert [found.key for found in response.context["closed"]] == ["cũ"]
    text = response.content.decode()
    assert "Tự đóng lúc 14:21, 16/02/2017" in text
    assert "Việc cần làm: mở bài." in text
    assert client.get(f"{ALARMS}{opened.pk}/da-thay/").status_code == 405
    assert client.post(f"{ALARMS}{opened.pk}/da-thay/")["Location"] == f"{ALARMS}#bao-dong-{opened.pk}"
    opened.refresh_from_db()
    assert opened.seen_by == user
    assert "Tổng biên tập đã thấy lúc" in client.get(ALARMS).content.decode()
    late, _other = enter(Role.MANAGING_EDITOR)
    late.post(f"{ALARMS}{opened.pk}/da-thay/")
    opened.refresh_from_db()
    assert opened.seen_by == user
    assert client.post(f"{ALARMS}987654/da-thay/").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_who_sees_what(role: Role):
    client, _user = enter(role)
    found = alarm()
    newsroom = role != Role.COMMITTEE
    desk = role not in {Role.COMMITTEE, Role.REPORTER}
    status = {
        MESSAGES: client.get(MESSAGES).status_code,
        ALARMS: client.get(ALARMS).status_code,
        DIGEST: client.get(DIGEST).status_code,
        "seen": client.post(f"{ALARMS}{found.pk}/da-thay/").status_code,
    }
    # The admin answers a refusal with a redirect to its first page or, for those it does not let in, to the door.
    refused = {302, 403}
    assert status[MESSAGES] == 200 if newsroom else status[MESSAGES] in refused
    for what in (ALARMS, DIGEST):
        assert status[what] == 200 if desk else status[what] in refused, what
    found.refresh_from_db()
    assert (found.seen_by is not None) == desk


def banners(client: Client, url: str = "/admin/") -> list[str]:
    text = client.get(url, follow=True).content.decode()
    return [part.split("</p>")[0] for part in text.split('<p class="desk-banner">')[1:]]


def test_an_open_alarm_stands_above_every_page_of_those_who_may_act():
    client, _user = enter(Role.EDITOR)
    reporter, _reporter = enter(Role.REPORTER)
    assert banners(client) == []
    opened = alarm()
    for url in ("/admin/", "/admin/lich-dang/", "/admin/pages/", "/admin/images/", "/admin/account/", MESSAGES):
        (banner,) = banners(client, url)
        assert "Báo động: Bài thu chưa lên trang." in banner
        assert f'href="{ALARMS}#bao-dong-{opened.pk}"' in banner
    assert banners(reporter) == []
    client.post(f"{ALARMS}{opened.pk}/da-thay/")
    assert "Biên tập viên đã thấy." in banners(client)[0]
    missed = alarm("lỡ", AlarmKind.MISSED)
    assert len(banners(client)) == 2
    client.post(f"{ALARMS}{missed.pk}/da-thay/")
    assert len(banners(client)) == 1
    Alarm.objects.update(closed_at=DUE)
    assert banners(client) == []
    for number in range(9):
        alarm(f"số {number}")
    assert len(banners(client)) == 4
    assert "Còn những báo động khác." in banners(client)[3]


def test_a_silent_worker_is_told_by_the_web_process():
    client, _user = enter(Role.REPORTER)
    with time_machine.travel(timezone.now() + timedelta(minutes=2, seconds=5), tick=False):
        client.force_login(_user)
        (banner,) = banners(client)
    assert "Tiến trình nền im lặng từ" in banner
    assert "(GMT+7): bài đã hẹn giờ không tự lên trang." in banner
    WorkerHeartbeat.objects.all().delete()
    (banner,) = banners(client)
    assert "Tiến trình nền chưa chạy" in banner


def test_banners_cost_two_queries():
    client, _user = enter(Role.EDITOR)
    client.get(MESSAGES)
    with CaptureQueriesContext(connection) as queries:
        client.get(MESSAGES)
    ours = [query["sql"] for query in queries if "column_alarm" in query["sql"] or "workerheartbeat" in query["sql"]]
    assert len(ours) == 2


def test_the_digest_on_the_screen_is_the_text_of_now():
    client, _user = enter(Role.EDITOR)
    response = client.get(DIGEST)
    text = response.content.decode()
    assert "Giờ trong bản tin là giờ Đà Nẵng." in text
    assert not Notice.objects.exists()
