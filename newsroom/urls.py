"""Every address of the system; the rooms bring their own lists, this only puts them in order."""

from django.urls import URLPattern, URLResolver, include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from newsroom.api import api
from newsroom.health import health
from newsroom.media import RENDITIONS, rendition

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", include(wagtailadmin_urls)),
    path("api/v1/", api.urls),
    path("health", health, name="health"),
    path(f"media/{RENDITIONS}/<path:path>", rendition),
    path("tep-dinh-kem/", include(wagtaildocs_urls)),
    path("", include("search.urls")),
    path("", include("column.urls")),
    path("", include("home.urls")),
    path("", include(wagtail_urls)),
]
