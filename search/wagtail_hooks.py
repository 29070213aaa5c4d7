"""The search's screens in the admin."""

from search import status_page
from search.editors import admin

__all__ = ["admin", "status_page"]
