"""``make run``: everything has a default, everything lives in the data folder."""

from newsroom.environment import kept_secret_key, load

from .base import *
from .base import BASE_DIR
from .database import database_settings

ENVIRONMENT = load(production=False, base_dir=BASE_DIR)

DEBUG = ENVIRONMENT.debug
SECRET_KEY = ENVIRONMENT.secret_key or kept_secret_key(ENVIRONMENT.data_dir)
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
