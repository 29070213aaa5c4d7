"""Test databases, made from one migrated template.

Some 150 migrations take ten seconds; copying their result takes milliseconds. The template is kept between runs
(SQLite: beside pytest's cache; PostgreSQL: on the server) under a fingerprint of all that could change it. After a
test that really commits, the database is copied anew: unlike Django's flush, that brings back what migrations
wrote (root page, site, roles) and empties tables that no model knows.
"""

import fcntl
import hashlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connections
from django.utils import timezone

ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".pytest_cache" / "databases"
PACKAGES = ("newsroom", "home", "search", "column")
NAME = "newsroom_template_"


def fingerprint() -> str:
    """Sixteen hexadecimal digits that change with our code, its data files, the pinned packages and the day.

    The day, because ``migrate`` lays out the coming year's slots.
    """
    digest = hashlib.sha256(timezone.localdate().isoformat().encode())
    files = [ROOT / "constraints.txt", ROOT / "manage.py"]
    for package in PACKAGES:
        files += (
            path for path in (ROOT / package).rglob("*") if path.suffix in {".py", ".csv", ".tsv", ".json", ".sql"}
        )
    for path in sorted(files):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


class SqliteDatabases:
    """Files in the tests' own temporary folder."""

    def __init__(self) -> None:
        self.kept = CACHE / f"{fingerprint()}.sqlite3"
        # A run has its own copy: another run, of newer code, throws the kept one away.
        self.template = settings.DATA_DIR / "template.sqlite3"

    def make_template(self) -> None:
        if not self.kept.exists():
            fresh = settings.DATA_DIR / "fresh.sqlite3"
            _migrate(f"sqlite:///{fresh}")
            new = self.kept.with_suffix(".new")
            new.unlink(missing_ok=True)
            _copy_sqlite(fresh, new)
            for old in CACHE.glob("*.sqlite3"):
                old.unlink()
            new.replace(self.kept)
        _copy_sqlite(self.kept, self.template)

    def create(self, name: str) -> str:
        """A fresh copy; returns what Django calls its NAME. An existing one is overwritten in place."""
        path = settings.DATA_DIR / f"{name}.sqlite3"
        _copy_sqlite(self.template, path)
        return str(path)

    def drop(self, name: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            (settings.DATA_DIR / f"{name}.sqlite3{suffix}").unlink(missing_ok=True)

    def url(self, name: str) -> str:
        return f"sqlite:///{settings.DATA_DIR / name}.sqlite3"


class PostgresDatabases:
    """Databases on the server that DATABASE_URL names; its own database is only where we connect to make others."""

    def __init__(self) -> None:
        self.server = os.environ["DATABASE_URL"]
        self.template = NAME + fingerprint()

    def make_template(self) -> None:
        with self._admin() as admin:
            names = {row[0] for row in admin.execute("SELECT datname FROM pg_database")}
            if self.template in names:
                return
            for old in (name for name in names if name.startswith(NAME)):
                admin.execute(f'DROP DATABASE "{old}"')
            building = f"building_{self.template}"
            admin.execute(f'DROP DATABASE IF EXISTS "{building}" WITH (FORCE)')
            admin.execute(f"CREATE DATABASE \"{building}\" TEMPLATE template0 ENCODING 'UTF8'")
            _migrate(self._url(building))
            admin.execute(f'ALTER DATABASE "{building}" RENAME TO "{self.template}"')

    def create(self, name: str) -> str:
        """A fresh copy; returns what Django calls its NAME. An existing one is replaced, its connections ended."""
        database = f"newsroom_{name}"
        with self._admin() as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
            admin.execute(f'CREATE DATABASE "{database}" TEMPLATE "{self.template}"')
        return database

    def drop(self, name: str) -> None:
        with self._admin() as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "newsroom_{name}" WITH (FORCE)')

    def url(self, name: str) -> str:
        return self._url(f"newsroom_{name}")

    def _url(self, database: str) -> str:
        return urlunsplit(urlsplit(self.server)._replace(path=f"/{database}"))

    @contextmanager
    def _admin(self) -> Iterator["psycopg.Connection[Any]"]:
        with psycopg.connect(self.server, autocommit=True) as connection:
            yield connection


@cache
def databases() -> SqliteDatabases | PostgresDatabases:
    """The kind that this run uses, its template ready. Parallel runs wait for the one that makes it."""
    CACHE.mkdir(parents=True, exist_ok=True)
    kind = PostgresDatabases() if settings.DATABASES["default"]["ENGINE"].endswith("postgresql") else SqliteDatabases()
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kind.make_template()
    return kind


def use(kind: SqliteDatabases | PostgresDatabases, name: str) -> None:
    """Point Django at a fresh copy of the template, as its own test runner points it at a test database."""
    connections.close_all()
    actual = kind.create(name)
    settings.DATABASES["default"]["NAME"] = actual
    connections["default"].settings_dict["NAME"] = actual


def _migrate(url: str) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "newsroom.settings.test", "DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        message = f"migrate failed on the template database:\n{done.stdout}{done.stderr}"
        raise RuntimeError(message)


def _copy_sqlite(source: Path, target: Path) -> None:
    """By SQLite itself, so that other connections to the target see a whole database before and after."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target, timeout=20)) as new:
        old.backup(new)
