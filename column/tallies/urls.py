from django.urls import path

from column.tallies import views

urlpatterns = [
    path("tong-hop/", views.tally, name="tally"),
    path("tong-hop/danh-sach/", views.stories, name="tally_stories"),
    path("tong-hop/quy-uoc/", views.contract, name="tally_contract"),
    path("tong-hop/bang-tong-hop.xlsx", views.as_xlsx, name="tally_xlsx"),
    path("tong-hop/bang-tong-hop.csv", views.as_csv, name="tally_csv"),
]
