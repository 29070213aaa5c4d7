"""Addresses of files, of the paragraph, and of the layouts."""

from django.urls import path, re_path

from column.tallies.exports import views
from column.tallies.exports.layout_views import layout, layouts

urlpatterns = [
    re_path(r"^tong-hop/bang-tong-hop\.(?P<ending>[a-z]{3,4})$", views.download, name="tally_file"),
    path("tong-hop/doan-so-lieu/", views.prose, name="tally_prose"),
    path("tong-hop/tep/", views.files, name="tally_files"),
    path("tong-hop/tep/lap/", views.ask, name="tally_file_ask"),
    path("tong-hop/tep/<uuid:token>/", views.fetch, name="tally_file_fetch"),
    path("tong-hop/tep/<uuid:token>/xoa/", views.throw_away, name="tally_file_discard"),
    path("tong-hop/mau-trinh-bay/", layouts, name="report_layouts"),
    path("tong-hop/mau-trinh-bay/<slug:slug>/", layout, name="report_layout"),
]
