"""What stands between a fresh clone (or an upgrade) and a running system; each step is skipped when it is done."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from wagtail.models import Page

from newsroom.site import sync_default_site

_WELCOME_DEPTH = 3
"""Pages down to the column's own page are made by migrations; a story lies deeper."""


def prepare(tell: Callable[[str], None], *, demo: bool) -> None:
    """Bring folders, database, Site record and static files up to date; with ``demo``, fill an empty database.

    ``tell`` gets one Vietnamese sentence per step that takes time.
    """
    for folder in (settings.DATA_DIR, settings.MEDIA_ROOT, settings.STATIC_ROOT):
        Path(folder).mkdir(parents=True, exist_ok=True)
    migrated = _Stamp(Path(settings.DATA_DIR) / ".migrated", _code_fingerprint())
    # Roles and reference data come after ``migrate``, so new code needs it even without a new migration.
    if not migrated.is_current() or _pending_migrations():
        tell("Đang tạo hoặc nâng cấp cơ sở dữ liệu…")
        call_command("migrate", interactive=False, verbosity=0)
        migrated.write()
    sync_default_site(settings.SITE_URL)
    collected = _Stamp(Path(settings.STATIC_ROOT) / ".collected", _static_fingerprint())
    if not collected.is_current():
        tell("Đang gom các tệp giao diện…")
        call_command("collectstatic", interactive=False, verbosity=0)
        collected.write()
    if demo and is_empty():
        tell("Đang tạo dữ liệu mẫu…")
        # The logins are told by ``serve``, where they are needed.
        call_command("seed_demo", verbosity=0)


def is_empty() -> bool:
    """Whether nobody has worked here yet: no account and no story."""
    return not get_user_model().objects.exists() and not Page.objects.filter(depth__gt=_WELCOME_DEPTH).exists()


@dataclass(frozen=True)
class _Stamp:
    """A file that says for which state of the sources a step was done."""

    path: Path
    fingerprint: str

    def is_current(self) -> bool:
        return self.path.exists() and self.path.read_text(encoding="ascii") == self.fingerprint

    def write(self) -> None:
        self.path.write_text(self.fingerprint, encoding="ascii")


def _code_fingerprint() -> str:
    folders = {Path(config.path) for config in apps.get_app_configs() if Path(config.path).parent == settings.BASE_DIR}
    return _fingerprint(
        path for folder in folders for path in folder.rglob("*") if path.suffix in {".py", ".csv", ".tsv"}
    )


def _static_fingerprint() -> str:
    return _fingerprint(Path(storage.path(name)) for finder in get_finders() for name, storage in finder.list([]))


def _fingerprint(paths: Iterable[Path]) -> str:
    """Changes when a file is added, removed or written; reads none of them."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        stat = path.stat()
        digest.update(f"{path}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
