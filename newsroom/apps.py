from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "newsroom"
    label = "newsroom"
    verbose_name = _("Tòa soạn")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        post_migrate.connect(sync_site, sender=self, dispatch_uid="newsroom.sync_site")


def sync_site(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """An installation whose SITE_URL changed has the new address after its next migrate."""
    # Models exist only now; after a migration backwards their tables may not.
    from newsroom.site import Site, sync_default_site

    if using == "default" and Site._meta.db_table in connections[using].introspection.table_names():
        sync_default_site(settings.SITE_URL)
