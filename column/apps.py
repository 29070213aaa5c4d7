from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ColumnConfig(AppConfig):
    name = "column"
    verbose_name = _("Chuyên mục")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models exist only now.
        from column.coverage import announcements as renaming
        from column.schedule import slots
        from column.schedule.ledger import deleting
        from column.schedule.proof import opening
        from column.schedule.workflow import announcing as workflow_announcing
        from column.schedule.workflow import history as workflow_history
        from column.stories import announcements, forms, panels

        forms.register_clean_fields()
        panels.install()
        announcements.connect()
        renaming.connect()
        slots.connect()
        workflow_announcing.connect()
        workflow_history.connect()
        deleting.connect()
        opening.connect()
        post_migrate.connect(fill_reference_data, sender=self, dispatch_uid="column.fill_reference_data")
        post_migrate.connect(set_up_newsroom, sender=self, dispatch_uid="column.set_up_newsroom")


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


def set_up_newsroom(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """Roles, the approval workflow and the coming year's slots; what an administrator changed is never touched.

    The column's page is there already: the front page's app comes before this one.
    """
    # Models exist only now.
    from column.people.models import SetupStep
    from column.people.roles import ensure_roles
    from column.schedule.models import ScheduleSettings
    from column.schedule.slots import ensure_all_slots, ensure_rule
    from column.schedule.workflow.setup import ensure_workflow
    from column.stories.models import ColumnPage

    if using != "default" or SetupStep._meta.db_table not in connections[using].introspection.table_names():
        return
    page = ColumnPage.objects.first()
    # Wagtail would make it at the first look.
    ScheduleSettings.load()
    ensure_roles(page)
    if page is not None:
        ensure_workflow(page)
        ensure_rule(page)
        ensure_all_slots(timezone.localdate())
