"""Settings of the tests, but with Wagtail's own search on the database, as ``wagtail start`` leaves it."""

from newsroom.settings.test import *  # noqa: F403 - a settings module stands on another

WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
