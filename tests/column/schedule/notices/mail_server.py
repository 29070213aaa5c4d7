"""A real mail server on the loopback, which does as it is told."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """Keeps what it took as ``received``; counts ``connections``. Everything else is a fault to inject."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.received: list[EmailMessage] = []
        self.connections = 0
        self.refused: set[str] = set()
        self.later = False
        #: Seconds before each answer.
        self.delay = 0.0
        #: Hang up, without a word, instead of taking the n-th message (1 is the first).
        self.hang_up_at = 0

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def told(self) -> list[tuple[str, str]]:
        return [(str(mail["To"]), str(mail["Subject"])) for mail in self.received]


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, line: str) -> None:
        time.sleep(self.server.delay)
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self.server.connections += 1
        try:
            self.say("220 thu ESMTP")
            while line := self.rfile.readline().decode().strip():
                if not self.answer(line):
                    return
        except (BrokenPipeError, ConnectionResetError):
            return

    def answer(self, line: str) -> bool:
        verb = line.split(" ", maxsplit=1)[0].split(":", maxsplit=1)[0].upper()
        if verb == "RCPT" and any(f"<{address}>" in line for address in self.server.refused):
            self.say("550 khong co hop thu nay")
        elif verb == "MAIL" and self.server.later:
            self.say("451 ban thu lai sau")
        elif verb == "DATA":
            if self.server.hang_up_at == len(self.server.received) + 1:
                return False
            self.say("354 noi dung")
            content = b""
            while (row := self.rfile.readline()) not in (b".\r\n", b""):
                content += row
            mail: Any = message_from_bytes(content, policy=policy.default)
            self.server.received.append(mail)
            self.say("250 da nhan")
        elif verb == "QUIT":
            self.say("221 tam biet")
            return False
        else:
            self.say("250 duoc")
        return True


@contextmanager
def mail_server(port: int = 0) -> Iterator[MailServer]:
    with MailServer(port) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server
        server.shutdown()
