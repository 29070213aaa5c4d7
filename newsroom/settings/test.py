"""Tests: fast password hashing, files in a temporary folder, the database that DATABASE_URL names or SQLite."""

import os
import tempfile
from pathlib import Path

from newsroom.environment import read

from .base import *
from .base import BASE_DIR, STORAGES
from .database import database_settings

# Memory where the machine has it: the test database is never worth a disk write.
_MEMORY = Path("/dev/shm")
DATA_DIR = Path(tempfile.mkdtemp(prefix="newsroom-tests-", dir=_MEMORY if os.access(_MEMORY, os.W_OK) else None))

ENVIRONMENT = read(
    {"DATA_DIR": str(DATA_DIR), "DATABASE_URL": os.environ.get("DATABASE_URL", "")},
    production=False,
    base_dir=BASE_DIR,
)

SECRET_KEY = "only-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
DATABASES = {"default": database_settings(ENVIRONMENT)}
MEDIA_ROOT = DATA_DIR / "media"
STATIC_ROOT = DATA_DIR / "static"
SITE_URL = WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
ELASTICSEARCH_URL = ""

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# Without collectstatic: the files are found in the source tree.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
