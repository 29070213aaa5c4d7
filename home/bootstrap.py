"""The pages that every installation has: front page, column page, and the site record.

Runs after every migrate, adds only what is missing, and never touches what an administrator changed.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import Locale, Page, Site

from column.stories.models import ColumnPage
from home.models import HomePage, Masthead


@transaction.atomic
def ensure_site() -> None:
    """Make the front page, the column's page and the site record where they are missing."""
    locale, _ = Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    home = HomePage.objects.first()
    if home is None:
        root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
        # Wagtail's own first migration leaves an English welcome page, and the site pointing at it.
        welcome = Page.objects.filter(depth=2, slug="home").exclude(pk__in=HomePage.objects.values("pk")).first()
        home = root.add_child(instance=HomePage(title="Trang nhất", slug="trang-nhat", locale=locale))
        Site.objects.filter(root_page=welcome).update(root_page=home)
        if welcome is not None:
            Page.objects.get(pk=welcome.pk).delete()
    if not Site.objects.exists():
        parts = urlsplit(settings.SITE_URL)
        Site.objects.create(
            hostname=parts.hostname or "localhost", port=parts.port or (443 if parts.scheme == "https" else 80),
            root_page=home, is_default_site=True, site_name="Báo Đà Nẵng",
        )  # fmt: skip
    if not ColumnPage.objects.exists():
        home = HomePage.objects.get(pk=home.pk)
        home.add_child(
            instance=ColumnPage(title="5 xây, 3 chống", slug="5-xay-3-chong", kicker="5 xây, 3 chống", locale=locale)
        )
    # Wagtail would make it in the first reader's request.
    Masthead.load()


def after_migrate(sender: Any, **kwargs: Any) -> None:
    """``post_migrate`` receiver of this app (the last of ours to be migrated)."""
    if kwargs.get("using", "default") == "default":
        ensure_site()
