"""``manage.py serve`` with real processes: a taken port is a message, a crash is mended, Ctrl-C leaves nothing."""

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from newsroom.welcome import is_port_free

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
Environment = Callable[..., dict[str, str]]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


class Served:
    """A running ``serve`` and what can be asked of it."""

    def __init__(self, environment: dict[str, str], output: Path, port: int) -> None:
        self.output_path, self.port = output, port
        with output.open("w") as file:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "serve"],
                cwd=output.parent,
                env=environment,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def output(self) -> str:
        return self.output_path.read_text(encoding="utf-8")

    def until(self, what: Callable[[], bool], seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < deadline, self.output()
            assert self.process.poll() is None, self.output()
            time.sleep(0.1)

    def health(self) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def descendants(self) -> set[int]:
        return _descendants(self.process.pid)

    def child(self, word: str) -> int:
        """The direct child whose command line holds ``word``."""
        found = [pid for pid in _children(self.process.pid) if word in _command_line(pid)]
        assert len(found) == 1
        return found[0]


def _command_line(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/cmdline").read_text().split("\0")


def _children(pid: int) -> set[int]:
    found = set()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            match = re.match(r"(\d+) \(.*\) \S+ (\d+)", stat.read_text(), re.DOTALL)
            if match and int(match[2]) == pid:
                found.add(int(match[1]))
    return found


def _descendants(pid: int) -> set[int]:
    children = _children(pid)
    return children.union(*(_descendants(child) for child in children))


def _alive(pid: int) -> bool:
    """Neither gone nor a zombie that the machine's first process has not collected."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.fixture
def served(process_environment: Environment, tmp_path: Path, port: int) -> Iterator[Served]:
    served = Served(process_environment(PORT=str(port)), tmp_path / "output", port)
    try:
        served.until(lambda: "Bấm Ctrl-C" in served.output() and served.health() == 200)
        yield served
    finally:
        for pid in {*served.descendants(), served.process.pid}:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        served.process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_tells_the_addresses_and_ends_without_a_trace(served: Served, port: int, number: signal.Signals) -> None:
    output = served.output()
    for line in (
        f"http://127.0.0.1:{port}/\n",
        f"http://127.0.0.1:{port}/admin/\n",
        f"http://127.0.0.1:{port}/tong-hop/\n",
    ):
        assert line in output
    processes = served.descendants()
    assert len(processes) >= 3, "web server, its process, worker"

    served.process.send_signal(number)
    assert served.process.wait(timeout=20) == 0
    assert [pid for pid in processes if _alive(pid)] == []
    assert is_port_free(port)
    output = served.output()
    assert output.endswith("Đã dừng.\n")
    assert "Traceback" not in output


@pytest.mark.parametrize("command", [["serve"], ["prepare", "--demo"]], ids=" ".join)
def test_a_taken_port_is_a_clear_message(process_environment: Environment, command: list[str]) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=ROOT,
            env=process_environment(PORT=str(port)),
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"CommandError: Cổng {port} đang được một chương trình khác dùng. Hãy dừng chương trình đó,"
        f" hoặc chọn cổng khác, ví dụ: make run PORT={port + 1}\n"
    )


def test_a_crashed_child_is_started_again(served: Served) -> None:
    worker = served.child("worker")
    os.kill(worker, signal.SIGKILL)
    served.until(lambda: "Tiến trình nền dừng bất thường (mã -9); khởi động lại sau 0,5 giây." in served.output())
    served.until(lambda: any("worker" in _command_line(pid) for pid in _children(served.process.pid)))
    assert served.child("worker") != worker

    web = served.child("granian")
    os.kill(web, signal.SIGKILL)
    served.until(lambda: "Trang web dừng bất thường (mã -9); khởi động lại sau 0,5 giây." in served.output())
    served.until(lambda: served.health() == 200)
    assert served.child("granian") != web


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's help is Linux's")
def test_a_killed_supervisor_takes_its_children_along(served: Served) -> None:
    processes = served.descendants()
    served.process.kill()
    served.process.wait()
    deadline = time.monotonic() + 20
    while any(_alive(pid) for pid in processes):
        assert time.monotonic() < deadline
        time.sleep(0.1)
