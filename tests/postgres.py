"""Run a command with DATABASE_URL naming a temporary PostgreSQL server: ``python -m tests.postgres COMMAND …``.

The server lives in a folder of its own (in memory where the machine has it), listens on a socket in that folder
alone, and ends with the command. Without PostgreSQL on the machine the command is skipped and that is said; where
the variable CI is set, it is a failure.
"""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

# Speed over safety: the data is gone in minutes.
OPTIONS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "128MB",
    "TimeZone": "UTC",
}


class Missing(Exception):
    """PostgreSQL's programs, or a user who may run them, are not here."""


def programs() -> Path:
    """The folder of ``initdb`` and ``pg_ctl`` of the newest version installed. Raises ``Missing``."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if not folders:
        raise Missing("PostgreSQL is not installed")
    return max(folders, key=lambda path: float(path.parent.name))


def account() -> pwd.struct_passwd | None:
    """As whom the server runs: PostgreSQL refuses root. ``None`` means as ourselves. Raises ``Missing``."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Missing("running as root, and there is neither a user postgres nor nobody to run PostgreSQL")


class Server:
    """A server in a folder of its own, that can be stopped and started again; ``remove`` it in the end."""

    def __init__(self) -> None:
        """Raises ``Missing``."""
        self.bin, self.user = programs(), account()
        memory = Path("/dev/shm")
        self.folder = Path(
            tempfile.mkdtemp(prefix="newsroom-postgres-", dir=memory if os.access(memory, os.W_OK) else None)
        )
        self.data, self.log = self.folder / "data", self.folder / "log"
        self.url = f"postgres://newsroom@{quote(str(self.folder), safe='')}/postgres"

    def make(self) -> None:
        """Raises ``CalledProcessError``, as the others do."""
        if self.user is not None:
            os.chown(self.folder, self.user.pw_uid, self.user.pw_gid)
        self._run("initdb", "--pgdata", str(self.data), "--username", "newsroom", "--auth", "trust", "--no-sync",
                  "--encoding", "UTF8", "--locale", "C.UTF-8")  # fmt: skip

    def start(self) -> None:
        settings = {**OPTIONS, "unix_socket_directories": str(self.folder)}
        options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        # Without the redirection the server keeps our pipe open and pg_ctl never seems to end.
        self._run("pg_ctl", "start", "--wait", "--pgdata", str(self.data), "--log", str(self.log),
                  "--options", options)  # fmt: skip

    def stop(self) -> None:
        """At once, as if the power had gone: what was not committed is lost."""
        self._run("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", str(self.data))

    def remove(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, *command: str) -> None:
        user = self.user
        as_user = {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        done = subprocess.run(
            [str(self.bin / command[0]), *command[1:]],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            **as_user,
        )
        if done.returncode:
            sys.stderr.write(done.stderr)
            if self.log.exists():
                sys.stderr.write(self.log.read_text(errors="replace"))
            done.check_returncode()


@contextmanager
def server() -> Iterator[str]:
    """A running server; yields its URL. Raises ``Missing`` or ``CalledProcessError``."""
    made = Server()
    try:
        made.make()
        made.start()
        try:
            yield made.url
        finally:
            made.stop()
    finally:
        made.remove()


def main(command: list[str]) -> int:
    # Ended from outside, the server is still taken down.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    try:
        with server() as url:
            print(f"\n== PostgreSQL: {' '.join(command)}", flush=True)
            return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode
    except Missing as reason:
        print(f"\n== PostgreSQL: skipped, {reason}", flush=True)
        return 1 if os.environ.get("CI") else 0
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
