"""Tests: fast password hashing, files in a temporary folder, the database that DATABASE_URL names or SQLite."""

import atexit
import os
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from newsroom.environment import read

from .base import *
from .base import BASE_DIR, STORAGES
from .database import database_settings


def _folder_of_a_run() -> Path:
    """In memory where the machine has it: nothing that tests write is worth a disk. Removed when the run ends."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
    parent = memory if os.access(memory, os.W_OK) else Path(tempfile.gettempdir())
    for left in parent.glob("newsroom-tests-*"):  # by a run that was killed
        with suppress(FileNotFoundError):  # another run ends and takes it away
            if time.time() - left.stat().st_mtime > timedelta(days=1).total_seconds():
                shutil.rmtree(left, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix="newsroom-tests-", dir=parent))
    owner = os.getpid()

    def remove() -> None:
        if os.getpid() == owner:  # a forked child ends without taking the folder along
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


# Type checker, catalogue and template read these settings too; no folder of theirs is worth memory.
DATA_DIR = _folder_of_a_run() if "pytest" in sys.modules else BASE_DIR / "build" / "settings-test"

ENVIRONMENT = read(
    {"DATA_DIR": str(DATA_DIR), "DATABASE_URL": os.environ.get("DATABASE_URL", "")},
    production=False,
    base_dir=BASE_DIR,
)

SECRET_KEY = "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-nothing-real"  # noqa: S105 - it says so
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES = {"default": database_settings(ENVIRONMENT)}
MEDIA_ROOT = DATA_DIR / "media"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
SITE_URL = WAGTAILADMIN_BASE_URL = ENVIRONMENT.site_url
PROOF_BASE_URL = ENVIRONMENT.proof_base_url
ELASTICSEARCH_URL = ""
ALARM_WEBHOOK_URL = ""
DEFAULT_FROM_EMAIL = ENVIRONMENT.email_from

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Without collectstatic: the files are found in the source tree.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
