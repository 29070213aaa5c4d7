"""Gathers the rooms' screens for Wagtail: each ``admin.py`` registers its own hooks when it is imported."""

from column.coverage import admin as coverage_admin
from column.departments import admin as departments_admin
from column.people import admin as people_admin
from column.photos import admin as photos_admin
from column.schedule import admin as schedule_admin
from column.schedule import rules_admin
from column.schedule.calendar import admin as calendar_admin
from column.schedule.calendar import balance_admin, my_calendar
from column.schedule.ledger import admin as ledger_admin
from column.schedule.notices import admin as notices_admin
from column.schedule.workflow import admin as workflow_admin
from column.stories import admin as stories_admin
from column.transfer import admin as transfer_admin

__all__ = [
    "balance_admin", "calendar_admin", "coverage_admin", "departments_admin", "ledger_admin", "my_calendar",
    "notices_admin", "people_admin", "photos_admin", "rules_admin", "schedule_admin", "stories_admin",
    "transfer_admin", "workflow_admin",
]  # fmt: skip
