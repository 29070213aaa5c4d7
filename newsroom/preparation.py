"""What stands between a fresh clone (or an upgrade) and a running system; each step is skipped when it is done."""

import hashlib
from collections.abc import Callable
from pathlib import Path

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
    if _pending_migrations():
        tell("Đang tạo hoặc nâng cấp cơ sở dữ liệu…")
        call_command("migrate", interactive=False, verbosity=0)
    sync_default_site(settings.SITE_URL)
    fingerprint = static_fingerprint()
    if not _is_collected(fingerprint):
        tell("Đang gom các tệp giao diện…")
        call_command("collectstatic", interactive=False, verbosity=0)
        _stamp().write_text(fingerprint, encoding="ascii")
    if demo and is_empty():
        tell("Đang tạo dữ liệu mẫu…")
        call_command("seed_demo")


def is_empty() -> bool:
    """Whether nobody has worked here yet: no account and no story."""
    return not get_user_model().objects.exists() and not Page.objects.filter(depth__gt=_WELCOME_DEPTH).exists()


def static_fingerprint() -> str:
    """Changes when a static file of ours or of a package is added, removed or written."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _pending_migrations() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _stamp() -> Path:
    return Path(settings.STATIC_ROOT) / ".collected"


def _is_collected(fingerprint: str) -> bool:
    stamp = _stamp()
    return stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint
