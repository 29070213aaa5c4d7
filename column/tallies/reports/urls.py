"""Addresses of the scheduled reports."""

from django.urls import path

from column.tallies.reports import views

urlpatterns = [
    path("tong-hop/bao-cao-dinh-ky/", views.schedules, name="report_schedules"),
    path("tong-hop/bao-cao-dinh-ky/them/", views.new, name="report_schedule_new"),
    path("tong-hop/bao-cao-dinh-ky/<int:key>/", views.schedule, name="report_schedule"),
    path("tong-hop/bao-cao-dinh-ky/<int:key>/xoa/", views.delete, name="report_schedule_delete"),
]
