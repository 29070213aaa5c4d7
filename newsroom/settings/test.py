"""Tests: fast password hashing, files in a temporary folder, the database that DATABASE_URL names or SQLite."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from newsroom.environment import read

from .base import *
from .base import BASE_DIR, STORAGES
from .database import database_settings

# Memory where the machine has it: nothing that tests write is worth a disk.
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
DATA_DIR = Path(tempfile.mkdtemp(prefix="newsroom-tests-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None))


def _remove(owner: int) -> None:
    if os.getpid() == owner:  # a forked child ends without taking the folder along
        shutil.rmtree(DATA_DIR, ignore_errors=True)


atexit.register(_remove, os.getpid())

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
STATIC_ROOT.mkdir()
SITE_URL = WAGTAILADMIN_BASE_URL = ENVIRONMENT.site_url
ELASTICSEARCH_URL = ""

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Without collectstatic: the files are found in the source tree.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
