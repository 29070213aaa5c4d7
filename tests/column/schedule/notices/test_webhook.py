"""Another program is told of every alarm, whatever it answers, and hears of each change once."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from column.enums import AlarmKind
from column.schedule.notices import webhook
from column.schedule.notices.alarms import check_alarms, message_to_paste
from column.schedule.notices.models import Alarm
from column.schedule.notices.webhook import call_webhook
from tests.column.schedule.desk import BEFORE, DUE, scheduled

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


class Listener(ThreadingHTTPServer):
    """Keeps what was posted to it; answers with ``status`` after ``delay`` seconds."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posted: list[tuple[str, str, Any]] = []
        self.status, self.delay = 200, 0.0


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((self.path, self.headers["Content-Type"], json.loads(body)))
        time.sleep(self.server.delay)
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        self.server.posted.append((self.path, "GET", None))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def listener(settings: Any) -> Iterator[Listener]:
    with Listener() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        settings.ALARM_WEBHOOK_URL = f"http://127.0.0.1:{server.server_port}/bao-dong/bi-mat?x=1"
        settings.SITE_URL = "https://chuyenmuc.example.vn"
        yield server
        server.shutdown()


def call(now: datetime) -> int:
    with time_machine.travel(now, tick=False):
        return call_webhook(now)


def alarm(key: str = "thu", now: datetime = DUE) -> Alarm:
    return Alarm.objects.create(
        kind=AlarmKind.NOT_OUT, key=key, title=f"Bài {key} chưa lên trang", text="Việc cần làm: mở bài.",
        url="/admin/lich-dang/", opened_at=now, next_call_at=now,
    )  # fmt: skip


def test_what_is_posted_when_it_opens_and_when_it_closes(listener: Listener):
    with time_machine.travel(BEFORE, tick=False):
        scheduled("Nụ cười công sở")
    with time_machine.travel(DUE + 120 * SECOND, tick=False):
        check_alarms(DUE + 120 * SECOND)
    found = Alarm.objects.get()
    assert call(DUE + 121 * SECOND) == 1
    assert call(DUE + 122 * SECOND) == 0
    (path, kind, opened), *none = listener.posted
    assert (path, kind, none) == ("/bao-dong/bi-mat?x=1", "application/json; charset=utf-8", [])
    assert opened == {
        "event": "alarm.opened", "id": found.pk, "kind": "not_out", "title": found.title,
        "text": message_to_paste(found), "url": f"https://chuyenmuc.example.vn{found.url}",
        "opened_at": "2017-02-16T07:14:00+00:00", "closed_at": None,
    }  # fmt: skip
    found.story.revisions.update(approved_go_live_at=None)  # type: ignore[union-attr]
    later = DUE + timedelta(minutes=9)
    with time_machine.travel(later, tick=False):
        check_alarms(later)
    assert call(later) == 1
    closed = listener.posted[1][2]
    assert (closed["event"], closed["id"], closed["closed_at"]) == (
        "alarm.closed", found.pk, "2017-02-16T07:21:00+00:00",
    )  # fmt: skip
    assert call(later + SECOND) == 0


def test_nothing_to_tell_costs_one_query(listener: Listener):
    with CaptureQueriesContext(connection) as queries:
        assert call(DUE) == 0
    assert len(queries) == 1
    assert listener.posted == []


def test_without_an_address_nothing_waits():
    with time_machine.travel(BEFORE, tick=False):
        scheduled()
    with time_machine.travel(DUE + 120 * SECOND, tick=False):
        check_alarms(DUE + 120 * SECOND)
    assert set(Alarm.objects.values_list("next_call_at", flat=True)) == {None}


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_is_not_understood_is_said_again_with_growing_pauses(listener: Listener, status: int):
    listener.status = status
    first, second = alarm("một"), alarm("hai", DUE + SECOND)
    assert call(DUE + SECOND) == 0
    # One call was enough to know; a redirect is not followed.
    assert [path for path, _kind, _body in listener.posted] == ["/bao-dong/bi-mat?x=1"]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.call_attempts, first.next_call_at, second.call_attempts) == (1, DUE + 16 * SECOND, 0)
    assert first.call_error.startswith(f"HTTPError: HTTP Error {status}")
    listener.status = 204
    assert call(DUE + 15 * SECOND) == 1
    assert call(DUE + 16 * SECOND) == 1
    assert [body["id"] for _path, _kind, body in listener.posted] == [first.pk, second.pk, first.pk]
    first.refresh_from_db()
    assert (first.next_call_at, first.call_error) == (None, "")


def test_a_listener_that_hangs_or_is_gone(listener: Listener, monkeypatch: pytest.MonkeyPatch, settings: Any):
    monkeypatch.setattr(webhook, "TIMEOUT", 0.2)
    listener.delay = 1.0
    found = alarm()
    started = time.monotonic()
    assert call(DUE) == 0
    assert time.monotonic() - started < 1
    settings.ALARM_WEBHOOK_URL = "http://127.0.0.1:9/"
    assert call(DUE + 15 * SECOND) == 0
    found.refresh_from_db()
    assert (found.call_attempts, found.next_call_at) == (2, DUE + 45 * SECOND)
    assert "Connection refused" in found.call_error


def test_given_up_after_a_day(settings: Any):
    settings.ALARM_WEBHOOK_URL = "http://127.0.0.1:9/"
    found, now = alarm(), DUE
    while found.next_call_at is not None:
        now = found.next_call_at
        assert call(now) == 0
        found.refresh_from_db()
    assert timedelta(0) <= now - DUE - timedelta(days=1) <= timedelta(minutes=10)


def test_one_that_closes_during_the_call_is_told_of_both(listener: Listener):
    found = alarm()
    real = webhook._post

    def close_meanwhile(url: str, content: dict[str, Any]) -> None:
        real(url, content)
        Alarm.objects.filter(pk=found.pk).update(closed_at=DUE + SECOND, next_call_at=DUE + SECOND)

    patch = pytest.MonkeyPatch()
    patch.setattr(webhook, "_post", close_meanwhile)
    call(DUE)
    patch.undo()
    assert call(DUE + SECOND) == 1
    assert [body["event"] for _path, _kind, body in listener.posted] == ["alarm.opened", "alarm.closed"]
