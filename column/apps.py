from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ColumnConfig(AppConfig):
    name = "column"
    verbose_name = _("Chuyên mục")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only now.
        from column.stories import announcements, forms, panels

        forms.register_clean_fields()
        panels.install()
        announcements.connect()
        post_migrate.connect(fill_reference_data, sender=self, dispatch_uid="column.fill_reference_data")


def fill_reference_data(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """A new installation has its units, documents and criteria at once; what is there is never touched."""
    # Models exist only now.
    from column.coverage.reference import make_reference_data
    from column.departments.models import Department
    from column.departments.reference import load_when_empty

    # After a migration backwards there may be no tables.
    if using == "default" and Department._meta.db_table in connections[using].introspection.table_names():
        load_when_empty()
        make_reference_data()
