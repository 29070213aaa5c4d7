"""Mails go out through a real server, whatever that server does, and never twice."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from column.enums import NoticeKind
from column.people.models import User
from column.schedule.notices.mail import CLAIM, GIVE_UP_AFTER, mail_of, purge_notices, send_mails
from column.schedule.notices.models import Notice
from column.schedule.notices.telling import tell
from tests.column.schedule.faults.harm import in_process
from tests.column.schedule.notices.mail_server import MailServer, mail_server
from tests.factories import make_user

NOW = datetime(2017, 2, 16, 7, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def person(name: str) -> User:
    return User.objects.filter(username=name).first() or make_user(name, email=f"{name}@toasoan.vn")


def say(
    name: str, subject: str, *, now: datetime = NOW, url: str = "/admin/lich-dang/", text: str = "Mời xem."
) -> Notice:
    tell([person(name)], NoticeKind.SUBMITTED, key=subject, subject=subject, text=text, url=url, now=now)
    return Notice.objects.get(recipient__username=name, key=subject)


def send(at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        return send_mails(at)


def outbox() -> dict[str, tuple[bool, int]]:
    """Subject → (sent, attempts)."""
    rows = Notice.objects.values_list("subject", "mailed_at", "mail_attempts")
    return {subject: (mailed_at is not None, attempts) for subject, mailed_at, attempts in rows}


def use(settings: Settings, port: int, timeout: float = 5) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, timeout
    settings.SITE_URL = "https://chuyenmuc.example.vn"


@pytest.fixture
def server(settings: Settings) -> Any:
    with mail_server() as running:
        use(settings, running.port)
        yield running


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.django_db
def test_what_a_mail_holds(server: MailServer) -> None:
    notice = say("an", "Chờ duyệt:\n  “Nụ cười công sở”", text="An trình duyệt “Nụ cười công sở”.")
    assert send(NOW) == 1
    (got,) = server.received
    assert got["To"] == "an@toasoan.vn"
    assert got["From"] == '"5 xây, 3 chống" <khong-tra-loi@localhost>'
    assert got["Subject"].strip() == "Chờ duyệt: “Nụ cười công sở”"
    assert got["Message-ID"] == f"<tin-nhan.{notice.pk}.1487228400@chuyenmuc.example.vn>"
    assert got["Auto-Submitted"] == "auto-generated"
    assert got.get_content_type() == "text/plain"
    assert got.get_content().replace("\r\n", "\n") == (
        "An trình duyệt “Nụ cười công sở”.\n\nhttps://chuyenmuc.example.vn/admin/lich-dang/\n\n-- \n"
        "Thư tự động của hệ thống tòa soạn “5 xây, 3 chống”; tin nhắn này cũng có trong trang quản trị.\n"
    )
    notice.refresh_from_db()
    assert (notice.mailed_at, notice.next_mail_at, notice.mail_error) == (NOW, None, "")


@pytest.mark.django_db
def test_nothing_to_do_costs_one_query(server: MailServer) -> None:
    say("an", "Một")
    send(NOW)
    with CaptureQueriesContext(connection) as queries:
        assert send(NOW + SECOND) == 0
    assert len(queries) == 1
    assert server.connections == 1


@pytest.mark.django_db
def test_one_connection_for_many_and_a_refused_recipient_stops_no_other(server: MailServer) -> None:
    server.refused = {"binh@toasoan.vn"}
    for name in ("an", "binh", "chi"):
        say(name, f"Cho {name}")
    assert send(NOW) == 2
    assert server.told() == [("an@toasoan.vn", "Cho an"), ("chi@toasoan.vn", "Cho chi")]
    assert server.connections == 1
    refused = Notice.objects.get(recipient__username="binh")
    assert refused.mail_error == ("SMTPRecipientsRefused: {'binh@toasoan.vn': (550, b'khong co hop thu nay')}")
    assert (refused.mailed_at, refused.next_mail_at) == (None, NOW + 15 * SECOND)

    server.refused = set()
    assert send(NOW + 14 * SECOND) == 0
    assert send(NOW + 15 * SECOND) == 1
    assert server.told()[2:] == [("binh@toasoan.vn", "Cho binh")]
    refused.refresh_from_db()
    assert (refused.mail_attempts, refused.mail_error) == (2, "")


@pytest.mark.django_db
def test_a_server_that_is_down_busy_and_back(settings: Settings) -> None:
    port = free_port()
    use(settings, port)
    for name in ("an", "binh", "chi"):
        say(name, f"Cho {name}")
    started = time.monotonic()
    assert send(NOW) == 0
    assert time.monotonic() - started < 2
    assert outbox() == {"Cho an": (False, 1), "Cho binh": (False, 1), "Cho chi": (False, 1)}
    assert "ConnectionRefusedError" in Notice.objects.first().mail_error  # type: ignore[union-attr]

    with mail_server(port) as server:
        server.later = True
        assert send(NOW + 15 * SECOND) == 0
        assert server.connections == 1
        error = Notice.objects.get(subject="Cho an").mail_error
        assert error.startswith("SMTPSenderRefused: (451, b'ban thu lai sau', ")
        assert set(Notice.objects.values_list("next_mail_at", flat=True)) == {NOW + 45 * SECOND}

        server.later, server.hang_up_at = False, 2
        assert send(NOW + 45 * SECOND) == 1
        assert server.told() == [("an@toasoan.vn", "Cho an")]
        # The one that the server hung up on rests; the one behind it was not tried.
        assert outbox() == {"Cho an": (True, 3), "Cho binh": (False, 3), "Cho chi": (False, 2)}

        server.hang_up_at = 0
        assert send(NOW + 105 * SECOND) == 2
        assert sorted(server.told()) == [
            ("an@toasoan.vn", "Cho an"), ("binh@toasoan.vn", "Cho binh"), ("chi@toasoan.vn", "Cho chi"),
        ]  # fmt: skip
        assert send(NOW + timedelta(hours=30)) == 0


@pytest.mark.django_db
def test_a_server_that_answers_too_slowly_costs_one_timeout(settings: Settings) -> None:
    with mail_server() as server:
        use(settings, server.port, timeout=0.3)
        server.delay = 1.0
        for number in range(20):
            say("an", f"Số {number}")
        started = time.monotonic()
        assert send(NOW) == 0
        assert time.monotonic() - started < 2
    assert {attempts for _sent, attempts in outbox().values()} == {1}


@pytest.mark.django_db
def test_given_up_after_a_day_of_trying_and_not_before(settings: Settings) -> None:
    use(settings, free_port())
    notice = say("an", "Một")
    # The worker was down for two days: it is tried all the same, and more than once.
    at, tries = NOW + timedelta(days=2), 0
    while notice.next_mail_at is not None:
        assert notice.next_mail_at - at <= timedelta(minutes=10)
        at = max(at, notice.next_mail_at)
        send(at)
        tries += 1
        notice.refresh_from_db()
    assert tries == 6
    notice = say("an", "Hai", now=at)
    started = at
    while notice.next_mail_at is not None:
        at = max(at, notice.next_mail_at)
        send(at)
        notice.refresh_from_db()
    assert timedelta(0) <= at - started - GIVE_UP_AFTER <= timedelta(minutes=10)
    assert notice.mailed_at is None
    assert "ConnectionRefusedError" in notice.mail_error


@pytest.mark.django_db
def test_who_has_no_address_any_more_gets_no_mail(server: MailServer) -> None:
    say("an", "Một")
    say("binh", "Hai")
    User.objects.filter(username="an").update(email="")
    User.objects.filter(username="binh").update(is_active=False)
    assert send(NOW) == 0
    assert server.received == []
    assert set(Notice.objects.values_list("next_mail_at", "mailed_at")) == {(None, None)}


@pytest.mark.django_db
def test_an_address_that_is_none_stops_no_other(server: MailServer) -> None:
    say("an", "Một")
    say("binh", "Hai")
    User.objects.filter(username="an").update(email="an toasoan\n@@x")
    assert send(NOW) == 1
    assert server.told() == [("binh@toasoan.vn", "Hai")]
    assert Notice.objects.get(subject="Một").mail_error != ""


@pytest.mark.django_db
def test_files_when_there_is_no_server(settings: Settings, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    say("an", "Một")
    say("binh", "Hai")
    assert send(NOW) == 2
    text = "".join(path.read_text() for path in (tmp_path / "mail").iterdir())
    assert (text.count("To: an@toasoan.vn"), text.count("To: binh@toasoan.vn")) == (1, 1)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_between_sending_and_marking_it_goes_out_once_more_under_the_same_id(server: MailServer) -> None:
    notice = say("an", "Một")
    say("binh", "Hai")

    class KilledAfterSending(EmailBackend):
        def send_messages(self, email_messages: Any) -> int:
            super().send_messages(email_messages)
            os.kill(os.getpid(), signal.SIGKILL)
            return 1

    def send_and_die() -> Any:
        mail.get_connection = lambda *args, **kwargs: KilledAfterSending()  # type: ignore[assignment]
        from column.schedule.notices import mail as ours

        ours.get_connection = mail.get_connection
        return send(NOW)

    _pid, wait = in_process(send_and_die)
    assert wait() is None
    assert server.told() == [("an@toasoan.vn", "Một")]
    # The next worker sends the other one at once, and the first again when the claim is over.
    assert send(NOW + SECOND) == 1
    assert server.told()[1:] == [("binh@toasoan.vn", "Hai")]
    assert send(NOW + CLAIM) == 1
    assert server.told()[2:] == [("an@toasoan.vn", "Một")]
    assert (
        server.received[0]["Message-ID"]
        == server.received[2]["Message-ID"]
        == mail_of(notice).extra_headers["Message-ID"]
    )
    assert send(NOW + 2 * CLAIM) == 0


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_several_workers_send_each_mail_once(server: MailServer) -> None:
    for number in range(12):
        say("an", f"Số {number}")
    server.delay = 0.01
    waits = [in_process(lambda: send(NOW))[1] for _worker in range(3)]
    assert sum(wait() for wait in waits) == 12
    assert sorted(server.told()) == sorted(("an@toasoan.vn", f"Số {number}") for number in range(12))


@pytest.mark.django_db(transaction=True)
def test_no_lock_is_held_while_the_server_thinks(server: MailServer) -> None:
    say("an", "Một")
    server.delay = 0.4
    done: list[int] = []

    def sender() -> None:
        done.append(send_mails(NOW))
        connections.close_all()

    thread = threading.Thread(target=sender)
    thread.start()
    while not server.connections:
        time.sleep(0.01)
    started = time.monotonic()
    say("binh", "Hai")
    assert time.monotonic() - started < 0.4
    assert done == []
    thread.join()
    assert done == [1]


@pytest.mark.django_db
def test_old_messages_are_forgotten() -> None:
    say("an", "Cũ", now=NOW - timedelta(days=180, seconds=1))
    say("an", "Mới", now=NOW - timedelta(days=180))
    assert purge_notices(NOW) == 1
    assert set(Notice.objects.values_list("subject", flat=True)) == {"Mới"}
