"""Load on loopback: a server of two processes, and a client that asks as fast as it is answered, for a set time.

Only addresses on this machine are accepted, every run ends by itself, and a server ends with its ``with`` block.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

HOST = "127.0.0.1"
CONNECTIONS = 8
LONGEST = 30.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(application: str, environment: Mapping[str, str], log: Path, processes: int = 2) -> Iterator[int]:
    """Granian as ``make run`` starts it; yields the port, stops the server at the end. ``RuntimeError`` if it fails."""
    port = free_port()
    command = [
        sys.executable, "-m", "granian", application, "--interface", "wsgi", "--host", HOST, "--port", str(port),
        "--workers", str(processes), "--blocking-threads", "4", "--no-ws", "--log-level", "warning",
    ]  # fmt: skip
    with log.open("wb") as out:
        server = subprocess.Popen(  # noqa: S603 - our own command
            command, env={**os.environ, **environment}, stdout=out, stderr=out, start_new_session=True
        )
        try:
            _wait(server, port, log)
            yield port
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                os.killpg(server.pid, signal.SIGKILL)
                server.wait()


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')[-2000:]}")


def ask(port: int, path: str) -> tuple[bytes, bytes]:
    """One answer: its head and its body. ``ValueError`` when it is not a 200 with a length."""
    with socket.create_connection((HOST, port), timeout=10) as connection:
        connection.sendall(_request(port, path))
        return _read(connection)


def _request(port: int, path: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAccept: text/html\r\n\r\n".encode()


def _read(connection: socket.socket) -> tuple[bytes, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            raise ValueError("the server closed the connection")
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    lower = head.lower()
    if b" 200 " not in head.split(b"\r\n")[0] or b"content-length:" not in lower:
        raise ValueError(f"not a page: {head[:200]!r}")
    length = int(lower.split(b"content-length:")[1].split(b"\r\n")[0])
    while len(body) < length:
        body += connection.recv(65536)
    return head, body


def pages_per_second(port: int, path: str, seconds: float) -> float:
    """Answers a second over kept-alive connections, each asking again as soon as it is answered, for *seconds*.

    All answers must be as long as the first: what differs is a ``ValueError``, not a page.
    """
    seconds = min(seconds, LONGEST)
    request = _request(port, path)
    chooser = selectors.DefaultSelector()
    lengths: dict[int, int] = {}
    connections = []
    for _ in range(CONNECTIONS):
        connection = socket.create_connection((HOST, port), timeout=10)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(request)
        head, body = _read(connection)
        lengths[connection.fileno()] = len(head) + 4 + len(body)
        connections.append(connection)
    expected = max(set(lengths.values()), key=list(lengths.values()).count)
    left = dict.fromkeys(lengths, 0)
    answered = 0
    try:
        for connection in connections:
            connection.setblocking(False)
            chooser.register(connection, selectors.EVENT_READ, connection)
            connection.send(request)
            left[connection.fileno()] = expected
        started = time.perf_counter()
        until = started + seconds
        while (now := time.perf_counter()) < until:
            for key, _events in chooser.select(until - now):
                got = len(key.fileobj.recv(1 << 20))  # type: ignore[union-attr]
                left[key.fd] -= got
                if left[key.fd] < 0 or not got:
                    raise ValueError(f"{path}: an answer of another length, or none")
                if left[key.fd] == 0:
                    answered += 1
                    left[key.fd] = expected
                    key.fileobj.send(request)  # type: ignore[union-attr]
        return answered / (time.perf_counter() - started)
    finally:
        chooser.close()
        for connection in connections:
            connection.close()
