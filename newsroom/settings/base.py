"""What is true in development, production and tests alike. Nothing here is read from the environment."""

from pathlib import Path

import django_stubs_ext
from django.utils.translation import gettext_lazy as _

# Generic classes of Django (``Feed[Any, Any]``) take their parameters at run time too, whoever imports them first.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parents[2]

DEBUG = False

INSTALLED_APPS = [
    "newsroom",
    "home",
    "search",
    "column",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.table_block",
    "wagtail.contrib.typed_table_block",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    # Inside the one above: an old address of the newspaper may hold any number.
    "newsroom.addresses.PossibleAddresses",
]

ROOT_URLCONF = "newsroom.urls"
WSGI_APPLICATION = "newsroom.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
            "libraries": {"desk_banners": "column.schedule.notices.banner"},
        },
    },
]

# People ---------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "column.User"
# The second gives the rights that a colleague lent for some days.
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "column.people.delegation.DelegationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/dang-nhap/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
WAGTAIL_FRONTEND_LOGIN_URL = LOGIN_URL
# One door: it tells the committee, in its words, why the admin does not open.
WAGTAILADMIN_LOGIN_URL = LOGIN_URL

# Language, time, numbers ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt"))]
# The second holds what Wagtail's own Vietnamese lacks.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "locale" / "wagtail"]
FORMAT_MODULE_PATH = ["newsroom.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

WAGTAIL_I18N_ENABLED = False
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# A profile in another zone would have its owner's "14:12" read in that zone.
WAGTAIL_USER_TIME_ZONES = [TIME_ZONE]
WAGTAIL_DATE_FORMAT = "%d/%m/%Y"
WAGTAIL_DATETIME_FORMAT = "%d/%m/%Y %H:%M"
WAGTAIL_TIME_FORMAT = "%H:%M"

# Files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_URL = "/media/"
FILE_UPLOAD_PERMISSIONS = 0o640
# Wagtail's page editor sends more fields than Django's default limit of 1,000.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024

WAGTAILIMAGES_IMAGE_MODEL = "column.Picture"
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "heic", "jpg", "jpeg", "png", "webp"]
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 40 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "column.photos.forms.PictureForm"
# For the renditions that name no format: the admin's own.
WAGTAILIMAGES_FORMAT_CONVERSIONS = dict.fromkeys(("avif", "bmp", "gif", "heic", "jpeg", "png"), "webp")
WAGTAILIMAGES_WEBP_QUALITY = 80
WAGTAILIMAGES_JPEG_QUALITY = 84

WAGTAILDOCS_DOCUMENT_MODEL = "column.Attachment"
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILDOCS_EXTENSIONS = ["csv", "doc", "docx", "odt", "pdf", "rtf", "txt", "xls", "xlsx", "zip"]
WAGTAILDOCS_MAX_UPLOAD_SIZE = 40 * 1024 * 1024
WAGTAILDOCS_INLINE_CONTENT_TYPES = ["application/pdf"]

# The content system ---------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "5 xây, 3 chống"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_ALLOW_UNICODE_SLUGS = False
WAGTAIL_WORKFLOW_ENABLED = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "newsroom.approvals.on_workflow_finished"
# An embed is a link card: nobody's server is asked for anything.
WAGTAILEMBEDS_FINDERS: list[dict[str, str]] = []
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "search.admin_backend"}}

# Elasticsearch, where ELASTICSEARCH_URL names one: the alias that is searched, and how an index is cut up.
ELASTICSEARCH_INDEX = "newsroom-archive"
ELASTICSEARCH_SHARDS = 1
ELASTICSEARCH_REPLICAS = 1
ELASTICSEARCH_API_KEY = ELASTICSEARCH_CA = ""
#: Seconds for a reader's question: after them the embedded index answers.
ELASTICSEARCH_PATIENCE = 1.5

# The API counts questions by the address that the proxy before us has seen; none before it is believed.
NINJA_NUM_PROXIES = 1

#: Hosts that the newspaper's old addresses stood on; the importer makes redirects of them, the first is written back.
ARCHIVE_HOSTS = ["baodanang.vn", "www.baodanang.vn", "m.baodanang.vn"]

# Mail -----------------------------------------------------------------------------------------------------------

# Only the worker sends, in a thread of its own: a slow server has the time it takes.
EMAIL_TIMEOUT = 10

# Safety ---------------------------------------------------------------------------------------------------------

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Wagtail's previews, shown in a frame of the same site, lift this for themselves.
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# Logging --------------------------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # Django's own default handler mails the administrators; ours only writes.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},
        # Every save would tell of its two indexing tasks.
        "django_tasks": {"level": "WARNING"},
        "wagtail": {"level": "WARNING"},
        # Its client would tell of every question, and of every failure that we deal with.
        "elastic_transport": {"level": "ERROR"},
    },
}
