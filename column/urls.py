"""Gathers the rooms' addresses outside the admin."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("column.people.urls")),
    path("", include("column.coverage.urls")),
    path("", include("column.schedule.calendar.urls")),
    path("", include("column.tallies.urls")),
]
