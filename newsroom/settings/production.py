"""The newspaper's server: HTTPS behind a reverse proxy that sets X-Forwarded-Proto; see docs/operations.md."""

from newsroom.environment import load

from .base import *
from .base import BASE_DIR
from .database import database_settings

ENVIRONMENT = load(production=True, base_dir=BASE_DIR)

DEBUG = False
SECRET_KEY = ENVIRONMENT.secret_key
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
DATABASES = {"default": database_settings(ENVIRONMENT)}
DATA_DIR = ENVIRONMENT.data_dir
MEDIA_ROOT = ENVIRONMENT.media_root
STATIC_ROOT = DATA_DIR / "static"
SITE_URL = WAGTAILADMIN_BASE_URL = ENVIRONMENT.site_url
PROOF_BASE_URL = ENVIRONMENT.proof_base_url
ELASTICSEARCH_URL = ENVIRONMENT.elasticsearch_url
globals().update(ENVIRONMENT.elasticsearch)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.email_from
ALARM_WEBHOOK_URL = ENVIRONMENT.alarm_webhook_url
globals().update(ENVIRONMENT.email)

# The web process listens on the loopback alone, so only the proxy can set this header.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
